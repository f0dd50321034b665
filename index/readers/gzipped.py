"""Files packed with gzip: `post.md.gz` is read as `post.md`."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Iterator

from index.document import Document
from index.errors import ReadError
from index.readers import Problem, RawFile, most_bytes, read_file, reader_name

MAX_RATIO = 250
"""A file that unpacks to more than this many times its size is refused, if it is large."""

_LARGE_BYTES = 2**20


def read(file: RawFile) -> Iterator[Document | Problem]:
    """The documents of the file within."""
    inner, _ = os.path.splitext(file.path)  # noqa: PTH122
    result = read_file(
        inner, file.source, unpacked(file, most_bytes(reader_name(inner))), settings=file.settings, side=b""
    )
    yield from result.documents
    yield from map(Problem, result.problems)


def unpacked(file: RawFile, most: int) -> bytes:
    """What the file unpacks to.

    Raises:
        ReadError: if it is damaged, or unpacks to more than `most` bytes or to nothing.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(file.data)) as stream:
            data = stream.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ReadError(f"damaged, or not packed with gzip ({error})"[:300], where=file.source) from None
    if len(data) > most:
        raise ReadError(f"unpacks to more than {most // 2**20} MB", where=file.source)
    if len(data) > _LARGE_BYTES and len(data) > MAX_RATIO * len(file.data):
        raise ReadError(f"unpacks to more than {MAX_RATIO} times its size", where=file.source)
    if not data.strip():
        raise ReadError("the file is empty", where=file.source)
    return data
