"""A rebuild from what is stored: documents of files that are gone or damaged are taken over from the old index."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from index.engines import engine as engine_called
from index.engines.contract import Searcher
from index.errors import IndexDamaged
from index.files.roots import is_covered
from index.storage.checksums import check_folder
from index.storage.manifest import FORMAT, Manifest, generation_path
from index.storage.stored_documents import documents_of, opened_though_damaged
from index.updating.report import Progress
from index.updating.update import Update

if TYPE_CHECKING:
    from index.updating.job import Job


def keep_what_is_stored(job: Job, update: Update, before: Manifest, roots: frozenset[str]) -> None:
    """Take over the documents of files that are gone, or cannot be read now, as the index stores them.

    Args:
        job: the rebuild, which has read all files that there are.
        update: what it writes.
        before: the manifest of the index that there was.
        roots: which files and folders count.
    """
    folder, engine = generation_path(job.index_dir, before.generation), engine_called(before.engine)
    with contextlib.ExitStack() as stack:
        try:
            if before.format == FORMAT:
                check_folder(folder, engine)
        except IndexDamaged as damage:  # which may have hit only a part of it
            job.tally.note(damage.where or str(folder), [damage.what])
        searcher: Searcher | None = None
        for source, error in job.comparison.unread():
            if not is_covered(source, roots):
                continue
            there = os.path.lexists(os.path.join(job.home, source))  # noqa: PTH118
            # One that is there and was not walked is left out by settings or ignore rules now.
            if error or not there or is_covered(source, job.unlisted):
                known = job.catalog.entry(before.generation, source)
                if not searcher:
                    searcher = stack.enter_context(contextlib.closing(opened_though_damaged(folder, engine)))
                documents, problems = documents_of(searcher, known.ids)
                if known.stat.size >= 0:  # else the engine holds either what was there before a crash, or the new
                    job.tally.note(source, problems)
                    job.tally.lost += len(problems)
                if documents:
                    update.keep(source, before.generation, documents, error)
                    if not error:
                        job.comparison.settle(source)
            job.progress(Progress("keeping what is stored", job.tally.kept))
