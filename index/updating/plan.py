"""What a build has to do, and why: from what it was asked for, and the index as it finds it, to a plan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.catalog.catalog import Catalog
from index.catalog.rows import Overview
from index.engines import engine as engine_called
from index.errors import IndexDamaged
from index.files.mounts import check_mounted, unmounted
from index.files.roots import (
    check_fit,
    check_not_empty,
    check_not_ignored,
    check_roots,
    is_covered,
    lies_in,
    merged,
    roots_to_forget,
)
from index.files.walk import source_of
from index.home import home_of
from index.reading_settings import FieldMap, added_up
from index.records import record
from index.settings import SETTINGS_NAME, Settings
from index.storage.checksums import renew_checksums
from index.storage.confines import check_known
from index.storage.manifest import Manifest, check_engine_is_known, generation_path
from index.updating.generations import remove_other_generations
from index.updating.recall import Recalled, recall
from index.updating.report import ASKED_FOR, Tally


@record(frozen=True, slots=True, kw_only=True)
class Request:
    """What a build was asked for: see the arguments of `index.build.build`, of which `named` are the paths."""

    named: tuple[str, ...]
    engine: str | None
    rebuild: bool
    forget: Sequence[Path]
    check: bool
    stored: bool
    changed: Sequence[Path] | None
    by_person: bool
    map: FieldMap


@record(frozen=True, slots=True, kw_only=True)
class Existing:
    """The index as a build finds it.

    Attributes:
        index_dir: its folder.
        manifest: None if it is new, or has lost it.
        catalog: of its files; a private copy for a dry run.
        settings: as they are now.
        damage: to the engine's files, as far as somebody has looked already.
        has_remains: whether it lost its manifest: what is left of it stays until the new one is whole.
    """

    index_dir: Path
    manifest: Manifest | None
    catalog: Catalog
    settings: Settings
    damage: Sequence[IndexDamaged]
    has_remains: bool

    @property
    def home(self) -> Path:
        """The folder that its sources are relative to."""
        return home_of(self.index_dir)


@record(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a build has to do.

    Attributes:
        map: names that records have for their fields, from now on.
        why_rebuild: why everything is read again, into a new generation; empty if it is not, or if the index is new.
        recalled: how well a lost catalog was told anew; None if it was not lost.
        there_was: what the catalog knows of the files before the build.
        everything: the roots that the index is to have, those that are gone among them.
        asked: those of them to look at.
        there: those of `asked` that can be walked.
        gone: those of `asked` that the index loses because they are no more.
        dropped: roots that it had and is not to have, though nobody had them forgotten.
        forgotten: files and folders to take out of it.
        away: mount points in what is walked that are not mounted now.
        changed: the only files and folders to look at; None for all.
    """

    map: FieldMap
    why_rebuild: str
    recalled: Recalled | None
    there_was: Overview
    everything: tuple[str, ...]
    asked: tuple[str, ...]
    there: tuple[str, ...]
    gone: frozenset[str]
    dropped: frozenset[str]
    forgotten: frozenset[str]
    away: tuple[str, ...]
    changed: frozenset[str] | None

    @property
    def roots(self) -> tuple[str, ...]:
        """The roots that the index has after it."""
        return tuple(root for root in self.everything if root not in self.gone)

    @property
    def asks_everything(self) -> bool:
        """Whether all roots of the index are looked at."""
        return set(self.asked) == set(self.everything)


def plan_build(request: Request, index: Existing, tally: Tally) -> Plan:
    """Find out what a build has to do, once the index is made fit to be built on; its files are not looked for yet.

    Args:
        request: what it was asked for.
        index: as it is. What builds that were killed have left in it is cleared away, unless this is a dry run.
        tally: told the reasons.

    Raises:
        UsageError: for roots that cannot be walked, forgotten or remembered, too many names in the map.
        IndexDamaged: if the index is not as it was written, and is not to be rebuilt.
    """
    before = index.manifest
    field_map = added_up(before.map if before else {}, request.map)
    if before:
        check_engine_is_known(before, index.index_dir)
        tally.engine_changed_from = before.engine
        index.catalog.use(before.generation)
    if not (index.has_remains or tally.dry_run):
        remove_other_generations(index.index_dir, before.generation if before else None)  # of builds that were killed
    recalled = _recalled(index, before, tally) if before else None
    there_was = index.catalog.overview()
    if recalled and recalled.because and request.stored:
        raise IndexDamaged(
            f"the catalog is lost, and the engine does not tell which documents there are: {recalled.because}",
            where=str(index.index_dir),
            remedy="Export all, and index that: byline export -o all.jsonl; byline index --rebuild PATH all.jsonl",
        )
    if before:
        tally.rebuilt_because = ASKED_FOR if request.rebuild else _why_rebuild(index, before, recalled)
        if not tally.rebuilt_because:
            _check_files(index, before, tally.dry_run)
    return _plan_roots(request, index, tally, field_map, recalled, there_was)


def _plan_roots(
    request: Request, index: Existing, tally: Tally, field_map: FieldMap, recalled: Recalled | None, there_was: Overview
) -> Plan:
    """The plan, once it is known whether everything is read again: which roots to walk, to keep and to take out."""
    home, named, why_rebuild = index.home, request.named, tally.rebuilt_because
    remembered = index.manifest.roots if index.manifest else ()
    away = _unmounted(index)
    forgotten = roots_to_forget(request.forget, remembered, index.catalog, home, away)
    tally.forgotten = tuple(sorted(forgotten))
    remembered = tuple(root for root in remembered if not lies_in(root, forgotten))
    everything = merged(named if request.rebuild and named else (*remembered, *named))
    every = frozenset(everything)
    check_fit(everything)
    check_known((root for root in everything if not request.by_person or root not in named), home)
    check_not_ignored(named, everything, home)
    asked, changed = _asked(request, index, everything, bool(why_rebuild), bool(there_was.doubtful))
    if index.has_remains:
        check_not_empty(asked, home)
    there = check_roots(
        asked,
        index.catalog,
        home,
        may_be_empty=named if request.rebuild else (),
        may_be_gone=request.stored,
        anew=bool(why_rebuild),
        forgotten=recalled is not None and bool(recalled.because or recalled.lost),
    )
    away = {mount for mount in away if is_covered(mount, {*there}) and not lies_in(mount, forgotten)}
    if why_rebuild and not request.stored:
        check_mounted(away, home)
    return Plan(
        map=field_map,
        why_rebuild=why_rebuild,
        recalled=recalled,
        there_was=there_was,
        everything=everything,
        asked=asked,
        there=there,
        gone=frozenset() if request.stored else frozenset(asked).difference(there),
        dropped=frozenset(root for root in remembered if not is_covered(root, every)),
        forgotten=forgotten,
        away=tuple(sorted(away)),
        changed=changed,
    )


def _asked(
    request: Request, index: Existing, everything: tuple[str, ...], anew: bool, doubtful: bool
) -> tuple[tuple[str, ...], frozenset[str] | None]:
    """The roots to look at, and the only files and folders of them to look at, if not all."""
    asked = everything if anew or not (request.named or request.forget) else merged(request.named)
    if not index.manifest:
        return asked, None
    if doubtful:  # after a crash, put everything right that is there
        return tuple(root for root in everything if root in asked or (index.home / root).exists()), None
    if request.changed is None or request.named or anew:
        return asked, None
    sources = (source_of(path, index.home) for path in request.changed)
    changed = frozenset(source for source in sources if is_covered(source, {*asked}))
    return tuple(root for root in asked if any(is_covered(source, {root}) for source in changed)), changed


def _unmounted(index: Existing) -> set[str]:
    """The mount points where nothing is mounted any more, and of which articles are in the index."""
    if not (before := index.manifest):
        return set()
    away = [*unmounted(before.mounts, {*before.roots}, index.home)]
    return {mount for mount in away if index.catalog.knows_under(mount)}


def _recalled(index: Existing, before: Manifest, tally: Tally) -> Recalled | None:
    if not (before.documents and _has_forgotten(index, before)):
        return None
    folder = generation_path(index.index_dir, before.generation)
    recalled = recall(index.catalog, folder, engine_called(before.engine))
    tally.note(index.index_dir.name, recalled.lost)
    return recalled


def _has_forgotten(index: Existing, before: Manifest) -> bool:
    """Whether the catalog is a new one, or an older one than the index."""
    commits = index.catalog.number_of_commits(before.generation)
    return commits is None or commits < before.commit


def _why_rebuild(index: Existing, before: Manifest, recalled: Recalled | None) -> str:
    if reason := before.outdated_because():
        return reason
    if change := index.settings.index.changes_since(before.settings):
        return f"{SETTINGS_NAME} changed: {change}"
    if _has_forgotten(index, before):
        why = f", and what is gone cannot be counted: {recalled.because}" if recalled and recalled.because else ""
        return f"the catalog of its files was lost or damaged{why}"
    return ""


def _check_files(index: Existing, before: Manifest, dry_run: bool) -> None:
    """Raise IndexDamaged unless the files of the engine are as they were written, before anything is built on them.

    From a damaged index, documents whose files are gone may still be got; so to do without it is left to people.
    """
    for error in index.damage:
        raise error
    if not dry_run:
        renew_checksums(generation_path(index.index_dir, before.generation), engine_called(before.engine))
