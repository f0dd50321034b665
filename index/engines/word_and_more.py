"""A word that is demanded, with words that only rank: the commonest of all queries, and ways to make it quicker.

A library goes through the documents with the word and looks in each for the others. Two things make that needless:

- Most often the others stand in no document without the word: they are the word as written, and it is its stem. Then
  any of them together find the same documents with the same scores, and their lists need only be merged.
- What a word can add to a score is bounded. Where enough documents that hold a rare one of the others, such as the
  word in the title, score more than all the rest could add up to, the best of all are among these, and no other
  document need be scored (MaxScore: Turtle and Flood 1995, "Query evaluation: strategies and optimizations").
"""

from __future__ import annotations

from typing import NamedTuple

from index.engines.uniform import uniform_score
from index.query import And, AndMaybe, Boost, Or, Query, Term
from index.schema import Schema


class WordAndMore(NamedTuple):
    """A word that a query demands, what else it demands without a score, and what ranks: words with their weights."""

    word: Term
    filters: tuple[Query, ...]
    more: tuple[Query, ...]


def word_and_more(query: Query, schema: Schema) -> WordAndMore | None:
    """The parts of a query that demands one word, and has others that only rank; None for others."""
    if not isinstance(query, AndMaybe):
        return None
    optional = query.optional
    more = optional.clauses if isinstance(optional, Or) and optional.minimum == 1 else (optional,)
    demanded = query.required.clauses if isinstance(query.required, And) else (query.required,)
    scoring = [clause for clause in demanded if uniform_score(clause) != 0.0]
    if len(scoring) == 1 and all(_is_kept(word_of(each), schema) for each in (scoring[0], *more)):
        word = scoring[0]
        if isinstance(word, Term):
            return WordAndMore(word, tuple(clause for clause in demanded if clause is not word), more)
    return None


def word_of(query: Query) -> Query:
    """What is left of a word without its weight."""
    return query.clause if isinstance(query, Boost) else query


def _is_kept(query: Query, schema: Schema) -> bool:
    """Whether it is a word in a column of its own."""
    return isinstance(query, Term) and not schema.column(query.field, query.form).is_in_text
