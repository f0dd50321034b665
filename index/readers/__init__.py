"""From one article file to its documents.

A format is a module of this package with a function `read`, and one line in `_FORMATS` per file suffix.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from index.document import Document
from index.errors import ReadError

READERS_VERSION = 3
"""Raised whenever the same file gives other documents, so that old indexes read their files again."""

MAX_FILE_BYTES = 64 * 2**20
"""Larger files are skipped with a reason."""

MAX_ARTICLE_BYTES = 16 * 2**20
"""Likewise, of formats in which a file is one article."""

_FORMATS = {
    ".md": "markdown", ".markdown": "markdown", ".mdown": "markdown", ".mkd": "markdown", ".mdx": "markdown",
    ".txt": "text", ".text": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RawFile:
    """What a reader is given: the file's bytes, never empty, and its names."""

    path: Path
    source: str
    data: bytes


class Problem(NamedTuple):
    """A part of a file that could not be read while the rest could, as a sentence: "line 3 is not JSON"."""

    what: str


class ReadResult(NamedTuple):
    """What became of one file.

    Attributes:
        documents: in the order of the file; at least one.
        problems: parts of the file that were skipped, one sentence each; usually none.
    """

    documents: list[Document]
    problems: tuple[str, ...]


Reader = Callable[[RawFile], Iterator[Document | Problem]]


def reader_name(path: str | Path) -> str | None:
    """The name of the format that the file's suffix stands for, such as "markdown"; None if it is no article format."""
    return _FORMATS.get(os.path.splitext(path)[1].lower())  # noqa: PTH122  (a tenth of the time of a Path)


def read_file(path: Path, source: str, data: bytes | None = None) -> ReadResult:
    """Reads one file.

    Args:
        path: the file.
        source: the name its documents get in the index, followed by `#n` in files that hold several.
        data: what `file_bytes` gave for it, if that was called before.

    Raises:
        ReadError: if no document can be had from it: missing, unreadable, empty, too large, not text, no article.
    """
    name = reader_name(path)
    if name is None:
        known = ", ".join(sorted(_FORMATS))
        raise ReadError("not an article format", where=source, remedy=f"Formats are told by the suffix: {known}.")
    if data is None:
        data = file_bytes(path, source)
    reader: Reader = import_module(f"{__name__}.{name}").read
    documents: list[Document] = []
    problems: list[str] = []
    try:
        for found in reader(RawFile(path, source, data)):
            if isinstance(found, Problem):
                problems.append(found.what)
            else:
                documents.append(found)
    except ReadError:
        raise
    except Exception as error:  # a reader that dies must not take the other files with it
        raise ReadError(f"the {name} reader failed ({type(error).__name__}: {error})", where=source) from error
    if not documents:
        raise ReadError(problems[0] if problems else "no article in it", where=source)
    return ReadResult(documents, tuple(problems))


def file_bytes(path: Path, source: str) -> bytes:
    """The bytes of a file, of which some are not white space.

    Raises:
        ReadError: if it is missing, unreadable (then with the OSError as its cause), empty or too large.
    """
    most = MAX_FILE_BYTES if reader_name(path) == "jsonl" else min(MAX_FILE_BYTES, MAX_ARTICLE_BYTES)
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise ReadError(f"cannot be opened: {error.strerror or error}", where=source) from error
    if len(data) > most:
        raise ReadError(f"larger than {most // 2**20} MB", where=source, remedy="Split it into parts.")
    if not data.strip():
        raise ReadError("the file is empty", where=source)
    return data
