"""The bounds of a query, checked once for all engines before a library sees it.

A query that passes here is sound: its fields and forms exist, its values have the right types, its patterns are in the
dialect, and it is small enough to neither overflow a stack nor run for minutes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import assert_never

from index.engines.contract import After, Order
from index.engines.nearness import near_ways
from index.engines.patterns import parse_wildcard
from index.engines.regex_syntax import parse_regex
from index.engines.surrogates import without_surrogates
from index.errors import QueryError
from index.query import (
    MAX_CLAUSES,
    MAX_DEPTH,
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
from index.schema import Column, Form, Kind, Schema

MAX_PHRASE_TOKENS = 256
"""How many tokens a phrase may have."""

MAX_PHRASE_SPREADS = 200
"""In how many ways the tokens of a sloppy phrase may be spread over positions; see `most_slop`."""

MAX_PATTERNS = 360
"""How many wildcards, regular expressions, fuzzy words and ranges of words a query may have: each meets many terms."""

MAX_SPREADS = 6_000
"""In how many ways all the sloppy phrases and the Nears of a query may be spread, added up."""

MAX_APART = 100
"""How many other positions may lie between the groups of a Near."""

MAX_GROUP = 100
"""How many words and phrases a group of a Near may have."""

MAX_NEAR_TOKENS = 16
"""How many tokens each phrase of a Near may have."""

MAX_WEIGHT = 1e9
"""The largest weight of a boost, and of boosts inside one another multiplied."""

MAX_FUZZY_DISTANCE = 2
"""The most edits of a fuzzy term."""

MAX_PAGE_END = 1_000_000
"""The last document a page may reach, counted from the best one."""


def check_query(query: Query, schema: Schema) -> None:
    """Raise `QueryError` unless `query` is sound under `schema` and within every bound. Never recurses."""
    nodes = patterns = spreads = 0
    waiting: list[tuple[Query, int, float]] = [(query, 1, 1.0)]
    while waiting:
        node, depth, weight = waiting.pop()
        nodes += 1
        if depth > MAX_DEPTH:
            raise QueryError(f"the query is nested more than {MAX_DEPTH} deep", remedy="Use fewer parentheses.")
        clauses: tuple[Query, ...] = ()
        match node:
            case And(inner) | Or(inner):
                clauses = inner
            case Not(inner):
                clauses = (inner,)
            case AndMaybe(required, optional):
                clauses = (required, optional)
            case Boost(inner, factor):
                clauses = (inner,)
                weight *= factor
                if not (math.isfinite(factor) and factor >= 0 and weight <= MAX_WEIGHT):
                    raise QueryError(f"a weight must lie between 0 and {MAX_WEIGHT:.0f}, not be {factor!r}")
            case Term():  # most leaves
                text_column(schema, node.field, node.form)
            case _:
                _check_leaf(node, schema)
                patterns += isinstance(node, (Wildcard, Regex, Fuzzy)) or _is_text_range(node)
                if isinstance(node, Near):
                    spreads += near_ways(*node.groups, node.apart)
                if isinstance(node, Phrase):
                    spreads += math.comb(len(node.tokens) - 1 + node.slop, node.slop) if node.slop else 0
        if patterns > MAX_PATTERNS or spreads > MAX_SPREADS:
            raise QueryError(
                "the query has too many wildcards, fuzzy words, regular expressions, ranges of words, loose phrases "
                "or words near each other",
                remedy="Use fewer of them, or name a field for each.",
            )
        if nodes + len(waiting) + len(clauses) > MAX_CLAUSES:
            raise QueryError(f"the query has more than {MAX_CLAUSES} parts", remedy="Use fewer words.")
        waiting += [(clause, depth + 1, weight) for clause in clauses]


def _is_text_range(node: Query) -> bool:
    return isinstance(node, Range) and (isinstance(node.lower, str) or isinstance(node.upper, str))


def check_page(limit: int, offset: int) -> None:
    """Raise `QueryError` for a page that cannot be: before the first match, or beyond `MAX_PAGE_END`."""
    if limit < 0 or offset < 0:
        raise QueryError(f"limit and offset must be 0 or more, not {limit} and {offset}")
    if limit and offset + limit > MAX_PAGE_END:
        raise QueryError(
            f"only the first {MAX_PAGE_END} matches can be listed", remedy="Narrow the query, for example by date."
        )


def check_place(order: Order, after: After | None) -> None:
    """Raise `QueryError` for a place in an order that has none: scores change whenever the index does."""
    if after is None:
        return
    if not order.column:
        raise QueryError(f"there are no places in the order {order.value!r}, whose scores change with the index")
    wanted = int if order in (Order.NEWEST, Order.OLDEST) else str
    if after.key is not None and not isinstance(after.key, wanted):
        raise QueryError(f"{after.key!r} is no place in the order {order.value!r}")


@lru_cache(maxsize=MAX_PHRASE_TOKENS + 1)
def most_slop(tokens: int) -> int:
    """The most slop that a phrase of so many tokens may have.

    A phrase is asked for in every way its tokens can be spread (see `index.engines.spreads`), and there are
    binomial(tokens - 1 + slop, slop) ways.
    """
    slop = 0
    while slop < MAX_PHRASE_SPREADS - 1 and math.comb(tokens + slop, slop + 1) <= MAX_PHRASE_SPREADS:
        slop += 1
    return slop


def range_column(node: Range, schema: Schema) -> Column:
    """The column that a range is over; days have but one form, so there `form` does not count."""
    field = schema.by_name.get(node.field)
    if field and field.kind is Kind.DAY:
        return _column(schema, node.field, Form.RAW)
    return kept_column(schema, node.field, node.form)


def bounding_tokens(wanted: Range) -> tuple[str | None, str | None]:
    """The bounds of a range over tokens, as an engine keeps these. The lower one is always included."""
    lower = None if wanted.lower is None else without_surrogates(str(wanted.lower)) + "\0" * wanted.above
    return lower, None if wanted.upper is None else without_surrogates(str(wanted.upper))


def in_range(lower: str | None, upper: str | None, *, below: bool) -> Callable[[str], bool]:
    """Whether a token lies between two bounds, both included unless `below` leaves the upper one out."""
    return lambda token: (
        (lower is None or lower <= token) and (upper is None or token < upper or (token == upper and not below))
    )


def text_column(schema: Schema, field: str, form: Form) -> Column:
    """The column of a form of a field that holds words. Raises `QueryError` when there is none."""
    column = _column(schema, field, form)
    if column.is_day:
        raise QueryError(f"{field} holds dates, not words", remedy=f"Ask for a range of {field}.")
    return column


def kept_column(schema: Schema, field: str, form: Form) -> Column:
    """The same, if it is kept, so that its tokens can be listed. Raises `QueryError`, too, if it is not."""
    column = text_column(schema, field, form)
    if column.is_in_text:
        raise QueryError(f"the {form} form of {field} is not kept by itself", remedy="Ask for whole words of it.")
    return column


def counted_column(schema: Schema, field: str, form: Form) -> Column:
    """The column in which the documents that hold a token are counted. Raises what `text_column` raises."""
    column = text_column(schema, field, form)
    return schema.column("text", form) if column.is_in_text else column


def _check_leaf(
    node: Term | Phrase | Near | Prefix | Wildcard | Regex | Fuzzy | Range | Everything | Nothing, schema: Schema
) -> None:
    match node:
        case Everything() | Nothing():
            pass
        case Term():
            text_column(schema, node.field, node.form)
        case Prefix():
            kept_column(schema, node.field, node.form)
        case Phrase(field, tokens, slop, form):
            if not text_column(schema, field, form).has_positions:
                raise QueryError(f"the {form} form of {field} keeps no positions, so it cannot be asked for a phrase")
            if not 2 <= len(tokens) <= MAX_PHRASE_TOKENS:
                raise QueryError(
                    f"a phrase has 2 to {MAX_PHRASE_TOKENS} words, not {len(tokens)}", remedy="Shorten the quotation."
                )
            most = most_slop(len(tokens))
            if not 0 <= slop <= most:
                raise QueryError(
                    f"a phrase of {len(tokens)} words can have 0 to {most} other words between them, not {slop}",
                    remedy="Lower the number after ~, or shorten the phrase.",
                )
        case Near():
            _check_near(node, schema)
        case Wildcard():
            kept_column(schema, node.field, node.form)
            parse_wildcard(node.pattern)
        case Regex():
            kept_column(schema, node.field, node.form)
            parse_regex(node.pattern)
        case Fuzzy():
            kept_column(schema, node.field, node.form)
            if not 0 <= node.distance <= MAX_FUZZY_DISTANCE or node.prefix_length < 0:
                raise QueryError(f"a fuzzy word allows 0 to {MAX_FUZZY_DISTANCE} edits, not {node.distance}")
        case Range(field, lower, upper):
            wanted = int if range_column(node, schema).is_day else str
            if not all(bound is None or isinstance(bound, wanted) for bound in (lower, upper)):
                raise QueryError(f"{lower!r} to {upper!r} is no range of {field}")
        case _:
            assert_never(node)


def _check_near(node: Near, schema: Schema) -> None:
    if not text_column(schema, node.field, node.form).has_positions:
        raise QueryError(f"the {node.form} form of {node.field} keeps no positions, so nothing in it is near another")
    if max(map(len, node.groups)) > MAX_GROUP:
        raise QueryError(f"at most {MAX_GROUP} words can be in one place near another", remedy="Use fewer words.")
    if not 0 <= node.apart <= MAX_APART:
        raise QueryError(f"between what is near each other may be 0 to {MAX_APART} words, not {node.apart}")
    if not all(1 <= len(tokens) <= MAX_NEAR_TOKENS for group in node.groups for tokens in group):
        raise QueryError(f"a phrase near something has 1 to {MAX_NEAR_TOKENS} words", remedy="Shorten the quotation.")


def _column(schema: Schema, field: str, form: Form) -> Column:
    try:
        return schema.column(field, form)
    except KeyError:
        raise QueryError(f"there is no field {field!r} with a form {str(form)!r}") from None
