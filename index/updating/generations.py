"""Generations: complete sets of an engine's files, of which the manifest says which one counts."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from index.catalog.catalog import Catalog
from index.document import Document
from index.engines.contract import Engine
from index.errors import BUILD_AGAIN, IndexDamaged
from index.home import unwritable
from index.schema import SCHEMA
from index.sealed import sync_folder
from index.settings import IndexSettings
from index.storage.manifest import GENERATIONS_NAME, generation_path

_NAME = re.compile(r"[0-9]{4}|[1-9][0-9]{4,17}")
_TRIES = 3  # to remove a folder
_PAUSE_SECONDS = 0.02


def new_generation(index_dir: Path, engine: Engine, after: int) -> int:
    """Make an empty generation with a number above `after` and above any that was left behind."""
    generations = index_dir / GENERATIONS_NAME
    try:
        generations.mkdir(exist_ok=True)
        left_behind = [int(entry.name) for entry in generations.iterdir() if _is_generation(entry)]
        generation = max([after, *left_behind]) + 1
        path = generation_path(index_dir, generation)
        path.mkdir()
    except OSError as error:
        raise unwritable(index_dir, error) from error
    engine.create(path, SCHEMA)
    sync_folder(path)
    sync_folder(generations)
    return generation


def remove_other_generations(index_dir: Path, keep: int | None) -> None:
    """Remove every generation but one: earlier ones, and those that were never finished.

    Readers that have one open keep it until they let go. What cannot be removed is left for the next build.
    """
    generations = index_dir / GENERATIONS_NAME
    if generations.is_symlink() or not generations.is_dir():
        return
    for entry in generations.iterdir():
        if _is_generation(entry) and (keep is None or int(entry.name) != keep):
            _remove(entry)


def _is_generation(entry: Path) -> bool:
    """Whether it has a name that `generation_path` gives, and may be removed or counted on from."""
    return bool(_NAME.fullmatch(entry.name)) and not entry.is_symlink()


def remove_generation(index_dir: Path, generation: int) -> None:
    """Remove one generation, as far as that can be done."""
    _remove(generation_path(index_dir, generation))


def _remove(folder: Path) -> None:
    """Remove a folder. A thread of tantivy's that looks for commits may just then put a lock file into it again."""
    import shutil

    for tries_left in reversed(range(_TRIES)):
        shutil.rmtree(folder, ignore_errors=True)
        if not tries_left or not folder.exists():
            return
        time.sleep(_PAUSE_SECONDS)


def copy_documents(
    catalog: Catalog,
    source: tuple[Engine, Path],
    target: tuple[Engine, Path],
    settings: IndexSettings,
    step: Callable[[int], None],
) -> None:
    """Add every document that one generation stores to another, and commit.

    Args:
        catalog: names the documents.
        source: the engine and the folder to take them from.
        target: the engine and the folder to add them to.
        settings: how documents are analysed.
        step: called with the number of documents done so far, again and again; may raise to give up.

    Raises:
        IndexDamaged: if a document is not where the catalog says.
    """
    from index.analysis.columns import analyse

    searcher = source[0].searcher(source[1], SCHEMA)
    try:
        with target[0].writer(target[1], SCHEMA) as writer:
            done = 0
            for name, ids, settled in catalog.sources():
                for document_id in ids:
                    stored = searcher.document(document_id)
                    if stored is None and not settled:
                        continue
                    if stored is None:
                        raise IndexDamaged(
                            f"the document {document_id} of {name} is missing",
                            where=str(source[1]),
                            remedy=BUILD_AGAIN,
                        )
                    writer.add(analyse(Document.from_stored(stored), settings=settings))
                    done += 1
                step(done)
    finally:
        searcher.close()
