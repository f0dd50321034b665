"""The body asked by itself for stems, which are kept together with those of title and authors alone."""

from __future__ import annotations

import pytest

from index.engines.bounds import MAX_APART, most_slop
from index.engines.together import GAP_WIDTH, text_columns
from index.query import And, Near, Not, Or, Phrase, Query, Term
from index.schema import Form
from tests.brute_force import score
from tests.conformance.conftest import Build
from tests.conformance.documents import analysed

# Title, authors and body of each document.
TEXTS = {
    "title alone": ("leak found", [], "all is well"),
    "author alone": ("news", ["ada leak"], "all is well"),
    "both": ("leak found", [], "a leak was found"),
    "body alone": ("news", ["ada"], "a leak was found"),
    "both, turned round": ("leak found", [], "found a leak"),
    "across": ("found", ["leak"], "leak all is well found"),
    "from title to body": ("a leak", [], "found it"),
    "from author to body": ("news", ["ada leak"], "found it"),
    "other pairs": ("leak found", [], "a lake was seen"),
    "no body": ("leak found", ["leak found"], ""),
    "only a body": ("", [], "leak found"),
}
LEAK, FOUND = Term("body", "leak"), Term("body", "found")
QUERIES: dict[str, tuple[Query, set[str]]] = {
    "word": (LEAK, {"both", "body alone", "both, turned round", "across", "only a body"}),
    "not the word": (
        Not(LEAK),
        {"title alone", "author alone", "from title to body", "from author to body", "other pairs", "no body"},
    ),
    "words": (And((LEAK, FOUND)), {"both", "body alone", "both, turned round", "across", "only a body"}),
    "title, not body": (
        And((Term("title", "leak"), Not(LEAK))),
        {"title alone", "from title to body", "other pairs", "no body"},
    ),
    "phrase": (Phrase("body", ("leak", "found"), 0, Form.STEM), {"only a body"}),
    "loose phrase": (Phrase("body", ("leak", "found"), 1, Form.STEM), {"both", "body alone", "only a body"}),
    "as loose as can be": (
        Phrase("body", ("leak", "found"), most_slop(2), Form.STEM),
        {"both", "body alone", "across", "only a body"},
    ),
    "near": (
        Near("body", ((("found",),), (("leak",),)), 1),
        {"both", "body alone", "both, turned round", "only a body"},
    ),
    "as near as can be": (
        Near("body", ((("found",),), (("leak",),)), MAX_APART),
        {"both", "body alone", "both, turned round", "across", "only a body"},
    ),
    "near, other words than in the title": (
        Near("body", ((("leak",), ("lake",)), (("found",), ("seen",))), 1),
        {"both", "body alone", "both, turned round", "other pairs", "only a body"},
    ),
    "near, phrases": (Near("body", ((("a", "leak"),), (("found",),)), 1), {"both", "body alone", "both, turned round"}),
    "either": (
        Or((LEAK, Term("body", "well"))),
        {"title alone", "author alone", "both", "body alone", "both, turned round", "across", "only a body"},
    ),
}


@pytest.mark.parametrize("name", QUERIES)
def test_a_body_is_asked_by_itself(name: str, build: Build) -> None:
    query, expected = QUERIES[name]
    documents = [
        analysed(name, {"title_stem": [title], "body_stem": [body]}, title, authors)
        for name, (title, authors, body) in TEXTS.items()
    ]
    found = build(documents).search(query, limit=20).page
    assert {match.id for match in found} == expected
    by_id = {document.id: document for document in documents}
    assert {match.id: match.score for match in found} == pytest.approx(
        {one: score(query, by_id[one], documents) for one in expected}, rel=1e-4
    )


def test_nothing_loose_reaches_across_the_gap() -> None:
    assert max(most_slop(2), MAX_APART) < GAP_WIDTH


def test_the_body_alone_needs_no_other_columns() -> None:
    assert text_columns("", 3, [""], ["a", "leak"]) == {"text_stem": ["a leak"]}


def test_how_often_the_body_has_a_word_is_told_by_the_field_text(build: Build) -> None:
    searcher = build([analysed("a", {"body_stem": ["a leak"]}, "leak"), analysed("b", {}, "leak")])
    assert searcher.doc_freq("body", Form.STEM, "leak") == searcher.doc_freq("text", Form.STEM, "leak") == 2
