"""Pages: the same order every time, whole, without gaps or repeats."""

from __future__ import annotations

import threading

import pytest

from index.engines.contract import AnalysedDocument, Order, Searcher
from index.errors import QueryError
from index.query import AndMaybe, Boost, Everything, Not, Or, Prefix, Query, Range, Term
from index.schema import Form
from tests.conformance.conftest import Build
from tests.conformance.documents import analysed, bodies

THE = Term("body", "the", Form.WORD)
QUERIES: dict[str, Query] = {
    "scores that differ": Or((THE, Term("body", "of", Form.WORD))),
    "few scores": Term("author", "ada", Form.WORD),
    "one score": Term("source", "clippings", Form.WORD),
    "1 everywhere": Prefix("body", "s"),
    "0 everywhere": Everything(),
    "some higher": AndMaybe(Range("date"), Boost(Prefix("title", "s"), 2.0)),
    "negative": Not(THE),
}


def expected_order(page: list[tuple[str, float]], documents: list[AnalysedDocument], order: Order) -> list[str]:
    """The ids as they should come, by the scores that were given."""
    days = {document.id: document.columns.get("date_raw") for document in documents}

    def key(match: tuple[str, float]) -> tuple[float, str]:
        day = days[match[0]]
        if order is Order.SCORE:
            return -match[1], match[0]
        if not isinstance(day, int):
            return float("inf"), match[0]
        return (-day if order is Order.NEWEST else day), match[0]

    return [one for one, _ in sorted(page, key=key)]


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
    for size in (1, 7, 50):
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


def test_ids_that_begin_alike_are_told_apart(build: Build) -> None:
    names = [f"a-long-common-beginning-{number:03}" for number in range(120)]
    searcher = build(analysed(name, {"body_word": ["x"]}) for name in reversed(names))
    for query in (Everything(), Term("body", "x", Form.WORD)):
        assert [match.id for match in searcher.search(query, limit=10, offset=55).page] == names[55:65]
    assert searcher.ids("a-long", 30) == names[:30]


def test_scores_come_with_every_order(searcher: Searcher) -> None:
    by_score = {match.id: match.score for match in searcher.search(THE, limit=1000).page}
    assert len(set(by_score.values())) > 10
    for order in (Order.NEWEST, Order.OLDEST):
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
    with pytest.raises(QueryError):
        searcher.terms("date", Form.RAW)
    with pytest.raises(QueryError):
        searcher.doc_freq("nowhere", Form.WORD, "a")
