"""Pages of the best for one word with what only ranks, see `index.engines.word_and_more`, and how many there are.

The library scores every document that it counts, and cannot be told of a score below which documents are of no use.
So both are asked of it in ways that leave out most of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import tantivy

from index.engines.bm25 import K1, idf
from index.engines.contract import SegmentSize
from index.engines.costs import may_take_long
from index.engines.surrogates import without_surrogates
from index.engines.tantivy_pages import Hit, Pages
from index.engines.tantivy_prefixes import Prefixes
from index.engines.word_and_more import WordAndMore, word_and_more, word_of
from index.query import And, AndMaybe, Boost, Everything, Not, Or, Query, Term
from index.schema import Schema, column_name

MANY = 20_000
"""Documents: a word that fewer of them hold is found as quickly in all of them."""

_RARER = 8  # times rarer than the word are words by which its documents are chosen
_PROMISING = 2  # what is rare adds at least so much less than all else could, where enough documents beat all others
_ROUNDING = 1.0001  # the library adds up scores of 24 bits


class _Clause(NamedTuple):
    """Something that ranks: what it can add to a score, and how many documents hold it."""

    query: Query
    most: float
    holding: int


class Words:
    """One searcher's pages of the best for one word."""

    def __init__(
        self,
        searcher: tantivy.Searcher,
        pages: Pages,
        prefixes: Prefixes,
        schema: Schema,
        segments: Sequence[SegmentSize],
        compiled: Callable[[Query], tantivy.Query],
    ) -> None:
        """
        Args:
            searcher, pages, prefixes: what to ask.
            schema: what the index keeps.
            segments: what the index consists of; none if that is not known.
            compiled: makes the library's query of one of ours.
        """
        self._searcher = searcher
        self._pages = pages
        self._prefixes = prefixes
        self._schema = schema
        self._compiled = compiled
        self._documents = sum(documents + deleted for documents, deleted in segments)  # as the library's idf counts
        self._has_deleted = any(deleted for _, deleted in segments)

    def by_score(self, query: Query, limit: int, offset: int) -> tuple[int, list[Hit]] | None:
        """How many documents match and a page of the best; None where nothing is to be gained."""
        parts = word_and_more(query, self._schema)
        if parts is None or not self._documents:
            return None
        word = self._clause(parts.word)
        more = [each for each in map(self._clause, parts.more) if each.holding]  # the library is quicker without others
        if word.holding >= MANY and not any(map(may_take_long, parts.filters)):
            page = self._among_rare(parts, word, more, limit, offset)
            total = None if page is None else self._total(parts)
            if page is not None and total is not None:
                return total, page
        return None if parts.filters or self._has_deleted else self._together(word, more, limit, offset)

    def _among_rare(
        self, parts: WordAndMore, word: _Clause, more: Sequence[_Clause], limit: int, offset: int
    ) -> list[Hit] | None:
        """A page of the documents with something rare; None unless all others are certain to score less."""
        rare = [each for each in more if each.holding * _RARER <= word.holding]
        least = _ROUNDING * (word.most + sum(each.most for each in more if each not in rare))
        few = sum(each.holding for each in rare) * _RARER <= word.holding
        if not few or sum(each.most for each in rare) * _PROMISING < least:
            return None
        query: Query = And((parts.word, *parts.filters, Or(tuple(each.query for each in rare))))
        for each in more:
            if each not in rare:
                query = AndMaybe(query, each.query)
        _, page = self._pages.by_score(self._compiled(query), limit, offset)
        return page if len(page) == limit and float(page[-1][0] or 0.0) > least else None

    def _total(self, parts: WordAndMore) -> int | None:
        """How many documents have the word and pass the filters, without scoring any; None where that takes long."""
        column, token = column_name(parts.word.field, parts.word.form), without_surrogates(parts.word.token)
        if self._prefixes.count(column, token) < 0:
            return None  # the library counts all tokens that begin so
        passing = tuple(each for each in parts.filters if not isinstance(each, Not))
        excluded = tuple(each.clause for each in parts.filters if isinstance(each, Not))

        def within(query: Query) -> int:
            counts = self._searcher.terms_with_prefix(column, token, filter_query=self._compiled(query))
            return dict(counts).get(token, 0)

        if passing or self._has_deleted:
            total = within(And(passing) if passing else Everything())
        else:
            total = self._searcher.doc_freq(column, token)
        return total - within(And((*passing, Or(excluded)))) if excluded else total

    def _together(
        self, word: _Clause, more: Sequence[_Clause], limit: int, offset: int
    ) -> tuple[int, list[Hit]] | None:
        """A page of a query for any of the words, which takes half the time; None unless that finds the same.

        It does if each document with the others has the word as well: then there are as many with any of them as with
        the word. Where documents were deleted it is not known how many have the word.
        """
        found = self._pages.by_score(self._compiled(Or(tuple(each.query for each in (word, *more)))), limit, offset)
        return found if found[0] == word.holding else None

    def _clause(self, query: Query) -> _Clause:
        word = word_of(query)
        assert isinstance(word, Term)
        holding = self._searcher.doc_freq(column_name(word.field, word.form), without_surrogates(word.token))
        weight = query.weight if isinstance(query, Boost) else 1.0
        return _Clause(query, weight * (K1 + 1) * idf(self._documents, holding), holding)
