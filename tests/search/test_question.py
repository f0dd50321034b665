"""Questions in plain language: what is left out, and what follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import build
from index.engines import ENGINE_NAMES
from search import search
from search.query_language.parser import parse
from search.query_language.question import as_question
from search.query_language.syntax import canonical


@pytest.mark.parametrize(
    ("query", "asked", "is_question"),
    [
        ("what causes the coolant to leak", "causes AND coolant AND leak", True),
        ("who is borisov?", "borisov", True),
        ("what is the cause of the leak date:2022", "cause AND leak AND date:[2022-01-01 TO 2022-12-31]", True),
        ("the leak of coolant -soyuz", "leak AND coolant AND NOT soyuz", True),
        ("coolant leak", "coolant AND leak", False),
        ("to be or not to be", "to AND be AND or AND not AND to AND be", False),
        ("coolant leak soyuz capsule", "coolant AND leak AND soyuz AND capsule", False),
        ("what leak? And what is a leak? Say leak?", "leak AND leak AND Say AND leak", True),
        ("what is a capsule? (The Soyuz waits.)", "capsule AND Soyuz AND waits", True),
        ("coolant leak soyuz capsule?", "coolant AND leak AND soyuz AND capsule", True),
        ("the who", "the AND who", False),
        ('what causes the "coolant leak"', 'what AND causes AND the AND "coolant leak"', False),
        ("what AND causes AND the AND leak", "what AND causes AND the AND leak", False),
        ("谁是第一任总统?", "谁是第一任总统", False),
        ("1901年谁是总统?", "1901年谁是总统", False),
        ("谁首先支持LOR?", "谁首先支持LOR", False),
        ("谁是第一任 总统?", "谁是第一任 AND 总统", True),
        ("was ist der Grund für das Leck", "Grund AND Leck", True),
    ],
)
def test_what_a_question_asks(query: str, asked: str, is_question: bool) -> None:
    question = as_question(parse(query), query, ["en", "de"])
    assert canonical(question.tree) == asked
    assert question.is_question == is_question


@pytest.mark.parametrize(
    ("query", "suggestions"),
    [
        ("coolant borisov?", ["coolant (borisov?)"]),
        ("Coolant leak? Soyuz waits", ["Coolant (leak?) Soyuz waits"]),
        ("who is borisov?", []),
        ("who is it?", []),
        ("coolant (borisov?)", []),
        ("borisov?", []),
    ],
)
def test_a_question_mark_that_may_be_a_wildcard_is_said(query: str, suggestions: list[str]) -> None:
    notices = as_question(parse(query), query, ["en"]).notices
    assert [notice.suggestion for notice in notices if "wildcard" in notice.message or "punct" in notice.message] == (
        suggestions
    )


def write(folder: Path, articles: dict[str, str]) -> Path:
    (folder / "articles").mkdir()
    for title, body in articles.items():
        (folder / "articles" / f"{title.casefold().replace(' ', '-')}.md").write_text(f"# {title}\n\n{body}\n", "utf-8")
    return folder / "articles"


@pytest.fixture(scope="module", params=ENGINE_NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    articles = {
        "Valve": "The coolant valve of the capsule kept freezing, and engineers blamed a meteorite for the leak.",
        "Capsule": "A capsule came home with a broken valve and the scar of a meteorite.",
        "Meteorite": "A meteorite crossed the sky above the plain. Nobody found it.",
        "Garden": "The garden needs rain in spring, and the gardeners wait.",
        "What the Tide Is For": "Nothing in here but the sea, and the moon that pulls it.",
        "Tide Tables": "What the tide is for, and what a tide is: the tide, for what it is. For the tide is that.",
    }
    build([write(home, articles)], home / ".byline", engine=request.param)
    return home / ".byline"


def test_articles_with_some_of_the_words_follow(index: Path) -> None:
    results = search("why did the capsule valve freeze after the meteorite", index=index)
    assert results[0].title == "Valve"
    assert {hit.title for hit in results} == {"Valve", "Capsule"}
    assert (results.complete, results.total, results.partial) == (1, 2, True)
    assert [hit.missing for hit in results if hit.title == "Capsule"] == [("freeze",)]
    assert results[0].missing == ()
    said = " ".join(notice.message for notice in results.notices)
    assert "Left out" in said
    assert "those with most of them follow" in said


def test_pages_of_a_question_follow_each_other(index: Path) -> None:
    whole = [hit.id for hit in search("why did the capsule valve freeze after the meteorite", index=index)]
    paged = [
        hit.id
        for at in range(2)
        for hit in search("why did the capsule valve freeze after the meteorite", index=index, limit=1, offset=at)
    ]
    assert paged == whole


def test_a_title_that_equals_the_query_comes_first(index: Path) -> None:
    for query in ("what the tide is for", "What the Tide is For?", '"what the tide is for"'):
        assert search(query, index=index)[0].title == "What the Tide Is For"
