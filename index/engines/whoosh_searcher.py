"""Searching a whoosh index."""

from __future__ import annotations

import heapq
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from index.engines.bounds import check_page, check_query, text_column
from index.engines.contract import Match, Matches, Order
from index.engines.surrogates import without_surrogates
from index.engines.whoosh_files import ID, Storage
from index.engines.whoosh_query import Evaluator, Statistics
from index.engines.whoosh_segment import open_segments, reporting
from index.query import Query
from index.schema import Form, Schema

_Ranked = tuple[float, str, float, int, int]
"""A match: what comes first is least, its id, its score, the number of its segment, and its number there."""


class WhooshSearcher:
    """See `index.engines.contract.Searcher`. One thread searches at a time; others wait."""

    def __init__(self, location: Path, schema: Schema) -> None:
        self._location = location
        self._schema = schema
        self._searching = threading.Lock()
        self._closed = False
        with reporting(location, opening=True, reading=True):
            _, self._segments = open_segments(Storage(location))
        self._statistics = Statistics(self._segments)

    @property
    def document_count(self) -> int:
        """See `Searcher.document_count`."""
        with self._reading():
            return sum(len(segment.live) for segment in self._segments)

    def search(self, query: Query, *, limit: int, offset: int = 0, order: Order = Order.SCORE) -> Matches:
        """See `Searcher.search`."""
        check_query(query, self._schema)
        check_page(limit, offset)
        with self._reading():
            found = [
                (segment, Evaluator(segment, self._statistics, self._schema).evaluate(query))
                for segment in self._segments
            ]
            total = sum(len(scores) for _, scores in found)
            if not limit:
                return Matches(total, [])
            ranked = chain.from_iterable(self._ranked(at, scores, order) for at, (_, scores) in enumerate(found))
            page = heapq.nsmallest(offset + limit, ranked)[offset:]
            return Matches(
                total,
                [Match(name, score, self._segments[at].stored(document)) for _, name, score, at, document in page],
            )

    def _ranked(self, at: int, scores: dict[int, float], order: Order) -> Iterator[tuple[float, str, float, int, int]]:
        """Each match as (what is least comes first, id, score, number of the segment, document)."""
        segment = self._segments[at]
        ids = segment.ids
        if order is Order.SCORE:
            for document, score in scores.items():
                yield -score, ids[document], score, at, document
            return
        days = segment.days(next(column.name for column in self._schema.columns if column.is_day))
        sign = -1 if order is Order.NEWEST else 1
        for document, score in scores.items():
            day = days[document]
            yield float("inf") if day is None else sign * day, ids[document], score, at, document

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._searching, reporting(self._location, reading=True):
            if self._closed:
                raise RuntimeError("the searcher is closed")
            yield

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
        column = text_column(self._schema, field, form).name
        counts: Counter[str] = Counter()
        with self._reading():
            for segment in self._segments:
                counts.update(dict(segment.terms.tokens(column, without_surrogates(prefix))))
        return iter(sorted(counts.items()))

    def doc_freq(self, field: str, form: Form, token: str) -> int:
        """See `Searcher.doc_freq`."""
        column = text_column(self._schema, field, form).name
        with self._reading():
            return sum(segment.terms.doc_freq(column, without_surrogates(token)) for segment in self._segments)

    def close(self) -> None:
        """See `Searcher.close`."""
        with self._searching:
            if not self._closed:
                self._closed = True
                for segment in self._segments:
                    segment.close()
