"""Dates in words, as people type them: what has one clear meaning, and nothing else.

Names of months are understood in many languages, the rest in English. A month or a day without a year is the last one
that has begun; a week begins on Monday. Seasons, "recently" and the like mean different days to different people, and
so do 03/04/2022 and the like: no dates.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from index.readers.bylines.dates import parse_date
from index.readers.bylines.months import month_number
from search.query_language.dates import Interval, ago, in_order, month_end, parse_day, shifted

Period = tuple[dt.date, dt.date]
"""A first and a last day, both included."""

_DAYS_AGO = {
    word: days
    for days, words in (
        (0, "today now heute aujourd'hui hoy oggi hoje vandaag idag dzisiaj сегодня 今天 今日 오늘"),
        (1, "yesterday gestern hier ayer ieri ontem gisteren igår wczoraj вчера 昨天 昨日 어제"),
        (-1, "tomorrow"),
    )
    for word in words.split()
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        "monday mon,tuesday tue tues,wednesday wed,thursday thu thur thurs,friday fri,saturday sat,sunday sun".split(
            ","
        )
    )
    for name in names.split()
}
_NUMBERS = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
} | {"a": 1, "an": 1}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_COUNT = rf"(\d{{1,5}}|{'|'.join(_NUMBERS)})"
_UNIT = r"(day|week|month|quarter|year)"
_ORDINAL = rf"({'|'.join(_ORDINALS)})"
_YEAR = r"(\d{4})"

_FILLER = re.compile(r"^(?:(?:on|in|during|the|of|le|la|el|il|den|am|im|en|em|no) )+")
_AGO = re.compile(rf"{_COUNT} {_UNIT}s? ago$")
_LAST_FEW = re.compile(rf"(?:last|past|previous) {_COUNT} {_UNIT}s?$")
_ONE = re.compile(rf"(this|current|last|previous|past) {_UNIT}$")
_WEEKDAY = re.compile(rf"(?:last )?({'|'.join(_WEEKDAYS)})\.?$")
_QUARTER = re.compile(rf"(?:{_YEAR}[ -]?q([1-4])|q([1-4])[ ,/-]*{_YEAR}|{_ORDINAL} quarter(?: of)? {_YEAR})$")
_HALF = re.compile(rf"(?:{_YEAR}[ -]?h([12])|h([12])[ ,/-]*{_YEAR}|(first|second|1st|2nd) half(?: of)? {_YEAR})$")
_WEEK = re.compile(rf"(?:{_YEAR}[ -]?w(\d{{1,2}})(?:-?([1-7]))?|week (\d{{1,2}})(?:,| of)? {_YEAR})$")
_DECADE = re.compile(r"(\d{3}0)'?s$")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})$")
_MONTH_OF = re.compile(r"(\d{1,2})[/.](\d{4})$")
_MONTH_YEAR = re.compile(rf"(last |this )?([^\W\d_][^\s\d]*?)\.?(?:,? (?:(?:de|del|of) )?{_YEAR})?$")
_YEAR_MONTH = re.compile(rf"{_YEAR} ([^\W\d_][^\s\d]*?)\.?$")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)? (?:(?:of|de|di) )?([^\W\d_][^\s\d]*?)\.?$")
_MONTH_DAY = re.compile(r"([^\W\d_][^\s\d]*?)\.? (?:the )?(\d{1,2})(?:st|nd|rd|th)?$")

_OPEN = re.compile(r"(since|from|after|before|until|till|through|up to) (.+)$")
_CLOSED = re.compile(r"(?:(?:from|between) )?(.+?)(?: (?:to|until|till|through|and|-|–|—) | ?[–—] ?)(.+)$")
_AND = re.compile(r" and ")


def parse_period(text: str, today: dt.date) -> Period | None:
    """The days that one date in words means, or None.

    Such as "last month", "this week", "past year" (the year up to today), "last 7 days", "3 weeks ago", "last Monday",
    "20 December 2022", "Dec 20", "März 2022", "Q3 2022", "2022-W07", "1990s".
    """
    text = unicodedata.normalize("NFC", " ".join(text.casefold().split())).strip(" .,")
    text = _FILLER.sub("", text)
    try:
        if text in _DAYS_AGO:
            return _same(today - dt.timedelta(days=_DAYS_AGO[text]))
        return _relative(text, today) or _part_of_year(text) or _month_or_day(text, today) or _full(text)
    except (ValueError, OverflowError):  # there is no such day
        return None


def parse_span(text: str, today: dt.date) -> Interval | None:
    """The days that an interval in words means, or None: "since March", "before 2020", "from May to July 2022"."""
    text = " ".join(text.casefold().split()).strip(" .,")
    if (found := _CLOSED.match(text)) and not (text.startswith("between ") and not _AND.search(text)):
        start, end = parse_day(found[1], today), parse_day(found[2], today)
        if start and end and start[0] > end[1]:  # from December to March: the December before
            start = parse_day(found[1], end[1]) or start
        if start and end:
            return in_order(start[0], end[1], start, end)
    found = _OPEN.match(text)
    period = parse_day(found[2], today) if found else None
    if found is None or period is None:
        return None
    first, last = period
    match found[1]:
        case "since" | "from":
            return first, None
        case "after":
            return shifted(last, 1), None
        case "before":
            return None, shifted(first, -1)
        case _:
            return None, last


def _relative(text: str, today: dt.date) -> Period | None:
    if found := _AGO.match(text):
        return _same(_before(_number(found[1]), found[2], today))
    if found := _LAST_FEW.match(text):
        count = _number(found[1])
        return (_before(count, found[2], today) + dt.timedelta(days=1), today) if count else None
    if found := _ONE.match(text):
        which, unit = found.groups()
        if which == "past" or unit == "day":
            return _before(1, unit, today) + dt.timedelta(days=unit != "day"), today
        return _unit_of(today if which in ("this", "current") else _before(1, unit, today), unit)
    if found := _WEEKDAY.match(text):
        back = (today.weekday() - _WEEKDAYS[found[1]]) % 7
        return _same(today - dt.timedelta(days=back or 7 * text.startswith("last")))
    return None


def _part_of_year(text: str) -> Period | None:
    if found := _QUARTER.match(text):
        year = int(found[1] or found[4] or found[6])
        quarter = _ORDINALS[found[5]] if found[5] else int(found[2] or found[3])
        return _unit_of(dt.date(year, 3 * quarter, 1), "quarter")
    if found := _HALF.match(text):
        year = int(found[1] or found[4] or found[6])
        half = _ORDINALS[found[5]] if found[5] else int(found[2] or found[3])
        return dt.date(year, 6 * half - 5, 1), month_end(year, 6 * half)
    if found := _WEEK.match(text):
        year, week = int(found[1] or found[5]), int(found[2] or found[4])
        monday = dt.date.fromisocalendar(year, week, 1)
        if found[3]:
            return _same(dt.date.fromisocalendar(year, week, int(found[3])))
        return monday, monday + dt.timedelta(days=6)
    if found := _DECADE.match(text):
        return dt.date(int(found[1]), 1, 1), dt.date(int(found[1]) + 9, 12, 31)
    return None


def _month_or_day(text: str, today: dt.date) -> Period | None:
    """A month with or without its year, or a day without one."""
    if found := _MONTH_OF.match(text):
        return _month(int(found[2]), int(found[1]))
    if found := _DAY_FIRST.match(text):  # with dots, the day comes first wherever people write so
        return _same(dt.date(int(found[3]), int(found[2]), int(found[1])))
    if (found := _MONTH_YEAR.match(text)) and (month := month_number(found[2])):
        which, _, year = found.groups()
        if year and not which:
            return _month(int(year), month)
        if year:
            return None
        begun = month < today.month or (month == today.month and which != "last ")
        return _month(today.year - (not begun and which != "this "), month)
    if (found := _YEAR_MONTH.match(text)) and (month := month_number(found[2])):
        return _month(int(found[1]), month)
    for form, name, day in ((_DAY_MONTH, 2, 1), (_MONTH_DAY, 1, 2)):
        if (found := form.match(text)) and (month := month_number(found[name])):
            for year in range(today.year, max(today.year - 9, 0), -1):  # 29 February may lie eight years back
                if int(found[day]) <= month_end(year, month).day:
                    that = dt.date(year, month, int(found[day]))
                    if that <= today:
                        return _same(that)
    return None


def _full(text: str) -> Period | None:
    """A day with its year, in any of the ways articles are dated."""
    if not text.strip("0123456789."):
        return None  # seconds since 1970, to a machine
    found = parse_date(text, today=dt.date(9998, 12, 31))  # days to come are days, too
    if found is None or found.day is None or not found.sure or (found.start, found.end) != (0, len(text)):
        return None
    return _same(found.day)


def _number(text: str) -> int:
    return _NUMBERS[text] if text in _NUMBERS else int(text)


def _before(count: int, unit: str, today: dt.date) -> dt.date:
    count, unit = (3 * count, "month") if unit == "quarter" else (count, unit)
    day = ago(count, unit[0], today)
    if day is None:
        raise ValueError
    return day


def _unit_of(day: dt.date, unit: str) -> Period:
    """The week, month, quarter or year that a day lies in."""
    match unit:
        case "week":
            monday = day - dt.timedelta(days=day.weekday())
            return monday, monday + dt.timedelta(days=6)
        case "month":
            return _month(day.year, day.month)
        case "quarter":
            last = (day.month + 2) // 3 * 3
            return dt.date(day.year, last - 2, 1), month_end(day.year, last)
        case _:
            return dt.date(day.year, 1, 1), dt.date(day.year, 12, 31)


def _month(year: int, month: int) -> Period:
    return dt.date(year, month, 1), month_end(year, month)


def _same(day: dt.date) -> Period:
    return day, day
