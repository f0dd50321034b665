"""Newer articles first: the formula, the window, and pages that follow from one list, on every engine."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from index.build import build
from index.document import Document
from index.engines import ENGINE_NAMES
from index.engines.contract import Order
from index.errors import UsageError
from index.query import Everything, Term
from index.storage.store import Store
from search import search
from search.lowering.recency import FLOOR, WINDOW, Recency, RecentFirst, parse_recency, stored_date

TODAY = dt.date(2024, 6, 30)
COUNT = WINDOW + 60
TIDE = Term("text", "tide.en")


@pytest.mark.parametrize(("text", "days"), [("30d", 30), ("2w", 14), ("6m", 180), ("1y", 365), (" 10D ", 10)])
def test_a_half_life_is_written_in_days_weeks_months_or_years(text: str, days: int) -> None:
    assert parse_recency(text, TODAY) == Recency(days, TODAY)


@pytest.mark.parametrize("text", ["30", "d", "0d", "-3d", "1.5y", "30 days", "99999d", "soon"])
def test_other_half_lives_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="as in 30d"):
        parse_recency(text)


def test_the_factor() -> None:
    recency = Recency(30, TODAY)
    assert recency.factor(TODAY) == 1
    assert recency.factor(TODAY - dt.timedelta(30)) == pytest.approx((1 + FLOOR) / 2)
    assert recency.factor(TODAY - dt.timedelta(60)) == pytest.approx(FLOOR + (1 - FLOOR) / 4)
    assert recency.factor(TODAY + dt.timedelta(400)) == 1
    assert recency.factor(None) == FLOOR
    assert recency.factor(dt.date.min) == pytest.approx(FLOOR)


def test_the_date_of_a_stored_document_is_its_own() -> None:
    hostile = '"date":"1999-01-01"'
    day = dt.date(2020, 2, 3)
    document = Document(source=hostile, title=hostile, authors=(hostile,), body=hostile, extra={"date": "1999-01-01"})
    assert stored_date(document.to_json()) is None
    dated = Document(source="date", title=hostile, authors=("date", hostile), date=day, extra={"date": "1999-01-01"})
    assert stored_date(dated.to_json()) == day


@pytest.fixture(scope="module", params=ENGINE_NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    lines = []
    for number in range(COUNT):
        day = dt.date(2024, 6, 29) - dt.timedelta(number * 37 % 1000)
        body = "The tide came in. " * (1 + number % 9) + "The harbour slept on, and the bell was silent. " * (
            number % 7
        )
        lines.append(
            {"title": f"Entry {number}", "lang": "en", "body": body}
            | ({"date": day.isoformat()} if number % 10 else {})
        )
    (home / "tides.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    build([home / "tides.jsonl"], home / ".byline", engine=request.param, jobs=1)
    return home / ".byline"


def test_the_best_are_reordered_and_the_others_keep_their_order(index: Path) -> None:
    recency = Recency(100, TODAY)
    with Store.open(index) as store:
        plain = store.searcher().search(TIDE, limit=COUNT)
        found = RecentFirst(store.searcher(), recency).search(TIDE, limit=COUNT)
    assert found.total == plain.total == COUNT
    scores = {match.id: match.score * recency.factor(Document.from_stored(match.stored).date) for match in plain.page}
    assert {match.id: match.score for match in found.page} == pytest.approx(scores)
    best = sorted(plain.page[:WINDOW], key=lambda match: (-scores[match.id], match.id))
    assert [match.id for match in found.page] == [match.id for match in [*best, *plain.page[WINDOW:]]]
    assert [match.id for match in found.page] != [match.id for match in plain.page]


@pytest.mark.parametrize("limit", [1, 7, WINDOW - 1, WINDOW, WINDOW + 1])
def test_pages_have_neither_duplicates_nor_gaps(index: Path, limit: int) -> None:
    with Store.open(index) as store:
        searcher = RecentFirst(store.searcher(), Recency(100, TODAY))
        whole = [match.id for match in searcher.search(TIDE, limit=COUNT).page]
        starts = range(0, COUNT + limit, limit) if limit > 1 else range(WINDOW - 3, WINDOW + 3)
        pages = [searcher.search(TIDE, limit=limit, offset=start) for start in starts]
    assert {page.total for page in pages} == {COUNT}
    paged = [match.id for page in pages for match in page.page]
    assert paged == (whole if limit > 1 else whole[WINDOW - 3 : WINDOW + 3])


def test_counting_and_other_orders_are_left_alone(index: Path) -> None:
    with Store.open(index) as store:
        searcher = RecentFirst(store.searcher(), Recency(100, TODAY))
        assert searcher.search(TIDE, limit=0).page == []
        assert searcher.search(TIDE, limit=0).total == COUNT
        newest = searcher.search(Everything(), limit=30, order=Order.NEWEST)
        assert newest == store.searcher().search(Everything(), limit=30, order=Order.NEWEST)


def test_a_search_puts_the_newer_of_two_like_articles_first(tmp_path: Path) -> None:
    days = {"old": "2001-05-04", "new": dt.date.today().isoformat(), "undated": ""}
    for engine in ENGINE_NAMES:
        home = tmp_path / engine
        home.mkdir()
        for name, day in days.items():
            head = f"date: {day}\n" if day else ""
            (home / f"{name}.md").write_text(f"---\ntitle: Entry {name}\n{head}---\n\nThe tide came in at noon.\n")
        index = home / ".byline"
        build([home], index, engine=engine)
        plain = {hit.title: hit.score for hit in search("tide", index=index, collapse=False)}
        found = search("tide", index=index, recency="30d", collapse=False)
        assert found[0].title == "Entry new"
        assert {hit.title: hit.score for hit in found} == pytest.approx(
            {"Entry new": plain["Entry new"], "Entry old": FLOOR * plain["Entry old"],
             "Entry undated": FLOOR * plain["Entry undated"]}
        )  # fmt: skip
        some = search("tide zebra", index=index, recency="30d", collapse=False)  # those with some of the words
        assert some[0].title == "Entry new"
        with pytest.raises(UsageError, match="as in 30d"):
            search("tide", index=index, recency="soon")
