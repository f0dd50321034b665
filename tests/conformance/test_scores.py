"""Scores: the same formula on every engine, to the number where lengths are not rounded."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from index.engines import ENGINE_NAMES, engine
from index.engines.bm25 import rounded_length
from index.engines.contract import AnalysedDocument
from index.query import And, AndMaybe, Boost, Fuzzy, Not, Or, Phrase, Prefix, Query, Range, Regex, Term, Wildcard
from index.schema import SCHEMA, Form
from tests.brute_force import matches, score, tokens
from tests.conformance.conftest import Build
from tests.conformance.documents import WORDS, analysed, bodies, generated_documents

THE = Term("body", "the", Form.WORD)
LEAK = Term("body", "leak", Form.WORD)
QUERIES: dict[str, Query] = {
    "term": THE,
    "term in titles": Term("title", "the", Form.WORD),
    "term of stems": Term("text", "the.en"),
    "term of stems in the body": Term("body", "the.en"),
    "phrase of stems in the body": Phrase("body", ("the.en", "of.en"), 2, Form.STEM),
    "term, whole value": Term("url", "https://example.org/all", Form.RAW),
    "phrase": Phrase("body", ("the", "of")),
    "phrase, a word twice": Phrase("body", ("the", "the")),
    "phrase with slop": Phrase("body", ("the", "of"), 3),
    "phrase of three with slop": Phrase("body", ("the", "of", "to"), 3),
    "prefix": Prefix("body", "s"),
    "wildcard": Wildcard("body", "s*n"),
    "regex": Regex("body", "s.*n"),
    "fuzzy": Fuzzy("body", "leak"),
    "range": Range("date"),
    "range of words": Range("body", "a", "b"),
    "not": Not(THE),
    "and": And((THE, LEAK, Range("date"))),
    "and not": And((THE, Not(LEAK))),
    "and, the same twice": And((THE, THE)),
    "or": Or((THE, LEAK, Prefix("body", "s"))),
    "or, at least 2": Or((THE, LEAK, Prefix("body", "s"), Term("body", "of", Form.WORD)), 2),
    "or, at least 0": Or((THE, LEAK), 0),
    "and maybe": AndMaybe(THE, LEAK),
    "and maybe not": AndMaybe(THE, Not(LEAK)),
    "boost": Boost(THE, 2.5),
    "boost 0": Boost(THE, 0.0),
    "boosts": Or((Boost(And((THE, Boost(LEAK, 3.0))), 0.5), Boost(Prefix("body", "c"), 4.0))),
}


@pytest.fixture(scope="module")
def short_documents() -> list[AnalysedDocument]:
    """Documents whose lengths are stored exactly."""
    columns = [column for column in SCHEMA.columns if not column.is_day]

    def longest(document: AnalysedDocument) -> int:
        return max(len(tokens(document, column.field, column.form)) for column in columns)

    return [document for document in generated_documents() if longest(document) <= 40][:120]


@pytest.mark.parametrize("name", QUERIES)
def test_scores_are_those_of_the_formula(name: str, build: Build, short_documents: list[AnalysedDocument]) -> None:
    query = QUERIES[name]
    expected = {
        document.id: score(query, document, short_documents) for document in short_documents if matches(query, document)
    }
    found = build(short_documents).search(query, limit=1000).page
    assert len(found) == len(expected) > 5
    for match in found:
        assert match.score == pytest.approx(expected[match.id], rel=1e-4), match.id


def test_engines_agree_on_long_documents(tmp_path: Path) -> None:
    """Lengths beyond 40 are rounded, by every engine alike."""
    chance = random.Random(3)
    documents = bodies(" ".join(chance.choices(WORDS[:30], k=chance.choice([5, 45, 300, 1000]))) for _ in range(60))
    scores = []
    for name in ENGINE_NAMES:
        location = tmp_path / name
        location.mkdir()
        engine(name).create(location, SCHEMA)
        with engine(name).writer(location, SCHEMA) as writer:
            for document in documents:
                writer.add(document)
        searcher = engine(name).searcher(location, SCHEMA)
        query = Or((LEAK, Phrase("body", ("the", "of"), 2), Term("body", "station")))
        scores.append({match.id: match.score for match in searcher.search(query, limit=100).page})
        searcher.close()
    for other in scores[1:]:
        assert other == pytest.approx(scores[0], rel=1e-4)


def test_statistics_are_of_the_whole_index(build: Build) -> None:
    """A word is worth more the fewer documents hold it, whichever commit or segment they came in."""
    searcher = build(bodies(["rare x", "common x", "common x", "common x"]))
    rare = searcher.search(Term("body", "rare", Form.WORD), limit=1).page[0].score
    common = searcher.search(Term("body", "common", Form.WORD), limit=1).page[0].score
    assert rare > 2 * common > 0


def test_nearer_words_score_higher(build: Build) -> None:
    searcher = build(bodies(["a x b x x x", "a b x x x x", "a x x b x x", "x x x x x x"]))
    found = searcher.search(Phrase("body", ("a", "b"), 2), limit=5).page
    assert [match.id for match in found] == ["d1", "d0", "d2"]
    assert found[0].score == pytest.approx(2 * found[1].score, rel=1e-4)
    assert found[0].score == pytest.approx(3 * found[2].score, rel=1e-4)


def test_lengths_are_rounded_down_in_steps_of_an_eighth() -> None:
    assert [rounded_length(length) for length in (0, 1, 39, 40, 41, 42, 43, 57, 63, 100, 1000)] == [
        0, 1, 39, 40, 40, 42, 42, 56, 60, 96, 984,
    ]  # fmt: skip
    assert all(length * 7 / 8 < rounded_length(length) <= length for length in range(1, 10_000))


def test_documents_without_the_field_count_for_its_average(build: Build) -> None:
    with_title = [analysed(f"t{number}", {"title_word": ["a b c"]}) for number in range(2)]
    without = [analysed(f"u{number}", {"body_word": ["x"]}) for number in range(6)]
    documents = with_title + without
    found = build(documents).search(Term("title", "a", Form.WORD), limit=5).page
    assert found[0].score == pytest.approx(score(Term("title", "a", Form.WORD), documents[0], documents), rel=1e-4)
