"""Searching a whoosh index."""

from __future__ import annotations

import heapq
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from index.engines.bounds import check_page, check_place, check_query, counted_column, kept_column
from index.engines.contract import After, Key, Match, Matches, Order
from index.engines.deadline import TimeUp, check, checked, left
from index.engines.surrogates import without_surrogates
from index.engines.together import in_kept_columns
from index.engines.whoosh_files import ID
from index.engines.whoosh_query import Evaluator, Statistics
from index.engines.whoosh_segment import open_segments, reporting
from index.query import Query
from index.schema import Form, Schema

_Found = tuple[Key, str, float, int, int]
"""A match: its value in the column that the order is by, its id, score, segment's number, and number there."""


class WhooshSearcher:
    """See `index.engines.contract.Searcher`. One thread searches at a time; others wait."""

    def __init__(self, location: Path, schema: Schema) -> None:
        self._location = location
        self._schema = schema
        self._searching = threading.Lock()
        self._closed = False
        with reporting(location, opening=True, reading=True):
            _, self._segments = open_segments(location)
        self._statistics = Statistics(self._segments)

    @property
    def document_count(self) -> int:
        """See `Searcher.document_count`."""
        with self._reading():
            return sum(len(segment.live) for segment in self._segments)

    def search(
        self, query: Query, *, limit: int, offset: int = 0, order: Order = Order.SCORE, after: After | None = None
    ) -> Matches:
        """See `Searcher.search`."""
        check_query(query, self._schema)
        check_page(limit, offset)
        check_place(order, after)
        with self._reading():
            found = list(
                chain.from_iterable(
                    self._valued(at, scores, order.column) for at, scores in enumerate(self._evaluate(query))
                )
            )
            if not limit:
                return Matches(len(found), [])
            page = heapq.nsmallest(offset + limit, _behind(found, order, after), key=_rank(found, order))[offset:]
            return Matches(
                len(found),
                [Match(name, score, self._segments[at].stored(number), key) for key, name, score, at, number in page],
            )

    def _valued(self, at: int, scores: dict[int, float], column: str) -> Iterator[_Found]:
        segment = self._segments[at]
        ids = segment.ids
        values = segment.values(self._schema, column) if column else None
        for document, score in scores.items():
            yield values[document] if values else None, ids[document], score, at, document

    def day_counts(self, query: Query) -> dict[int, int]:
        """See `Searcher.day_counts`."""
        check_query(query, self._schema)
        column = next(column.name for column in self._schema.columns if column.is_day)
        counts: Counter[int] = Counter()
        with self._reading():
            for segment, scores in zip(self._segments, self._evaluate(query), strict=True):
                days = segment.days(column)
                counts.update(day for document in scores if (day := days[document]) is not None)
        return dict(sorted(counts.items()))

    def _evaluate(self, query: Query) -> Iterator[dict[int, float]]:
        """For each segment, the documents that match and their scores."""
        query = in_kept_columns(query, self._schema)
        for segment in self._segments:
            yield Evaluator(segment, self._statistics, self._schema).evaluate(query)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        if not self._searching.acquire(timeout=left()):
            raise TimeUp
        try:
            with reporting(self._location, reading=True):
                if self._closed:
                    raise RuntimeError("the searcher is closed")
                check()
                yield
        finally:
            self._searching.release()

    def document(self, id: str) -> str | None:
        """See `Searcher.document`."""
        with self._reading():
            for segment in self._segments:
                number = segment.find(without_surrogates(id))
                if number is not None:
                    return segment.stored(number)
        return None

    def ids(self, prefix: str, limit: int) -> list[str]:
        """See `Searcher.ids`."""
        with self._reading():
            live = (
                name
                for segment in self._segments
                for name, _ in segment.terms.tokens(ID, without_surrogates(prefix))
                if segment.find(name) is not None
            )
            return heapq.nsmallest(limit, live) if limit > 0 else []

    def terms(self, field: str, form: Form, prefix: str = "") -> Iterator[tuple[str, int]]:
        """See `Searcher.terms`."""
        column = kept_column(self._schema, field, form).name
        counts: Counter[str] = Counter()
        with self._reading():
            for segment in self._segments:
                counts.update(dict(checked(segment.terms.tokens(column, without_surrogates(prefix)))))
        return iter(sorted(counts.items()))

    def commonest(
        self, field: str, form: Form, prefix: str = "", *, limit: int, within: Query | None = None
    ) -> list[tuple[str, int]]:
        """See `Searcher.commonest`."""
        column = kept_column(self._schema, field, form).name
        if within is not None:
            check_query(within, self._schema)
            within = in_kept_columns(within, self._schema)
        counts: Counter[str] = Counter()
        with self._reading():
            for segment in self._segments:
                if within is None:
                    counts.update(dict(checked(segment.terms.tokens(column, without_surrogates(prefix)))))
                    continue
                wanted = Evaluator(segment, self._statistics, self._schema).evaluate(within).keys()
                found = segment.terms.items(column, without_surrogates(prefix)) if wanted else ()
                for token, occurrences in checked(found):
                    if count := len(wanted & {number >> 32 for number in occurrences}):
                        counts[token] += count
        return heapq.nsmallest(limit, counts.items(), key=lambda item: (-item[1], item[0]))

    def doc_freq(self, field: str, form: Form, token: str) -> int:
        """See `Searcher.doc_freq`."""
        return self.doc_freqs(field, form, (token,))[0]

    def doc_freqs(self, field: str, form: Form, tokens: Sequence[str]) -> list[int]:
        """See `Searcher.doc_freqs`."""
        column = counted_column(self._schema, field, form).name
        with self._reading():
            known = [segment.terms for segment in self._segments]
            return [sum([terms.doc_freq(column, without_surrogates(token)) for terms in known]) for token in tokens]

    def close(self) -> None:
        """See `Searcher.close`."""
        with self._searching:
            if not self._closed:
                self._closed = True
                for segment in self._segments:
                    segment.close()


def _behind(found: list[_Found], order: Order, after: After | None) -> Iterable[_Found]:
    """The matches behind a place in an order by a column."""
    if after is None:
        return found
    place, last = after.key, without_surrogates(after.id)

    def is_behind(match: _Found) -> bool:
        key, name = match[:2]
        if key is None or place is None or key == place:
            return name > last if key == place else key is None
        return (key < place) if order.falls else (key > place)  # type: ignore[operator]  # both are days, or texts

    return filter(is_behind, found)


def _rank(found: list[_Found], order: Order) -> Callable[[_Found], tuple[float, str]]:
    """What is least for the match that comes first."""
    sign = -1 if order.falls else 1
    if not order.column:
        return lambda match: (sign * match[2], match[1])
    keys = {match[0] for match in found}
    ranks: dict[Key, float] = {key: at for at, key in enumerate(sorted(k for k in keys if isinstance(k, str)))}
    ranks |= {key: key for key in keys if isinstance(key, int)}
    return lambda match: (float("inf") if match[0] is None else sign * ranks[match[0]], match[1])
