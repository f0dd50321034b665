"""Pages: the same order every time, whole, without gaps or repeats."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest

from index.engines.contract import After, AnalysedDocument, ColumnValue, Engine, Key, Match, Order, Searcher
from index.errors import QueryError
from index.query import And, AndMaybe, Boost, Everything, Not, Nothing, Or, Prefix, Query, Range, Term
from index.schema import SCHEMA, Form
from tests.brute_force import day_counts, ordered
from tests.conformance.conftest import Build
from tests.conformance.documents import FIRST_DAY, LAST_DAY, analysed, bodies

THE = Term("body", "the", Form.WORD)
QUERIES: dict[str, Query] = {
    "scores that differ": Or((THE, Term("body", "of", Form.WORD))),
    "few scores": Term("author", "ada", Form.WORD),
    "one score": Term("source", "clippings", Form.WORD),
    "1 everywhere": Prefix("body", "s"),
    "1 for each of several": Or((Prefix("title", "s"), Prefix("body", "s"), Prefix("title", "l"), Prefix("body", "l"))),
    "0 everywhere": Everything(),
    "days": And((Range("date", FIRST_DAY + 50, LAST_DAY), Boost(THE, 0.0))),
    "some higher": AndMaybe(Range("date"), Boost(Prefix("title", "s"), 2.0)),
    "negative": Not(THE),
}


BY_COLUMN = [order for order in Order if order.column]


def expected_order(page: list[tuple[str, float]], documents: list[AnalysedDocument], order: Order) -> list[str]:
    """The ids as they should come, by the scores that were given."""
    if order.column:
        scores = dict(page)
        return ordered((document for document in documents if document.id in scores), order)
    return [one for one, _ in sorted(page, key=lambda match: (-match[1] if order.falls else match[1], match[0]))]


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("name", QUERIES)
def test_order_is_by_its_key_and_then_by_id(
    name: str, order: Order, searcher: Searcher, documents: list[AnalysedDocument]
) -> None:
    page = [(match.id, match.score) for match in searcher.search(QUERIES[name], limit=1000, order=order).page]
    assert len(page) > 40
    assert [one for one, _ in page] == expected_order(page, documents, order)


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("name", QUERIES)
def test_pages_put_together_are_the_whole(name: str, order: Order, searcher: Searcher) -> None:
    whole = searcher.search(QUERIES[name], limit=1000, order=order)
    for size in (7, 50):
        pages = []
        for offset in range(0, 100, size):
            found = searcher.search(QUERIES[name], limit=size, offset=offset, order=order)
            assert found.total == whole.total
            pages += found.page
        assert pages == whole.page[: len(pages)]


@pytest.mark.parametrize("order", Order)
def test_a_page_beyond_the_end_is_empty(order: Order, searcher: Searcher) -> None:
    total = searcher.search(THE, limit=0).total
    assert searcher.search(THE, limit=10, offset=total, order=order).page == []
    assert searcher.search(THE, limit=10, offset=total + 1000, order=order).page == []
    assert searcher.search(THE, limit=10, offset=total + 1000, order=order).total == total
    assert len(searcher.search(THE, limit=10, offset=total - 3, order=order).page) == 3


@pytest.mark.parametrize("order", Order)
def test_limit_0_counts(order: Order, searcher: Searcher) -> None:
    found = searcher.search(THE, limit=0, order=order)
    assert found.page == []
    assert found.total > 100


@pytest.mark.parametrize(("limit", "offset"), [(-1, 0), (10, -1), (10, 10**9), (10**9, 0)])
def test_a_page_that_cannot_be_is_refused(limit: int, offset: int, searcher: Searcher) -> None:
    with pytest.raises(QueryError):
        searcher.search(THE, limit=limit, offset=offset)


def test_days_order_dated_before_undated(build: Build) -> None:
    dated = [(3, "b"), (5, "e"), (None, "a"), (5, "c"), (1, "f"), (None, "d")]
    searcher = build(
        analysed(one, {"body_word": ["x"], **({} if day is None else {"date_raw": day})}) for day, one in dated
    )

    def ids(order: Order) -> str:
        found = searcher.search(Term("body", "x", Form.WORD), limit=10, order=order)
        return "".join(match.id for match in found.page)

    assert ids(Order.NEWEST) == "cebfad"
    assert ids(Order.OLDEST) == "fbcead"
    assert ids(Order.SCORE) == "abcdef"


@pytest.mark.parametrize("order", BY_COLUMN)
@pytest.mark.parametrize("name", QUERIES)
def test_pages_that_begin_after_one_another_are_the_whole(name: str, order: Order, searcher: Searcher) -> None:
    whole = searcher.search(QUERIES[name], limit=1000, order=order)
    found: list[Match] = []
    while page := searcher.search(QUERIES[name], limit=37, order=order, after=_place(found)).page:
        found += page
    assert found == whole.page
    later = searcher.search(QUERIES[name], limit=3, offset=5, order=order, after=_place(found[:20]))
    assert (later.total, later.page) == (whole.total, whole.page[25:28])


def _place(found: list[Match]) -> After | None:
    return After(found[-1].key, found[-1].id) if found else None


def test_a_place_need_not_hold_a_document(build: Build) -> None:
    days = [3, 5, 5, 7, None, None]
    titles = ["alpha beta gamma one", "alpha beta gamma two", "alpha beta gamma two", "b", "", None]
    searcher = build(
        analysed(
            f"d{number}", ({"date_raw": day} if day else {}) | ({"title_raw": [title]} if title is not None else {})
        )
        for number, (day, title) in enumerate(zip(days, titles, strict=True))
    )

    def ids(order: Order, key: Key, id: str) -> str:
        found = searcher.search(Everything(), limit=10, order=order, after=After(key, id)).page
        return "".join(match.id.removeprefix("d") for match in found)

    assert ids(Order.OLDEST, 5, "d1") == "2345"
    assert ids(Order.OLDEST, 5, "d11") == "2345"
    assert ids(Order.OLDEST, 4, "d9") == "12345"
    assert ids(Order.OLDEST, None, "d4") == "5"
    assert ids(Order.NEWEST, 5, "d1") == "2045"
    assert ids(Order.NEWEST, 6, "a") == "12045"
    assert ids(Order.TITLE, "alpha beta gamma ten", "d0") == "12345"
    assert ids(Order.TITLE, "alpha beta gamma two", "d1") == "2345"
    assert ids(Order.TITLE_DOWN, "alpha beta gamma ten", "d0") == "045"
    assert ids(Order.TITLE_DOWN, "alpha beta gamma two", "d1") == "2045"
    assert ids(Order.TITLE_DOWN, None, "d3") == "45"
    assert ids(Order.TITLE_DOWN, "a", "") == "45"
    assert ids(Order.AUTHOR, None, "") == "012345"


def test_there_is_no_place_among_scores_nor_of_another_type(searcher: Searcher) -> None:
    for order, key in ((Order.SCORE, None), (Order.LOWEST, None), (Order.NEWEST, "a"), (Order.TITLE, 1)):
        with pytest.raises(QueryError):
            searcher.search(THE, limit=1, order=order, after=After(key, "a"))


@pytest.mark.parametrize("order", BY_COLUMN)
def test_paging_on_while_the_index_changes(order: Order, an_engine: Engine, tmp_path: Path) -> None:
    """Documents that stay come once each, whatever is added, deleted or replaced between the pages."""
    chance = random.Random(order.value)

    def made(number: int) -> AnalysedDocument:
        name = chance.choice(["", "alpha", "alpha beta", "alpha beta gamma", "alpha beta delta", "omega", "ß", "ü"])
        columns: dict[str, ColumnValue] = {"body_word": ["the"], "title_raw": [name], "first_author_raw": [name]}
        if number % 4:
            columns["date_raw"] = chance.randint(1, 6)
        return analysed(f"{'same-beginning-' * (number % 2)}{number:03}", columns)

    an_engine.create(tmp_path, SCHEMA)
    present = {document.id: document for document in map(made, range(60))}
    with an_engine.writer(tmp_path, SCHEMA) as writer:
        for document in present.values():
            writer.add(document)
    staying = dict(present)
    seen: list[Match] = []
    number = 60
    while True:
        searcher = an_engine.searcher(tmp_path, SCHEMA)
        page = searcher.search(THE, limit=7, order=order, after=_place(seen)).page
        searcher.close()
        if not page:
            break
        seen += page
        gone = chance.sample(sorted(present), 3)
        with an_engine.writer(tmp_path, SCHEMA) as writer:
            writer.delete(gone)
            for one in gone:
                present.pop(one)
                staying.pop(one, None)
            for document in map(made, range(number, min(number + 4, 120))):
                present[document.id] = document
                writer.add(document)
            number += 4
    ids = [match.id for match in seen]
    assert len(ids) == len(set(ids))
    assert len(staying) > 10
    assert [one for one in ids if one in staying] == ordered(staying.values(), order)


def test_days_are_counted(searcher: Searcher, documents: list[AnalysedDocument]) -> None:
    for query in (*QUERIES.values(), Range("date", 737_100, 737_110), Nothing()):
        found = searcher.day_counts(query)
        assert found == day_counts(query, documents)
        assert list(found) == sorted(found)


def test_days_of_deleted_documents_are_not_counted(an_engine: Engine, tmp_path: Path) -> None:
    an_engine.create(tmp_path, SCHEMA)
    with an_engine.writer(tmp_path, SCHEMA) as writer:
        for number in range(12):
            writer.add(analysed(f"d{number:02}", {"date_raw": number // 4, "has_raw": ["x"]}))
        writer.commit()
        writer.delete(["d00", "d01", "d02", "d03", "d05"])
        writer.add(analysed("d05", {"date_raw": -7}))
    searcher = an_engine.searcher(tmp_path, SCHEMA)
    assert searcher.day_counts(Everything()) == {-7: 1, 1: 3, 2: 4}
    assert searcher.day_counts(Term("has", "x", Form.RAW)) == {1: 3, 2: 4}
    searcher.close()


def test_more_days_than_a_library_counts_at_a_time(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.engines.tantivy_searcher._MOST_DAYS", 5)
    days = [*range(10), 3_000_000, 3_000_000]
    searcher = build(analysed(f"d{number}", {"date_raw": day}) for number, day in enumerate(days))
    assert searcher.day_counts(Everything()) == {day: days.count(day) for day in days}


def test_ids_that_begin_alike_are_told_apart(build: Build) -> None:
    names = [f"a-long-common-beginning-{number:03}" for number in range(120)]
    searcher = build(analysed(name, {"body_word": ["x"]}) for name in reversed(names))
    for query in (Everything(), Term("body", "x", Form.WORD)):
        assert [match.id for match in searcher.search(query, limit=10, offset=55).page] == names[55:65]
    assert searcher.ids("a-long", 30) == names[:30]


def test_scores_come_with_every_order(searcher: Searcher) -> None:
    by_score = {match.id: match.score for match in searcher.search(THE, limit=1000).page}
    assert len(set(by_score.values())) > 10
    for order in Order:
        for match in searcher.search(THE, limit=20, offset=5, order=order).page:
            assert match.score == pytest.approx(by_score[match.id])


def test_several_threads_may_search_at_once(searcher: Searcher) -> None:
    expected = {name: searcher.search(query, limit=30) for name, query in QUERIES.items()}
    wrong: list[str] = []

    def ask(turn: int) -> None:
        for step in range(20):
            name = list(QUERIES)[(turn + step) % len(QUERIES)]
            if searcher.search(QUERIES[name], limit=30) != expected[name] or searcher.document("g0007") is None:
                wrong.append(name)

    threads = [threading.Thread(target=ask, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_an_empty_index_answers(build: Build) -> None:
    searcher = build([])
    queries: list[Query] = [Everything(), Not(THE), THE, Prefix("body", ""), Range("date"), Range("body", "a")]
    for query in queries:
        for order in Order:
            found = searcher.search(query, limit=10, order=order)
            assert (found.total, found.page) == (0, [])
    assert searcher.document_count == 0
    assert searcher.document("d0") is None
    assert searcher.ids("", 10) == []
    assert list(searcher.terms("body", Form.WORD)) == []
    assert searcher.doc_freq("body", Form.WORD, "a") == 0


def test_terms_are_sorted_and_counted(build: Build) -> None:
    searcher = build(bodies(["b a a", "a é", "ab 北京 😀", "aa|ab", "\ue000 z"]))
    assert list(searcher.terms("body", Form.WORD)) == [
        ("a", 2),
        ("aa", 1),
        ("ab", 2),
        ("b", 1),
        ("z", 1),
        ("é", 1),
        ("北京", 1),
        ("\ue000", 1),
        ("😀", 1),
    ]
    assert list(searcher.terms("body", Form.WORD, "a")) == [("a", 2), ("aa", 1), ("ab", 2)]
    assert list(searcher.terms("body", Form.WORD, "nothing")) == []
    assert list(searcher.terms("title", Form.WORD)) == []
    assert searcher.doc_freq("body", Form.WORD, "ab") == 2
    assert searcher.doc_freq("body", Form.WORD, "nothing") == 0
    assert searcher.doc_freqs("body", Form.WORD, ["nothing", "ab", "nothing"]) == [0, 2, 0]
    assert searcher.doc_freqs("body", Form.WORD, []) == []
    with pytest.raises(QueryError):
        searcher.terms("date", Form.RAW)
    with pytest.raises(QueryError):
        searcher.doc_freq("nowhere", Form.WORD, "a")
