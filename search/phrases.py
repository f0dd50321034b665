"""Which tokens of a text make up a phrase."""

from __future__ import annotations

import itertools
from collections.abc import Sequence


def phrase_positions(places: Sequence[Sequence[int]], slop: int) -> list[int]:
    """The positions of all tokens that take part in some occurrence of a phrase, sorted.

    An occurrence is a position for each token, in the phrase's order, with at most `slop` other positions between
    the first and the last in all.

    Args:
        places: for each token of the phrase, the positions where it stands, sorted.
        slop: as in `index.query.Phrase`.
    """
    # Less its number in the phrase, each position tells how many others stand before it in an occurrence: neighbours
    # are equal, and along an occurrence the values never fall and rise by `slop` at most.
    lanes = [[position - number for position in positions] for number, positions in enumerate(places)]
    if slop == 0:
        return sorted({start + number for start in phrase_starts(places) for number in range(len(lanes))})
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
