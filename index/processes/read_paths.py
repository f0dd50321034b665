"""From paths to what is in their files, in order, without an index: what `byline read` and `index.read` do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from index.document import Document
from index.errors import BylineError, ReadError
from index.files.walk import SkippedFile, SourceFile, walk
from index.processes.reading import read_only
from index.processes.tasks import Task
from index.processes.workers import read_in_processes
from index.reading_settings import ReadingSettings


class FileRead(NamedTuple):
    """What became of one file.

    Attributes:
        named: the path that was asked for: the file itself, or a folder it lies in.
        source: its name, relative to that folder; or its own name.
        documents: in the order of the file.
        problems: parts of it that were not read, one sentence each.
        error: why nothing could be read; None if something could.
    """

    named: Path
    source: str
    documents: tuple[Document, ...] = ()
    problems: tuple[str, ...] = ()
    error: BylineError | None = None


def read_paths(paths: Iterable[Path], settings: ReadingSettings, *, isolated: bool) -> Iterator[FileRead]:
    """Read files, and the article files in folders, in the order of the paths and of their names.

    Args:
        paths: files and folders. One that does not exist gives a `FileRead` with a UsageError.
        settings: how to read.
        isolated: whether to read in another process, which may take a bounded time and memory for each file. Otherwise
            a file may take as long as it likes.
    """
    found: list[tuple[Path, SourceFile | SkippedFile | BylineError]] = []
    for path in paths:
        try:
            found += ((path, file) for file in walk([path], path if path.is_dir() else path.parent))
        except BylineError as error:
            found.append((path, error))
    files = [file for _, file in found if isinstance(file, SourceFile)]
    tasks = [Task(file.path, file.source, file.size, reading=settings) for file in files]
    with closing(
        read_in_processes(tasks, read_only, 1, lambda: False) if isolated else (read_only(task) for task in tasks)
    ) as results:
        for named, file in found:
            if isinstance(file, BylineError):
                yield FileRead(named, named.name, error=file)
            elif isinstance(file, SkippedFile):
                yield FileRead(named, file.source, error=ReadError(file.reason, where=file.source))
            else:
                result = next(results)  # one process answers in the order of the tasks
                failure = ReadError(result.error, where=file.source) if result.error else None
                yield FileRead(named, file.source, tuple(result.articles), result.problems, failure)
