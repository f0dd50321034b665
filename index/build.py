"""Building an index and keeping it up to date: paths in, a report out.

    paths -> walk -> what changed since last time -> read and analyse (in processes) -> engine, catalog, manifest

An update commits inside the generation that counts. A rebuild writes another one beside it, and moves the manifest
over when it is whole; until then, and if it fails, the old one stays in force.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index.catalog.catalog import Catalog
from index.catalog.opening import open_catalog, read_catalog, was_closed
from index.catalog.remains import NO_MANIFEST, again, not_found
from index.catalog.sqlite_errors import catalog_error
from index.engines import ENGINE_NAMES
from index.engines import engine as engine_called
from index.engines.refusals import NOT_DAMAGE, cannot_write
from index.errors import IndexDamaged, IndexNotFound, UsageError
from index.files.roots import named_roots
from index.home import home_of
from index.processes.starter import Starter
from index.processes.tasks import Work, to_analyse
from index.reading_settings import FieldMap
from index.sealed import remove_abandoned, remove_unfinished, sync_folder
from index.settings import read_settings
from index.storage.checksums import check_folder
from index.storage.confines import remember
from index.storage.lock import writer_lock
from index.storage.manifest import (
    CATALOG_NAME,
    CHECKSUMS_NAME,
    FORMAT,
    GENERATIONS_NAME,
    MANIFEST_NAME,
    SEARCHES_NAME,
    Manifest,
    check_engine_is_known,
    generation_path,
    read_manifest,
)
from index.updating.generations import remove_other_generations
from index.updating.interruption import Interruption
from index.updating.job import AUTOMATIC, Job
from index.updating.plan import Existing, Request, plan_build
from index.updating.report import BuildReport, Progress, Tally
from index.updating.update import AUTO_THRESHOLD

__all__ = ["AUTO_THRESHOLD", "BuildReport", "Progress", "build"]

_LOOKS = 20  # at an index to which another process is just writing, for a dry run
_PAUSE_SECONDS = 0.05


def build(
    paths: Sequence[Path],
    index_dir: Path,
    *,
    engine: str | None = None,
    rebuild: bool = False,
    forget: Sequence[Path] = (),
    check: bool = False,
    dry_run: bool = False,
    stored: bool = False,
    changed: Sequence[Path] | None = None,
    by_person: bool = True,
    map: FieldMap | None = None,
    jobs: int | None = None,
    wait: float = 10.0,
    on_progress: Callable[[Progress], None] | None = None,
    work: Work = to_analyse,
    alone: bool = False,
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
        check: whether to compare the content of every file with what was read of it, also where size and times are
            the same.
        dry_run: whether only to find out what would be done, and change nothing: neither a file of the index nor its
            lock. Everything new or changed is read and analysed for that, so that it is known what can be read.
        changed: files and folders, which may be gone by now: with no `paths`, these are all that is looked at, unless
            everything has to be read again. Those that are not indexed do not count.
        by_person: whether a person named `paths`; what only the index names is not opened unless it lies in its home
            or in a folder that this person named before (see `index.storage.confines`).
        stored: whether a rebuild takes over documents as the index stores them where their files are gone or cannot be
            read. The next build that comes to such a file treats it as it would have without the rebuild.
        map: names that records have for their fields, which are kept from then on, beside those kept before, and
            come before those in `byline.toml`; an empty tuple takes back what was kept for a field.
        jobs: how many processes read; None for one a core.
        wait: how long to wait for another process that is writing to the index, in seconds.
        on_progress: called often.
        work: reads one file; a function of a module.
        alone: whether this process is there for nothing else, so that it may be forked: then it starts sooner.

    Returns:
        What was done, or would be. After Ctrl-C, what was done until then, with `interrupted` set.

    Raises:
        UsageError: for a path that does not exist, nothing to index, an unknown engine, a root that is gone, a path
            to forget that is not indexed, or settings that mean nothing.
        NotAnIndex, IndexTooNew, IndexDamaged: if `index_dir` cannot be used; nothing in it is changed.
        IndexLocked: if another process is still writing after `wait`, unless this is a dry run.
        KeyboardInterrupt: after Ctrl-C when there is nothing to report: in a dry run, or before the first commit.
        BylineError: if the system does not let it write: permissions, no space left.
    """
    started = time.monotonic()
    _check_engine(engine)
    settings = read_settings(index_dir)
    named = named_roots(paths, home_of(index_dir))
    if _existing(index_dir, rebuild and bool(named)) is None and (forget or not named):
        raise _nothing_yet(index_dir)
    request = Request(
        named=named,
        engine=engine,
        rebuild=rebuild,
        forget=forget,
        check=check,
        stored=stored,
        changed=changed,
        by_person=by_person,
        map=map or {},
    )
    tally = Tally(dry_run=dry_run)
    progress = on_progress or (lambda progress: None)
    damage: list[IndexDamaged] = []
    opened = _looking(index_dir, rebuild, damage) if dry_run else writing(index_dir, rebuild, wait)
    with (
        reporting(index_dir),
        opened as (manifest, catalog),
        Interruption() as interruption,
        Starter(work, alone=alone) as starter,
    ):
        has_remains = manifest is None and _has_remains(index_dir, catalog)
        if has_remains and not rebuild:
            raise IndexDamaged(NO_MANIFEST, where=str(index_dir), remedy=again(index_dir))
        if by_person and not dry_run:
            remember(paths, home_of(index_dir))
        index = Existing(
            index_dir=index_dir,
            manifest=manifest,
            catalog=catalog,
            settings=settings,
            damage=damage,
            has_remains=has_remains,
        )
        processes = _processes(jobs)
        try:
            plan = plan_build(request, index, tally)
            manifest = Job(request, index, plan, tally, progress, interruption, starter, processes).run()
        except KeyboardInterrupt:
            manifest = _existing(index_dir, rebuild)  # the last commit
            if manifest is None or dry_run:
                raise
            tally.interrupted = True
            if tally.rebuilt_because:
                tally.discard()
            catalog.forget_unsettled()
            catalog.use(manifest.generation)
            remove_other_generations(index_dir, manifest.generation)
        return tally.report(
            now=catalog.counts(languages=False),
            engine=manifest.engine,
            generation=manifest.generation,
            seconds=time.monotonic() - started,
        )


@contextlib.contextmanager
def writing(index_dir: Path, rebuild: bool, wait: float) -> Iterator[tuple[Manifest | None, Catalog]]:
    """The index, made if need be, held for writing."""
    try:
        if not index_dir.is_dir():
            index_dir.mkdir(parents=True, exist_ok=True)
            sync_folder(index_dir.parent)
    except OSError as error:
        raise UsageError(f"the index cannot be made: {error.strerror or error}", where=str(index_dir)) from error
    with writer_lock(index_dir, wait):
        for name in (MANIFEST_NAME, CHECKSUMS_NAME):
            remove_unfinished(index_dir / name)
        remove_abandoned(index_dir / SEARCHES_NAME)  # which are saved without the lock
        manifest = _existing(index_dir, rebuild)
        with open_catalog(index_dir, thorough=rebuild, checked=_has_checksums(manifest)) as catalog:
            yield manifest, catalog


@contextlib.contextmanager
def _looking(index_dir: Path, rebuild: bool, damage: list[IndexDamaged]) -> Iterator[tuple[Manifest | None, Catalog]]:
    """The index as it was last committed, with a private copy of its catalog; nothing is locked or written.

    What is wrong with the engine's files, if it is not that they are just being written, is added to `damage`.
    """
    for looks_left in reversed(range(_LOOKS)):
        manifest = _existing(index_dir, rebuild)
        with _copied_catalog(index_dir, checked=_has_checksums(manifest)) as catalog:
            found = _damage(index_dir, manifest) if manifest and not rebuild else None
            settled = manifest is None or catalog.is_at(manifest.generation, manifest.commit)
            sure = not found or _existing(index_dir, rebuild) == manifest  # else its generation was just replaced
            if not looks_left or (settled and sure):  # a crash leaves a commit half done, too
                damage += [found] if found else []
                yield manifest, catalog
                return
        time.sleep(_PAUSE_SECONDS)


def _damage(index_dir: Path, manifest: Manifest) -> IndexDamaged | None:
    """What is wrong with the engine's files, if anything is."""
    check_engine_is_known(manifest, index_dir)
    if manifest.outdated_because():  # and will be built again
        return None
    try:
        check_folder(generation_path(index_dir, manifest.generation), engine_called(manifest.engine))
    except IndexDamaged as error:
        return error
    return None


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


def _nothing_yet(index_dir: Path) -> UsageError:
    """The error for an index without a manifest, where no path says what to index."""
    if (index_dir / GENERATIONS_NAME).is_dir():
        error = not_found(index_dir)
        return UsageError(error.what, where=error.where, remedy=error.remedy)
    return UsageError("nothing is indexed here yet", where=str(index_dir), remedy="Name a folder: byline index PATH")


def _has_remains(index_dir: Path, catalog: Catalog) -> bool:
    """Whether an index without a usable manifest was whole once: then it lost that, and what is left may be needed."""
    return (index_dir / MANIFEST_NAME).exists() or (catalog.has_settled() and was_closed(index_dir))


def _has_checksums(manifest: Manifest | None) -> bool:
    return manifest is None or manifest.format == FORMAT


def _copied_catalog(index_dir: Path, *, checked: bool) -> Catalog:
    """A private copy of the catalog; an empty one if it is damaged, as `open_catalog` would have it."""
    path = index_dir / CATALOG_NAME
    with contextlib.suppress(IndexDamaged):
        if not path.with_name(f"{CATALOG_NAME}-journal").exists():
            with read_catalog(index_dir, checked=checked):
                return Catalog(path, copy=True)
        # A writer is at work, or was killed and left a commit half done: then only the copy can be looked at.
        catalog = Catalog(path, copy=True)
        if catalog.is_whole():
            return catalog
        catalog.close()
    return Catalog(None)


@contextlib.contextmanager
def reporting(index_dir: Path) -> Iterator[None]:
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
