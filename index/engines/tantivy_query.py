"""The query algebra as tantivy's queries.

Every node becomes at most one boolean query, so that a tree within `MAX_DEPTH` stays far from the depth (about 900) at
which tantivy overflows the stack. tantivy's query parser is never used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

import tantivy
from tantivy import Occur

from index.engines.automaton import Automaton
from index.engines.bounds import range_column
from index.engines.patterns import (
    ANYTHING,
    Pattern,
    Sequence,
    literal,
    literal_prefix,
    parse_wildcard,
    shared_prefix,
    text_range,
    to_rust,
    within_edits,
)
from index.engines.regex_syntax import parse_regex
from index.engines.spreads import spread_weight, spreads
from index.engines.surrogates import without_surrogates
from index.query import (
    And,
    AndMaybe,
    Boost,
    Everything,
    Fuzzy,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Regex,
    Term,
    Wildcard,
)
from index.schema import Schema, column_name

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST_RANGE_PATTERN = 40  # characters of a bound; the pattern grows with their square
_TOO_MANY_STATES = "exceeds size limit"
_LEAST_DAY, _LAST_DAY = -(2**63), 2**63 - 1


class Compiler:
    """Makes tantivy queries of checked queries (see `index.engines.bounds`), for one searcher."""

    def __init__(self, searcher: tantivy.Searcher, library_schema: tantivy.Schema, schema: Schema) -> None:
        self._searcher = searcher
        self._library_schema = library_schema
        self._schema = schema

    def compile(self, query: Query) -> tantivy.Query:
        """The tantivy query that matches and scores as `query` is defined to."""
        match query:
            case Term(field, token, form):
                return self._term(column_name(field, form), token)
            case Phrase():
                return self._phrase(query)
            case Prefix(field, prefix, form):
                pattern = Sequence((literal(without_surrogates(prefix)), ANYTHING))
                return self._pattern(column_name(field, form), pattern)
            case Wildcard(field, pattern_text, form):
                return self._pattern(column_name(field, form), parse_wildcard(without_surrogates(pattern_text)))
            case Regex(field, pattern_text, form):
                return self._pattern(column_name(field, form), parse_regex(without_surrogates(pattern_text)))
            case Fuzzy():
                return self._fuzzy(query)
            case Range():
                return self._range(query)
            case And(clauses):
                return self._and(clauses)
            case Or(clauses, minimum):
                return self._or(clauses, minimum)
            case Not(clause):
                excluded = [(Occur.Must, tantivy.Query.all_query()), (Occur.MustNot, self.compile(clause))]
                return _score(tantivy.Query.boolean_query(excluded), 0.0)
            case AndMaybe(required, optional):
                return tantivy.Query.boolean_query(
                    [(Occur.Must, self.compile(required)), (Occur.Should, self.compile(optional))]
                )
            case Boost(clause, weight):
                return tantivy.Query.boost_query(self.compile(clause), weight)
            case Everything():
                return _everything()
            case Nothing():
                return tantivy.Query.empty_query()
        assert_never(query)

    def _term(self, column: str, token: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._library_schema, column, without_surrogates(token), "freq")

    def _phrase(self, phrase: Phrase) -> tantivy.Query:
        # tantivy's own slop lets a token stand for two, lets neighbours swap, and misses matches of three tokens or
        # more, depending on which of them is rarest. So every spread is asked for exactly.
        column = column_name(phrase.field, phrase.form)
        tokens = [without_surrogates(token) for token in phrase.tokens]
        ways = []
        for positions, free in spreads(len(tokens), phrase.slop):
            words: list[str | tuple[int, str]] = list(zip(positions, tokens, strict=True))
            way = tantivy.Query.phrase_query(self._library_schema, column, words)
            ways.append(tantivy.Query.boost_query(way, spread_weight(free)) if free else way)
        return ways[0] if len(ways) == 1 else tantivy.Query.disjunction_max_query(ways)

    def _pattern(self, column: str, pattern: Pattern) -> tantivy.Query:
        try:
            return tantivy.Query.regex_query(self._library_schema, column, to_rust(pattern))
        except ValueError as error:
            if _TOO_MANY_STATES not in str(error):
                raise
        return self._tokens(column, literal_prefix(pattern), Automaton(pattern).matches)

    def _fuzzy(self, fuzzy: Fuzzy) -> tantivy.Query:
        column = column_name(fuzzy.field, fuzzy.form)
        token = without_surrogates(fuzzy.token)
        if not fuzzy.prefix_length:
            return tantivy.Query.fuzzy_term_query(self._library_schema, column, token, fuzzy.distance)
        return self._tokens(
            column, token[: fuzzy.prefix_length], lambda other: within_edits(token, other, fuzzy.distance)
        )

    def _tokens(self, column: str, prefix: str, matches: Callable[[str], bool]) -> tantivy.Query:
        """Documents with a token that starts with `prefix` and passes: for what tantivy cannot search by itself."""
        found = [token for token, _ in self._searcher.terms_with_prefix(column, prefix) if matches(token)]
        if not found:
            return tantivy.Query.empty_query()
        return tantivy.Query.term_set_query(self._library_schema, column, found)

    def _range(self, wanted: Range) -> tantivy.Query:
        over = range_column(wanted, self._schema)
        column, lower, upper = over.name, wanted.lower, wanted.upper
        if over.is_day:
            low = _LEAST_DAY if lower is None else int(lower)
            high = _LAST_DAY if upper is None else int(upper)
            if low > min(high, _LAST_DAY) or high < _LEAST_DAY:
                return tantivy.Query.empty_query()
            days = tantivy.Query.range_query(
                self._library_schema,
                column,
                tantivy.FieldType.Integer,
                max(low, _LEAST_DAY),
                min(high, _LAST_DAY),
            )
            return _score(days, 0.0)
        low_token = None if lower is None else without_surrogates(str(lower))
        high_token = None if upper is None else without_surrogates(str(upper))
        if low_token is not None and high_token is not None and low_token > high_token:
            return tantivy.Query.empty_query()
        if max(len(low_token or ""), len(high_token or "")) <= _LONGEST_RANGE_PATTERN:
            return _score(self._pattern(column, text_range(low_token, high_token)), 0.0)
        shared = shared_prefix(low_token, high_token) if low_token and high_token else ""
        inside = self._tokens(
            column,
            shared,
            lambda token: (low_token is None or low_token <= token) and (high_token is None or token <= high_token),
        )
        return _score(inside, 0.0)

    def _and(self, clauses: tuple[Query, ...]) -> tantivy.Query:
        if not clauses:
            return _everything()
        if len(clauses) == 1:
            return self.compile(clauses[0])
        parts = []
        for clause in clauses:
            if isinstance(clause, Not):
                parts.append((Occur.MustNot, self.compile(clause.clause)))
            else:
                parts.append((Occur.Must, self.compile(clause)))
        if all(occur == Occur.MustNot for occur, _ in parts):
            parts.append((Occur.Must, _everything()))
        return tantivy.Query.boolean_query(parts)

    def _or(self, clauses: tuple[Query, ...], minimum: int) -> tantivy.Query:
        if len(clauses) < minimum:
            return tantivy.Query.empty_query()
        if minimum == 1 and len(clauses) == 1:
            return self.compile(clauses[0])
        parts = [(Occur.Should, self.compile(clause)) for clause in clauses]
        if minimum <= 0:
            return tantivy.Query.boolean_query([(Occur.Must, _everything()), *parts])
        return tantivy.Query.boolean_query(parts, minimum)


def day_query(library_schema: tantivy.Schema, column: str, day: int | None) -> tantivy.Query:
    """Documents of this day; None: those without one."""
    low, high = (_LEAST_DAY, _LAST_DAY) if day is None else (day, day)
    days = tantivy.Query.range_query(library_schema, column, tantivy.FieldType.Integer, low, high)
    if day is not None:
        return days
    return tantivy.Query.boolean_query([(Occur.Must, tantivy.Query.all_query()), (Occur.MustNot, days)])


def both(first: tantivy.Query, second: tantivy.Query) -> tantivy.Query:
    """Documents that match both, with the scores of `first`."""
    return tantivy.Query.boolean_query([(Occur.Must, first), (Occur.Must, _score(second, 0.0))])


def _everything() -> tantivy.Query:
    return _score(tantivy.Query.all_query(), 0.0)


def _score(query: tantivy.Query, score: float) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, score)


def id_prefix(library_schema: tantivy.Schema, column: str, prefix: str) -> tantivy.Query:
    """Documents whose id starts with `prefix`."""
    pattern = Sequence((literal(without_surrogates(prefix)), ANYTHING))
    return tantivy.Query.regex_query(library_schema, column, to_rust(pattern))
