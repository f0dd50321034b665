"""Pages of a tantivy index, in an order that is the same every time.

The library orders by score or by one column, and breaks ties by where a document happens to lie. So a page is fetched
with everything that ties with its ends, and ties are ordered here: by the number made of the id's first bytes, and
where even those are equal by the id itself. A column of text is ordered by the library, too; a number made of each
text's first bytes tells cheaply what lies beyond a place in that order.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

import tantivy

from index.engines.contract import After, Key, Order
from index.engines.surrogates import without_surrogates
from index.engines.tantivy_library import ID, ID_NUMBER, first_bytes, number_column
from index.engines.tantivy_query import both, excluding, numbers_between
from index.schema import Schema

MAX_TIES = 10_000
"""How many equal scores are ordered by id at most; more of them keep the library's order."""

_LOOKAHEAD = 20  # hits fetched beyond a page, to see whether its last score goes on
_TIES = 100  # the same where scores are likely to be the same; to ask again takes as long as the first time

Hit = tuple[float | str | None, tantivy.DocAddress]
"""A document and what it is ordered by: its score, or its value in a column."""


class Pages:
    """Pages of what one searcher finds. Every method gives the total as well, and hits in order."""

    def __init__(self, searcher: tantivy.Searcher, library_schema: tantivy.Schema, schema: Schema) -> None:
        self._searcher = searcher
        self._library_schema = library_schema
        self._days = {column.name for column in schema.columns if column.is_day}

    def by_score(
        self, query: tantivy.Query, limit: int, offset: int, *, falls: bool = True, many_tie: bool = False
    ) -> tuple[int, list[Hit]]:
        """The best first, or the worst if the order does not fall; `many_tie` says that scores are likely the same."""
        if falls:
            total, hits = self._reach(query, limit + offset, ahead=_TIES if many_tie else _LOOKAHEAD)
        else:  # which the library cannot do
            found = self._searcher.search(query, limit=max(1, self._searcher.num_docs))
            total, hits = count_of(found), found.hits[::-1]
        return total, self._tied(hits, offset, offset + limit)

    def by_id(self, query: tantivy.Query, limit: int, offset: int) -> tuple[int, list[Hit]]:
        """In the order of ids."""
        total, hits = self._reach(query, limit + offset, ID_NUMBER)
        return total, self._tied(hits, offset, offset + limit, by_number=False)

    def by_number(self, clauses: Sequence[tantivy.Query], limit: int, offset: int) -> tuple[int, list[Hit]]:
        """What matches any of the clauses, each of which scores 1: what matches most of them first."""
        end = limit + offset
        most = end + _LOOKAHEAD
        found = self._searcher.search(_at_least(1, clauses), limit=most)
        hits = found.hits
        if len(hits) == most and hits[end - 1][0] == hits[-1][0]:
            # The last score goes on, most likely far. All that match more clauses are known.
            number = hits[-1][0]
            hits = self._tied([hit for hit in hits if hit[0] > number], 0, end)
            better = {(at.segment_ord, at.doc) for _, at in hits}
            _, others = self.by_id(_at_least(round(number), clauses), end, 0)
            hits += [(number, at) for _, at in others if (at.segment_ord, at.doc) not in better]
            return count_of(found), hits[offset:end]
        return count_of(found), self._tied(hits, offset, end)

    def by_column(
        self, query: tantivy.Query, order: Order, limit: int, offset: int, beside: tantivy.Query
    ) -> tuple[int, list[Hit]]:
        """In the order of a column, then of ids; documents without a value last.

        Args:
            query, order, limit, offset: which documents.
            beside: what is left of `query` for documents of which it is known that their value is within it.
        """
        end = limit + offset
        found = self._searcher.search(
            query, limit=end, order_by_field=order.column, order=_direction(falls=order.falls)
        )
        total = count_of(found)
        page: list[Hit] = []
        start = 0
        for key, equal in groupby(found.hits, key=lambda hit: hit[0]):
            group = list(equal)
            stop = start + len(group)
            if stop > offset and start < end:
                low, high = max(offset - start, 0), min(end - start, len(group))
                if len(group) > MAX_TIES or (stop == len(found.hits) < total):
                    # The last value may go on beyond the page, so its documents are asked for in the order of ids.
                    having = self._having(order.column, key)
                    _, last = self.by_id(both(beside, having), high - low, low)
                    page += [(key, at) for _, at in last]
                else:
                    page += self._tied(group, low, high)
            start = stop
        return total, page

    def after(self, query: tantivy.Query, order: Order, place: After, limit: int) -> list[Hit]:
        """What comes behind a place in the order of a column."""
        key = without_surrogates(place.key) if isinstance(place.key, str) else place.key
        equal = both(query, self._having(order.column, key))
        page: list[Hit] = [(key, at) for at in self._after_id(equal, without_surrogates(place.id), limit)]
        if key is None or len(page) == limit:
            return page
        rest, passed = self._beyond(query, order, key)
        _, hits = self.by_column(rest, order, limit - len(page), passed, rest)
        return page + hits

    def _after_id(self, query: tantivy.Query, id: str, limit: int) -> list[tantivy.DocAddress]:
        """What comes behind an id in the order of ids."""
        number = first_bytes(id)
        from_here = both(query, numbers_between(self._library_schema, ID_NUMBER, number, None))
        alike = both(query, numbers_between(self._library_schema, ID_NUMBER, number, number))
        passed = sum(self._id(at) <= id for at in self._all(alike))
        _, hits = self.by_id(from_here, limit, passed)
        return [at for _, at in hits]

    def _beyond(self, query: tantivy.Query, order: Order, key: int | str) -> tuple[tantivy.Query, int]:
        """The documents with a value beyond `key`, or none, and how many at the head of them have one before it."""
        number = key if isinstance(key, int) else first_bytes(key)
        column = order.column if isinstance(key, int) else number_column(order.column)
        # Text that begins like the key has its number, and may stand on either side of it.
        edge = number if isinstance(key, int) else number + (1 if order.falls else -1)
        bounds = (edge, None) if order.falls else (None, edge)
        rest = excluding(query, numbers_between(self._library_schema, column, *bounds))
        if isinstance(key, int):
            return rest, 0
        rest = excluding(rest, self._having(order.column, key))
        alike = both(rest, numbers_between(self._library_schema, column, number, number))
        keys = [text for text, _ in self._all_hits(alike, order)]
        return rest, sum(isinstance(text, str) and (text > key if order.falls else text < key) for text in keys)

    def _having(self, column: str, key: Key | float) -> tantivy.Query:
        """Documents with this value in a column; None: those without one."""
        if isinstance(key, str):
            return tantivy.Query.term_query(self._library_schema, column, key, "basic")
        numbers = column if column in self._days else number_column(column)
        if key is None:
            return excluding(tantivy.Query.all_query(), numbers_between(self._library_schema, numbers, None, None))
        return numbers_between(self._library_schema, numbers, int(key), int(key))

    def _all(self, query: tantivy.Query) -> list[tantivy.DocAddress]:
        return [at for _, at in self._all_hits(query)]

    def _all_hits(self, query: tantivy.Query, order: Order | None = None) -> list[Hit]:
        """Everything that matches, for a query that few documents match."""
        total = self._count(query)
        if not total:
            return []
        column = order.column if order else ID_NUMBER
        return self._searcher.search(query, limit=total, count=False, order_by_field=column).hits

    def _count(self, query: tantivy.Query) -> int:
        return count_of(self._searcher.search(query, limit=1))

    def _id(self, at: tantivy.DocAddress) -> str:
        return str(self._searcher.doc(at).get_first(ID))

    def _reach(
        self, query: tantivy.Query, end: int, number: str | None = None, ahead: int = _LOOKAHEAD
    ) -> tuple[int, list[Hit]]:
        """The total, and hits in order (by score, or by a number from the least) up to `end` and on to the last that
        ties with the one before `end`, though not on beyond `MAX_TIES` of them."""
        most = end + ahead
        while True:
            found = self._searcher.search(
                query, limit=most, order_by_field=number, order=_direction(falls=number is None)
            )
            hits = found.hits
            if len(hits) < most or hits[end - 1][0] != hits[-1][0] or most > end + MAX_TIES:
                return count_of(found), hits
            most = min(most * 10, end + MAX_TIES + 1)

    def _tied(self, hits: Sequence[Hit], offset: int, end: int, *, by_number: bool = True) -> list[Hit]:
        """The hits from `offset` to `end`, equal ones in the order of ids; `hits` holds all that tie with them."""
        page: list[Hit] = []
        start = 0
        for _, equal in groupby(hits, key=itemgetter(0)):
            if start >= end:
                break
            group = list(equal)
            stop = start + len(group)
            if stop > offset:
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


def _at_least(number: int, clauses: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses], number)


def count_of(found: tantivy.SearchResult) -> int:
    """How many documents matched in all."""
    return int(found.count)  # type: ignore[attr-defined]  # which the library's stubs forget


def _direction(*, falls: bool) -> tantivy.Order:
    return tantivy.Order.Desc if falls else tantivy.Order.Asc
