"""What keeps an engine from reading or writing although the index is whole: permissions, media, space."""

from __future__ import annotations

import errno
from pathlib import Path

from index.errors import BylineError

NOT_DAMAGE = frozenset(
    {
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EMFILE,
        errno.ENFILE,
    }
)
"""Numbers of errors of the operating system that say nothing about the index itself."""


def cannot_write(location: Path, reason: str) -> BylineError:
    """The error for an index that the operating system keeps from being written to."""
    return BylineError(
        f"the index cannot be written to ({reason})",
        where=str(location),
        remedy="Check the folder's permissions and the space left, then try again.",
    )


def cannot_read(location: Path, reason: str) -> BylineError:
    """The error for an index that the operating system keeps from being read."""
    return BylineError(
        f"the index cannot be read ({reason})",
        where=str(location),
        remedy="Check the permissions of the folder and of its files, then try again.",
    )
