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
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import NamedTuple

from search.highlighting.graphemes import joined
from search.highlighting.occurrences import Mark
from search.highlighting.sentences import sentences
from search.highlighting.stretches import EMPTY_LINE, Unit, is_prose, marked_units, reads_on
from search.results import Span

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
_LONG_WORD = 40  # characters; where no white space is as near, a word is cut
_QUOTATION_MARKS = '"“”„«»'
_QUOTATION_MARK = re.compile(f"[{_QUOTATION_MARKS}]")
_SPACE = re.compile(r"\s+")


class _Candidate(NamedTuple):
    """A possible passage: whole sentences, or words of one (`inside`) that is too long around some of its marks.

    `leaves` are those its marks belong to, `merit` what speaks for it besides them; `prose` says whether it ends as
    sentences do. `opening` and `closing` are its first sentence with marks and its last.
    """

    start: int
    end: int
    inside: Span | None
    leaves: frozenset[int]
    merit: float
    prose: bool
    opening: Unit
    closing: Unit


class Chooser:
    def __init__(self, text: str, marks: Sequence[Mark], length: int, weights: Sequence[float] | None) -> None:
        self.text = text
        self.marks = marks
        self.length = length
        self._nearness: Sequence[float] = ()
        self._half = length // 2  # passages longer than that keep to their paragraph
        self.weights = _relative(marks, weights)
        self._quotes = '"' in text or (not text.isascii() and any(mark in text for mark in _QUOTATION_MARKS))

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
        units = marked_units(self.text, self.marks, int(_AROUND * self.length) + 1)
        found: list[_Candidate] = []
        for number, unit in enumerate(units):
            if not unit.whole or unit.end - unit.start > _WHOLE * self.length:
                found += self._windows(unit)
                continue
            last = unit
            for following in itertools.islice(units, number + 1, None):
                if not following.whole or following.end - unit.start > self.length:
                    break
                if not reads_on(self.text, last, following):
                    break
                last = following
            found.append(self._candidate(unit.start, last.end, unit.first, last.last, (unit, last)))
        return found

    def _candidate(self, start: int, end: int, first: int, last: int, units: tuple[Unit, Unit]) -> _Candidate:
        """A candidate of whole sentences with the marks [first, last)."""
        prose = is_prose(self.text, start, end)
        merit, leaves = self._worth(start, first, last)
        return _Candidate(start, end, None, leaves, merit if prose else merit - _NO_SENTENCE, prose, *units)

    def _windows(self, unit: Unit) -> list[_Candidate]:
        """For each mark of a long sentence, the marks that fit into one passage with it."""
        found = []
        inside = (unit.start, unit.end)
        ends = [mark.end for mark in self.marks[unit.first : unit.last]]
        for first in range(unit.first, unit.last):
            start = self.marks[first].start
            last = max(first + 1, unit.first + bisect_left(ends, start + self.length + 1))
            end = min(max(self.marks[last - 1].end, self.marks[first].end), start + self.length)
            merit, leaves = self._worth(start, first, last)
            found.append(_Candidate(start, end, inside, leaves, merit, is_prose(self.text, start, end), unit, unit))
        return found

    def _worth(self, start: int, first: int, last: int) -> tuple[float, frozenset[int]]:
        """What speaks for a passage from `start` with the marks [first, last) besides their leaves, and these."""
        merit = _EARLY / (1 + start / 1000)
        if last - first == 1:
            return merit, frozenset((self.marks[first].leaf,))
        merit += _REPEATED * math.log(last - first) + max(self._nearness[first + 1 : last])
        return merit, frozenset([mark.leaf for mark in self.marks[first:last]])

    def _filled(self, candidate: _Candidate, least: int, most: int) -> Span:
        """The sentences of a candidate with as many after and before as fit and do not cut a quotation."""
        start, end, length, text = candidate.start, candidate.end, self.length, self.text
        if not candidate.prose:
            return start, end
        is_open = opens = self._quotes and self._opens_quotation(start, end)
        rest: Span | None = None  # of the sentence that no longer fits
        limit = min(start + length, most)
        last = end
        (spans, _, known), at = candidate.closing.stretch, candidate.closing.following
        while last < limit and start + length - last >= _WORTH_FILLING * length:
            if last - start > self._half and text.startswith(EMPTY_LINE, last):
                break
            if at == known:  # where the stretch ends
                reach = min(limit + _LOOK, len(text))
                spans, at = sentences(text, last, reach), 0
                known = len(spans) if reach == len(text) else len(spans) - 1
                if known < 1:
                    rest = spans[0] if spans else (last, last)
                    break
            first, following = spans[at]
            prose = is_prose(text, first, following)
            if following > limit or not prose:
                rest = (first, following) if prose else None
                break
            if self._quotes:
                opens ^= self._opens_quotation(first, following)
            at += 1
            last = following
            if not opens or is_open:
                end, is_open = last, opens
        limit = max(end - length, least)
        first, opens = start, is_open
        (spans, known, _), at = candidate.opening.stretch, candidate.opening.sentence
        while first > limit and end - first < _FULL * length:
            if end - first > self._half and text.endswith(EMPTY_LINE, 0, first):
                break
            if at == known:  # where the stretch begins
                reach = max(limit - _LOOK, 0)
                spans, known = sentences(text, reach, first), int(reach > 0)
                at = len(spans)
                if at <= known:
                    break
            at -= 1
            begins, before = spans[at]
            if begins < limit or not is_prose(text, begins, before):
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

    def _opens_quotation(self, start: int, end: int) -> bool:
        """Whether a quotation begins or ends there whose other end lies elsewhere."""
        return len(_QUOTATION_MARK.findall(self.text, start, end)) % 2 == 1

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


def opening(text: str, length: int) -> list[Span]:
    """The first sentences of a text, as many as fit, or the first words."""
    first = VISIBLE.search(text)
    if first is None:
        return []
    start = end = first.start()
    for _, last in sentences(text, start, min(len(text), start + 2 * length)):
        if last - start > length or (end - start >= _FULL_ENOUGH * length and not is_prose(text, start, end)):
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
