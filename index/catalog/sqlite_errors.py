"""What SQLite raises for the catalog, as errors of ours."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from index.engines.refusals import cannot_read, cannot_write
from index.errors import BUILD_AGAIN, READ_AGAIN, BylineError, IndexDamaged, IndexLocked

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
"""What SQLite says when another connection is just writing."""

_REFUSED = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
}


def catalog_error(error: sqlite3.Error, path: Path, *, reading: bool = False) -> BylineError:
    """The error of ours that says what SQLite's does.

    Args:
        error: as raised.
        path: of the catalog.
        reading: whether it was only to be read.

    Returns:
        IndexDamaged when the file itself is to blame, IndexLocked when another program keeps it, else what the
        operating system refused.
    """
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF  # the rest of it only gives details
    if code in BUSY:
        return IndexLocked(
            f"another program is using the index's catalog ({error})",
            where=str(path),
            remedy="Try again when it has finished.",
        )
    is_missing = reading and not path.exists()
    if code in _REFUSED and not is_missing:
        return (cannot_read if reading else cannot_write)(path.parent, str(error))
    kind = IndexDamaged if code in _DAMAGE or reading else BylineError
    remedy = READ_AGAIN if reading else BUILD_AGAIN
    what = "the catalog is missing" if is_missing else f"the catalog cannot be used: {error}"
    return kind(what, where=str(path), remedy=remedy)
