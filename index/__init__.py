"""Byline's index side: corpus files become documents, and documents become an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.document import Document

__all__ = ["Document", "read"]


def read(path: str | Path, on_skip: Callable[[str, str], None] | None = None) -> list[Document]:
    """The documents of one file, or of all article files in a folder and the folders in it.

    Args:
        path: a file or a folder. Sources are relative to the folder, or are the file's own name.
        on_skip: called with (source, reason) for every file, or part of a file, that a folder holds but that is not
            read; without it such files are passed over in silence.

    Raises:
        UsageError: if there is nothing at `path`.
        ReadError: if `path` is a single file that cannot be read.
    """
    from pathlib import Path

    from index.errors import ReadError
    from index.readers import read_file
    from index.walk import SkippedFile, walk

    path = Path(path)
    if not path.is_dir():
        next(iter(walk([path], path.parent)))  # raises if there is nothing
        result = read_file(path, path.name)
        if on_skip:
            for problem in result.problems:
                on_skip(path.name, problem)
        return result.documents
    documents: list[Document] = []
    for found in walk([path], path):
        if isinstance(found, SkippedFile):
            problems: tuple[str, ...] = (found.reason,)
        else:
            try:
                result = read_file(found.path, found.source)
                documents += result.documents
                problems = result.problems
            except ReadError as error:
                problems = (error.what,)
        if on_skip:
            for problem in problems:
                on_skip(found.source, problem)
    return documents


def __getattr__(name: str) -> object:
    if name == "Document":
        from index.document import Document

        return Document
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
