"""The query algebra as tantivy's queries.

Every node becomes at most one boolean query, so that a tree within `MAX_DEPTH` stays far from the depth (about 900) at
which tantivy overflows the stack. tantivy's query parser is never used.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, assert_never

import tantivy
from tantivy import Occur

from index.engines.automaton import Automaton
from index.engines.bounds import bounding_tokens, in_range, range_column
from index.engines.deadline import check, checked
from index.engines.nearness import arrangements, is_pair
from index.engines.patterns import (
    ANYTHING,
    NOTHING,
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
from index.engines.tantivy_prefixes import Prefixes
from index.query import (
    And,
    AndMaybe,
    Boost,
    Everything,
    Fuzzy,
    Near,
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
FIRST_DAY, LAST_DAY = -(2**63), 2**63 - 1
"""All numbers that the library can hold."""


class Compiler:
    """Makes tantivy queries of checked queries (see `index.engines.bounds`), for one searcher.

    Attributes:
        sweeps: by column, the queries among them that look at every term of it.
    """

    def __init__(
        self, searcher: tantivy.Searcher, library_schema: tantivy.Schema, schema: Schema, prefixes: Prefixes
    ) -> None:
        self.sweeps: dict[str, list[tantivy.Query]] = {}
        self._prefixes = prefixes
        self._searcher = searcher
        self._library_schema = library_schema
        self._schema = schema

    def compile(self, query: Query) -> tantivy.Query:
        """The tantivy query that matches and scores as `query` is defined to. Raises `TimeUp`."""
        check()
        match query:
            case Term(field, token, form):
                return self._term(column_name(field, form), token)
            case Phrase():
                return self._phrase(query)
            case Near():
                return self._near(query)
            case Prefix(field, prefix, form):
                return self._prefix(column_name(field, form), without_surrogates(prefix))
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

    def _near(self, near: Near) -> tantivy.Query:
        column = column_name(near.field, near.form)
        groups = [[tuple(map(without_surrogates, tokens)) for tokens in group] for group in near.groups]
        ways = []
        for one, other in product(*groups):
            if is_pair(one, other):
                # Of two tokens at one offset, tantivy's slop is the largest distance on either side, which is exact.
                together: list[str | tuple[int, str]] = [(0, one[0]), (0, other[0])]
                ways.append(tantivy.Query.phrase_query(self._library_schema, column, together, near.apart + 1))
                continue
            for way in arrangements(one, other, near.apart):
                ways.append(tantivy.Query.phrase_query(self._library_schema, column, [*way]))
        if not ways:
            return tantivy.Query.empty_query()
        return _score(tantivy.Query.boolean_query([(Occur.Should, way) for way in ways]), 1.0)

    def _prefix(self, column: str, prefix: str) -> tantivy.Query:
        """Documents with a token that starts with `prefix`. Where these are few, no automaton is made, which would take
        half a millisecond."""
        count = self._prefixes.count(column, prefix)
        if count == 0:
            return tantivy.Query.empty_query()
        if count > 0:
            return tantivy.Query.phrase_prefix_query(self._library_schema, column, [prefix])
        return self._pattern(column, Sequence((literal(prefix), ANYTHING)))

    def _pattern(self, column: str, pattern: Pattern) -> tantivy.Query:
        if pattern == NOTHING:
            return tantivy.Query.empty_query()
        prefix = literal_prefix(pattern)
        try:
            query = tantivy.Query.regex_query(self._library_schema, column, to_rust(pattern))
        except ValueError as error:
            if _TOO_MANY_STATES not in str(error):
                raise
            return self._tokens(column, prefix, Automaton(pattern).matches)
        if not prefix:
            self.sweeps.setdefault(column, []).append(query)
        return query

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
        known = self._searcher.terms_with_prefix(column, prefix)
        found = [token for token, _ in checked(known) if matches(token)]
        if not found:
            return tantivy.Query.empty_query()
        return tantivy.Query.term_set_query(self._library_schema, column, found)

    def _range(self, wanted: Range) -> tantivy.Query:
        over = range_column(wanted, self._schema)
        column, lower, upper = over.name, wanted.lower, wanted.upper
        if over.is_day:
            low = FIRST_DAY if lower is None else int(lower) + wanted.above
            high = LAST_DAY if upper is None else int(upper) - wanted.below
            if low > min(high, LAST_DAY) or high < FIRST_DAY:
                return tantivy.Query.empty_query()
            days = tantivy.Query.range_query(
                self._library_schema,
                column,
                tantivy.FieldType.Integer,
                max(low, FIRST_DAY),
                min(high, LAST_DAY),
            )
            return _score(days, 0.0)
        low_token, high_token = bounding_tokens(wanted)
        if low_token is not None and high_token is not None and low_token > high_token:
            return tantivy.Query.empty_query()
        if max(len(low_token or ""), len(high_token or "")) <= _LONGEST_RANGE_PATTERN:
            return _score(self._pattern(column, text_range(low_token, high_token, below=wanted.below)), 0.0)
        shared = shared_prefix(low_token, high_token) if low_token and high_token else ""
        return _score(self._tokens(column, shared, in_range(low_token, high_token, below=wanted.below)), 0.0)

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


def numbers_between(library_schema: tantivy.Schema, column: str, least: int | None, most: int | None) -> tantivy.Query:
    """Documents whose number in a column lies between two, both included; None leaves that side open."""
    low, high = FIRST_DAY if least is None else least, LAST_DAY if most is None else most
    return tantivy.Query.range_query(library_schema, column, tantivy.FieldType.Integer, low, high)


def excluding(query: tantivy.Query, unwanted: tantivy.Query) -> tantivy.Query:
    """Documents that match the first and not the second."""
    return tantivy.Query.boolean_query([(Occur.Must, query), (Occur.MustNot, unwanted)])


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
