"""Small files of an index: replaced as a whole, and beginning with a checksum of what follows.

    {"sum": "9ae0daaf",
     "format": 2, …

It is JSON all the same. Whichever bit of it flips, `unsealed` notices.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

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


def read_small_file(path: Path, most_bytes: int) -> bytes:
    """A file's content, or its first `most_bytes` + 1 if it is longer. Raises OSError. It waits for no named pipe."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(descriptor, "rb") as file:  # noqa: PTH123  # it is open already
        return file.read(most_bytes + 1) or b""


def replace_file(path: Path, text: str) -> None:
    """Write a small file as a whole and durably, or leave the old one as it is. Raises OSError."""
    new = path.with_name(f"{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make new names in a folder durable, where the system can."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
