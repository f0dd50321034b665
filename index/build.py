"""Building an index and keeping it up to date: paths in, a report out.

    paths -> walk -> what changed since last time -> read and analyse (in processes) -> engine, catalog, manifest

An update commits inside the generation that counts. A rebuild writes another one beside it, and moves the manifest
over when it is whole; until then, and if it fails, the old one stays in force.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from index.catalog import Catalog, Stat
from index.catalog_errors import catalog_error
from index.engines import ENGINE_NAMES
from index.engines import engine as engine_called
from index.engines.refusals import NOT_DAMAGE, cannot_write
from index.errors import IndexDamaged, IndexNotFound, UsageError
from index.generations import new_generation, remove_other_generations
from index.home import home_of
from index.interruption import Interruption
from index.lock import writer_lock
from index.manifest import CATALOG_NAME, Manifest, check_engine_is_known, generation_path, read_manifest
from index.patterns import Choice
from index.readers import READERS_VERSION
from index.reading import Task, read_to_analyse
from index.reading_settings import FieldMap, added_up
from index.report import ASKED_FOR, BuildReport, Progress, Tally
from index.roots import check_roots, is_covered, lies_in, merged, named_roots, roots_to_forget
from index.settings import SETTINGS_NAME, Settings, read_settings
from index.update import AUTO_THRESHOLD, SMALL_ENGINE, Update, suitable_engine
from index.walk import SkippedFile, source_of, walk
from index.workers import Results, Work, read_here, read_in_processes

__all__ = ["AUTO_THRESHOLD", "BuildReport", "Progress", "build"]

AUTOMATIC = "auto"

# With less to read than this, starting processes costs more than they save.
_FEW_FILES = 64
_FEW_BYTES = 2_000_000

_PROGRESS_EVERY = 500  # files walked


def build(
    paths: Sequence[Path],
    index_dir: Path,
    *,
    engine: str | None = None,
    rebuild: bool = False,
    forget: Sequence[Path] = (),
    map: FieldMap | None = None,
    jobs: int | None = None,
    wait: float = 10.0,
    on_progress: Callable[[Progress], None] | None = None,
    work: Work = read_to_analyse,
) -> BuildReport:
    """Make an index of the articles at and under `paths`, or bring one up to date.

    Files that are new or have changed are read; files that are gone are removed. Files that cannot be read are
    skipped and reported. Everything is read again, into a new generation, when that is asked for or when the index
    was written with another schema or analysis, or other settings for these (see `index.settings`).

    Args:
        paths: files and folders; none for those that the index remembers.
        index_dir: the index folder, made if it does not exist.
        engine: its name, which is kept from then on; "auto" for what suits the size of the corpus, now and later. None
            leaves it as it is, which is "auto" for a new index.
        rebuild: whether to read everything again; with `paths`, these are then all that the index holds.
        forget: files and folders to take out of the index, whether or not they still exist. With no `paths`, nothing
            else is done.
        map: names that records have for their fields, which are kept from then on, beside those kept before, and
            come before those in `byline.toml`; an empty tuple takes back what was kept for a field.
        jobs: how many processes read; None for one a core.
        wait: how long to wait for another process that is writing to the index, in seconds.
        on_progress: called often.
        work: reads one file; a function of a module.

    Returns:
        What was done. After Ctrl-C, what was done until then, with `interrupted` set.

    Raises:
        UsageError: for a path that does not exist, nothing to index, an unknown engine, a root that is gone, a path
            to forget that is not indexed, or settings that mean nothing.
        NotAnIndex, IndexTooNew, IndexDamaged: if `index_dir` cannot be used; nothing in it is changed.
        IndexLocked: if another process is still writing after `wait`.
        BylineError: if the system does not let it write: permissions, no space left.
    """
    started = time.monotonic()
    _check_engine(engine)
    settings = read_settings(index_dir)
    named = named_roots(paths, home_of(index_dir))
    if _existing(index_dir, rebuild) is None and (forget or not named):
        raise UsageError("nothing is indexed here yet", where=str(index_dir), remedy="Name a folder: byline index PATH")
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the index cannot be made: {error.strerror or error}", where=str(index_dir)) from error
    progress = on_progress or (lambda progress: None)
    with (
        _reporting(index_dir),
        writer_lock(index_dir, wait),
        Interruption() as interruption,
        _open_catalog(index_dir, rebuild) as catalog,
    ):
        manifest = _existing(index_dir, rebuild)
        tally = Tally()
        job = _Build(index_dir, catalog, manifest, settings, tally, progress, interruption, work)
        try:
            manifest = job.run(named, engine, rebuild, forget, map or {}, _processes(jobs))
        except KeyboardInterrupt:
            tally.interrupted = True
            manifest = _existing(index_dir, rebuild)  # the last commit
            if manifest is None:
                raise
            if tally.rebuilt_because:
                tally.discard()
            catalog.forget_unsettled()
            catalog.use(manifest.generation)
            remove_other_generations(index_dir, manifest.generation)
        return tally.report(
            now=catalog.counts(),
            engine=manifest.engine,
            generation=manifest.generation,
            seconds=time.monotonic() - started,
        )


class _Build:
    """One run of `build`, under the lock."""

    def __init__(
        self,
        index_dir: Path,
        catalog: Catalog,
        manifest: Manifest | None,
        settings: Settings,
        tally: Tally,
        progress: Callable[[Progress], None],
        interruption: Interruption,
        work: Work,
    ) -> None:
        self.index_dir = index_dir
        self.home = home_of(index_dir)
        self.catalog = catalog
        self.before = manifest
        self.settings = settings
        self.tally = tally
        self.progress = progress
        self.interruption = interruption
        self.work = work
        self.unlisted: set[str] = set()  # what the walk could not look into
        self.forgotten: frozenset[str] = frozenset()
        self.map: FieldMap = {}
        self.reading = settings.reading

    def run(
        self,
        named: tuple[str, ...],
        engine: str | None,
        rebuild: bool,
        forget: Sequence[Path],
        map: FieldMap,
        jobs: int,
    ) -> Manifest:
        """Do it all; returns the manifest that counts then."""
        before = self.before
        remembered = before.roots if before else ()
        self.map = added_up(before.map if before else {}, map)
        self.reading = self.settings.reading.with_map(self.map)
        if before:
            check_engine_is_known(before, self.index_dir)
            self.tally.engine_changed_from = before.engine
            self.catalog.use(before.generation)
        remove_other_generations(self.index_dir, before.generation if before else None)  # of builds that were killed
        if before:
            self.tally.rebuilt_because = ASKED_FOR if rebuild else self._why_rebuild(before)
        if forget:
            self.forgotten = roots_to_forget(forget, remembered, self.catalog, self.home)
            self.tally.forgotten = tuple(sorted(self.forgotten))
            remembered = tuple(root for root in remembered if not lies_in(root, self.forgotten))
        everything = merged(named if rebuild and named else (*remembered, *named))
        asked = everything if self.tally.rebuilt_because or not (named or forget) else named
        if before and self.catalog.is_in_doubt():  # after a crash, put everything right that is there
            asked = tuple(root for root in everything if root in asked or (self.home / root).exists())
        there = check_roots(asked, self.catalog, self.home, may_be_empty=named if rebuild else ())
        walked = self._walk(there)
        gone = set(asked) - set(there)
        roots = tuple(root for root in everything if root not in gone)
        if before and not self.tally.rebuilt_because:
            update = self._update_in_place(before, roots, engine)
        else:
            update = self._update_anew(roots, engine, walked)
        try:
            with update.writing():
                self._remove_what_is_forgotten(update)
                if engine not in (None, AUTOMATIC, update.manifest.engine):
                    update.move_to(engine)
                self._read_what_changed(update, walked, jobs)
                if self.interruption.requested:
                    if not update.in_force:
                        raise KeyboardInterrupt
                    self.tally.interrupted = True
                else:
                    self._remove_what_is_gone(update, set(asked))
                    if engine == AUTOMATIC and before and not self.tally.rebuilt_because:
                        update.suit_engine()
                update.publish(whatever=_differs(update.manifest, before))
        except BaseException:
            if before:  # make room again: the disk may be full
                remove_other_generations(self.index_dir, _in_force(self.index_dir, before))
            raise
        return update.manifest

    def _why_rebuild(self, manifest: Manifest) -> str:
        if reason := manifest.outdated_because():
            return reason
        if change := self.settings.index.changes_since(manifest.settings):
            return f"{SETTINGS_NAME} changed: {change}"
        commits = self.catalog.number_of_commits(manifest.generation)
        if commits is None or commits < manifest.commit:
            return "the catalog of its files was lost"
        path = generation_path(self.index_dir, manifest.generation)
        if not path.is_dir():
            raise IndexDamaged(
                "the index's files are missing", where=str(path), remedy="Build it again: byline index --rebuild"
            )
        return ""

    def _update_in_place(self, before: Manifest, roots: tuple[str, ...], engine: str | None) -> Update:
        manifest = replace(
            before,
            automatic=before.automatic if engine is None else engine == AUTOMATIC,
            roots=roots,
            map=self.map,
            readers=READERS_VERSION,
            # A crash after the catalog's commit and before the manifest's leaves the manifest one behind.
            commit=max(before.commit, self.catalog.number_of_commits(before.generation) or 0),
        )
        return self._update(manifest, in_force=True)

    def _update_anew(self, roots: tuple[str, ...], engine: str | None, files: int) -> Update:
        """A new generation: of a new index, where commits count at once; or of a rebuild, where only the last does."""
        before = self.before
        suitable = suitable_engine(max(files, before.documents if before else 0))
        if engine is None and before:
            automatic = before.automatic
            name = suitable if automatic and before.engine == SMALL_ENGINE else before.engine
        else:
            automatic = engine in (None, AUTOMATIC)
            name = suitable if engine is None or automatic else engine
        generation = new_generation(self.index_dir, engine_called(name), before.generation if before else 0)
        self.catalog.start(generation)
        now = dt.datetime.now(dt.UTC)
        manifest = Manifest(
            engine=name,
            automatic=automatic,
            settings=self.settings.index,
            readers=READERS_VERSION,
            generation=generation,
            commit=before.commit if before else 0,
            roots=roots,
            map=self.map,
            created=before.created if before else now,
            updated=now,
        )
        return self._update(manifest, in_force=before is None)

    def _update(self, manifest: Manifest, *, in_force: bool) -> Update:
        return Update(
            self.index_dir,
            self.catalog,
            manifest,
            self.tally,
            in_force=in_force,
            reading=self.reading.fingerprint,
            progress=self.progress,
            stop=self.interruption.is_requested,
        )

    def _walk(self, roots: Sequence[str]) -> int:
        """Take down what is there; returns the number of article files."""
        self.catalog.note_walked(self._found([self.home / root for root in roots]))
        return self.catalog.walked()

    def _found(self, paths: Sequence[Path]) -> Iterator[Stat]:
        own = tuple(source_of(path, self.home) for path in (self.index_dir, *self.settings.files))
        wanted = Choice(self.reading.include, self.reading.exclude)
        self.progress(Progress("looking for files", 0))
        for number, found in enumerate(walk(paths, self.home), start=1):
            if number % _PROGRESS_EVERY == 0:
                self.progress(Progress("looking for files", number))
                if self.interruption.requested:
                    raise KeyboardInterrupt
            if found.source.startswith(own) and is_covered(found.source, set(own)):
                continue
            if found.source not in wanted:
                continue
            if isinstance(found, SkippedFile):
                self.tally.skip(found.source, found.reason)
                if found.transient:
                    self.unlisted.add(found.source)
            else:
                yield Stat(found.source, found.size, found.mtime_ns, found.beside)

    def _read_what_changed(self, update: Update, walked: int, jobs: int) -> None:
        files, size = self.catalog.compare(READERS_VERSION, self.reading.fingerprint)
        if self.before and not self.tally.rebuilt_because and self.catalog.was_read_otherwise(self.reading.fingerprint):
            mapped = self.map != self.before.map
            self.tally.reread_because = "--map changed" if mapped else f"{SETTINGS_NAME} changed ([reading])"
        failures = 0
        for source, reason in self.catalog.unchanged_failures():
            self.tally.skip(source, reason)
            failures += 1
        self.tally.unchanged = walked - files - failures
        under_way = {}
        home = str(self.home)

        def tasks() -> Iterator[Task]:
            for pending in self.catalog.pending():
                source = pending.stat.source
                under_way[source] = pending
                # os.path.join, since this runs for every file and is ten times as fast as Path
                path = os.path.join(home, source)  # noqa: PTH118
                yield Task(path, source, pending.stat.size, pending.digest, self.settings.index, self.reading)

        results: Results
        if files < _FEW_FILES or size < _FEW_BYTES:
            results = read_here(tasks(), self.work, self.interruption.is_requested)
        else:
            results = read_in_processes(tasks(), self.work, jobs, self.interruption.is_requested)
        self.progress(Progress("reading", 0, files))
        with contextlib.closing(results):
            for done, result in enumerate(results, start=1):
                if self.interruption.requested:
                    break
                update.apply(under_way.pop(result.source), result)
                self.progress(Progress("reading", done, files))

    def _remove_what_is_forgotten(self, update: Update) -> None:
        if self.forgotten:
            for source, ids in self.catalog.not_walked():
                if lies_in(source, self.forgotten):
                    update.remove(source, ids)

    def _remove_what_is_gone(self, update: Update, roots: set[str]) -> None:
        for source, ids in self.catalog.not_walked():
            if is_covered(source, roots) and not (self.unlisted and is_covered(source, self.unlisted)):
                update.remove(source, ids)


def _existing(index_dir: Path, rebuild: bool) -> Manifest | None:
    """The manifest of the index there is, if any; a rebuild does without a damaged one."""
    try:
        return read_manifest(index_dir)
    except IndexNotFound:
        return None
    except IndexDamaged:
        if rebuild:
            return None
        raise


def _open_catalog(index_dir: Path, rebuild: bool) -> Catalog:
    """The catalog; an empty one if it is damaged, which the build then notices. A rebuild looks at all of it."""
    path = index_dir / CATALOG_NAME
    with contextlib.suppress(IndexDamaged):
        catalog = Catalog(path)
        if not rebuild or catalog.is_whole():
            return catalog
        catalog.close()
    path.unlink()
    path.with_name(f"{CATALOG_NAME}-journal").unlink(missing_ok=True)
    return Catalog(path)


@contextlib.contextmanager
def _reporting(index_dir: Path) -> Iterator[None]:
    """Turn what keeps the catalog or a file of the index from being written into errors of ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise catalog_error(error, index_dir / CATALOG_NAME) from error
    except OSError as error:
        ours = error.filename is not None and Path(os.fsdecode(error.filename)).is_relative_to(index_dir)
        if ours and error.errno in NOT_DAMAGE:
            raise cannot_write(index_dir, error.strerror or str(error)) from error
        raise


def _check_engine(name: str | None) -> None:
    """Raise UsageError for an engine that there is not, or that is not installed."""
    if name in (None, AUTOMATIC):
        return
    if name not in ENGINE_NAMES:
        known = ", ".join((AUTOMATIC, *ENGINE_NAMES))
        raise UsageError(f"there is no engine called {name!r}", remedy=f"Choose one of: {known}.")
    engine_called(name)


def _processes(jobs: int | None) -> int:
    if jobs is not None:
        if jobs < 1:
            raise UsageError(f"{jobs} processes cannot read anything", remedy="Ask for at least one job.")
        return jobs
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _differs(now: Manifest, before: Manifest | None) -> bool:
    """Whether the manifest says something else than the one in force."""
    return before is None or replace(now, updated=before.updated) != before


def _in_force(index_dir: Path, before: Manifest) -> int:
    """The generation that counts, after an error."""
    try:
        return read_manifest(index_dir).generation
    except IndexDamaged:
        return before.generation
