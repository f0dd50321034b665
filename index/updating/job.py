"""One build under way: the doing of what is planned, for real or as a rehearsal."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from index.catalog.remarks import as_noted
from index.catalog.rows import Stat
from index.engines import engine as engine_called
from index.errors import IndexDamaged
from index.files.mounts import to_note, why_kept
from index.files.roots import is_covered, lies_in
from index.files.selection import belonging
from index.files.walk import SkippedFile, source_of, walk, walk_again
from index.processes.intake import Intake
from index.processes.starter import Starter
from index.readers import READERS_VERSION
from index.settings import SETTINGS_NAME
from index.storage.manifest import MANIFEST_NAME, Manifest, read_manifest
from index.updating.comparison import Comparison, Pending
from index.updating.generations import new_generation, remove_generation, remove_other_generations
from index.updating.interruption import Interruption
from index.updating.keeping import keep_what_is_stored
from index.updating.plan import Existing, Plan, Request
from index.updating.recall import forget_what_is_there
from index.updating.rehearsal import Rehearsal
from index.updating.report import Progress, Tally
from index.updating.update import SMALL_ENGINE, Update, suitable_engine

AUTOMATIC = "auto"
"""In place of an engine's name: the one that suits the number of documents."""

_PROGRESS_EVERY = 500  # files walked


class Job:
    """One run of `build`: for real under the lock, or as a rehearsal on a private copy of the catalog."""

    def __init__(
        self,
        request: Request,
        index: Existing,
        plan: Plan,
        tally: Tally,
        progress: Callable[[Progress], None],
        interruption: Interruption,
        starter: Starter,
        jobs: int,
    ) -> None:
        self.index_dir = index.index_dir
        self.home = index.home
        self.catalog = index.catalog
        self.before = index.manifest
        self.has_remains = index.has_remains
        self.settings = index.settings
        self.request = request
        self.plan = plan
        self.tally = tally
        self.progress = progress
        self.interruption = interruption
        self.reading = index.settings.reading.with_map(plan.map)
        self.intake = Intake(index.index_dir, index.settings, self.reading, starter, jobs, interruption.is_requested)
        self.comparison = Comparison(index.catalog)
        self.unlisted: set[str] = set()  # what the walk could not look into
        self.walked: set[str] = set()  # the roots of which it came to everything else
        self.mounts: set[str] = set()  # folders below them where it came to another file system

    def run(self) -> Manifest:
        """Do it all; returns the manifest that counts then.

        Raises:
            KeyboardInterrupt: after Ctrl-C when what was done until then cannot be kept.
        """
        walked_ns = time.time_ns()
        self._walk()
        if self.before and not self.plan.why_rebuild:
            update = self._update_in_place(self.before)
        else:
            update = self._update_anew()
        try:
            with update.writing():
                self._compare()
                self._remove_what_is_forgotten(update)
                if self.request.engine not in (None, AUTOMATIC, update.manifest.engine):
                    update.move_to(self.request.engine)
                self._read_what_changed(update)
                if self.interruption.requested:
                    self._break_off(update)
                else:
                    self._settle_what_is_gone(update)
                self._read_exports_again(update)
                self._publish(update, walked_ns)
        except BaseException:
            self._clean_up(update)
            raise
        return update.manifest

    def _walk(self) -> None:
        """Note all files that there are, and what of the index is out of sight or gone for good."""
        plan = self.plan
        self.comparison.note_walked(self._found([self.home / root for root in plan.there]))
        for mount in plan.away:
            self.unlisted.add(mount)
            self.tally.skip(mount, why_kept(mount, self.home))
        self.tally.forgotten = tuple(sorted(plan.forgotten | plan.dropped | plan.gone))

    def _break_off(self, update: Update) -> None:
        """After Ctrl-C: keep what was read, unless it would count only with all the rest."""
        if not update.in_force or self.tally.dry_run:
            raise KeyboardInterrupt
        self.tally.interrupted = True

    def _settle_what_is_gone(self, update: Update) -> None:
        """Once all is read: take out what is gone, or keep what is stored of it, and see whether the engine suits."""
        before, plan = self.before, self.plan
        if plan.recalled and before:
            forget_what_is_there(self.catalog, before.generation)
        if self.request.stored and before:
            keep_what_is_stored(self, update, before, frozenset(plan.everything))
        for each in self.comparison.gone():
            update.remove(each)
        if self.request.engine == AUTOMATIC and before and not plan.why_rebuild:
            update.suit_engine()

    def _publish(self, update: Update, walked_ns: int) -> None:
        before = self.before
        differs = _differs(update.manifest, before) or _is_to_come(before.seen_ns if before else 0)
        if self.plan.asks_everything and self._has_seen_everything():
            update.manifest = replace(update.manifest, seen_ns=walked_ns)
            # Else files that were touched, but not changed, would be looked up at each search.
            differs = differs or self.tally.files_read > 0
        update.publish(whatever=differs)

    def _clean_up(self, update: Update) -> None:
        """After an error: leave nothing of what does not count."""
        if self.before:  # make room again: the disk may be full
            self._remove_generations_but(_in_force(self.index_dir, self.before))
        elif self.has_remains and not (update.in_force or self.tally.dry_run):
            remove_generation(self.index_dir, update.manifest.generation)
        elif not (self.has_remains or self.tally.dry_run or (self.index_dir / MANIFEST_NAME).exists()):
            with contextlib.suppress(sqlite3.Error):  # a full disk
                self.catalog.forget_settled()  # or it would be taken for an index that has lost its manifest

    def _update_in_place(self, before: Manifest) -> Update:
        engine = self.request.engine
        manifest = replace(
            before,
            automatic=before.automatic if engine is None else engine == AUTOMATIC,
            roots=self.plan.roots,
            mounts=self._mounts_to_note(),
            map=self.plan.map,
            readers=READERS_VERSION,
            seen_ns=0 if _is_to_come(before.seen_ns) else before.seen_ns,
            # A crash after the catalog's commit and before the manifest's leaves the manifest one behind.
            commit=max(before.commit, self.catalog.number_of_commits(before.generation) or 0),
        )
        return self._update(manifest, in_force=True)

    def _update_anew(self) -> Update:
        """A new generation: of a new index, where commits count at once; or of a rebuild, where only the last does."""
        before, engine = self.before, self.request.engine
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
            roots=self.plan.roots,
            mounts=self._mounts_to_note(),
            map=self.plan.map,
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

    def _mounts_to_note(self) -> tuple[str, ...]:
        known = (
            [mount for mount in self.before.mounts if not lies_in(mount, self.plan.forgotten)] if self.before else []
        )
        return to_note(self.mounts, known, {*self.plan.roots}, self.walked, self.unlisted)

    def _found(self, paths: Sequence[Path]) -> Iterator[Stat]:
        self.progress(Progress("looking for files", 0))
        if self.plan.changed is None:
            self.walked = {source_of(path, self.home) for path in paths}
            every = walk(paths, self.home, self.mounts)
        else:
            every = walk_again(self.plan.changed, {source_of(path, self.home) for path in paths}, self.home)
        is_all_new = not self.before or bool(self.plan.why_rebuild)
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

    def _compare(self) -> None:
        """Find out what has to be looked at, what is gone, and what needs no look."""
        plan = self.plan
        self.comparison.compare(
            READERS_VERSION,
            self.reading.fingerprint,
            before=self.before.generation if self.before else 0,
            check=self.request.check,
            told=plan.changed or (),
        )
        failures = 0
        if plan.there_was.remarked:
            for source, noted in self.comparison.unchanged_remarks():
                failures += self.tally.remark(source, as_noted(noted))
        self.tally.unchanged = self.comparison.walked() - self.comparison.to_read[0] - failures
        if self.before and not plan.why_rebuild:
            self.tally.reread_because = self._why_reread(self.before)
        asked = frozenset(plan.asked)

        def is_gone(source: str) -> bool:
            if plan.why_rebuild or lies_in(source, plan.forgotten):  # only what was found is in the new generation
                return True
            return is_covered(source, asked) and not (self.unlisted and is_covered(source, self.unlisted))

        self.comparison.note_gone(plan.there_was.files, is_gone, among=plan.changed)

    def _why_reread(self, before: Manifest) -> str:
        oldest, otherwise = self.comparison.read_otherwise(READERS_VERSION, self.reading.fingerprint)
        reasons = []
        if oldest is not None:
            reasons.append(f"the readers of files are other ones (version {READERS_VERSION}, no longer {oldest})")
        if otherwise:
            reasons.append("--map changed" if self.plan.map != before.map else f"{SETTINGS_NAME} changed ([reading])")
        return "; ".join(reasons)

    def _remove_what_is_forgotten(self, update: Update) -> None:
        if forgotten := self.plan.forgotten:
            for each in self.comparison.gone():
                if lies_in(each.source, forgotten):
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
            self.plan.changed is None
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
