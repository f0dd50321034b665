"""What is known of chunks from texts before: tables that compute what they lack and have bounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from index.chunks import SURROUNDING
from index.shingles import is_anchor

Value = TypeVar("Value")


class Cache(dict[str, Value], Generic[Value]):
    """A dictionary that computes what it lacks, and starts anew when it has grown large."""

    MOST = 100_000  # chunks; some 15 MB. With four times as many, analysis is no faster: it waits for memory more often
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


class KnownStems(dict[str, str]):
    """The stems of chunks, computed where they are lacking; nothing is ever dropped, and a full one is replaced.

    One look-up gives the stems and tells that the words are known, too: they are in `words`, unless they are the chunk
    itself, as for most. Look-ups, all over the memory, are what analysis waits for.

    Attributes:
        words: of the chunks that are kept, where they are not the chunk itself.
        anchors: the words that are anchors of sketches, of all chunks that are kept.
        blank: whether some of the chunks that are kept have no tokens.
        unkept: how often a chunk was asked for that is not kept: a long one, or one more than there is room for.
    """

    def __init__(self, compute: Callable[[str], tuple[str, str]], stem: Callable[[str], str]) -> None:
        super().__init__()
        self._compute = compute
        self._stem = stem
        self.words: dict[str, str] = {}
        self.anchors: set[str] = set()
        self.blank = False
        self.unkept = 0

    def __missing__(self, chunk: str) -> str:
        plain = chunk.strip(SURROUNDING)
        if len(chunk) <= Cache.LONGEST and plain.isascii() and plain.isalpha():  # only a short cut
            words = plain.lower()
            stems = self._stem(words) if words == chunk else self[words]
        else:
            words, stems = self._compute(chunk)
        if len(chunk) > Cache.LONGEST or len(self) >= Cache.MOST:
            self.unkept += 1
            return stems
        if words == chunk:
            if is_anchor(words):
                self.anchors.add(words)
        else:
            self.words[chunk] = words  # before the stems, which say that it is there
            self.anchors.update(filter(is_anchor, words.split()))
            self.blank |= not words
        self[chunk] = stems
        return stems
