"""The catalog: what the index knows about every source file, so that a build reads only what has changed.

It also makes builds safe to interrupt. Before the engine commits, the catalog notes which files are *in doubt*: the
ids that the engine may hold for them, before or after. After the engine's commit it settles them. A crash between
the two leaves files in doubt, which the next build reads again, first deleting every id that may be there.

Rows belong to a generation, so that a new generation is prepared beside the one in force. Comparing a walk with the
catalog happens in SQL and on disk, so that memory stays flat.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from index.catalog_errors import catalog_error
from index.counts import Counts
from index.errors import IndexDamaged

_VERSION = 2
_BATCH = 500  # rows
_REMOVED = -1  # as a size: being removed
_UNSURE = -2  # as a size: a crash left it in doubt

# Time stamps of a file system may be so coarse that a change right after reading leaves the same one: whole seconds on
# some (2 on FAT), a clock tick (up to 10 ms) on others. A file read that soon after its change is in doubt.
_COARSE_NS = 2_000_000_000
_FINE_NS = 50_000_000

_TABLES = """
CREATE TABLE generations (
    generation INTEGER PRIMARY KEY,
    number_of_commits INTEGER NOT NULL    -- the manifest's commit counter at the last settled commit
);
CREATE TABLE files (
    generation INTEGER NOT NULL,
    source TEXT NOT NULL,
    size INTEGER NOT NULL,                -- in bytes; -1: being removed; -2: a crash left it in doubt
    mtime_ns INTEGER NOT NULL,
    checked_ns INTEGER NOT NULL,          -- when it was last read
    digest BLOB NOT NULL,                 -- of its content; empty if it could not be read
    reader TEXT NOT NULL,                 -- its format
    readers_version INTEGER NOT NULL,
    reading TEXT NOT NULL,                -- fingerprint of the settings it was read with
    beside TEXT NOT NULL,                 -- stamp of it and its side file, if it has one
    ids TEXT NOT NULL,                    -- documents that the engine may hold for it, separated by spaces
    new_ids TEXT,                         -- documents it will have; not null while it is in doubt
    documents INTEGER NOT NULL,
    without_title INTEGER NOT NULL,
    without_author INTEGER NOT NULL,
    without_date INTEGER NOT NULL,
    doubtful INTEGER NOT NULL,
    languages TEXT NOT NULL,              -- "en:2 de:1", as analysed
    error TEXT NOT NULL,                  -- why it could not be read; empty if it could
    transient INTEGER NOT NULL,           -- whether that may be better next time
    PRIMARY KEY (generation, source)
) WITHOUT ROWID;
CREATE INDEX in_doubt ON files (generation) WHERE new_ids IS NOT NULL;
"""
_WALKED = (
    "CREATE TEMP TABLE walked (source TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, beside TEXT) WITHOUT ROWID"
)


class Stat(NamedTuple):
    """A file as a walk found it.

    Attributes:
        source: its name in the index.
        size: in bytes.
        mtime_ns: in nanoseconds since 1970, when it or its side file was changed last.
        beside: with a side file, a text that is another whenever either changes; else empty.
    """

    source: str
    size: int
    mtime_ns: int
    beside: str = ""


class Pending(NamedTuple):
    """A file that has to be looked at.

    Attributes:
        stat: as walked.
        ids: documents that the engine may hold for it.
        digest: of its content when it was last read, if the same content would still give the same; else empty.
        error: why that content could not be read; empty if it could.
        settled: whether the engine does hold exactly `ids`.
    """

    stat: Stat
    ids: tuple[str, ...]
    digest: bytes
    error: str
    settled: bool


class Entry(NamedTuple):
    """What is noted about a file that was read, or could not be; see the table."""

    stat: Stat
    checked_ns: int
    digest: bytes
    reader: str
    readers_version: int
    reading: str
    ids: tuple[str, ...]
    counts: Counts
    error: str = ""
    transient: bool = False


class Catalog:
    """The catalog of an index, open for the one writer. A context manager; leaving it drops what was not settled."""

    def __init__(self, path: Path) -> None:
        """Open a catalog, or make an empty one.

        Raises:
            IndexDamaged: if it is none, or is of another version.
            BylineError: if it cannot be opened now.
        """
        self.generation = 0
        self._connection = sqlite3.connect(path, timeout=10, isolation_level=None)
        self._connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        try:
            version = self._run("PRAGMA user_version").fetchone()[0]
            if version == 0 and not self._run("SELECT 1 FROM sqlite_master").fetchone():
                self._connection.executescript(f"BEGIN; {_TABLES}; PRAGMA user_version = {_VERSION}; COMMIT")
            elif version != _VERSION:
                raise IndexDamaged(f"the catalog has version {version}", where=str(path))
            self._run("PRAGMA synchronous = FULL")
            self._run("PRAGMA temp_store = FILE")
            self._run(_WALKED)
            self._run("BEGIN IMMEDIATE")
        except BaseException as error:
            self._connection.close()
            if isinstance(error, sqlite3.Error):
                raise catalog_error(error, path) from error
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file, and drop what was not settled."""
        self._connection.close()

    def is_whole(self) -> bool:
        """Whether SQLite finds no damage in it. Looks at all of it."""
        try:
            return bool(self._run("PRAGMA quick_check(1)").fetchone() == ("ok",))
        except sqlite3.DatabaseError:
            return False

    # Generations

    def number_of_commits(self, generation: int) -> int | None:
        """The commit counter at the last settled commit of a generation; None if the catalog does not know it."""
        row = self._run("SELECT number_of_commits FROM generations WHERE generation = ?", generation).fetchone()
        return row[0] if row else None

    def use(self, generation: int) -> None:
        """Work on this generation from now on. Files that a crash left in doubt will have to be read again."""
        self.generation = generation
        self._run(
            "UPDATE files SET size = ?, new_ids = NULL, documents = 0, without_title = 0, without_author = 0, "
            "without_date = 0, doubtful = 0, languages = '' WHERE generation = ? AND new_ids IS NOT NULL",
            _UNSURE,
            generation,
        )

    def is_in_doubt(self) -> bool:
        """Whether a crash left files in doubt that were not read again since."""
        statement = "SELECT 1 FROM files WHERE generation = ? AND size = ? LIMIT 1"
        return self._run(statement, self.generation, _UNSURE).fetchone() is not None

    def start(self, generation: int) -> None:
        """Work on this generation from now on, which has no files yet."""
        self._run("DELETE FROM files WHERE generation = ?", generation)
        self._run("DELETE FROM generations WHERE generation = ?", generation)
        self.generation = generation

    def copy_to(self, generation: int) -> None:
        """Give another generation the same files, and work on that one from now on."""
        old = self.generation
        self.start(generation)
        columns = ", ".join(row[1] for row in self._run("PRAGMA table_info(files)") if row[1] != "generation")
        self._run(
            f"INSERT INTO files (generation, {columns}) SELECT ?, {columns} FROM files WHERE generation = ?",
            generation,
            old,
        )

    def drop_others(self) -> None:
        """Forget all generations but the one worked on."""
        for table in ("files", "generations"):
            if self._run(f"SELECT 1 FROM {table} WHERE generation <> ? LIMIT 1", self.generation).fetchone():
                self._run(f"DELETE FROM {table} WHERE generation <> ?", self.generation)
        self._commit()

    # Comparing

    def note_walked(self, found: Iterable[Stat]) -> None:
        """Take down the files that a walk finds, each once."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO walked VALUES (CAST(? AS TEXT), ?, ?, ?)",
            ((_bytes(source), size, mtime_ns, beside) for source, size, mtime_ns, beside in found),
        )

    def compare(self, readers_version: int, reading: str) -> tuple[int, int]:
        """Find out which of the walked files have to be looked at.

        Args:
            readers_version: of the readers that would read them.
            reading: fingerprint of the settings they would be read with.

        Returns:
            How many, and how many bytes they have.
        """
        self._run("DROP TABLE IF EXISTS temp.pending")
        self._run(
            f"""
            CREATE TEMP TABLE pending AS
            SELECT w.source AS source, w.size AS size, w.mtime_ns AS mtime_ns, w.beside AS beside,
                coalesce(f.ids, '') AS ids,
                CASE WHEN f.readers_version = ? AND f.reading = ? AND f.size >= 0 THEN f.digest ELSE x'' END AS digest,
                CASE WHEN f.transient THEN '' ELSE coalesce(f.error, '') END AS error,
                coalesce(f.size, 0) >= 0 AS settled
            FROM walked w LEFT JOIN files f ON f.generation = ? AND f.source = w.source
            WHERE f.source IS NULL OR f.transient OR f.readers_version <> ? OR f.reading <> ?
                OR f.beside <> w.beside OR f.size <> w.size OR f.mtime_ns <> w.mtime_ns
                OR f.checked_ns <= w.mtime_ns
                    + CASE WHEN w.mtime_ns % 1000000000 = 0 THEN {_COARSE_NS} ELSE {_FINE_NS} END
            """,
            readers_version,
            reading,
            self.generation,
            readers_version,
            reading,
        )
        files, size = self._run("SELECT count(*), coalesce(sum(size), 0) FROM temp.pending").fetchone()
        return files, size

    def walked(self) -> int:
        """How many files the walk found."""
        return int(self._run("SELECT count(*) FROM walked").fetchone()[0])

    def pending(self) -> Iterator[Pending]:
        """The files that have to be looked at, in the order of their names."""
        last = 0
        statement = "SELECT rowid, * FROM temp.pending WHERE rowid > ? ORDER BY rowid LIMIT ?"
        while rows := self._run(statement, last, _BATCH).fetchall():
            for _, source, size, mtime_ns, beside, ids, digest, error, settled in rows:
                yield Pending(Stat(source, size, mtime_ns, beside), tuple(ids.split()), digest, error, bool(settled))
            last = rows[-1][0]

    def was_read_otherwise(self, reading: str) -> bool:
        """Whether a walked file with articles was read with other settings than those of this fingerprint."""
        return (
            self._run(
                """
                SELECT 1 FROM temp.pending p JOIN files f ON f.source = p.source
                WHERE f.generation = ? AND f.documents > 0 AND f.reading <> ? LIMIT 1
                """,
                self.generation,
                reading,
            ).fetchone()
            is not None
        )

    def unchanged_failures(self) -> Iterator[tuple[str, str]]:
        """Walked files that could not be read last time and need no new try: source and reason."""
        yield from self._run(
            """
            SELECT f.source, f.error FROM files f JOIN walked w ON w.source = f.source
            WHERE f.generation = ? AND f.error <> '' AND f.source NOT IN (SELECT source FROM temp.pending)
            """,
            self.generation,
        ).fetchall()

    def not_walked(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Files that the walk did not find, under whatever root: source, and ids that the engine may hold."""
        last = b""
        while rows := self._run(
            """
            SELECT source, ids FROM files f WHERE generation = ? AND source > CAST(? AS TEXT)
                AND NOT EXISTS (SELECT 1 FROM walked w WHERE w.source = f.source) ORDER BY source LIMIT ?
            """,
            self.generation,
            last,
            _BATCH,
        ).fetchall():
            for source, ids in rows:
                yield source, tuple(ids.split())
            last = _bytes(rows[-1][0])

    def sources(self) -> Iterator[tuple[str, tuple[str, ...], bool]]:
        """All files of the generation, with their documents' ids, and whether the engine does hold all those."""
        last = b""
        statement = (
            "SELECT source, ids, size FROM files WHERE generation = ? AND source > CAST(? AS TEXT) "
            "ORDER BY source LIMIT ?"
        )
        while rows := self._run(statement, self.generation, last, _BATCH).fetchall():
            for source, ids, size in rows:
                yield source, tuple(ids.split()), size >= 0
            last = _bytes(rows[-1][0])

    def knows(self, source: str) -> bool:
        """Whether there is a file of this source."""
        statement = "SELECT 1 FROM files WHERE generation = ? AND source = CAST(? AS TEXT)"
        return self._run(statement, self.generation, _bytes(source)).fetchone() is not None

    def knows_under(self, folder: str) -> bool:
        """Whether there are files in the folder of this source."""
        low = _bytes(folder if folder.endswith("/") else f"{folder}/")
        high = low[:-1] + b"0"  # which follows "/"
        if folder == ".":
            low, high = b"", b"\xff"
        statement = (
            "SELECT 1 FROM files WHERE generation = ? "
            "AND source >= CAST(? AS TEXT) AND source < CAST(? AS TEXT) LIMIT 1"
        )
        return self._run(statement, self.generation, low, high).fetchone() is not None

    def counts(self) -> Counts:
        """What there is in all settled files of the generation."""
        sums = self._run(
            "SELECT coalesce(sum(documents), 0), coalesce(sum(without_title), 0), "
            "coalesce(sum(without_author), 0), coalesce(sum(without_date), 0), coalesce(sum(doubtful), 0) "
            "FROM files WHERE generation = ?",
            self.generation,
        ).fetchone()
        languages: Counter[str] = Counter()
        for text, times in self._run(
            "SELECT languages, count(*) FROM files WHERE generation = ? AND languages <> '' GROUP BY languages",
            self.generation,
        ):
            for language, count in _read_languages(text):
                languages[language] += count * times
        return Counts(*sums)._replace(languages=languages)

    # Writing: what follows is in doubt until `settle`.

    def record(self, entry: Entry, old_ids: Iterable[str] = ()) -> None:
        """Note a file that was read, or could not be; the engine is about to replace `old_ids` by the entry's ids."""
        maybe = entry.ids if not old_ids else tuple(dict.fromkeys((*old_ids, *entry.ids)))
        counts = entry.counts
        self._run(
            "INSERT OR REPLACE INTO files VALUES (?, CAST(? AS TEXT), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
            "CAST(? AS TEXT), ?)",
            self.generation,
            _bytes(entry.stat.source),
            entry.stat.size,
            entry.stat.mtime_ns,
            entry.checked_ns,
            entry.digest,
            entry.reader,
            entry.readers_version,
            entry.reading,
            entry.stat.beside,
            " ".join(maybe),
            " ".join(entry.ids),
            counts.documents,
            counts.without_title,
            counts.without_author,
            counts.without_date,
            counts.doubtful,
            " ".join(f"{language}:{count}" for language, count in sorted(counts.languages.items())),
            _bytes(entry.error),
            entry.transient,
        )

    def touch(self, stat: Stat, checked_ns: int) -> None:
        """Note that a file's content is still the one that is known."""
        self._run(
            "UPDATE files SET size = ?, mtime_ns = ?, beside = ?, checked_ns = ?, transient = 0, "
            "error = CASE WHEN transient THEN '' ELSE error END WHERE generation = ? AND source = CAST(? AS TEXT)",
            stat.size,
            stat.mtime_ns,
            stat.beside,
            checked_ns,
            self.generation,
            _bytes(stat.source),
        )

    def keep(self, source: str, error: str) -> None:
        """Note that a known file cannot be read now, and that its documents stay."""
        self._run(
            "UPDATE files SET error = CAST(? AS TEXT), transient = 1 WHERE generation = ? AND source = CAST(? AS TEXT)",
            _bytes(error),
            self.generation,
            _bytes(source),
        )

    def remove(self, source: str) -> None:
        """Note that a file is gone; the engine is about to delete its documents."""
        self._run(
            "UPDATE files SET size = ?, new_ids = '' WHERE generation = ? AND source = CAST(? AS TEXT)",
            _REMOVED,
            self.generation,
            _bytes(source),
        )

    def note_doubts(self) -> None:
        """Make durable what is in doubt. Call right before the engine commits."""
        self._commit()

    def settle(self, number_of_commits: int) -> None:
        """The engine has committed: make durable that nothing is in doubt any more."""
        doubt = "generation = ? AND new_ids IS NOT NULL"
        self._run(f"DELETE FROM files WHERE {doubt} AND size = ?", self.generation, _REMOVED)
        self._run(f"UPDATE files SET ids = new_ids, new_ids = NULL WHERE {doubt}", self.generation)
        self._run("INSERT OR REPLACE INTO generations VALUES (?, ?)", self.generation, number_of_commits)
        self._commit()

    def forget_unsettled(self) -> None:
        """Drop everything since the last commit."""
        self._run("ROLLBACK")
        self._run("BEGIN IMMEDIATE")

    def _commit(self) -> None:
        self._run("COMMIT")
        self._run("BEGIN IMMEDIATE")

    def _run(self, statement: str, *values: object) -> sqlite3.Cursor:
        return self._connection.execute(statement, values)


def _bytes(text: str) -> bytes:
    """For CAST(? AS TEXT): SQLite stores the bytes of names that are not UTF-8 as they are."""
    return text.encode("utf-8", "surrogateescape")


def _read_languages(text: str) -> Iterator[tuple[str, int]]:
    for part in text.split():
        language, _, count = part.partition(":")
        yield language, int(count)
