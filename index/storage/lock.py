"""One writer at a time: a lock of the operating system, which lets go of it with the process that held it.

So a lock that a dead process left behind needs no guessing. The file also says who holds it, for the message.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from index.errors import IndexLocked, UsageError
from index.home import unwritable
from index.sealed import read_small_file
from index.storage.manifest import LOCK_MARK, LOCK_NAME
from index.storage.shape import check_shape

_POLL_SECONDS = 0.1
_MOST_BYTES = 10_000
_WINDOWS_BYTE = 2**30  # what is locked on Windows; beyond the text, which others must be able to read


@contextlib.contextmanager
def writer_lock(index_dir: Path, wait: float) -> Iterator[None]:
    """Hold the index for writing.

    Args:
        index_dir: the index folder, which exists.
        wait: how long to wait for another writer, in seconds.

    Raises:
        IndexLocked: naming the process that holds it, if it still does after `wait`.
        IndexDamaged: if there are links in the index.
        UsageError: if the folder cannot be written to, or its file system has no locks.
    """
    path = index_dir / LOCK_NAME
    check_shape(index_dir)  # before anything in it is written to
    try:
        file = open(path, "a+", encoding="utf-8", newline="\n", opener=_opened)  # noqa: SIM115  (it is closed below)
    except OSError as error:
        raise unwritable(index_dir, error) from error
    with file:
        deadline = time.monotonic() + wait
        while not _try_lock(file, index_dir):
            left = deadline - time.monotonic()
            if left <= 0:
                raise IndexLocked(
                    f"{_holder(path)} is writing to this index",
                    where=str(index_dir),
                    remedy=f"Try again when it is done (waited {wait:g} s; for longer: --wait SECONDS)",
                )
            time.sleep(min(_POLL_SECONDS, left))
        try:
            now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            _note(file, {"pid": os.getpid(), "host": socket.gethostname(), "since": now})
            yield
        finally:
            with contextlib.suppress(OSError):  # a full disk must not hide what happened
                _note(file, None)
            _unlock(file)


def holder_of(index_dir: Path) -> str:
    """The process that is writing to an index now, for a message; empty if none is, or that cannot be told."""
    path = index_dir / LOCK_NAME
    try:
        with open(path, "rb", opener=_opened) as file:
            return "" if _is_free(file) else _holder(path)
    except OSError:
        return ""


def _opened(path: str, flags: int) -> int:
    """Opens a file, but follows no link and waits for no named pipe."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0), 0o666)


def _note(file: IO[str], holder: dict[str, object] | None) -> None:
    try:
        file.seek(0)
        file.truncate()
        file.write(f"{LOCK_MARK}\n")
        if holder:
            file.write(json.dumps(holder) + "\n")
        file.flush()
    except OSError as error:
        error.filename = file.name
        raise


def _holder(path: Path) -> str:
    """Who holds the lock, as far as the file tells."""
    try:
        _, line = read_small_file(path, _MOST_BYTES).decode().splitlines()[:2]
        holder = json.loads(line)
        since = dt.datetime.fromisoformat(holder["since"])
        seconds = max(0, round((dt.datetime.now(dt.UTC) - since).total_seconds()))
        return (
            f"process {int(holder['pid'])} on {holder['host']} (since {since:%Y-%m-%d %H:%M:%S} UTC, {seconds} s ago)"
        )
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _try_lock(file: IO[str], index_dir: Path) -> bool:
        os.lseek(file.fileno(), _WINDOWS_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _is_free(file: IO[bytes]) -> bool:
        os.lseek(file.fileno(), _WINDOWS_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(file.fileno(), _WINDOWS_BYTE, os.SEEK_SET)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        return True

    def _unlock(file: IO[str]) -> None:
        os.lseek(file.fileno(), _WINDOWS_BYTE, os.SEEK_SET)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(file: IO[str], index_dir: Path) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise UsageError(
                f"the file system has no locks: {error.strerror or error}",
                where=str(index_dir),
                remedy="Keep the index on another disk: --index DIR",
            ) from error
        return True

    def _is_free(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)  # let go of when the file is closed
        except BlockingIOError:
            return False
        return True

    def _unlock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
