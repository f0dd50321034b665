"""Queries that score every match alike: their order is the order of ids, which an engine can then ask for directly."""

from __future__ import annotations

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


def uniform_score(query: Query) -> float | None:
    """The score that every document matching `query` has, or None when they may differ. See `index.query`."""
    match query:
        case Term() | Phrase():
            return None
        case Near() | Prefix() | Wildcard() | Regex() | Fuzzy():
            return 1.0
        case Range() | Not() | Everything() | Nothing():
            return 0.0
        case And(clauses):
            scores = [uniform_score(clause) for clause in clauses]
            return None if None in scores else sum((score for score in scores if score is not None), 0.0)
        case Or(clauses):
            scores = [uniform_score(clause) for clause in clauses]
            if len(scores) == 1 and query.minimum == 1:
                return scores[0]
            return 0.0 if all(score == 0.0 for score in scores) else None
        case AndMaybe(required, optional):
            return uniform_score(required) if uniform_score(optional) == 0.0 else None
        case Boost(clause, weight):
            score = uniform_score(clause)
            return 0.0 if weight == 0 else None if score is None else score * weight
    assert_never(query)
