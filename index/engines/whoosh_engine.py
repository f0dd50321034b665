"""The whoosh engine: for small collections, anywhere Python runs.

It keeps its index in whoosh's files (see `index.engines.whoosh_files`) and evaluates queries by itself (see
`index.engines.whoosh_query`), since whoosh's own matchers count slop, fuzziness and negation otherwise.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from index.engines.contract import AnalysedDocument, Feature, SegmentSize
from index.engines.surrogates import without_surrogates
from index.engines.whoosh_contents import NAME, files_of_commit, read_contents, remove_unused, write_contents
from index.engines.whoosh_files import ID, Folder
from index.engines.whoosh_new_segment import NewSegment
from index.engines.whoosh_searcher import WhooshSearcher
from index.engines.whoosh_segment import Segment, open_segments, reporting
from index.errors import IndexLocked
from index.schema import Schema
from index.sealed import sync_folder

_MOST_DOCUMENTS = 20_000  # of a segment; see `index.engines.whoosh_contents.MOST_DOCUMENTS`


class WhooshWriter:
    """See `index.engines.contract.Writer`."""

    def __init__(self, location: Path, schema: Schema) -> None:
        self._location = location
        self._schema = schema
        self._folder = Folder(location)
        self._closed = False
        self._lock = self._folder.lock(f"{NAME}_WRITELOCK")
        with reporting(location, opening=True):
            if not self._lock.acquire():
                raise IndexLocked(
                    "another process is writing to the index",
                    where=str(location),
                    remedy="Try again when it has finished.",
                )
            try:
                self._open()
            except BaseException:
                self._lock.release()
                raise

    def _open(self) -> None:
        """Start from the last commit."""
        self._number, self._segments = open_segments(self._location)
        self._new: NewSegment | None = None
        self._changed = False

    def add(self, document: AnalysedDocument) -> None:
        """See `Writer.add`."""
        self._check_open()
        with reporting(self._location):
            if self._new is None:
                self._new = NewSegment(self._folder, self._schema)
            self._new.add(document)
            if self._new.is_full or self._new.count >= _MOST_DOCUMENTS:
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
                        if number >> 32 not in segment.description.deleted:
                            segment.description.deleted.add(number >> 32)
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
            _sync(self._location / description.file_name)
        sync_folder(self._location)
        self._number += 1
        write_contents(self._location, self._number, kept)
        remove_unused(self._location, self._number, kept)

    def _merge(self) -> None:
        """Write small segments, and those of which much is deleted, together with the new one.

        A segment goes into one at least half again as large, so that a document is rewritten only a few times and an
        index of n documents has some log n segments.
        """
        total = self._new.live if self._new else 0
        for segment in sorted(self._segments, key=lambda segment: segment.description.live):
            live = segment.description.live
            if live > 2 * total and live * 3 > segment.count * 2:
                continue
            if total and total + live > _MOST_DOCUMENTS:
                continue
            if live:
                if self._new is None:
                    self._new = NewSegment(self._folder, self._schema)
                self._new.take_in(segment)
                total += live
            self._segments.remove(segment)
            segment.close()

    def _finish_segment(self) -> None:
        if self._new is not None:
            new, self._new = self._new, None
            description = new.finish()
            if description is not None:
                self._segments.append(Segment(self._folder, description))
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


def _sync(path: Path) -> None:
    """Have the operating system write a file to its medium."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class WhooshEngine:
    """See `index.engines.contract.Engine`."""

    name = "whoosh"
    features = frozenset(Feature)
    rewritten: frozenset[str] = frozenset()

    def create(self, location: Path, schema: Schema) -> None:
        """See `Engine.create`."""
        with reporting(location):
            write_contents(location, 0, [])

    def writer(self, location: Path, schema: Schema) -> WhooshWriter:
        """See `Engine.writer`."""
        return WhooshWriter(location, schema)

    def searcher(self, location: Path, schema: Schema) -> WhooshSearcher:
        """See `Engine.searcher`."""
        return WhooshSearcher(location, schema)

    def files(self, location: Path) -> list[str]:
        """See `Engine.files`."""
        with reporting(location, opening=True, reading=True):
            return files_of_commit(location)

    def tidy(self, location: Path) -> None:
        """See `Engine.tidy`."""
        with reporting(location, opening=True):
            remove_unused(location, *read_contents(location))

    def segments(self, location: Path) -> list[SegmentSize]:
        """See `Engine.segments`."""
        with reporting(location, opening=True, reading=True):
            return [SegmentSize(each.live, len(each.deleted)) for each in read_contents(location)[1]]


ENGINE = WhooshEngine()
