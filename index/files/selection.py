"""Which of the files that a walk finds belong to an index: all but its own, and those that settings leave out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from index.files.name_patterns import Choice
from index.files.roots import is_covered
from index.files.walk import SkippedFile, SourceFile, source_of
from index.home import home_of
from index.reading_settings import ReadingSettings
from index.settings import Settings


def belonging(
    found: Iterable[SourceFile | SkippedFile], index_dir: Path, settings: Settings, reading: ReadingSettings
) -> Iterator[SourceFile | SkippedFile]:
    """Those of the files found that are read into an index, or that it should be said of why they are not.

    Args:
        found: by a walk.
        index_dir: the index folder; nothing in it is an article.
        settings: whose own files are no articles either.
        reading: says which files to read.
    """
    home = home_of(index_dir)
    own = tuple(source_of(path, home) for path in (index_dir, *settings.files))
    names = frozenset(own)
    wanted = Choice(reading.include, reading.exclude)
    for file in found:
        if not (file.source.startswith(own) and is_covered(file.source, names)) and file.source in wanted:
            yield file
