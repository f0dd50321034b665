"""Choosing the passages of a text: sentences around the marks, and which of them to show.

Passages are chosen one after the other: the best is the one with the most weight of different leaves; then their
nearness, their number and an early place count; what an earlier passage has shown already counts little in the next.
Sentences are looked for only where marks are, and where a passage has room for more.
"""

from __future__ import annotations

import itertools
import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from search.graphemes import joined
from search.occurrences import Mark
from search.results import Span
from search.sentences import sentences

EMPTY_LINE = "\n\n"
"""What separates paragraphs."""
VISIBLE = re.compile(r"\S")
"""Finds what is not white space."""

_AGAIN = 0.2  # what a leaf counts that an earlier passage has shown
_NEAR = 80  # characters between marks of different leaves within which they support each other
_NEARNESS = 0.3
_REPEATED = 0.05
_EARLY = 0.15
_WHOLE = 1.2  # of the length; a sentence may be so long and still be shown whole
_AROUND = 1.5  # of the length; how far from a mark sentences are looked for, more than `_WHOLE`
_NO_SENTENCE = 0.1  # what counts against headings and the like
_FEW_MARKS = 12  # more are thinned out before sentences are looked for
_SPARE = 2  # how many more places than passages are looked at closely
_WORTH_FILLING = 0.08  # of the length; less room is left empty
_LOOK = 40  # characters beyond a place that tell whether a sentence ends there
_FULL = 0.8  # of the length; longer passages get no sentences before them
_FULL_ENOUGH = 0.4  # of the length; shorter passages are filled up with a part of the next sentence
_LONGEST_HEADING = 80  # characters; of a question that is one
_LONG_WORD = 40  # characters; where no white space is as near, a word is cut
_QUOTATION_MARKS = '"“”„«»'
_QUOTATION_MARK = re.compile(f"[{_QUOTATION_MARKS}]")
_SPACE = re.compile(r"\s+")
_STOPS = frozenset(".!?…؟۔।。！？｡:;")
_CLOSING = frozenset("\"'”’»)]」』）")


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

    `leaves` are those its marks belong to, `merit` what speaks for it besides them; `prose` says whether it ends as
    sentences do.
    """

    start: int
    end: int
    inside: Span | None
    leaves: frozenset[int]
    merit: float
    prose: bool


class Chooser:
    def __init__(self, text: str, marks: Sequence[Mark], length: int, weights: Sequence[float] | None) -> None:
        self.text = text
        self.marks = marks
        self.length = length
        self._nearness: Sequence[float] = ()
        self._half = length // 2  # passages longer than that keep to their paragraph
        self.weights = _relative(marks, weights)
        self._quotes = '"' in text or (not text.isascii() and any(mark in text for mark in _QUOTATION_MARKS))
        self._next: dict[int, Span] = {}  # by where a sentence ends, the one after it
        self._previous: dict[int, Span] = {}  # by where a sentence starts, the one before it

    def choose(self, count: int) -> list[Span]:
        """Up to `count` disjoint passages, the best first."""
        candidates = self._candidates(count)
        shown: set[int] = set()
        chosen: list[Span] = []
        while candidates:
            best = _best(candidates, self.weights, shown)
            least, most = 0, len(self.text)
            for start, end in chosen:  # earlier choices limit how far this one may reach
                if end <= best.start:
                    least = max(least, end)
                else:
                    most = min(most, start)
            passage = self._cut_out(best, best.inside, least, most) if best.inside else self._filled(best, least, most)
            chosen.append(passage)
            if len(chosen) == count:
                break
            start, end = passage
            shown |= best.leaves
            candidates = [
                other
                for other in candidates
                if (other.end <= start or other.start >= end) and not self._is_stale(other, best, shown)
            ]
        return chosen

    def _is_stale(self, candidate: _Candidate, chosen: _Candidate, shown: set[int]) -> bool:
        """Whether it is a heading with nothing new, or says word for word what a passage says, as boilerplate does."""
        if candidate.inside is not None:
            return False
        start, end = candidate.start, candidate.end
        if not candidate.prose and shown >= candidate.leaves:
            return True
        same_length = end - start == chosen.end - chosen.start
        return same_length and self.text[start:end] == self.text[chosen.start : chosen.end]

    def _candidates(self, count: int) -> list[_Candidate]:
        nearness = _nearness(self.marks, self.weights)
        if len(self.marks) > _FEW_MARKS:
            self.marks = _promising(self.marks, self.length, self.weights, nearness, count)
            nearness = _nearness(self.marks, self.weights)
        self._nearness = nearness
        units = self._units(int(_AROUND * self.length) + 1)
        found: list[_Candidate] = []
        for number, unit in enumerate(units):
            if not unit.whole or unit.end - unit.start > _WHOLE * self.length:
                found += self._windows(unit)
                continue
            end = unit
            for following in itertools.islice(units, number + 1, None):
                if not following.whole or following.end - unit.start > self.length:
                    break
                if not _reads_on(self.text, end, following):
                    break
                end = following
            found.append(self._candidate(unit.start, end.end, None, unit.first, end.last))
        return found

    def _units(self, around: int) -> list[_Unit]:
        """The sentences in which marks stand; they are looked for up to `around` characters from a mark."""
        marks = self.marks
        units: list[_Unit] = []
        number = 0
        reach = 0  # where the furthest mark so far ends
        count = len(marks)
        due = marks[0].start if marks else 0  # where the next mark starts
        for start, end, starts_whole, ends_whole in _regions(self.text, marks, around):
            spans = sentences(self.text, start, end)
            ending = len(spans) - 1
            known = spans[0 if starts_whole else 1 : None if ends_whole else ending]
            self._learn(known)
            self._previous.update(zip([begins for begins, _ in known[1:]], known, strict=False))
            for index, (first, last) in enumerate(spans):
                crossed = reach > first
                if due >= last and not crossed:
                    continue
                begun = number
                while due < last and number < count:
                    reach = max(reach, marks[number].end)
                    number += 1
                    due = marks[number].start if number < count else len(self.text)
                whole = (index > 0 or starts_whole) and (index < ending or ends_whole)
                if crossed:  # a mark goes across the border
                    unit = units.pop()
                    units.append(_Unit(unit.start, last, unit.whole and whole, unit.first, number))
                elif number > begun:
                    units.append(_Unit(first, last, whole, begun, number))
        return units

    def _candidate(self, start: int, end: int, inside: Span | None, first: int, last: int) -> _Candidate:
        """A candidate with the marks [first, last)."""
        merit = _EARLY / (1 + start / 1000)
        prose = _is_prose(self.text, start, end)
        if inside is None and not prose:
            merit -= _NO_SENTENCE
        if last - first == 1:
            return _Candidate(start, end, inside, frozenset((self.marks[first].leaf,)), merit, prose)
        leaves = frozenset([mark.leaf for mark in self.marks[first:last]])
        merit += _REPEATED * math.log(last - first) + max(self._nearness[first + 1 : last])
        return _Candidate(start, end, inside, leaves, merit, prose)

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

    def _filled(self, candidate: _Candidate, least: int, most: int) -> Span:
        """The sentences of a candidate with as many after and before as fit and do not cut a quotation."""
        start, end, length, text = candidate.start, candidate.end, self.length, self.text
        if not candidate.prose:
            return start, end
        is_open = opens = self._quotes and self._opens_quotation(start, end)
        rest: Span | None = None  # of the sentence that no longer fits
        limit = min(start + length, most)
        last = end
        while last < limit and start + length - last >= _WORTH_FILLING * length:
            if last - start > self._half and text.startswith(EMPTY_LINE, last):
                break
            first, following, whole = self._after(last, limit)
            if not whole or following > limit or not _is_prose(text, first, following):
                rest = (first, following) if not whole or _is_prose(text, first, following) else None
                break
            if self._quotes:
                opens ^= self._opens_quotation(first, following)
            last = following
            if not opens or is_open:
                end, is_open = last, opens
        limit = max(end - length, least)
        first, opens = start, is_open
        while first > limit and end - first < _FULL * length:
            if end - first > self._half and text.endswith(EMPTY_LINE, 0, first):
                break
            begins, before = self._before(first, limit)
            if begins < limit or not _is_prose(text, begins, before):
                break
            if self._quotes:
                opens ^= self._opens_quotation(begins, before)
            first = begins
            if not opens or is_open:
                start, is_open = first, opens
        if rest and end - start < _FULL_ENOUGH * length and rest[0] - end < _LOOK:
            last = min(start + length, most, rest[1])
            end = _word_end(text, end, last) if last > end else end
        return start, end

    def _after(self, end: int, limit: int) -> tuple[int, int, bool]:
        """The sentence after the one that ends at `end`, and whether all of it is known, up to about `limit`."""
        if end not in self._next:
            reach = min(limit + _LOOK, len(self.text))
            spans = sentences(self.text, end, reach)
            self._learn(spans if reach == len(self.text) else spans[:-1], end)
            if end not in self._next:
                return (*spans[0], False) if spans else (end, end, False)
        return (*self._next[end], True)

    def _before(self, start: int, limit: int) -> Span:
        """The sentence before the one that starts at `start`; (-1, …) if it starts long before `limit`."""
        if start not in self._previous:
            reach = max(limit - _LOOK, 0)
            spans = sentences(self.text, reach, start)
            self._learn(spans[1:] if reach else spans)
            last = spans[-1] if len(spans) > bool(reach) else (-1, start)
            self._previous[start] = last
        return self._previous[start]

    def _opens_quotation(self, start: int, end: int) -> bool:
        """Whether a quotation begins or ends there whose other end lies elsewhere."""
        return len(_QUOTATION_MARK.findall(self.text, start, end)) % 2 == 1

    def _learn(self, spans: Sequence[Span], end: int | None = None) -> None:
        """Remember whole sentences that follow each other, the first of them after the one that ends at `end`."""
        if end is not None and spans:
            self._next[end] = spans[0]
        if len(spans) > 1:
            self._next.update(zip([last for _, last in spans], spans[1:], strict=False))

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
    leaves = {leaf for _, _, leaf in marks}
    if weights is None or len(leaves) < 2:
        return dict.fromkeys(leaves, 1.0)
    largest = max([weights[leaf] for leaf in leaves])
    if largest <= 0:
        return dict.fromkeys(leaves, 1.0)
    return {leaf: max(weights[leaf] / largest, 0.02) for leaf in leaves}


def _nearness(marks: Sequence[Mark], weights: Mapping[int, float]) -> list[float]:
    """For each mark, how much it and the mark before it support each other: two leaves near each other do."""
    found = [0.0] * len(marks)
    if len(weights) < 2:
        return found
    before, leaf_before = 0, -1
    for number, (start, end, leaf) in enumerate(marks):
        gap = start - before
        if leaf != leaf_before and gap < _NEAR and number:
            weight = min(weights[leaf], weights[leaf_before])
            found[number] = _NEARNESS * weight * (1 - max(gap, 0) / _NEAR)
        before, leaf_before = end, leaf
    return found


def _promising(
    marks: Sequence[Mark], length: int, weights: Mapping[int, float], nearness: Sequence[float], count: int
) -> list[Mark]:
    """Those of many marks that stand where the best passages will be found, and a few more.

    Looks only at which marks fit into one passage, not yet at sentences.
    """
    windows: list[tuple[float, int, int, frozenset[int]]] = []
    last = 0
    for first, mark in enumerate(marks):
        before = last
        while last < len(marks) and (marks[last].end - mark.start <= length or last <= first):
            last += 1
        if last > before:  # else all its marks are in the window before
            leaves = frozenset([each.leaf for each in marks[first:last]])
            merit = _EARLY / (1 + mark.start / 1000) + max(nearness[first + 1 : last], default=0.0)
            windows.append((merit + _REPEATED * math.log(last - first), first, last, leaves))
    shown: set[int] = set()
    kept: set[int] = set()
    for _ in range(count + _SPARE):
        best = max(windows, key=lambda window: _score(window[0], window[3], weights, shown), default=None)
        if best is None:
            break
        _, begins, ends, leaves = best
        shown |= leaves
        windows = [window for window in windows if window[2] <= begins or window[1] >= ends]
        # Sentences may group the marks in another way than windows do, so those nearby stay too.
        first, last = marks[begins].start - length, marks[ends - 1].end + length
        while begins and marks[begins - 1].start >= first:
            begins -= 1
        while ends < len(marks) and marks[ends].end <= last:
            ends += 1
        kept.update(range(begins, ends))
    return [marks[number] for number in sorted(kept)]


def _best(candidates: Sequence[_Candidate], weights: Mapping[int, float], shown: Set[int]) -> _Candidate:
    """The first of those with the highest score."""
    best, highest = candidates[0], -math.inf
    if len(candidates) > 1:
        for candidate in candidates:
            score = _score(candidate.merit, candidate.leaves, weights, shown)
            if score > highest:
                best, highest = candidate, score
    return best


def _score(merit: float, leaves: Iterable[int], weights: Mapping[int, float], shown: Set[int]) -> float:
    for leaf in leaves:
        merit += weights[leaf] * (_AGAIN if leaf in shown else 1.0)
    return merit


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
        border = text.find(EMPTY_LINE, mark.end, reach)
        if mark.start > end:
            least = max(0, end, mark.start - around)
            begins = text.rfind(EMPTY_LINE, least, mark.start)
            if begins >= 0 or least > end or end < 0:
                if end >= 0:
                    yield start, end, starts_whole, ends_whole
                start = begins + len(EMPTY_LINE) if begins >= 0 else least
                starts_whole = begins >= 0 or least == 0
        end = border if border >= 0 else reach
        ends_whole = border >= 0 or reach == len(text)
    if end >= 0:
        yield start, end, starts_whole, ends_whole


def _is_prose(text: str, start: int, end: int) -> bool:
    """Whether what stands there ends as sentences do and is no heading, list item or the like."""
    last = text[end - 1]
    after = end
    while last in _CLOSING and end - start > 1:
        end -= 1
        last = text[end - 1]
    if last == "?":  # a question with a paragraph of its own may well be a heading
        alone = text.endswith(EMPTY_LINE, 0, start) and text.startswith(EMPTY_LINE, after)
        return not alone or end - start > _LONGEST_HEADING
    return last in _STOPS


def _reads_on(text: str, unit: _Unit, following: _Unit) -> bool:
    """Whether both are prose, and no heading, list item or the like stands between them."""
    if not (_is_prose(text, unit.start, unit.end) and _is_prose(text, following.start, following.end)):
        return False
    if text.find(EMPTY_LINE, unit.end, following.start) < 0:
        return True
    *paragraphs, _ = text[unit.end : following.start].split(EMPTY_LINE)
    return all(not paragraph or _is_prose(paragraph, 0, len(paragraph)) for paragraph in map(str.strip, paragraphs))


def opening(text: str, length: int) -> list[Span]:
    """The first sentences of a text, as many as fit, or the first words."""
    first = VISIBLE.search(text)
    if first is None:
        return []
    start = end = first.start()
    for _, last in sentences(text, start, min(len(text), start + 2 * length)):
        if last - start > length or (end - start >= _FULL_ENOUGH * length and not _is_prose(text, start, end)):
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
