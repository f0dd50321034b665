"""What is known of chunks from texts before: tables that compute what they lack and have bounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from index.analysis.chunks import SURROUNDING
from index.analysis.shingles import MAX_WORDS, is_anchor

Value = TypeVar("Value")


class Cache(dict[str, Value], Generic[Value]):
    """A dictionary that computes what it lacks, and starts anew when it has grown large."""

    MOST = 100_000  # chunks; some 20 MB. With four times as many, analysis is no faster: it waits for memory more often
    LONGEST = 64  # characters; longer chunks are rare and not worth keeping

    def __init__(self, compute: Callable[[str], Value]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, chunk: str) -> Value:
        value = self._compute(chunk)
        self.keep(chunk, value)
        return value

    def keep(self, chunk: str, value: Value) -> None:
        """Know the value of a chunk from now on."""
        if len(chunk) <= self.LONGEST:
            if len(self) >= self.MOST:
                self.clear()
            self[chunk] = value


Forms = tuple[str, str, bytes]
"""The forms of a chunk: its words and its stems, each joined by single spaces, and a mark for each word.

A mark is 1 for an anchor of sketches (see `index.analysis.shingles`) and 0 for another word. Where a chunk has not
exactly one word, NOT_ONE stands before its marks. One look-up gives all this, since look-ups, all over the memory, are
what analysis waits for.
"""

NOT_ONE = 2

_OTHER, _ANCHOR = bytes([False]), bytes([True])


class KnownForms(dict[str, Forms]):
    """The forms of chunks, computed where they are lacking; nothing is ever dropped, and a full one is replaced."""

    def __init__(self, compute: Callable[[str], tuple[str, str]], stem: Callable[[str], str]) -> None:
        """See the class.

        Args:
            compute: gives the words and the stems of a chunk without SURROUNDING signs.
            stem: gives the stem of a chunk of ASCII letters and digits, with a letter but without capitals.
        """
        super().__init__()
        self._compute = compute
        self._stem = stem

    def __missing__(self, chunk: str) -> Forms:
        forms: Forms
        is_short = len(chunk) <= Cache.LONGEST
        if is_short and chunk.isascii() and chunk.isalnum() and chunk.islower():  # only a short cut
            forms = chunk, self._stem(chunk), _ANCHOR if is_anchor(chunk) else _OTHER
        elif (core := chunk.strip(SURROUNDING)) != chunk:
            forms = self[core]
        else:
            words, stems = self._compute(chunk)
            marks = bytes(map(is_anchor, words.split(None, MAX_WORDS)[:MAX_WORDS]))
            forms = words, stems, marks if len(marks) == 1 else bytes([NOT_ONE]) + marks
        if is_short and len(self) < Cache.MOST:
            self[chunk] = forms
        return forms
