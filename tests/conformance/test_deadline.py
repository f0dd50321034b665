"""Engines stop when time is up, and are none the worse for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from index.engines import deadline
from index.engines.contract import Engine, Searcher
from index.engines.costs import may_take_long
from index.engines.deadline import MAX_LEFT_BEHIND, TimeUp, in_time, is_any_left_behind, until
from index.errors import QueryError
from index.query import (
    And,
    Boost,
    Everything,
    Fuzzy,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Regex,
    Term,
    Wildcard,
)
from index.schema import Form

SLOW = Or((Wildcard("body", "*a*"), Regex("body", ".*e.*"), Fuzzy("body", "water", 2)))


@pytest.mark.parametrize(
    "ask",
    [
        lambda searcher: searcher.search(SLOW, limit=5),
        lambda searcher: searcher.search(SLOW, limit=0),
        lambda searcher: searcher.search(Term("body", "water", Form.WORD), limit=5),
        lambda searcher: searcher.day_counts(SLOW),
        lambda searcher: searcher.commonest("body", Form.WORD, limit=5),
        lambda searcher: searcher.commonest("body", Form.WORD, limit=5, within=SLOW),
        lambda searcher: list(searcher.terms("body", Form.WORD)),
    ],
    ids=["slow", "count", "word", "days", "commonest", "commonest within", "terms"],
)
def test_nothing_is_answered_after_the_deadline(searcher: Searcher, ask: Callable[[Searcher], object]) -> None:
    with until(time.monotonic() - 1), pytest.raises(TimeUp):
        ask(searcher)


def test_a_searcher_that_was_stopped_answers_as_before(searcher: Searcher) -> None:
    before = searcher.search(SLOW, limit=20)
    for _ in range(3):
        with until(time.monotonic() - 1), pytest.raises(TimeUp):
            searcher.search(SLOW, limit=20)
    assert searcher.search(SLOW, limit=20) == before
    with until(time.monotonic() + 60):
        assert searcher.search(SLOW, limit=20) == before
        assert searcher.day_counts(SLOW) == searcher.day_counts(And((SLOW,)))


def test_errors_are_the_same_under_a_deadline(searcher: Searcher) -> None:
    with until(time.monotonic() + 60), pytest.raises(QueryError):
        searcher.search(Or((SLOW, Prefix("nowhere", "a"))), limit=5)


def test_the_earlier_of_two_deadlines_counts() -> None:
    with until(time.monotonic() - 1):
        with until(time.monotonic() + 60), pytest.raises(TimeUp):
            deadline.check()
        with pytest.raises(TimeUp):
            deadline.check()
    deadline.check()


def test_long_lists_are_given_up_in_the_middle() -> None:
    with until(time.monotonic() + 60):
        assert list(deadline.checked(range(1000))) == list(range(1000))
    with until(time.monotonic() - 1), pytest.raises(TimeUp):
        list(deadline.checked(range(1000)))


def test_what_cannot_be_stopped_is_left_behind_but_not_without_bound() -> None:
    ends = threading.Event()
    left = threading.active_count()
    try:
        for _ in range(MAX_LEFT_BEHIND):
            with until(time.monotonic() + 0.01), pytest.raises(TimeUp):
                in_time(ends.wait)
        assert is_any_left_behind()
        with until(time.monotonic() + 60), pytest.raises(QueryError, match="have not ended yet"):
            in_time(lambda: 1)
        assert in_time(lambda: 1) == 1, "without a deadline nothing changes"
    finally:
        ends.set()
    for thread in threading.enumerate():
        if thread.name == "byline-search":
            thread.join()
    assert threading.active_count() == left
    assert not is_any_left_behind()
    with until(time.monotonic() + 60):
        assert in_time(lambda: 1) == 1


def test_what_is_raised_in_time_arrives() -> None:
    def fail() -> None:
        raise KeyError("x")

    with until(time.monotonic() + 60), pytest.raises(KeyError, match="x"):
        in_time(fail)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Term("body", "a"), False),
        (And((Term("body", "a"), Not(Range("date", 1, None)), Boost(Phrase("body", ("a", "b")), 2.0))), False),
        (Everything(), False),
        (Phrase("body", ("a", "b"), slop=1), True),
        (Near("body", ((("a",),), (("b",),)), 3), True),
        (Not(Wildcard("body", "a*b")), True),
        (Range("body", "a", None), True),
        (Or(tuple(Term("body", str(number)) for number in range(1000))), True),
    ],
)
def test_what_may_take_long_is_known_beforehand(query: Query, *, expected: bool) -> None:
    assert may_take_long(query) is expected


def test_pages_far_down_may_take_long() -> None:
    assert may_take_long(Term("body", "a"), 500_000)


def test_what_cannot_be_done_in_time_is_not_begun(
    an_engine: Engine, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    if an_engine.name != "tantivy":  # others can be stopped at any time
        return
    many = Or(tuple(Wildcard("body", f"*{letter}*") for letter in "abcdefgh"))
    few = Or(many.clauses[:3])
    with until(time.monotonic() + 60):
        expected = searcher.search(many, limit=5)
        monkeypatch.setattr("index.engines.tantivy_searcher.left", lambda: 1e-9)
        with pytest.raises(TimeUp):
            searcher.search(many, limit=5)
        assert searcher.search(few, limit=5).page
        monkeypatch.undo()
        assert searcher.search(many, limit=5) == expected
    assert not is_any_left_behind()
