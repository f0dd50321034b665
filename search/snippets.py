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
from collections.abc import Sequence
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
_FULL_ENOUGH = 0.4  # of the length; shorter passages are filled up with a part of the next sentence
_LONG_WORD = 40  # characters; where no white space is as near, a word is cut
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
    """A possible passage: sentences [unit, last_unit], or words of one that is too long around some of its marks.

    `leaves` are those its marks belong to, `merit` what speaks for it besides them.
    """

    start: int
    end: int
    unit: int
    last_unit: int
    cut: bool
    leaves: frozenset[int]
    merit: float


class _Chooser:
    def __init__(self, text: str, marks: Sequence[Mark], length: int, weights: Sequence[float] | None) -> None:
        self.text = text
        self.marks = marks
        self.length = length
        self.weights = self._relative(weights)
        self.units = _units(text, marks, int(_AROUND * length) + 1)

    def choose(self, count: int) -> list[Span]:
        """Up to `count` disjoint passages, the best first."""
        candidates = self._candidates()
        shown: set[int] = set()
        chosen: list[Span] = []
        while candidates and len(chosen) < count:
            best = max(candidates, key=lambda candidate: self._score(candidate, shown))
            # Earlier choices limit how far this one may reach.
            least = max((end for _, end in chosen if end <= best.start), default=0)
            most = min((start for start, _ in chosen if start >= best.end), default=len(self.text))
            passage = self._cut_out(best, least, most) if best.cut else self._filled(best, least, most)
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
            and not candidate.cut
            and self.text[candidate.start : candidate.end] == self.text[chosen.start : chosen.end]
        )

    def _relative(self, weights: Sequence[float] | None) -> dict[int, float]:
        """The weight of each leaf that occurs, the largest being 1."""
        leaves = {mark.leaf for mark in self.marks}
        if weights is None:
            return dict.fromkeys(leaves, 1.0)
        largest = max(weights[leaf] for leaf in leaves)
        if largest <= 0:
            return dict.fromkeys(leaves, 1.0)
        return {leaf: max(weights[leaf] / largest, 0.02) for leaf in leaves}

    def _candidates(self) -> list[_Candidate]:
        found: list[_Candidate] = []
        for number, unit in enumerate(self.units):
            if unit.first == unit.last:
                continue
            if not unit.whole or unit.end - unit.start > _WHOLE * self.length:
                found += self._windows(number, unit)
                continue
            last = number
            for other in range(number + 1, len(self.units)):
                following = self.units[other]
                if not following.whole or following.end - unit.start > self.length:
                    break
                if following.first < following.last:
                    last = other
            end = self.units[last]
            found.append(self._candidate(unit.start, end.end, number, last, False, unit.first, end.last))
        return found

    def _candidate(
        self, start: int, end: int, unit: int, last_unit: int, cut: bool, first: int, last: int
    ) -> _Candidate:
        """A candidate with the marks [first, last)."""
        merit = _EARLY / (1 + start / 1000)
        if last - first == 1:
            return _Candidate(start, end, unit, last_unit, cut, frozenset((self.marks[first].leaf,)), merit)
        marks = self.marks[first:last]
        leaves = frozenset([mark.leaf for mark in marks])
        if len(leaves) > 1:
            nearness = 0.0
            for before, mark in itertools.pairwise(marks):
                if mark.leaf != before.leaf and (gap := mark.start - before.end) < _NEAR:
                    weight = min(self.weights[mark.leaf], self.weights[before.leaf])
                    nearness = max(nearness, (1 - max(gap, 0) / _NEAR) * weight)
            merit += _NEARNESS * nearness
        return _Candidate(start, end, unit, last_unit, cut, leaves, merit + _REPEATED * math.log(len(marks)))

    def _windows(self, number: int, unit: _Unit) -> list[_Candidate]:
        """For each mark of a long sentence, the marks that fit into one passage with it."""
        found = []
        ends = [mark.end for mark in self.marks[unit.first : unit.last]]
        for first in range(unit.first, unit.last):
            start = self.marks[first].start
            last = max(first + 1, unit.first + bisect_left(ends, start + self.length + 1))
            end = min(max(self.marks[last - 1].end, self.marks[first].end), start + self.length)
            found.append(self._candidate(start, end, number, number, True, first, last))
        return found

    def _score(self, candidate: _Candidate, shown: set[int]) -> float:
        score = candidate.merit
        for leaf in candidate.leaves:
            score += self.weights[leaf] * (_AGAIN if leaf in shown else 1.0)
        return score

    def _filled(self, candidate: _Candidate, least: int, most: int) -> Span:
        """The sentences of a candidate with as many after and before as fit."""
        start, end = candidate.start, candidate.end
        after = candidate.last_unit + 1
        while after < len(self.units) and self._continues(after, end):
            unit = self.units[after]
            if not self._is_prose(unit) or unit.end - start > self.length or unit.end > most:
                break
            end = unit.end
            after += 1
        before = candidate.unit - 1
        while before >= 0 and self._continues(before + 1, self.units[before].end):
            unit = self.units[before]
            if not self._is_prose(unit) or end - unit.start > self.length or unit.start < least:
                break
            start = unit.start
            before -= 1
        short = end - start < _FULL_ENOUGH * self.length
        if short and after < len(self.units) and self._continues(after, end) and self._may_be_prose(self.units[after]):
            last = min(start + self.length, most, self.units[after].end)
            end = _word_end(self.text, end, last) if last > end else end
        return start, end

    def _is_prose(self, unit: _Unit) -> bool:
        """Whether it is a complete sentence and no heading or list item."""
        return unit.whole and self._may_be_prose(unit)

    def _may_be_prose(self, unit: _Unit) -> bool:
        return not unit.whole or self.text[unit.end - 1] in _STOPS

    def _continues(self, number: int, end: int) -> bool:
        """Whether a sentence reads on from what ends at `end`: a sentence too, with nothing left out between them."""
        return self.text[end - 1] in _STOPS and not _has_words(self.text, end, self.units[number].start)

    def _cut_out(self, candidate: _Candidate, least: int, most: int) -> Span:
        """A part of a long sentence with the candidate's marks in its middle."""
        unit = self.units[candidate.unit]
        least, most = max(least, unit.start), min(most, unit.end)
        margin = (self.length - (candidate.end - candidate.start)) // 2
        start = least if candidate.end - least <= self.length else candidate.start - margin
        end = min(most, start + self.length)
        start = max(least, min(start, end - self.length))
        if start > least:
            start = _word_start(self.text, start, candidate.start)
        if end < most:
            end = _word_end(self.text, candidate.end, end)
        return start, end


def _units(text: str, marks: Sequence[Mark], around: int) -> list[_Unit]:
    """The sentences that lie within `around` characters of a mark."""
    units: list[_Unit] = []
    number = 0
    reach = 0  # where the furthest mark so far ends
    for start, end in _regions(text, marks, around):
        spans = sentences(text, start, end)
        for index, (first, last) in enumerate(spans):
            whole = (start == 0 or index > 0) and (end == len(text) or index + 1 < len(spans))
            begun = number
            if reach > first:  # a mark goes across the border
                before = units.pop()
                first, begun, whole = before.start, before.first, before.whole and whole
            while number < len(marks) and marks[number].start < last:
                reach = max(reach, marks[number].end)
                number += 1
            units.append(_Unit(first, last, whole, begun, number))
    return units


def _regions(text: str, marks: Sequence[Mark], around: int) -> list[Span]:
    found: list[Span] = []
    for mark in marks:
        start, end = max(0, mark.start - around), min(len(text), mark.end + around)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


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
    missing = len(passage) - len(passage.lstrip())
    removed: list[Span] = [(0, missing)]  # from which offset on, how many characters are missing in all
    for space in _WIDE_SPACE.finditer(passage, missing):
        missing += space.end() - space.start() - 1
        removed.append((space.start() + 1, missing))
    places = [place for place, _ in removed]

    def moved(offset: int) -> int:
        return offset - removed[bisect_left(places, offset + 1) - 1][1]

    return folded, tuple((moved(first), moved(last)) for first, last in spans)
