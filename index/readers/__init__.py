"""From one article file to its documents.

A format is a module of this package with a function `read`, and one line in `_FORMATS` per file suffix. Where a suffix
stands for several formats (`.xml`, `.json`), its module looks at the content.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Generator, Iterator
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from index.document import Document
from index.errors import ReadError
from index.reading_settings import ReadingSettings
from index.sources import SIDE_SUFFIX

READERS_VERSION = 6
"""Raised whenever the same file gives other documents, so that old indexes read their files again."""

MAX_FILE_BYTES = 64 * 2**20
"""Larger files are skipped with a reason."""

MAX_ARTICLE_BYTES = 16 * 2**20
"""Likewise, of formats in which a file is one article."""

MAX_MEMORY_MB = 2048
"""How much memory a process that reads files may take, where the system can be told so: see
`index.processes.workers`."""

OUT_OF_MEMORY = f"reading it takes more than {MAX_MEMORY_MB:,} MB of memory"

_FORMATS = {
    ".md": "markdown", ".markdown": "markdown", ".mdown": "markdown", ".mkd": "markdown", ".mdx": "markdown",
    ".txt": "text", ".text": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl",
    ".rst": "rst", ".rest": "rst",
    ".adoc": "asciidoc", ".asciidoc": "asciidoc", ".asc": "asciidoc",
    ".xml": "feed", ".rss": "feed", ".atom": "feed", ".rdf": "feed",
    ".csv": "table", ".tsv": "table", ".tab": "table",
    ".zip": "archive",
    ".mhtml": "mhtml", ".mht": "mhtml",
    ".eml": "mail", ".mbox": "mbox",
    ".epub": "epub", ".pdf": "pdf", ".docx": "docx", ".odt": "odt",
}  # fmt: skip


MAX_MAILBOX_BYTES = 256 * 2**20
"""Likewise, of mailboxes: most of their bytes are attachments, which are passed over."""

PACKED = ".gz"
"""What may stand behind any of them."""

_MANY = frozenset(("jsonl", "feed", "table", "archive"))  # formats whose files hold many articles

_BULKY = frozenset(("mhtml", "mail", "epub", "pdf", "docx", "odt"))  # pictures and attachments make up most of them

_WITH_SIDE = frozenset(("markdown", "text", "html", "rst", "asciidoc"))

MAX_SIDE_BYTES = 256 * 1024
"""What follows them in a side file is not read."""

MAX_ENTRIES = 200_000
"""The most documents of one file; what follows them is reported."""

MAX_PROBLEMS = 100
"""Parts of a file that cannot be read are reported one by one up to this many, and then counted, but for the last."""

_DEFAULTS = ReadingSettings()


class RawFile(NamedTuple):
    """What a reader is given.

    Attributes:
        path: the file; inside an archive, its path there behind the archive's own. For its name and suffix alone.
        source: its name in the index.
        data: its bytes, never empty.
        settings: what a person set for reading.
        side: the bytes of its side file; empty if there is none.
    """

    path: str
    source: str
    data: bytes
    settings: ReadingSettings = _DEFAULTS
    side: bytes = b""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return os.path.basename(self.path)  # noqa: PTH119

    @property
    def suffix(self) -> str:
        """What the name ends with, in small letters: ".md"."""
        return os.path.splitext(self.path)[1].lower()  # noqa: PTH122


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


Reader = Callable[[RawFile], Iterator[Document | Problem | None]]
"""Gives what is in a file, and None where it rests between two steps: see `read_in_steps`."""


@lru_cache(maxsize=1024)  # asked several times of every file, and of several files in a row
def reader_name(path: str | Path) -> str | None:
    """The name of the format that the file's suffix stands for, such as "markdown"; None if it is no article format."""
    stem, suffix = os.path.splitext(path)  # noqa: PTH122  (a tenth of the time of a Path)
    if suffix.lower() == PACKED:
        inner = _FORMATS.get(os.path.splitext(stem)[1].lower())  # noqa: PTH122
        return None if inner in (None, "archive") else "gzipped"
    return _FORMATS.get(suffix.lower())


def side_of(name: str) -> str | None:
    """The name of the side file that may stand beside a file; None for formats that have none."""
    return os.path.splitext(name)[0] + SIDE_SUFFIX if reader_name(name) in _WITH_SIDE else None  # noqa: PTH122


def side_bytes(path: str | Path) -> bytes:
    """The bytes of the file's side file; empty if there is none or it cannot be read."""
    name = side_of(os.fspath(path))
    if name is None:
        return b""
    try:
        if not os.access(name, os.F_OK):  # most have none, and an exception takes longer
            return b""
        if not stat.S_ISREG(os.lstat(name).st_mode):  # no link is followed, and no pipe waited for
            return b""
        with open(name, "rb") as file:  # noqa: PTH123
            return file.read(MAX_SIDE_BYTES)
    except (OSError, ValueError):
        return b""


@cache
def _reader(name: str) -> Reader:
    """The function that reads files of a format."""
    read: Reader = import_module(f"{__name__}.{name}").read
    return read


def read_file(
    path: str | Path,
    source: str,
    data: bytes | None = None,
    *,
    settings: ReadingSettings = _DEFAULTS,
    side: bytes | None = None,
) -> ReadResult:
    """Reads one file.

    Args:
        path: the file.
        source: the name its documents get in the index, followed by `#n` in files that hold several.
        data: what `file_bytes` gave for it, if that was called before.
        settings: what a person set for reading.
        side: what `side_bytes` gave for it, likewise.

    Raises:
        ReadError: if no document can be had from it: missing, unreadable, empty, too large, not text, no article.
    """
    path = os.fspath(path)
    _format(path, source)
    if data is None:
        data = file_bytes(path, source)
    steps = read_in_steps(RawFile(path, source, data, settings, side_bytes(path) if side is None else side))
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: ReadResult = end.value
            return result


def read_in_steps(file: RawFile) -> Generator[None, None, ReadResult]:
    """Reads one file as `read_file` does, but rests between steps: see `index.processes.reading.results_of`."""
    name = _format(file.path, file.source)
    documents: list[Document] = []
    problems: list[str] = []
    last, more = "", 0
    try:
        for found in _reader(name)(file):
            if isinstance(found, Document):
                if found.title or found.body:
                    documents.append(found)
                else:
                    problems.append("it has neither a title nor a text")
            elif found is None:
                yield
            elif len(problems) < MAX_PROBLEMS:
                problems.append(found.what)
            else:
                last, more = found.what, more + 1
    except ReadError:
        raise
    except MemoryError as error:
        raise ReadError(OUT_OF_MEMORY, where=file.source) from error
    except RecursionError as error:
        raise ReadError("nested too deep", where=file.source) from error
    except Exception as error:  # a reader that dies must not take the other files with it
        raise ReadError(f"the {name} reader failed ({type(error).__name__}: {error})", where=file.source) from error
    if not documents:
        others = len(problems) - 1 + more
        many = f" (and {others:,} more problems)" if others > 1 else f"; {problems[1]}" if others == 1 else ""
        raise ReadError(problems[0] + many if problems else "no article in it", where=file.source)
    if more > 1:
        problems.append(f"{more - 1:,} more parts of it could not be read, or not as they should be")
    if more:
        problems.append(last)  # it often tells where reading stopped
    return ReadResult(documents, tuple(problems))


def _format(path: str, source: str) -> str:
    """The name of a file's format. Raises ReadError if it has none."""
    name = reader_name(path)
    if name is None:
        known = ", ".join(sorted(_FORMATS))
        raise ReadError("not an article format", where=source, remedy=f"Formats are told by the suffix: {known}.")
    return name


def most_bytes(name: str | None) -> int:
    """How large a file of a format may be."""
    if name == "mbox":
        return MAX_MAILBOX_BYTES
    return MAX_FILE_BYTES if name in _MANY or name in _BULKY else min(MAX_FILE_BYTES, MAX_ARTICLE_BYTES)


def file_bytes(path: str | Path, source: str) -> bytes:
    """The bytes of a file, of which some are not white space.

    Raises:
        ReadError: if it is missing, unreadable (then with the OSError as its cause), empty or too large.
    """
    most = most_bytes(reader_name(path))
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            # As large as it is said to be: room for the most takes longer to get than most files take to be read.
            size = min(os.fstat(file.fileno()).st_size, most)
            data = file.read(size + 1)
            while len(data) != size and len(data) <= most and (more := file.read(most + 1 - len(data))):
                data += more
    except OSError as error:
        raise ReadError(f"cannot be opened: {error.strerror or error}", where=source) from error
    if len(data) > most:
        raise ReadError(f"larger than {most // 2**20} MB", where=source, remedy="Split it into parts.")
    if not data or data.isspace():
        raise ReadError("the file is empty", where=source)
    return data
