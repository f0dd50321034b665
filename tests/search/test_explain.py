"""What a score is made of: parts in words that add up to it, on every engine and for every kind of query."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index import query as algebra
from index.build import build
from index.engines import ENGINE_NAMES
from search import search
from search.lowering.whole_query import Lowered, lower
from search.query_language.syntax import Node
from search.render import terminal
from search.results import Hit
from tests.search.test_api import ARTICLES

MORE = {
    "both.md": "---\ntitle: Valve and Pump\nlang: en\n---\n\nThe valve froze. The pump leaked by the station.\n",
    "Case.md": "---\ntitle: Upper\nlang: en\n---\n\nA knot in the coolant line.\n",
    "case.md": "---\ntitle: Lower\nlang: en\n---\n\nThe coolant line again, and a leak in the coolant line.\n",
}


@pytest.fixture(scope="module", params=ENGINE_NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    (home / "articles").mkdir()
    for name, text in (ARTICLES | MORE).items():
        (home / "articles" / name).write_text(text, "utf-8")
    (home / "same.txt").write_text("leak, drip\npump => motor pump, valve\n", "utf-8")
    build([home / "articles"], home / ".byline", engine=request.param)
    return home / ".byline"


def labels(hit: Hit) -> list[str]:
    return [part.label for part in hit.explanation]


@pytest.mark.parametrize(
    "query",
    [
        "coolant",
        "coolant leak",
        "coolant leak station",
        "how pumps move coolant",
        "coolant OR rope",
        "(pump AND valve) OR coolant",
        "(rope AND coolant) OR leak",
        "(coolant ANDMAYBE leak) OR rope",
        "coolant ANDMAYBE (pump AND rope)",
        "coolant^3 leak^0.5",
        "(coolant OR leak^2)^4",
        '"lost coolant"',
        '"station coolant"~3',
        'cool* leak~1 r"st.*n" p?mp',
        "title:coolant author:ruiz",
        "(coolant OR water) NEAR/5 (leak OR pump)",
        '~"coolant leaks" title:>m',
        "coolant -pump date:2022..",
        "coolant source:articles",
        "what is the zebra coolant leak",
        "coolant in the zebra station",
        "東京 大学",
        "-pump",
        "coolant coolant",
    ],
)
@pytest.mark.parametrize("recency", ["", "1y"])
def test_the_parts_add_up_to_the_score(index: Path, query: str, recency: str) -> None:
    results = search(query, index=index, recency=recency, synonyms=index.parent / "same.txt", explain=True)
    assert len(results)
    for hit in results:
        assert sum(part.value for part in hit.explanation) == pytest.approx(hit.score, rel=1e-5, abs=1e-5)
        assert "other parts of the query" not in labels(hit)
        assert bool(recency and hit.score) == any(label.startswith("recency") for label in labels(hit))


def test_the_parts_are_named_in_words(index: Path) -> None:
    hit = search("coolant leak station", index=index, explain=True)[0]
    assert {
        "“coolant” in any form",
        "“leak” in any form",
        "“coolant leak” side by side (× 0.2)",
        "“coolant” as written in the title (× 0.2)",
        "“coolant” as written in the body (× 0.2)",
    } <= set(labels(hit))
    values = [part.value for part in hit.explanation]
    assert values == sorted(values, reverse=True)
    (equal,) = search("how pumps move coolant", index=index, explain=True)[:1]
    assert labels(equal)[0] == "the title is “how pumps move coolant”"
    patterns = search('cool* rpoe~1 OR r"st.*n" OR p?mp', index=index, explain=True)
    found = {label for hit in patterns for label in labels(hit)}
    assert {"a word that begins with “cool” in the title", "a word that matches r“st.*n” in the body"} <= found
    near = search("coolant NEAR/3 leak", index=index, explain=True)[0]
    assert "“coolant” near “leak”, at most 3 words between in the title" in labels(near)
    (only,) = search("date:2022", index=index, explain=True)
    assert [(part.label, part.value) for part in only.explanation] == [("no part of the query gives a score", 0.0)]


def test_synonyms_are_named_as_such(index: Path) -> None:
    results = search("pump", index=index, synonyms=index.parent / "same.txt", explain=True)
    hit = next(hit for hit in results if hit.title == "Valve and Pump")
    (synonym,) = (label for label in labels(hit) if label.startswith("synonym"))
    assert synonym.startswith("synonym of “pump”: “valve” in any form (× 0.")


def test_paths_that_differ_only_in_case_are_told_apart(index: Path) -> None:
    hits = {hit.title: hit for hit in search("line", index=index, explain=True)}
    if "Upper" not in hits:
        pytest.skip("this file system does not tell them apart")
    assert hits.keys() == {"Upper", "Lower"}
    first, second = (dict(zip(labels(hit), hit.explanation, strict=True)) for hit in hits.values())
    assert first["“line” in any form"].value != second["“line” in any form"].value


def test_clauses_of_any_other_kind_are_named_too(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else ranks, such as words of related articles, needs no line here."""
    more = algebra.Boost(algebra.Term("text", "station.en"), 0.25)

    def with_more(tree: Node, languages: Sequence[str], **named: Any) -> Lowered:
        lowered = lower(tree, languages, **named)
        return replace(lowered, query=algebra.AndMaybe(lowered.query, more))

    plain = {hit.id: hit.score for hit in search("leak", index=index)}
    monkeypatch.setattr("search.understood.lower", with_more)
    results = search("leak", index=index, explain=True)
    assert {hit.id: hit.score for hit in results} != plain
    assert any("“station” in any form (× 0.25)" in label for hit in results for label in labels(hit))


def test_a_long_query_is_explained_in_part(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.exploring.explain.MAX_LEAVES", 2)
    results = search("coolant leak station", index=index, explain=True)
    assert len(results)
    for hit in results:
        assert "other parts of the query" in labels(hit)
        assert sum(part.value for part in hit.explanation) == pytest.approx(hit.score, rel=1e-5)


def test_json_and_the_terminal_show_it_when_asked(index: Path) -> None:
    plain = search("coolant leak", index=index)
    assert "explanation" not in plain[0].to_dict()
    results = search("coolant leak", index=index, explain=True)
    values = json.loads(json.dumps(results[0].to_dict()))["explanation"]
    assert sum(part["value"] for part in values) == pytest.approx(results[0].score, rel=1e-5)
    assert {part["label"] for part in values} == set(labels(results[0]))
    lines = terminal.results(results, width=60).splitlines()
    (line,) = (line for line in lines if "“coolant leak” side by side" in line)
    assert float(line.split()[0]) == pytest.approx(
        next(part["value"] for part in values if "side by side" in part["label"]), abs=0.006
    )
    assert line.startswith("    ")


def test_pairs_of_two_very_common_words_are_not_looked_for(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_pair = search("coolant leak", index=index, explain=True)
    monkeypatch.setattr("search.lowering.ranking.MOST_OF_BOTH", 1)
    without = search("coolant leak", index=index, explain=True)
    assert {hit.id for hit in without} == {hit.id for hit in with_pair}
    assert any("side by side" in label for hit in with_pair for label in labels(hit))
    assert not any("side by side" in label for hit in without for label in labels(hit))
    one_is_rare = search("lost coolant", index=index, explain=True)
    assert any("side by side" in label for hit in one_is_rare for label in labels(hit))
