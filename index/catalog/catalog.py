"""The catalog: what the index knows about every source file, so that a build reads only what has changed.

It also makes builds safe to interrupt. Before the engine commits, the catalog notes which files are *in doubt*: the
ids that the engine may hold for them, before or after. After the engine's commit it settles them. A crash between
the two leaves files in doubt, which the next build reads again, first deleting every id that may be there.

Rows belong to a generation, so that a new generation is prepared beside the one in force. What a walk finds is compared
with them by `index.updating.comparison`.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from index.catalog.connections import connected, private_copy
from index.catalog.counts import Counts
from index.catalog.remarks import OF_PARTS
from index.catalog.rows import Entry, Overview, Stat, as_bytes, bounds_of_folder, languages_text, read_languages
from index.catalog.sqlite_errors import catalog_error
from index.catalog.tables import TABLES, VERSION, check_tables, rows_are_sound
from index.errors import IndexDamaged

_BATCH = 500  # rows
_REMOVED = -1  # as a size: being removed
_UNSURE = -2  # as a size: a crash left it in doubt


class Catalog:
    """The catalog of an index, open for the one writer. A context manager; leaving it drops what was not settled."""

    def __init__(self, path: Path | None, *, copy: bool = False) -> None:
        """Open a catalog, or make an empty one.

        Args:
            path: of the catalog; None for an empty one that is gone when it is closed.
            copy: whether to work on a private copy of what is committed, which is gone when it is closed. The file is
                not written to, not kept from its writer for longer than it takes to copy it, and need not exist.

        Raises:
            IndexDamaged: if it is none, or is of another version.
            BylineError: if it cannot be opened now.
        """
        self.generation = 0
        name = path or Path("catalog")
        try:
            self._connection = private_copy(path) if path and copy else connected(path)
        except sqlite3.Error as error:
            raise catalog_error(error, name, reading=copy) from error
        self._connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        try:
            version = self.run("PRAGMA user_version").fetchone()[0]
            if version == 0 and not self.run("SELECT 1 FROM sqlite_master").fetchone():
                self._connection.executescript(f"BEGIN; {TABLES}; PRAGMA user_version = {VERSION}; COMMIT")
            elif version != VERSION:
                raise IndexDamaged(f"the catalog has version {version}", where=str(name))
            check_tables(self._connection, name)
            self.run("PRAGMA synchronous = EXTRA")  # also that the journal is gone, without which a commit is undone
            self.run("PRAGMA temp_store = FILE")
            self.run("BEGIN IMMEDIATE")
        except BaseException as error:
            self._connection.close()
            if isinstance(error, sqlite3.Error):
                raise catalog_error(error, name) from error
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
            return bool(self.run("PRAGMA quick_check(1)").fetchone() == ("ok",))
        except sqlite3.DatabaseError:
            return False

    def has_sound_rows(self) -> bool:
        """Whether all that it says is of the kind that it should be. Looks at all of it."""
        return rows_are_sound(self._connection)

    # Generations

    def number_of_commits(self, generation: int) -> int | None:
        """The commit counter at the last settled commit of a generation; None if the catalog does not know it."""
        row = self.run("SELECT number_of_commits FROM generations WHERE generation = ?", generation).fetchone()
        return row[0] if row else None

    def has_commits(self) -> bool:
        """Whether it knows a generation, or files of one that is not settled."""
        known = "SELECT 1 FROM generations UNION ALL SELECT 1 FROM files LIMIT 1"
        try:
            self.run("ROLLBACK")
            return self.run(known).fetchone() is not None
        except sqlite3.Error:
            return True

    def has_settled(self) -> bool:
        """Whether a commit of any generation was settled."""
        return self.run("SELECT 1 FROM generations LIMIT 1").fetchone() is not None

    def forget_settled(self) -> None:
        """Forget that anything was settled, of which no manifest tells; and drop what came since the last commit."""
        self.forget_unsettled()
        self.run("DELETE FROM generations")
        self._commit()

    def is_at(self, generation: int, number_of_commits: int) -> bool:
        """Whether this commit of the generation was the last, and is settled: no other has begun."""
        doubt = "SELECT 1 FROM files WHERE generation = ? AND new_ids IS NOT NULL LIMIT 1"
        settled = self.run(doubt, generation).fetchone() is None
        return settled and self.number_of_commits(generation) == number_of_commits

    def use(self, generation: int) -> None:
        """Work on this generation from now on. Files that a crash left in doubt will have to be read again."""
        self.generation = generation
        self.run(
            "UPDATE files SET size = ?, new_ids = NULL, documents = 0, without_title = 0, without_author = 0, "
            "without_date = 0, doubtful = 0, languages = '' WHERE generation = ? AND new_ids IS NOT NULL",
            _UNSURE,
            generation,
        )

    def overview(self) -> Overview:
        """What the generation's files are like, at one look at all of them."""
        files, remarked, doubtful = self.run(
            "SELECT count(*), count(*) FILTER (WHERE error <> ''), count(*) FILTER (WHERE size = ?) FROM files "
            "WHERE generation = ?",
            _UNSURE,
            self.generation,
        ).fetchone()
        return Overview(files, remarked, doubtful)

    def is_behind(self) -> bool:
        """Whether documents stay of a file that could not be read again."""
        statement = "SELECT 1 FROM files WHERE generation = ? AND transient AND ids <> '' LIMIT 1"
        return self.run(statement, self.generation).fetchone() is not None

    def start(self, generation: int) -> None:
        """Work on this generation from now on, which has no files yet."""
        self.run("DELETE FROM files WHERE generation = ?", generation)
        self.run("DELETE FROM generations WHERE generation = ?", generation)
        self.generation = generation

    def copy_to(self, generation: int) -> None:
        """Give another generation the same files, and work on that one from now on."""
        old = self.generation
        self.start(generation)
        names = [row[1].replace('"', '""') for row in self.run("PRAGMA table_info(files)")]
        columns = ", ".join(f'"{name}"' for name in names if name != "generation")
        self.run(
            f"INSERT INTO files (generation, {columns}) SELECT ?, {columns} FROM files WHERE generation = ?",
            generation,
            old,
        )

    def drop_others(self) -> None:
        """Forget all generations but the one worked on."""
        for table in ("files", "generations"):
            if self.run(f"SELECT 1 FROM {table} WHERE generation <> ? LIMIT 1", self.generation).fetchone():
                self.run(f"DELETE FROM {table} WHERE generation <> ?", self.generation)
        self._commit()

    def compact(self) -> None:
        """Commit, and give room that is not used any more back to the system."""
        self.run("COMMIT")
        try:
            self.run("VACUUM")
        finally:
            self.run("BEGIN IMMEDIATE")

    # What there is

    def sources(self) -> Iterator[tuple[str, tuple[str, ...], bool]]:
        """All files of the generation, with their documents' ids, and whether the engine does hold all those."""
        last = b""
        statement = (
            "SELECT source, ids, size FROM files WHERE generation = ? AND source > CAST(? AS TEXT) "
            "ORDER BY source LIMIT ?"
        )
        while rows := self.run(statement, self.generation, last, _BATCH).fetchall():
            for source, ids, size in rows:
                yield source, tuple(ids.split()), size >= 0
            last = as_bytes(rows[-1][0])

    def knows(self, source: str) -> bool:
        """Whether there is a file of this source that is not just being removed."""
        statement = "SELECT 1 FROM files WHERE generation = ? AND source = CAST(? AS TEXT) AND size <> ?"
        return self.run(statement, self.generation, as_bytes(source), _REMOVED).fetchone() is not None

    def knows_under(self, folder: str) -> bool:
        """Whether there are files in the folder of this source."""
        low, high = bounds_of_folder(folder)
        elsewhere = "AND source NOT LIKE '/%' AND source NOT LIKE '_:/%'" if folder == "." else ""
        statement = (
            "SELECT 1 FROM files WHERE generation = ? "
            f"AND source >= CAST(? AS TEXT) AND source < CAST(? AS TEXT) {elsewhere} LIMIT 1"
        )
        return self.run(statement, self.generation, low, high).fetchone() is not None

    def counts(self, *, languages: bool = True) -> Counts:
        """What there is in all settled files of the generation; the languages only if wanted, as they take longer."""
        sums = self.run(
            "SELECT coalesce(sum(documents), 0), coalesce(sum(without_title), 0), "
            "coalesce(sum(without_author), 0), coalesce(sum(without_date), 0), coalesce(sum(doubtful), 0) "
            "FROM files WHERE generation = ?",
            self.generation,
        ).fetchone()
        if not languages:
            return Counts(*sums)
        spoken: Counter[str] = Counter()
        for text, times in self.run(
            "SELECT languages, count(*) FROM files WHERE generation = ? AND languages <> '' GROUP BY languages",
            self.generation,
        ):
            for language, count in read_languages(text):
                spoken[language] += count * times
        return Counts(*sums)._replace(languages=spoken)

    def entry(self, generation: int, source: str) -> Entry:
        """What is noted about a file in any generation, but for what its documents have. Raises KeyError."""
        row = self.run(
            "SELECT source, size, mtime_ns, beside, checked_ns, digest, reader, readers_version, reading, ids, error, "
            "transient FROM files WHERE generation = ? AND source = CAST(? AS TEXT)",
            generation,
            as_bytes(source),
        ).fetchone()
        if row is None:
            raise KeyError(source)
        *stat, checked_ns, digest, reader, readers_version, reading, ids, error, transient = row
        return Entry(
            Stat(*stat), checked_ns, digest, reader, readers_version, reading, tuple(ids.split()), Counts(), error,
            bool(transient),
        )  # fmt: skip

    def held(self, source: str) -> tuple[str, ...]:
        """The documents that the engine will hold for a known file after the next commit."""
        statement = "SELECT coalesce(new_ids, ids) FROM files WHERE generation = ? AND source = CAST(? AS TEXT)"
        return tuple(self.run(statement, self.generation, as_bytes(source)).fetchone()[0].split())

    # Writing: what follows is in doubt until `settle`.

    def record(self, entry: Entry, old_ids: Iterable[str] = ()) -> None:
        """Note a file that was read, or could not be; the engine is about to replace `old_ids` by the entry's ids."""
        maybe = entry.ids if not old_ids else tuple(dict.fromkeys((*old_ids, *entry.ids)))
        counts = entry.counts
        self.run(
            "INSERT OR REPLACE INTO files VALUES (?, CAST(? AS TEXT), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
            "CAST(? AS TEXT), ?)",
            self.generation,
            as_bytes(entry.stat.source),
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
            languages_text(counts),
            as_bytes(entry.error),
            entry.transient,
        )

    def touch(self, stat: Stat, checked_ns: int) -> None:
        """Note that a file's content is still the one that is known."""
        self.run(
            "UPDATE files SET size = ?, mtime_ns = ?, beside = ?, checked_ns = ?, transient = 0, "
            f"error = CASE WHEN transient THEN {OF_PARTS.format('')} ELSE error END "
            "WHERE generation = ? AND source = CAST(? AS TEXT)",
            stat.size,
            stat.mtime_ns,
            stat.beside,
            checked_ns,
            self.generation,
            as_bytes(stat.source),
        )

    def keep(self, source: str, error: str) -> None:
        """Note that a known file cannot be read now, and that its documents stay."""
        self.run(
            f"UPDATE files SET error = CAST(? AS TEXT) || {OF_PARTS.format('')}, transient = 1 "
            "WHERE generation = ? AND source = CAST(? AS TEXT)",
            as_bytes(error),
            self.generation,
            as_bytes(source),
        )

    def count(self, source: str, counts: Counts) -> None:
        """Note what the documents of a file have that has not been read again."""
        self.run(
            "UPDATE files SET documents = ?, without_title = ?, without_author = ?, without_date = ?, doubtful = ?, "
            "languages = ? WHERE generation = ? AND source = CAST(? AS TEXT)",
            *counts[:5],
            languages_text(counts),
            self.generation,
            as_bytes(source),
        )

    def remove(self, source: str) -> None:
        """Note that a file is gone; the engine is about to delete its documents."""
        self.run(
            "UPDATE files SET size = ?, new_ids = '' WHERE generation = ? AND source = CAST(? AS TEXT)",
            _REMOVED,
            self.generation,
            as_bytes(source),
        )

    def note_doubts(self) -> None:
        """Make durable what is in doubt. Call right before the engine commits."""
        self._commit()

    def settle(self, number_of_commits: int) -> None:
        """The engine has committed: make durable that nothing is in doubt any more."""
        doubt = "generation = ? AND new_ids IS NOT NULL"
        self.run(f"DELETE FROM files WHERE {doubt} AND size = ?", self.generation, _REMOVED)
        self.run(f"UPDATE files SET ids = new_ids, new_ids = NULL WHERE {doubt}", self.generation)
        self.run("INSERT OR REPLACE INTO generations VALUES (?, ?)", self.generation, number_of_commits)
        self._commit()

    def run_for_each(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run one statement for each of the rows; for `index.updating.comparison`."""
        self._connection.executemany(statement, rows)

    def forget_unsettled(self) -> None:
        """Drop everything since the last commit."""
        if self._connection.in_transaction:  # not if Ctrl-C came between a commit and what begins after it
            self.run("ROLLBACK")
        self.run("BEGIN IMMEDIATE")

    def _commit(self) -> None:
        self.run("COMMIT")
        self.run("BEGIN IMMEDIATE")

    def run(self, statement: str, *values: object) -> sqlite3.Cursor:
        """Run one statement; for `index.updating.comparison`."""
        return self._connection.execute(statement, values)
