"""Searching a tantivy index: pages in an order that is the same every time.

The library orders by score or by one number, and breaks ties by where a document happens to lie. So a page is fetched
with everything that ties with its ends, and ties are ordered here: by the number made of the id's first bytes, and
where even those are equal by the id itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import tantivy

from index.engines.bounds import check_page, check_query, text_column
from index.engines.contract import Match, Matches, Order
from index.engines.surrogates import without_surrogates
from index.engines.tantivy_library import ID, ID_NUMBER, STORED, open_for_reading, reporting
from index.engines.tantivy_query import Compiler, both, day_query, id_prefix
from index.engines.uniform import uniform_score
from index.query import Query
from index.schema import Form, Schema

MAX_TIES = 10_000
"""How many equal scores are ordered by id at most; more of them keep the library's order."""

_LOOKAHEAD = 20  # hits fetched beyond a page, to see whether its last score goes on

_Hit = tuple[float | None, tantivy.DocAddress]


class TantivySearcher:
    """See `index.engines.contract.Searcher`."""

    def __init__(self, location: Path, schema: Schema) -> None:
        self._location = location
        self._schema = schema
        index, self._folder = open_for_reading(location)
        self._library_schema = index.schema
        self._library_searcher: tantivy.Searcher | None = index.searcher()

    @property
    def document_count(self) -> int:
        """See `Searcher.document_count`."""
        return self._searcher.num_docs

    def search(self, query: Query, *, limit: int, offset: int = 0, order: Order = Order.SCORE) -> Matches:
        """See `Searcher.search`."""
        check_query(query, self._schema)
        check_page(limit, offset)
        with reporting(self._location, reading=True):
            compiled = Compiler(self._searcher, self._library_schema, self._schema).compile(query)
            if not limit:
                return Matches(_count(self._searcher.search(compiled, limit=1)), [])
            score = uniform_score(query)
            if order is not Order.SCORE:
                total, page = self._by_day(compiled, limit, offset, order)
            elif score is None:
                total, hits = self._reach(compiled, limit + offset)
                page = self._tied(hits, offset, offset + limit)
                return Matches(total, [self._match(at, points or 0.0) for points, at in page])
            else:
                total, page = self._by_id(compiled, limit, offset)
            if score is not None:
                return Matches(total, [self._match(at, score) for _, at in page])
            return Matches(total, self._scored(compiled, page))

    def document(self, id: str) -> str | None:
        """See `Searcher.document`."""
        with reporting(self._location, reading=True):
            wanted = tantivy.Query.term_query(self._library_schema, ID, without_surrogates(id), "basic")
            hits = self._searcher.search(wanted, limit=1, count=False).hits
            return self._match(hits[0][1], 0.0).stored if hits else None

    def ids(self, prefix: str, limit: int) -> list[str]:
        """See `Searcher.ids`."""
        if limit <= 0:
            return []
        with reporting(self._location, reading=True):
            _, page = self._by_id(id_prefix(self._library_schema, ID, prefix), limit, 0)
            return [self._id(at) for _, at in page]

    def terms(self, field: str, form: Form, prefix: str = "") -> Iterator[tuple[str, int]]:
        """See `Searcher.terms`."""
        column = text_column(self._schema, field, form).name
        with reporting(self._location, reading=True):
            found = self._searcher.terms_with_prefix(column, without_surrogates(prefix))
        return iter(sorted(found))

    def doc_freq(self, field: str, form: Form, token: str) -> int:
        """See `Searcher.doc_freq`."""
        column = text_column(self._schema, field, form).name
        with reporting(self._location, reading=True):
            return self._searcher.doc_freq(column, without_surrogates(token))

    def close(self) -> None:
        """See `Searcher.close`."""
        self._library_searcher = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    @property
    def _searcher(self) -> tantivy.Searcher:
        if self._library_searcher is None:
            raise RuntimeError("the searcher is closed")
        return self._library_searcher

    def _id(self, at: tantivy.DocAddress) -> str:
        return str(self._searcher.doc(at).get_first(ID))

    def _match(self, at: tantivy.DocAddress, score: float) -> Match:
        document = self._searcher.doc(at)
        stored = document.get_first(STORED)
        return Match(str(document.get_first(ID)), score, bytes(stored or b"").decode())

    def _reach(self, query: tantivy.Query, end: int, number: str | None = None) -> tuple[int, list[_Hit]]:
        """The total, and hits in order (by score, or by a number from the least) up to `end` and on to the last that
        ties with the one before `end`, though not on beyond `MAX_TIES` of them."""
        most = end + _LOOKAHEAD
        while True:
            found = self._searcher.search(query, limit=most, order_by_field=number, order=_direction(number))
            hits = found.hits
            if len(hits) < most or hits[end - 1][0] != hits[-1][0] or most > end + MAX_TIES:
                return _count(found), hits
            most = min(most * 10, end + MAX_TIES + 1)

    def _by_id(self, query: tantivy.Query, limit: int, offset: int) -> tuple[int, list[_Hit]]:
        """The total, and a page in the order of ids."""
        total, hits = self._reach(query, limit + offset, ID_NUMBER)
        return total, self._tied(hits, offset, offset + limit, by_number=False)

    def _by_day(self, query: tantivy.Query, limit: int, offset: int, order: Order) -> tuple[int, list[_Hit]]:
        """The total, and a page in the order of days, undated documents last."""
        column = next(column.name for column in self._schema.columns if column.is_day)
        end = limit + offset
        direction = tantivy.Order.Desc if order is Order.NEWEST else tantivy.Order.Asc
        found = self._searcher.search(query, limit=end, order_by_field=column, order=direction)
        hits: list[_Hit] = found.hits
        if len(hits) < _count(found):
            # The last day goes on beyond the page, so its documents are asked for again, in the order of ids.
            day = hits[-1][0]
            start = next(at for at, hit in enumerate(hits) if hit[0] == day)
            of_day = both(query, day_query(self._library_schema, column, None if day is None else int(day)))
            skipped = max(offset - start, 0)
            _, last = self._by_id(of_day, end - start - skipped, skipped)
            return _count(found), self._tied(hits[:start], offset, end) + last
        return _count(found), self._tied(hits, offset, end)

    def _tied(self, hits: Sequence[_Hit], offset: int, end: int, *, by_number: bool = True) -> list[_Hit]:
        """The hits from `offset` to `end`, equal ones in the order of ids; `hits` holds all that tie with them."""
        page: list[_Hit] = []
        start = 0
        for _, equal in groupby(hits, key=lambda hit: hit[0]):
            group = list(equal)
            stop = start + len(group)
            if start < end and stop > offset:
                low, high = max(offset - start, 0), min(end - start, len(group))
                if len(group) == 1 or len(group) > MAX_TIES:
                    page += group[low:high]
                elif by_number:
                    numbers = self._searcher.fast_field_values(ID_NUMBER, [at for _, at in group])
                    numbered = sorted(
                        ((number, at) for number, (_, at) in zip(numbers, group, strict=True)),
                        key=lambda pair: pair[0] or 0,
                    )
                    page += [(group[0][0], at) for _, at in self._tied(numbered, low, high, by_number=False)]
                else:
                    page += sorted(group, key=lambda hit: self._id(hit[1]))[low:high]
            start = stop
        return page

    def _scored(self, query: tantivy.Query, page: Sequence[_Hit]) -> list[Match]:
        """The page, in its order, with the scores that `query` gives."""
        unscored = [self._match(at, 0.0) for _, at in page]
        ids = [match.id for match in unscored]
        if not ids:
            return []
        of_page = both(query, tantivy.Query.term_set_query(self._library_schema, ID, ids))
        hits = self._searcher.search(of_page, limit=len(ids), count=False).hits
        scores = {(at.segment_ord, at.doc): points for points, at in hits}
        return [
            Match(match.id, scores[at.segment_ord, at.doc], match.stored)
            for match, (_, at) in zip(unscored, page, strict=True)
        ]


def _direction(number: str | None) -> tantivy.Order:
    """By score the best comes first, by a number the least."""
    return tantivy.Order.Desc if number is None else tantivy.Order.Asc


def _count(found: tantivy.SearchResult) -> int:
    """How many documents matched in all."""
    return int(found.count)  # type: ignore[attr-defined]  # which the library's stubs forget
