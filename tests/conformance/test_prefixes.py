"""Prefixes: of few words or many, in one commit or several; a prefix finds the same documents in every engine."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from index.engines.contract import Engine
from index.query import And, AndMaybe, Boost, Not, Or, Prefix, Query, Term
from index.schema import SCHEMA, Form
from tests.conformance.conftest import Build
from tests.conformance.documents import bodies

# Around the number of words up to which tantivy has a way of its own.
COUNTS = (1, 49, 50, 51, 52, 200)


def words(start: str, count: int) -> Iterable[str]:
    """So many words that begin alike."""
    return (f"{start}{number:03}x" for number in range(count))


@pytest.mark.parametrize("count", COUNTS)
def test_every_word_that_begins_so_is_found(build: Build, count: int) -> None:
    """Each stands in a document of its own, so that one passed over is missed."""
    searcher = build(bodies([*words("leak", count), "lea", "lear", "drill"]))
    found = searcher.search(Prefix("body", "leak"), limit=count + 10)
    assert {match.id for match in found.page} == {f"d{number}" for number in range(count)}
    assert found.total == searcher.search(Prefix("body", "leak"), limit=0).total == count
    assert {match.score for match in found.page} == {1.0}
    assert searcher.search(Prefix("body", "lea"), limit=0).total == count + 2
    assert searcher.search(Prefix("body", "leaky"), limit=0).total == 0


@pytest.mark.parametrize("count", COUNTS)
def test_every_commit_counts(an_engine: Engine, tmp_path: Path, count: int) -> None:
    """In none of them need there be many words that begin so, and those of deleted documents stand among them."""
    an_engine.create(tmp_path, SCHEMA)
    documents = bodies([*words("leak", count), "drill"])
    for start in range(0, len(documents), 30):
        with an_engine.writer(tmp_path, SCHEMA) as writer:
            for document in documents[start : start + 30]:
                writer.add(document)
    with an_engine.writer(tmp_path, SCHEMA) as writer:
        writer.delete(document.id for document in documents[:-1:3])
    searcher = an_engine.searcher(tmp_path, SCHEMA)
    try:
        found = searcher.search(Prefix("body", "leak"), limit=1000)
        assert {match.id for match in found.page} == {f"d{number}" for number in range(count) if number % 3}
        assert found.total == len(found.page)
    finally:
        searcher.close()


PREFIX = Prefix("body", "pump")
COMBINED: dict[str, tuple[Query, set[str]]] = {
    "in two fields": (Or((Prefix("title", "pump"), PREFIX)), {"d0", "d1"}),
    "with a word": (And((PREFIX, Term("body", "old", Form.WORD))), {"d1"}),
    "preferred": (AndMaybe(Term("body", "old", Form.WORD), Boost(PREFIX, 2.0)), {"d1", "d2"}),
    "excluded": (And((Term("body", "old", Form.WORD), Not(PREFIX))), {"d2"}),
}


@pytest.mark.parametrize("name", COMBINED)
def test_prefixes_join_with_others(build: Build, name: str) -> None:
    query, expected = COMBINED[name]
    searcher = build(bodies(["pumps", "old pumphouse", "old drill"]))
    found = searcher.search(query, limit=10)
    assert {match.id for match in found.page} == expected
    if name == "preferred":
        scores = {match.id: match.score for match in found.page}
        assert scores["d1"] == pytest.approx(scores["d2"] + 2.0)


def test_a_prefix_can_be_asked_again_after_many_others(build: Build) -> None:
    searcher = build(bodies([*words("leak", 80), "leaf", "drill"]))
    for number in range(2500):
        assert searcher.search(Prefix("body", f"drill{number}"), limit=0).total == 0
    assert searcher.search(Prefix("body", "leaf"), limit=0).total == 1
    assert searcher.search(Prefix("body", "leak"), limit=0).total == 80


def test_a_closed_searcher_answers_no_prefix(an_engine: Engine, tmp_path: Path) -> None:
    an_engine.create(tmp_path, SCHEMA)
    searcher = an_engine.searcher(tmp_path, SCHEMA)
    searcher.close()
    with pytest.raises(Exception, match="closed"):
        searcher.search(Prefix("body", "leak"), limit=1)
