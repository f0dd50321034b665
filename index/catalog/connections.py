"""Connections to the catalog: to the file itself, or to a private copy that nobody has to wait for."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing, suppress
from pathlib import Path

from index.catalog.sqlite_errors import BUSY
from index.errors import READ_AGAIN, IndexDamaged
from index.storage.shape import not_regular

BUSY_SECONDS = 10.0
"""How long to wait for another process that is just committing."""


_SUPER_JOURNAL = bytes.fromhex("d9d505f920a163d7")  # how a journal ends that names another file, which SQLite removes
_FORMS = slice(18, 20)  # of SQLite's header: what the file is written and read with
_ROLLBACK = b"\1\1"  # a journal to roll back by; else it is a log of what is written ahead


def connected(path: Path | None, *, reading: bool = False, patience: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A connection without transactions of Python's own.

    Args:
        path: of the catalog; None for a temporary one.
        reading: whether nothing is written.
        patience: how many seconds to wait for another process that is just committing.

    Raises:
        IndexDamaged: for files by which SQLite would touch others, or wait.
        sqlite3.Error: if it cannot be opened.
    """
    if path:
        _check_files(path)
    where = f"{path.absolute().as_uri()}?mode=ro" if path and reading else path or ""
    connection = sqlite3.connect(where, timeout=patience, isolation_level=None, uri=reading)
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _check_files(path: Path) -> None:
    journal = path.with_name(f"{path.name}-journal")
    for file in (path, journal):
        with suppress(FileNotFoundError):
            if stat.S_IFMT(file.lstat().st_mode) not in (stat.S_IFREG, stat.S_IFDIR):  # folders SQLite refuses
                raise not_regular(file)
    if _part(path, 0, _FORMS.stop)[_FORMS] not in (_ROLLBACK, b""):
        raise _damaged(path, "the catalog is of a form that Byline never writes")
    if _part(journal, -len(_SUPER_JOURNAL), len(_SUPER_JOURNAL)) == _SUPER_JOURNAL:
        raise _damaged(path, "its journal names another file, as those of Byline never do")


def _part(path: Path, start: int, length: int) -> bytes:
    """Bytes of a file, from its end on if `start` is negative; none if it is shorter, or cannot be read."""
    try:
        with path.open("rb", buffering=0) as file:
            file.seek(start, os.SEEK_END if start < 0 else os.SEEK_SET)
            data = file.read(length) or b""
    except OSError:  # SQLite says what it is
        return b""
    return data if len(data) == length else b""


def _damaged(path: Path, what: str) -> IndexDamaged:
    return IndexDamaged(what, where=str(path), remedy=READ_AGAIN)


def private_copy(path: Path) -> sqlite3.Connection:
    """A temporary database of SQLite's own, with what is committed in the one at `path`, if that exists.

    The file is only read, and for no longer than it takes to copy it. Raises sqlite3.Error, OSError or IndexDamaged.
    """
    copy = connected(None)
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
        import shutil
        from tempfile import TemporaryDirectory

        # A crash left a commit half done. Who may write to the file takes it back; here that is done to another one.
        with TemporaryDirectory(prefix="byline-") as folder:
            for file in (path, journal):
                shutil.copyfile(file, Path(folder) / file.name)
            mended = Path(folder) / path.name
            with closing(connected(mended)) as connection:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            _copy_committed(mended, copy)


def _copy_committed(path: Path, copy: sqlite3.Connection) -> None:
    with closing(connected(path, reading=True)) as stored:
        stored.backup(copy)
