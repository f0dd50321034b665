"""A walk beside the catalog: which files have to be looked at, which are gone, and where those went.

All of it happens in SQL and on disk, so that memory stays flat.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from index.catalog.catalog import Catalog
from index.catalog.remarks import HAS_FAILED, OF_PARTS
from index.catalog.rows import Stat, as_bytes, bounds_of_folder
from index.files.walk import upwards

_BATCH = 500  # rows

_TABLES = """
CREATE TEMP TABLE walked (
    source TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, beside TEXT, sure_ns INTEGER) WITHOUT ROWID;
CREATE TEMP TABLE told (source TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE gone (source TEXT PRIMARY KEY, name TEXT, digest BLOB, ids TEXT, documents INTEGER) WITHOUT ROWID;
CREATE INDEX temp.gone_by_digest ON gone (digest);
"""


class Pending(NamedTuple):
    """A file that has to be looked at.

    Attributes:
        stat: as walked.
        ids: documents that the engine may hold for it.
        digest: of its content when it was last read, if the same content would still give the same; else empty.
        error: why that content could not be read, or which parts of it, as `index.catalog.remarks` has it.
        settled: whether the engine does hold exactly `ids`.
        before: digest of its content when it was last read, whatever would become of that now; None for a new file.
        failed: whether nothing could be read of it then.
        same_stamp: whether its size and its times are as they were then, and nothing has taken its place since.
    """

    stat: Stat
    ids: tuple[str, ...]
    digest: bytes
    error: str
    settled: bool
    before: bytes | None
    failed: bool
    same_stamp: bool


class Gone(NamedTuple):
    """A file that the walk did not find where it was.

    Attributes:
        source: its name.
        ids: documents that the engine may hold for it.
        had_documents: whether there was something in it.
    """

    source: str
    ids: tuple[str, ...]
    had_documents: bool


class Comparison:
    """What a walk found, compared with one generation of a catalog.

    Attributes:
        to_read: how many files have to be looked at, and how many bytes they have.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.to_read = 0, 0
        self._catalog = catalog
        for statement in _TABLES.split(";"):
            catalog.run(statement)
        self._before = 0
        self._known = 0  # how many of the walked files were there before
        self._gone = 0  # how many were, and have not been found elsewhere

    def note_walked(self, found: Iterable[Stat]) -> None:
        """Take down the files that a walk finds, each once."""
        self._catalog.run_for_each(
            "INSERT OR IGNORE INTO walked VALUES (CAST(? AS TEXT), ?, ?, ?, ?)",
            ((as_bytes(source), size, mtime_ns, beside, sure) for source, size, mtime_ns, beside, sure in found),
        )

    def walked(self) -> int:
        """How many files the walk found."""
        return int(self._catalog.run("SELECT count(*) FROM walked").fetchone()[0])

    def compare(
        self, readers_version: int, reading: str, *, before: int, check: bool = False, told: Collection[str] = ()
    ) -> None:
        """Find out which of the walked files have to be looked at.

        Args:
            readers_version: of the readers that would read them.
            reading: fingerprint of the settings they would be read with.
            before: the generation that says what was known of them; the catalog's own, unless that is a new one.
            check: whether to look at all of them, whatever their sizes and times.
            told: files to look at likewise, as the system says that something happened to them.
        """
        self._before = before
        self._catalog.run_for_each(
            "INSERT OR IGNORE INTO told VALUES (CAST(? AS TEXT))", ((as_bytes(source),) for source in told)
        )
        self._catalog.run("DROP TABLE IF EXISTS temp.pending")
        self._catalog.run(
            f"""
            CREATE TEMP TABLE pending AS
            SELECT w.source AS source, w.size AS size, w.mtime_ns AS mtime_ns, w.beside AS beside,
                coalesce(f.ids, '') AS ids,
                CASE WHEN f.readers_version = ?1 AND f.reading = ?2 AND f.size >= 0 THEN f.digest ELSE x'' END
                    AS digest,
                coalesce(CASE WHEN f.transient THEN {OF_PARTS.format("f.")} ELSE f.error END, '') AS error,
                coalesce(f.size, 0) >= 0 AS settled,
                b.digest AS before,
                coalesce(b.{HAS_FAILED} AND b.documents = 0, 0) AS failed,
                coalesce(b.beside = w.beside AND b.size = w.size AND b.mtime_ns = w.mtime_ns
                    AND b.checked_ns > w.sure_ns, 0) AS same_stamp
            FROM walked w LEFT JOIN files f ON f.generation = ?3 AND f.source = w.source
                LEFT JOIN files b ON b.generation = ?4 AND b.source = w.source
            WHERE ?5 OR f.source IS NULL OR f.transient OR f.readers_version <> ?1 OR f.reading <> ?2
                OR f.beside <> w.beside OR f.size <> w.size OR f.mtime_ns <> w.mtime_ns
                OR f.checked_ns <= w.sure_ns OR f.checked_ns > ?6 OR w.source IN (SELECT source FROM told)
            """,
            readers_version,
            reading,
            self._catalog.generation,
            before,
            check,
            time.time_ns(),  # one later than now was taken down by a clock that was wrong
        )
        files, size, new = self._catalog.run(
            "SELECT count(*), coalesce(sum(size), 0), count(*) FILTER (WHERE before IS NULL) FROM temp.pending"
        ).fetchone()
        self._known = self.walked() - new
        self.to_read = files, size

    def pending(self) -> Iterator[Pending]:
        """The files that have to be looked at, in the order of their names."""
        last = 0
        statement = "SELECT rowid, * FROM temp.pending WHERE rowid > ? ORDER BY rowid LIMIT ?"
        while rows := self._catalog.run(statement, last, _BATCH).fetchall():
            for _, source, size, mtime_ns, beside, ids, digest, error, settled, before, failed, same in rows:
                stat = Stat(source, size, mtime_ns, beside)
                yield Pending(stat, tuple(ids.split()), digest, error, bool(settled), before, bool(failed), bool(same))
            last = rows[-1][0]

    def read_otherwise(self, readers_version: int, reading: str) -> tuple[int | None, bool]:
        """How walked files with articles were read that would be read in another way now.

        Args:
            readers_version: of the readers that would read them.
            reading: fingerprint of the settings they would be read with.

        Returns:
            The version of the oldest readers, None if they were those; and whether the settings were others.
        """
        oldest, otherwise = self._catalog.run(
            """
            SELECT min(CASE WHEN f.readers_version <> ? THEN f.readers_version END), coalesce(max(f.reading <> ?), 0)
            FROM temp.pending p JOIN files f ON f.source = p.source WHERE f.generation = ? AND f.documents > 0
            """,
            readers_version,
            reading,
            self._catalog.generation,
        ).fetchone()
        return oldest, bool(otherwise)

    def unchanged_remarks(self) -> Iterator[tuple[str, str]]:
        """Walked files that could not be read last time, or in part only, and need no new try: source and remarks."""
        yield from self._catalog.run(
            """
            SELECT f.source, f.error FROM files f JOIN walked w ON w.source = f.source
            WHERE f.generation = ? AND f.error <> '' AND f.source NOT IN (SELECT source FROM temp.pending)
            """,
            self._catalog.generation,
        ).fetchall()

    def note_gone(self, files: int, is_gone: Callable[[str], bool], *, among: AbstractSet[str] | None = None) -> None:
        """Take down the files that were there before and that the walk did not find. Comes after `compare`.

        Args:
            files: how many there were before.
            is_gone: asked for the name of each whether the walk should have found it.
            among: files and folders outside of which nothing can be gone; None if anything can.
        """
        if files > self._known:
            self._catalog.run_for_each(
                "INSERT INTO gone SELECT source, CAST(? AS TEXT), digest, "
                "CASE WHEN generation = ? THEN ids ELSE '' END, documents "
                "FROM files WHERE generation = ? AND source = CAST(? AS TEXT)",
                (
                    (as_bytes(name_of(source)), self._catalog.generation, self._before, as_bytes(source))
                    for source in (self._not_walked() if among is None else self._not_walked_among(among))
                    if is_gone(source)
                ),
            )
            self._gone = self._catalog.run("SELECT count(*) FROM gone").fetchone()[0]

    def _not_walked(self) -> Iterator[str]:
        last = b""
        while rows := self._catalog.run(
            """
            SELECT source FROM files f WHERE generation = ? AND source > CAST(? AS TEXT)
                AND NOT EXISTS (SELECT 1 FROM walked w WHERE w.source = f.source) ORDER BY source LIMIT ?
            """,
            self._before,
            last,
            _BATCH,
        ).fetchall():
            for (source,) in rows:
                yield source
            last = as_bytes(rows[-1][0])

    def _not_walked_among(self, places: AbstractSet[str]) -> Iterator[str]:
        for place in places:
            if any(above in places for above in upwards(place) if above != place):
                continue
            low, high = bounds_of_folder(place)
            yield from (
                source
                for (source,) in self._catalog.run(
                    """
                    SELECT source FROM (
                        SELECT source FROM files WHERE generation = ?1 AND source = CAST(?2 AS TEXT) UNION SELECT source
                        FROM files WHERE generation = ?1 AND source >= CAST(?3 AS TEXT) AND source < CAST(?4 AS TEXT)
                    ) f WHERE NOT EXISTS (SELECT 1 FROM walked w WHERE w.source = f.source)
                    """,
                    self._before,
                    as_bytes(place),
                    low,
                    high,
                ).fetchall()
            )

    def take_origin(self, source: str, digest: bytes) -> Gone | None:
        """The file that is gone and had the content that a new file has, each only once; one of the same name first."""
        if not self._gone:
            return None
        row = self._catalog.run(
            "SELECT source, ids, documents FROM gone WHERE digest = ? AND documents > 0 "
            "ORDER BY name <> CAST(? AS TEXT), source LIMIT 1",
            digest,
            as_bytes(name_of(source)),
        ).fetchone()
        if row is None:
            return None
        self.settle(row[0])
        return _gone(*row)

    def unread(self) -> Iterator[tuple[str, str]]:
        """Files that had documents before, or may have had when a crash left them in doubt, and have none now: those
        that are gone, and those that cannot be read now, be it for the moment or as they are damaged, with the reason.

        For when what was walked has been read into a new generation.
        """
        last = b""
        while rows := self._catalog.run(
            f"""
            SELECT b.source, coalesce(n.error, '') FROM files b
                LEFT JOIN files n ON n.generation = ? AND n.source = b.source
            WHERE b.generation = ? AND (b.documents > 0 OR b.size < 0)
                AND (n.source IS NULL OR n.transient OR (n.{HAS_FAILED} AND n.documents = 0))
                AND b.source > CAST(? AS TEXT) ORDER BY b.source LIMIT ?
            """,
            self._catalog.generation,
            self._before,
            last,
            _BATCH,
        ).fetchall():
            yield from rows
            last = as_bytes(rows[-1][0])

    def settle(self, source: str) -> None:
        """What is to be done about a file that is gone has been done."""
        self._catalog.run("DELETE FROM gone WHERE source = CAST(? AS TEXT)", as_bytes(source))
        self._gone -= 1

    def gone(self) -> Iterator[Gone]:
        """The files that are gone, without those of which `take_origin` and `settle` told."""
        last = b""
        statement = "SELECT source, ids, documents FROM gone WHERE source > CAST(? AS TEXT) ORDER BY source LIMIT ?"
        while rows := self._catalog.run(statement, last, _BATCH).fetchall():
            yield from (_gone(*row) for row in rows)
            last = as_bytes(rows[-1][0])


def name_of(source: str) -> str:
    """The last part of the name of a file in an index."""
    return source.rpartition("/")[2]


def _gone(source: str, ids: str, documents: int) -> Gone:
    return Gone(source, tuple(ids.split()), documents > 0)
