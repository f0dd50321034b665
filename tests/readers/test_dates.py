"""Dates in many languages and calendars: a line here is a case."""

# ruff: noqa: E501  (cases read better on one line)
from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.readers.bylines.dates import date_in_path, find_dates, parse_date

TODAY = dt.date(2024, 6, 15)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("December 20, 2022", "2022-12-20"),
        ("Dec. 20, 2022 at 5:30 p.m. EST", "2022-12-20"),
        ("20 | 12 | 2022", "2022-12-20"),
        ("20 בדצמבר 2022", "2022-12-20"),
        ("Tuesday, 20th of December, 2022", "2022-12-20"),
        ("Tue, 20 Dec 2022 10:00:00 GMT", "2022-12-20"),
        ("Fri May 8 16:55:00 2020", "2020-05-08"),
        ("05-Aug-2002", "2002-08-05"),
        ("20-Dec-22", "2022-12-20"),
        ("2022/12/20 10:00", "2022-12-20"),
        ("20221220", "2022-12-20"),
        ("20. Dezember 2022", "2022-12-20"),
        ("Stand: 20. 3. 2021", "2021-03-20"),
        ("20 décembre 2022 à 10h30", "2022-12-20"),
        ("1er mars 2021", "2021-03-01"),
        ("lunes, 20 de marzo del 2017", "2017-03-20"),
        ("03 de Maio de 2022", "2022-05-03"),
        ("20 dicembre 2022", "2022-12-20"),
        ("20 december 2022", "2022-12-20"),
        ("20. prosince 2022", "2022-12-20"),
        ("20 grudnia 2022", "2022-12-20"),
        ("2022. december 20.", "2022-12-20"),
        ("2022 m. gruodžio 20 d.", "2022-12-20"),
        ("20. joulukuuta 2022", "2022-12-20"),
        ("20 Aralık 2022", "2022-12-20"),
        ("4 Μαΐου 2022", "2022-05-04"),
        ("20 декабря 2022 г.", "2022-12-20"),
        ("20 грудня 2022", "2022-12-20"),
        ("20 ديسمبر 2022", "2022-12-20"),
        ("٢٠ كانون الأول ٢٠٢٢", "2022-12-20"),
        ("۲۹ آذر ۱۴۰۱", "2022-12-20"),
        ("20 दिसंबर 2022", "2022-12-20"),
        ("20 ธันวาคม 2565", "2022-12-20"),
        ("Ngày 20 tháng 12 năm 2022", "2022-12-20"),
        ("2022年12月20日", "2022-12-20"),
        ("令和4年12月20日", "2022-12-20"),
        ("2022년 12월 20일", "2022-12-20"),
        ("1671580799", "2022-12-20"),
        ("1671580799000", "2022-12-20"),
    ],
)
def test_a_date_is_read(text: str, expected: str) -> None:
    found = parse_date(text, today=TODAY)
    assert found is not None
    assert str(found.day) == expected


@pytest.mark.parametrize(
    "text", ["", "4 min read", "Room 12", "1,200 people in 2022", "0000-00-00", "yesterday", "last Tuesday", "12:30", "v2.10.3"]
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text, today=TODAY) is None


def test_the_day_is_the_one_written_not_the_one_in_universal_time() -> None:
    late, early = parse_date("2019-10-02T23:30:00-07:00"), parse_date("2017-08-21T00:10:00+09:00")
    assert late is not None and str(late.day) == "2019-10-02" and late.clock == "23:30" and late.offset == "-07:00"
    assert early is not None and str(early.day) == "2017-08-21" and not early.in_utc


@pytest.mark.parametrize(
    ("text", "problem"), [("2021-02-30", "calendar"), ("31 June 2020", "calendar"), ("2099-01-01", "future")]
)
def test_impossible_and_future_dates_are_told(text: str, problem: str) -> None:
    found = parse_date(text, today=TODAY)
    assert found is not None and found.day is None
    assert problem in found.problem
    assert found.text == text


def test_tomorrow_may_have_begun_elsewhere() -> None:
    found = parse_date("2024-06-16", today=TODAY)
    assert found is not None and found.day == dt.date(2024, 6, 16)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en-US", "2022-03-04"), ("en-GB", "2022-04-03"), ("de", "2022-04-03"), ("", "2022-04-03")],
)
def test_the_order_of_day_and_month_follows_the_language(language: str, expected: str) -> None:
    found = parse_date("03/04/2022", language, TODAY)
    assert found is not None and str(found.day) == expected
    assert not found.sure


def test_an_order_that_can_only_be_one_is_sure() -> None:
    found = parse_date("12/20/2022", "de", TODAY)
    assert found is not None and str(found.day) == "2022-12-20" and found.sure


def test_several_dates_come_in_order() -> None:
    text = "Published 23 December 2023, 10:15 GMT | Updated January 5, 2024"
    assert [str(date.day) for date in find_dates(text, today=TODAY)] == ["2023-12-23", "2024-01-05"]


def test_the_same_month_name_means_different_months() -> None:
    croatian, polish = parse_date("5. listopada 2020.", "hr"), parse_date("5 listopada 2020", "pl")
    assert croatian is not None and str(croatian.day) == "2020-10-05"
    assert polish is not None and str(polish.day) == "2020-11-05"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("https://a.example/2022/12/20/title", "2022-12-20"),
        ("2009-02-02-title.md", "2009-02-02"),
        ("/news/20191019/x", "2019-10-19"),
        ("https://a.example/news/29-10-2021", "2021-10-29"),
        ("/news/03-04-2021", None),
        ("/news/139377", None),
        ("/2022/13/45/x", None),
    ],
)
def test_dates_in_addresses(path: str, expected: str | None) -> None:
    found = date_in_path(path, TODAY)
    assert (str(found.day) if found else None) == expected


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text: str) -> None:
    for date in find_dates(text, today=TODAY):
        assert 0 <= date.start < date.end <= len(text)
        assert date.day is None or date.day <= TODAY + dt.timedelta(days=1)
        assert (date.day is None) == bool(date.problem)


@given(
    st.dates(dt.date(1600, 1, 1), TODAY), st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%Y/%m/%d", "%d.%m.%Y"])
)
def test_what_is_written_is_read(day: dt.date, form: str) -> None:
    found = parse_date(day.strftime(form), "en", TODAY)
    assert found is not None and found.day == day


@pytest.mark.parametrize(("text", "sure"), [("12.10.2022", True), ("12/10/2022", False), ("12.10.22", False)])
def test_only_dots_say_that_the_day_comes_first(text: str, sure: bool) -> None:
    found = parse_date(text, "en-US" if "/" not in text else "en-GB", TODAY)
    assert found is not None
    assert (str(found.day), found.sure) == ("2022-10-12", sure)
