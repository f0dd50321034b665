"""The tantivy engine: for some tens of millions of documents on one machine.

Each column is a field of the library that only cuts at spaces (or not at all); nothing is analysed here. Beside them
an index holds the id (to delete by), a number that orders documents almost as their ids do (to break ties among many of
them cheaply) and the stored document.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import tantivy

from index.engines.contract import AnalysedDocument, Feature, ordering_value
from index.engines.surrogates import escape_surrogates, without_surrogates
from index.engines.tantivy_library import ID, ID_NUMBER, STORED, Reporting, first_bytes, library_schema, number_column
from index.engines.tantivy_searcher import TantivySearcher
from index.errors import IndexDamaged
from index.schema import Schema

_HEAP_BYTES = 128_000_000  # for all writing threads together; a segment is written whenever it is full
_THREADS = min(2, os.cpu_count() or 1)  # more only help where analysis does not use the processors
_PRIVATE_FILES = ("meta.json", ".managed.json")  # which the library creates for its user alone


class TantivyWriter:
    """See `index.engines.contract.Writer`."""

    def __init__(self, location: Path, schema: Schema) -> None:
        self._location = location
        self._schema = library_schema(schema)
        self._ordered = [(column.name, number_column(column.name)) for column in schema.columns if column.is_ordered]
        with Reporting(location):
            if not tantivy.Index.exists(str(location)):
                raise IndexDamaged("the index has no meta.json", where=str(location), remedy="Build it again.")
            # Opened anew every time: a writer that keeps an old list of segments leaves orphans behind.
            index = tantivy.Index.open(str(location))
            self._writer: tantivy.IndexWriter | None = index.writer(_HEAP_BYTES, _THREADS)

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
            values[STORED] = document.stored.encode()
            made = tantivy.Document.from_dict(values, self._schema)
        except UnicodeEncodeError:
            made = tantivy.Document.from_dict(_without_surrogates(values, document.stored), self._schema)
        with Reporting(self._location):
            self._open().add_document(made)

    def delete(self, ids: Iterable[str]) -> None:
        """See `Writer.delete`."""
        writer = self._open()
        with Reporting(self._location):
            for unwanted in ids:
                writer.delete_documents_by_term(ID, without_surrogates(unwanted))

    def commit(self) -> None:
        """See `Writer.commit`."""
        writer = self._open()
        with Reporting(self._location):
            writer.commit()
            writer.garbage_collect_files()
        self._share_files()

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
                self._share_files()

    def _open(self) -> tantivy.IndexWriter:
        if self._writer is None:
            raise RuntimeError("the writer is closed")
        return self._writer

    def _share_files(self) -> None:
        """Give the library's private files the permissions of its others, so that who may read an index can."""
        mode = (self._location / ".tantivy-writer.lock").stat().st_mode & 0o777
        for name in _PRIVATE_FILES:
            path = self._location / name
            if path.stat().st_mode & 0o777 != mode:
                path.chmod(mode)


def _without_surrogates(values: dict[str, Any], stored: str) -> dict[str, Any]:
    clean: dict[str, Any] = {STORED: escape_surrogates(stored).encode()}
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

    def create(self, location: Path, schema: Schema) -> None:
        """See `Engine.create`."""
        with Reporting(location):
            tantivy.Index(library_schema(schema), str(location), reuse=False)

    def writer(self, location: Path, schema: Schema) -> TantivyWriter:
        """See `Engine.writer`."""
        return TantivyWriter(location, schema)

    def searcher(self, location: Path, schema: Schema) -> TantivySearcher:
        """See `Engine.searcher`."""
        return TantivySearcher(location, schema)


ENGINE = TantivyEngine()
