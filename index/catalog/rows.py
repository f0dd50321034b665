"""What the catalog knows of a file, and how its rows say it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from index.catalog.counts import Counts


class Stat(NamedTuple):
    """A file as a walk found it.

    Attributes:
        source: its name in the index.
        size: in bytes.
        mtime_ns: in nanoseconds since 1970, when it or its side file was changed last.
        beside: with a side file, a text that is another whenever either changes; else empty.
        sure_ns: see `index.sources.sure_ns`; of a file that the catalog has an entry of, 0.
    """

    source: str
    size: int
    mtime_ns: int
    beside: str = ""
    sure_ns: int = 0


class Overview(NamedTuple):
    """How many files of a generation there are.

    Attributes:
        files: in all.
        remarked: that could not be read, or only in part.
        doubtful: that a crash left in doubt, and that were not read again since.
    """

    files: int
    remarked: int
    doubtful: int


class Entry(NamedTuple):
    """What is noted about a file that was read, or could not be; see the table."""

    stat: Stat
    checked_ns: int
    digest: bytes
    reader: str
    readers_version: int
    reading: str
    ids: tuple[str, ...]
    counts: Counts
    error: str = ""
    transient: bool = False


def bounds_of_folder(source: str) -> tuple[bytes, bytes]:
    """The names of all that lies in a folder are at least the first of these, and less than the second."""
    if source == ".":
        return b"", b"\xff"
    low = as_bytes(source if source.endswith("/") else f"{source}/")
    return low, low[:-1] + b"0"  # which follows "/"


def as_bytes(text: str) -> bytes:
    """A name for `CAST(? AS TEXT)`: SQLite stores the bytes of names that are not UTF-8 as they are."""
    return text.encode("utf-8", "surrogateescape")


def languages_text(counts: Counts) -> str:
    """In how many languages documents are, and how many, as a row has it: "en:2 de:1"."""
    return " ".join(f"{language}:{count}" for language, count in sorted(counts.languages.items()))


def read_languages(text: str) -> Iterator[tuple[str, int]]:
    """The languages that `languages_text` wrote down, and how many documents are in each."""
    for part in text.split():
        language, _, count = part.partition(":")
        yield language, int(count)
