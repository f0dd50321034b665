"""The catalog's tables, and whether those of a catalog are these: somebody else's may hold anything else."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from functools import lru_cache
from pathlib import Path

from index.errors import READ_AGAIN, IndexDamaged
from index.sealed import MOST

VERSION = 2
"""Raised whenever the tables change."""

TABLES = """
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
    error TEXT NOT NULL,                  -- why it could not be read, and which parts were not: `index.catalog.remarks`
    transient INTEGER NOT NULL,           -- whether that may be better next time
    PRIMARY KEY (generation, source)
) WITHOUT ROWID;
CREATE INDEX in_doubt ON files (generation) WHERE new_ids IS NOT NULL;
CREATE INDEX exports ON files (generation) WHERE reader = 'export';
"""

_COMMENT = re.compile(r"--[^\n]*")
_LANGUAGES = re.compile(r"(?:[a-z]{0,8}:[0-9]{1,15}(?: (?!$)|$))*")
_MAX_SCHEMA = 20  # entries of SQLite's list of tables

_NUMBERS = (
    "generation", "readers_version", "documents", "without_title", "without_author", "without_date", "doubtful",
    "transient",
)  # fmt: skip
_SIGNED = ("size", "mtime_ns", "checked_ns")
_TEXTS = ("source", "reader", "reading", "beside", "ids", "languages", "error")
_UNSOUND = " OR ".join(
    [
        *(f"typeof({name}) <> 'integer' OR {name} NOT BETWEEN 0 AND {MOST}" for name in _NUMBERS),
        *(f"typeof({name}) <> 'integer' OR {name} NOT BETWEEN -{MOST} AND {MOST}" for name in _SIGNED),
        *(f"typeof({name}) <> 'text'" for name in _TEXTS),
        "typeof(digest) <> 'blob'",
        "typeof(new_ids) NOT IN ('text', 'null')",
    ]
)


def check_tables(connection: sqlite3.Connection, path: Path, *, exactly: bool = True) -> None:
    """Make sure that a catalog consists of its tables, and of nothing that could go on for ever when it is read.

    Args:
        connection: to it.
        path: of it, for the message.
        exactly: whether the tables must be those of this version; older ones had others.

    Raises:
        IndexDamaged: if there are others, views or triggers.
        sqlite3.Error: if it cannot be read.
    """
    there = _schema(connection)
    if there != _expected() and (exactly or len(there) == _MAX_SCHEMA or not all(map(_is_plain, there))):
        raise IndexDamaged(
            "the catalog has other tables than it should",
            where=str(path),
            remedy=READ_AGAIN,
        )


def rows_are_sound(connection: sqlite3.Connection) -> bool:
    """Whether every value is of the kind that its column should have, which SQLite leaves open. Looks at all of them.

    Raises sqlite3.Error if it cannot be read.
    """
    commits = f"typeof(number_of_commits) <> 'integer' OR number_of_commits NOT BETWEEN 0 AND {MOST}"
    for table, unsound in (("files", _UNSOUND), ("generations", commits)):
        if connection.execute(f"SELECT 1 FROM {table} WHERE {unsound} LIMIT 1").fetchone():
            return False
    spoken = connection.execute("SELECT DISTINCT CAST(languages AS BLOB) FROM files")
    return all(_LANGUAGES.fullmatch(text.decode("utf-8", "replace")) for (text,) in spoken)


def _schema(connection: sqlite3.Connection) -> list[tuple[str, str, str, str]]:
    """What there is, without comments and regardless of blanks."""
    rows = connection.execute(
        "SELECT type, name, tbl_name, CAST(coalesce(sql, '') AS BLOB) FROM sqlite_master ORDER BY type, name LIMIT ?",
        (_MAX_SCHEMA,),
    )
    return [
        (str(kind), str(name), str(table), " ".join(_COMMENT.sub("", sql.decode("utf-8", "replace")).split()))
        for kind, name, table, sql in rows
    ]


def _is_plain(entry: tuple[str, str, str, str]) -> bool:
    """Whether it is a table or an index that only holds what was written."""
    return entry[0] in ("table", "index") and not entry[3].casefold().startswith("create virtual")


@lru_cache(maxsize=1)
def _expected() -> list[tuple[str, str, str, str]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(TABLES)
        return _schema(connection)
