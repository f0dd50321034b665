"""How many columns of a terminal a text takes, and where its lines break."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from search.results import Span

_WORD = re.compile("[^ ]+")
# What must not begin a line of Chinese or Japanese.
_NOT_FIRST = frozenset("、。，．・：；？！）］｝」』】〉》〕ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ")


def display_width(text: str) -> int:
    """The columns a text takes: two for wide characters such as Chinese ones, none for combining marks.

    After Unicode Standard Annex #11. Control characters count as one column: neutralise them first.
    """
    return len(text) if text.isascii() else sum(map(_character_width, text))


def lines(text: str, width: int) -> Iterator[Span]:
    """The lines of a text without line breaks, as spans, each at most `width` columns wide.

    Lines break at spaces, which are left out, and on either side of wide characters; a longer word is cut. Width is
    taken to be at least two columns, so that every character fits.
    """
    width = max(width, 2)
    start = end = used = 0  # the line so far, and its columns
    for first, last in _pieces(text):
        columns = display_width(text[first:last])
        gap = display_width(text[end:first]) if end > start else 0
        if end > start and used + gap + columns > width:
            yield start, end
            end = start
        if end == start:
            start, gap, used = first, 0, 0
        while columns > width:
            cut = _fitting(text, first, last, width)
            yield first, cut
            first = start = cut
            columns = display_width(text[first:last])
        end = last
        used += gap + columns
    if end > start:
        yield start, end


def _pieces(text: str) -> Iterator[Span]:
    """Spans that no line break may divide: words, and wide characters with what must stay with them."""
    if text.isascii():
        for word in _WORD.finditer(text):
            yield word.span()
        return
    start: int | None = None
    previous_wide = False
    for at, character in enumerate(text):
        if character == " ":
            if start is not None:
                yield start, at
            start, previous_wide = None, False
            continue
        if character < "\u0300":
            wide = False
        elif (columns := _character_width(character)) == 0 and start is not None:
            continue
        else:
            wide = columns == 2
        if start is None:
            start = at
        elif (wide or previous_wide) and character not in _NOT_FIRST:
            yield start, at
            start = at
        previous_wide = wide
    if start is not None:
        yield start, len(text)


def _fitting(text: str, start: int, end: int, width: int) -> int:
    """The end of the longest beginning of text[start:end] that fits, at least one character."""
    used = 0
    for at in range(start, end):
        used += display_width(text[at])
        if used > width:
            return max(at, start + 1)
    return end


@lru_cache(maxsize=4096)
def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf") or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
