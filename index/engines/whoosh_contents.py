"""The whoosh engine's table of contents: which segments the last commit has, and which of their documents are deleted.

It is whoosh's but for its form, which is JSON: a file a commit, `_MAIN_7.toc`, of which the highest number counts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from index.errors import IndexOutdated
from index.sealed import replace_file, sealed, unsealed

NAME = "MAIN"
"""What whoosh calls an index that has no name of its own."""

MOST_DOCUMENTS = 2**16
"""A segment has fewer documents than this."""

_CONTENTS = re.compile(rf"_{NAME}_([0-9]{{1,18}})\.toc")
_SEGMENT = re.compile(rf"{NAME}_([0-9a-z]+)\.[A-Za-z0-9_.]+")
_SEGMENT_ID = re.compile(r"[0-9a-f]{16}")
_MOST_BYTES = 64 * 2**20
_MOST_SEGMENTS = 10_000


class SegmentDescription:
    """A segment as the table of contents has it.

    Attributes:
        id: sixteen hexadecimal digits.
        count: how many documents it has, deleted ones too.
        deleted: the numbers of those.
    """

    def __init__(self, id: str, count: int, deleted: Iterable[int] = ()) -> None:
        self.id = id
        self.count = count
        self.deleted = set(deleted)

    @property
    def live(self) -> int:
        """How many documents are not deleted."""
        return self.count - len(self.deleted)

    @property
    def file_name(self) -> str:
        """The name of its file."""
        return f"{NAME}_{self.id}.seg"


def read_contents(location: Path) -> tuple[int, list[SegmentDescription]]:
    """The number of the last commit, and its segments.

    Raises:
        IndexOutdated: if whoosh itself wrote it, or Byline did when it still left that to whoosh.
        FileNotFoundError: if there is none, or it has just been replaced.
        ValueError, TypeError, KeyError, RecursionError: if it is not as it was written.
    """
    commit = max(_commits(location), default=None)
    if commit is None:
        raise FileNotFoundError("it has no table of contents")
    path = location / _file_name(commit)
    with path.open("rb") as file:
        data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ValueError("its table of contents is too long")
    if data.startswith(b"\x04\x08\x04"):  # the sizes of some numbers, with which whoosh begins
        raise IndexOutdated(
            "the index has to be built again: its files could hold code, which this version does not read",
            where=str(location),
            remedy="Bring it up to date: byline index --rebuild",
        )
    segments = unsealed(data)["segments"]
    if not isinstance(segments, list) or len(segments) > _MOST_SEGMENTS:
        raise ValueError("its table of contents is none")
    return commit, [_description(segment) for segment in segments]


def write_contents(location: Path, commit: int, segments: Sequence[SegmentDescription]) -> None:
    """Put the table of contents of a commit in place, whole and durable. From then on it is the one that counts."""
    listed = [{"id": each.id, "count": each.count, "deleted": sorted(each.deleted)} for each in segments]
    replace_file(location / _file_name(commit), sealed({"segments": listed}, indent=None))


def files_of_commit(location: Path) -> list[str]:
    """See `Engine.files`. Raises what `read_contents` does."""
    commit, segments = read_contents(location)
    return [_file_name(commit), *(segment.file_name for segment in segments)]


def remove_unused(location: Path, commit: int, segments: Iterable[SegmentDescription]) -> None:
    """Remove the files of other commits, and of segments in the making that never got into one.

    Where a file cannot be removed because somebody has it open, a later commit removes it.
    """
    kept = {segment.id for segment in segments}
    for entry in os.scandir(location):
        contents, segment = _CONTENTS.match(entry.name), _SEGMENT.fullmatch(entry.name)
        unused = (
            entry.name != _file_name(commit) if contents is not None else segment is not None and segment[1] not in kept
        )
        if unused:
            try:
                os.remove(entry)  # noqa: PTH107  (there is no path to begin with)
            except OSError:
                continue


def _commits(location: Path) -> Iterable[int]:
    for name in os.listdir(location):  # noqa: PTH208
        if match := _CONTENTS.fullmatch(name):
            yield int(match[1])


def _file_name(commit: int) -> str:
    return f"_{NAME}_{commit}.toc"


def _description(values: Any) -> SegmentDescription:
    name, count, deleted = values["id"], values["count"], values["deleted"]
    if not (isinstance(name, str) and _SEGMENT_ID.fullmatch(name)):
        raise ValueError(f"not the id of a segment: {name!r}")
    if not _is_number(count, MOST_DOCUMENTS) or not all(_is_number(number, count) for number in deleted):
        raise ValueError(f"not the documents of a segment: {count!r}")
    return SegmentDescription(name, count, deleted)


def _is_number(value: object, below: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < below
