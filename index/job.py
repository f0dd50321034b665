"""One build under way: what has to be done and why, and the doing of it, for real or as a rehearsal."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from index.articles import belonging
from index.catalog import Catalog
from index.catalog_rows import Overview, Stat
from index.checksums import renew_checksums
from index.comparison import Comparison, Pending
from index.confines import check_known
from index.engines import engine as engine_called
from index.errors import IndexDamaged
from index.generations import new_generation, remove_generation, remove_other_generations
from index.home import home_of
from index.intake import Intake
from index.interruption import Interruption
from index.keeping import keep_what_is_stored
from index.manifest import MANIFEST_NAME, Manifest, check_engine_is_known, generation_path, read_manifest
from index.mounts import check_mounted, to_note, unmounted, why_kept
from index.readers import READERS_VERSION
from index.reading_settings import FieldMap, added_up
from index.recall import Recalled, forget_what_is_there, recall
from index.rehearsal import Rehearsal
from index.remarks import as_noted
from index.report import ASKED_FOR, Progress, Tally
from index.roots import (
    check_fit,
    check_not_empty,
    check_not_ignored,
    check_roots,
    is_covered,
    lies_in,
    merged,
    roots_to_forget,
)
from index.settings import SETTINGS_NAME, Settings
from index.starter import Starter
from index.update import SMALL_ENGINE, Update, suitable_engine
from index.walk import SkippedFile, source_of, walk, walk_again

AUTOMATIC = "auto"
"""In place of an engine's name: the one that suits the number of documents."""

_PROGRESS_EVERY = 500  # files walked


class Job:
    """One run of `build`: for real under the lock, or as a rehearsal on a private copy of the catalog."""

    def __init__(
        self,
        index_dir: Path,
        catalog: Catalog,
        manifest: Manifest | None,
        settings: Settings,
        tally: Tally,
        progress: Callable[[Progress], None],
        interruption: Interruption,
        starter: Starter,
        jobs: int,
        damage: Sequence[IndexDamaged] = (),
        has_remains: bool = False,
    ) -> None:
        self.index_dir = index_dir
        self.home = home_of(index_dir)
        self.catalog = catalog
        self.before = manifest
        self.settings = settings
        self.tally = tally
        self.progress = progress
        self.interruption = interruption
        self.starter = starter
        self.jobs = jobs
        self.damage = damage  # to the engine's files, as far as somebody has looked already
        self.has_remains = has_remains  # of an index that lost its manifest: they stay until the new one is whole
        self.comparison = Comparison(catalog)
        self.unlisted: set[str] = set()  # what the walk could not look into
        self.walked: set[str] = set()  # the roots of which it came to everything else
        self.mounts: set[str] = set()  # folders below them where it came to another file system
        self.changed: set[str] | None = None  # the only files and folders to look at
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
        check: bool,
        changed: Sequence[Path] | None = None,
        stored: bool = False,
        by_person: bool = True,
    ) -> Manifest:
        """Do it all; returns the manifest that counts then. For the arguments see `index.build.build`."""
        before = self.before
        remembered = before.roots if before else ()
        self.map = added_up(before.map if before else {}, map)
        self.reading = self.settings.reading.with_map(self.map)
        self.intake = Intake(
            self.index_dir, self.settings, self.reading, self.starter, self.jobs, self.interruption.is_requested
        )
        if before:
            check_engine_is_known(before, self.index_dir)
            self.tally.engine_changed_from = before.engine
            self.catalog.use(before.generation)
        if not self.has_remains:
            self._remove_generations_but(before.generation if before else None)  # those of builds that were killed
        recalled = self._recalled(before) if before and before.documents and self._has_forgotten(before) else None
        there_was = self.catalog.overview()
        if recalled and recalled.because and stored:
            raise IndexDamaged(
                f"the catalog is lost, and the engine does not tell which documents there are: {recalled.because}",
                where=str(self.index_dir),
                remedy="Export all, and index that: byline export -o all.jsonl; byline index --rebuild PATH all.jsonl",
            )
        if before:
            self.tally.rebuilt_because = ASKED_FOR if rebuild else self._why_rebuild(before, recalled)
            if not self.tally.rebuilt_because:
                self._check_files(before)
        away = {*unmounted(before.mounts, {*remembered}, self.home)} if before else set()
        away = {mount for mount in away if self.catalog.knows_under(mount)}
        if forget:
            self.forgotten = roots_to_forget(forget, remembered, self.catalog, self.home, away)
            self.tally.forgotten = tuple(sorted(self.forgotten))
            remembered = tuple(root for root in remembered if not lies_in(root, self.forgotten))
        everything = merged(named if rebuild and named else (*remembered, *named))
        check_fit(everything)
        check_known((root for root in everything if not by_person or root not in named), self.home)
        check_not_ignored(named, everything, self.home)
        asked = everything if self.tally.rebuilt_because or not (named or forget) else merged(named)
        if before and there_was.doubtful:  # after a crash, put everything right that is there
            asked = tuple(root for root in everything if root in asked or (self.home / root).exists())
        elif before and changed is not None and not named and not self.tally.rebuilt_because:
            self.changed = {source for path in changed if is_covered(source := source_of(path, self.home), {*asked})}
            asked = tuple(root for root in asked if any(is_covered(source, {root}) for source in self.changed))
        if self.has_remains:
            check_not_empty(asked, self.home)
        there = check_roots(
            asked,
            self.catalog,
            self.home,
            may_be_empty=named if rebuild else (),
            may_be_gone=stored,
            anew=bool(self.tally.rebuilt_because),
            forgotten=recalled is not None and bool(recalled.because or recalled.lost),
        )
        away = {mount for mount in away if is_covered(mount, {*there}) and not lies_in(mount, self.forgotten)}
        if self.tally.rebuilt_because and not stored:
            check_mounted(away, self.home)
        walked_ns = time.time_ns()
        self.comparison.note_walked(self._found([self.home / root for root in there]))
        for mount in sorted(away):
            self.unlisted.add(mount)
            self.tally.skip(mount, why_kept(mount, self.home))
        gone = set() if stored else set(asked) - set(there)
        dropped = [root for root in remembered if not is_covered(root, frozenset(everything))]
        self.tally.forgotten = tuple(sorted({*self.tally.forgotten, *dropped, *gone}))
        roots = tuple(root for root in everything if root not in gone)
        if before and not self.tally.rebuilt_because:
            update = self._update_in_place(before, roots, engine)
        else:
            update = self._update_anew(roots, engine)
        try:
            with update.writing():
                self._compare(there_was, set(asked), check)
                self._remove_what_is_forgotten(update)
                if engine not in (None, AUTOMATIC, update.manifest.engine):
                    update.move_to(engine)
                self._read_what_changed(update)
                if self.interruption.requested:
                    if not update.in_force or self.tally.dry_run:
                        raise KeyboardInterrupt
                    self.tally.interrupted = True
                else:
                    if recalled and before:
                        forget_what_is_there(self.catalog, before.generation)
                    if stored and before:
                        keep_what_is_stored(self, update, before, frozenset(everything))
                    for each in self.comparison.gone():
                        update.remove(each)
                    if engine == AUTOMATIC and before and not self.tally.rebuilt_because:
                        update.suit_engine()
                self._read_exports_again(update)
                differs = _differs(update.manifest, before) or _is_to_come(before.seen_ns if before else 0)
                if set(asked) == set(everything) and self._has_seen_everything():
                    update.manifest = replace(update.manifest, seen_ns=walked_ns)
                    # Else files that were touched, but not changed, would be looked up at each search.
                    differs = differs or self.tally.files_read > 0
                update.publish(whatever=differs)
        except BaseException:
            if before:  # make room again: the disk may be full
                self._remove_generations_but(_in_force(self.index_dir, before))
            elif self.has_remains and not (update.in_force or self.tally.dry_run):
                remove_generation(self.index_dir, update.manifest.generation)
            elif not (self.has_remains or self.tally.dry_run or (self.index_dir / MANIFEST_NAME).exists()):
                with contextlib.suppress(sqlite3.Error):  # a full disk
                    self.catalog.forget_settled()  # or it would be taken for an index that has lost its manifest
            raise
        return update.manifest

    def _recalled(self, before: Manifest) -> Recalled:
        engine, folder = engine_called(before.engine), generation_path(self.index_dir, before.generation)
        recalled = recall(self.catalog, folder, engine)
        self.tally.note(self.index_dir.name, recalled.lost)
        return recalled

    def _why_rebuild(self, manifest: Manifest, recalled: Recalled | None) -> str:
        if reason := manifest.outdated_because():
            return reason
        if change := self.settings.index.changes_since(manifest.settings):
            return f"{SETTINGS_NAME} changed: {change}"
        if self._has_forgotten(manifest):
            why = f", and what is gone cannot be counted: {recalled.because}" if recalled and recalled.because else ""
            return f"the catalog of its files was lost or damaged{why}"
        return ""

    def _has_forgotten(self, manifest: Manifest) -> bool:
        """Whether the catalog is a new one, or an older one than the index."""
        commits = self.catalog.number_of_commits(manifest.generation)
        return commits is None or commits < manifest.commit

    def _check_files(self, manifest: Manifest) -> None:
        """Raise IndexDamaged unless the files of the engine are as they were written, before anything is built on them.

        From a damaged index, documents whose files are gone may still be got; so to do without it is left to people.
        """
        for error in self.damage:
            raise error
        if not self.tally.dry_run:
            renew_checksums(generation_path(self.index_dir, manifest.generation), engine_called(manifest.engine))

    def _update_in_place(self, before: Manifest, roots: tuple[str, ...], engine: str | None) -> Update:
        manifest = replace(
            before,
            automatic=before.automatic if engine is None else engine == AUTOMATIC,
            roots=roots,
            mounts=self._mounts_of(roots),
            map=self.map,
            readers=READERS_VERSION,
            seen_ns=0 if _is_to_come(before.seen_ns) else before.seen_ns,
            # A crash after the catalog's commit and before the manifest's leaves the manifest one behind.
            commit=max(before.commit, self.catalog.number_of_commits(before.generation) or 0),
        )
        return self._update(manifest, in_force=True)

    def _update_anew(self, roots: tuple[str, ...], engine: str | None) -> Update:
        """A new generation: of a new index, where commits count at once; or of a rebuild, where only the last does."""
        before = self.before
        suitable = suitable_engine(max(self.comparison.walked(), before.documents if before else 0))
        if engine is None and before:
            automatic = before.automatic
            name = suitable if automatic and before.engine == SMALL_ENGINE else before.engine
        else:
            automatic = engine in (None, AUTOMATIC)
            name = suitable if engine is None or automatic else engine
        generation = before.generation if before else 0
        if self.tally.dry_run:
            generation += 1
        else:
            generation = new_generation(self.index_dir, engine_called(name), generation)
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
            mounts=self._mounts_of(roots),
            map=self.map,
            created=before.created if before else now,
            updated=now,
        )
        return self._update(manifest, in_force=before is None and not self.has_remains)

    def _update(self, manifest: Manifest, *, in_force: bool) -> Update:
        return (Rehearsal if self.tally.dry_run else Update)(
            self.index_dir,
            self.catalog,
            manifest,
            self.tally,
            in_force=in_force,
            reading=self.reading.fingerprint,
            progress=self.progress,
            stop=self.interruption.is_requested,
        )

    def _mounts_of(self, roots: tuple[str, ...]) -> tuple[str, ...]:
        known = [mount for mount in self.before.mounts if not lies_in(mount, self.forgotten)] if self.before else []
        return to_note(self.mounts, known, {*roots}, self.walked, self.unlisted)

    def _found(self, paths: Sequence[Path]) -> Iterator[Stat]:
        self.progress(Progress("looking for files", 0))
        if self.changed is None:
            self.walked = {source_of(path, self.home) for path in paths}
            every = walk(paths, self.home, self.mounts)
        else:
            every = walk_again(self.changed, {source_of(path, self.home) for path in paths}, self.home)
        is_all_new = not self.before or bool(self.tally.rebuilt_because)
        for number, found in enumerate(belonging(every, self.index_dir, self.settings, self.reading), start=1):
            if self.interruption.requested:  # asked for each: ignore rules may take their time
                raise KeyboardInterrupt
            if number % _PROGRESS_EVERY == 0:
                self.progress(Progress("looking for files", number))
            if isinstance(found, SkippedFile):
                self.tally.skip(found.source, found.reason)
                if found.transient:
                    self.unlisted.add(found.source)
            else:
                if is_all_new:
                    self.intake.expect(found.size)
                yield Stat(*found[1:])

    def _compare(self, there_was: Overview, roots: set[str], check: bool) -> None:
        """Find out what has to be looked at, what is gone, and what needs no look."""
        generation = self.before.generation if self.before else 0
        self.comparison.compare(
            READERS_VERSION, self.reading.fingerprint, before=generation, check=check, told=self.changed or ()
        )
        failures = 0
        if there_was.remarked:
            for source, noted in self.comparison.unchanged_remarks():
                failures += self.tally.remark(source, as_noted(noted))
        self.tally.unchanged = self.comparison.walked() - self.comparison.to_read[0] - failures
        anew = bool(self.tally.rebuilt_because)
        if self.before and not anew:
            self.tally.reread_because = self._why_reread(self.before)

        def is_gone(source: str) -> bool:
            if anew or lies_in(source, self.forgotten):  # only what was found is in the new generation
                return True
            return is_covered(source, roots) and not (self.unlisted and is_covered(source, self.unlisted))

        self.comparison.note_gone(there_was.files, is_gone, among=self.changed)

    def _why_reread(self, before: Manifest) -> str:
        oldest, otherwise = self.comparison.read_otherwise(READERS_VERSION, self.reading.fingerprint)
        reasons = []
        if oldest is not None:
            reasons.append(f"the readers of files are other ones (version {READERS_VERSION}, no longer {oldest})")
        if otherwise:
            reasons.append("--map changed" if self.map != before.map else f"{SETTINGS_NAME} changed ([reading])")
        return "; ".join(reasons)

    def _remove_what_is_forgotten(self, update: Update) -> None:
        if self.forgotten:
            for each in self.comparison.gone():
                if lies_in(each.source, self.forgotten):
                    update.remove(each)
                    self.comparison.settle(each.source)

    def _read_what_changed(self, update: Update) -> None:
        files, size = self.comparison.to_read
        under_way: dict[str, Pending] = {}

        def wanted() -> Iterator[tuple[Stat, bytes]]:
            for pending in self.comparison.pending():
                under_way[pending.stat.source] = pending
                yield pending.stat, pending.digest

        self.progress(Progress("reading", 0, files))
        with contextlib.closing(self.intake.read(wanted(), files, size)) as results:
            for done, result in enumerate(results, start=1):
                if self.interruption.requested:
                    self.tally.left = files - done + 1
                    break
                pending = under_way.pop(result.source)
                is_new = pending.before is None and result.documents
                origin = self.comparison.take_origin(result.source, result.digest) if is_new else None
                update.apply(pending, result, origin)
                self.progress(Progress("reading", done, files))

    def _read_exports_again(self, update: Update) -> None:
        """Read those exports again whose documents are called otherwise beside the files that there are now."""
        for source in update.exports_to_read_again():
            if read := self.intake.read_again(source):
                update.read_again(*read)
            else:
                update.count_again(source)

    def _has_seen_everything(self) -> bool:
        """Whether the index holds every file as it is now, or was when something of it changed after the walk."""
        return (
            self.changed is None
            and not (self.unlisted or self.tally.interrupted or self.tally.dry_run or self.tally.kept)
            and not self.catalog.is_behind()
        )

    def _remove_generations_but(self, generation: int | None) -> None:
        if not self.tally.dry_run:
            remove_other_generations(self.index_dir, generation)


def _is_to_come(time_ns: int) -> bool:
    """Whether a time was taken down by a clock that was ahead of the one now."""
    return time_ns > time.time_ns()


def _differs(now: Manifest, before: Manifest | None) -> bool:
    """Whether the manifest says something else than the one in force."""
    return before is None or replace(now, updated=before.updated, seen_ns=before.seen_ns) != before


def _in_force(index_dir: Path, before: Manifest) -> int:
    """The generation that counts, after an error."""
    try:
        return read_manifest(index_dir).generation
    except IndexDamaged:
        return before.generation
