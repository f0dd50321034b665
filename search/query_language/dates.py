"""Dates as people write them in a query, to the first and last day they mean.

Days are local days: `today` is the caller's, and a document's date is the day it was published where it was published.
Dates in numbers are read here, those in words by `search.query_language.natural_dates`.
"""

from __future__ import annotations

import datetime as dt
import re

Interval = tuple[dt.date | None, dt.date | None]
"""The first and the last day, both included; None where the interval is open."""

_NUMERIC = re.compile(r"(\d{4})(?:[-/.]?(\d{1,2})(?:[-/.]?(\d{1,2}))?)?$")
_TIME_OF_DAY = re.compile(r"[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?$")
_AGO = re.compile(r"-(\d{1,5})\s*(d|w|m|y|days?|weeks?|months?|years?)$")
_MOST_CHARACTERS = 60


def parse_day(text: str, today: dt.date) -> tuple[dt.date, dt.date] | None:
    """The first and last day that `text` means, or None when it is not a date.

    Understands a year (2022), a month (2022-12), a day (2022-12-20, 2022/12/20, 20221220), an ISO time of day (which
    is dropped), days, weeks, months or years ago (-30d, -2w, -6m, -1y), and what `search.query_language.natural_dates`
    does.
    """
    text = text.strip().casefold()
    if not text or len(text) > _MOST_CHARACTERS:
        return None
    if back := _AGO.match(text):
        past = ago(int(back[1]), back[2][0], today)
        return (past, past) if past else None
    if found := _in_figures(text):
        return found
    from search.query_language import natural_dates  # only for dates in words

    return natural_dates.parse_period(text, today)


def is_plain(text: str) -> bool:
    """Whether a date is written out in figures, so that nobody needs to be told what it means."""
    return all(_in_figures(part.strip().casefold()) for part in text.split("..") if part.strip())


def _in_figures(text: str) -> tuple[dt.date, dt.date] | None:
    found = _NUMERIC.match(_TIME_OF_DAY.sub("", text) if ":" in text else text)
    if found is None:
        return None
    year, month, day_of_month = (int(part) if part else None for part in found.groups())
    try:
        if month is None:
            return dt.date(year or 0, 1, 1), dt.date(year or 0, 12, 31)
        if day_of_month is None:
            return dt.date(year or 0, month, 1), month_end(year or 0, month)
        day = dt.date(year or 0, month, day_of_month)
        return day, day
    except ValueError:
        return None


def parse_interval(text: str, today: dt.date) -> Interval | None:
    """The interval that `text` means: one date, two around `..` of which either may be missing, or an interval in
    words (see `search.query_language.natural_dates`); None if it means none.

    An interval whose ends are swapped is turned round.
    """
    if ".." not in text:
        day = parse_day(text, today)
        if day is not None or len(text) > 2 * _MOST_CHARACTERS:
            return day
        from search.query_language import natural_dates

        return natural_dates.parse_span(text, today)
    start, _, end = text.partition("..")
    first = parse_day(start, today) if start.strip() else None
    last = parse_day(end, today) if end.strip(" .") else None
    if (start.strip() and first is None) or (end.strip(" .") and last is None) or not (first or last):
        return None
    return in_order(first[0] if first else None, last[1] if last else None, first, last)


def in_order(
    first: dt.date | None,
    last: dt.date | None,
    start: tuple[dt.date, dt.date] | None = None,
    end: tuple[dt.date, dt.date] | None = None,
) -> Interval:
    """`first` to `last`; turned round when they are swapped (`start` and `end` are what each end means as a whole)."""
    if first is not None and last is not None and first > last:
        return (end[0] if end else last), (start[1] if start else first)
    return first, last


def shifted(day: dt.date, days: int) -> dt.date:
    """The day so many days later, or earlier; the first or last day there is where there is none."""
    return dt.date.fromordinal(min(max(day.toordinal() + days, 1), dt.date.max.toordinal()))


def month_end(year: int, month: int) -> dt.date:
    """The last day of a month."""
    if month == 12:
        return dt.date(year, 12, 31)
    return dt.date(year, month + 1, 1) - dt.timedelta(days=1)


def ago(count: int, unit: str, today: dt.date) -> dt.date | None:
    """The day so many days (d), weeks (w), months (m) or years (y) before `today`; None before there were any."""
    try:
        if unit in "dw":
            return today - dt.timedelta(days=count * (7 if unit == "w" else 1))
        months = today.year * 12 + today.month - 1 - count * (12 if unit == "y" else 1)
        year, month = months // 12, months % 12 + 1
        return dt.date(year, month, min(today.day, month_end(year, month).day))
    except (OverflowError, ValueError):
        return None
