"""The sentences in which marks stand, looked for only around the marks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from search.highlighting.occurrences import Mark
from search.highlighting.sentences import sentences
from search.results import Span

EMPTY_LINE = "\n\n"
"""What separates paragraphs."""

_LONGEST_HEADING = 80  # characters; of a question that is one
_STOPS = frozenset(".!?…؟۔।。！？｡:;")
_CLOSING = frozenset("\"'”’»)]」』）")


class Stretch(NamedTuple):
    """A part of a text.

    Attributes:
        sentences: those in it; the first and the last may be cut.
        known_from, known_to: which of them are known to be whole: [known_from, known_to).
    """

    sentences: list[Span]
    known_from: int
    known_to: int


class Unit(NamedTuple):
    """A sentence in which marks stand, or several that one mark goes across.

    Attributes:
        start, end: the span in the text.
        whole: whether both ends are known to be a sentence's.
        first, last: numbers of its marks: [first, last).
        stretch: where it stands.
        sentence, following: which of the stretch's sentences it is: [sentence, following).
    """

    start: int
    end: int
    whole: bool
    first: int
    last: int
    stretch: Stretch
    sentence: int
    following: int


def marked_units(text: str, marks: Sequence[Mark], around: int) -> list[Unit]:
    """The sentences of a text in which marks, which are sorted, stand. They are looked for up to `around` characters
    from a mark."""
    units: list[Unit] = []
    number = 0
    count = len(marks)
    for start, end, starts_whole, ends_whole in _regions(text, marks, around):
        spans = sentences(text, start, end)
        known_from, known_to = int(not starts_whole), len(spans) - (not ends_whole)
        stretch = Stretch(spans, known_from, known_to)
        ends = [last for _, last in spans]
        while number < count and (sentence := bisect_right(ends, marks[number][0])) < len(ends):
            begun = number
            following = sentence + 1
            least, most = spans[sentence]
            while number < count and marks[number][0] < most:
                reach = marks[number][1]
                number += 1
                if reach > most:  # the mark goes across the border
                    following = max(following, bisect_left(spans, (reach,)))
                    most = ends[following - 1]
            whole = known_from <= sentence and following <= known_to
            units.append(Unit(least, most, whole, begun, number, stretch, sentence, following))
    return units


def _regions(text: str, marks: Sequence[Mark], around: int) -> Iterator[tuple[int, int, bool, bool]]:
    """Stretches of text with all marks: paragraphs as far as they lie within `around` characters of a mark.

    Each with whether a sentence is known to begin where it begins, and to end where it ends.
    """
    start = end = -1
    starts_whole = ends_whole = False
    for first, last, _ in marks:
        if last <= end and (ends_whole or last + around <= end):
            continue
        reach = min(len(text), last + around)
        border = text.find(EMPTY_LINE, last, reach)
        if first > end:
            least = max(0, end, first - around)
            begins = text.rfind(EMPTY_LINE, least, first)
            if begins >= 0 or least > end or end < 0:
                if end >= 0:
                    yield start, end, starts_whole, ends_whole
                start = begins + len(EMPTY_LINE) if begins >= 0 else least
                starts_whole = begins >= 0 or least == 0
        end = border if border >= 0 else reach
        ends_whole = border >= 0 or reach == len(text)
    if end >= 0:
        yield start, end, starts_whole, ends_whole


def is_prose(text: str, start: int, end: int) -> bool:
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


def reads_on(text: str, unit: Unit, following: Unit) -> bool:
    """Whether both are prose, and no heading, list item or the like stands between them."""
    if not (is_prose(text, unit.start, unit.end) and is_prose(text, following.start, following.end)):
        return False
    if text.find(EMPTY_LINE, unit.end, following.start) < 0:
        return True
    *paragraphs, _ = text[unit.end : following.start].split(EMPTY_LINE)
    return all(not paragraph or is_prose(paragraph, 0, len(paragraph)) for paragraph in map(str.strip, paragraphs))
