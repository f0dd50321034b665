"""Which tokens a leaf of the query matches: the engines' own definitions, one token at a time.

Those are imported only when a query needs them, which keeps a search for plain words quick to start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import assert_never

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

Leaf = Term | Phrase | Near | Prefix | Wildcard | Regex | Fuzzy | Range
"""A node of the query algebra that asks for tokens of a field."""

Pattern = Prefix | Wildcard | Regex | Fuzzy | Range
"""A leaf that matches tokens by a rule instead of naming them."""

TokenTest = Callable[[str], bool]


def positive_leaves(query: Query) -> Iterator[Leaf]:
    """What a query asks for, in its order: its leaves but for those below a Not."""
    match query:
        case Term() | Phrase() | Near() | Prefix() | Wildcard() | Regex() | Fuzzy() | Range():
            yield query
        case And(clauses) | Or(clauses):
            for clause in clauses:
                yield from positive_leaves(clause)
        case AndMaybe(required, optional):
            yield from positive_leaves(required)
            yield from positive_leaves(optional)
        case Boost(clause, _):
            yield from positive_leaves(clause)
        case Not() | Everything() | Nothing():
            return
        case _:
            assert_never(query)


def token_test(leaf: Pattern) -> TokenTest:
    """A function that says whether the leaf matches a token. Keep it to one thread."""
    match leaf:
        case Prefix(_, prefix):
            return lambda token: token.startswith(prefix)
        case Wildcard(_, pattern):
            from index.engines.automaton import Automaton
            from index.engines.patterns import parse_wildcard

            return Automaton(parse_wildcard(pattern)).matches
        case Regex(_, pattern):
            from index.engines.automaton import Automaton
            from index.engines.regex_syntax import parse_regex

            return Automaton(parse_regex(pattern)).matches
        case Fuzzy(_, token, distance, prefix_length):
            return _fuzzy(token, distance, prefix_length)
        case Range(_, lower, upper, above=above, below=below):
            return _range(lower, upper, above, below)


def _fuzzy(word: str, distance: int, prefix_length: int) -> TokenTest:
    from index.engines.patterns import within_edits

    letters = frozenset(word)
    prefix = word[:prefix_length]
    shortest, longest = len(word) - distance, len(word) + distance

    def test(token: str) -> bool:
        return (
            shortest <= len(token) <= longest
            and token.startswith(prefix)
            and len(letters.difference(token)) <= distance  # quick: an edit brings back one missing letter at most
            and within_edits(word, token, distance)
        )

    return test


def _range(lower: int | str | None, upper: int | str | None, above: bool, below: bool) -> TokenTest:
    def test(token: str) -> bool:
        if isinstance(lower, str) and (token < lower or (above and token == lower)):
            return False
        return not isinstance(upper, str) or token < upper or (token == upper and not below)

    return test
