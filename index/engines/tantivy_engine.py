"""The tantivy engine: for some tens of millions of documents on one machine.

Each column is a field of the library that only cuts at spaces (or not at all); nothing is analysed here. Beside them
an index holds the id (to delete by), a number that orders documents almost as their ids do (to break ties among many of
them cheaply) and the stored document.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import tantivy

from index.engines.contract import AnalysedDocument, Feature, SegmentSize, ordering_value
from index.engines.surrogates import escape_surrogates, without_surrogates
from index.engines.tantivy_library import (
    CONTENTS,
    ID,
    ID_NUMBER,
    MANAGED,
    STORED,
    Reporting,
    files_of_commit,
    first_bytes,
    library_schema,
    number_column,
    open_for_writing,
    segments_of_commit,
)
from index.errors import IndexDamaged
from index.schema import Schema

if TYPE_CHECKING:
    from index.engines.tantivy_searcher import TantivySearcher

# For each writing thread. A segment is written whenever it is full; with 128 MB, it would take as much longer, and more
# documents would wait.
_HEAP_BYTES = 64_000_000
_LEAST_HEAP_BYTES = 15_000_000  # with which it opens a writer
_TEMPORARY = ".tmp*"
"""What the library calls files that are to replace others."""

# Reading keeps two processors at work, and one thread takes a tenth less of them than two would: it writes half as many
# segments, which are merged later, and searched faster.
_THREADS = 1 if (os.cpu_count() or 1) <= 2 else 2
_LOOKS = 25  # at whether it is done
_PAUSE_SECONDS = 0.01
_PRIVATE_FILES = (CONTENTS, MANAGED)  # which the library creates for its user alone


class TantivyWriter:
    """See `index.engines.contract.Writer`."""

    def __init__(self, location: Path, schema: Schema) -> None:
        from index.engines.tantivy_memory import WritersMemory  # not for a search

        self._location = location
        self._schema = library_schema(schema)
        self._ordered = [(column.name, number_column(column.name)) for column in schema.columns if column.is_ordered]
        self._memory = WritersMemory()
        with Reporting(location):
            if not tantivy.Index.exists(str(location)):
                raise IndexDamaged("the index has no meta.json", where=str(location), remedy="Build it again.")
            # Opened anew every time: a writer that keeps an old list of segments leaves orphans behind.
            index = open_for_writing(location)
            self._writer: tantivy.IndexWriter | None = index.writer(_HEAP_BYTES * _THREADS, _THREADS)
        self._is_changed = False  # since the last commit

    def add(self, document: AnalysedDocument) -> None:
        """See `Writer.add`."""
        values: dict[str, Any] = {ID: document.id, ID_NUMBER: first_bytes(document.id)}
        values.update(document.columns)
        for name, number in self._ordered:
            if name in values:
                key = ordering_value(values.pop(name))
                if key:
                    values[name], values[number] = [key], first_bytes(key)
        try:
            values[STORED] = document.stored
            made = tantivy.Document.from_dict(values, self._schema)
        except ValueError:  # half characters
            made = tantivy.Document.from_dict(_without_surrogates(values, document.stored), self._schema)
        self._memory.make_room(len(document.stored))
        self._is_changed = True
        with Reporting(self._location):
            self._open().add_document(made)

    def delete(self, ids: Iterable[str]) -> None:
        """See `Writer.delete`."""
        writer = self._open()
        self._is_changed = True
        with Reporting(self._location):
            for unwanted in ids:
                writer.delete_documents_by_term(ID, without_surrogates(unwanted))

    def commit(self) -> None:
        """See `Writer.commit`."""
        writer = self._open()
        if self._is_changed:  # it takes ten milliseconds for nothing, too
            with Reporting(self._location):
                writer.commit()
                writer.garbage_collect_files()
            self._is_changed = False
        _share_files(self._location)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.commit()
            else:
                with Reporting(self._location):
                    self._open().rollback()
        finally:
            writer, self._writer = self._writer, None
            if writer is not None:
                with Reporting(self._location):
                    writer.wait_merging_threads()
                self._memory.let_go()
                _share_files(self._location)
                if not _has_removed_all(self._location):  # of a merge that came to nothing since a commit came first
                    ENGINE.tidy(self._location)

    def _open(self) -> tantivy.IndexWriter:
        if self._writer is None:
            raise RuntimeError("the writer is closed")
        return self._writer


def _has_removed_all(location: Path) -> bool:
    """Whether the library has removed what it merged, which a thread does that it does not wait for itself; nor do we
    for ever."""
    for _ in range(_LOOKS):
        if MANAGED in files_of_commit(location):
            return True
        time.sleep(_PAUSE_SECONDS)
    return False


def _share_files(location: Path) -> None:
    """Give the library's private files the permissions of its others, so that who may read an index can."""
    mode = (location / ".tantivy-writer.lock").stat().st_mode & 0o777
    for name in _PRIVATE_FILES:
        path = location / name
        if path.stat().st_mode & 0o777 != mode:
            path.chmod(mode)


def _without_surrogates(values: dict[str, Any], stored: str) -> dict[str, Any]:
    clean: dict[str, Any] = {STORED: escape_surrogates(stored)}
    for name, value in values.items():
        if isinstance(value, list):
            clean[name] = [without_surrogates(segment) for segment in value]
        elif name != STORED:
            clean[name] = without_surrogates(value) if isinstance(value, str) else value
    return clean


class TantivyEngine:
    """See `index.engines.contract.Engine`."""

    name = "tantivy"
    features = frozenset(Feature)
    rewritten = frozenset(_PRIVATE_FILES)

    def create(self, location: Path, schema: Schema) -> None:
        """See `Engine.create`."""
        with Reporting(location):
            tantivy.Index(library_schema(schema), str(location), reuse=False)

    def writer(self, location: Path, schema: Schema) -> TantivyWriter:
        """See `Engine.writer`."""
        return TantivyWriter(location, schema)

    def searcher(self, location: Path, schema: Schema) -> TantivySearcher:
        """See `Engine.searcher`."""
        from index.engines.tantivy_searcher import TantivySearcher  # not for a build, which seldom asks

        return TantivySearcher(location, schema)

    def files(self, location: Path) -> list[str]:
        """See `Engine.files`."""
        return files_of_commit(location)

    def tidy(self, location: Path) -> None:
        """See `Engine.tidy`."""
        with Reporting(location):
            for path in location.glob(_TEMPORARY):
                path.unlink(missing_ok=True)
            writer = open_for_writing(location).writer(_LEAST_HEAP_BYTES, 1)
            writer.garbage_collect_files()
            writer.wait_merging_threads()
            _share_files(location)
        _has_removed_all(location)

    def segments(self, location: Path) -> list[SegmentSize]:
        """See `Engine.segments`."""
        return segments_of_commit(location)


ENGINE = TantivyEngine()
