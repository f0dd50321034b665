"""Saved searches: a query with a name, and what of it has been seen, so that one can ask what is new.

They lie in the folder `searches` of the index, a file each, and outlive rebuilds. An article counts as seen when its
source, its address or its text has been seen: neither a renamed file nor an edited one is new.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.document import Document
from index.errors import IndexDamaged, UsageError
from index.home import unwritable
from index.records import record
from index.sealed import is_sealed, read_small_file, replace_file, sealed, unsealed
from index.storage.manifest import MAX_SEARCH_BYTES, SEARCHES_NAME
from index.storage.shape import check_shape

MAX_SEARCHES = 500
"""How many searches one index can keep."""

MAX_SEEN_ARTICLES = 100_000
"""A search that more articles match cannot be saved: it would not tell what is new in bearable time."""

_FORMAT = 2
_UNSEALED_FORMAT = 1  # of files without a checksum of themselves
_MAX_KEYS = 3 * MAX_SEEN_ARTICLES
_NAME = re.compile(r"\w[\w.-]{0,63}")
_KEY_BYTES = 8  # 64 bits: odds of taking one of a million articles for another are below one in ten million


@record(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A search that was saved.

    Attributes:
        name: what it is called.
        query: as typed.
        filters: the filters beside it, as typed.
        saved: when it was saved (UTC).
        looked: when somebody last looked at what was new (UTC).
        seen: keys of the articles that had been found by then, see `keys_of`.
    """

    name: str
    query: str
    filters: str = ""
    saved: dt.datetime
    looked: dt.datetime
    seen: frozenset[str] = frozenset()

    def is_new(self, document: Document) -> bool:
        """Whether an article came in since the last look."""
        return self.seen.isdisjoint(keys_of(document))

    def looked_at(self, documents: Iterable[Document]) -> SavedSearch:
        """The same search after a look, now, at everything that it finds."""
        now = frozenset(key for document in documents for key in keys_of(document))
        seen = now | self.seen
        return replace(self, looked=_now(), seen=seen if len(seen) <= _MAX_KEYS else now)

    def to_dict(self) -> dict[str, Any]:
        """The search as JSON types."""
        return {
            "name": self.name,
            "query": self.query,
            "filters": self.filters,
            "saved": self.saved.isoformat(timespec="seconds"),
            "looked": self.looked.isoformat(timespec="seconds"),
        }


def keys_of(document: Document) -> tuple[str, ...]:
    """What an article is recognised by: its text, its address, and its source if a file of its own."""
    keys = [f"text:{document.title}\n{document.body}"]
    if document.url:
        keys.append(f"url:{document.url}")
    if "#" not in document.source:  # in feeds and lists numbers move on
        keys.append(f"source:{document.source}")
    return tuple(_digest(key) for key in keys)


def new_search(name: str, query: str, filters: str = "") -> SavedSearch:
    """A search of this name that has not been looked at. Raises UsageError unless it is a name."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"“{name}” cannot be the name of a saved search",
            remedy="A name begins with a letter or digit and has at most 64 of them, dots, dashes and underscores",
        )
    return SavedSearch(name=name, query=query, filters=filters, saved=_now(), looked=_now())


def write_search(index_dir: Path, search: SavedSearch, *, remedy: str = "") -> None:
    """Keep a search, in place of the one of this name; `remedy` is for an index that cannot be written to.

    Raises:
        UsageError: there are too many already, or the index cannot be written to.
    """
    folder = index_dir / SEARCHES_NAME
    path = _path(index_dir, search.name)
    if not path.exists() and len(search_names(index_dir)) >= MAX_SEARCHES:
        raise UsageError(
            f"there are {MAX_SEARCHES} saved searches", where=str(folder), remedy="Forget one: byline new --forget NAME"
        )
    text = sealed({"format": _FORMAT, **search.to_dict(), "seen": sorted(search.seen)}, indent=None)
    try:
        folder.mkdir(exist_ok=True)
        replace_file(path, text)
    except OSError as error:
        raise unwritable(index_dir, error, remedy=remedy) from error


def read_search(index_dir: Path, name: str) -> SavedSearch:
    """The search of this name.

    Raises:
        UsageError: there is none.
        IndexDamaged: its file is not as it was written.
    """
    path = _path(index_dir, name)
    try:
        data = read_small_file(path, MAX_SEARCH_BYTES)
    except FileNotFoundError:
        names = search_names(index_dir)
        known = f"There are: {', '.join(names)}" if names else "Save one: byline search --save NAME QUERY"
        raise UsageError(f"there is no saved search “{name}”", remedy=known) from None
    except OSError as error:
        raise UsageError(f"it cannot be opened: {error.strerror or error}", where=str(path)) from error
    try:
        values = unsealed(data) if is_sealed(data) else json.loads(data)
        if len(data) > MAX_SEARCH_BYTES or values["format"] != (_FORMAT if is_sealed(data) else _UNSEALED_FORMAT):
            raise ValueError("not ours")
        return SavedSearch(
            name=name,
            query=str(values["query"]),
            filters=str(values["filters"]),
            saved=dt.datetime.fromisoformat(values["saved"]),
            looked=dt.datetime.fromisoformat(values["looked"]),
            seen=frozenset(map(str, values["seen"])),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        remedy = f"Forget it and save it again: byline new --forget {name}"
        raise IndexDamaged("the saved search is not as it was written", where=str(path), remedy=remedy) from None


def search_names(index_dir: Path) -> list[str]:
    """The names of all saved searches, sorted. Raises IndexDamaged where there are links in the index."""
    check_shape(index_dir)
    try:
        names = [path.name for path in (index_dir / SEARCHES_NAME).iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise UsageError(f"it cannot be opened: {error.strerror or error}", where=str(index_dir)) from error
    return sorted(name.removesuffix(".json") for name in names if name.endswith(".json"))


def forget_search(index_dir: Path, name: str) -> None:
    """Remove a saved search. Raises UsageError if there is none, or the index cannot be written to."""
    try:
        _path(index_dir, name).unlink()
    except FileNotFoundError:
        raise UsageError(f"there is no saved search “{name}”") from None
    except OSError as error:
        raise unwritable(index_dir, error) from error


def _path(index_dir: Path, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise UsageError(f"“{name}” cannot be the name of a saved search")
    check_shape(index_dir)
    return index_dir / SEARCHES_NAME / f"{name}.json"


def _digest(key: str) -> str:
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).hexdigest()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)
