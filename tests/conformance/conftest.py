"""Every conformance test runs once for each engine; the big index is built once for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from index.engines import ENGINE_NAMES, engine
from index.engines.contract import AnalysedDocument, Engine, Searcher
from index.schema import SCHEMA
from tests.conformance.documents import corpus_documents, generated_documents

Build = Callable[[Iterable[AnalysedDocument]], Searcher]


@pytest.fixture(scope="session", params=ENGINE_NAMES)
def an_engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn."""
    return engine(request.param)


@pytest.fixture(scope="session")
def documents() -> list[AnalysedDocument]:
    """The documents of the big index."""
    return generated_documents() + corpus_documents()


@pytest.fixture(scope="session")
def searcher(
    an_engine: Engine, documents: list[AnalysedDocument], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Searcher]:
    """The big index: written in three commits, with documents deleted and replaced between them."""
    location = tmp_path_factory.mktemp(an_engine.name)
    an_engine.create(location, SCHEMA)
    first, second = documents[:200], documents[200:]
    with an_engine.writer(location, SCHEMA) as writer:
        for document in first:
            writer.add(AnalysedDocument(document.id, {"body_word": ["old text"], "body_stem": ["old text"]}, "{}"))
    with an_engine.writer(location, SCHEMA) as writer:
        writer.delete([document.id for document in first])
        for document in first[:150]:
            writer.add(document)
        writer.commit()
        for document in first[150:] + second:
            writer.add(document)
    opened = an_engine.searcher(location, SCHEMA)
    yield opened
    opened.close()


@pytest.fixture
def build(an_engine: Engine, tmp_path: Path) -> Iterator[Build]:
    """Make an index of a few documents in one commit, and open it."""
    opened: list[Searcher] = []

    def make(documents: Iterable[AnalysedDocument]) -> Searcher:
        location = tmp_path / str(len(opened))
        location.mkdir()
        an_engine.create(location, SCHEMA)
        with an_engine.writer(location, SCHEMA) as writer:
            for document in documents:
                writer.add(document)
        opened.append(an_engine.searcher(location, SCHEMA))
        return opened[-1]

    yield make
    for one in opened:
        one.close()
