"""Dates in a query as clauses: an interval of days, and what to say about how it was understood."""

from __future__ import annotations

import datetime as dt
import re

from search.query_language.dates import Interval, is_plain, parse_day, parse_interval, shifted
from search.query_language.syntax import Days
from search.results import Span

REFUSED = "so it was read as a word; "
"""What a notice says of what was written as a date and is none."""

FORMS = (
    'dates are written 2022, 2022-12, 2022-12-20, 2020..2022, -30d.., "last month", "20 December 2022" or "since March"'
)
"""What to write instead of what is no date."""

NO_DAY = "No day is left between these, so this matches no article"
"""What a notice says of a range that leaves out both its ends, or its only day."""

MAX_MORE_WORDS = 6
"""How many words after the first may belong to a date that is not in quotation marks: date:20 December 2022."""

_AMBIGUOUS = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})$")
_MORE_WORDS = re.compile(r"""\s+([^\s()"“”„«»^~*:]+)(?=[\s()]|$)""")
_WORD = re.compile(r'[^\s()"“”„«»]+')
_TO = re.compile(r"""\s+(?:TO|to)\s+(?:date:\s*)?([^\s()"“”„«»^*:]+)(?=[\s)]|$)""")
_FIELD_AGAIN = re.compile(r"(?<=\s)(TO|to)\s+date:\s*")
_SIDES = frozenset(["after", "since", "before", "until"])
_OPERATORS = frozenset(["AND", "OR", "NOT", "ANDNOT", "ANDMAYBE", "NEAR"])


def days(text: str, today: dt.date, comparison: str = "", span: Span = (0, 0)) -> tuple[Days | None, str]:
    """The clause for a date as typed, or None; and a notice: the days it means unless it is in figures, or why none.

    Args:
        text: the date, without the field and the comparison.
        today: the local day.
        comparison: `<`, `<=`, `>`, `>=` or nothing.
        span: where it stands in the query.
    """
    text = _FIELD_AGAIN.sub(r"\1 ", text)
    interval = parse_interval(text, today)
    if interval is None:
        return None, _refusal(text)
    if is_swapped(text, today):
        return Days(*interval, span), f"The first day comes after the last, so {_stated(text, interval)}"
    interval = _compared(interval, comparison)
    return Days(*interval, span), "" if is_plain(text) else _stated(f"{comparison}{text}", interval)


def is_swapped(text: str, today: dt.date) -> bool:
    """Whether the first of two dates around `..` comes after the last."""
    first, dots, last = text.partition("..")
    start, end = (parse_day(part.strip(" ."), today) if dots else None for part in (first, last))
    return bool(start and end and start[0] > end[1])


def as_date(name: str, text: str, start: int, today: dt.date) -> tuple[str, int] | None:
    """What to write instead of `after:2020` and the like, and where in the text what it replaces ends.

    Args:
        name: what stands before the colon.
        text: the query.
        start: where what follows the colon begins.
        today: the local day.
    """
    word = _WORD.match(text, start)
    if name not in _SIDES or word is None:
        return None
    written = f"{name} {word[0]}"
    return (f'date:"{written}"', word.end()) if parse_interval(written, today) else None


def longest(text: str, start: int, word: str, today: dt.date) -> int:
    """Where a date ends that began as `word` at `start`, with the words after it that belong to it."""
    ends = [start + len(word)]
    is_figures = is_plain(word)
    if is_figures and text[start - 1] not in "<>=" and (second := _TO.match(text, ends[0])):
        end = second.end()  # without brackets: date:2020 TO 2021, date:2020 TO date:2021
        if parse_interval(_FIELD_AGAIN.sub(r"\1 ", text[start:end]), today):
            return end
    while not is_figures and len(ends) <= MAX_MORE_WORDS and (more := _MORE_WORDS.match(text, ends[-1])):
        if more[1] in _OPERATORS or (more[1][0] in "+-!=<>" and len(more[1]) > 1):
            break
        ends.append(more.end())
    return next((end for end in reversed(ends) if parse_interval(text[start:end], today)), ends[0])


def between(
    lower: str, upper: str, today: dt.date, *, above: bool = False, below: bool = False, span: Span = (0, 0)
) -> tuple[Days, str]:
    """The clause for two dates in brackets, "" leaving a side open; and what there is to say about it.

    Args:
        lower, upper: the dates as typed.
        today: the local day.
        above, below: whether the lower, the upper one is left out, of which nothing may be left: a Days that ends
            before it begins, which no article matches.
        span: where the range stands in the query.
    """
    start = parse_day(lower, today) if lower else None
    end = parse_day(upper, today) if upper else None
    wrong = [text for text, day in ((lower, start), (upper, end)) if text and not day]
    if wrong:
        notice = f"“{'” and “'.join(wrong)}”: not a date, so left open; {FORMS}"
    is_swapped = start is not None and end is not None and start[0] > end[1]
    if is_swapped:
        start, end, above, below = end, start, below, above
    first = start and (shifted(start[1], 1) if above else start[0])
    last = end and (shifted(end[0], -1) if below else end[1])
    if first and last and first > last:
        return Days(shifted(last, 1), last, span), NO_DAY
    if is_swapped:
        swapped = _stated(f"{lower} to {upper}", (first, last))
        return Days(first, last, span), f"The first day comes after the last, so {swapped}"
    if not wrong:
        plain = all(is_plain(text) for text in (lower, upper) if text)
        notice = "" if plain else _stated(f"{lower or '*'} to {upper or '*'}", (first, last))
    return Days(first, last, span), notice


def _compared(interval: Interval, comparison: str) -> Interval:
    first, last = interval
    if first is None or last is None:  # open already
        return interval
    match comparison:
        case ">=":
            return first, None
        case "<=":
            return None, last
        case ">":
            return shifted(last, 1), None
        case "<":
            return None, shifted(first, -1)
    return interval


def _refusal(text: str) -> str:
    if found := _AMBIGUOUS.match(text.strip()):
        first, second, year = found.groups()
        either = [f"{year}-{int(month):02}-{int(day):02}" for day, month in ((first, second), (second, first))]
        if all(parse_day(day, dt.date.max) for day in either):
            return f"“{text}” may be two days, {REFUSED}write {either[0]} or {either[1]}"
    return f"“{text}” is not a date, {REFUSED}{FORMS}"


def _stated(text: str, interval: Interval) -> str:
    first, last = interval
    if first is not None and last is not None:
        means = f"{first}" if first == last else f"{first} to {last}"
    else:
        means = f"{first} or later" if first else f"{last} or earlier"
    return f"“{text}” was read as {means}"
