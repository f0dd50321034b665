"""What a query may cost: whether it is worth a thread of its own, see `index.engines.deadline`."""

from __future__ import annotations

from collections.abc import Callable

from index.query import And, AndMaybe, Boost, Everything, Not, Nothing, Or, Phrase, Prefix, Query, Range, Term

MOST_PARTS = 64
"""A query of more nodes may take long."""

MOST_FETCHED = 10_000
"""A page that reaches beyond so many documents may take long."""


def may_take_long(query: Query, page_end: int = 0, *, is_narrow: Callable[[Prefix], bool] | None = None) -> bool:
    """Whether an engine may need more than some hundredths of a second for each million documents.

    Patterns do, which meet every term of a column, and so do loose phrases, words near each other, very many words and
    pages far down. `is_narrow` tells of a prefix whether it meets few terms.
    """
    if page_end > MOST_FETCHED:
        return True
    waiting: list[Query] = [query]
    for _ in range(MOST_PARTS):
        match node := waiting.pop():
            case Term():
                pass
            case And(clauses) | Or(clauses):
                waiting += clauses
            case Not(clause) | Boost(clause, _):
                waiting.append(clause)
            case AndMaybe(required, optional):
                waiting += (required, optional)
            case Phrase(slop=0) | Everything() | Nothing():
                pass
            case Range(_, lower, upper) if isinstance(lower, int) or isinstance(upper, int):
                pass
            case Prefix() if is_narrow and is_narrow(node):
                pass
            case _:
                return True
        if not waiting:
            return False
    return True
