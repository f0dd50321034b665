"""Applying what was read to one generation: engine, catalog and manifest, committed in that order."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from index.catalog import Catalog, Entry, Pending
from index.counts import Counts
from index.engines import engine as engine_called
from index.engines.contract import AnalysedDocument, Writer
from index.generations import copy_documents, new_generation, remove_other_generations
from index.manifest import Manifest, generation_path, write_manifest
from index.readers import READERS_VERSION
from index.reading import FileResult
from index.report import Progress, Tally
from index.schema import SCHEMA

AUTO_THRESHOLD = 1000
"""More documents than this, and an automatic index moves to `LARGE_ENGINE`."""

SMALL_ENGINE = "whoosh"
LARGE_ENGINE = "tantivy"

COMMIT_SECONDS = 20.0
"""How much work an interruption may cost at most, while a generation that counts is being written."""


def suitable_engine(documents: int) -> str:
    """The name of the engine for an automatic index of this size."""
    return LARGE_ENGINE if documents > AUTO_THRESHOLD else SMALL_ENGINE


class Update:
    """One build's writing. Use it in `with update.writing()`; what was not committed by an error is discarded."""

    def __init__(
        self,
        index_dir: Path,
        catalog: Catalog,
        manifest: Manifest,
        tally: Tally,
        *,
        in_force: bool,
        reading: str = "",
        progress: Callable[[Progress], None],
        stop: Callable[[], bool],
    ) -> None:
        """
        Args:
            index_dir: the index folder.
            catalog: in use for the manifest's generation.
            manifest: what will be written with the next commit.
            tally: where what happens is counted.
            in_force: whether commits count at once; otherwise only `publish` makes the generation the one that counts.
            reading: fingerprint of the settings that files are read with.
            progress: told what is going on.
            stop: asked whether to give up.
        """
        self.index_dir = index_dir
        self.catalog = catalog
        self.manifest = manifest
        self.tally = tally
        self.in_force = in_force
        self.reading = reading
        self._progress = progress
        self._stop = stop
        self._writer: Writer | None = None
        self._changed = False
        self._committed_at = time.monotonic()
        self._documents = catalog.counts().documents  # about; exact at every commit

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Close the engine's writer at the end; an error discards what was not committed."""
        try:
            yield
        except BaseException as error:
            if self._writer:
                self._writer.__exit__(type(error), error, error.__traceback__)
                self._writer = None
            raise
        self._close_writer()

    def apply(self, pending: Pending, result: FileResult) -> None:
        """Put what was read of a file in place of what was known of it."""
        source = pending.stat.source
        self.tally.files_read += 1
        if result.unchanged:
            self.catalog.touch(pending.stat, result.checked_ns)
            if pending.error:
                self.tally.skip(source, pending.error)
            else:
                self.tally.unchanged += 1
            return
        if result.error and result.transient and pending.ids and pending.settled:
            self.catalog.keep(source, result.error)
            self.tally.skip(source, f"{result.error}; what was read of it before stays")
            return
        self._changed = True
        if result.error:
            self.tally.skip(source, result.error)
        self.tally.note(source, result.problems)
        ids = tuple(document[0] for document in result.documents)
        self._documents += len(ids) - len(pending.ids)
        if self._has_outgrown_its_engine():
            self.move_to(LARGE_ENGINE)
        if pending.ids:
            self.writer.delete({*pending.ids, *ids})
        for document in result.documents:
            self.writer.add(AnalysedDocument(*document))
        entry = Entry(
            pending.stat,
            result.checked_ns,
            result.digest,
            result.reader,
            READERS_VERSION,
            self.reading,
            ids,
            result.counts or Counts(),
            result.error,
            result.transient,
        )
        self.catalog.record(entry, pending.ids)
        if ids:
            self.tally.indexed += len(ids)
            self.tally.files_indexed += 1
        if self.in_force and time.monotonic() - self._committed_at > COMMIT_SECONDS:
            self.commit()

    def remove(self, source: str, ids: tuple[str, ...]) -> None:
        """Take a file that is gone out of the index."""
        self._changed = True
        if ids:
            self.writer.delete(ids)
            self._documents -= len(ids)
        self.catalog.remove(source)
        self.tally.removed += bool(ids)  # what could not be read was not in it

    def commit(self) -> None:
        """Make everything so far durable, and visible if the generation counts.

        A crash after the engine's commit leaves files in doubt; one after the catalog's leaves a manifest that is
        one commit behind. The next build puts both right.
        """
        number = self.manifest.commit + 1
        self.catalog.note_doubts()
        if self._writer:
            self._writer.commit()
        self.catalog.settle(number)
        counts = self.catalog.counts()
        self._documents = counts.documents
        self.manifest = replace(
            self.manifest,
            commit=number,
            documents=counts.documents,
            languages=dict(counts.languages),
            updated=dt.datetime.now(dt.UTC),
        )
        if self.in_force:
            write_manifest(self.index_dir, self.manifest)
        self._changed = False
        self._committed_at = time.monotonic()

    def publish(self, *, whatever: bool = False) -> None:
        """Commit what there is, make this generation the one that counts, and remove the others.

        Args:
            whatever: commit although nothing was written, for the sake of what the manifest says.
        """
        if self._changed or whatever or not self.in_force:
            self._progress(Progress("saving", 0))
            self.in_force = True
            self.commit()
        self._clean_up()

    def move_to(self, engine: str) -> None:
        """Go on in a new generation of another engine, which takes over all documents as they are stored.

        If the generation counts, so does the new one from now on; the move is atomic.
        """
        if self._changed:
            self.commit()
        self._close_writer()
        old = self.manifest.generation
        source, target = engine_called(self.manifest.engine), engine_called(engine)
        new = new_generation(self.index_dir, target, old)
        total = self.catalog.counts().documents
        copy_documents(
            self.catalog,
            (source, generation_path(self.index_dir, old)),
            (target, generation_path(self.index_dir, new)),
            self.manifest.settings,
            lambda done: self._step_of_move(engine, done, total),
        )
        self.catalog.copy_to(new)
        self.manifest = replace(self.manifest, engine=engine, generation=new)
        self.commit()
        self._clean_up()

    def suit_engine(self) -> None:
        """Move to the engine that suits the number of documents now, be it smaller or larger."""
        if (engine := suitable_engine(self._documents)) != self.manifest.engine:
            self.move_to(engine)

    @property
    def writer(self) -> Writer:
        """The engine's writer, opened when it is first needed."""
        if self._writer is None:
            engine = engine_called(self.manifest.engine)
            location = generation_path(self.index_dir, self.manifest.generation)
            self._writer = engine.writer(location, SCHEMA).__enter__()
        return self._writer

    def _close_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer:
            writer.__exit__(None, None, None)

    def _clean_up(self) -> None:
        if self.in_force:
            remove_other_generations(self.index_dir, self.manifest.generation)
            self.catalog.drop_others()

    def _has_outgrown_its_engine(self) -> bool:
        automatic = self.manifest.automatic and self.manifest.engine == SMALL_ENGINE
        return automatic and self._documents > AUTO_THRESHOLD

    def _step_of_move(self, engine: str, done: int, total: int) -> None:
        self._progress(Progress(f"moving to {engine}", done, total))
        if self._stop():
            raise KeyboardInterrupt
