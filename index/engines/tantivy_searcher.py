"""Searching a tantivy index."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar, cast

import tantivy

from index.engines.bounds import check_page, check_place, check_query, counted_column, kept_column, range_column
from index.engines.contract import After, Key, Match, Matches, Order
from index.engines.costs import may_take_long
from index.engines.deadline import TimeUp, check, in_time, left
from index.engines.surrogates import without_surrogates
from index.engines.tantivy_library import CONTENTS, ID, STORED, Reporting, open_for_reading, segments_of_commit
from index.engines.tantivy_pages import Hit, Pages, count_of
from index.engines.tantivy_prefixes import Prefixes
from index.engines.tantivy_query import FIRST_DAY, LAST_DAY, Compiler, both, id_prefix, numbers_between
from index.engines.tantivy_words import Words
from index.engines.together import in_kept_columns
from index.engines.uniform import uniform_score
from index.errors import IndexDamaged
from index.query import And, AndMaybe, Or, Phrase, Prefix, Query, Range
from index.schema import Form, Schema

_MOST_DAYS = 65_000  # that the library counts at a time
_MANY_SWEEPS = 6  # over one column; of so many one is tried first, to tell how long all will take
_TOO_MANY_BUCKETS = "bucket limit"

Result = TypeVar("Result")


class _Opened(NamedTuple):
    """What asks an open index."""

    searcher: tantivy.Searcher
    pages: Pages
    prefixes: Prefixes
    words: Words


class TantivySearcher:
    """See `index.engines.contract.Searcher`."""

    def __init__(self, location: Path, schema: Schema) -> None:
        self._reporting = Reporting(location, reading=True)
        self._schema = schema
        commit = _commit(location)
        index = open_for_reading(location)
        # Where another commit came in between, it is not known which of them was opened.
        segments = segments_of_commit(location) if commit == _commit(location) else ()
        self._library_schema = index.schema
        searcher = index.searcher()
        pages, prefixes = Pages(searcher, self._library_schema, schema), Prefixes(searcher)
        words = Words(searcher, pages, prefixes, schema, segments, self._compiled)
        self._while_open: _Opened | None = _Opened(searcher, pages, prefixes, words)

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
            lambda: self._search(query, limit, offset, order, after),
            takes_long=may_take_long(query, offset + limit, is_narrow=self._is_narrow),
        )

    def _search(self, query: Query, limit: int, offset: int, order: Order, after: After | None) -> Matches:
        with self._reporting:
            if limit and order is Order.SCORE and (best := self._best(query, limit, offset)):
                total, page = best
                return Matches(total, [self._match(at, float(points or 0.0)) for points, at in page])
            compiled = self._compiled(query)
            if not limit:
                return Matches(count_of(self._searcher.search(compiled, limit=1)), [])
            pages = self._pages
            score = uniform_score(query)
            if not order.column and score is None:
                total, page = pages.by_score(compiled, limit, offset, falls=order.falls, many_tie=_is_phrase(query))
                return Matches(total, [self._match(at, float(points or 0.0)) for points, at in page])
            if not order.column:
                total, page = pages.by_id(compiled, limit, offset)
                page = [(None, at) for _, at in page]
            elif after is None:
                rest = self._beside(query, order.column)
                beside = compiled if rest is query else self._compiled(rest)
                total, page = pages.by_column(compiled, order, limit, offset, beside)
            else:
                total = count_of(self._searcher.search(compiled, limit=1))
                page = pages.after(compiled, order, after, offset + limit)[offset:]
            return Matches(total, self._scored(compiled, page, score))

    def _best(self, query: Query, limit: int, offset: int) -> tuple[int, list[Hit]] | None:
        """The total and a page of the best, for queries for which there is a quicker way to find them."""
        several = query.clauses if isinstance(query, Or) and query.minimum == 1 else ()
        if len(several) > 1 and all(uniform_score(each) == 1.0 for each in several):
            return self._pages.by_number(self._all_compiled(several), limit, offset)
        return self._opened.words.by_score(query, limit, offset)

    def _beside(self, query: Query, column: str) -> Query:
        """What is left to ask of documents whose value in a column is known to be one that the query allows."""
        clauses = query.clauses if isinstance(query, And) else (query,)
        ranges = [
            clause
            for clause in clauses
            if isinstance(clause, Range) and range_column(clause, self._schema).name == column
        ]
        return And(tuple(clause for clause in clauses if clause not in ranges)) if ranges else query

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
        self._while_open = None

    @property
    def _opened(self) -> _Opened:
        if self._while_open is None:
            raise RuntimeError("the searcher is closed")
        return self._while_open

    @property
    def _searcher(self) -> tantivy.Searcher:
        return self._opened.searcher

    @property
    def _pages(self) -> Pages:
        return self._opened.pages

    def _is_narrow(self, prefix: Prefix) -> bool:
        with self._reporting:
            return self._opened.prefixes.is_narrow(prefix)

    def _compiled(self, query: Query) -> tantivy.Query:
        return self._all_compiled((query,))[0]

    def _all_compiled(self, queries: Sequence[Query]) -> list[tantivy.Query]:
        """The library's queries. Raises `TimeUp` if all together would take longer than there is time, as far as can be
        told."""
        compiler = Compiler(self._searcher, self._library_schema, self._schema, self._opened.prefixes)
        compiled = [compiler.compile(in_kept_columns(query, self._schema)) for query in queries]
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


def _is_phrase(query: Query) -> bool:
    """Whether nothing but phrases is demanded, which stand so rarely in a document that many have the same score."""
    demanded = query.required if isinstance(query, AndMaybe) else query
    clauses = demanded.clauses if isinstance(demanded, And | Or) else (demanded,)
    return all(isinstance(clause, Phrase) for clause in clauses)


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
