"""Queries that mean something else than they say, and what is said about them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from index.build import build
from index.engines import ENGINE_NAMES
from index.errors import UsageError
from search import document, search, suggest
from search.results import Notice, SearchResults

ARTICLES: list[dict[str, Any]] = [
    {"title": "The Ferry at Dawn", "author": "AFP", "date": "2021-05-04", "section": "Local news", "tags": ["moon"]},
    {"title": "The Old Bridge", "author": "dpa", "date": "2022-05-04", "section": "World", "tags": ["moon landing"]},
    {"title": "Dead or Alive", "author": "dpa", "date": "2023-05-04", "section": "World", "tags": ["film"]},
    {"title": "On Strike", "author": "dpa", "date": "2023-06-04", "section": "World", "tags": ["work"]},
]


@pytest.fixture(scope="module", params=ENGINE_NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    texts = ["The ferry waits in the harbour.", "A bridge or two.", "A film, not new.", "The workers are on strike."]
    lines = [json.dumps(article | {"lang": "en", "text": text}) for article, text in zip(ARTICLES, texts, strict=True)]
    (home / "byline.toml").write_text('[index]\nfacets = ["tags"]\n', "utf-8")
    (home / "articles.jsonl").write_text("\n".join(lines), "utf-8")
    build([home / "articles.jsonl"], home / ".byline", engine=request.param)
    return home / ".byline"


def messages(results: SearchResults) -> str:
    return "\n".join(notice.message for notice in results.notices)


def about(results: SearchResults, text: str) -> Notice:
    (notice,) = [each for each in results.notices if text in each.message]
    return notice


@pytest.mark.parametrize(
    ("query", "word", "instead"),
    [
        ("ferry not oslo", "not", "ferry NOT oslo"),
        ("ferry or bridge", "or", "ferry OR bridge"),
        ("author:AFP or author:dpa", "or", "author:AFP OR author:dpa"),
        ("author:AFP and date:2022", "and", "author:AFP AND date:2022"),
        ("(ferry or bridge) date:2021..2022", "or", "(ferry OR bridge) date:2021..2022"),
    ],
)
def test_small_operators_are_words_and_a_notice_says_so(index: Path, query: str, word: str, instead: str) -> None:
    results = search(query, index=index)
    notice = about(results, f"“{word}” was read as a word")
    assert notice.suggestion == instead
    assert notice.position is not None
    assert query[slice(*notice.position)] == word
    assert not any(f" {word} " in each.suggestion or "OR or" in each.suggestion for each in results.notices)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("dead or alive", id="in the title of a hit"),
        pytest.param("to be or not to be", id="next to another"),
        pytest.param("ferry and bridge", id="and between words changes little"),
        pytest.param("or bridge", id="nothing before"),
        pytest.param("ferry OR bridge", id="capitals"),
        pytest.param('"ferry or bridge"', id="in quotation marks"),
        pytest.param("is it the ferry or the bridge in the harbour?", id="a question"),
    ],
)
def test_small_words_that_are_words_are_left_alone(index: Path, query: str) -> None:
    assert "was read as a word" not in messages(search(query, index=index))


@pytest.mark.parametrize(
    ("query", "instead"),
    [
        ("tags:landing", 'tags:"moon landing"'),
        ("section:local", 'section:"local news"'),
        ("tags:fim alive", "tags:film alive"),
        ('section:="local"', 'section:="local news"'),
        ("from:AFP", "author:AFP"),
        ("ferry after:2020", 'ferry date:"after 2020"'),
        ("before:2022-05 ferry", 'date:"before 2022-05" ferry'),
        ("date>2020", "date:>2020"),
        ("author:AFP,dpa ferry", "author:(AFP OR dpa) ferry"),
    ],
)
def test_what_was_meant_is_proposed_and_nothing_blames_it_besides(index: Path, query: str, instead: str) -> None:
    results = search(query, index=index)
    assert results.notices[0].suggestion == instead
    assert search(instead, index=index).complete
    assert "is in no article" not in messages(results)
    assert "matches no article" not in messages(results)


def test_values_that_are_like_nothing_are_told_what_there_is(index: Path) -> None:
    assert "there are world, local news" in messages(search("section:zzz", index=index))
    assert "there is en" in messages(search("lang:pl", index=index))
    assert messages(search("tag:moon", index=index)) == ""


def test_a_single_letter_that_is_left_out_is_said(index: Path) -> None:
    assert about(search("bridge -x", index=index), "Left out: articles with “x”").position == (7, 9)
    assert "Left out" not in messages(search("bridge -oslo -xy", index=index))


@pytest.mark.parametrize("query", ["date:2023..2021", "date:[2023 TO 2021]"])
def test_days_that_were_turned_round_are_said(index: Path, query: str) -> None:
    results = search(query, index=index)
    assert results.total == 4
    assert "read as 2021-01-01 to 2023-12-31" in messages(results)


def test_a_correction_is_offered_though_no_article_has_all_the_words(index: Path) -> None:
    notice = about(search("bridge strke", index=index), "Did you mean “strike” instead of “strke”?")
    assert "1 article with “strike”" in notice.message
    assert notice.suggestion == "bridge strike"
    assert search(notice.suggestion, index=index).total


@pytest.mark.parametrize("query", ["", " … ", "()"])
def test_an_empty_query_is_said_to_be_one_and_no_more(index: Path, query: str) -> None:
    assert "“”" not in messages(search(query, index=index))
    assert "matches no article" not in messages(search(query, index=index))


def test_quoted_phrases_are_quoted_once(index: Path) -> None:
    assert "“in spring” and “zzyzx” are in no article" in messages(search('"in spring" zzyzx', index=index))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"query": None}, "query is None; it must be a text"),
        ({"filters": ["date:2022"]}, "filters is ['date:2022'] (list)"),
        ({"limit": "3"}, "limit is '3' (str); it must be a whole number"),
        ({"limit": True}, "limit is True"),
        ({"expand": "no"}, "expand is 'no' (str); it must be True or False"),
        ({"collapse": 0}, "collapse is 0 (int); it must be True or False"),
        ({"timeline": "no"}, "timeline is 'no' (str); it must be True or False"),
        ({"explain": None}, "explain is None; it must be True or False"),
        ({"recency": dt.timedelta(days=30)}, "must be a half-life as a text, such as 30d"),
        ({"like": 3}, "like is 3 (int)"),
        ({"facets": [3]}, "facets holds 3"),
        ({"facets": 3}, "facets holds 3"),
        ({"index": 3}, "index is 3"),
    ],
)
def test_arguments_of_a_wrong_type_are_refused_in_words(index: Path, given: dict[str, Any], wanted: str) -> None:
    arguments: dict[str, Any] = {"query": "ferry", "index": index} | given
    with pytest.raises(UsageError) as refused:
        search(**arguments)
    assert wanted in str(refused.value)


def test_facets_may_be_one_text_and_like_may_be_a_hit(index: Path) -> None:
    results = search("ferry", index=index, facets="author, year", after="")
    assert [facet.name for facet in results.facets] == ["author", "year"]
    (hit,) = results
    assert search(like=hit, index=index).interpreted == search(like=hit.id, index=index).interpreted
    assert search(like=document(hit.id, index=index), index=index).total == search(like=hit.id, index=index).total


@pytest.mark.parametrize(
    ("prefix", "offered"),
    [
        ("section:", ["section:world", 'section:"local news"']),
        ("tags:m", ["tags:moon", 'tags:"moon landing"']),
        ('ferry -tags:"moon l', ['ferry -tags:"moon landing"']),
        ("lang:", ["lang:en"]),
        ("author:AFP section:", ['author:AFP section:"local news"']),
        ("section:world stri", ["section:world strike"]),
    ],
)
def test_values_are_completed(index: Path, prefix: str, offered: list[str]) -> None:
    assert [word.text for word in suggest(prefix, index=index).words] == offered
