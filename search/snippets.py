"""The passages of a document that best show why it matched.

A passage is whole sentences where they fit, else words around the marks. Passages are chosen one after the other: the
best is the one with the most weight of different leaves; then their nearness, their number and an early place count;
what an earlier passage has shown already counts little in the next.
"""

from __future__ import annotations

import itertools
import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from search.graphemes import joined
from search.occurrences import Mark
from search.results import Snippet, Span
from search.sentences import sentences

_MOST_MARKS = 1_000  # candidates; half from the beginning of the text, half from its end
_AGAIN = 0.2  # what a leaf counts that an earlier passage has shown
_NEAR = 80  # characters between marks of different leaves within which they support each other
_NEARNESS = 0.3
_REPEATED = 0.05
_EARLY = 0.15
_WHOLE = 1.2  # of the length; a sentence may be so long and still be shown whole
_AROUND = 1.5  # of the length; how far from a mark sentences are looked for, more than `_WHOLE`
_NO_SENTENCE = 0.1  # what counts against headings and the like
_FEW_MARKS = 24  # more are thinned out before sentences are looked for
_MOST_SETS = 8  # of leaves that stand together; those of most weight
_WORTH_FILLING = 0.08  # of the length; less room is left empty
_LOOK = 40  # characters beyond a place that tell whether a sentence ends there
_FULL = 0.8  # of the length; longer passages get no sentences before them
_FULL_ENOUGH = 0.4  # of the length; shorter passages are filled up with a part of the next sentence
_LONG_WORD = 40  # characters; where no white space is as near, a word is cut
_EMPTY_LINE = "\n\n"
_QUOTATION_MARK = re.compile('["“”„«»]')
_SPACE = re.compile(r"\s+")
_WIDE_SPACE = re.compile(r"\s{2,}")
_VISIBLE = re.compile(r"\S")
_STOPS = frozenset(".!?…؟۔।。！？｡\"'”’»)]」』）:;")


def best_passages(
    text: str,
    marks: Sequence[Mark],
    *,
    count: int = 2,
    length: int = 240,
    weights: Sequence[float] | None = None,
    field: str = "body",
) -> tuple[Snippet, ...]:
    """The best passages of a text, in reading order, without overlap.

    Args:
        text: the whole text.
        marks: what matched in it, sorted, as from `Highlighter.mark`. Without any, the first sentences are given.
        count: how many passages at most.
        length: how long a passage may be, in characters.
        weights: how much each leaf tells (see `Highlighter.weights`); all the same if not given.
        field: what to name as the snippets' field.

    Time grows with the number of marks and the length of passages, hardly with that of the text.
    """
    if count < 1 or length < 1 or not text:
        return ()
    if len(marks) > _MOST_MARKS:
        marks = [*marks[: _MOST_MARKS // 2], *marks[-_MOST_MARKS // 2 :]]
    passages = _Chooser(text, marks, length, weights).choose(count) if marks else _opening(text, length)
    passages.sort()
    snippets = []
    for number, (start, end) in enumerate(passages):
        previous = passages[number - 1][1] if number else 0
        following = passages[number + 1][0] if number + 1 < len(passages) else len(text)
        passage, spans = _folded(text, start, end, marks)
        before = _has_words(text, previous, start)
        after = _has_words(text, end, following)
        snippets.append(Snippet(passage, spans, field, start, before, after))
    return tuple(snippets)


class _Unit(NamedTuple):
    """A sentence near marks.

    `whole` says whether both its ends are known to be the sentence's. `first` and `last` number its marks:
    [first, last).
    """

    start: int
    end: int
    whole: bool
    first: int
    last: int


class _Candidate(NamedTuple):
    """A possible passage: whole sentences, or words of one (`inside`) that is too long around some of its marks.

    `leaves` are those its marks belong to, `merit` what speaks for it besides them.
    """

    start: int
    end: int
    inside: Span | None
    leaves: frozenset[int]
    merit: float


class _Chooser:
    def __init__(self, text: str, marks: Sequence[Mark], length: int, weights: Sequence[float] | None) -> None:
        self.text = text
        self.marks = marks
        self.length = length
        self.weights = _relative(marks, weights)

    def choose(self, count: int) -> list[Span]:
        """Up to `count` disjoint passages, the best first."""
        candidates = self._candidates(count)
        shown: set[int] = set()
        chosen: list[Span] = []
        while candidates and len(chosen) < count:
            best = max(candidates, key=lambda candidate: self._score(candidate, shown))
            least, most = 0, len(self.text)
            for start, end in chosen:  # earlier choices limit how far this one may reach
                if end <= best.start:
                    least = max(least, end)
                else:
                    most = min(most, start)
            passage = self._cut_out(best, best.inside, least, most) if best.inside else self._filled(best, least, most)
            chosen.append(passage)
            start, end = passage
            shown |= best.leaves
            candidates = [
                other
                for other in candidates
                if (other.end <= start or other.start >= end) and not self._repeats(other, best)
            ]
        return chosen

    def _repeats(self, candidate: _Candidate, chosen: _Candidate) -> bool:
        """Whether it says word for word what another passage says, as boilerplate does."""
        return (
            candidate.end - candidate.start == chosen.end - chosen.start
            and candidate.inside is None
            and self.text[candidate.start : candidate.end] == self.text[chosen.start : chosen.end]
        )

    def _candidates(self, count: int) -> list[_Candidate]:
        if len(self.marks) > _FEW_MARKS:
            self.marks = _promising(self.marks, self.length, self.weights, count)
        units = _units(self.text, self.marks, int(_AROUND * self.length) + 1)
        found: list[_Candidate] = []
        for number, unit in enumerate(units):
            if not unit.whole or unit.end - unit.start > _WHOLE * self.length:
                found += self._windows(unit)
                continue
            end = unit
            for following in itertools.islice(units, number + 1, None):
                if not following.whole or following.end - unit.start > self.length:
                    break
                if not _reads_on(self.text, end.end, following.start):
                    break
                end = following
            found.append(self._candidate(unit.start, end.end, None, unit.first, end.last))
        return found

    def _candidate(self, start: int, end: int, inside: Span | None, first: int, last: int) -> _Candidate:
        """A candidate with the marks [first, last)."""
        merit = _EARLY / (1 + start / 1000)
        if inside is None and self.text[end - 1] not in _STOPS:
            merit -= _NO_SENTENCE
        if last - first == 1:
            return _Candidate(start, end, inside, frozenset((self.marks[first].leaf,)), merit)
        marks = self.marks[first:last]
        leaves = frozenset([mark.leaf for mark in marks])
        if len(leaves) > 1:
            nearness = 0.0
            for before, mark in itertools.pairwise(marks):
                if mark.leaf != before.leaf and (gap := mark.start - before.end) < _NEAR:
                    weight = min(self.weights[mark.leaf], self.weights[before.leaf])
                    nearness = max(nearness, (1 - max(gap, 0) / _NEAR) * weight)
            merit += _NEARNESS * nearness
        return _Candidate(start, end, inside, leaves, merit + _REPEATED * math.log(len(marks)))

    def _windows(self, unit: _Unit) -> list[_Candidate]:
        """For each mark of a long sentence, the marks that fit into one passage with it."""
        found = []
        ends = [mark.end for mark in self.marks[unit.first : unit.last]]
        for first in range(unit.first, unit.last):
            start = self.marks[first].start
            last = max(first + 1, unit.first + bisect_left(ends, start + self.length + 1))
            end = min(max(self.marks[last - 1].end, self.marks[first].end), start + self.length)
            found.append(self._candidate(start, end, (unit.start, unit.end), first, last))
        return found

    def _score(self, candidate: _Candidate, shown: set[int]) -> float:
        score = candidate.merit
        for leaf in candidate.leaves:
            score += self.weights[leaf] * (_AGAIN if leaf in shown else 1.0)
        return score

    def _filled(self, candidate: _Candidate, least: int, most: int) -> Span:
        """The sentences of a candidate with as many after and before as fit and do not cut a quotation."""
        start, end, text = candidate.start, candidate.end, self.text
        is_open = _opens_quotation(text, start, end)
        rest: Span | None = None  # of the sentence that no longer fits
        if text[end - 1] in _STOPS and self.length - (end - start) >= _WORTH_FILLING * self.length:
            limit = min(start + self.length, most)
            reach = min(limit + _LOOK, len(text))
            last, opens = end, is_open
            spans = sentences(text, end, reach)
            for number, (first, following) in enumerate(spans):
                whole = number + 1 < len(spans) or reach == len(text)
                if not whole or following > limit or text[following - 1] not in _STOPS:
                    rest = (first, following) if not whole or text[following - 1] in _STOPS else None
                    break
                opens ^= _opens_quotation(text, last, following)
                last = following
                if not opens or is_open:
                    end, is_open = last, opens
        if end - start < _FULL * self.length and start > least:
            limit = max(end - self.length, least)
            reach = max(limit - _LOOK, least)
            spans = sentences(text, reach, start)
            first, opens = start, is_open
            for number in range(len(spans) - 1, -1, -1):
                begins, ends = spans[number]
                if begins < limit or (number == 0 and reach > least) or text[ends - 1] not in _STOPS:
                    break
                opens ^= _opens_quotation(text, begins, first)
                first = begins
                if not opens or is_open:
                    start, is_open = first, opens
        if rest and end - start < _FULL_ENOUGH * self.length and rest[0] - end < _LOOK:
            last = min(start + self.length, most, rest[1])
            end = _word_end(text, end, last) if last > end else end
        return start, end

    def _cut_out(self, candidate: _Candidate, inside: Span, least: int, most: int) -> Span:
        """A part of a long sentence with the candidate's marks in its middle."""
        least, most = max(least, inside[0]), min(most, inside[1])
        margin = (self.length - (candidate.end - candidate.start)) // 2
        start = least if candidate.end - least <= self.length else candidate.start - margin
        end = min(most, start + self.length)
        start = max(least, min(start, end - self.length))
        if start > least:
            start = _word_start(self.text, start, candidate.start)
        if end < most:
            end = _word_end(self.text, candidate.end, end)
        return start, end


def _relative(marks: Sequence[Mark], weights: Sequence[float] | None) -> dict[int, float]:
    """The weight of each leaf that occurs, the largest being 1."""
    leaves = {mark.leaf for mark in marks}
    if weights is None:
        return dict.fromkeys(leaves, 1.0)
    largest = max(weights[leaf] for leaf in leaves)
    if largest <= 0:
        return dict.fromkeys(leaves, 1.0)
    return {leaf: max(weights[leaf] / largest, 0.02) for leaf in leaves}


def _promising(marks: Sequence[Mark], length: int, weights: Mapping[int, float], count: int) -> list[Mark]:
    """Those of many marks that stand where the best passages will be found.

    Looks only at which marks fit into one passage, not yet at sentences. For each set of leaves that stand together
    somewhere, the places with the most marks and the earliest remain, twice as many as passages are asked for.
    """
    together: dict[frozenset[int], list[tuple[float, int, int]]] = {}
    last = 0
    for first, mark in enumerate(marks):
        if last == len(marks):
            break
        before = last
        while last < len(marks) and (marks[last].end - mark.start <= length or last <= first):
            last += 1
        if last == before:  # no more marks than the window before has
            continue
        leaves = frozenset([each.leaf for each in marks[first:last]])
        merit = _REPEATED * math.log(last - first) + _EARLY / (1 + mark.start / 1000)
        together.setdefault(leaves, []).append((merit, first, last))
    ranked = sorted(together, key=lambda leaves: -sum(weights[leaf] for leaf in leaves))
    kept: set[int] = set()
    for leaves in ranked[:_MOST_SETS]:
        windows = sorted(together[leaves], key=lambda window: -window[0])
        taken: list[tuple[int, int]] = []
        for _, first, last in windows:
            if all(last <= other or first >= end for other, end in taken):
                taken.append((first, last))
                kept.update(range(first, last))
                if len(taken) == 2 * count + 1:
                    break
    return [marks[number] for number in sorted(kept)]


def _units(text: str, marks: Sequence[Mark], around: int) -> list[_Unit]:
    """The sentences in which marks stand; they are looked for up to `around` characters from a mark."""
    units: list[_Unit] = []
    number = 0
    reach = 0  # where the furthest mark so far ends
    for start, end, starts_whole, ends_whole in _regions(text, marks, around):
        spans = sentences(text, start, end)
        ending = len(spans) - 1
        for index, (first, last) in enumerate(spans):
            begun = number
            crossed = reach > first
            while number < len(marks) and marks[number].start < last:
                reach = max(reach, marks[number].end)
                number += 1
            whole = (index > 0 or starts_whole) and (index < ending or ends_whole)
            if crossed:  # a mark goes across the border
                before = units.pop()
                units.append(_Unit(before.start, last, before.whole and whole, before.first, number))
            elif number > begun:
                units.append(_Unit(first, last, whole, begun, number))
    return units


def _regions(text: str, marks: Sequence[Mark], around: int) -> Iterator[tuple[int, int, bool, bool]]:
    """Stretches of text with all marks: paragraphs as far as they lie within `around` characters of a mark.

    Each with whether a sentence is known to begin where it begins, and to end where it ends.
    """
    start = end = -1
    starts_whole = ends_whole = False
    for mark in marks:
        if mark.end <= end and (ends_whole or mark.end + around <= end):
            continue
        reach = min(len(text), mark.end + around)
        border = text.find(_EMPTY_LINE, mark.end, reach)
        if mark.start > end:
            least = max(0, end, mark.start - around)
            begins = text.rfind(_EMPTY_LINE, least, mark.start)
            if begins >= 0 or least > end or end < 0:
                if end >= 0:
                    yield start, end, starts_whole, ends_whole
                start = begins + len(_EMPTY_LINE) if begins >= 0 else least
                starts_whole = begins >= 0 or least == 0
        end = border if border >= 0 else reach
        ends_whole = border >= 0 or reach == len(text)
    if end >= 0:
        yield start, end, starts_whole, ends_whole


def _opening(text: str, length: int) -> list[Span]:
    """The first sentences of a text, as many as fit, or the first words."""
    first = _VISIBLE.search(text)
    if first is None:
        return []
    start = end = first.start()
    for _, last in sentences(text, start, min(len(text), start + 2 * length)):
        if last - start > length or (end - start >= _FULL_ENOUGH * length and text[end - 1] not in _STOPS):
            break
        end = last
    if end - start < _FULL_ENOUGH * length:
        end = _word_end(text, end, min(len(text), start + length))
    return [(start, end)]


def _reads_on(text: str, end: int, start: int) -> bool:
    """Whether no heading, list item or the like ends at `end` or stands between there and `start`."""
    if text[end - 1] not in _STOPS:
        return False
    *paragraphs, _ = text[end:start].split(_EMPTY_LINE)
    return all(not paragraph or paragraph[-1] in _STOPS for paragraph in map(str.rstrip, paragraphs))


def _opens_quotation(text: str, start: int, end: int) -> bool:
    """Whether a quotation begins or ends there whose other end lies elsewhere."""
    return len(_QUOTATION_MARK.findall(text, start, end)) % 2 == 1


def _word_start(text: str, least: int, most: int) -> int:
    """The first offset in [least, most] where a word begins, or a character when that is far."""
    space = _SPACE.search(text, least - 1, min(most, least + _LONG_WORD))
    if space and space.end() <= most:
        return space.end()
    while least < most and joined(text, least):
        least += 1
    return least


def _word_end(text: str, least: int, most: int) -> int:
    """The last offset in [least, most] where a word ends, or a character when that is far."""
    for at in range(most, max(least, most - _LONG_WORD) - 1, -1):
        if at == len(text) or text[at].isspace():
            return least + len(text[least:at].rstrip())
    while most > least and joined(text, most):
        most -= 1
    return most


def _has_words(text: str, start: int, end: int) -> bool:
    """Whether anything but white space stands between two offsets."""
    return _VISIBLE.search(text, start, end) is not None


def _folded(text: str, start: int, end: int, marks: Sequence[Mark]) -> tuple[str, tuple[Span, ...]]:
    """A passage with its white space folded to single spaces, and the marks in it."""
    spans: list[Span] = []
    for mark in marks:
        if mark.start >= end:
            break
        if mark.end <= start:
            continue
        first, last = max(mark.start, start) - start, min(mark.end, end) - start
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    passage = text[start:end]
    folded = " ".join(passage.split())
    if len(folded) == len(passage):
        return folded, tuple(spans)
    if len(folded) == len(passage) - passage.count(_EMPTY_LINE):  # nothing else was folded
        return folded, tuple(
            (first - passage.count(_EMPTY_LINE, 0, first), last - passage.count(_EMPTY_LINE, 0, last))
            for first, last in spans
        )
    missing = len(passage) - len(passage.lstrip())
    removed: list[Span] = [(0, missing)]  # from which offset on, how many characters are missing in all
    for space in _WIDE_SPACE.finditer(passage, missing):
        missing += space.end() - space.start() - 1
        removed.append((space.start() + 1, missing))
    places = [place for place, _ in removed]

    def moved(offset: int) -> int:
        return offset - removed[bisect_left(places, offset + 1) - 1][1]

    return folded, tuple((moved(first), moved(last)) for first, last in spans)
