"""Dates in queries: what days they mean."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query_language.dates import parse_day, parse_interval

TODAY = dt.date(2024, 3, 31)


WORDS = """last past this since before from to and between ago day days week month months quarter year 3 20 2022 a the
    monday march may December Q3 W07 .. -30d 1990s 31 29 February of . , - / 00 9999 0001 yesterday""".split()


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
        # units of the calendar, weeks from Monday; today is a Sunday
        ("this week", "2024-03-25", "2024-03-31"),
        ("last week", "2024-03-18", "2024-03-24"),
        ("this month", "2024-03-01", "2024-03-31"),
        ("last month", "2024-02-01", "2024-02-29"),
        ("Last  Quarter", "2023-10-01", "2023-12-31"),
        ("this quarter", "2024-01-01", "2024-03-31"),
        ("last year", "2023-01-01", "2023-12-31"),
        # so much up to today
        ("past week", "2024-03-25", "2024-03-31"),
        ("past month", "2024-03-01", "2024-03-31"),
        ("past year", "2023-04-01", "2024-03-31"),
        ("last 7 days", "2024-03-25", "2024-03-31"),
        ("the last three months", "2024-01-01", "2024-03-31"),
        ("past 1 days", "2024-03-31", "2024-03-31"),
        # a day so long ago
        ("3 days ago", "2024-03-28", "2024-03-28"),
        ("a week ago", "2024-03-24", "2024-03-24"),
        ("two months ago", "2024-01-31", "2024-01-31"),
        ("on Sunday", "2024-03-31", "2024-03-31"),
        ("last sunday", "2024-03-24", "2024-03-24"),
        ("Fri", "2024-03-29", "2024-03-29"),
        # parts of a year
        ("2022-Q3", "2022-07-01", "2022-09-30"),
        ("Q4 2022", "2022-10-01", "2022-12-31"),
        ("third quarter of 2022", "2022-07-01", "2022-09-30"),
        ("H1 2022", "2022-01-01", "2022-06-30"),
        ("2020-W53", "2020-12-28", "2021-01-03"),
        ("2022-W07-3", "2022-02-16", "2022-02-16"),
        ("week 7 of 2022", "2022-02-14", "2022-02-20"),
        ("the 1990s", "1990-01-01", "1999-12-31"),
        ("12/2022", "2022-12-01", "2022-12-31"),
        # months and days by name
        ("December 2022", "2022-12-01", "2022-12-31"),
        ("dec. 2022", "2022-12-01", "2022-12-31"),
        ("März 2022", "2022-03-01", "2022-03-31"),
        ("diciembre de 2022", "2022-12-01", "2022-12-31"),
        ("декабрь 2022", "2022-12-01", "2022-12-31"),
        ("March", "2024-03-01", "2024-03-31"),
        ("last March", "2023-03-01", "2023-03-31"),
        ("April", "2023-04-01", "2023-04-30"),
        ("20 December 2022", "2022-12-20", "2022-12-20"),
        ("December 20, 2022", "2022-12-20", "2022-12-20"),
        ("20th of December 2022", "2022-12-20", "2022-12-20"),
        ("20. Dezember 2022", "2022-12-20", "2022-12-20"),
        ("le 1er mars 2022", "2022-03-01", "2022-03-01"),
        ("20 de diciembre de 2022", "2022-12-20", "2022-12-20"),
        ("2022年12月20日", "2022-12-20", "2022-12-20"),
        ("Dec 20", "2023-12-20", "2023-12-20"),
        ("1 April", "2023-04-01", "2023-04-01"),
        ("29 February", "2024-02-29", "2024-02-29"),
        ("20.12.2022", "2022-12-20", "2022-12-20"),
        ("03.04.2022", "2022-04-03", "2022-04-03"),
        ("20/12/2022", "2022-12-20", "2022-12-20"),
        ("20 December 2035", "2035-12-20", "2035-12-20"),
    ],
)
def test_means(text: str, first: str, last: str) -> None:
    assert parse_day(text, TODAY) == (day(first), day(last))


@pytest.mark.parametrize(
    "text", ["", "20", "2022-13", "2022-02-30", "0000", "soon", "-99999y", "2022-12-20x", "x" * 1000]
)
def test_is_no_date(text: str) -> None:
    assert parse_day(text, TODAY) is None


@pytest.mark.parametrize("text", ["..", "x..2022", "2022..x", ""])
def test_is_no_interval(text: str) -> None:
    assert parse_interval(text, TODAY) is None


@pytest.mark.parametrize(
    "text",
    ["summer", "summer 2022", "recently", "03/04/2022", "31 April", "30 February 2022", "week 54 2022", "2022-W60",
     "last 99999 years", "99999 years ago", "Friday 13", "next week", "1671530400", "20 Frimaire 2022", "may be", "a"],
)  # fmt: skip
def test_has_no_clear_meaning(text: str) -> None:
    assert parse_interval(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("since March", "2024-03-01", None),
        ("since -30d", "2024-03-01", None),
        ("after last month", "2024-03-01", None),
        ("before 2020", None, "2019-12-31"),
        ("until yesterday", None, "2024-03-30"),
        ("up to December 2022", None, "2022-12-31"),
        ("2020 to 2022", "2020-01-01", "2022-12-31"),
        ("from May to July 2022", "2022-05-01", "2022-07-31"),
        ("from December to February", "2023-12-01", "2024-02-29"),
        ("May–July 2022", "2022-05-01", "2022-07-31"),
        ("between 2020 and March 2021", "2020-01-01", "2021-03-31"),
        ("-30d..yesterday", "2024-03-01", "2024-03-30"),
        ("last month..", "2024-02-01", None),
        ("after 9999", "9999-12-31", None),
    ],
)
def test_means_an_interval(text: str, first: str | None, last: str | None) -> None:
    assert parse_interval(text, TODAY) == (first and day(first), last and day(last))


def test_before_the_first_day_and_after_the_last_there_is_none() -> None:
    assert parse_interval("yesterday", dt.date.min) is None
    assert parse_interval("tomorrow", dt.date.max) is None


@given(st.text(max_size=30) | st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join), st.dates())
def test_every_text_is_a_date_or_none(text: str, today: dt.date) -> None:
    interval = parse_interval(text, today)
    assert interval is None or None in interval or interval[0] <= interval[1]  # type: ignore[operator]


@given(st.dates(), st.dates())
def test_an_interval_has_its_ends_in_order(one: dt.date, other: dt.date) -> None:
    assert parse_interval(f"{one.isoformat()}..{other.isoformat()}", TODAY) == (min(one, other), max(one, other))
