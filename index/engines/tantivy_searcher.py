"""Searching a tantivy index."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TypeVar, cast

import tantivy

from index.engines.bounds import check_page, check_place, check_query, counted_column, kept_column
from index.engines.contract import After, Key, Match, Matches, Order
from index.engines.costs import may_take_long
from index.engines.deadline import TimeUp, check, in_time, left
from index.engines.surrogates import without_surrogates
from index.engines.tantivy_library import CONTENTS, ID, STORED, Reporting, open_for_reading, segments_of_commit
from index.engines.tantivy_pages import Hit, Pages, count_of
from index.engines.tantivy_query import FIRST_DAY, LAST_DAY, Compiler, both, id_prefix, numbers_between
from index.engines.together import in_kept_columns
from index.engines.uniform import uniform_score
from index.engines.word_and_more import word_and_more, word_of
from index.errors import IndexDamaged
from index.query import Or, Query, Term
from index.schema import Form, Schema

_MOST_DAYS = 65_000  # that the library counts at a time
_MANY_SWEEPS = 6  # over one column; of so many one is tried first, to tell how long all will take
_TOO_MANY_BUCKETS = "bucket limit"

Result = TypeVar("Result")


class TantivySearcher:
    """See `index.engines.contract.Searcher`."""

    def __init__(self, location: Path, schema: Schema) -> None:
        self._reporting = Reporting(location, reading=True)
        self._schema = schema
        commit = _commit(location)
        index = open_for_reading(location)
        # Where another commit came in between, it is not known which of them was opened.
        is_known = commit == _commit(location)
        self._has_deleted = not is_known or any(segment.deleted for segment in segments_of_commit(location))
        self._library_schema = index.schema
        self._library_searcher: tantivy.Searcher | None = index.searcher()
        self._library_pages: Pages | None = Pages(self._library_searcher, self._library_schema, schema)

    @property
    def document_count(self) -> int:
        """See `Searcher.document_count`."""
        return self._searcher.num_docs

    def search(
        self, query: Query, *, limit: int, offset: int = 0, order: Order = Order.SCORE, after: After | None = None
    ) -> Matches:
        """See `Searcher.search`."""
        check_query(query, self._schema)
        check_page(limit, offset)
        check_place(order, after)
        return _run(
            lambda: self._search(query, limit, offset, order, after), takes_long=may_take_long(query, offset + limit)
        )

    def _search(self, query: Query, limit: int, offset: int, order: Order, after: After | None) -> Matches:
        with self._reporting:
            if limit and order is Order.SCORE and (found := self._together(query, limit, offset)):
                return found
            compiled = self._compiled(query)
            if not limit:
                return Matches(count_of(self._searcher.search(compiled, limit=1)), [])
            pages = self._pages
            score = uniform_score(query)
            if not order.column and score is None:
                total, page = pages.by_score(compiled, limit, offset, falls=order.falls)
                return Matches(total, [self._match(at, float(points or 0.0)) for points, at in page])
            if not order.column:
                total, page = pages.by_id(compiled, limit, offset)
                page = [(None, at) for _, at in page]
            elif after is None:
                total, page = pages.by_column(compiled, order, limit, offset)
            else:
                total = count_of(self._searcher.search(compiled, limit=1))
                page = pages.after(compiled, order, after, offset + limit)[offset:]
            return Matches(total, self._scored(compiled, page, score))

    def _together(self, query: Query, limit: int, offset: int) -> Matches | None:
        """A page of a query for a word and for what only ranks, found as for any of them, which takes half the time.

        None unless that finds the same: if each document with the others has the word as well, then there are as many
        with any of them as with the word. Where documents were deleted it is not known how many have the word.
        """
        parts = None if self._has_deleted else word_and_more(query, self._schema)
        if parts is None:
            return None
        word, more = parts
        more = tuple(each for each in more if self._counted(word_of(each)))  # the library is quicker without the rest
        total, page = self._pages.by_score(self._compiled(Or((word, *more))), limit, offset)
        if total != self._counted(word):
            return None
        return Matches(total, [self._match(at, float(points or 0.0)) for points, at in page])

    def _counted(self, word: Query) -> int:
        return self.doc_freq(word.field, word.form, word.token) if isinstance(word, Term) else 0

    def day_counts(self, query: Query) -> dict[int, int]:
        """See `Searcher.day_counts`."""
        check_query(query, self._schema)

        def count() -> dict[int, int]:
            with self._reporting:
                compiled = self._compiled(query)
                return dict(sorted(self._count_days(compiled, FIRST_DAY, LAST_DAY)))

        return _run(count, takes_long=may_take_long(query))

    def _count_days(self, query: tantivy.Query, first: int, last: int) -> list[tuple[int, int]]:
        """The days from the first to the last, with their counts; in two halves where they are too many at a time."""
        column = next(column.name for column in self._schema.columns if column.is_day)
        within = both(query, numbers_between(self._library_schema, column, first, last))
        try:
            found = self._searcher.aggregate(within, {"days": {"terms": {"field": column, "size": _MOST_DAYS}}})["days"]
        except ValueError as error:
            if _TOO_MANY_BUCKETS not in str(error):
                raise
            found = None
        if found is None or found["sum_other_doc_count"]:
            middle = (first + last) // 2
            return self._count_days(query, first, middle) + self._count_days(query, middle + 1, last)
        return [(int(bucket["key"]), int(bucket["doc_count"])) for bucket in found["buckets"]]

    def document(self, id: str) -> str | None:
        """See `Searcher.document`."""
        with self._reporting:
            wanted = tantivy.Query.term_query(self._library_schema, ID, without_surrogates(id), "basic")
            hits = self._searcher.search(wanted, limit=1, count=False).hits
            return self._match(hits[0][1], 0.0).stored if hits else None

    def ids(self, prefix: str, limit: int) -> list[str]:
        """See `Searcher.ids`."""
        if limit <= 0:
            return []
        try:
            with self._reporting:
                _, page = self._pages.by_id(id_prefix(self._library_schema, ID, prefix), limit, 0)
                return [str(self._searcher.doc(at).get_first(ID)) for _, at in page]
        except IndexDamaged:  # what is stored may be; the terms, by which documents are found, need not
            with self._reporting:
                names = sorted(name for name, _ in self._searcher.terms_with_prefix(ID, without_surrogates(prefix)))
                return list(islice(filter(self._is_live, names), limit))

    def _is_live(self, id: str) -> bool:
        wanted = tantivy.Query.term_query(self._library_schema, ID, id, "basic")
        return count_of(self._searcher.search(wanted, limit=1)) > 0

    def terms(self, field: str, form: Form, prefix: str = "") -> Iterator[tuple[str, int]]:
        """See `Searcher.terms`."""
        column = kept_column(self._schema, field, form).name

        def find() -> list[tuple[str, int]]:
            with self._reporting:
                return sorted(self._searcher.terms_with_prefix(column, without_surrogates(prefix)))

        return iter(_run(find, takes_long=not prefix))

    def commonest(
        self, field: str, form: Form, prefix: str = "", *, limit: int, within: Query | None = None
    ) -> list[tuple[str, int]]:
        """See `Searcher.commonest`."""
        column = kept_column(self._schema, field, form).name
        if within is not None:
            check_query(within, self._schema)

        def find() -> list[tuple[str, int]]:
            with self._reporting:
                only = None if within is None else self._compiled(within)
                start = without_surrogates(prefix)
                return self._searcher.terms_with_prefix(column, start, filter_query=only, limit=limit)

        return _run(find, takes_long=not prefix or within is not None)

    def doc_freq(self, field: str, form: Form, token: str) -> int:
        """See `Searcher.doc_freq`."""
        return self.doc_freqs(field, form, (token,))[0]

    def doc_freqs(self, field: str, form: Form, tokens: Sequence[str]) -> list[int]:
        """See `Searcher.doc_freqs`."""
        column = counted_column(self._schema, field, form).name
        with self._reporting:
            count = self._searcher.doc_freq
            return [count(column, token if token.isascii() else without_surrogates(token)) for token in tokens]

    def close(self) -> None:
        """See `Searcher.close`."""
        self._library_searcher = self._library_pages = None

    @property
    def _searcher(self) -> tantivy.Searcher:
        if self._library_searcher is None:
            raise RuntimeError("the searcher is closed")
        return self._library_searcher

    @property
    def _pages(self) -> Pages:
        if self._library_pages is None:
            raise RuntimeError("the searcher is closed")
        return self._library_pages

    def _compiled(self, query: Query) -> tantivy.Query:
        """The library's query. Raises `TimeUp` if it would take longer than there is time, as far as can be told."""
        compiler = Compiler(self._searcher, self._library_schema, self._schema)
        compiled = compiler.compile(in_kept_columns(query, self._schema))
        expected = 0.0
        for sweeps in compiler.sweeps.values() if left() >= 0 else ():
            if len(sweeps) >= _MANY_SWEEPS:
                started = time.monotonic()
                self._searcher.search(sweeps[0], limit=1, count=False)
                expected += (time.monotonic() - started) * len(sweeps)
        if expected > left() >= 0:
            raise TimeUp
        check()
        return compiled

    def _match(self, at: tantivy.DocAddress, score: float, key: Key = None) -> Match:
        document = self._searcher.doc(at)
        stored = document.get_first(STORED)
        return Match(str(document.get_first(ID)), score, str(stored or ""), key)

    def _scored(self, query: tantivy.Query, page: Sequence[Hit], score: float | None) -> list[Match]:
        """The page, in its order, with the scores that `query` gives: `score`, unless they differ."""
        matches = [self._match(at, score or 0.0, cast(Key, key)) for key, at in page]
        if score is not None or not matches:
            return matches
        ids = [match.id for match in matches]
        of_page = both(query, tantivy.Query.term_set_query(self._library_schema, ID, ids))
        hits = self._searcher.search(of_page, limit=len(ids), count=False).hits
        scores = {(at.segment_ord, at.doc): points for points, at in hits}
        return [
            replace(match, score=scores[at.segment_ord, at.doc]) for match, (_, at) in zip(matches, page, strict=True)
        ]


def _run(work: Callable[[], Result], *, takes_long: bool) -> Result:
    """Do what the library cannot be stopped in; where it may take long, so that the deadline is kept all the same."""
    if takes_long:
        return in_time(work)
    check()
    return work()


def _commit(location: Path) -> bytes:
    """What changes with every commit."""
    try:
        return (location / CONTENTS).read_bytes()
    except OSError:
        return b""
