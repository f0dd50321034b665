"""Searching from Python: what `search()` and `document()` give back, on every engine."""

from __future__ import annotations

import datetime as dt
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from index.build import build
from index.engines import ENGINE_NAMES
from index.errors import DocumentNotFound, IndexNotFound, UsageError
from search import document, search
from search.api import marks

ARTICLES = {
    "leak.md": """---
title: Coolant Leak on the Station
author: Ana Ruiz
date: 2022-12-20
url: https://news.example/leak
---

The station lost coolant on Thursday. The crew saw the leak at night, and it leaked for hours.
""",
    "pumps.md": """---
title: How Pumps Move Coolant
authors: [Bo Ek, Ana Ruiz]
date: 2023-05-02
---

A pump moves coolant through the walls of the plant. Nobody thanks it.
""",
    "rope.txt": """Notes on Rope

By Carla Diaz

Rope is patient. It remembers every knot that was ever tied in it, to be or not to be undone.
""",
    "tokyo.md": """---
title: 東京の朝
author: 山田花子
date: 2024-01-02
lang: ja
---

東京大学の近くで、朝の鐘が鳴る。
""",
}


@pytest.fixture(scope="module", params=ENGINE_NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    (home / "articles").mkdir()
    for name, text in ARTICLES.items():
        (home / "articles" / name).write_text(text, "utf-8")
    build([home / "articles"], home / ".byline", engine=request.param)
    return home / ".byline"


def titles(query: str, index: Path) -> list[str]:
    return [hit.title for hit in search(query, index=index)]


LEAK, PUMPS, ROPE, TOKYO = "Coolant Leak on the Station", "How Pumps Move Coolant", "Notes on Rope", "東京の朝"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("coolant", {LEAK, PUMPS}),
        ("coolant leaks", {LEAK}),
        ("COOLANT pump", {PUMPS}),
        ("coolant -pump", {LEAK}),
        ("-coolant", {ROPE, TOKYO}),
        ("leak OR rope", {LEAK, ROPE}),
        ("NOT (leak OR rope)", {PUMPS, TOKYO}),
        ('"lost coolant"', {LEAK}),
        ('"coolant lost"', set()),
        ('"leaks"', set()),
        ('"to be or not to be"', {ROPE}),
        ("=leaked", {LEAK}),
        ("title:leak", {LEAK}),
        ("body:patient", {ROPE}),
        ("author:ruiz", {LEAK, PUMPS}),
        ('author:"bo ek"', {PUMPS}),
        ("source:rope", {ROPE}),
        ("source:articles/p*", {PUMPS}),
        ("url:news.example", {LEAK}),
        ("lang:ja", {TOKYO}),
        ("date:2022", {LEAK}),
        ("date:2022..2023-05", {LEAK, PUMPS}),
        ("date:>2023-05-01 -lang:ja", {PUMPS}),
        ("cool*", {LEAK, PUMPS}),
        ("東京", {TOKYO}),
        ("京", {TOKYO}),
        ("大学の近く", {TOKYO}),
        ("*", {LEAK, PUMPS, ROPE, TOKYO}),
        ("coolant ANDMAYBE pump", {LEAK, PUMPS}),
        ("-date:*", {ROPE}),
        ("lang:japanese OR knot", {ROPE, "東京の朝"}),
        ("/cool.*/", {LEAK, PUMPS}),
        ("colant~", {LEAK, PUMPS}),
        ("p?tient", {ROPE}),
        ('r"knots?"', {ROPE}),
        ("title:[m TO o]", {PUMPS, ROPE}),
    ],
)
def test_finds(index: Path, query: str, expected: set[str]) -> None:
    results = search(query, index=index)
    assert {hit.title for hit in results} == expected
    assert results.total == len(expected)
    assert not results.partial


def test_a_hit_says_what_it_is(index: Path) -> None:
    results = search("coolant leak", index=index)
    (hit,) = results
    assert (hit.rank, hit.title, hit.authors) == (1, LEAK, ("Ana Ruiz",))
    assert hit.date == dt.date(2022, 12, 20)
    assert (hit.url, hit.source, hit.language) == ("https://news.example/leak", "articles/leak.md", "en")
    assert hit.score > 0
    assert [hit.title[slice(*span)] for span in hit.title_spans] == ["Coolant", "Leak"]
    marked = [snippet.text[slice(*span)] for snippet in hit.snippets for span in snippet.spans]
    assert marked == ["coolant", "leak", "leaked"]


def test_results_are_a_sequence_and_json(index: Path) -> None:
    results = search("coolant", index=index)
    assert len(results) == 2 == len(list(results)) == results.total
    assert results[0].rank == 1
    assert results.took > 0
    values = json.loads(json.dumps(results.to_dict()))
    assert values["interpreted"] == "coolant"
    assert [hit["id"] for hit in values["hits"]] == [hit.id for hit in results]
    assert values["hits"][0]["date"] in ("2022-12-20", "2023-05-02")


def test_the_title_counts_most_and_pairs_count_more(index: Path) -> None:
    assert titles("pump", index)[0] == PUMPS
    assert titles("coolant", index)[0] in (LEAK, PUMPS)
    both = search("coolant OR leak", index=index)
    assert both[0].title == LEAK


def test_pages_follow_each_other(index: Path) -> None:
    whole = [hit.id for hit in search("*", index=index)]
    paged = [search("*", index=index, limit=1, offset=at) for at in range(4)]
    assert [page[0].id for page in paged] == whole
    assert [page[0].rank for page in paged] == [1, 2, 3, 4]
    assert len(search("*", index=index, offset=4)) == 0
    assert search("*", index=index, limit=0).total == 4


def test_a_filter_alone_gives_the_newest_first(index: Path) -> None:
    assert titles("date:2000..", index) == [TOKYO, PUMPS, LEAK]
    assert titles("*", index) == [TOKYO, PUMPS, LEAK, ROPE]


def test_only_some_of_the_words(index: Path) -> None:
    results = search("coolant in the zebra", index=index)
    assert results.partial
    assert {hit.title for hit in results} == {LEAK, PUMPS}
    assert all("zebra" in hit.missing and "coolant" not in hit.missing for hit in results)
    said = " ".join(notice.message for notice in results.notices)
    assert "No article has all of" in said
    assert "“zebra” is in no article" in said


def test_filters_stay_in_force_when_only_some_words_match(index: Path) -> None:
    results = search("coolant zebra date:2023", index=index)
    assert results.partial
    assert [hit.title for hit in results] == [PUMPS]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("zebra", "“zebra” is in no article"),
        ("2022", "write date:2022"),
        ("", "The query is empty"),
        ("!!", "no word in this query"),
        ("author:ruiz date:2021", "“date:[2021-01-01 TO 2021-12-31]” matches no article"),
        ("author:diaz date:2022", "no article has all of it"),
    ],
)
def test_nothing_found_says_why(index: Path, query: str, said: str) -> None:
    results = search(query, index=index)
    assert (len(results), results.total) == (0, 0)
    assert any(said in notice.message for notice in results.notices)


def test_a_broken_query_is_answered_and_explained(index: Path) -> None:
    results = search('coolant AND ("lost coolant', index=index)
    assert [hit.title for hit in results] == [LEAK]
    assert results.interpreted == 'coolant AND "lost coolant"'
    assert len(results.notices) == 2


def test_document_by_id_prefix_path_and_url(index: Path) -> None:
    (hit,) = search("title:leak", index=index)
    for name in (hit.id, hit.id[:6], hit.source, f"./{hit.source}", hit.url):
        assert document(name, index=index).title == LEAK
    with pytest.raises(DocumentNotFound, match="no article"):
        document("nonesuch", index=index)


def test_marks_of_a_whole_document(index: Path) -> None:
    found = document("articles/leak.md", index=index)
    marked = marks(found, "leak", index=index)
    assert [found.body[start:end] for start, end in marked.body_spans] == ["leak", "leaked"]


@pytest.mark.parametrize("argument", ["limit", "offset", "snippets", "snippet_length"])
def test_arguments_have_bounds(index: Path, argument: str) -> None:
    with pytest.raises(UsageError, match=argument):
        search("coolant", index=index, **dict[str, Any]({argument: -1}))


def test_what_no_article_has_is_told_with_what_there_is(index: Path) -> None:
    (notice,) = (n for n in search("-has:autor coolant", index=index).notices if "autor" in n.message)
    assert notice.message.startswith("No article has “autor”; there are title, author, date")
    assert notice.position == (5, 10)
    assert notice.suggestion == "-has:author coolant"
    assert search("coolant has:author has:byline -has:extra", index=index).notices == ()


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_what_was_not_understood_is_not_had(engine: str, tmp_path: Path) -> None:
    for name, head in (
        ("whole", "date: 2022-12-20\nurl: https://news.example/leak"),
        ("half", "date: 2022-12\nurl: x"),
    ):
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: A leak\n{head}\n---\n\nThe water leaked.\n")
    index = tmp_path / ".byline"
    build([tmp_path], index, engine=engine)

    def found(query: str) -> list[str]:
        return [hit.source for hit in search(query, index=index).hits]

    for name in ("date", "url"):
        assert found(f"has:{name}") == ["whole.md"]
        assert found(f"-has:{name}") == found(f"-{name}:*") == ["half.md"]
    assert len(found("has:extra")) == 1


def test_that_no_article_is_doubtful_is_no_typing_error(index: Path) -> None:
    (notice,) = (n for n in search("has:doubt", index=index).notices if "doubt" in n.message)
    assert (notice.message, notice.suggestion) == ("No article is doubtful", "")


def test_queries_are_cut_to_their_bounds_and_say_so(index: Path) -> None:
    results = search("coolant " * 200_000, index=index)
    assert results.total == search("coolant", index=index).total
    assert "only the first 9,999 were read" in results.notices[0].message
    assert "more than 500 words" in results.notices[1].message
    results = search(" OR ".join(f"c*t{n:02}" for n in range(60)) + " OR coolant", index=index)
    assert ["too many wildcards" in notice.message for notice in results.notices] == [True]
    assert results.notices[0].position == (360, 365)
    assert results.total == search("coolant", index=index).total


def test_a_long_clause_is_quoted_by_its_beginning(index: Path) -> None:
    query = " OR ".join(f"zebra{number:03}" for number in range(200))
    for each in search(f"({query}) leak", index=index, filters="date:1999").notices:
        assert len(each.message) < 300
    assert "“zebra000 OR zebra001 OR" in " ".join(each.message for each in search(query, index=index).notices)


def test_a_wide_phrase_is_narrowed_and_says_so(index: Path) -> None:
    results = search('"the station lost coolant on thursday"~50', index=index)
    assert [hit.title for hit in results] == [LEAK]
    assert any("at most" in notice.message for notice in results.notices)


def test_accents_never_matter(index: Path, tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    own = tmp_path / ".byline"
    text = "La lumière des marées est une curiosité que les pêcheurs ont regardée avec les enfants dans la nuit.\n"
    (tmp_path / "articles" / "un.md").write_text(f"---\ntitle: Égalité\nlang: fr\n---\n\n{text}", "utf-8")
    build([tmp_path / "articles"], own)
    for word in "lumiere lumière LUMIERE marees marée curiosite regardee egalite Égalité title:egalite".split():
        assert search(word, index=own).total == 1, word
    marked = search("lumiere", index=own)[0].snippets[0]
    assert [marked.text[start:end] for start, end in marked.spans] == ["lumière"]


@pytest.mark.parametrize(
    "query", ["lea?k* " * 60, " ".join(f"w{n}~2" for n in range(60)), " ".join(f"[a{n} TO b]" for n in range(60))]
)
def test_costly_queries_are_cut(index: Path, query: str) -> None:
    """What is only said again costs nothing; sixty different ones are too many."""
    results = search(query, index=index)
    left_out = [notice.message for notice in results.notices if "too many" in notice.message]
    assert [message.endswith("; 19 more likewise") for message in left_out] == ([] if "lea?k" in query else [True])


def test_many_words_that_nothing_has_are_explained(index: Path) -> None:
    results = search(" ".join(f"abc{n}" for n in range(30)), index=index)
    assert results.total == 0
    assert any("30 parts" in notice.message for notice in results.notices)


def test_no_index_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound, match="byline index"):
        search("coolant", index=tmp_path / "none")


def test_a_commit_is_noticed(index: Path, tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    own = tmp_path / ".byline"
    (tmp_path / "articles" / "one.md").write_text("# One\n\nThe heron waits.\n")
    build([tmp_path / "articles"], own)
    assert search("heron", index=own).total == 1
    (tmp_path / "articles" / "two.md").write_text("# Two\n\nAnother heron waits.\n")
    build([tmp_path / "articles"], own)
    assert search("heron", index=own).total == 2
    (tmp_path / "articles" / "one.md").unlink()
    build([tmp_path / "articles"], own)
    assert titles("heron", own) == ["Two"]


def test_threads_search_at_once(index: Path) -> None:
    expected = {query: titles(query, index) for query in ("coolant", "leak OR rope", '"to be"', "date:2022..")}
    wrong: list[str] = []

    def ask(query: str) -> None:
        wrong.extend(query for _ in range(15) if titles(query, index) != expected[query])

    threads = [threading.Thread(target=ask, args=(query,)) for query in expected for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
