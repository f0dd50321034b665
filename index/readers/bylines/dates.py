"""Dates as people write them, in the languages and calendars newspapers use.

A date is read as the day it names where it was written: "2022-12-20T23:30:00-08:00" is the 20th. Nothing is ever
computed from today's date ("yesterday"), except that a day after tomorrow cannot be a day of publication.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from index.readers.bylines.months import PERSIAN_MONTHS, month_number

MAX_CHARACTERS = 2000
"""Dates are looked for in no more than this much of a text."""

EARLIEST_YEAR = 1450
"""Printing begins; smaller numbers are not years of publication."""


class WrittenDate(NamedTuple):
    """A date found in a text.

    Attributes:
        day: the day it names; None if there is no such day or it lies in the future.
        text: as written.
        start: offset of its first character in the text, `end` the one after its last (its time of day included).
        clock: the time of day as "HH:MM" in 24 hours, or empty.
        offset: the time zone as written: "Z", "+01:00", "GMT"; empty when there is none.
        problem: why `day` is None, such as "lies in the future".
        sure: False when day and month could be the other way round.
    """

    day: dt.date | None
    text: str
    start: int
    end: int
    clock: str = ""
    offset: str = ""
    problem: str = ""
    sure: bool = True

    @property
    def in_utc(self) -> bool:
        """Whether it was written in universal time, whose day may not be the local one."""
        return bool(self.clock) and self.offset.upper() in ("Z", "UTC", "GMT", "+00:00", "+0000", "-00:00")


_NAME = r"(?P<name>[^\W\d_][^\s\d,/()|·•<>\-–—:]*(?:\s[^\W\d_][^\s\d,/()|·•<>\-–—:]*)?)"
_ISO = re.compile(r"\s*(\d{4})-(\d{2})-(\d{2})(?!\d)")
_SHORT_YEAR = r"'?\d{2}(?=\s*$)"
_WRITTEN = [  # a text the form cannot be in, cheaply told; and the form
    (re.compile(trigger, re.IGNORECASE), re.compile(pattern, re.IGNORECASE))
    for trigger, pattern in (
        (
            r"\d{4}\s?[-/.‐‑–]\s?\d",
            r"(?<!\d)(?<!\d[-/.])(?P<y>\d{4})\s?(?P<s>[-/.‐‑–])\s?(?P<m>\d{1,2})\s?(?P=s)\s?(?P<d>\d{1,2})(?!\d)",
        ),
        (
            r"[年년]",
            r"(?:(?P<era>令和|平成|昭和|民國|民国)\s*)?(?<!\d)(?P<y>\d{1,4}|元)\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*"
            r"(?P<d>\d{1,2})\s*[日일號号]?",
        ),
        (r"tháng", r"(?<!\d)(?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2})[,\s]+(?:năm\s+)?(?P<y>\d{4})(?!\d)"),
        (
            r"\d\S{0,4}[\s,./\-–]*[^\W\d_]",
            r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|er|re|ère|º|°|ª|η|-?[ао]?[егйя])?\.?[\s,./\-–]*"
            rf"(?:of\s|de\s|del\s|di\s|d['’])?{_NAME}[\s,./\-–]*(?:de\s|del\s|of\s|พ\.ศ\.\s*|ค\.ศ\.\s*)?"
            rf"(?P<y>\d{{4}}|{_SHORT_YEAR})(?!\d)",
        ),
        (
            r"[^\W\d_]\S?\s*\d{1,2}\D{1,5}\d{4}",
            rf"{_NAME}\s*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+|,?\s+(?:of|de)\s+|\s*-\s*|/)(?P<y>\d{{4}})(?!\d)",
        ),
        (
            r"\d:\d\d:\d\d\s.*\d{4}",
            rf"{_NAME}\s+(?P<d>\d{{1,2}})\s+(?P<clock>\d{{2}}:\d{{2}}):\d{{2}}\s+"
            r"(?:(?P<zone>[A-Z]{3,4}|[+-]\d{4})\s+)?(?P<y>\d{4})(?!\d)",
        ),
        (
            r"\d{4}\D{1,30}\d",
            r"(?<!\d)(?P<y>\d{4})[.,]?(?:\s*-\s*|\s+m\.\s+|\s+de\s+|\s*e?ko\s+|\s*/\s*|\s+)"
            rf"{_NAME}\s*(?:-\s*)?(?P<d>\d{{1,2}})(?!\d)\.?",
        ),
        (
            r"\d\s?[./\-|]\s?\d{1,2}\s?[./\-|]\s?\d\d",
            r"(?<!\d)(?<!\d[./-])(?P<a>\d{1,2})\s?(?P<s>[./\-|])\s?(?P<b>\d{1,2})\s?(?P=s)\s?"
            r"(?P<y>\d{4}|\d{2}(?=\W*$|,?\s{1,3}(?:[-–|·•]\s)?\d{1,2}[:h]\d\d(?!\d)))(?!\d)",
        ),
    )
]
_COMMON = re.compile(  # the two commonest forms; where they account for every year in a text, no other is tried
    r"(?<!\d)(?:(?P<d>\d{1,2})(?:st|nd|rd|th|\.)? (?P<name>[^\W\d_]{3,12})\.?,? (?P<y>\d{4})"
    r"|\b(?P<name2>[^\W\d_]{3,12})\.? (?P<d2>\d{1,2})(?:st|nd|rd|th)?,? (?P<y2>\d{4}))(?!\d)"
)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_TIME = re.compile(
    r"(?:T|[\s,·|@\-–]|at|um|à|às|alle|kl\.?|klo|о|в|ore|óra|saat){0,6}?"
    r"(?P<h>[01]?\d|2[0-4])(?:[:.h]|\s?[時点시]\s?)(?P<min>[0-5]\d)(?!\d)(?:[:.][0-5]\d(?:[.,]\d+)?|\s?[分분])?"
    r"\s?(?P<half>[ap]\.?m\b\.?)?\s*\(?(?P<zone>Z\b|(?:UTC|GMT)\b(?![+-])|(?:GMT|UTC)?[+-]\d{2}:?\d{2}\b|[A-Z]{2,4}T\b|MSK\b)?\)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"\s*(\d{4})(\d{2})(\d{2})(?:T?(\d{2}):?(\d{2})(?:\d{2})?(Z|[+-]\d{4})?)?\s*$")
_EPOCH = re.compile(r"\s*(\d{9,10}(?:\.\d+)?|\d{13})\s*$")
_MAYBE = re.compile(r"\d{4}|\d\d?\s?[./|-]\s?\d\d?\s?[./|-]\s?\d\d|[年년]|\d[\s.-]*[^\W\d_]{3,}[\s.-]*'?\d\d\s*$")
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_ORDER = re.compile(r"(?:^|-)x-(dmy|mdy)$")
_FORMAT_CHARACTERS = 100
_DAY = dt.timedelta(days=1)
_LOADED = dt.date.today()  # the day on which this module was
_MONTH_FIRST = ("en-us", "en-ph", "en-ca", "en", "fil")


def parse_date(value: str, language: str = "", today: dt.date | None = None) -> WrittenDate | None:
    """The date that a metadata value holds, such as "Tue, 20 Dec 2022 10:00 GMT" or "1671530400"; None if none.

    Args:
        value: the value as written. Bare digits count as YYYYMMDD or as seconds or milliseconds since 1970 (UTC).
        language: a language tag, such as "en-GB", for the order of "03/04/2022".
        today: the day of reading; the system's, by default.
    """
    if len(value) == 10 and value[4] == value[7] == "-":  # only a short cut
        try:
            day = dt.date.fromisoformat(value)
        except ValueError:
            pass
        else:
            if day.year >= EARLIEST_YEAR and not _lies_ahead(day, today):
                return WrittenDate(day, value, 0, 10)
    if compact := _COMPACT.match(value):
        years, months, days, hour, minute, zone = compact.groups()
        clock = f"{hour}:{minute}" if hour else ""
        return _checked(
            int(years), int(months), int(days), value.strip(), 0, len(value), clock, zone or "", True, today
        )
    if epoch := _EPOCH.match(value):
        seconds = float(epoch[1]) / (1000 if len(epoch[1].split(".")[0]) == 13 else 1)
        moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
        clock = moment.strftime("%H:%M")
        return _checked(
            moment.year, moment.month, moment.day, value.strip(), 0, len(value), clock, "Z", True, today
        )  # fmt: skip
    return next(find_dates(value, language, today), None)


def order_subtag(order: str) -> str:
    """What a language tag has at its end (for private use, as RFC 5646 says) where it is known how dates are written.

    Args:
        order: "day-first", "month-first", or "" for unknown.
    """
    return {"day-first": "x-dmy", "month-first": "x-mdy"}.get(order, "")


def date_in_format(value: str, formats: Iterable[str], today: dt.date | None = None) -> WrittenDate | None:
    """The date a value holds in one of some formats of `datetime.strptime`; a time of day may stand behind it."""
    value = value.strip()[:_FORMAT_CHARACTERS]
    for form in formats:
        words = value.split(" ")
        for count in dict.fromkeys((len(words), form.count(" ") + 1)):
            text = " ".join(words[:count])
            try:
                day = dt.datetime.strptime(text, form)
            except ValueError:
                continue
            clock = day.strftime("%H:%M") if re.search("%[HIcX]", form) else ""
            return _checked(day.year, day.month, day.day, text, 0, len(value), clock, "", True, today)
    return None


def find_dates(text: str, language: str = "", today: dt.date | None = None) -> Iterator[WrittenDate]:
    """The dates written in a text, in order; for the arguments see `parse_date`."""
    text = text[:MAX_CHARACTERS]
    if not _MAYBE.search(text):
        return
    if iso := _ISO.match(text):
        year, month, day = map(int, iso.groups())
        found = _with_time(text, iso.start(1), iso.end(), year, month, day, True, today)
        if found:
            yield found
            if found.end == len(text):
                return
    else:
        found = None
    end = found.end if found else 0
    candidates = [] if found else _common(text, language, today)
    if not candidates or len(candidates) < len(_YEAR.findall(text)):
        for trigger, pattern in _WRITTEN:
            if trigger.search(text, end):
                candidates += filter(None, (_read(m, text, language, today) for m in pattern.finditer(text, end)))
    for date in sorted(candidates, key=lambda date: (date.start, -date.end)):
        if date.start >= end:
            end = date.end
            yield date


def _common(text: str, language: str, today: dt.date | None) -> list[WrittenDate]:
    candidates = []
    for match in _COMMON.finditer(text):
        day, name, year = match.group("d", "name", "y") if match["d"] else match.group("d2", "name2", "y2")
        month = month_number(unicodedata.normalize("NFC", name.casefold()), language[:2])
        if month and int(year) < 2200:
            date = _with_time(text, match.start(), match.end(), int(year), month, int(day), True, today)
            candidates += [date] if date else []
    return candidates


def _read(match: re.Match[str], text: str, language: str, today: dt.date | None) -> WrittenDate | None:
    """The date that one match of one pattern stands for, if its parts can be one."""
    parts = match.groupdict()
    start = match.start()
    sure = True
    raw_year = (parts["y"] or "").lstrip("'")
    year = 1 if raw_year == "元" else int(raw_year)
    if parts.get("era"):
        year += _ERAS[parts["era"]]
    elif len(raw_year) == 2:
        current = (today or dt.date.today()).year
        year += 2000 if 2000 + year <= current + 1 else 1900
        sure = False
    elif len(raw_year) < 4:
        return None
    if parts.get("name"):
        named = _month(parts["name"], language)
        if named is None:
            return None
        month, persian, skipped = named
        day = int(parts["d"] or 0)
        start = match.start("name") + skipped if match.start("name") == start else start
        if persian and year < 1600:
            gregorian = _from_persian(year, month, day)
            if gregorian is None:
                return None
            year, month, day = gregorian
    elif parts.get("a"):
        first, second = int(parts["a"]), int(parts["b"] or 0)
        if first > 31 or second > 31:
            return None
        told = _ORDER.search(language)
        if told:
            month_first = told[1] == "mdy"
        else:
            month_first = parts["s"] != "." and language.lower().replace("_", "-") in _MONTH_FIRST
        if first <= 12 < second:
            month, day = first, second
        elif second <= 12 < first:
            month, day = second, first
        else:
            month, day = (first, second) if month_first else (second, first)
            by_dots = parts["s"] == "." and len(raw_year) == 4  # nobody writes the month first with dots
            sure = first == second or told is not None or by_dots
    else:
        month, day = int(parts["m"] or 0), int(parts["d"] or 0)
        if month > 12 and day <= 12:  # 2022-20-12
            return None
    if 2400 <= year <= 2700:  # the Buddhist era
        year -= 543
    elif 1300 <= year <= 1450 and language.startswith("fa"):
        gregorian = _from_persian(year, month, day)
        if gregorian is None:
            return None
        year, month, day = gregorian
    if not (EARLIEST_YEAR <= year <= 2200 and 1 <= month <= 13 and day <= 99):
        return None
    if parts.get("clock"):
        zone = parts.get("zone") or ""
        return _checked(
            year, month, day, match.group().strip(), start, match.end(), parts["clock"], zone, sure, today
        )  # fmt: skip
    return _with_time(text, start, match.end(), year, month, day, sure, today)


def _month(name: str, language: str) -> tuple[int, bool, int] | None:
    """The month a captured name ends or is, whether it is Persian, and how many characters before it to leave out."""
    folded = unicodedata.normalize("NFC", name.casefold()).strip(".").strip()
    for skipped, candidate in ((0, folded), (name.rfind(" ") + 1, folded.rpartition(" ")[2].strip("."))):
        number = month_number(candidate, language[:2])
        if number:
            return number, False, skipped
        if candidate in PERSIAN_MONTHS:
            return PERSIAN_MONTHS[candidate], True, skipped
    first = folded.partition(" ")[0].strip(".,")
    number = month_number(first, language[:2])
    if number and folded.partition(" ")[2].strip(".") in ("de", "del", "of", "of the", "m", "г"):
        return number, False, 0
    return None


def _with_time(
    text: str, start: int, end: int, year: int, month: int, day: int, sure: bool, today: dt.date | None
) -> WrittenDate | None:
    written = text[start:end].strip(" ,")
    if end == len(text):
        return _checked(year, month, day, written, start, end, "", "", sure, today)
    time = _TIME.match(text, end)
    clock = zone = ""
    if time:
        hour = int(time["h"])
        half = (time["half"] or "").lower()
        if half.startswith("p") and hour < 12:
            hour += 12
        elif half.startswith("a") and hour == 12:
            hour = 0
        clock, zone, end = f"{hour % 24:02}:{time['min']}", (time["zone"] or ""), time.end()
    return _checked(year, month, day, written, start, end, clock, zone, sure, today)


def _checked(
    year: int, month: int, day: int, written: str, start: int, end: int,
    clock: str, zone: str, sure: bool, today: dt.date | None,
) -> WrittenDate | None:  # fmt: skip
    if month < 1 or day < 1 or not EARLIEST_YEAR <= year <= 2200:
        return None  # 0000-00-00 and the like stand for "no date"
    try:
        found = dt.date(year, month, day)
    except ValueError:
        return WrittenDate(None, written, start, end, clock, zone, "is not a day of the calendar", sure)
    if _lies_ahead(found, today):
        return WrittenDate(None, written, start, end, clock, zone, "lies in the future", sure)
    return WrittenDate(found, written, start, end, clock, zone, "", sure)


def _lies_ahead(day: dt.date, today: dt.date | None) -> bool:
    """Whether a day comes after tomorrow, which has begun further east."""
    if today is None and day <= _LOADED:  # else the system would have to be asked for every date
        return False
    return day > (today or dt.date.today()) + _DAY


def _from_persian(year: int, month: int, day: int) -> tuple[int, int, int] | None:
    """A day of the solar Hijri calendar in the Gregorian one, by the 33-year cycle (exact from 1244 to 1530)."""
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1244 <= year <= 1530):
        return None
    leaps = (8 * year + 21) // 33
    days = 365 * (year - 1) + leaps + (31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)) + day
    # 1 Farvardin 1 is 21 March 622 in the proleptic Gregorian calendar.
    gregorian = dt.date.fromordinal(dt.date(622, 3, 21).toordinal() + days - 1)
    return gregorian.year, gregorian.month, gregorian.day


_DAY_IN_PATH = re.compile(r"(?<!\d)((?:19|20)\d\d)([-/_.]?)(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?!\d)")


_DAY_FIRST_IN_PATH = re.compile(r"(?<!\d)(1[3-9]|2\d|3[01])([-_.])(0?[1-9]|1[0-2])\2((?:19|20)\d\d)(?!\d)")


def date_in_path(path: str, today: dt.date | None = None) -> WrittenDate | None:
    """The date that is part of an address or a file name, such as /2022/12/20/, 2022-12-20-title.md or
    title-20-12-2022 (not 03-12-2022, which may be a day of March)."""
    for match in _DAY_IN_PATH.finditer(path[:MAX_CHARACTERS]):
        if match[2] == "" and (len(match[3]) < 2 or len(match[4]) < 2):
            continue
        found = _checked(
            int(match[1]), int(match[3]), int(match[4]), match.group(), match.start(), match.end(), "", "", True, today
        )  # fmt: skip
        if found and found.day:
            return found
    for match in _DAY_FIRST_IN_PATH.finditer(path[:MAX_CHARACTERS]):
        found = _checked(
            int(match[4]), int(match[3]), int(match[1]), match.group(), match.start(), match.end(), "", "", True, today
        )  # fmt: skip
        if found and found.day:
            return found
    return None
