"""The files of the whoosh engine: whoosh's folder, its segments in one file each, its columns, but none of its pickles.

Reading a pickle can run code, so that an index from a stranger could do anything. Where whoosh has pickles, which is in
its table of contents (see `index.engines.whoosh_contents`) and in the directory of a segment's file, this engine has
JSON, and a file that it opens cannot be asked for a pickle.
"""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Never

from whoosh.columns import VarBytesColumn
from whoosh.filedb.compound import CompoundStorage
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile, StructFile

from index.engines.whoosh_occurrences import NewColumn
from index.engines.whoosh_terms import ColumnTerms, Terms

ID = "id"
NO_DAY = -(2**63)
LENGTH, DAY = "I", "q"  # the types of numbers in columns

_STORED = "stored"
_TERMS, _LENGTHS, _DAYS = ".terms", ".lengths", ".days"  # the parts of a segment's file: COLUMN.terms and so on
_BYTES = VarBytesColumn()
_COMPRESSION = 1
_MOST_STORED = 2**29  # bytes of one document, when no longer compressed; readers stop far below
_MOST_DIRECTORY = 2**20  # bytes


class Folder(FileStorage):  # type: ignore[misc]  # the library has no types
    """whoosh's folder of files, which can close what was left open by reading that failed."""

    def __init__(self, location: Path) -> None:
        super().__init__(str(location))
        self._opened: list[Any] = []

    def open_file(self, name: str, **options: Any) -> Any:
        """Open a file to read."""
        opened = _File(open(self._fpath(name), "rb"), name=name)  # noqa: SIM115, PTH123
        self._opened = [file for file in self._opened if not file.is_closed] + [opened]
        return opened

    def create_file(self, name: str, **options: Any) -> Any:
        """Open a new file to write."""
        return _File(open(self._fpath(name), "xb"), name=name)  # noqa: PTH123

    def close_files(self) -> None:
        """Close every file still open."""
        for file in self._opened:
            if not file.is_closed:
                file.close()
        self._opened = []


class _File(StructFile):  # type: ignore[misc]
    """whoosh's file, with JSON where whoosh would have a pickle."""

    def write_pickle(self, obj: Any, protocol: int = -1) -> None:
        data = json.dumps(obj).encode()
        self.write_uint(len(data))
        self.write(data)

    def read_pickle(self) -> Any:
        length = self.read_uint()
        if length > _MOST_DIRECTORY:
            raise ValueError("the directory of a segment is too long")
        return json.loads(self.read(length))


class _Part(BufferFile):  # type: ignore[misc]
    """A part of a segment's file, in the memory that the file is mapped to."""

    def __init__(self, data: memoryview, name: str) -> None:
        super().__init__(b"", name=name)  # which would copy it
        self._buf = data

    def read_pickle(self) -> Never:
        raise ValueError("no part of a segment holds pickles")


class SegmentFile(CompoundStorage):  # type: ignore[misc]
    """The file of a finished segment, open to be read.

    Args:
        folder: where it is.
        name: of the file.
        count: how many documents the segment has.
    """

    def __init__(self, folder: Folder, name: str, count: int) -> None:
        self._count = count
        size = folder.file_length(name)
        super().__init__(folder.open_file(name))
        for part in self._dir.values():
            start, length = part["offset"], part["length"]
            if not (isinstance(start, int) and isinstance(length, int) and 0 <= start <= start + length <= size):
                raise ValueError("a part of a segment lies outside of its file")

    def open_file(self, name: str, *arguments: Any, **options: Any) -> Any:
        """Open a part to read."""
        return _Part(self._view(name), name)

    def terms(self) -> Terms:
        """The terms of every column that has any."""
        named = [name.removesuffix(_TERMS) for name in self.list() if name.endswith(_TERMS)]
        return Terms({name: ColumnTerms(self._view(name + _TERMS)) for name in named})

    def ids(self) -> list[str]:
        """The id of every document."""
        with self.open_file(ID) as part:
            return [bytes(value).decode() for value in self._texts(part)]

    def lengths(self, column: str) -> array[int]:
        """How many tokens of a column each document has."""
        return self._numbers(column + _LENGTHS, LENGTH, 0)

    def days(self, column: str) -> array[int]:
        """The day of each document, or `NO_DAY`."""
        return self._numbers(column + _DAYS, DAY, NO_DAY)

    def stored(self) -> Stored:
        """What is stored for every document."""
        part = self.open_file(_STORED)
        return Stored(part, self._texts(part))

    def _texts(self, part: Any) -> Any:
        return _BYTES.reader(part, 0, self.file_length(part._name), self._count)

    def _numbers(self, name: str, code: str, missing: int) -> array[int]:
        """A column of numbers as whoosh has them. It ends with the last document that has one."""
        numbers = array(code)
        if self.file_exists(name):
            with self.open_file(name) as part:
                numbers = part.get_array(0, code, self.file_length(name) // numbers.itemsize)
        if len(numbers) > self._count:
            raise IndexError("a column has more values than there are documents")
        numbers.extend(array(code, [missing]) * (self._count - len(numbers)))
        return numbers

    def _view(self, name: str) -> memoryview:
        start, length = self.range(name)
        if self._source:
            return memoryview(self._source)[start : start + length]
        return memoryview(self._file.get(start, length))  # where memory does not suffice for mapping the file


class Stored:
    """What is stored for the documents of a segment."""

    def __init__(self, part: Any, texts: Any) -> None:
        self._part = part
        self._texts = texts

    def __getitem__(self, document: int) -> str:
        decompressor = zlib.decompressobj()
        data = decompressor.decompress(self._texts[document], _MOST_STORED)
        if not decompressor.eof:
            raise zlib.error("a document is not whole, or too long")
        return data.decode()

    def close(self) -> None:
        """Let go of the data."""
        self._part.close()


class NewSegmentFile:
    """The file of a segment in the making. What is stored for documents is written at once, all else at the end."""

    def __init__(self, folder: Folder, name: str) -> None:
        self._folder = folder
        self._name = name
        self._file = folder.create_file(name)
        self._file.write_long(0)  # where the directory is,
        self._file.write_int(0)  # and how long: both are written last
        self._directory: dict[str, dict[str, int]] = {}
        self._started = self._file.tell()
        self._stored = _BYTES.writer(self._file)
        self.stored_bytes = 0

    def store(self, document: int, text: bytes) -> None:
        """Add what is stored for the next document."""
        data = zlib.compress(text, _COMPRESSION)
        self.stored_bytes += len(data)
        self._stored.add(document, data)

    def finish(self, ids: list[str], columns: Mapping[str, NewColumn], days: Mapping[str, array[int]]) -> None:
        """Write everything else, and close the file."""
        self._stored.finish(len(ids))
        self._end_part(_STORED)
        column = _BYTES.writer(self._file)
        for document, name in enumerate(ids):
            column.add(document, name.encode())
        column.finish(len(ids))
        self._end_part(ID)
        for name, terms in columns.items():
            for piece in terms.pieces():
                self._file.write(piece)
            self._end_part(name + _TERMS)
            self._file.write_array(terms.lengths)
            self._end_part(name + _LENGTHS)
        for name, numbers in days.items():
            self._file.write_array(numbers)
            self._end_part(name + _DAYS)
        CompoundStorage.write_dir(self._file, 0, self._directory)

    def discard(self) -> None:
        """Remove the file."""
        with suppress(OSError):  # closing it writes what is left in memory, for which there may be no space
            if not self._file.is_closed:
                self._file.close()
        self._folder.delete_file(self._name)

    def _end_part(self, name: str) -> None:
        end = self._file.tell()
        self._directory[name] = {"offset": self._started, "length": end - self._started}
        self._started = end
