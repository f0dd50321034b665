"""What is watched: the roots of an index, whether they are there, and the single files that are looked at from time to
time."""

# Plain strings and `os` functions: this runs for every change and every second.
# ruff: noqa: PTH113, PTH116, PTH118, PTH120, PTH206
from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from index.files.ignore import OWN_NAME
from index.files.walk import is_bare, is_hidden
from index.settings import SETTINGS_NAME

GONE = "is gone"
EMPTY = "is empty now"

_Stamp = tuple[int, ...]


class Watched:
    """The roots of an index and the files beside them, as they were when last looked at."""

    def __init__(self, home: Path, index_dir: Path) -> None:
        self.home = os.path.abspath(home)  # noqa: PTH100  (links keep their names)
        self._index = os.path.join(self.home, index_dir.name)
        self._roots: dict[str, str] = {}  # paths by their names in the index
        self._files: set[str] = set()  # roots that are single files
        self._states: dict[str, str] = {}  # of the roots: "" for one that is there
        self._identities: dict[str, _Stamp] = {}  # of the roots: another folder of the same name is to be noticed
        self._stamps: dict[str, _Stamp] = {}  # of single files
        self._settings: list[str] = []
        self._missing: set[str] = set()  # single files that were not there at the last look
        self._deleted: set[str] = set()  # single files that are no roots any more, since they were deleted

    def take(self, roots: Sequence[str]) -> bool:
        """Watch these roots from now on; returns whether they are others than before."""
        paths = {root: os.path.normpath(os.path.join(self.home, root)) for root in roots}
        if paths == self._roots:
            return False
        left = {path for root, path in self._roots.items() if root not in paths}
        lost = {path for path in left if path in self._missing or not os.path.lexists(path)}
        self._deleted = (self._deleted | lost) - set(paths.values())
        self._roots = paths
        self._files = {path for path in paths.values() if os.path.isfile(path)}
        self._states = {root: self._state(path) for root, path in paths.items()}
        self._identities = {root: _identity(path) for root, path in paths.items()}
        # What decides about the roots and need not lie in one of them.
        above = {self.home, *(os.path.dirname(path) for path in paths.values() if _below(path, self.home))}
        self._settings = [
            os.path.join(self.home, SETTINGS_NAME),
            *(os.path.join(folder, OWN_NAME) for start in above for folder in _up_to(start, self.home)),
        ]
        self._stamps = {path: _stamp(path) for path in self._singles()}
        return True

    def folders(self) -> list[str]:
        """The roots that are folders and are there."""
        return [path for path in self._roots.values() if os.path.isdir(path)]  # noqa: PTH112

    def there(self) -> list[str]:
        """The roots that are there, by their names in the index."""
        return [root for root, state in self._states.items() if not state]

    def missing(self) -> list[tuple[str, str]]:
        """The paths of the roots that are not there, and what is wrong with each."""
        return [(self._roots[root], state) for root, state in self._states.items() if state]

    def is_whole(self) -> bool:
        """Whether all roots are there."""
        return not any(self._states.values())

    def is_there(self, path: str) -> bool:
        """Whether a path lies in a root that is there, or in none, as far as names tell."""
        states = [state for root, state in self._states.items() if _below(path, self._roots[root])]
        return not states or not all(states)

    def is_root(self, path: str) -> bool:
        """Whether the path is that of a root."""
        return path in self._roots.values()

    def is_inside(self, path: str) -> bool:
        """Whether changes of a path may matter: it is no part of the index and not hidden below every root."""
        if _below(path, self._index):
            return False
        rests = [rest for root in self._roots.values() if (rest := _below(path, root))]
        return not rests or not all(_is_hidden_inside(rest) for rest in rests)

    def look(self) -> Iterator[tuple[str, str]]:
        """The roots that are not what they were when last looked at, and what is wrong with each; nothing if it is back
        or is another folder now."""
        for root, path in self._roots.items():
            state, identity = self._state(path), _identity(path)
            is_other = not state and identity != self._identities[root] and os.path.isdir(path)  # noqa: PTH112
            if state != self._states[root] or is_other:
                self._states[root], self._identities[root] = state, identity
                yield path, state

    def look_at_files(self) -> tuple[list[str], bool]:
        """The roots that are files and have changed since last looked at; and whether the settings have.

        One that is gone may be about to be replaced by an editor: it has changed only if it is gone the next time, too.
        """
        changed = []
        for path in self._singles():
            stamp = _stamp(path)
            if stamp:
                self._missing.discard(path)
            if stamp != self._stamps.get(path, ()):
                if not stamp and path not in self._missing:
                    self._missing.add(path)
                    continue
                self._stamps[path] = stamp
                changed.append(path)
        settings = set(self._settings)
        return [path for path in changed if path not in settings], not settings.isdisjoint(changed)

    def returned(self) -> list[str]:
        """Files that were roots, were deleted, and are there again."""
        return [path for path in self._deleted if os.path.isfile(path)]

    def _state(self, path: str) -> str:
        """What is wrong with a root: a disk that is not mounted leaves nothing, or an empty folder. Empty if nothing
        is, and for a single file that was deleted."""
        try:
            return EMPTY if is_bare(path) else ""
        except NotADirectoryError:
            return ""
        except FileNotFoundError:
            return GONE if path not in self._files or self._is_away_with_its_folder(path) else ""
        except OSError:
            return ""  # which the update will say

    def _is_away_with_its_folder(self, path: str) -> bool:
        folder = os.path.dirname(path)
        try:
            return folder != self.home and is_bare(folder)
        except OSError:
            return True

    def _singles(self) -> Collection[str]:
        singles = [path for path in self._roots.values() if path in self._files]
        return dict.fromkeys([*singles, *self._settings])


def _below(path: str, folder: str) -> str:
    """The part of `path` below `folder`, "." for the folder itself, empty if it is not there."""
    if path == folder:
        return os.curdir
    start = folder if folder.endswith(os.sep) else folder + os.sep
    return path[len(start) :] if path.startswith(start) else ""


def _is_hidden_inside(rest: str) -> bool:
    return rest != os.curdir and any(map(is_hidden, rest.split(os.sep)))


def _up_to(folder: str, top: str) -> Iterator[str]:
    while _below(folder, top):
        yield folder
        if folder == top:
            return
        folder = os.path.dirname(folder)


def _identity(path: str) -> _Stamp:
    try:
        status = os.stat(path)
    except OSError:
        return ()
    return status.st_dev, status.st_ino


def _stamp(path: str) -> _Stamp:
    try:
        status = os.stat(path)
    except OSError:
        return ()
    return status.st_mtime_ns, status.st_size, status.st_ino
