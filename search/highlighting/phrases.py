"""Which tokens of a text make up a phrase, or words near each other, and what to mark for them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from index.engines.nearness import Place, near_places
from index.query import Near, Phrase
from index.schema import Form
from search.results import Span

_JOINED_GAP = 3  # characters between neighbours of a phrase that are still marked through


class PhraseToken(NamedTuple):
    """A token that a phrase asks for: its chunk, its number within the chunk, and its span in the text."""

    chunk: int
    local: int
    start: int
    end: int


PhraseTokens = dict[tuple[Form, str], list[PhraseToken]]
"""Where the tokens of phrases stand in a text, in order."""


def phrase_spans(
    text: str, phrase: Phrase | Near, places: PhraseTokens, before: Sequence[int] | Mapping[int, int]
) -> list[Span]:
    """What to mark for a phrase; `before` says how many tokens stand before a chunk."""
    is_near = isinstance(phrase, Near)
    positions: dict[str, list[int]] = {}
    spans: dict[int, Span] = {}
    for token in _near_tokens(phrase) if isinstance(phrase, Near) else phrase.tokens:
        if token in positions:
            continue
        found = places.get((phrase.form, token))
        if found:
            here = positions[token] = []
            for chunk, local, start, end in found:
                position = before[chunk] + local
                here.append(position)
                spans[position] = (start, end)
        elif not is_near:
            return []
    if isinstance(phrase, Near):
        return [span for run in _near_positions(phrase, positions) for span in _runs(text, run, spans)]
    return _runs(text, phrase_positions([positions[token] for token in phrase.tokens], phrase.slop), spans)


def phrase_positions(places: Sequence[Sequence[int]], slop: int) -> list[int]:
    """The positions of all tokens that take part in some occurrence of a phrase, sorted.

    An occurrence is a position for each token, in the phrase's order, with at most `slop` other positions between
    the first and the last in all.

    Args:
        places: for each token of the phrase, the positions where it stands, sorted.
        slop: as in `index.query.Phrase`.
    """
    if slop == 0:
        return sorted({position for start in phrase_starts(places) for position in range(start, start + len(places))})
    # Less its number in the phrase, each position tells how many others stand before it in an occurrence: neighbours
    # are equal, and along an occurrence the values never fall and rise by `slop` at most.
    lanes = [[position - number for position in positions] for number, positions in enumerate(places)]
    firsts = _latest_firsts(lanes)
    # Seen from the end, with all signs turned, the earliest last position is a latest first one.
    lasts = _latest_firsts([[-value for value in reversed(lane)] for lane in reversed(lanes)])
    found = set()
    for number, lane in enumerate(lanes):
        for value, first, last in zip(lane, firsts[number], reversed(lasts[-1 - number]), strict=True):
            if first is not None and last is not None and -last - first <= slop:
                found.add(value + number)
    return sorted(found)


def phrase_starts(places: Sequence[Sequence[int]]) -> set[int]:
    """Where a phrase begins whose tokens stand at these positions, side by side."""
    first, *rest = places
    return set(first).intersection(*({at - number for at in positions} for number, positions in enumerate(rest, 1)))


def _latest_firsts(lanes: list[list[int]]) -> list[list[int | None]]:
    """For each value of each lane: the latest value of the first lane from which a rising way leads to it, or None."""
    found: list[list[int | None]] = [list(lanes[0])]
    for earlier, lane in itertools.pairwise(lanes):
        reached: list[int | None] = []
        best: int | None = None
        at = 0
        for value in lane:
            while at < len(earlier) and earlier[at] <= value:
                first = found[-1][at]
                best = first if first is not None else best
                at += 1
            reached.append(best)
        found.append(reached)
    return found


def _near_tokens(near: Near) -> list[str]:
    return [token for group in near.groups for tokens in group for token in tokens]


def _near_positions(near: Near, positions: Mapping[str, Sequence[int]]) -> list[list[int]]:
    """The positions of each word or phrase that is near one of the other group."""
    first, second = (
        [
            Place(start, start + len(tokens))
            for tokens in group
            if all(token in positions for token in tokens)
            for start in phrase_starts([positions[token] for token in tokens])
        ]
        for group in near.groups
    )
    spots = {spot for both in near_places(first, second, near.apart) for spot in both}
    return [list(range(*spot)) for spot in sorted(spots)]


def _runs(text: str, positions: list[int], spans: dict[int, Span]) -> list[Span]:
    """Spans of tokens at these positions, those of neighbours on one line joined."""
    found: list[Span] = []
    previous = None
    for position in positions:
        start, end = spans[position]
        if previous is not None and position == previous + 1:
            gap = text[found[-1][1] : start]
            if len(gap) <= _JOINED_GAP and "\n" not in gap:
                start = found.pop()[0]
        found.append((start, end))
        previous = position
    return found
