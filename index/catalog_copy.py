"""Connections to the catalog: to the file itself, or to a private copy that nobody has to wait for."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from index.catalog_errors import BUSY

BUSY_SECONDS = 10.0
"""How long to wait for another process that is just committing."""


def connected(path: Path | str, *, uri: bool = False) -> sqlite3.Connection:
    """A connection without transactions of Python's own. Raises sqlite3.Error."""
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, uri=uri)


def private_copy(path: Path) -> sqlite3.Connection:
    """A temporary database of SQLite's own, with what is committed in the one at `path`, if that exists.

    The file is only read, and for no longer than it takes to copy it. Raises sqlite3.Error or OSError.
    """
    copy = connected("")
    try:
        if path.exists():
            _copy(path, copy)
    except BaseException:
        copy.close()
        raise
    return copy


def _copy(path: Path, copy: sqlite3.Connection) -> None:
    try:
        _copy_committed(path, copy)
    except sqlite3.OperationalError as error:
        journal = path.with_name(f"{path.name}-journal")
        if not journal.exists() or (error.sqlite_errorcode & 0xFF) in BUSY:
            raise
        # A crash left a commit half done. Who may write to the file takes it back; here that is done to another one.
        with TemporaryDirectory(prefix="byline-") as folder:
            for file in (path, journal):
                shutil.copyfile(file, Path(folder) / file.name)
            mended = Path(folder) / path.name
            with closing(connected(mended)) as connection:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            _copy_committed(mended, copy)


def _copy_committed(path: Path, copy: sqlite3.Connection) -> None:
    with closing(connected(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as stored:
        stored.backup(copy)
