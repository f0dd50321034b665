"""Following changes as they happen: an index is brought up to date whenever files change, until it is told to stop.

The system tells which files and folders change (by `watchfiles`); a moment of quiet later only these are looked at. As
it may lose changes in a flood, or say nothing on a network drive, everything is looked at now and then as well.
"""

from __future__ import annotations

import os
import shlex
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from index.build import build
from index.errors import BylineError, IndexDamaged, IndexLocked, IndexNotFound, IndexTooNew, NotAnIndex, UsageError
from index.files.ignore import GIT_NAME, OWN_NAME
from index.files.walk import is_hidden
from index.home import home_of
from index.readers import reader_name
from index.sources import SIDE_SUFFIX
from index.storage.confines import check_known, may_open
from index.storage.manifest import read_manifest
from index.updating.report import BuildReport, Progress
from index.upkeep.watched_roots import Watched

QUIET_SECONDS = 0.2
"""Files are looked at when nothing has changed for so long: editors save in several steps."""

LONGEST_SECONDS = 5.0
"""While changes never stop, they are looked at after so long."""

TICK_SECONDS = 1.0
"""How often to look whether the roots, the settings and the index itself are still there and the same."""

MOST_CHANGED = 1_000
"""With more files and folders changed, everything is looked at, which is faster then."""

SWEEP_SECONDS = 600.0
"""How often everything is looked at, whatever the system tells; less often where that takes long."""

POLL_SECONDS = 30.0
"""How often everything is looked at where the system cannot tell of changes."""

_LEAST_REST = 20  # times as long as a look at everything takes, before the next one
_LONGEST_RETRY = 60.0  # seconds

_LASTING = (IndexTooNew, IndexDamaged, NotAnIndex, IndexNotFound)  # trouble that does not pass by itself


class Back(NamedTuple):
    """A folder that was gone or empty is there again, and is followed.

    Attributes:
        path: of the folder.
    """

    path: str


Event = BuildReport | Back | str
"""What was done, or something a person should know: that it waits for something, and for what; or no longer."""


def watch(
    paths: Sequence[Path],
    index_dir: Path,
    *,
    poll: float | None = None,
    stop: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Iterator[Event]:
    """Bring an index up to date now, and then again whenever its files change, until `stop` is set or Ctrl-C.

    A folder that is gone may come back: until then its articles stay. While another process writes to the index, or
    the disk is full, changes are kept and tried again.

    Args:
        paths: files and folders to index, as for `build`; none for those that the index remembers.
        index_dir: the index folder.
        poll: look at everything each time so many seconds have passed, instead of being told by the system.
        stop: ends it, within a second.
        on_progress: called often during updates.

    Yields:
        The report of the first update, of every later one that changed something or failed to read a file, texts
        about what it waits for, each once, and `Back` for each folder that it waited for.

    Raises:
        UsageError and what else `build` raises, but `IndexLocked`, for the first update; not for a folder that is
        gone, unless `paths` name others or everything has to be read anew.
        IndexTooNew, IndexDamaged, NotAnIndex, IndexNotFound: at any time; so is an index that somebody deletes.
        KeyboardInterrupt: after Ctrl-C, but for one that ends an update: that has its report, with `interrupted` set.
    """
    return _Watch(paths, index_dir, poll, stop or threading.Event(), on_progress).run()


class _Watch:
    def __init__(
        self,
        paths: Sequence[Path],
        index_dir: Path,
        poll: float | None,
        stop: threading.Event,
        on_progress: Callable[[Progress], None] | None,
    ) -> None:
        self.paths = list(paths)
        self.index_dir = index_dir
        self.home = home_of(index_dir)
        self.poll = poll
        self.stop = stop
        self.on_progress = on_progress
        self.watched = Watched(self.home, index_dir)
        self.changed: set[str] = set()
        self.everything = False
        self.looked_at = 0.0  # when everything was last looked at, and how long that took
        self.look_took = 0.0
        self.retry_at = 0.0
        self.retries = 0
        self.told = ""  # what it waits for
        self.restart = False
        self.is_flood = False
        self.returned: list[str] = []  # single files that were deleted and are there again
        self.missing: set[str] = set()  # roots that it was said of that they are gone or empty

    def run(self) -> Iterator[Event]:
        """See `watch`."""
        report = None
        by_person = bool(self.paths)
        while True:
            try:
                report = self._build(self.paths, by_person=by_person)
                break
            except UsageError:
                if self.paths or not self._lacks_roots():
                    raise
                for root in self.watched.missing():
                    yield self._is_missing(*root)
                if not self.watched.there():
                    break
                self.paths = [self.home / root for root in self.watched.there()]
            except IndexLocked as error:
                yield from self._tell(error)
                if self.stop.wait(TICK_SECONDS):
                    return
        self.told = ""
        self.look_took = 0.0  # the first look reads everything, the others do not
        if report:
            yield report
            if report.interrupted:
                return
        self.watched.take(read_manifest(self.index_dir).roots)
        for changes in self._changes():
            if isinstance(changes, str):
                yield changes
                continue
            self._note(changes)
            yield from self._look_around()
            if (self.changed or self.everything or self.returned) and time.monotonic() >= self.retry_at:
                for event in self._update():
                    yield event
                    if isinstance(event, BuildReport) and event.interrupted:
                        return

    def _changes(self) -> Iterator[Collection[str] | str]:
        """Paths that have changed, as the system tells them, none at least once a tick; or what keeps it from that."""
        import watchfiles

        while not self.stop.is_set():
            folders = [path for path in self.watched.folders() if self._may_open(path)] if self.poll is None else []
            self.restart = False
            self.everything = self.everything or self.poll is None  # for what changed before it is told of
            try:
                if folders:
                    for changes in watchfiles.watch(
                        *folders,
                        watch_filter=None,
                        debounce=int(LONGEST_SECONDS * 1000),
                        step=int(QUIET_SECONDS * 1000),
                        rust_timeout=int(TICK_SECONDS * 1000),
                        yield_on_timeout=True,
                        stop_event=self.stop,
                        ignore_permission_denied=True,
                    ):
                        yield [path for _, path in changes]
                        if self.restart:
                            break
                while not (folders or self.restart) and not self.stop.wait(TICK_SECONDS):
                    yield []
            except FileNotFoundError:
                if not self.stop.wait(TICK_SECONDS):
                    yield []
            except (OSError, RuntimeError) as error:  # RuntimeError: how watchfiles says so
                self.poll = POLL_SECONDS
                yield f"the system does not tell of changes ({error}); looking every {POLL_SECONDS:g} s instead"

    def _note(self, changes: Collection[str]) -> None:
        for path in changes:
            if place := self._place(path):
                self.changed.add(place)
            if len(self.changed) > MOST_CHANGED:
                self.everything = self.is_flood = True
                break
        if self.everything:
            self.changed.clear()

    def _place(self, path: str) -> str:
        """What to look at because of a change of this path; empty if nothing."""
        while "\ufffd" in path:  # part of a name that is not UTF-8
            path = os.path.dirname(path)  # noqa: PTH120  (this runs for every change)
        folder, name = os.path.split(path)
        if name in (GIT_NAME, OWN_NAME):
            path, name = folder, os.path.basename(folder)  # noqa: PTH119
        if is_hidden(name) and not self.watched.is_root(path):
            return ""
        if not self.watched.is_inside(path):
            return ""
        is_other = reader_name(name) is None and not name.endswith(SIDE_SUFFIX)
        if is_other and os.path.lexists(path) and not os.path.isdir(path):  # noqa: PTH112
            return ""  # what is gone may have been a folder
        return path

    def _may_open(self, path: str) -> bool:
        return may_open(Path(path), self.home)

    def _lacks_roots(self) -> bool:
        """Whether a folder that the index is of is gone or empty, which a person indexed."""
        try:
            roots = read_manifest(self.index_dir).roots
        except IndexNotFound:
            return False
        check_known(roots, self.home)
        self.watched.take(roots)
        return not self.watched.is_whole()

    def _is_missing(self, root: str, state: str) -> str:
        self.missing.add(root)
        forget = f"byline index --forget {shlex.quote(root)}"
        return f"{root} {state}; what is indexed of it stays until it is back, or: {forget}"

    def _look_around(self) -> Iterator[Event]:
        """Look at what no change is told of: roots, single files, settings, the index, and how late it is."""
        roots = read_manifest(self.index_dir).roots  # raises if somebody took the index away
        if self.watched.take(roots):
            self.restart = self.everything = True
        for root, state in self.watched.look():
            self.restart = True
            if state:
                yield self._is_missing(root, state)
            else:
                self.everything = True
                if root in self.missing:
                    self.missing.remove(root)
                    yield Back(root)
        singles, settings = self.watched.look_at_files()
        self.changed.update(singles)
        self.returned = [path for path in self.watched.returned() if self._may_open(path)]
        if settings:
            self.everything = True
            self.retry_at = 0.0
        rest = max(SWEEP_SECONDS, _LEAST_REST * self.look_took)
        if self.poll is not None:
            rest = max(self.poll, self.look_took)
        elif self.is_flood:
            rest = LONGEST_SECONDS  # in a flood the system may forget some changes
        if time.monotonic() >= self.looked_at + rest:
            self.is_flood = False
            self.everything = True

    def _update(self) -> Iterator[Event]:
        there = self.watched.there()
        if not there and not self.returned:
            self.changed.clear()
            self.everything = False
            return
        try:
            if self.returned:
                report = self._build([Path(path) for path in self.returned])
                self.returned = []
                yield report
                return
            if self.everything:
                report = self._build([], None if self.watched.is_whole() else [self.home / root for root in there])
            else:
                report = self._build([], changed=[Path(path) for path in self.changed if self.watched.is_there(path)])
        except _LASTING:
            raise
        except (BylineError, OSError) as error:
            if isinstance(error, UsageError):
                read_manifest(self.index_dir)  # raises if the index is gone
            self.retries = 0 if isinstance(error, IndexLocked) else self.retries + 1
            self.retry_at = time.monotonic() + min(TICK_SECONDS * 2**self.retries / 2, _LONGEST_RETRY)
            yield from self._tell(error)
            return
        self.retries, self.retry_at, self.told = 0, 0.0, ""
        self.changed.clear()
        self.everything = False
        if report.interrupted or report.changes or report.files_read or report.rebuilt_because or report.discarded:
            yield report

    def _build(
        self, paths: Sequence[Path], changed: Sequence[Path] | None = None, *, by_person: bool = False
    ) -> BuildReport:
        started = time.monotonic()
        report = build(
            paths, self.index_dir, changed=changed, by_person=by_person, wait=0.0, on_progress=self.on_progress
        )
        if changed is None or self.everything:
            self.looked_at = time.monotonic()
            self.look_took = min(self.looked_at - started, SWEEP_SECONDS)
        return report

    def _tell(self, error: Exception) -> Iterator[str]:
        what = str(error)
        if isinstance(error, IndexLocked):
            what = f"{error.where}: {error.what}; changes wait until that is done"
        kind = "locked" if isinstance(error, IndexLocked) else what  # the text of the former counts seconds
        if kind != self.told:
            self.told = kind
            yield what
