"""Byline's index side: corpus files become documents, and documents become an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.document import Document
    from index.reading_settings import ReadingSettings

__all__ = ["Document", "read"]


def read(
    path: str | Path,
    on_skip: Callable[[str, str], None] | None = None,
    *,
    settings: ReadingSettings | None = None,
    isolated: bool = False,
) -> list[Document]:
    """The documents of one file, or of all article files in a folder and the folders in it.

    Files are read in this process, without bounds of time and memory, which suits files one knows. What is made to be
    slow, huge or deadly to read is refused or skipped if it is `isolated`, as it always is when an index is built.

    Args:
        path: a file or a folder. Sources are relative to the folder, or are the file's own name.
        on_skip: called with (source, reason) for every file, or part of a file, that a folder holds but that is not
            read; without it such files are passed over in silence.
        settings: how to read, as the table `[reading]` of a `byline.toml` tells it; `include` and `exclude` count for
            the building of an index only.
        isolated: whether to read in another process, which may take a bounded time and memory for each file. Its start
            takes a fraction of a second.

    Raises:
        UsageError: if there is nothing at `path`.
        ReadError: if `path` is a single file that cannot be read.
    """
    from pathlib import Path

    from index.processes.read_paths import read_paths
    from index.reading_settings import ReadingSettings

    path = Path(path)
    is_folder = path.is_dir()
    documents: list[Document] = []
    for file in read_paths([path], settings or ReadingSettings(), isolated=isolated):
        if file.error and not (is_folder and file.source):
            raise file.error
        documents += file.documents
        if on_skip:
            for problem in (file.error.what,) if file.error else file.problems:
                on_skip(file.source, problem)
    return documents


def __getattr__(name: str) -> object:
    if name == "Document":
        from index.document import Document

        return Document
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
