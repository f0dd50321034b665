"""What the query algebra means, in plain Python over analysed documents: the measure for every engine."""

from __future__ import annotations

import fnmatch
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import product
from typing import assert_never

from index.engines.contract import GAP, AnalysedDocument, Key, Order
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
from index.schema import Form, column_name

Place = tuple[int, str]
"""A position and the token there."""


def matching(query: Query, documents: Iterable[AnalysedDocument]) -> set[str]:
    """The ids of the documents that match."""
    return {document.id for document in documents if matches(query, document)}


def matches(query: Query, document: AnalysedDocument) -> bool:
    """Whether a document matches."""
    match query:
        case Term(field, token, form):
            return token in tokens(document, field, form)
        case Phrase(field, words, slop, form):
            return phrase_frequency(places(document, field, form), words, slop) > 0
        case Near(field, groups, apart, form):
            found = places(document, field, form)
            return any(follows(*both, found, apart) for order in (groups, groups[::-1]) for both in product(*order))
        case Prefix(field, prefix, form):
            return any(token.startswith(prefix) for token in tokens(document, field, form))
        case Wildcard(field, pattern, form):
            return any(fnmatch.fnmatchcase(token, pattern) for token in tokens(document, field, form))
        case Regex(field, pattern, form):
            return any(re.fullmatch(pattern, token, re.DOTALL | re.ASCII) for token in tokens(document, field, form))
        case Fuzzy(field, word, distance, prefix_length, form):
            start = word[:prefix_length]
            return any(
                token.startswith(start) and edits(word, token) <= distance for token in tokens(document, field, form)
            )
        case Range(field, lower, upper, form, above, below):
            day = document.columns.get(column_name(field, Form.RAW))
            values = [day] if isinstance(day, int) else tokens(document, field, form)
            return any(
                (lower is None or lower < value or (lower == value and not above))  # type: ignore[operator]
                and (upper is None or value < upper or (value == upper and not below))  # type: ignore[operator]
                for value in values
            )
        case And(clauses):
            return all(matches(clause, document) for clause in clauses)
        case Or(clauses, minimum):
            return sum(matches(clause, document) for clause in clauses) >= minimum
        case Not(clause):
            return not matches(clause, document)
        case AndMaybe(required, _):
            return matches(required, document)
        case Boost(clause, _):
            return matches(clause, document)
        case Everything():
            return True
        case Nothing():
            return False
    assert_never(query)


def key_of(document: AnalysedDocument, order: Order) -> Key:
    """What an order by a column goes by."""
    value = document.columns.get(order.column)
    return value if value is None or isinstance(value, int) else (value[0] or None) if value else None


def ordered(documents: Iterable[AnalysedDocument], order: Order) -> list[str]:
    """The ids in an order by a column: those without a value last, ties by id."""
    by_id = sorted(documents, key=lambda document: document.id)
    valued = [document for document in by_id if key_of(document, order) is not None]
    for key in sorted({key_of(document, order) for document in valued}, reverse=order.falls):  # type: ignore[type-var]
        valued.sort(key=lambda document, last=key: key_of(document, order) == last)  # type: ignore[misc]
    return [document.id for document in valued + [one for one in by_id if key_of(one, order) is None]]


def day_counts(query: Query, documents: Iterable[AnalysedDocument]) -> dict[int, int]:
    """How many documents that match are of each day."""
    days = [document.columns.get("date_raw") for document in documents if matches(query, document)]
    return {day: days.count(day) for day in sorted(day for day in set(days) if isinstance(day, int))}


def places(document: AnalysedDocument, field: str, form: Form) -> list[Place]:
    """The tokens of a column with their positions; segments lie one position apart."""
    found: list[Place] = []
    position = 0
    value = document.columns.get(column_name(field, form), [])
    assert isinstance(value, list)
    for segment in value:
        for token in [segment] if form is Form.RAW else segment.split():
            if token != GAP or form is Form.RAW:
                found.append((position, token))
            position += 1
        position += 1
    return found


def tokens(document: AnalysedDocument, field: str, form: Form) -> list[str]:
    """The tokens of a column."""
    return [token for _, token in places(document, field, form)]


def phrase_frequency(found: Sequence[Place], words: Sequence[str], free: int) -> int:
    """In how many ways `words` stand in this order with at most `free` positions between them in all."""

    def follow(at: int, rest: Sequence[str], left: int) -> int:
        if not rest:
            return 1
        return sum(
            follow(position, rest[1:], left - (position - at - 1))
            for position, token in found
            if token == rest[0] and at < position <= at + 1 + left
        )

    return sum(follow(position, words[1:], free) for position, token in found if token == words[0])


def follows(before: Sequence[str], after: Sequence[str], found: Sequence[Place], apart: int) -> bool:
    """Whether the second word or phrase stands behind the first with at most `apart` positions between them."""
    at = dict(found)

    def stands(words: Sequence[str], position: int) -> bool:
        return all(at.get(position + number) == word for number, word in enumerate(words))

    return any(
        stands(before, start) and any(stands(after, start + len(before) + free) for free in range(apart + 1))
        for start in at
    )


@cache
def edits(one: str, other: str) -> int:
    """The optimal string alignment distance: inserting, deleting, replacing, and swapping two neighbours, each one."""
    cost = {(-1, column): column + 1 for column in range(-1, len(other))}
    cost |= {(row, -1): row + 1 for row in range(len(one))}
    for row, character in enumerate(one):
        for column, opposite in enumerate(other):
            cost[row, column] = min(
                cost[row - 1, column] + 1,
                cost[row, column - 1] + 1,
                cost[row - 1, column - 1] + (character != opposite),
            )
            if row and column and character == other[column - 1] and one[row - 1] == opposite:
                cost[row, column] = min(cost[row, column], cost[row - 2, column - 2] + 1)
    return cost[len(one) - 1, len(other) - 1]


def score(query: Query, document: AnalysedDocument, documents: Sequence[AnalysedDocument]) -> float:
    """The score of a document that matches, for columns of at most 40 tokens (longer lengths are rounded).

    What asks for the stems of the body has the score that it has in the field `text`.
    """
    match query:
        case Term("body", _, Form.STEM) | Phrase("body", _, _, Form.STEM):
            return score(replace(query, field="text"), document, documents)
        case Term(field, token, form):
            return _bm25(field, form, [token], tokens(document, field, form).count(token), document, documents)
        case Phrase(field, words, slop, form):
            there = set(places(document, field, form))
            best = 0.0
            for gaps in product(range(slop + 1), repeat=len(words) - 1):
                if sum(gaps) <= slop:
                    offsets = [sum(gaps[:at]) + at for at in range(len(words))]
                    frequency = sum(
                        all((start + offset, word) in there for offset, word in zip(offsets, words, strict=True))
                        for start, _ in there
                    )
                    found = _bm25(field, form, words, frequency, document, documents)
                    best = max(best, found / (1 + sum(gaps)))
            return best
        case Near() | Prefix() | Wildcard() | Regex() | Fuzzy():
            return 1.0
        case Range() | Not() | Everything() | Nothing():
            return 0.0
        case And(clauses) | Or(clauses):
            return sum(score(clause, document, documents) for clause in clauses if matches(clause, document))
        case AndMaybe(required, optional):
            return score(And((required,)), document, documents) + score(Or((optional,)), document, documents)
        case Boost(clause, weight):
            return score(clause, document, documents) * weight
    assert_never(query)


def _bm25(
    field: str,
    form: Form,
    words: Sequence[str],
    frequency: int,
    document: AnalysedDocument,
    documents: Sequence[AnalysedDocument],
) -> float:
    columns = [tokens(other, field, form) for other in documents]
    average = sum(map(len, columns)) / len(columns)
    weight = 0.0
    for word in words:
        holding = sum(word in column for column in columns)
        weight += math.log(1 + (len(columns) - holding + 0.5) / (holding + 0.5))
    norm = 1.2 * (1 - 0.75 + 0.75 * len(tokens(document, field, form)) / average)
    return weight * 2.2 * frequency / (frequency + norm)
