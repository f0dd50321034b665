"""Files to read, and what becomes of them: what a build and the processes that read tell each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from index.catalog.counts import Counts
from index.settings import IndexSettings, ReadingSettings

if TYPE_CHECKING:
    from index.document import Document
    from index.engines.contract import ColumnValue
    from index.processes.reading import Started

EXPORT = "export"
"""The format of a file of exported documents, which keep sources of their own: see `index.readers.parts.own_format`."""

_DEFAULTS = IndexSettings()
_NOTHING_SET = ReadingSettings()


class Task(NamedTuple):
    """A file to read.

    Attributes:
        path: where to open it.
        source: its name in the index.
        size: in bytes, about.
        known_digest: of the content that is already in the index; empty if it must be read in any case.
        settings: how documents are analysed.
        reading: what a person set for reading.
    """

    path: str
    source: str
    size: int
    known_digest: bytes = b""
    settings: IndexSettings = _DEFAULTS
    reading: ReadingSettings = _NOTHING_SET


class FileResult(NamedTuple):
    """What became of a file.

    Attributes:
        source: its name in the index.
        checked_ns: when reading began, in nanoseconds since 1970.
        digest: of its content; empty if it could not be opened, or a library to read it is missing.
        unchanged: whether the content is the known one; then there is nothing else.
        reader: the format it was read as.
        documents: analysed, in the order of the file: what an `AnalysedDocument` is made of, which travels between
            processes three times as fast as that.
        articles: the documents as they are, if they were not to be analysed.
        counts: what the documents have and lack.
        problems: parts of the file that could not be read or are too long to be searched, or an encoding that was
            guessed, one sentence each.
        error: why nothing could be read; empty if something could.
        transient: whether the error may be gone next time, without a change of the file.
    """

    source: str
    checked_ns: int
    digest: bytes = b""
    unchanged: bool = False
    reader: str = ""
    documents: Sequence[tuple[str, Mapping[str, ColumnValue], str]] = ()
    articles: Sequence[Document] = ()
    counts: Counts | None = None
    problems: tuple[str, ...] = ()
    error: str = ""
    transient: bool = False


Work = Callable[[Task], "Started"]
"""Starts the reading of a file; a function of a module, so that another process can import it."""


def to_analyse(task: Task) -> Started:
    """What a build does with a file: `index.processes.reading.read_to_analyse`, imported only when there is one to
    read."""
    from index.processes.reading import read_to_analyse

    return read_to_analyse(task)
