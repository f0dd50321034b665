"""What an index folder may consist of: regular files and folders, never links, pipes or devices.

Byline makes nothing else, and a link in an index that somebody else made could have it read, overwrite or remove a file
anywhere. The index folder itself may be a link.
"""

from __future__ import annotations

import os
from pathlib import Path

from index.errors import IndexDamaged

_DEPTH = 2  # generations/0001/…
_FOLDERS = ("generations", "searches")
_FILES = ("manifest.json", "checksums.json", "catalog.sqlite", "lock")


def check_shape(index_dir: Path) -> None:
    """Make sure that nothing in an index leads out of it or cannot be read to its end. Costs a look at each folder.

    What else lies in the folder, and Byline does not open, does not matter; nor does it that there is no index.

    Raises:
        IndexDamaged: naming what is neither a regular file nor a folder.
    """
    try:
        with os.scandir(index_dir) as entries:
            ours = [entry for entry in entries if entry.name.startswith((*_FOLDERS, *_FILES))]
    except OSError:  # which whoever opens a file in it will say
        return
    for entry in ours:
        _check(entry, _DEPTH if entry.name in _FOLDERS else 0)


def _check(entry: os.DirEntry[str], depth: int) -> None:
    if entry.is_dir(follow_symlinks=False):
        if not depth:
            return
        try:
            with os.scandir(entry.path) as entries:
                for each in entries:
                    _check(each, depth - 1)
        except OSError:  # removed just now, or it may not be read
            return
    elif not entry.is_file(follow_symlinks=False) and os.path.lexists(entry.path):
        raise not_regular(entry.path)


def not_regular(path: Path | str) -> IndexDamaged:
    """The error for what is no regular file, in an index."""
    what = "a link" if os.path.islink(path) else "no regular file"  # noqa: PTH114  (it is a text)
    return IndexDamaged(
        f"it is {what}, which Byline never puts into an index",
        where=str(path),
        remedy="Remove it if you know how it came there; or make another index: byline index PATH --index DIR",
    )
