"""The terms of a segment of the whoosh engine: which tokens a column holds, and where each of them stands.

whoosh's own codec spends most of its time in Python calls for every posting. Here a column's part of a segment's file
is five plain arrays, written and read as wholes: where each token's text ends, where its occurrences end, in how many
documents it stands, all texts one after the other in order, and all occurrences. An occurrence is a number, document
<< 16 | position, or document << 32 | position in a column of which some document has too many tokens for that.
Positions need not begin with 0.
"""

from __future__ import annotations

import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

MAX_TOKEN_BYTES = 65_530
"""Longer tokens are not indexed, by this engine or by tantivy."""

HEAD = struct.Struct("<4Q")  # tokens, bytes of text, occurrences, bytes of an occurrence
COUNT = "I"  # the type of the arrays but for the occurrences
NARROW, WIDE = "I", "Q"  # the types of occurrences
BYTES = {NARROW: 4, WIDE: 8}
UPPER = 1 if sys.byteorder == "little" else 0  # which half of an occurrence in memory is the document

_COUNT_BYTES = 4


class ColumnTerms:
    """The terms of one column of a finished segment.

    Args:
        data: the column's part of the segment's file. Kept until `close`.

    Raises:
        ValueError, struct.error: if the data is not of the size that it says.
    """

    def __init__(self, data: memoryview) -> None:
        self._count, text, places, width = HEAD.unpack_from(data)
        numbers = self._count * _COUNT_BYTES
        if width not in BYTES.values() or len(data) != HEAD.size + 3 * numbers + text + places * width:
            raise ValueError("a column has another size than it says")
        self.is_wide = width == BYTES[WIDE]
        self._width = width
        starts = list(accumulate((numbers, numbers, numbers, text), initial=HEAD.size))
        self._text_ends, self._places_ends, self._freqs = (_counts(data[at : at + numbers]) for at in starts[:3])
        self._text = data[starts[3] : starts[4]]
        self._places = data[starts[4] :]

    def occurrences(self, token: str) -> array[int] | None:
        """Where a token occurs, as document << 32 | position; None when it does not."""
        at = self._find(token)
        return None if at is None else self._occurrences(at)

    def doc_freq(self, token: str) -> int:
        """How many documents hold a token."""
        at = self._find(token)
        return 0 if at is None else int(self._freqs[at])

    def tokens(self, prefix: str = "") -> Iterator[tuple[str, int]]:
        """The tokens that start with `prefix`, sorted, with their document frequencies."""
        for at, token in self._from(prefix):
            yield token, self._freqs[at]

    def items(self, prefix: str = "") -> Iterator[tuple[str, array[int]]]:
        """The tokens that start with `prefix`, sorted, with their occurrences."""
        for at, token in self._from(prefix):
            yield token, self._occurrences(at)

    def close(self) -> None:
        """Let go of the data."""
        for view in (self._text_ends, self._places_ends, self._freqs, self._text, self._places):
            if isinstance(view, memoryview):
                view.release()

    def _key(self, at: int) -> bytes:
        start = self._text_ends[at - 1] if at else 0
        return bytes(self._text[start : self._text_ends[at]])

    def _find(self, token: str) -> int | None:
        key = token.encode()
        at = bisect_left(range(self._count), key, key=self._key)
        return at if at < self._count and self._key(at) == key else None

    def _from(self, prefix: str) -> Iterator[tuple[int, str]]:
        key = prefix.encode()
        for at in range(bisect_left(range(self._count), key, key=self._key), self._count):
            token = self._key(at)
            if not token.startswith(key):
                return
            yield at, token.decode()

    def _occurrences(self, at: int) -> array[int]:
        start = self._places_ends[at - 1] if at else 0
        places = array(WIDE if self.is_wide else NARROW)
        places.frombytes(self._places[start * self._width : self._places_ends[at] * self._width])
        if sys.byteorder == "big":
            places.byteswap()
        return places if self.is_wide else widened(places)


class Terms:
    """The terms of all columns of a finished segment. Keep one to one thread at a time."""

    def __init__(self, columns: Mapping[str, ColumnTerms]) -> None:
        self.columns = columns

    def occurrences(self, column: str, token: str) -> array[int] | None:
        """See `ColumnTerms.occurrences`."""
        terms = self.columns.get(column)
        return terms.occurrences(token) if terms else None

    def doc_freq(self, column: str, token: str) -> int:
        """See `ColumnTerms.doc_freq`."""
        terms = self.columns.get(column)
        return terms.doc_freq(token) if terms else 0

    def tokens(self, column: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """See `ColumnTerms.tokens`."""
        terms = self.columns.get(column)
        return terms.tokens(prefix) if terms else iter(())

    def items(self, column: str, prefix: str = "") -> Iterator[tuple[str, array[int]]]:
        """See `ColumnTerms.items`."""
        terms = self.columns.get(column)
        return terms.items(prefix) if terms else iter(())

    def close(self) -> None:
        """Let go of the data."""
        for terms in self.columns.values():
            terms.close()


def widened(places: array[int]) -> array[int]:
    """Occurrences with 16 bits for the position as ones with 32."""
    halves = array("H", places.tobytes())
    wide = array("H", bytes(2 * len(places) * BYTES[NARROW]))
    # Each half goes into the lower half of one twice as wide, wherever in memory that is.
    lower = 1 - UPPER
    wide[2 * lower + lower :: 4] = halves[lower::2]
    wide[2 * UPPER + lower :: 4] = halves[UPPER::2]
    return array(WIDE, wide.tobytes())


def _counts(data: memoryview) -> Any:
    """An array of counts that is little-endian in a file."""
    if sys.byteorder == "little":
        return data.cast("I")  # `COUNT`
    counts = array(COUNT, data.tobytes())
    counts.byteswap()
    return counts


def little_endian(numbers: array[int]) -> bytes:
    """An array as it stands in a file."""
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()
