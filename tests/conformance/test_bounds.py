"""What an engine refuses: queries beyond a bound or that make no sense, and what it does not support."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from index.engines.bounds import MAX_PAGE_END, MAX_WEIGHT, most_slop
from index.engines.contract import AnalysedDocument, Engine, Feature, Matches, Searcher
from index.errors import QueryError, UnsupportedQuery
from index.query import (
    MAX_CLAUSES,
    MAX_DEPTH,
    And,
    Boost,
    Fuzzy,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Regex,
    Term,
    Wildcard,
)
from index.schema import Form
from tests.brute_force import matching

WORD = Term("body", "leak", Form.WORD)

FEATURES: dict[Feature, Query] = {
    Feature.PHRASE_SLOP: Phrase("body", ("the", "of"), 2),
    Feature.REGEX: Regex("body", "l.*k"),
    Feature.FUZZY: Fuzzy("body", "leek"),
    Feature.TEXT_RANGE: Range("body", "lake", "leaks"),
}


def check_feature(feature: Feature, engine: Engine, searcher: Searcher, documents: list[AnalysedDocument]) -> None:
    """Assert that a feature works, or is declared missing and refused wherever it stands in a query."""
    query = FEATURES[feature]
    if feature in engine.features:
        found = searcher.search(query, limit=1000).page
        assert {match.id for match in found} == matching(query, documents)
        return
    for asked in (query, And((WORD, Not(Boost(query, 2.0))))):
        with pytest.raises(UnsupportedQuery):
            searcher.search(asked, limit=1000)
        with pytest.raises(UnsupportedQuery):
            searcher.day_counts(asked)


@pytest.mark.parametrize("feature", Feature)
def test_a_feature_works_or_is_declared_missing(
    feature: Feature, an_engine: Engine, searcher: Searcher, documents: list[AnalysedDocument]
) -> None:
    check_feature(feature, an_engine, searcher, documents)


class Lesser:
    """An engine that declares that it lacks one feature of another, with a view of that one's index.

    It refuses what it lacks unless it is `lax`.
    """

    def __init__(self, engine: Engine, searcher: Searcher, lacks: Feature, *, lax: bool) -> None:
        self._searcher = searcher
        self._lacks = None if lax else lacks
        self.features = engine.features - {lacks}

    def search(self, query: Query, **page: Any) -> Matches:
        self._refuse(query)
        return self._searcher.search(query, **page)

    def day_counts(self, query: Query) -> dict[int, int]:
        self._refuse(query)
        return self._searcher.day_counts(query)

    def _refuse(self, query: Query) -> None:
        match query:
            case And(clauses) | Or(clauses):
                for clause in clauses:
                    self._refuse(clause)
            case Not(clause) | Boost(clause):
                self._refuse(clause)
            case _ if self._lacks and type(query) is type(FEATURES[self._lacks]):
                raise UnsupportedQuery(f"this engine lacks {self._lacks}")


@pytest.mark.parametrize("feature", Feature)
def test_an_engine_may_lack_a_feature_if_it_refuses_it(
    feature: Feature, an_engine: Engine, searcher: Searcher, documents: list[AnalysedDocument]
) -> None:
    lesser: Any = Lesser(an_engine, searcher, feature, lax=False)
    for each in Feature:
        check_feature(each, lesser, lesser, documents)
    lax: Any = Lesser(an_engine, searcher, feature, lax=True)
    with pytest.raises(pytest.fail.Exception, match="UnsupportedQuery"):
        check_feature(feature, lax, lax, documents)


def nested(depth: int) -> Query:
    query: Query = WORD
    for _ in range(depth - 1):
        query = Not(query)
    return query


REFUSED: dict[str, tuple[Query, str]] = {
    "too deep": (nested(MAX_DEPTH + 1), "nested"),
    "far too deep": (nested(100_000), "nested"),
    "too many clauses": (Or((WORD,) * MAX_CLAUSES), "parts"),
    "too many clauses in all": (And((Or((WORD,) * (MAX_CLAUSES // 2)), Or((WORD,) * (MAX_CLAUSES // 2)))), "parts"),
    "far too many clauses": (Or((WORD,) * 1_000_000), "parts"),
    "unknown field": (Term("nowhere", "x", Form.WORD), "no field 'nowhere'"),
    "unknown form": (Term("author", "x", Form.STEM), "no field 'author'"),
    "unknown field, hidden": (Not(And((WORD, Boost(Prefix("nowhere", "x"), 1.0)))), "no field"),
    "prefix of what is not kept": (Prefix("body", "x", Form.STEM), "not kept by itself"),
    "range of what is not kept": (Range("body", "x", None, Form.STEM), "not kept by itself"),
    "words in a day": (Term("date", "x", Form.RAW), "dates"),
    "prefix of a day": (Prefix("date", "2", Form.RAW), "dates"),
    "range of words in a day": (Range("date", "a", "b"), "no range"),
    "range of days in words": (Range("body", 1, 2), "no range"),
    "phrase of none": (Phrase("body", ()), "2 to"),
    "phrase of one": (Phrase("body", ("leak",)), "2 to"),
    "phrase of too many": (Phrase("body", ("leak",) * 1000), "2 to"),
    "phrase with too much slop": (Phrase("body", ("a", "b", "c"), most_slop(3) + 1), "other words between"),
    "phrase with far too much slop": (Phrase("body", ("a", "b", "c"), 10**9), "other words between"),
    "phrase with less than no slop": (Phrase("body", ("a", "b"), -1), "other words between"),
    "phrase without positions": (Phrase("source", ("a", "b"), form=Form.RAW), "positions"),
    "near too many": (Near("body", ((("leak",),) * 101, (("of",),)), 1, Form.WORD), "at most 100 words"),
    "near, too far": (Near("body", ((("leak",),), (("of",),)), 10**9, Form.WORD), "0 to 100 words"),
    "near, less than nothing": (Near("body", ((("leak",),), (("of",),)), -1, Form.WORD), "0 to 100 words"),
    "near an empty phrase": (Near("body", ((("leak",),), ((),)), 1, Form.WORD), "1 to 16 words"),
    "near without positions": (Near("source", ((("a",),), (("b",),)), 1, Form.RAW), "positions"),
    "near in too many ways": (Near("body", ((("a", "b"),) * 40, (("c",),)), 90, Form.WORD), "near each other"),
    "fuzzy, too far": (Fuzzy("body", "leak", 3), "edits"),
    "fuzzy, less than nothing": (Fuzzy("body", "leak", -1), "edits"),
    "weight below 0": (Boost(WORD, -1.0), "weight"),
    "weight not a number": (Boost(WORD, float("nan")), "weight"),
    "weight without end": (Boost(WORD, float("inf")), "weight"),
    "weights that grow": (Boost(Boost(WORD, MAX_WEIGHT), 2.0), "weight"),
    "wildcard too long": (Wildcard("body", "*a" * 1000), "characters"),
    "regex too long": (Regex("body", "a" * 1000), "characters"),
    "regex, open bracket": (Regex("body", "[ab"), "lacks a “]”"),
    "regex, open group": (Regex("body", "(ab"), "lacks a “.”"),
    "regex, closed too often": (Regex("body", "ab)"), "too many"),
    "regex, nothing to repeat": (Regex("body", "*a"), "nothing before"),
    "regex, lazy": (Regex("body", "a*?"), "repeats a repetition"),
    "regex, anchor": (Regex("body", "^a"), "anchor"),
    "regex, anchor at the end": (Regex("body", "a$"), "anchor"),
    "regex, look-ahead": (Regex("body", "(?=a)b"), "group starting"),
    "regex, flags": (Regex("body", "(?i)a"), "group starting"),
    "regex, back-reference": (Regex("body", r"(a)\1"), "escape"),
    "regex, word boundary": (Regex("body", r"\ba"), "escape"),
    "regex, property": (Regex("body", r"\p{L}"), "escape"),
    "regex, ends in a backslash": (Regex("body", "a\\"), "escape"),
    "regex, bad count": (Regex("body", "a{x}"), "counts nothing"),
    "regex, bad range": (Regex("body", "[z-a]"), "wrong way round"),
    "regex, empty class": (Regex("body", r"[^\d\D]"), "without any character"),
    "regex, deep": (Regex("body", "(" * 50 + "a" + ")" * 50), "deep"),
    "regex, repeated without end": (Regex("body", "(((a|b|c|d|e|f|g|h){1,30}){1,30}){1,30}"), "repeats too much"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_makes_no_sense_is_refused_in_clear_words(name: str, searcher: Searcher) -> None:
    query, words = REFUSED[name]
    with pytest.raises(QueryError, match=words):
        searcher.search(query, limit=10)


ACCEPTED: dict[str, Query] = {
    "as deep as may be": nested(MAX_DEPTH),
    "as many clauses as may be": Or((WORD,) * (MAX_CLAUSES - 1)),
    "the most slop": Phrase("body", ("the", "of", "to"), most_slop(3)),
    "the longest phrase": Phrase("body", ("the",) * 256),
    "near as far as may be": Near("body", ((("leak",),), (("of",),)), 100, Form.WORD),
    "near, with the longest phrases": Near("body", ((("the",) * 16,), (("of",) * 16,)), 100, Form.WORD),
    "the largest weight": Boost(WORD, MAX_WEIGHT),
    "the longest wildcard": Wildcard("body", "*a" * 128),
    "a regex with every kind of part": Regex("body", r"(?:[^]a-]|\[|[\w.-]+){1,3}\.?|\S\s\D\W"),
    "a regex that tempts to run for ever": Regex("body", "(a*)*(a*)*(a|aa)+b"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_lies_just_within_a_bound_is_answered(
    name: str, searcher: Searcher, documents: list[AnalysedDocument]
) -> None:
    found = searcher.search(ACCEPTED[name], limit=1000)
    assert len(found.page) == found.total < len(documents)


class Unseen(tuple[Query, ...]):
    """Clauses that nobody may go through."""

    def __iter__(self) -> Iterator[Query]:
        raise AssertionError("too many clauses were gone through")


def test_too_many_clauses_are_refused_before_they_are_looked_at(searcher: Searcher) -> None:
    with pytest.raises(QueryError, match="parts"):
        searcher.search(And(Unseen((WORD,) * 1_000_000)), limit=10)


def test_pages_end_where_the_last_match_that_can_be_listed_does(searcher: Searcher) -> None:
    last = MAX_PAGE_END - 1
    assert searcher.search(WORD, limit=1, offset=last).page == []
    with pytest.raises(QueryError, match="only the first 1000000"):
        searcher.search(WORD, limit=2, offset=last)
