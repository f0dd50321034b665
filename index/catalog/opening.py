"""Opening the catalog of an index so that it is the one that was closed, or else an empty one.

`checksums.json` beside it holds its size, times and CRC-32 as they were when the last build closed it, and the number
that SQLite counts up with every change. Where that number is another, the build that changed it was killed: what SQLite
finds by itself must then do.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from index.catalog.catalog import Catalog
from index.catalog.connections import BUSY_SECONDS, connected, private_copy
from index.catalog.sqlite_errors import BUSY, catalog_error
from index.catalog.tables import check_tables, rows_are_sound
from index.engines.refusals import NOT_DAMAGE, cannot_read
from index.errors import READ_AGAIN, IndexDamaged
from index.sealed import number, read_small_file, replace_file, sealed, unsealed
from index.storage.checksums import MISSING, NOT_AS_WRITTEN, FileSum, crc_of, file_sum
from index.storage.manifest import CATALOG_NAME, CHECKSUMS_NAME

_HEADER = struct.Struct(">24xI64xI")  # the number of changes, and the same again, as SQLite's file format has them
_MAX_BYTES = 2**16


class _Closed(NamedTuple):
    changes: int
    sum: FileSum


@contextmanager
def open_catalog(index_dir: Path, *, thorough: bool, checked: bool = True) -> Iterator[Catalog]:
    """The catalog of an index, for the one writer, who holds the lock; an empty one if it is lost or damaged.

    Args:
        index_dir: the index folder.
        thorough: whether SQLite looks at all of it although its checksum is right.
        checked: whether there should be a checksum, which older formats of an index do not have.

    Raises:
        BylineError: if it cannot be opened now.
    """
    path = index_dir / CATALOG_NAME
    catalog = _opened(path, thorough, checked)
    is_new = catalog is None
    catalog = catalog or _empty(path)
    try:
        yield catalog
    finally:
        is_new = is_new and not catalog.has_commits()
        catalog.close()
        if is_new:  # nothing was done: one without anything in it would be taken for an older one
            path.unlink(missing_ok=True)
        with suppress(OSError):  # a full disk: it counts as changed since, and is checked as after a crash
            _note_as_closed(path)


@contextmanager
def read_catalog(
    index_dir: Path, *, checked: bool = True, trusting: bool = True, rows: bool = True, patience: float = BUSY_SECONDS
) -> Iterator[sqlite3.Connection]:
    """SQLite's connection to the catalog of an index, for reading while others may write.

    Args:
        index_dir: the index folder.
        checked: whether to look for damage first; older formats of an index have no checksum of it.
        trusting: as in `damage_in_catalog`.
        rows: whether to look at every row of one that was not written here, in case somebody means harm.
        patience: how many seconds to wait for another process that is just committing.

    Raises:
        IndexDamaged: if it is missing or damaged.
        IndexLocked: if another program keeps it.
        BylineError: if it may not be read.
    """
    path = index_dir / CATALOG_NAME
    try:
        connection, is_copy = _for_reading(path, patience)
        with closing(connection):
            if is_copy:  # of a file that is half written: SQLite must then do, as for the next build
                if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                    raise IndexDamaged(NOT_AS_WRITTEN, where=str(path), remedy=READ_AGAIN)
            elif checked:
                connection.execute("BEGIN")
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on it stays as it is
                if damage := damage_in_catalog(index_dir, trusting=trusting):
                    raise IndexDamaged(damage, where=str(path), remedy=READ_AGAIN)
                # Closing the file has let go of SQLite's locks on it: the system does that for the whole process.
                connection.execute("ROLLBACK")
            check_tables(connection, path, exactly=checked)
            if checked and rows and not _is_known(path) and not rows_are_sound(connection):
                raise IndexDamaged(NOT_AS_WRITTEN, where=str(path), remedy=READ_AGAIN)
            yield connection
    except sqlite3.Error as error:
        raise catalog_error(error, path, reading=True) from error


def _for_reading(path: Path, patience: float) -> tuple[sqlite3.Connection, bool]:
    """A connection that reads what is committed; after a crash to a copy, since taking back means writing. And whether
    it is to a copy."""
    connection = connected(path, reading=True, patience=patience)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if not _journal(path).exists() or (error.sqlite_errorcode & 0xFF) in BUSY:
            raise
        return private_copy(path), True
    except BaseException:
        connection.close()
        raise
    return connection, False


def damage_in_catalog(index_dir: Path, *, trusting: bool = True) -> str:
    """What is wrong with the file of the catalog, as a sentence; empty when nothing is.

    The caller holds the lock, or a transaction of SQLite's.

    Args:
        index_dir: the index folder.
        trusting: whether a file with the size and times that are known is taken to be the one that is known.

    Raises:
        BylineError: if it may not be read.
    """
    path = index_dir / CATALOG_NAME
    try:
        status = path.stat()
        closed, changes = _read_note(path), _changes(path)
        if closed is None or changes > closed.changes:
            return ""
        if trusting and closed.sum.has_stamp_of(status):
            return ""
        return "" if (closed.sum.size, closed.sum.crc) == (status.st_size, crc_of(path)) else NOT_AS_WRITTEN
    except FileNotFoundError:
        return MISSING
    except ValueError:
        return NOT_AS_WRITTEN
    except OSError as error:
        if error.errno in NOT_DAMAGE:
            raise cannot_read(index_dir, error.strerror or str(error)) from error
        return f"the file cannot be read: {error.strerror or error}"


def _opened(path: Path, thorough: bool, checked: bool) -> Catalog | None:
    """The catalog that is there; None if it is none, or is damaged."""
    if not path.exists():
        return None
    try:
        if _journal(path).exists():
            Catalog(path).close()  # which takes back what a crash left half done, but leaves a journal not begun
            _journal(path).unlink(missing_ok=True)
        if checked and damage_in_catalog(path.parent):
            return None
        closed = _read_note(path) if checked else None
        was_killed = closed is None or closed.changes != _changes(path)
        is_known = _is_known(path)
        catalog = Catalog(path)
    except (IndexDamaged, FileNotFoundError, ValueError):
        return None
    is_sound = (not (thorough or was_killed) or catalog.is_whole()) and (is_known or catalog.has_sound_rows())
    if is_sound:
        return catalog
    catalog.close()
    return None


def _is_known(path: Path) -> bool:
    """Whether it is the file that was closed last, and was so on this machine."""
    try:
        closed = _read_note(path)
        return closed is not None and closed.sum.has_stamp_of(path.stat())
    except (OSError, ValueError):
        return False


def _empty(path: Path) -> Catalog:
    path.unlink(missing_ok=True)
    _journal(path).unlink(missing_ok=True)
    replace_file(_note(path), sealed({"catalog": None}))
    return Catalog(path)


def _note_as_closed(path: Path) -> None:
    """Write down what the catalog is like, unless that is known. Raises OSError."""
    try:
        status = path.stat()
        changes, before = _changes(path), _read_note(path) if _note(path).exists() else None
        if before and before.changes == changes and before.sum.has_stamp_of(status):
            return
        known = FileSum(status.st_size, status.st_mtime_ns, status.st_ctime_ns, crc_of(path))
    except ValueError:  # damaged since it was opened: the next build finds out
        return
    replace_file(_note(path), sealed({"catalog": [changes, *known]}))


def _read_note(path: Path) -> _Closed | None:
    """What the catalog was like when it was closed; None if it never was. Raises OSError or ValueError."""
    data = read_small_file(_note(path), _MAX_BYTES)
    try:
        values = unsealed(data)["catalog"]
        if values is None:
            return None
        changes, *numbers = values
        return _Closed(number(changes), file_sum(*numbers))
    except (TypeError, KeyError, RecursionError) as error:
        raise ValueError(str(error)) from None


def was_closed(index_dir: Path) -> bool:
    """Whether a build has closed the catalog and not been killed: no such build leaves it without a manifest."""
    try:
        return _read_note(index_dir / CATALOG_NAME) is not None
    except (OSError, ValueError):
        return False


def _changes(path: Path) -> int:
    """How often SQLite has changed a file. Raises OSError, or ValueError if it is none of SQLite's."""
    with path.open("rb") as file:
        header = file.read(_HEADER.size)
    if not header:
        return 0  # not written to yet
    if len(header) < _HEADER.size:
        raise ValueError("too short")
    changes, again = _HEADER.unpack(header)
    if changes != again:
        raise ValueError("its header is damaged")
    return int(changes)


def _note(path: Path) -> Path:
    return path.with_name(CHECKSUMS_NAME)


def _journal(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")
