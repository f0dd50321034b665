"""Every document that an engine stores, a few at a time, so that an index of any size takes little memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from index.document import ID_ALPHABET, ID_LENGTH, Document
from index.engines import engine as engine_called
from index.engines.contract import Engine, Searcher
from index.errors import IndexDamaged, IndexOutdated
from index.schema import SCHEMA
from index.storage.checksums import check_folder
from index.storage.manifest import FORMAT, Manifest, check_engine_is_known, generation_path
from index.storage.store import Store

_MOST_IDS = 2_000  # at a time


class Stored(NamedTuple):
    """What an index stores, open to be read.

    Attributes:
        searcher: of which any method may raise IndexDamaged if there is damage.
        documents: how many there should be.
        damage: what is known to be wrong with the engine's files; None when nothing is.
    """

    searcher: Searcher
    documents: int
    damage: IndexDamaged | None


@contextmanager
def open_stored(index_dir: Path, manifest: Manifest) -> Iterator[Stored]:
    """Open what an index stores, which may be one that this version cannot search, or one that is damaged in part.

    Raises:
        IndexDamaged, IndexTooNew: if the engine's files cannot be opened at all.
        IndexOutdated: if they are those of an older version, and this one cannot even read what they store.
    """
    if not manifest.outdated_because():
        store = Store.open(index_dir)
        try:
            searcher, damage = store.searcher(), None
        except IndexDamaged as error:
            folder, engine = generation_path(index_dir, manifest.generation), engine_called(manifest.engine)
            searcher, damage = opened_though_damaged(folder, engine), error
        with store, closing(searcher):
            documents = store.manifest.documents if damage else searcher.document_count
            yield Stored(searcher, documents, damage)
        return
    check_engine_is_known(manifest, index_dir)
    engine = engine_called(manifest.engine)
    folder = generation_path(index_dir, manifest.generation)
    damage = None
    try:
        if manifest.format == FORMAT:
            check_folder(folder, engine)
    except IndexDamaged as error:
        damage = error
    try:
        searcher = engine.searcher(folder, SCHEMA)
    except (IndexDamaged, IndexOutdated) as error:
        raise IndexOutdated(
            f"what the index stores cannot be read: {error.what}",
            where=str(index_dir),
            remedy="Make it anew from the files: byline rebuild",
        ) from error
    with closing(searcher):
        yield Stored(searcher, manifest.documents, damage)


def opened_though_damaged(folder: Path, engine: Engine) -> Searcher:
    """A searcher for an engine's files in which damage may have hit only a part. Raises IndexDamaged if it hit all."""
    try:
        return engine.searcher(folder, SCHEMA)
    except IndexDamaged as error:
        raise IndexDamaged(
            error.what,
            where=error.where,
            remedy="Nothing that it stores can be read. To make it anew without, from the files there are: "
            "byline rebuild",
        ) from error


def every_id(searcher: Searcher, prefix: str = "") -> Iterator[str]:
    """The ids of all documents, in order. An id that two documents have comes twice."""
    found = searcher.ids(prefix, _MOST_IDS + 1)
    if len(found) <= _MOST_IDS or len(prefix) >= ID_LENGTH:
        yield from found
        return
    for digit in ID_ALPHABET:
        yield from every_id(searcher, prefix + digit)


def every_document(searcher: Searcher) -> Iterator[tuple[str, str]]:
    """The id of every document and what is stored for it, in the order of ids; "" where that cannot be read."""
    for document_id in every_id(searcher):
        try:
            stored = searcher.document(document_id)
        except IndexDamaged:  # which may have hit only a part of the files
            stored = ""
        if stored is not None:
            yield document_id, stored


def documents_of(searcher: Searcher, ids: Iterable[str]) -> tuple[list[Document], list[str]]:
    """The documents of these ids as they are stored, and a sentence for each that is lost or damaged."""
    documents: list[Document] = []
    problems: list[str] = []
    for document_id in ids:
        try:
            stored = searcher.document(document_id)
            if stored is None:
                problems.append(f"the document {document_id} is lost")
                continue
            documents.append(Document.from_stored(stored))
        except IndexDamaged:
            problems.append(f"the document {document_id} is lost: it is not as it was written")
    return documents, problems
