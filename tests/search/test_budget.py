"""Time budgets: a search ends when its time is over, says so, and what it gives is true."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import query as algebra
from index.build import build
from index.engines import ENGINE_NAMES
from index.engines.deadline import TimeUp, until
from index.errors import QueryError, UsageError
from index.query import Query
from search import search
from search.api import suggest
from search.budget import Budget
from search.lowering.whole_query import lower
from search.narrowing import narrowed, run_narrowed
from search.open_indexes import open_store
from search.paging import Page
from search.query_language.parser import parse
from search.render.summary import summary

DOCUMENTS = 300
TINY, LARGE = 0.01, 120.0
PATTERNS = " OR ".join(f"*{a}{b}*" for a in "aeiou" for b in "bcdf")
SLOW = [
    PATTERNS,
    PATTERNS.replace(" OR ", " "),
    f"common ({PATTERNS})",
    " ".join(f"-*{a}{b}*" for a in "aeiou" for b in "bcdfghkl"),
    'r".*(a|e)+.?(b|d).*(i|o).*" OR r".*[aeiou]{3}.*" OR r".*b.*d.*b.*" OR ' + PATTERNS,
]


def _articles() -> Iterator[dict[str, str]]:
    chance = random.Random(7)
    words = ["".join(chance.choices("aeioubcdfghklmnprst", k=chance.randint(4, 9))) for _ in range(8_000)]
    for number in range(DOCUMENTS):
        text = ". ".join(" ".join(chance.sample(words, 10)) for _ in range(8))
        yield {
            "title": " ".join(chance.sample(words, 4)).capitalize(),
            "author": f"Ana {chance.choice(['Ruiz', 'Ek'])}",
            "date": f"20{number % 23:02}-03-{number % 28 + 1:02}",
            "body": f"A common word. {text}",
        }


@pytest.fixture(scope="module", params=ENGINE_NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    (home / "a.jsonl").write_text("".join(json.dumps(article) + "\n" for article in _articles()), "utf-8")
    build([home / "a.jsonl"], home / ".byline", engine=request.param)
    return home / ".byline"


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """What a test gives up ends before the next one begins."""
    yield
    for thread in threading.enumerate():
        if thread.name == "byline-search":
            thread.join()


def _ids(query: str, index: Path) -> set[str]:
    """What matches all of a query."""
    store = open_store(index)
    matching = lower(parse(query).tree, list(store.manifest.languages)).matching
    return {match.id for match in store.searcher().search(matching, limit=1000).page}


@pytest.mark.parametrize("query", SLOW)
def test_a_search_without_time_is_marked(index: Path, query: str) -> None:
    results = search(query, index=index, budget=TINY)
    assert results.timed_out
    assert results.to_dict()["timed_out"] is True
    assert any("more than 0.01 seconds" in notice.message for notice in results.notices)
    assert "before time ran out" in summary(results)
    assert {hit.id for hit in results} <= _ids(query, index)
    assert results.total <= len(_ids(query, index))


@pytest.mark.parametrize("query", [SLOW[2], "common", "common -date:2003", '"common word"'])
def test_a_search_with_time_is_complete(index: Path, query: str) -> None:
    results = search(query, index=index, budget=LARGE, facets=["author"], timeline=True, explain=True)
    assert not results.timed_out
    assert not any("takes more than" in notice.message for notice in results.notices)
    assert "time" not in summary(results)
    assert len(results) == 10
    assert all(hit.explanation and hit.snippets and not hit.timed_out for hit in results)
    assert results.facets[0].values
    assert results.timeline


@pytest.mark.parametrize("query", [PATTERNS, f"common ({PATTERNS})", 'common *aeb* -date:2003 "common word"~3'])
def test_a_narrower_search_finds_some_of_what_matches_and_nothing_else(index: Path, query: str) -> None:
    searcher = open_store(index).searcher()
    lowered = lower(parse(query).tree, ["en"])
    budget = Budget(LARGE)
    found, narrower = run_narrowed(searcher, lowered, Page(1000), budget)
    given = {match.id for match in found.matches.page}
    assert given
    assert given <= _ids(query, index)
    assert found.complete == found.matches.total == len(given)
    assert found.next is None
    assert found.wanted == lowered.matching, "passages are chosen by the query that was asked"
    assert narrower.matching != lowered.matching
    assert budget.is_cut
    assert "other articles may match, too" in budget.notices[0].message


def test_a_narrower_search_leaves_exclusions_alone(index: Path) -> None:
    searcher = open_store(index).searcher()
    excluding = lower(parse("common -*aeb* -body:*oid*").tree, ["en"])
    assert narrowed(excluding, searcher) is None
    both = lower(parse("*eb* -*ab*").tree, ["en"])
    found = narrowed(both, searcher)
    assert found is not None
    assert algebra.Not in set(map(type, _nodes(found[0].matching)))
    assert set(_patterns_below_not(both.matching)) == set(_patterns_below_not(found[0].matching))


def test_without_any_time_nothing_is_claimed(index: Path) -> None:
    searcher = open_store(index).searcher()
    budget = Budget(LARGE)
    with until(time.monotonic() - 1):
        found, narrower = run_narrowed(searcher, lower(parse(PATTERNS).tree, ["en"]), Page(10), budget)
    assert found.matches.total == 0
    assert narrower.matching == algebra.Nothing()
    assert "nothing was found in that time" in budget.notices[0].message


def test_a_search_that_times_out_does_not_diagnose(index: Path) -> None:
    results = search(f"{SLOW[3]} zzzzz", index=index, budget=TINY)
    assert results.timed_out
    assert results.diagnosis is None
    assert not any("in no article" in notice.message for notice in results.notices)


def test_what_follows_the_search_is_left_out_and_named(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck(*_: object, **__: object) -> None:
        raise TimeUp

    monkeypatch.setattr("search.exploring.facets.Counting.facet", stuck)
    monkeypatch.setattr("search.exploring.facets.Counting.timeline", stuck)
    monkeypatch.setattr("search.exploring.explain.explained", stuck)
    monkeypatch.setattr("search.collapse._add_others", stuck)
    monkeypatch.setattr("search.highlighting.highlight.Highlighter.mark", stuck)
    results = search("common", index=index, facets=["author", "year"], timeline=True, explain=True)
    assert results.timed_out
    assert results.total == DOCUMENTS
    assert len(results) == 10
    assert all(hit.timed_out and hit.to_dict()["timed_out"] for hit in results)
    assert all(hit.snippets[0].text.startswith("A common word") and not hit.snippets[0].spans for hit in results)
    assert results.facets == ()
    assert results.timeline is None
    said = results.notices[-1].message
    for part in ("near-duplicates", "beginnings", "facet author", "facet year", "timeline", "scores"):
        assert part in said


def test_a_slow_diagnosis_is_left_out(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck(*_: object, **__: object) -> None:
        raise TimeUp

    monkeypatch.setattr("search.advice.doctor.diagnose", stuck)
    results = search("nowhere common", index=index)
    assert results.timed_out
    assert "why so little matches" in results.notices[-1].message
    assert results.diagnosis is None


def test_errors_are_told_whatever_the_time(index: Path) -> None:
    with pytest.raises(UsageError):
        search("common", index=index, facets=["nothing"], budget=TINY)


@pytest.mark.parametrize("seconds", [0, -1, 0.001, 3_601, float("nan"), float("inf")])
def test_a_budget_out_of_bounds_is_refused(index: Path, seconds: float) -> None:
    with pytest.raises(UsageError, match="budget"):
        search("common", index=index, budget=seconds)


def test_the_budget_can_be_set_for_an_index(index: Path) -> None:
    settings = index.parent / "byline.toml"
    settings.write_text("[search]\nbudget = 0.01\n", "utf-8")
    try:
        assert search(SLOW[1], index=index).timed_out
        assert not search("common", index=index, budget=LARGE).timed_out
        settings.write_text("[search]\nbudget = 0\n", "utf-8")
        with pytest.raises(UsageError, match="budget"):
            search("common", index=index)
    finally:
        settings.unlink()


def test_completion_has_a_bound_too(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.api.SECONDS", -1.0)
    with pytest.raises(QueryError, match="takes longer"):
        suggest("*ab* *cd* xyz", index=index)


def _nodes(query: Query) -> Iterator[Query]:
    yield query
    match query:
        case algebra.And(clauses) | algebra.Or(clauses):
            for clause in clauses:
                yield from _nodes(clause)
        case algebra.Not(clause) | algebra.Boost(clause, _):
            yield from _nodes(clause)
        case algebra.AndMaybe(required, optional):
            yield from _nodes(required)
            yield from _nodes(optional)


def _patterns_below_not(query: Query) -> list[Query]:
    below = [node.clause for node in _nodes(query) if isinstance(node, algebra.Not)]
    return [node for each in below for node in _nodes(each) if isinstance(node, algebra.Wildcard)]
