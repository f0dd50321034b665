"""Which files an index may have opened: those in its home, and those in folders that this person has indexed.

An index from a stranger can name any file in the world as the source of an article, or any folder as one to bring up to
date. So what lies outside of an index's home counts only if it has been named in `byline index PATH` before, on this
machine and by this person; a small file in the person's own folder for such states remembers that, not the index.
"""

# Strings: many paths are compared with many folders.
# ruff: noqa: PTH113, PTH120
from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from index.errors import BylineError, UsageError
from index.sealed import replace_file

MAX_FOLDERS = 10_000
"""How many folders and files are remembered; beyond, those named longest ago are forgotten."""

_MANY = 100
"""More files of one folder stand for the folder: an index of them is one of the folder, as far as that can be told."""

_MAX_BYTES = 64 * 2**20
_WAIT_SECONDS = 5.0  # for another process that remembers something


def may_open(path: Path, home: Path) -> bool:
    """Whether a path that an index names lies, links resolved, in its home or in a folder this person has indexed."""
    return _is_in(path, [home]) or _is_in(path, _remembered())


def remember(paths: Iterable[Path], home: Path) -> None:
    """Remember the paths that a person named to be indexed, as far as they lie outside of the index's home.

    Of very many files of one folder, the folder is. Where the system does not let the file be written, they are not
    remembered, and have to be named each time.
    """
    named = [os.path.realpath(path) for path in paths if not _is_in(path, [home])]
    if not named or _with(named, known := _remembered()) == known:
        return
    from index.storage.lock import writer_lock  # two builds may want to remember something at once

    with contextlib.suppress(OSError, UnicodeError, RuntimeError), contextlib.ExitStack() as held:
        file = _file()
        file.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(BylineError):  # a file system without locks
            held.enter_context(writer_lock(file.parent, _WAIT_SECONDS))
        replace_file(file, json.dumps({"indexed": _with(named, _remembered())}, indent=1) + "\n")


def _with(named: Iterable[str], known: Sequence[str]) -> list[str]:
    """What is to be remembered once these real paths were named, those named longest ago first."""
    every = dict.fromkeys(known)
    for path in dict.fromkeys(named):
        covering = [above for above in _upwards(path) if above in every] or [path]
        for each in covering:
            every.pop(each, None)
            every[each] = None
    inside: dict[str, list[str]] = {}
    for path in every:
        inside.setdefault(os.path.dirname(path), []).append(path)
    for folder, paths in inside.items():
        if len(paths) > _MANY and len(files := {path for path in paths if os.path.isfile(path)}) > _MANY:
            every = {path: None for path in every if path not in files}
            every[folder] = None
    return list(every)[-MAX_FOLDERS:]


def check_known(roots: Iterable[str], home: Path) -> None:
    """Raise UsageError if an index would have something brought up to date that this person has never indexed."""
    known: frozenset[str] | None = None
    for root in roots:
        if _is_in(home / root, [home]):
            continue
        known = frozenset(_remembered()) if known is None else known
        if not _is_in(home / root, known):
            raise UsageError(
                "the index names this to be indexed, but it lies outside of the folder of the index, and you have not "
                "indexed it before; nothing was changed",
                where=str(home / root),
                remedy="If it is yours, name it: byline index PATH. If not: byline index --forget PATH",
            )


def _is_in(path: Path, folders: Collection[str | Path]) -> bool:
    with contextlib.suppress(ValueError):  # for what no path can hold
        above = list(_upwards(os.path.realpath(path)))
        if any(each in folders for each in above):
            return True
        for folder in folders:
            with contextlib.suppress(ValueError):
                if os.path.realpath(folder) in above:
                    return True
    return False


def _upwards(path: str) -> Iterator[str]:
    """An absolute path and all folders above it."""
    yield path
    while (above := os.path.dirname(path)) != path:
        yield above
        path = above


def _remembered() -> list[str]:
    try:
        with _file().open("rb") as file:
            folders = json.loads(file.read(_MAX_BYTES))["indexed"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError, RuntimeError):
        return []
    return [folder for folder in folders if isinstance(folder, str)] if isinstance(folders, list) else []


def _file() -> Path:
    """Where the folders are remembered. Raises RuntimeError for a person without a home folder."""
    named = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_STATE_HOME", "")
    states = Path(named) if named and Path(named).is_absolute() else Path.home() / ".local" / "state"
    return states / "byline" / "indexed.json"
