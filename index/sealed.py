"""Small files of an index: replaced as a whole, and beginning with a checksum of what follows.

    {"sum": "9ae0daaf",
     "format": 2, …

It is JSON all the same. Whichever bit of it flips, `unsealed` notices.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

MOST = 2**62
"""Numbers in an index are less than this, so that what counts on from them still fits into 64 bits."""

_UNFINISHED = ".new"  # ends the name of a file that is to replace another
_ABANDONED_SECONDS = 60
_TRIES = 3  # to write beside others who write the same file
_NOT_FOLLOWED = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_HEAD = re.compile(rb'\{"sum": "([0-9a-f]{8})",')


def sealed(values: Mapping[str, Any], *, indent: int | None = 1) -> str:
    """JSON types, at least one, as the text of a sealed file."""
    # ASCII: names that are not UTF-8 survive as escapes.
    rest = json.dumps(values, indent=indent)[1:] + "\n"
    return f'{{"sum": "{zlib.crc32(rest.encode()):08x}",{rest}'


def unsealed(data: bytes) -> dict[str, Any]:
    """What `sealed` was given. Raises ValueError or RecursionError when it is not as it was written."""
    head = _HEAD.match(data)
    if head is None or int(head[1], 16) != zlib.crc32(data[head.end() :]):
        raise ValueError("not as it was written")
    values: dict[str, Any] = json.loads(data)
    del values["sum"]
    return values


def is_sealed(data: bytes) -> bool:
    """Whether it begins as a sealed file does."""
    return _HEAD.match(data) is not None


def number(value: object, least: int = 0) -> int:
    """A whole number of JSON's or SQLite's that is at least `least`. Raises ValueError on anything else."""
    if type(value) is int and least <= value < MOST:
        return value
    raise ValueError(f"not a number from {least} on: {value!r:.40}")


def read_small_file(path: Path, most_bytes: int) -> bytes:
    """A regular file's content, or its first `most_bytes` + 1 if it is longer.

    Raises OSError, also for what is no regular file; it waits for no named pipe and reads from no device.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(descriptor, "rb") as file:  # noqa: PTH123  # it is open already
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        return file.read(most_bytes + 1)


def replace_file(path: Path, text: str) -> None:
    """Write a small file as a whole and durably, or leave the old one as it is. Raises OSError.

    Lines end alike on every system, since a checksum counts each byte. It writes through no link: what lies in the way
    of the new file is removed.
    """
    new = _new(path)
    try:
        with open(_created(new), "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except BaseException as error:
        if isinstance(error, OSError):
            error.filename = error.filename or str(path)  # which writing does not name
        remove_unfinished(path)
        raise
    sync_folder(path.parent)


def _created(path: Path) -> int:
    """A descriptor of a file that was not there before."""
    for tries_left in reversed(range(_TRIES)):
        path.unlink(missing_ok=True)
        try:
            return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOT_FOLLOWED, 0o666)
        except FileExistsError:  # of another process, which wrote the same just now
            if not tries_left:
                raise
    raise AssertionError("the last try returns or raises")


def remove_unfinished(path: Path) -> None:
    """Remove what a `replace_file` that was killed has left beside a file, if that can be removed."""
    with suppress(OSError):
        _new(path).unlink(missing_ok=True)


def remove_abandoned(folder: Path) -> None:
    """Remove what killed `replace_file`s have left in a folder to which others may be writing: what is a minute old."""
    with suppress(OSError):
        for path in folder.glob(f"*{_UNFINISHED}"):
            if time.time() - path.lstat().st_mtime > _ABANDONED_SECONDS:
                path.unlink(missing_ok=True)


def _new(path: Path) -> Path:
    return path.with_name(f"{path.name}{_UNFINISHED}")


def sync_folder(folder: Path) -> None:
    """Make new names in a folder durable, where the system can."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
