"""Sources, the names of documents: which file one comes from, and what tells whether that file has changed."""

from __future__ import annotations

import re

SIDE_SUFFIX = ".meta"
"""Of a file with values for the article beside it: see `index.readers.side`."""

_INSIDE = re.compile(r"(?:#\d+|!/.*)$", re.DOTALL)  # what follows the path of a file: which of its articles

_DIGEST_BYTES = 16


def file_part(source: str) -> str:
    """The name of the file in the source of one of several articles in it: without `#3` or `!/posts/a.md`."""
    return _INSIDE.sub("", source)


def digest_of(data: bytes, side: bytes) -> bytes:
    """Of the content of a file and of its side file, which may be empty."""
    import hashlib  # which most searches do without

    digest = hashlib.blake2b(data, digest_size=_DIGEST_BYTES)
    if side:
        digest.update(len(side).to_bytes(8, "big") + side)
    return digest.digest()
