"""Facets, the timeline, and drilling down: what is counted is what is then found, on every engine."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from pathlib import Path

import pytest

from index.build import build
from index.engines import ENGINE_NAMES
from index.errors import UsageError
from search import SearchResults, search
from search.exploring.facets import Facet
from search.exploring.timeline import MAX_BARS, timeline

RECORDS = [
    ("Leak one", ["AFP"], "2022-12-20", "World", ["space", "Moon landing"], "coolant leak in the station"),
    ("Leak two", ["afp"], "2022-12-03", "world", ["Space"], "a coolant leak again, and coolant"),
    ("Leak three", ["AFP Moscow", "José Arcadio"], "2021-01-31", "Science / Tech", "moon landing", "coolant leak"),
    ("Leak four", ["Jose Arcadio", "Ana “Nina” Ruiz"], "", "", [], "the leak of coolant was small"),
    ("Eels", ["Ana Ruiz"], "2020-02-29", "World", ["C++", "C#"], "eels in the lake leak no coolant"),
    ("Soup", [], "2020-02-28", "Food", ["soup"], "soup and what is in it"),
    ("Fisch", ["Karl \\ May"], "2019-07-01", "", ["R&D", "R D"], "der Fisch und das Wasser und die Suppe"),
]
ALL = ("author", "year", "month", "language", "section", "folder", "tags")


@pytest.fixture(scope="module", params=ENGINE_NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    folders = ["News", "News/2022", "News/2022/a b", "old", "old", "news", ""]
    for number, (title, authors, date, section, tags, body) in enumerate(RECORDS):
        path = home / "articles" / folders[number] / f"a{number}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        record = {"title": title, "authors": authors, "date": date, "section": section, "tags": tags, "body": body}
        path.write_text(json.dumps({name: value for name, value in record.items() if value}), "utf-8")
    (home / "byline.toml").write_text('[index]\nfacets = ["Tags"]\n', "utf-8")
    build([home / "articles"], home / ".byline", engine=request.param)
    return home / ".byline"


def values(facet: Facet) -> list[tuple[str, int]]:
    return [(value.value, value.count) for value in facet.values]


def facet(results: SearchResults, name: str) -> Facet:
    return next(facet for facet in results.facets if facet.name == name)


def test_facets_of_what_is_found(index: Path) -> None:
    found = search("coolant", index=index, facets=ALL)
    assert found.total == 5
    assert [facet.name for facet in found.facets] == list(ALL)
    assert values(facet(found, "author")) == [
        ("AFP", 2),
        ("José Arcadio", 2),
        ("AFP Moscow", 1),
        ("Ana “Nina” Ruiz", 1),
        ("Ana Ruiz", 1),
    ]
    assert values(facet(found, "year")) == [("2022", 2), ("2021", 1), ("2020", 1)]
    assert values(facet(found, "month")) == [("2022-12", 2), ("2021-01", 1), ("2020-02", 1)]
    assert values(facet(found, "section")) == [("World", 3), ("Science / Tech", 1)]
    assert facet(found, "section").missing == 1
    assert facet(found, "year").missing == 1
    assert values(facet(found, "folder")) == [("articles", 5)]
    assert values(facet(found, "tags")) == [("Moon landing", 2), ("space", 2), ("C#", 1), ("C++", 1)]


QUERIES = [
    "coolant",
    "*",
    "leak coolant",
    "leak OR soup",
    "author:afp",
    "-coolant",
    '"coolant leak',
    "(coolant",
    "AND coolant",
    "date:2022 leak",
    "zeppelin coolant soup",
    "what is the leak of coolant in the station",
    "is there any eels or soup in the lake?",
    "coolant le* station?",
    "coolant^3 ANDMAYBE eels",
    'author:="AFP"',
    "folder:articles/news leak",
    "tags:space",
    'tags:="moon landing" section:world OR eels',
    "nothing-matches-this",
    "lang:en",
]


@pytest.mark.parametrize("query", QUERIES)
def test_every_count_is_what_drilling_down_finds(query: str, index: Path) -> None:
    found = search(query, index=index, facets=ALL, facet_values=100, timeline=True)
    assert found.timeline is not None
    counts = {value.query: value.count for facet in found.facets for value in facet.values}
    counts |= {bucket.query: bucket.count for bucket in found.timeline.buckets if bucket.count}
    counts |= {facet.missing_query: facet.missing for facet in found.facets if facet.missing}
    counts |= {found.timeline.undated_query: found.timeline.undated} if found.timeline.undated else {}
    assert bool(counts) == bool(found.total)
    wanted = found.complete or found.total
    assert sum(bucket.count for bucket in found.timeline.buckets) + found.timeline.undated == wanted
    for drilled, count in counts.items():
        below = search(drilled, index=index, limit=100)
        assert below.total == count, drilled
        assert {hit.id for hit in below} <= {hit.id for hit in search(query, index=index, limit=100)}, drilled


def test_clauses_work_as_filters_too_and_change_no_score(index: Path) -> None:
    found = search("coolant", index=index, facets=ALL)
    scores = {hit.id: hit.score for hit in found}
    for each in found.facets:
        for value in each.values:
            apart = search("coolant", index=index, filters=value.filter)
            below = search(value.query, index=index)
            assert apart.total == below.total == value.count
            assert {hit.id: hit.score for hit in apart} == {hit.id: scores[hit.id] for hit in apart}
            assert [hit.score for hit in below] == [hit.score for hit in apart]


def test_a_query_that_reads_well_is_kept_as_typed(index: Path) -> None:
    for query, expected in [
        ("coolant leak", 'coolant leak author:="AFP"'),
        ("*", 'author:="AFP"'),
        ("(coolant leak", 'coolant AND leak AND author:="AFP"'),
        ("leak OR eels", 'leak OR eels author:="AFP"'),
    ]:
        found = search(query, index=index, facets=["author"])
        assert found.facets[0].values[0].query == expected


def test_folders_open_one_below_the_other(index: Path) -> None:
    top = facet(search("*", index=index, facets=["folder"]), "folder")
    assert values(top) == [("articles", 7)]
    below = facet(search(top.values[0].query, index=index, facets=["folder"]), "folder")
    assert [(name.casefold(), count) for name, count in values(below)] == [("articles/news", 4), ("articles/old", 2)]
    news = facet(search("leak", filters=below.values[0].filter, index=index, facets=["source"]), "folder")
    assert [(name.casefold(), count) for name, count in values(news)] == [("articles/news/2022", 2)]
    assert values(facet(search("folder:articles/old", index=index, facets=["folder"]), "folder")) == []


def test_values_beyond_those_asked_for(index: Path) -> None:
    found = search("coolant", index=index, facets=["author", "year"], facet_values=2)
    assert [len(each.values) for each in found.facets] == [2, 2]
    assert [each.more for each in found.facets] == [True, True]
    assert not search("coolant", index=index, facets=["author"], facet_values=5).facets[0].more


def test_other_names_and_none(index: Path) -> None:
    found = search("coolant", index=index, facets=["LANG", " source ", "authors", "author", "TAGS"])
    assert [each.name for each in found.facets] == ["language", "folder", "author", "tags"]
    assert search("coolant", index=index).facets == ()
    assert search("coolant", index=index).timeline is None
    with pytest.raises(UsageError, match="no facet “size”") as raised:
        search("coolant", index=index, facets=["size"])
    assert "tags" in str(raised.value)
    with pytest.raises(UsageError, match="too many"):
        search("coolant", index=index, facets=["author"] * 31)
    with pytest.raises(UsageError, match="facet_values"):
        search("coolant", index=index, facets=["author"], facet_values=0)


def test_a_facet_that_is_not_declared_is_no_field(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"title": "Tags", "tags": ["moon"], "body": "the tags moon"}', "utf-8")
    build([tmp_path / "a.json"], tmp_path / ".byline")
    with pytest.raises(UsageError, match="no facet “tags”"):
        search("moon", index=tmp_path, facets=["tags"])
    assert "no field “tags”" in search("tags:moon", index=tmp_path).notices[0].message
    (tmp_path / "byline.toml").write_text('[index]\nfacets = ["tags"]\n', "utf-8")
    assert "facets is" in search("moon", index=tmp_path).notices[0].message
    build([], tmp_path / ".byline")
    assert search("tags:moon", index=tmp_path, facets=["tags"]).facets[0].values[0].count == 1


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ('author:="AFP"', 2),
        ("author:=“afp”", 2),
        ("author:AFP", 3),
        ('author:="Moscow"', 0),
        ('author:="jose arcadio"', 2),
        ('author:="Karl \\\\ May"', 1),
        ("section:WORLD", 3),
        ("section:scien*", 1),
        ("-section:world", 4),
        ("tags:space", 2),
        ("tags:moon", 0),
        ("tags:moon*", 2),
        ('tags:"moon-landing"', 2),
        ('tags:="C++"', 1),
        ('tags:="R&D"', 1),
        ("tags:(space OR soup)", 3),
        ("folder:articles", 7),
        ("folder:articles/", 7),
        ("folder:articles/news/2022", 2),
        ('folder:"articles/News/2022/a b"', 1),
        ("folder:news", 0),
        ('title:="leak one"', 1),
        ('title:="leak"', 0),
        ('source:="articles/a6.json"', 1),
        ('lang:="de"', 1),
        ('="leak one"', 1),
    ],
)
def test_whole_values(query: str, count: int, index: Path) -> None:
    found = search(query, index=index)
    assert (found.total if found.complete else 0) == count
    assert search(found.interpreted, index=index).interpreted == found.interpreted


def test_filters_stand_apart(index: Path) -> None:
    found = search("coolant", index=index, filters="author:afp  date:2022")
    assert (found.total, found.interpreted) == (2, "coolant")
    assert found.filters == "author:afp AND date:[2022-01-01 TO 2022-12-31]"
    assert all(spans == () for hit in found for spans in hit.author_spans)
    assert any(spans for hit in search("coolant author:afp", index=index) for spans in hit.author_spans)
    plain = {hit.id: hit.score for hit in search("coolant", index=index)}
    assert all(hit.score == plain[hit.id] for hit in found)
    assert search("", index=index, filters="date:2022").total == 2
    assert search("", index=index, filters="date:2022").notices == ()
    assert search("", index=index).total == 0
    assert search("zeppelin coolant", index=index, filters="date:2022").total == 2
    assert search("zeppelin coolant", index=index, filters="date:2022").complete == 0
    assert search("coolant", index=index, filters="date:1999").total == 0


def test_the_unit_of_a_timeline_is_the_shortest_that_fits() -> None:
    day = dt.date(2022, 12, 20)

    def shape(days: int) -> tuple[str, int]:
        counts = {day.toordinal(): 2, day.toordinal() - days: 1}
        found = timeline(counts, 5, str)
        assert found.undated == 5 - sum(counts.values())
        assert sum(bucket.count for bucket in found.buckets) == sum(counts.values())
        assert len(found.buckets) <= MAX_BARS
        assert found.buckets[0].count
        assert found.buckets[-1].count
        for first, second in itertools.pairwise(found.buckets):
            assert second.first == first.last + dt.timedelta(days=1)
        return found.unit, len(found.buckets)

    assert shape(0) == ("day", 1)
    assert shape(59) == ("day", 60)
    assert shape(60) == ("week", 10)
    assert shape(7 * 59) == ("week", 60)
    assert shape(7 * 60) == ("month", 15)
    assert shape(365 * 4) == ("month", 49)
    assert shape(365 * 6) == ("year", 7)
    assert shape(365 * 80) == ("10 years", 9)
    assert shape(365 * 700) == ("100 years", 8)
    assert shape(day.toordinal() - 1) == ("100 years", 21)
    empty = timeline({}, 3, str)
    assert (empty.buckets, empty.undated) == ((), 3)
    last = timeline({dt.date.max.toordinal(): 1, dt.date.max.toordinal() - 20000: 1}, 2, str)
    assert last.buckets[-1].last == dt.date.max


def test_buckets_say_which_days_they_hold(index: Path) -> None:
    found = search("coolant", index=index, timeline=True, limit=0)
    assert found.timeline is not None
    assert found.timeline.unit == "month"
    first, *_, last = found.timeline.buckets
    assert (first.label, first.first, first.last, first.count) == (
        "2020-02",
        dt.date(2020, 2, 1),
        dt.date(2020, 2, 29),
        1,
    )
    assert (last.label, last.count, last.query) == ("2022-12", 2, "coolant date:2022-12")
    assert len(found.timeline.buckets) == 35
    assert found.to_dict()["timeline"]["buckets"][1]["count"] == 0
    json.dumps(found.to_dict())
