"""The timeline of a search: how many of its documents are of each day, week, month or longer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from index.records import record

MAX_BARS = 60
"""How many buckets a timeline has at most: the unit is the shortest with so few."""

UNDATED = "-has:date"
"""The clause for documents without a date."""


@record(frozen=True, slots=True)
class Bucket:
    """A bar of a timeline.

    Attributes:
        label: as people write it: 2022-12-20, 2022-12, 2022; for weeks the Monday, for years in groups both ends.
        first, last: its days, both included.
        count: how many documents are of these days.
        filter: the clause that chooses them.
        query: the search with that clause.
    """

    label: str
    first: dt.date
    last: dt.date
    count: int
    filter: str
    query: str

    def to_dict(self) -> dict[str, Any]:
        """The bucket as JSON types."""
        return {
            "label": self.label,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "count": self.count,
            "filter": self.filter,
            "query": self.query,
        }


@record(frozen=True, slots=True)
class Timeline:
    """Documents over time.

    Attributes:
        unit: how long a bucket is: day, week, month, year, 10 years, 100 years or 1000 years.
        buckets: from the first document to the last, empty ones too; weeks and years are whole ones.
        undated: how many documents have no date.
        undated_query: the search for these.
    """

    unit: str
    buckets: tuple[Bucket, ...]
    undated: int
    undated_query: str

    def to_dict(self) -> dict[str, Any]:
        """The timeline as JSON types."""
        return {
            "unit": self.unit,
            "buckets": [bucket.to_dict() for bucket in self.buckets],
            "undated": self.undated,
            "undated_query": self.undated_query,
        }


def timeline(counts: Mapping[int, int], total: int, drill: Callable[[str], str]) -> Timeline:
    """The timeline of documents.

    Args:
        counts: how many are of each day, by `datetime.date.toordinal`.
        total: how many there are in all.
        drill: gives the search with one more clause.
    """
    undated = total - sum(counts.values())
    if not counts:
        return Timeline("day", (), undated, drill(UNDATED))
    first, last = (dt.date.fromordinal(day) for day in (min(counts), max(counts)))
    unit, starts = next((unit, found) for unit in _UNITS if len(found := _starts(unit, first, last)) <= MAX_BARS)
    buckets = []
    days = sorted(counts)
    at = 0
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        end = _end(unit, start) if following is None else following - dt.timedelta(days=1)
        count = 0
        while at < len(days) and days[at] <= end.toordinal():
            count += counts[days[at]]
            at += 1
        clause = f"date:{_interval(unit, start, end)}"
        buckets.append(Bucket(_label(unit, start, end), start, end, count, clause, drill(clause)))
    return Timeline(unit, tuple(buckets), undated, drill(UNDATED))


_YEARS = {"year": 1, "10 years": 10, "100 years": 100, "1000 years": 1000}
_UNITS = ("day", "week", "month", *_YEARS)


def _starts(unit: str, first: dt.date, last: dt.date) -> list[dt.date]:
    """The first day of each bucket, though not of many more than MAX_BARS."""
    found: list[dt.date] = []
    for start in _days(unit, first):
        if start > last or len(found) > MAX_BARS:
            break
        found.append(start)
    return found


def _days(unit: str, first: dt.date) -> Iterator[dt.date]:
    """The first days of buckets, from that of `first` on."""
    if unit in ("day", "week"):
        number = first.toordinal() - (first.weekday() if unit == "week" else 0)
        for day in range(max(number, 1), dt.date.max.toordinal() + 1, 7 if unit == "week" else 1):
            yield dt.date.fromordinal(day)
    elif unit == "month":
        for month in range(first.year * 12 + first.month - 1, dt.MAXYEAR * 12 + 12):
            yield dt.date(month // 12, month % 12 + 1, 1)
    else:
        length = _YEARS[unit]
        for year in range(first.year // length * length, dt.MAXYEAR + 1, length):
            yield dt.date(max(year, 1), 1, 1)


def _end(unit: str, start: dt.date) -> dt.date:
    """The last day of a bucket."""
    following = list(zip(range(2), _days(unit, start), strict=False))
    return following[1][1] - dt.timedelta(days=1) if len(following) > 1 else dt.date.max


def _label(unit: str, start: dt.date, end: dt.date) -> str:
    match unit:
        case "day" | "week":
            return start.isoformat()
        case "month":
            return start.isoformat()[:7]
        case "year":
            return f"{start.year:04}"
        case _:
            return f"{start.year:04}–{end.year:04}"


def _interval(unit: str, start: dt.date, end: dt.date) -> str:
    """A bucket as the query language writes it."""
    match unit:
        case "week":
            return f"{start.isoformat()}..{end.isoformat()}"
        case "day" | "month" | "year":
            return _label(unit, start, end)
        case _:
            return f"{start.year:04}..{end.year:04}"
