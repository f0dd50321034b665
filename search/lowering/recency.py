"""Recency: newer articles before older ones, as far as they match about as well.

With a half-life, every score is multiplied by

    FLOOR + (1 - FLOOR) * 2 ** (-age / half-life)

where age is the days from the document's date to today: 1 for an article of today, (1 + FLOOR) / 2 for one as old as
the half-life, and near FLOOR for a very old one. A date in the future counts as today, no date as very old.

The WINDOW best documents by their words alone are put in the new order; those after them stay in theirs, so that
every page follows from the same list. Documents that hold only some of the words still come after those that hold all.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.engines.contract import After, Match, Matches, Order, Searcher
from index.errors import UsageError
from index.query import Query
from index.records import record
from index.schema import Form
from index.settings import DURATION

FLOOR = 0.5
"""What remains of the score of a very old document."""

WINDOW = 200
"""How many of the best documents are put in a new order."""

_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
# The first "date" of a stored document is its own: before it stand its id, source, title and authors, in which
# quotation marks are escaped.
_STORED_DATE = re.compile(r'"date":(?:"(\d{4}-\d{2}-\d{2})"|null)')


@record(frozen=True, slots=True)
class Recency:
    """A half-life in days, and the local day that ages count to."""

    half_life: int
    today: dt.date

    def factor(self, day: dt.date | None) -> float:
        """What the score of a document of this day is multiplied by."""
        if day is None:
            return FLOOR
        age = max(0, (self.today - day).days)
        return float(FLOOR + (1 - FLOOR) * 2.0 ** (-age / self.half_life))

    def describe(self, day: dt.date | None) -> str:
        """The factor of a day in words."""
        age = "no date" if day is None else _count(max(0, (self.today - day).days), "day") + " old"
        return f"recency ({age}, half-life {_count(self.half_life, 'day')}): × {self.factor(day):.3f}"


def parse_recency(text: str, today: dt.date | None = None) -> Recency | None:
    """A half-life as people write it: 30d, 2w, 6m, 1y (days, weeks, months of 30 days, years of 365). None for "".

    Raises:
        UsageError: it is written in another way.
    """
    if not text.strip():
        return None
    found = re.fullmatch(DURATION, text.strip().casefold())
    if found is None:
        raise UsageError(
            f"“{text}” is no half-life",
            remedy="Write a number and d, w, m or y (days, weeks, months, years), as in 30d",
        )
    return Recency(int(found[1]) * _DAYS[found[2]], today or dt.date.today())


class RecentFirst:
    """A searcher that takes recency into its scores. See `index.engines.contract.Searcher`."""

    def __init__(self, searcher: Searcher, recency: Recency) -> None:
        self._searcher = searcher
        self._recency = recency

    @property
    def document_count(self) -> int:
        """See `Searcher.document_count`."""
        return self._searcher.document_count

    def search(
        self, query: Query, *, limit: int, offset: int = 0, order: Order = Order.SCORE, after: After | None = None
    ) -> Matches:
        """See `Searcher.search`. Of orders, only that by score, the best first, changes."""
        if order is not Order.SCORE or not limit:
            found = self._searcher.search(query, limit=limit, offset=offset, order=order, after=after)
            return Matches(found.total, list(map(self._aged, found.page)))
        total, page = 0, []
        if offset < WINDOW:
            found = self._searcher.search(query, limit=WINDOW)
            best = sorted(map(self._aged, found.page), key=lambda match: (-match.score, match.id))
            total, page = found.total, best[offset : offset + limit]
            if offset + limit <= WINDOW or total <= WINDOW:
                return Matches(total, page)
        later = self._searcher.search(query, limit=limit - len(page), offset=max(offset, WINDOW))
        return Matches(later.total, [*page, *map(self._aged, later.page)])

    def _aged(self, match: Match) -> Match:
        return replace(match, score=match.score * self._recency.factor(stored_date(match.stored)))

    def day_counts(self, query: Query) -> dict[int, int]:
        """See `Searcher.day_counts`."""
        return self._searcher.day_counts(query)

    def document(self, id: str) -> str | None:
        """See `Searcher.document`."""
        return self._searcher.document(id)

    def ids(self, prefix: str, limit: int) -> list[str]:
        """See `Searcher.ids`."""
        return self._searcher.ids(prefix, limit)

    def terms(self, field: str, form: Form, prefix: str = "") -> Iterator[tuple[str, int]]:
        """See `Searcher.terms`."""
        return self._searcher.terms(field, form, prefix)

    def commonest(
        self, field: str, form: Form, prefix: str = "", *, limit: int, within: Query | None = None
    ) -> list[tuple[str, int]]:
        """See `Searcher.commonest`."""
        return self._searcher.commonest(field, form, prefix, limit=limit, within=within)

    def doc_freq(self, field: str, form: Form, token: str) -> int:
        """See `Searcher.doc_freq`."""
        return self._searcher.doc_freq(field, form, token)

    def doc_freqs(self, field: str, form: Form, tokens: Sequence[str]) -> list[int]:
        """See `Searcher.doc_freqs`."""
        return self._searcher.doc_freqs(field, form, tokens)

    def close(self) -> None:
        """See `Searcher.close`."""
        self._searcher.close()


def stored_date(stored: str) -> dt.date | None:
    """The date of a document as it is stored, without reading all of its text."""
    found = _STORED_DATE.search(stored)
    return dt.date.fromisoformat(found[1]) if found and found[1] else None


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
