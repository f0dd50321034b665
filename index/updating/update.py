"""Applying what was read to one generation: engine, catalog and manifest, committed in that order."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from index.catalog.catalog import Catalog
from index.catalog.counts import Counts
from index.catalog.remarks import as_noted, remarks
from index.catalog.rows import Entry, Stat
from index.document import Document
from index.engines import engine as engine_called
from index.engines.contract import AnalysedDocument, Engine, Writer
from index.errors import BylineError
from index.home import home_of
from index.processes.tasks import FileResult
from index.readers import READERS_VERSION
from index.schema import SCHEMA
from index.storage.checksums import open_checksums, write_checksums
from index.storage.manifest import Manifest, generation_path, write_manifest
from index.storage.stored_documents import documents_of
from index.updating.claims import Claims
from index.updating.comparison import Gone, Pending
from index.updating.generations import copy_documents, new_generation, remove_other_generations
from index.updating.report import Happened, Progress, Tally

AUTO_THRESHOLD = 1000
"""More documents than this, and an automatic index moves to `LARGE_ENGINE`."""

SMALL_ENGINE = "whoosh"
LARGE_ENGINE = "tantivy"

ENOUGH_SEGMENTS = 8
"""An index of more segments is worth compacting."""

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
        self._claims = Claims(catalog, manifest.settings)
        self._committed_at = time.monotonic()
        self._documents = manifest.documents if in_force else 0  # about; exact at every commit

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Close the engine's writer at the end; an error discards what was not committed."""
        try:
            yield
        except BaseException as error:
            writer, self._writer = self._writer, None
            if writer:
                with suppress(BylineError, OSError):  # what went wrong is told already; the next build does this
                    writer.__exit__(type(error), error, error.__traceback__)
                    folder, engine = self._files
                    engine.tidy(folder)
                    self._note_files()
            raise
        self._close_writer()

    def apply(self, pending: Pending, result: FileResult, origin: Gone | None = None) -> None:
        """Put what was read of a file in place of what was known of it.

        Args:
            pending: what was known.
            result: what was read.
            origin: the file that it was before it was moved; its documents go in the same commit as the new ones come.
        """
        source = pending.stat.source
        self.tally.files_read += 1
        if result.unchanged:
            self.catalog.touch(pending.stat, result.checked_ns)
            self.tally.unchanged += not self.tally.remark(source, as_noted(pending.error))
            return
        if result.error and result.transient and pending.ids and pending.settled:
            self.catalog.keep(source, result.error)
            self.tally.skip(source, f"{result.error}; what was read of it before stays")
            return
        self._changed = True
        if result.error:
            self.tally.skip(source, result.error)
        self.tally.note(source, result.problems)
        if origin:
            self._take_out(origin)
        old_ids = self._claims.still(source, pending.ids)
        ids = self._replace(pending.stat, result, old_ids, old_ids)
        if ids:
            self.tally.indexed += len(ids)
            self.tally.files_indexed += 1
            self.tally.change(source, _what_became(pending, result, origin), origin.source if origin else "")
            if pending.same_stamp and pending.settled and not pending.failed and result.digest != pending.before:
                self.tally.notice(source)
        if self.in_force and time.monotonic() - self._committed_at > COMMIT_SECONDS:
            self.commit()

    def _replace(
        self, stat: Stat, result: FileResult, old_ids: Sequence[str], maybe_ids: Sequence[str]
    ) -> tuple[str, ...]:
        """Put the documents of a file in place of those it has, and note it; returns their ids.

        Args:
            stat: of the file.
            result: what was read of it.
            old_ids: of the documents it has.
            maybe_ids: of those, and of any that the engine may still hold for it after a crash.
        """
        source = stat.source
        result = self._claims.settled(source, result)
        ids = tuple(document[0] for document in result.documents)
        self._documents += len(ids) - len(old_ids)
        if self._has_outgrown_its_engine():
            self.move_to(LARGE_ENGINE)
        if old_ids:
            self.writer.delete({*old_ids, *ids})
        self._take_from_exports(source, ids)
        for document in result.documents:
            self.writer.add(AnalysedDocument(*document))
        entry = Entry(
            stat,
            result.checked_ns,
            result.digest,
            result.reader,
            READERS_VERSION,
            self.reading,
            ids,
            result.counts or Counts(),
            str(remarks(result.error, result.problems)) if result.error or result.problems else "",
            result.transient,
        )
        self.catalog.record(entry, maybe_ids)
        return ids

    def exports_to_read_again(self) -> list[str]:
        """The exports whose documents are to be called otherwise after what was applied and removed until now."""
        return self._claims.to_read_again()

    def read_again(self, stat: Stat, result: FileResult) -> None:
        """Call the documents of an export, just read again, as they are to be called now."""
        self._changed = True
        known = self.catalog.entry(self.catalog.generation, stat.source)
        self._replace(stat, result, self.catalog.held(stat.source), known.ids)

    def count_again(self, source: str) -> None:
        """Count what the documents have that are left of an export which cannot be read again now."""
        from index.processes.reading import counts_of

        self.commit()
        folder, engine = self._files
        with closing(engine.searcher(folder, SCHEMA)) as searcher:
            self.catalog.count(source, counts_of(documents_of(searcher, self.catalog.held(source))[0]))
        self._changed = True

    def remove(self, gone: Gone) -> None:
        """Take a file that is gone out of the index."""
        self._take_out(gone)
        if gone.had_documents:  # what could not be read was not in it
            is_there = os.path.lexists(os.path.join(home_of(self.index_dir), gone.source))  # noqa: PTH118
            self.tally.change(gone.source, Happened.EXCLUDED if is_there else Happened.REMOVED)

    def _take_out(self, gone: Gone) -> None:
        self._changed = True
        if ids := self._claims.still(gone.source, gone.ids):
            self.writer.delete(ids)
            self._documents -= len(ids)
        self.catalog.remove(gone.source)
        self._claims.freed(gone.source, gone.ids)

    def commit(self) -> None:
        """Make everything so far durable, and visible if the generation counts.

        A crash after the engine's commit leaves files in doubt; one after the catalog's leaves a manifest that is
        one commit behind. The next build puts both right. The engine's new files have checksums (see
        `index.storage.checksums`) before the manifest counts them.
        """
        number = self.manifest.commit + 1
        self.catalog.note_doubts()
        if self._writer:
            self._writer.commit()
        self._note_files()
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
            self._put_in_force()
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
        self._write_anew(engine, f"moving to {engine}")

    def compact(self) -> bool:
        """Write everything anew, as far as that makes the index smaller or quicker; likewise atomic.

        Returns:
            Whether there was anything to it.
        """
        folder, engine = self._files
        segments = engine.segments(folder)
        is_loose = len(segments) > ENOUGH_SEGMENTS or any(segment.deleted for segment in segments)
        if is_loose:
            self._write_anew(engine.name, "compacting")
        self.catalog.compact()
        return is_loose

    def keep(self, source: str, generation: int, documents: Sequence[Document], error: str = "") -> None:
        """Take over a file that cannot be read now, with its documents, from a generation before this one.

        Args:
            source: of the file.
            generation: which knows it.
            documents: as that stores them.
            error: why it cannot be read, if it is there.
        """
        from index.analysis.columns import analyse
        from index.processes.reading import counts_of

        self._changed = True
        known = self.catalog.entry(generation, source)
        made = [analyse(document, settings=self.manifest.settings) for document in documents]
        taken_over = FileResult(
            source, 0, reader=known.reader, documents=[(each.id, each.columns, each.stored) for each in made]
        )
        result = self._claims.settled(source, taken_over)
        ids = tuple(document[0] for document in result.documents)
        self._take_from_exports(source, ids)
        for document in result.documents:
            self.writer.add(AnalysedDocument(*document))
        counts = counts_of(documents)
        stat = known.stat._replace(size=max(0, known.stat.size))  # no longer in doubt, if it was
        noted = str(remarks(error, as_noted(known.error).problems))
        self.catalog.record(known._replace(stat=stat, ids=ids, counts=counts, error=noted, transient=bool(error)))
        self._documents += len(ids)
        self.tally.kept += len(ids)

    def _take_from_exports(self, source: str, ids: Sequence[str]) -> None:
        if taken := self._claims.yielded(source, ids):
            self.writer.delete(taken)
            self._documents -= len(taken)

    def _write_anew(self, engine: str, phase: str) -> None:
        if self._changed:
            self.commit()
        self._close_writer()
        old = self.manifest.generation
        source, target = engine_called(self.manifest.engine), engine_called(engine)
        new = new_generation(self.index_dir, target, old)
        total = self.catalog.counts(languages=False).documents
        copy_documents(
            self.catalog,
            (source, generation_path(self.index_dir, old)),
            (target, generation_path(self.index_dir, new)),
            self.manifest.settings,
            lambda done: self._step_of_writing(phase, done, total),
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
            self._writer = self._open_writer()
        return self._writer

    def _open_writer(self) -> Writer:
        folder, engine = self._files
        open_checksums(folder, engine)
        return engine.writer(folder, SCHEMA).__enter__()

    @property
    def _files(self) -> tuple[Path, Engine]:
        """The folder of the generation, and the engine whose files are in it."""
        return generation_path(self.index_dir, self.manifest.generation), engine_called(self.manifest.engine)

    def _note_files(self) -> None:
        """Write down the checksums of what the engine has committed."""
        write_checksums(*self._files, is_open=self._writer is not None)

    def _put_in_force(self) -> None:
        write_manifest(self.index_dir, self.manifest)

    def _close_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer:
            writer.__exit__(None, None, None)
            self._note_files()

    def _clean_up(self) -> None:
        if self.in_force:
            remove_other_generations(self.index_dir, self.manifest.generation)
            self.catalog.drop_others()

    def _has_outgrown_its_engine(self) -> bool:
        automatic = self.manifest.automatic and self.manifest.engine == SMALL_ENGINE
        return automatic and self._documents > AUTO_THRESHOLD

    def _step_of_writing(self, phase: str, done: int, total: int) -> None:
        self._progress(Progress(phase, done, total))
        if self._stop():
            raise KeyboardInterrupt


def _what_became(pending: Pending, result: FileResult, origin: Gone | None) -> Happened:
    """What the report says of a file that has documents."""
    if pending.before is None:
        return Happened.MOVED if origin else Happened.NEW
    if pending.failed:
        return Happened.READABLE
    # Of one that a lost catalog knew, it is not known what was in it.
    is_other = pending.settled and pending.before and result.digest != pending.before
    return Happened.CHANGED if is_other else Happened.REREAD
