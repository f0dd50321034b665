"""The whoosh engine: for small collections, anywhere Python runs.

It keeps its index in whoosh's files (see `index.engines.whoosh_files`, also for a warning) and evaluates queries by
itself (see `index.engines.whoosh_query`), since whoosh's own matchers count slop, fuzziness and negation otherwise.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from whoosh.fields import Schema as LibrarySchema
from whoosh.index import TOC, LockError, clean_files

from index.engines.contract import AnalysedDocument, Feature, ordering_value
from index.engines.surrogates import escape_surrogates, without_surrogates
from index.engines.whoosh_files import (
    DAY_COLUMN,
    ID,
    ID_COLUMN,
    INDEX_NAME,
    LENGTH_COLUMN,
    STORED,
    STORED_COLUMN,
    Pool,
    Storage,
    TokenCodec,
)
from index.engines.whoosh_searcher import WhooshSearcher
from index.engines.whoosh_segment import Segment, open_segments, reporting
from index.schema import Schema

# What a segment may hold, since it is made in memory: some 150 MB.
_MOST_TOKENS = 8_000_000
_MOST_DOCUMENTS = 20_000


class WhooshWriter:
    """See `index.engines.contract.Writer`."""

    def __init__(self, location: Path, schema: Schema) -> None:
        self._location = location
        self._schema = schema
        self._storage = Storage(location)
        self._codec = TokenCodec()
        self._closed = False
        self._lock = self._storage.lock(f"{INDEX_NAME}_WRITELOCK")
        with reporting(location, opening=True):
            if not self._lock.acquire():
                raise LockError
            try:
                self._open()
            except BaseException:
                self._lock.release()
                raise

    def _open(self) -> None:
        """Start from the last commit."""
        self._generation, self._segments = open_segments(self._storage)
        self._new: NewSegment | None = None
        self._changed = False

    def add(self, document: AnalysedDocument) -> None:
        """See `Writer.add`."""
        self._check_open()
        with reporting(self._location):
            if self._new is None:
                self._new = NewSegment(self._storage, self._codec, self._schema)
            self._new.add(document)
            if self._new.pool.size >= _MOST_TOKENS or self._new.count >= _MOST_DOCUMENTS:
                self._finish_segment()

    def delete(self, ids: Iterable[str]) -> None:
        """See `Writer.delete`."""
        self._check_open()
        with reporting(self._location):
            for unwanted in map(without_surrogates, ids):
                if self._new is not None and self._new.delete(unwanted):
                    continue
                for segment in self._segments:
                    for number in segment.terms.occurrences(ID, unwanted) or ():
                        if not segment.description.is_deleted(number >> 32):
                            segment.description.delete_document(number >> 32)
                            self._changed = True

    def commit(self) -> None:
        """See `Writer.commit`."""
        self._check_open()
        with reporting(self._location):
            self._commit()
            self._close_segments()
            self._open()

    def _commit(self) -> None:
        if self._new is None and not self._changed:
            return
        self._merge()
        self._finish_segment()
        kept = [segment.description for segment in self._segments]
        for description in kept:
            _sync(self._location / description.make_filename(description.COMPOUND_EXT))
        generation = self._generation + 1
        TOC(LibrarySchema(), kept, generation).write(self._storage, INDEX_NAME)
        _sync(self._location / TOC._filename(INDEX_NAME, generation))
        _sync(self._location)
        clean_files(self._storage, INDEX_NAME, generation, kept)

    def _merge(self) -> None:
        """Write small segments, and those of which much is deleted, together with the new one.

        A segment goes into one at least half again as large, so that a document is rewritten only a few times and an
        index of n documents has some log n segments.
        """
        total = len(self._new.live) if self._new else 0
        for segment in sorted(self._segments, key=lambda segment: segment.description.doc_count()):
            live = segment.description.doc_count()
            if live > 2 * total and live * 3 > segment.count * 2:
                continue
            if total and total + live > _MOST_DOCUMENTS:
                continue
            if live:
                if self._new is None:
                    self._new = NewSegment(self._storage, self._codec, self._schema)
                self._new.take_in(segment)
                total += live
            self._segments.remove(segment)
            segment.close()

    def _finish_segment(self) -> None:
        if self._new is not None:
            new, self._new = self._new, None
            description = new.finish()
            if description is not None:
                self._segments.append(Segment(self._storage, description))
            self._changed = True

    def _close_segments(self) -> None:
        for segment in self._segments:
            segment.close()
        self._segments = []

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError("the writer is closed")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                with reporting(self._location):
                    self._commit()
            elif self._new is not None:
                self._new.discard()
        finally:
            self._closed = True
            self._close_segments()
            self._lock.release()


class NewSegment:
    """A segment in the making."""

    def __init__(self, storage: Storage, codec: TokenCodec, schema: Schema) -> None:
        self._storage = storage
        self._codec = codec
        self._schema = schema
        self._description = codec.new_segment(storage, INDEX_NAME)
        self._documents: Any = codec.per_document_writer(storage, self._description)
        self._text_columns = [(column.name, column.has_positions) for column in schema.columns if not column.is_day]
        self._ordered = {column.name for column in schema.columns if column.is_ordered}
        self._day_columns = [column.name for column in schema.columns if column.is_day]
        self._by_id: dict[str, int] = {}
        self.pool = Pool()
        self.count = 0

    @property
    def live(self) -> frozenset[int]:
        """The documents not deleted again."""
        return frozenset(self._by_id.values())

    def add(self, document: AnalysedDocument) -> None:
        """Add a document."""
        number = self._start(without_surrogates(document.id), escape_surrogates(document.stored).encode())
        for name, has_positions in self._text_columns:
            segments = document.columns.get(name)
            if segments is None:
                continue
            if isinstance(segments, int):
                raise TypeError(f"the column {name} holds words, not {segments!r}")
            if name in self._ordered:
                segments = [value] if (value := ordering_value(segments)) else []
            segments = [segment if _encodable(segment) else without_surrogates(segment) for segment in segments]
            add = self.pool.add_words if has_positions else self.pool.add_values
            length = add(name, number, segments)
            self._documents.add_column_value(name, LENGTH_COLUMN, length)
        for name in self._day_columns:
            day = document.columns.get(name)
            if day is not None:
                self._documents.add_column_value(name, DAY_COLUMN, day)
        self._documents.finish_doc()

    def delete(self, id: str) -> bool:
        """Delete a document added before, if there is one."""
        number = self._by_id.pop(id, None)
        if number is None:
            return False
        self._description.delete_document(number)
        return True

    def take_in(self, other: Segment) -> None:
        """Add all documents of another segment that are not deleted."""
        numbers = array("q", [-1]) * other.count
        for number in sorted(other.live):
            numbers[number] = self._start(other.ids[number], other.stored(number).encode())
            for name, _ in self._text_columns:
                if length := other.lengths(name)[number]:
                    self._documents.add_column_value(name, LENGTH_COLUMN, length)
            for name in self._day_columns:
                day = other.days(name)[number]
                if day is not None:
                    self._documents.add_column_value(name, DAY_COLUMN, day)
            self._documents.finish_doc()
        for column in other.terms.columns:
            if column == ID:
                continue
            tokens = self.pool.column(column)
            for token, occurrences in other.terms.items(column):
                moved = [
                    numbers[number >> 32] << 32 | number & 0xFFFFFFFF
                    for number in occurrences
                    if numbers[number >> 32] >= 0
                ]
                if moved:
                    tokens[token].extend(moved)
                    self.pool.size += len(moved)

    def finish(self) -> Any:
        """Write the segment; gives whoosh's description of it, or None when all its documents were deleted again."""
        self._documents.close()
        if not self._by_id:
            self._remove_files()
            return None
        self._description.set_doc_count(self.count)
        self._codec.write_terms(self._storage, self._description, self.pool)
        self._description.create_compound_file(self._storage)
        self._remove_temporary()
        return self._description

    def discard(self) -> None:
        """Remove what was written so far."""
        self._documents.close()
        self._remove_files()

    def _start(self, id: str, stored: bytes) -> int:
        """Start a document with its id and what is stored for it; gives its number."""
        number = self.count
        self._documents.start_doc(number)
        self._documents.add_column_value(ID, ID_COLUMN, id.encode())
        self._documents.add_column_value(STORED, STORED_COLUMN, stored)
        self.pool.add_values(ID, number, [id])
        self._by_id[id] = number
        self.count += 1
        return number

    def _remove_files(self) -> None:
        for name in self._description.list_files(self._storage):
            self._storage.delete_file(name)
        self._remove_temporary()

    def _remove_temporary(self) -> None:
        self._storage.temp_storage(f"{INDEX_NAME}.tmp").destroy()


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _sync(path: Path) -> None:
    """Have the operating system write a file or folder to its medium."""
    if os.name == "nt" and path.is_dir():
        return  # where folders cannot be opened
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class WhooshEngine:
    """See `index.engines.contract.Engine`."""

    name = "whoosh"
    features = frozenset(Feature)

    def create(self, location: Path, schema: Schema) -> None:
        """See `Engine.create`."""
        with reporting(location):
            TOC.create(Storage(location), LibrarySchema(), INDEX_NAME)

    def writer(self, location: Path, schema: Schema) -> WhooshWriter:
        """See `Engine.writer`."""
        return WhooshWriter(location, schema)

    def searcher(self, location: Path, schema: Schema) -> WhooshSearcher:
        """See `Engine.searcher`."""
        return WhooshSearcher(location, schema)


ENGINE = WhooshEngine()
