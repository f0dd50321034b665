"""Which files an index may have opened: those in its home, and those in folders that this person has indexed.

An index from a stranger can name any file in the world as the source of an article, or any folder as one to bring up to
date. So what lies outside of an index's home counts only if it has been named in `byline index PATH` before, on this
machine and by this person; a small file in the person's own folder for such states remembers that, not the index.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from index.errors import UsageError
from index.sealed import replace_file

MAX_FOLDERS = 1_000
"""How many folders are remembered; beyond, those named longest ago are forgotten."""

_MAX_BYTES = 8 * 2**20


def may_open(path: Path, home: Path) -> bool:
    """Whether a path that an index names lies, links resolved, in its home or in a folder this person has indexed."""
    return _is_in(path, [home]) or _is_in(path, _remembered())


def remember(paths: Iterable[Path], home: Path) -> None:
    """Remember the paths that a person named to be indexed, as far as they lie outside of the index's home.

    Where the system does not let the file be written, they are not remembered, and have to be named each time.
    """
    known = _remembered()
    new = {os.path.realpath(path) for path in paths if not _is_in(path, [home, *known])}
    if not new:
        return
    kept = [*known, *sorted(new)][-MAX_FOLDERS:]
    with contextlib.suppress(OSError, UnicodeError, RuntimeError):
        file = _file()
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, json.dumps({"indexed": kept}, indent=1) + "\n")


def check_known(roots: Iterable[str], home: Path) -> None:
    """Raise UsageError if an index would have something brought up to date that this person has never indexed."""
    for root in roots:
        if not may_open(home / root, home):
            raise UsageError(
                "the index names this to be indexed, but it lies outside of the folder of the index, and you have not "
                "indexed it before; nothing was changed",
                where=str(home / root),
                remedy="If it is yours, name it: byline index PATH. If not: byline index --forget PATH",
            )


def _is_in(path: Path, folders: Iterable[str | Path]) -> bool:
    with contextlib.suppress(ValueError):  # for what no path can hold, and drives that have nothing in common
        real = os.path.realpath(path)
        for folder in folders:
            with contextlib.suppress(ValueError):
                top = os.path.realpath(folder)
                if os.path.commonpath([real, top]) == top:
                    return True
    return False


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
