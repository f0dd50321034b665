"""Which tokens each leaf of a query matches, stated as plainly as can be, to hold the highlighter to."""

from __future__ import annotations

import fnmatch
import itertools
import re

from index.analysis.tokens import Token, analyzer, is_unsegmented
from index.query import (
    And,
    AndMaybe,
    Boost,
    Fuzzy,
    Near,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Regex,
    Term,
    Wildcard,
)
from index.schema import Form
from search.highlighting.matching import Leaf
from tests.brute_force import edits


def covers(leaf: Leaf, field: str) -> bool:
    """Whether a leaf looks at a field."""
    return leaf.field == field or (leaf.field == "text" and field in ("title", "author", "body"))


def matched_tokens(leaf: Leaf, text: str, language: str) -> set[Token]:
    """The tokens of one text that the leaf matches, or that are part of a phrase it matches."""
    tokens = [
        token._replace(end=token.end + 1) if is_abbreviation(text, token) else token
        for token in analyzer(language).tokens(text)
    ]
    forms = [token.stem if leaf.form is Form.STEM else token.word for token in tokens]
    if isinstance(leaf, Phrase):
        found = set()
        places = [[i for i, form in enumerate(forms) if form == wanted] for wanted in leaf.tokens]
        for way in itertools.product(*places):
            rises = all(a < b for a, b in itertools.pairwise(way))
            if rises and way[-1] - way[0] - (len(way) - 1) <= leaf.slop:
                found |= {tokens[i] for i in way}
        return found
    if isinstance(leaf, Near):
        found = set()
        for both in itertools.product(*(_standing(forms, group) for group in leaf.groups)):
            earlier, later = sorted(both, key=lambda spot: spot.start)
            if 0 <= later[0] - earlier[-1] - 1 <= leaf.apart:
                found |= {tokens[i] for i in (*earlier, *later)}
        return found
    found = {token for token, form in zip(tokens, forms, strict=True) if matches_token(leaf, form)}
    if isinstance(leaf, Prefix) and len(leaf.prefix) == 1 and is_unsegmented(leaf.prefix):
        return {token._replace(end=token.start + 1) for token in found}  # the character asked for, not its pair
    return found


def _standing(forms: list[str], group: tuple[tuple[str, ...], ...]) -> list[range]:
    """Where the words and phrases of a group stand."""
    return [
        range(start, start + len(words))
        for words in dict.fromkeys(group)
        for start in range(len(forms))
        if forms[start : start + len(words)] == list(words)
    ]


def is_abbreviation(text: str, token: Token) -> bool:
    """Whether it is written with full stops, the last of which follows it."""
    return re.fullmatch(r"([^\W\d_]\.)+[^\W\d_]", text[token.start : token.end]) is not None and text[
        token.end :
    ].startswith(".")


def matches_token(leaf: Leaf, token: str) -> bool:
    match leaf:
        case Term(_, wanted):
            return token == wanted
        case Prefix(_, prefix):
            return token[: len(prefix)] == prefix
        case Wildcard(_, pattern):
            return re.fullmatch(fnmatch.translate(pattern), token) is not None
        case Regex(_, pattern):
            return re.fullmatch(pattern, token, re.ASCII) is not None
        case Fuzzy(_, word, distance, prefix_length):
            return token.startswith(word[:prefix_length]) and edits(word, token) <= distance
        case Range(_, lower, upper, above=above, below=below):
            assert not isinstance(lower, int) and not isinstance(upper, int)
            within = (lower is None or lower <= token) and (upper is None or token <= upper)
            return within and not (above and token == lower) and not (below and token == upper)
        case Phrase() | Near():
            raise AssertionError("a phrase matches no single token")


def positive(query: Query) -> list[Leaf]:
    """The leaves that may be marked: all but those below a Not."""
    match query:
        case And(clauses) | Or(clauses):
            return [leaf for clause in clauses for leaf in positive(clause)]
        case AndMaybe(required, optional):
            return positive(required) + positive(optional)
        case Boost(clause, _):
            return positive(clause)
        case Not():
            return []
        case Term() | Phrase() | Near() | Prefix() | Wildcard() | Regex() | Fuzzy() | Range():
            return [query]
        case _:
            raise AssertionError(f"not used here: {query}")
