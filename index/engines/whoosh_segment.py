"""A segment of a whoosh index, open for reading, and the errors of whoosh as ours."""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from index.engines.refusals import NOT_DAMAGE, cannot_read, cannot_write
from index.engines.whoosh_contents import SegmentDescription, read_contents
from index.engines.whoosh_files import ID, NO_DAY, Folder, SegmentFile
from index.errors import BUILD_AGAIN, BylineError, IndexDamaged
from index.query import Query
from index.schema import Schema

_DAMAGE = (struct.error, zlib.error, OSError, EOFError, UnicodeDecodeError, IndexError)
_ATTEMPTS = 10  # to open segments that a writer may be replacing


class Segment:
    """One segment's documents and terms, numbered from 0. Keep one to one thread at a time."""

    def __init__(self, folder: Folder, description: SegmentDescription) -> None:
        self.description = description
        self.count = description.count
        self.file = SegmentFile(folder, description.file_name, self.count)
        self.terms = self.file.terms()
        self._stored = self.file.stored()
        self._lengths: dict[str, array[int]] = {}
        self._days: dict[str, list[int | None]] = {}
        self._texts: dict[str, list[str | None]] = {}
        self.holding: dict[Query, frozenset[int]] = {}
        """The documents in which some patterns of the last searches stand."""

    @cached_property
    def live(self) -> frozenset[int]:
        """The documents that are not deleted."""
        return frozenset(range(self.count)).difference(self.description.deleted)

    @cached_property
    def ids(self) -> list[str]:
        """The id of every document."""
        return self.file.ids()

    def stored(self, document: int) -> str:
        """What was stored for a document."""
        return self._stored[document]

    def find(self, id: str) -> int | None:
        """The document of this id that is not deleted."""
        for number in self.terms.occurrences(ID, id) or ():
            if number >> 32 in self.live:
                return number >> 32
        return None

    def lengths(self, column: str) -> array[int]:
        """How many tokens of a column each document has."""
        known = self._lengths.get(column)
        if known is None:
            known = self._lengths[column] = self.file.lengths(column)
        return known

    def days(self, column: str) -> list[int | None]:
        """The day of each document."""
        known = self._days.get(column)
        if known is None:
            known = self._days[column] = [None if day == NO_DAY else day for day in self.file.days(column)]
        return known

    def texts(self, column: str) -> list[str | None]:
        """What an ordered column of text holds for each document."""
        known = self._texts.get(column)
        if known is None:
            known = self._texts[column] = [None] * self.count
            for text, occurrences in self.terms.items(column):
                for number in occurrences if text else ():
                    known[number >> 32] = text
        return known

    def values(self, schema: Schema, column: str) -> Sequence[int | str | None]:
        """What an ordered column, or one of days, holds for each document."""
        is_day = any(each.name == column and each.is_day for each in schema.columns)
        return self.days(column) if is_day else self.texts(column)

    def close(self) -> None:
        """Let go of the file."""
        self.terms.close()
        self._stored.close()
        self.file.close()


def open_segments(location: Path) -> tuple[int, list[Segment]]:
    """The number of the last commit and its segments. A commit meanwhile only makes it try again."""
    for attempt in range(_ATTEMPTS):
        opened: list[Segment] = []
        folder = Folder(location)
        try:
            commit, descriptions = read_contents(location)
            for description in descriptions:
                opened.append(Segment(folder, description))
            return commit, opened
        except BaseException as error:
            for segment in opened:
                segment.close()
            folder.close_files()
            if not isinstance(error, FileNotFoundError) or attempt + 1 == _ATTEMPTS:
                raise
    raise AssertionError("unreachable")


@contextmanager
def reporting(location: Path, *, opening: bool = False, reading: bool = False) -> Iterator[None]:
    """Turn what whoosh raises for files that are not as they should be into errors of ours.

    Args:
        location: the index's folder.
        opening: whether tables and directories are read, where damage can raise anything at all.
        reading: whether the index was to be read, not written to.
    """
    damage: tuple[type[Exception], ...] = _DAMAGE
    if opening:
        damage = (Exception,)
    try:
        yield
    except BylineError:
        raise
    except damage as error:
        if isinstance(error, OSError) and error.errno in NOT_DAMAGE:
            refusal = cannot_read if reading else cannot_write
            raise refusal(location, error.strerror or str(error)) from error
        raise IndexDamaged(
            f"whoosh cannot use the index ({type(error).__name__}: {error})",
            where=str(location),
            remedy=BUILD_AGAIN,
        ) from error
