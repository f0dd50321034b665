"""Where the tokens of a segment in the making stand, collected for the whoosh engine.

Every token takes a step in Python, and that is most of what building takes. So texts that stand in several columns take
it once: a body is there as words, as their stems, and as stems again at the end of what a bare word asks. Its words
alone are collected, and at the end the stems have the occurrences of their words.
"""

from __future__ import annotations

import sys
from array import array
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate, chain
from typing import NamedTuple, TypeAlias

from index.engines.contract import GAP
from index.engines.whoosh_terms import (
    BYTES,
    COUNT,
    HEAD,
    MAX_TOKEN_BYTES,
    NARROW,
    UPPER,
    WIDE,
    ColumnTerms,
    little_endian,
    widened,
)

_FEW = 8  # tokens, for which it does not pay to have no Python between them
_HALF = {NARROW: "H", WIDE: "I"}  # the type of either half of an occurrence

Places: TypeAlias = "dict[str, array[int]]"
"""Occurrences by token, rising."""


class Segment(NamedTuple):
    """Tokens that stand one after the other, and how many positions are left free before them."""

    gap: int
    tokens: list[str]


class Occurrences:
    """Tokens and where they stand, see `index.engines.whoosh_terms`. Documents are added in rising order."""

    def __init__(self) -> None:
        self.type = NARROW
        self.places: Places = defaultdict(partial(array, NARROW))

    @property
    def bits(self) -> int:
        """How many bits of an occurrence are the position."""
        return BYTES[self.type] * 4

    def add(self, document: int, tokens: Sequence[str], position: int, step: int = 1) -> None:
        """Add tokens that stand at this position and behind it, `step` apart."""
        end = position + step * len(tokens)
        if (document | end) >> self.bits:
            self.widen()
        places = self.places
        first = document << self.bits
        if len(tokens) < _FEW:
            for at, token in enumerate(tokens):
                places[token].append(first + position + step * at)
        else:  # the same with nothing of Python in between
            each = range(first + position, first + end, step)
            deque(map(array.append, map(places.__getitem__, tokens), each), maxlen=0)

    def widen(self) -> None:
        """Make room for positions of more than 16 bits."""
        if self.type == NARROW:
            self.type = WIDE
            wide = {token: widened(places) for token, places in self.places.items()}
            self.places = defaultdict(partial(array, WIDE), wide)


class AlignedText:
    """A text as words and as stems, both at the same positions, of documents that stem every word alike."""

    def __init__(self) -> None:
        self.words = Occurrences()
        self._stems: dict[str, str] = {}
        self._pairs: set[tuple[str, str]] = set()
        self._by_stem: tuple[str, Places] = "", {}

    def fits(self, pairs: set[tuple[str, str]]) -> bool:
        """Whether a text of these words and their stems can be added; if so, note them."""
        new = pairs - self._pairs
        words = {word for word, _ in new}
        if len(words) < len(new) or not self._stems.keys().isdisjoint(words):
            return False
        self._stems.update(new)
        self._pairs |= new
        return True

    def by_stem(self) -> Places:
        """The occurrences of all words by their stems, found once."""
        if self._by_stem[0] != self.words.type:
            alike: defaultdict[str, list[array[int]]] = defaultdict(list)
            for word, places in self.words.places.items():
                alike[self._stems[word]].append(places)
            self._by_stem = self.words.type, {stem: _united(each) for stem, each in alike.items()}
        return self._by_stem[1]


class NewColumn:
    """One column of a segment in the making."""

    def __init__(self) -> None:
        self.lengths = array(COUNT)
        """How many tokens each document has, up to the last one that has any."""
        self.own = Occurrences()
        self._words: list[AlignedText] = []
        self._stems: list[AlignedText] = []

    def add_words(self, document: int, segments: Iterable[Segment]) -> int:
        """Add segments of tokens; gives how many positions they take up."""
        position = 0
        for gap, tokens in segments:
            self.own.add(document, tokens, position + gap)
            if gaps := tokens.count(GAP):
                del self.own.places[GAP]
            self.count(document, len(tokens) - gaps)
            position += gap + len(tokens) + 1  # no phrase goes on from one segment to the next
        return position

    def add_values(self, document: int, values: Sequence[str]) -> None:
        """Add whole values, each one token."""
        self.own.add(document, values, 0, step=2)
        self.count(document, len(values))

    def share(self, document: int, length: int, text: AlignedText, *, stems: bool) -> None:
        """Note that a document's words, or their stems, in an aligned text are tokens of this column, too."""
        known = self._stems if stems else self._words
        if text not in known:
            known.append(text)
        self.count(document, length)

    def count(self, document: int, length: int) -> None:
        """Note that a document has so many tokens more."""
        missing = document + 1 - len(self.lengths)
        if length and missing:
            self.lengths.frombytes(bytes(missing * self.lengths.itemsize))
        if length:
            self.lengths[document] += length

    def take_in(self, other: ColumnTerms, lengths: Iterable[int], numbers: array[int]) -> int:
        """Add what a finished segment's column holds; gives how many occurrences these are.

        Args:
            other: the column.
            lengths: how many of its tokens each document has.
            numbers: each document's number here, or -1 for one that is left out.
        """
        if other.is_wide:
            self.own.widen()
        for number, length in zip(numbers, lengths, strict=True):
            if number >= 0:
                self.count(number, length)
        bits, taken = self.own.bits, 0
        for token, occurrences in other.items():
            moved = [numbers[at >> 32] << bits | at & 0xFFFFFFFF for at in occurrences if numbers[at >> 32] >= 0]
            if moved:
                self.own.places[token].extend(moved)
                taken += len(moved)
        return taken

    def pieces(self) -> Iterator[bytes]:
        """What a file holds for the column, see `index.engines.whoosh_terms`."""
        parts = [self.own, *(text.words for text in self._words + self._stems)]
        if any(part.type == WIDE for part in parts):
            for part in parts:
                part.widen()
        places = dict(self.own.places)
        shared = [text.words.places for text in self._words] + [text.by_stem() for text in self._stems]
        for token, more in chain.from_iterable(each.items() for each in shared):
            known = places.get(token)
            places[token] = more if known is None else _united([known, more])
        return _pieces(places, self.own.type)


def _pieces(places: Places, code: str) -> Iterator[bytes]:
    tokens = sorted(places)
    keys = [token.encode() for token in tokens]
    if any(len(key) > MAX_TOKEN_BYTES for key in keys):
        tokens = [token for token, key in zip(tokens, keys, strict=True) if len(key) <= MAX_TOKEN_BYTES]
        keys = [token.encode() for token in tokens]
    arrays = [places[token] for token in tokens]
    text = b"".join(keys)
    yield HEAD.pack(len(keys), len(text), sum(map(len, arrays)), BYTES[code])
    yield little_endian(array(COUNT, accumulate(map(len, keys))))
    yield little_endian(array(COUNT, accumulate(map(len, arrays))))
    half = _HALF[code]
    yield little_endian(
        array(COUNT, [1 if len(each) == 1 else len(set(array(half, each.tobytes())[UPPER::2])) for each in arrays])
    )
    yield text
    yield b"".join(arrays if sys.byteorder == "little" else map(little_endian, arrays))


def _united(arrays: list[array[int]]) -> array[int]:
    """Occurrences of several tokens, rising."""
    if len(arrays) == 1:
        return arrays[0]
    return array(arrays[0].typecode, sorted(chain.from_iterable(arrays)))
