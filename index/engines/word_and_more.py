"""A word that is demanded, with words that only rank: the commonest of all queries, and a way to make it quicker.

A library goes through the documents with the word and looks in each for the others. Most often these stand in no
document without it: they are the word as written, and it is its stem. Then any of them together find the same
documents with the same scores, and their lists need only be merged.
"""

from __future__ import annotations

from index.query import AndMaybe, Boost, Or, Query, Term
from index.schema import Schema


def word_and_more(query: Query, schema: Schema) -> tuple[Term, tuple[Query, ...]] | None:
    """The word that a query demands, and the words, with their weights, that rank what has it; None for others."""
    if not isinstance(query, AndMaybe):
        return None
    optional = query.optional
    more = optional.clauses if isinstance(optional, Or) and optional.minimum == 1 else (optional,)
    word = query.required
    if isinstance(word, Term) and all(_is_kept(word_of(each), schema) for each in (word, *more)):
        return word, more
    return None


def word_of(query: Query) -> Query:
    """What is left of a word without its weight."""
    return query.clause if isinstance(query, Boost) else query


def _is_kept(query: Query, schema: Schema) -> bool:
    """Whether it is a word in a column of its own."""
    return isinstance(query, Term) and not schema.column(query.field, query.form).is_in_text
