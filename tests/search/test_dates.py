"""Dates in queries: what days they mean."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.dates import parse_day, parse_interval

TODAY = dt.date(2024, 3, 31)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022", "2022-01-01", "2022-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2022-12", "2022-12-01", "2022-12-31"),
        ("2022-1-5", "2022-01-05", "2022-01-05"),
        ("2022.01.05", "2022-01-05", "2022-01-05"),
        ("2022-12-20T23:30:00+05:00", "2022-12-20", "2022-12-20"),
        ("2022-12-20 23:30", "2022-12-20", "2022-12-20"),
        ("Today", "2024-03-31", "2024-03-31"),
        ("yesterday", "2024-03-30", "2024-03-30"),
        ("-1m", "2024-02-29", "2024-02-29"),
        ("-2w", "2024-03-17", "2024-03-17"),
        ("-1y", "2023-03-31", "2023-03-31"),
    ],
)
def test_means(text: str, first: str, last: str) -> None:
    assert parse_day(text, TODAY) == (day(first), day(last))


@pytest.mark.parametrize(
    "text", ["", "20", "2022-13", "2022-02-30", "0000", "soon", "-99999y", "12-20-2022", "2022-12-20x"]
)
def test_is_no_date(text: str) -> None:
    assert parse_day(text, TODAY) is None


@pytest.mark.parametrize("text", ["..", "x..2022", "2022..x", ""])
def test_is_no_interval(text: str) -> None:
    assert parse_interval(text, TODAY) is None


@given(st.dates(), st.dates())
def test_an_interval_has_its_ends_in_order(one: dt.date, other: dt.date) -> None:
    assert parse_interval(f"{one.isoformat()}..{other.isoformat()}", TODAY) == (min(one, other), max(one, other))
