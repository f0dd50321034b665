"""Compacting an index: what deleted and replaced documents still take up is given back, and its pieces become fewer.

The documents are written anew into another generation, as they are stored: no file is read. Until that is whole the old
one stays in force, and a search never waits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from index.build import reporting, writing
from index.engines import engine as engine_called
from index.errors import IndexDamaged
from index.storage.checksums import renew_checksums
from index.storage.manifest import check_engine_is_known, check_is_current, generation_path, read_manifest
from index.updating.generations import remove_other_generations
from index.updating.interruption import Interruption
from index.updating.report import Progress, Tally
from index.updating.update import Update
from index.upkeep.inventory import size_on_disk


class Compacted(NamedTuple):
    """What compacting did.

    Attributes:
        was_loose: whether there was anything to write anew; else only the catalog was.
        bytes_before, bytes_after: the size of the index on disk.
        deleted: documents that were deleted or replaced, and still took up room.
        segments_before, segments_after: of how many pieces the index consisted.
    """

    was_loose: bool
    bytes_before: int
    bytes_after: int
    deleted: int
    segments_before: int
    segments_after: int

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON types."""
        return self._asdict()


def compact(index_dir: Path, *, wait: float = 10.0, on_progress: Callable[[Progress], None] | None = None) -> Compacted:
    """Make an index as small as it can be without leaving anything out. It needs as much free space as it takes now.

    Args:
        index_dir: the index folder.
        wait: how long to wait for another process that is writing to the index, in seconds.
        on_progress: called often.

    Raises:
        IndexNotFound, NotAnIndex, IndexTooNew, IndexOutdated, IndexDamaged: if it cannot be used; nothing is changed.
        IndexLocked: if another process is still writing after `wait`.
        KeyboardInterrupt: after Ctrl-C; nothing is changed then.
        BylineError: if the system does not let it write: permissions, no space left.
    """
    check_is_current(read_manifest(index_dir), index_dir)
    progress = on_progress or (lambda progress: None)
    with reporting(index_dir), writing(index_dir, False, wait) as (manifest, catalog), Interruption() as interruption:
        if manifest is None:
            manifest = read_manifest(index_dir)  # which says what there is instead
        check_is_current(manifest, index_dir)
        check_engine_is_known(manifest, index_dir)
        commits = catalog.number_of_commits(manifest.generation)
        if commits is None or commits < manifest.commit:
            raise IndexDamaged(
                "the catalog of its files was lost or damaged",
                where=str(index_dir),
                remedy="Have every file read again first: byline index",
            )
        catalog.use(manifest.generation)
        remove_other_generations(index_dir, manifest.generation)
        folder, engine = generation_path(index_dir, manifest.generation), engine_called(manifest.engine)
        renew_checksums(folder, engine)
        before, size = engine.segments(folder), size_on_disk(index_dir)
        update = Update(
            index_dir,
            catalog,
            replace(manifest, commit=commits),
            Tally(),
            in_force=True,
            progress=progress,
            stop=interruption.is_requested,
        )
        try:
            with update.writing():
                was_loose = update.compact()
        except BaseException:
            remove_other_generations(index_dir, read_manifest(index_dir).generation)
            raise
        after = engine.segments(generation_path(index_dir, update.manifest.generation))
    return Compacted(
        was_loose,
        size,
        size_on_disk(index_dir),
        sum(segment.deleted for segment in before),
        len(before),
        len(after),
    )
