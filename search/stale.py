"""Whether the files of hits are still as they were when they were indexed.

A file that has not changed since the last complete build is (one look at the file). Of others the catalog of the index
knows size, times and a digest of the content, so that a file that was only copied or touched does not count as changed.
"""

from __future__ import annotations

import os
import stat
import time
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self
from weakref import WeakKeyDictionary

from index.errors import BylineError
from index.home import home_of
from index.sealed import MOST, number
from index.sources import SIDE_SUFFIX, digest_of, doubt_ns, file_part, possible_files, sure_ns
from index.storage.store import Store

if TYPE_CHECKING:
    import sqlite3

CHANGED = "changed"
GONE = "gone"

MAX_DIGESTED = 16 * 2**20
"""How many bytes of files are read for the hits of one page; of others that are as long as before nobody can tell."""

# Roots outside of an index's home that may be opened: found out once for an open index, which takes longer than all
# else that is done here for a page.
_roots_elsewhere: WeakKeyDictionary[Store, tuple[str, ...]] = WeakKeyDictionary()


class Freshness:
    """Looks at the files of one page of hits. A context manager."""

    def __init__(self, store: Store) -> None:
        self._index_dir = store.index_dir
        self._home = str(home_of(store.index_dir))
        # A time to come was taken down by a clock that was wrong: it says nothing.
        self._seen_ns = store.manifest.seen_ns if store.manifest.seen_ns <= time.time_ns() else 0
        self._generation = store.manifest.generation
        self._roots = store.manifest.roots
        self._store = store
        self._kept = ExitStack()
        self._catalog: sqlite3.Connection | None = None
        self._is_closed = False  # the catalog cannot be asked
        self._told: dict[str, str] = {}
        self._bytes_left = MAX_DIGESTED

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kept.close()

    def of(self, source: str) -> str:
        """`CHANGED` or `GONE`, if the file of a document's source is; empty if it is not, or nobody can tell."""
        if not self._is_inside(source):
            return ""
        path = os.path.join(self._home, source)  # noqa: PTH118  (this runs for every hit)
        try:
            status = os.stat(path)  # noqa: PTH116
        except (FileNotFoundError, NotADirectoryError):
            status, source = None, self._file_of(source)
        except (OSError, ValueError):
            return ""
        if status and self._is_old(status) and not self._has_new_side(path):
            return ""
        if source not in self._told:
            self._told[source] = self._compared(source)
        return self._told[source]

    def _file_of(self, source: str) -> str:
        """The file of one of several articles: one that is there, or one that the catalog knows; else the likeliest.

        A folder or file whose own name has `!/` or ends in `#3` may be a part of it.
        """
        likely = file_part(source)
        if os.path.isfile(os.path.join(self._home, likely)):  # noqa: PTH113, PTH118  # as it nearly always is
            return likely
        for name in possible_files(source):
            if os.path.isfile(os.path.join(self._home, name)) or self._known(name):  # noqa: PTH113, PTH118
                return name
        return likely

    def _is_inside(self, source: str) -> bool:
        """Whether a source lies, by its name, in the index's home or in a root that may be opened elsewhere."""
        if ".." in source and ".." in source.split("/"):
            return False
        return not os.path.isabs(source) or f"{source}/".startswith(self._elsewhere)  # noqa: PTH117

    @cached_property
    def _elsewhere(self) -> tuple[str, ...]:
        """The roots that may be opened elsewhere, with a slash at the end."""
        if (elsewhere := _roots_elsewhere.get(self._store)) is None:
            from index.storage.confines import may_open  # only for a corpus that lies elsewhere than its index

            home = Path(self._home)
            absolute = [root for root in self._roots if os.path.isabs(root)]  # noqa: PTH117
            elsewhere = tuple(f"{root.rstrip('/')}/" for root in absolute if may_open(Path(root), home))
            _roots_elsewhere[self._store] = elsewhere
        return elsewhere

    def _is_old(self, status: os.stat_result) -> bool:
        last = max(status.st_mtime_ns, status.st_ctime_ns)  # the latter also when it was moved here
        return last + doubt_ns(status.st_mtime_ns) < self._seen_ns

    def _has_new_side(self, path: str) -> bool:
        side = os.path.splitext(path)[0] + SIDE_SUFFIX  # noqa: PTH122
        if not os.access(side, os.F_OK):  # a third of the time of an exception
            return False
        try:
            return not self._is_old(os.lstat(side))
        except OSError:
            return False

    def _compared(self, source: str) -> str:
        """The same by what the catalog knows of a file."""
        path = os.path.join(self._home, source)  # noqa: PTH118
        try:
            status = os.stat(path)  # noqa: PTH116
        except (FileNotFoundError, NotADirectoryError):
            return GONE if self._known(source) else ""
        except (OSError, ValueError):
            return ""
        if self._is_old(status) and not self._has_new_side(path):
            return ""
        known = self._known(source)
        if known is None or known.size < 0:  # an update is under way
            return ""
        if status.st_size != known.size or not stat.S_ISREG(status.st_mode):
            return CHANGED
        mtime_ns, sure = status.st_mtime_ns, sure_ns(status)
        side = None
        if known.has_side or self._has_new_side(path):
            side = _side(path)
            if side:
                mtime_ns, sure = max(mtime_ns, side.st_mtime_ns), max(sure, sure_ns(side))
        is_sure = sure < known.checked_ns <= time.time_ns()
        if mtime_ns == known.mtime_ns and is_sure and (side is not None) == known.has_side:
            return ""
        return "" if self._digest(path, status.st_size) in (known.digest, None) else CHANGED

    def _digest(self, path: str, size: int) -> bytes | None:
        """Of what is in the file now; None where that is too much to read or cannot be read, or nothing is opened
        because an index says so (see `index.storage.confines`)."""
        from index.readers import side_bytes
        from index.storage.confines import may_open  # only where it comes to this

        if size > self._bytes_left or not may_open(Path(path), Path(self._home)):
            return None
        self._bytes_left -= size
        try:
            with open(path, "rb") as file:  # noqa: PTH123
                return digest_of(file.read(size + 1), side_bytes(path))
        except OSError:
            return None

    def _known(self, source: str) -> _Known | None:
        """What the catalog knows of a file; None if nothing, or it cannot be asked now. Nobody is waited for."""
        if self._is_closed:
            return None
        import sqlite3

        from index.catalog.opening import read_catalog
        from index.catalog.rows import as_bytes

        try:
            if self._catalog is None:
                self._catalog = self._kept.enter_context(read_catalog(self._index_dir, rows=False, patience=0))
            row = self._catalog.execute(
                "SELECT size, mtime_ns, checked_ns, digest, beside <> '' FROM files "
                "WHERE generation = ? AND source = CAST(? AS TEXT) AND reader <> 'export'",
                (self._generation, as_bytes(source)),
            ).fetchone()
            return _known_of(*row) if row else None
        except (sqlite3.Error, BylineError, OSError, ValueError):
            self._is_closed = True
            return None


class _Known(NamedTuple):
    size: int
    mtime_ns: int
    checked_ns: int
    digest: bytes
    has_side: bool


def _known_of(size: object, mtime_ns: object, checked_ns: object, digest: object, has_side: object) -> _Known:
    """A row of the catalog. Raises ValueError unless it is of the kinds that it should be of."""
    if not isinstance(digest, bytes):
        raise ValueError("not a digest")
    return _Known(number(size, -MOST), number(mtime_ns, -MOST), number(checked_ns, -MOST), digest, bool(has_side))


def _side(path: str) -> os.stat_result | None:
    """Of the regular side file of an article, if there is one."""
    try:
        status = os.lstat(os.path.splitext(path)[0] + SIDE_SUFFIX)  # noqa: PTH122
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None
