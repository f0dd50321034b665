"""How the whoosh engine keeps an index in whoosh's files: a codec with postings of its own.

whoosh's own codec spends most of its time in Python calls for every posting. This one takes ready tokens and keeps, for
each token of a column, one sorted array of numbers: document << 32 | position. Everything else is whoosh's: segments
in one file each, per-document columns, hashed and ordered dictionaries, tables of contents, locks.

whoosh writes some of its structures as pickles, and reading a pickle can run code: never open an index from someone you
don't trust.
"""

from __future__ import annotations

import secrets
import struct
import sys
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import md5
from itertools import starmap
from pathlib import Path
from typing import Any

from whoosh import columns
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import OrderedHashReader, OrderedHashWriter

INDEX_NAME = "MAIN"
ID = "id"
ID_COLUMN = columns.VarBytesColumn()
STORED = "stored"
STORED_COLUMN = columns.CompressedBytesColumn(level=1)
LENGTH_COLUMN = columns.NumericColumn("I")  # tokens of a column in a document
NO_DAY = -(2**63)
DAY_COLUMN = columns.NumericColumn("q", default=NO_DAY)

MAX_TOKEN_BYTES = 65_530
"""Longer tokens are not indexed, by this engine or by tantivy."""

_HEADER = struct.Struct("<II")  # documents, occurrences
_LENGTHS = struct.Struct("!ii")  # of a key and its value, as whoosh writes them
_POINTER = struct.Struct("!Iq")  # a key's hash and its place in the file, likewise
_NUMBER_BYTES = 8
_WORTH_COMPRESSING = 256  # bytes


class Storage(FileStorage):  # type: ignore[misc]  # the library has no types
    """whoosh's folder of files, which can close what was left open by reading that failed."""

    def __init__(self, location: Path) -> None:
        super().__init__(str(location))
        self._opened: list[Any] = []

    def open_file(self, name: str, **options: Any) -> Any:
        opened = super().open_file(name, **options)
        self._opened = [file for file in self._opened if not file.is_closed] + [opened]
        return opened

    def close_files(self) -> None:
        """Close every file still open."""
        for file in self._opened:
            if not file.is_closed:
                file.close()
        self._opened = []


class Pool:
    """The occurrences of a segment in the making, by column and token. Documents are added in rising order."""

    def __init__(self) -> None:
        self.columns: dict[str, dict[str, array[int]]] = {}
        self.size = 0

    def column(self, name: str) -> dict[str, array[int]]:
        """The tokens of a column; one that is not there yet starts empty."""
        tokens = self.columns.get(name)
        if tokens is None:
            tokens = self.columns[name] = defaultdict(partial(array, "Q"))
        return tokens

    def add_words(self, column: str, document: int, segments: Iterable[str]) -> int:
        """Add segments of space-joined tokens; gives how many tokens they held."""
        tokens = self.column(column)
        start = at = document << 32
        gaps = 0
        for segment in segments:
            for token in segment.split(" "):
                if token:
                    tokens[token].append(at)
                    at += 1
            at += 1  # no phrase goes on from one segment to the next
            gaps += 1
        count = at - start - gaps
        self.size += count
        return count

    def add_values(self, column: str, document: int, values: Iterable[str]) -> int:
        """Add whole values, each one token; gives how many."""
        tokens = self.column(column)
        start = at = document << 32
        for value in values:
            tokens[value].append(at)
            at += 2
        count = (at - start) // 2
        self.size += count
        return count


class TokenCodec(W3Codec):  # type: ignore[misc]  # the library has no types
    """whoosh's codec but for terms and postings."""

    def new_segment(self, storage: Any, indexname: str) -> Any:
        # Named by the operating system's randomness: whoosh's own names repeat for who seeds Python's.
        return W3Segment(self, indexname, segid=secrets.token_hex(8))

    def write_terms(self, storage: Any, segment: Any, pool: Pool) -> None:
        """Write all terms of a segment."""
        names = sorted(pool.columns)
        writer = _TermsWriter(segment.create_file(storage, self.TERMS_EXT))
        writer.extras["columns"] = names
        for number, name in enumerate(names):
            mark = number.to_bytes(2, "big")
            tokens = pool.columns[name]
            writer.add_all(
                (mark + key, _packed(tokens[token]))
                for token in sorted(tokens)
                if len(key := token.encode()) <= MAX_TOKEN_BYTES
            )
        writer.close()

    def terms_reader(self, storage: Any, segment: Any) -> TermsReader:
        name = segment.make_filename(self.TERMS_EXT)
        return TermsReader(OrderedHashReader(storage.open_file(name), storage.file_length(name)))


class _TermsWriter(OrderedHashWriter):  # type: ignore[misc]  # the library has no types
    """whoosh's ordered dictionary, written in the same form in less time."""

    lastkey: bytes

    def add_all(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Add pairs of keys, which rise, and values."""
        write, lengths, add_place = self.dbfile.write, _LENGTHS.pack, self.index.append
        at, last = self.dbfile.tell(), self.lastkey
        for key, value in items:
            if key <= last:
                raise ValueError(f"keys must rise: {last!r}, {key!r}")
            pair = lengths(len(key), len(value)) + key + value
            write(pair)
            hashed = int.from_bytes(md5(key, usedforsecurity=False).digest()[-4:], "big")
            self.buckets[hashed & 255].append((hashed, at))
            add_place(at)
            at += len(pair)
            last = key
        self.lastkey = last

    def _write_hashes(self) -> None:
        for entries in self.buckets:
            count = 2 * len(entries)
            self.directory.append((self.dbfile.tell(), count))
            table = [(0, 0)] * count
            for hashed, at in entries:
                slot = (hashed >> 8) % count
                while table[slot][1]:  # no key stands at the beginning
                    slot = (slot + 1) % count
                table[slot] = (hashed, at)
            self.dbfile.write(b"".join(starmap(_POINTER.pack, table)))


class TermsReader:
    """The terms of a segment. Keep one to one thread at a time."""

    def __init__(self, table: Any) -> None:
        self._table = table
        self._marks = {name: number.to_bytes(2, "big") for number, name in enumerate(table.extras["columns"])}

    @property
    def columns(self) -> Iterable[str]:
        """The columns that have terms."""
        return self._marks.keys()

    def occurrences(self, column: str, token: str) -> array[int] | None:
        """Where a token occurs, as document << 32 | position; None when it does not."""
        mark = self._marks.get(column)
        value = None if mark is None else self._table.get(mark + token.encode())
        return None if value is None else _unpacked(bytes(value))

    def doc_freq(self, column: str, token: str) -> int:
        """How many documents hold a token."""
        mark = self._marks.get(column)
        value = None if mark is None else self._table.get(mark + token.encode())
        return 0 if value is None else int(_HEADER.unpack_from(value)[0])

    def tokens(self, column: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        """The tokens that start with `prefix`, sorted, with their document frequencies."""
        for token, value in self._items(column, prefix):
            yield token, _HEADER.unpack_from(value)[0]

    def items(self, column: str, prefix: str = "") -> Iterator[tuple[str, array[int]]]:
        """The tokens of a column that start with `prefix`, sorted, with their occurrences."""
        for token, value in self._items(column, prefix):
            yield token, _unpacked(value)

    def _items(self, column: str, prefix: str) -> Iterator[tuple[str, bytes]]:
        mark = self._marks.get(column)
        if mark is None:
            return
        start = mark + prefix.encode()
        for key, value in self._table.items_from(start):
            if not bytes(key).startswith(start):
                return
            yield bytes(key[len(mark) :]).decode(), bytes(value)

    def close(self) -> None:
        """Let go of the file."""
        self._table.close()


def _packed(occurrences: array[int]) -> bytes:
    documents = len({number >> 32 for number in occurrences}) if len(occurrences) > 1 else 1
    plain = _little_endian(occurrences).tobytes()
    payload = plain
    if len(plain) >= _WORTH_COMPRESSING:
        # All first bytes, then all second ones and so on: neighbours are then alike.
        compressed = zlib.compress(b"".join([plain[at::_NUMBER_BYTES] for at in range(_NUMBER_BYTES)]), 1)
        if len(compressed) < len(plain):
            payload = compressed
    return _HEADER.pack(documents, len(occurrences)) + payload


def _unpacked(value: bytes) -> array[int]:
    _, count = _HEADER.unpack_from(value)
    payload = value[_HEADER.size :]
    if len(payload) != count * _NUMBER_BYTES:
        mixed = zlib.decompress(payload)
        plain = bytearray(len(mixed))
        for at in range(_NUMBER_BYTES):
            plain[at::_NUMBER_BYTES] = mixed[at * count : (at + 1) * count]
        payload = bytes(plain)
    occurrences = array("Q")
    occurrences.frombytes(payload)
    return _little_endian(occurrences)


def _little_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers
