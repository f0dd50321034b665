"""Sources, the names of documents: which file one comes from, and what tells whether that file has changed."""

from __future__ import annotations

import os
import re
import time

SEPARATOR = "!/"
"""Stands between the name of an archive and that of a file in it."""

SIDE_SUFFIX = ".meta"
"""Of a file with values for the article beside it: see `index.readers.article.side_files`."""

_INSIDE = re.compile(r"(?:#\d+|!/.*)$", re.DOTALL)  # what follows the path of a file: which of its articles

_NUMBER = re.compile(r"#\d+$")
_MOST_FILES = 8  # that a source may be of

_DIGEST_BYTES = 16

# Time stamps of a file system may be so coarse that a change right after reading leaves the same one: whole seconds on
# some (2 on FAT), a clock tick (up to 10 ms) on others.
_COARSE_NS = 2_000_000_000
FINE_NS = 50_000_000


def doubt_ns(time_ns: int) -> int:
    """For how many nanoseconds after its last change a file may be changed again and keep the same time."""
    return FINE_NS if time_ns % 1_000_000_000 else _COARSE_NS


def sure_ns(status: os.stat_result) -> int:
    """A file that was read after this time, in nanoseconds since 1970, has not been changed since: where its size and
    its mtime are as they were, nothing else has taken its place either.

    Whoever copies or unpacks files may set their mtime back, and a file that is renamed keeps it; the ctime is set by
    all of that, and by no program. (On Windows it is when the file was made.) One to come was set by a clock that is
    ahead of ours, and says nothing yet.
    """
    mtime_ns, ctime_ns = status.st_mtime_ns, status.st_ctime_ns
    # `doubt_ns`, without the calls: this is asked of every file of a walk.
    sure = mtime_ns + (FINE_NS if mtime_ns % 1_000_000_000 else _COARSE_NS)
    renamed = ctime_ns + (FINE_NS if ctime_ns % 1_000_000_000 else _COARSE_NS)
    return renamed if renamed > sure and ctime_ns <= time.time_ns() else sure


def file_part(source: str) -> str:
    """The name of the file in the source of one of several articles in it: without `#3` or `!/posts/a.md`."""
    return _INSIDE.sub("", source)


def belongs_to(source: str, file: str) -> bool:
    """Whether a source is that of a file, or of something in it."""
    return source.startswith(file) and source[len(file) :][:1] in ("", "#", "!")


def possible_files(source: str) -> list[str]:
    """The names of files that a source may be of, the longest first: `!/` and `#3` may be in names of folders, too."""
    names = [source]
    if _NUMBER.search(source):
        names.append(_NUMBER.sub("", source))
    end = source.rfind("!/")
    while end > 0 and len(names) < _MOST_FILES:
        names.append(source[:end])
        end = source.rfind("!/", 0, end)
    return names


def digest_of(data: bytes, side: bytes) -> bytes:
    """Of the content of a file and of its side file, which may be empty."""
    import hashlib  # which most searches do without

    digest = hashlib.blake2b(data, digest_size=_DIGEST_BYTES)
    if side:
        digest.update(len(side).to_bytes(8, "big") + side)
    return digest.digest()
