"""When nothing is found: which clause is to blame, and the nearest queries that do find something."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.build import build
from index.engines import ENGINE_NAMES
from search import SearchResults, search
from search.advice.relax import Variant, variants
from search.query_language.parser import parse
from search.query_language.syntax import canonical

ARTICLES = [
    ("Coolant Leak on the Station", "Ana Ruiz", "2022-12-20", "en", "The station lost coolant; the crew saw a leak."),
    ("How Pumps Move Coolant", "Bo Ek", "2023-05-02", "en", "A pump moves coolant. Nobody thanks the pumps."),
    ("The Ferry at Dawn", "Carla Diaz", "2021-05-04", "en", "Fog lies on the water, and the ferry waits."),
    ("Die Fähre im Nebel", "Dora Weiß", "2021-11-08", "de", "Der Nebel liegt auf dem Wasser und die Fähre wartet."),
]


@pytest.fixture(scope="module", params=ENGINE_NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    keys = ("title", "author", "date", "lang", "text")
    lines = [json.dumps(dict(zip(keys, article, strict=True))) for article in ARTICLES]
    (home / "articles.jsonl").write_text("\n".join(lines), "utf-8")
    build([home / "articles.jsonl"], home / ".byline", engine=request.param)
    return home / ".byline"


def readings(results: SearchResults) -> list[tuple[str, int]]:
    return [(each.query, each.count) for each in results.diagnosis.readings] if results.diagnosis else []


def test_every_clause_is_counted_by_itself_as_data(index: Path) -> None:
    query = 'coolant "the ferry" date:2023 author:nobody -fog'
    given = search(query, index=index).to_dict()["diagnosis"]
    assert [(each["text"].partition("[")[0], each["count"]) for each in given["clauses"]] == [
        ("coolant", 2),
        ('"the ferry"', 1),
        ("date:", 1),
        ("author:nobody", 0),
        ("NOT fog", 3),
    ]
    at, to = given["clauses"][0]["position"]
    assert query[at:to] == "coolant"
    at, to = given["clauses"][1]["position"]
    assert query[at:to] == '"the ferry"'
    at, to = given["clauses"][4]["position"]
    assert query[at:to] == "fog"


def test_the_clause_that_matches_nothing_is_named(index: Path) -> None:
    assert "“author:nobody” matches no article" in _messages(search("coolant author:nobody", index=index))
    assert "“zeppelin” is in no article" in _messages(search("zeppelin", index=index))
    assert "Each part of the query is found" in _messages(search('"coolant leak" date:2023', index=index))


def _messages(results: SearchResults) -> str:
    return "\n".join(notice.message for notice in results.notices)


@pytest.mark.parametrize(
    ("query", "nearest", "count"),
    [
        pytest.param("coolant date:2023-05-04", "coolant date:[2023-05-01 TO 2023-05-31]", 1, id="the month"),
        pytest.param("coolant date:2023-09-04", "coolant date:[2023-01-01 TO 2023-12-31]", 1, id="the year"),
        pytest.param("ferry date:2022-09-04", "ferry date:[2021-01-01 TO 2023-12-31]", 1, id="years beside it"),
        pytest.param("coolant date:1999", "coolant", 2, id="any date"),
        pytest.param("coolant lang:de", "coolant", 2, id="any language"),
        pytest.param("coolant source:nowhere", "coolant", 2, id="any path"),
        pytest.param("coolant -station -pump", None, 1, id="what was excluded"),
        pytest.param('"coolant leaked"', '~"coolant leaked"', 1, id="a phrase in any inflection"),
        pytest.param('"crew a leak"', '"crew a leak"~5', 1, id="words between"),
        pytest.param('"leak coolant station"', "leak coolant station", 1, id="a phrase's words"),
        pytest.param("=leaks", "leaks", 1, id="another form of a word"),
        pytest.param("title:crew", "crew", 1, id="anywhere instead of in the title"),
        pytest.param('title:"lost coolant"', '"lost coolant"', 1, id="a phrase anywhere"),
        pytest.param("author:ferry", "ferry", 1, id="anywhere instead of by an author"),
        pytest.param("cxxlent~1", "cxxlent~2", None, id="nothing near enough"),
        pytest.param("coxlent~1", "coxlent~2", 2, id="one edit more"),
        pytest.param("author:(bo AND carla)", "author:carla", 1, id="all words but one"),
        pytest.param("station zeppelin lang:de", "station", 1, id="several at once"),
        pytest.param("title:crew lang:de date:1999 -coolant", "crew", 1, id="the words alone"),
        pytest.param("statoin date:1999", "station", 1, id="spelling and date"),
        pytest.param("zeppelin OR (coolant AND ferry)", None, 2, id="inside brackets"),
        pytest.param("near(coolant dawn)", None, None, id="no words near each other"),
        pytest.param("zeppelin", None, None, id="nothing near"),
        pytest.param("-the -der", None, None, id="nothing but what is excluded"),
    ],
)
def test_the_nearest_reading_comes_first(query: str, nearest: str | None, count: int | None, index: Path) -> None:
    results = search(query, index=index)
    assert not results.complete
    found = readings(results)
    if count is None:
        assert nearest not in [text for text, _ in found]
    else:
        assert found[0][1] == count
        assert nearest is None or found[0][0] == nearest


def test_readings_are_few_and_none_goes_further_than_it_must(index: Path) -> None:
    found = readings(search('title:crew lang:de "ferry leak" "fog lies on"', index=index))
    assert 1 <= len(found) <= 3
    found = readings(search('author:"Anna Ruiz"', index=index))
    assert found[0] == ('author:"Ana Ruiz"', 1)


def test_readings_are_said_with_their_queries(index: Path) -> None:
    results = search("coolant date:1999", index=index)
    suggested = {notice.suggestion: notice.message for notice in results.notices if notice.suggestion}
    assert set(suggested) == {text for text, _ in readings(results)}
    assert suggested["coolant"].startswith("Without “date:")
    assert suggested["coolant"].endswith(": 2 articles")


def test_where_some_words_are_found_those_articles_come_instead_of_advice(index: Path) -> None:
    results = search("zeppelin coolant", index=index)
    assert results.partial
    assert [notice.suggestion for notice in results.notices if notice.suggestion] == []
    assert readings(results) == [("coolant", 2)]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("coolant date:2031", "matches no article; the newest is of 2023-05-02"),
        ("date:1950..1960", "matches no article; the oldest is of 2021-05-04"),
    ],
)
def test_beyond_all_dates_the_last_of_them_is_said_and_no_far_days_are_proposed(
    query: str, said: str, index: Path
) -> None:
    results = search(query, index=index)
    assert said in _messages(results)
    assert not [text for text, _ in readings(results) if "date:" in text]


def test_days_that_leave_none_match_nothing(index: Path) -> None:
    for query in (
        "date:[2022-12-20 TO 2022-12-20}",
        "date:{2022-12-20 TO 2022-12-20]",
        "date:{2022-12-20 TO 2022-12-21}",
    ):
        results = search(query, index=index)
        assert (results.total, results.diagnosis and results.diagnosis.clauses[0].count) == (0, 0)
        assert "No day is left" in _messages(results)
        assert "matches no article" not in _messages(results).replace("this matches no article", "")
        assert search(results.notices[0].suggestion, index=index).complete == 1
        assert search(f"NOT {query}", index=index).complete == len(ARTICLES)
    assert [search(f"date:[2022-12-{a} TO 2022-12-{a + 1}}}", index=index).total for a in (19, 20)] == [0, 1]


def test_a_question_mark_is_a_wildcard_where_no_sentence_ends(index: Path) -> None:
    assert search("title:leak?", index=index).total == 0
    assert readings(search("title:leak?", index=index))[0] == ("title:leak", 1)
    assert search("pump?", index=index).total == search("pumps", index=index).total == 1
    assert search("lea?", index=index).total == 1
    assert search("NOT lea?", index=index).total == 3
    assert search("(lea? OR zeppelin)", index=index).total == 1
    assert search("where is the crew?", index=index).complete == 1


def test_of_what_is_written_as_one_the_words_that_are_there_are_marked(index: Path) -> None:
    results = search("autor:crew", index=index)
    (hit,) = results
    assert [hit.snippets[0].text[start:end] for start, end in hit.snippets[0].spans] == ["crew"]
    assert hit.missing == ("autor:crew",)
    said = _messages(search("ferry-leak", index=index))
    assert said == "No article has “ferry-leak” as a whole; these have some of its words"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("elsewhere")
    article = {
        "title": "Harbour",
        "text": "The pilot of 2024.",
        "tags": ["zebra"],
        "url": "https://ex.example/quay/1999",
    }
    (home / "notes.jsonl").write_text(json.dumps(article) + "\n", "utf-8")
    build([home / "notes.jsonl"], home / ".byline")
    return home / ".byline"


@pytest.mark.parametrize(
    ("query", "word", "where", "suggestion"),
    [
        pytest.param("zebra", "zebra", "captions, credits, summaries or tags", "extra:zebra", id="an extra"),
        pytest.param("zeb*", "zeb*", "captions, credits, summaries or tags", "extra:zeb*", id="a pattern"),
        pytest.param("pilot zebra", "zebra", "captions, credits, summaries or tags", "extra:zebra", id="with others"),
        pytest.param("yak OR zebra", "zebra", "captions, credits, summaries or tags", "extra:zebra", id="in a group"),
        pytest.param("notes", "notes", "paths of files", "source:notes", id="the path"),
        pytest.param("http://ex.example/quay", "http://ex.example/quay", "addresses", "url:ex.example/quay", id="url"),
    ],
)
def test_words_that_other_fields_have_are_not_said_to_be_in_no_article(
    query: str, word: str, where: str, suggestion: str, elsewhere: Path
) -> None:
    results = search(query, index=elsewhere)
    assert f"“{word}” is in no title, author or text, but in {where}: 1 article" in _messages(results)
    assert "in no article" not in _messages(results)
    suggested = [notice.suggestion for notice in results.notices if notice.suggestion]
    assert suggested.count(suggestion) == 1
    assert search(suggestion, index=elsewhere).complete == 1


@pytest.mark.parametrize(
    ("query", "said", "suggestion"),
    [
        ("tags:zebra", 'facets = ["tags"]', "extra:zebra"),
        ("pilot -tag:zebra", 'facets = ["tags"]', "pilot -extra:zebra"),
        ("byline:roe", "There is no field “byline”", "author:roe"),
        ("mood:zebra", "There is no field “mood”", ""),
    ],
)
def test_an_extra_that_is_no_field_is_told_how_to_be_asked_for(
    query: str, said: str, suggestion: str, elsewhere: Path
) -> None:
    notice = search(query, index=elsewhere).notices[0]
    assert said in notice.message
    assert notice.suggestion == suggestion
    apart = search("pilot", filters=query, index=elsewhere).notices[0].message
    assert apart.startswith("In the filters: ")
    assert said[1:] in apart


def test_what_no_field_has_is_in_no_article_and_what_the_text_has_is_not_asked_elsewhere(elsewhere: Path) -> None:
    assert "“zeppelin” is in no article" in _messages(search("zeppelin zebra", index=elsewhere))
    assert "pilot” is in no" not in _messages(search("pilot zebra", index=elsewhere))
    assert readings(search("zebra pilot", index=elsewhere))[0] == ("extra:zebra pilot", 1)


def test_a_year_that_addresses_have_is_still_proposed_as_a_date(elsewhere: Path) -> None:
    said = _messages(search("1999", index=elsewhere))
    assert "in addresses: 1 article; for articles of that year write date:1999" in said


def test_what_is_no_date_finds_nothing_by_its_figures(elsewhere: Path) -> None:
    results = search("date:2024-13", index=elsewhere)
    assert results.total == 0
    (notice,) = results.notices
    assert "“2024-13” is not a date" in notice.message
    assert search("date:pilots", index=elsewhere).complete == 1, "a word in any form"


def test_a_query_that_finds_enough_is_not_diagnosed(tmp_path: Path) -> None:
    lines = [json.dumps({"title": f"Number {number}", "text": "coolant"}) for number in range(8)]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines), "utf-8")
    build([tmp_path / "articles.jsonl"], tmp_path / ".byline")
    results = search("coolant", index=tmp_path / ".byline")
    assert results.diagnosis is None
    assert results.to_dict()["diagnosis"] is None


def test_filters_apart_stay_in_force(index: Path) -> None:
    results = search("title:crew", index=index, filters="date:2022")
    assert readings(results) == [("crew", 1)]
    assert readings(search("title:crew", index=index, filters="date:2021")) == []


def test_an_index_without_articles_says_so(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    build([tmp_path / "articles"], tmp_path / ".byline")
    assert "holds no articles" in _messages(search("coolant date:2022", index=tmp_path / ".byline"))


_WORDS = "coolant leak station ferry fog zeppelin statoin coolantleak crew leaks 2022 the".split()
_CLAUSES = st.one_of(
    st.sampled_from(_WORDS),
    st.sampled_from(_WORDS).map(lambda word: f"={word}"),
    st.sampled_from(_WORDS).map(lambda word: f"-{word}"),
    st.builds('"{} {}"'.format, st.sampled_from(_WORDS), st.sampled_from(_WORDS)),
    st.builds("{}:{}".format, st.sampled_from(["title", "author", "body", "lang", "source"]), st.sampled_from(_WORDS)),
    st.builds("({} OR {})".format, st.sampled_from(_WORDS), st.sampled_from(_WORDS)),
    st.builds("({} AND {})".format, st.sampled_from(_WORDS), st.sampled_from(_WORDS)),
    st.sampled_from(
        ["date:2022", "date:1999", "date:2023-05-01..2023-05-03", "date:>2030", "leek~", "coo*t", 'r"l[ae]k"']
    ),
    st.sampled_from(
        ["ferry^2", "zeppelin ANDMAYBE fog", "[a TO b]", "has:author", '"crew leak"~1', "Ångström", "東京"]
    ),
    st.text("ab'\"()-:~^*\\?=[]", max_size=6),
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_CLAUSES, min_size=1, max_size=5).map(" ".join))
@example("what is the statoin of the zeppelin in the fog")
@example("title:statoin AND NOT OR")
def test_every_suggested_query_is_read_as_it_stands_and_finds_what_it_says(index: Path, query: str) -> None:
    results = search(query, index=index, limit=0)
    for text, count in readings(results):
        parsed = parse(text)
        assert parsed.notices == ()
        assert parse(canonical(parsed.tree)).tree == parsed.tree
        again = search(text, index=index, limit=0)
        assert again.complete == count > results.complete or (again.complete >= count and " the " in f" {text} ")
    for notice in results.notices:
        if notice.suggestion and results.diagnosis and notice in results.diagnosis.notices:
            again = search(notice.suggestion, index=index, limit=0)
            # Where no article has all of the words as corrected, the notice counts each of them.
            assert again.complete or (again.total and " with “" in notice.message)


@settings(max_examples=80)
@given(st.lists(_CLAUSES, min_size=1, max_size=5).map(" ".join))
def test_relaxing_a_query_gives_other_queries(query: str) -> None:
    tree = parse(query).tree
    found: list[Variant] = list(variants(tree))
    assert all(variant.tree != tree and variant.cost > 0 and variant.change for variant in found)


def test_a_very_long_query_is_diagnosed_in_bounds(index: Path) -> None:
    words = " ".join(f"zeppelin{number}" for number in range(400))
    results = search(words, index=index)
    assert not results.complete
    assert len(results.notices) < 10
    nested = "(" * 100 + "zeppelin" + ")" * 100
    assert search(f"{nested} author:nobody", index=index).total == 0
