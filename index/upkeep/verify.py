"""Verifying an index: its files against their checksums, the engine against the catalog, the catalog against the disk.

Nothing is written and no lock is taken, so a build may be at work meanwhile. Of the catalog a private copy is compared,
since a build cannot commit while somebody reads it; a commit meanwhile makes the verification start again.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from index.catalog.connections import private_copy
from index.catalog.rows import bounds_of_folder
from index.catalog.sqlite_errors import catalog_error
from index.document import Document
from index.errors import BylineError, IndexDamaged, ReadError
from index.files.mounts import unmounted
from index.files.roots import is_covered, is_empty_folder
from index.files.selection import belonging
from index.files.walk import SkippedFile, SourceFile, walk
from index.home import home_of
from index.processes.reading import content_digest
from index.settings import Settings, read_settings
from index.storage.confines import may_open
from index.storage.lock import holder_of
from index.storage.manifest import (
    CATALOG_NAME,
    GENERATIONS_NAME,
    SEARCHES_NAME,
    Manifest,
    check_is_current,
    generation_path,
    read_manifest,
)
from index.storage.store import Store, stamp
from index.storage.stored_documents import every_document
from index.updating.report import Progress
from index.upkeep.damage import check_files
from index.upkeep.spot_check import is_sampled, missing_word
from index.upkeep.verify_findings import Finding, Kind, Verification

_PROGRESS_EVERY = 100  # documents or files
_TRIES = 3
_PAUSE_SECONDS = 0.2

_TABLES = """
BEGIN;
CREATE VIEW known AS SELECT * FROM files WHERE generation = {generation};
CREATE TABLE listed (id TEXT PRIMARY KEY, source TEXT NOT NULL, certain INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE held (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE found (source TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_DOUBT = "(new_ids IS NOT NULL OR size < 0)"


def verify(
    index_dir: Path, *, contents: bool = True, on_progress: Callable[[Progress], None] | None = None
) -> Verification:
    """Compare an index with its own checksums and with the files it was made of.

    Args:
        index_dir: the index folder; it may be on a medium that cannot be written to.
        contents: whether to read every file that was indexed, and not only compare sizes and times.
        on_progress: called often.

    Raises:
        IndexNotFound, NotAnIndex, IndexTooNew, IndexOutdated: if there is no index that this version can search.
        IndexDamaged: if the manifest, without which nothing else can be told, is damaged.
        BylineError: if the system does not let it read the index.
    """
    progress = on_progress or (lambda progress: None)
    for tries_left in reversed(range(_TRIES)):
        before = stamp(index_dir)
        run = _Verification(index_dir, contents, progress)
        failure: BylineError | None = None
        try:
            run.run()
        except BylineError as error:
            failure = error
        if (failure is None and not run.result.counts) or stamp(index_dir) == before:
            break
        if tries_left:
            time.sleep(_PAUSE_SECONDS)
        elif failure is None:
            run.result.add(Finding(Kind.BUSY, str(index_dir)))
    if failure:
        raise failure
    return run.result


class _Verification:
    """One run through everything."""

    def __init__(self, index_dir: Path, contents: bool, progress: Callable[[Progress], None]) -> None:
        self.index_dir = index_dir
        self.home = home_of(index_dir)
        self.result = Verification(contents=contents)
        self.progress = progress

    def run(self) -> None:
        manifest = read_manifest(self.index_dir)
        check_is_current(manifest, self.index_dir)
        settings = read_settings(self.index_dir)
        self.progress(Progress("checking the index's files", 0))
        self._files_of_the_index(manifest)
        self._leftovers(manifest)
        if Kind.DAMAGED_CATALOG in self.result.counts:
            self._engine(manifest, None)
            for root in manifest.roots:
                if may_open(self.home / root, self.home) and not (self.home / root).exists():
                    self._found(Kind.ROOT_GONE, root)
            return
        with _snapshot(self.index_dir / CATALOG_NAME, manifest.generation) as catalog:
            if catalog.commits < manifest.commit:
                self._found(Kind.DAMAGED_CATALOG, self.index_dir / CATALOG_NAME, "it is older than the index")
                self._engine(manifest, None)
                return
            for source in catalog.doubtful():
                self._found(Kind.UNFINISHED, source)
            self._engine(manifest, catalog)
            self._disk(manifest, settings, catalog)

    def _found(self, kind: Kind, where: Path | str, what: str = "") -> None:
        if isinstance(where, Path):
            with suppress(ValueError):
                where = where.relative_to(self.index_dir)
        self.result.add(Finding(kind, str(where), what))

    def _files_of_the_index(self, manifest: Manifest) -> None:
        for path, what in check_files(self.index_dir, manifest):
            if path.name == CATALOG_NAME:
                kind = Kind.DAMAGED_CATALOG
            else:
                kind = Kind.DAMAGED_SEARCH if path.parent.name == SEARCHES_NAME else Kind.DAMAGED_FILE
            self._found(kind, path, what)

    def _leftovers(self, manifest: Manifest) -> None:
        generations = self.index_dir / GENERATIONS_NAME
        if not generations.is_dir():
            return
        left = [
            path
            for path in sorted(generations.iterdir())
            if path.name.isdecimal() and int(path.name) != manifest.generation
        ]
        if left and not holder_of(self.index_dir):  # who holds it may just be making one
            for path in left:
                self._found(Kind.LEFTOVER, path)

    def _engine(self, manifest: Manifest, catalog: _Snapshot | None) -> None:
        """Every document that the engine stores: whether it is as it was written, and one that it should have."""
        try:
            with Store.open(self.index_dir) as store:
                searcher = store.searcher()
                total = searcher.document_count
                for number, (document_id, stored) in enumerate(every_document(searcher), start=1):
                    self.result.documents = number
                    if number % _PROGRESS_EVERY == 0:
                        self.progress(Progress("checking documents", number, total))
                    document = _sound(document_id, stored)
                    if document is None:
                        self._found(Kind.DAMAGED_DOCUMENT, document_id)
                    elif is_sampled(number, total) and (
                        word := missing_word(searcher, document, store.manifest.settings)
                    ):
                        self._found(Kind.LOST_WORD, document_id, f"not by {word!r}, of {document.source}")
                    if catalog and not catalog.hold(document_id):
                        self._found(Kind.DOUBLE_DOCUMENT, document_id)
                if total != self.result.documents:
                    what = f"{total:,} documents are counted, and {self.result.documents:,} can be read"
                    self._found(Kind.DAMAGED_FILE, generation_path(self.index_dir, store.manifest.generation), what)
        except IndexDamaged as error:
            if Kind.DAMAGED_FILE not in self.result.counts:  # else it is named already
                self._found(Kind.DAMAGED_FILE, Path(error.where or self.index_dir), error.what)
            return
        if catalog:
            for document_id, source in catalog.lost():
                self._found(Kind.LOST_DOCUMENT, document_id, f"of {source}")
            for document_id in catalog.stray():
                self._found(Kind.STRAY_DOCUMENT, document_id)

    def _disk(self, manifest: Manifest, settings: Settings, catalog: _Snapshot) -> None:
        """Every file that belongs to the index, as it is now and as it was indexed."""
        there = []
        for root in manifest.roots:
            if not may_open(self.home / root, self.home):
                self._found(Kind.FOREIGN_ROOT, root)
            elif not (self.home / root).exists():
                self._found(Kind.ROOT_GONE, root)
            elif catalog.knows_under(root) and is_empty_folder(self.home / root):
                self._found(Kind.ROOT_EMPTY, root)
            else:
                there.append(root)
        looked_at = 0
        unlisted = {m for m in unmounted(manifest.mounts, {*there}, self.home) if catalog.knows_under(m)}
        for mount in sorted(unlisted):
            self._found(Kind.ROOT_EMPTY if (self.home / mount).exists() else Kind.ROOT_GONE, mount)
        reading = settings.reading.with_map(manifest.map)
        walked = walk([self.home / root for root in there], self.home)
        for file in belonging(walked, self.index_dir, settings, reading):
            if isinstance(file, SkippedFile):
                if file.transient:
                    unlisted.add(file.source)
                    self._found(Kind.UNREADABLE, file.source, file.reason)
                continue
            looked_at += 1
            if looked_at % _PROGRESS_EVERY == 0:
                self.progress(Progress("checking files", looked_at))
            catalog.note_found(file.source)
            self._compare(file, catalog)
        roots = frozenset(there)
        for source in catalog.not_found():
            if is_covered(source, roots) and not is_covered(source, unlisted):
                self._found(Kind.GONE, source)

    def _compare(self, file: SourceFile, catalog: _Snapshot) -> None:
        known = catalog.file(file.source)
        if known is None:
            self._found(Kind.NEW, file.source)
            return
        size, mtime_ns, beside, checked_ns, digest, has_documents, in_doubt = known
        self.result.files += has_documents
        if in_doubt:
            return
        is_same = (size, mtime_ns, beside) == (file.size, file.mtime_ns, file.beside)
        if not self.result.contents:
            if not is_same:
                self._found(Kind.CHANGED, file.source)
            return
        if is_same and not digest:  # it could not be read, and nothing of it is in the index
            return
        try:
            now = content_digest(self.home / file.source, file.source)
        except ReadError as error:
            is_kept = isinstance(error.__cause__, OSError)
            if is_kept or not is_same:
                self._found(Kind.UNREADABLE if is_kept else Kind.CHANGED, file.source, error.what)
            return
        if now != digest:
            was_written = not is_same or checked_ns <= file.sure_ns  # or another has taken its place
            self._found(Kind.CHANGED if was_written else Kind.ROTTEN, file.source)


class _Snapshot:
    """A copy of the catalog, at one generation, beside what the engine holds and what is on the disk."""

    def __init__(self, connection: sqlite3.Connection, generation: int) -> None:
        self._connection = connection
        connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        row = connection.execute(
            "SELECT number_of_commits FROM generations WHERE generation = ?", (generation,)
        ).fetchone()
        self.commits: int = row[0] if row else -1
        connection.executescript(_TABLES.format(generation=generation))
        for source, ids, new_ids, in_doubt in connection.execute(
            f"SELECT source, ids, coalesce(new_ids, ''), {_DOUBT} FROM known"
        ):
            connection.executemany(
                "INSERT OR IGNORE INTO listed VALUES (?, CAST(? AS TEXT), ?)",
                ((each, _bytes(source), not in_doubt) for each in f"{ids} {new_ids}".split()),
            )

    def doubtful(self) -> Iterator[str]:
        """The files that a build left in doubt."""
        return self._texts(f"SELECT source FROM known WHERE {_DOUBT} ORDER BY source")

    def hold(self, id: str) -> bool:
        """Note a document that the engine holds; False if it was noted before."""
        return self._connection.execute("INSERT OR IGNORE INTO held VALUES (?)", (id,)).rowcount == 1

    def lost(self) -> Iterator[tuple[str, str]]:
        """Documents that the engine should hold and does not: id, and the file they come from."""
        yield from self._connection.execute(
            "SELECT id, source FROM listed WHERE certain AND id NOT IN (SELECT id FROM held) ORDER BY source"
        )

    def stray(self) -> Iterator[str]:
        """Documents that the engine holds and that no file has."""
        return self._texts("SELECT id FROM held WHERE id NOT IN (SELECT id FROM listed) ORDER BY id")

    def file(self, source: str) -> tuple[int, int, str, int, bytes, bool, bool] | None:
        """What is known of a file: size, time, stamp of it and its side file, when it was last read, digest, whether
        there are documents of it, and whether it is in doubt."""
        columns = f"size, mtime_ns, beside, checked_ns, digest, documents > 0, {_DOUBT}"
        row: tuple[int, int, str, int, bytes, bool, bool] | None = self._connection.execute(
            f"SELECT {columns} FROM known WHERE source = CAST(? AS TEXT)", (_bytes(source),)
        ).fetchone()
        return row

    def knows_under(self, folder: str) -> bool:
        """Whether there are files in the folder of this source."""
        statement = "SELECT 1 FROM known WHERE source >= CAST(? AS TEXT) AND source < CAST(? AS TEXT) LIMIT 1"
        return self._connection.execute(statement, bounds_of_folder(folder)).fetchone() is not None

    def note_found(self, source: str) -> None:
        """Note a file that is on the disk."""
        self._connection.execute("INSERT OR IGNORE INTO found VALUES (CAST(? AS TEXT))", (_bytes(source),))

    def not_found(self) -> Iterator[str]:
        """Files that are known and were not noted."""
        return self._texts(
            f"SELECT source FROM known WHERE NOT {_DOUBT} AND source NOT IN (SELECT source FROM found) ORDER BY source"
        )

    def _texts(self, statement: str) -> Iterator[str]:
        for row in self._connection.execute(statement):
            yield row[0]


@contextmanager
def _snapshot(path: Path, generation: int) -> Iterator[_Snapshot]:
    try:
        with closing(private_copy(path)) as connection:
            yield _Snapshot(connection, generation)
    except sqlite3.Error as error:
        raise catalog_error(error, path, reading=True) from error


def _sound(id: str, stored: str) -> Document | None:
    try:
        document = Document.from_stored(stored)
    except IndexDamaged:
        return None
    return document if document.id == id else None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
