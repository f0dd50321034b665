"""Running a lowered query: all of the words first, and some of them where all together match little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index import query as algebra
from index.engines.contract import Matches, Order, Searcher
from index.query import Query
from index.schema import Form
from search.doctor import diagnose
from search.lower import Lowered, partial
from search.question import ENOUGH
from search.results import Notice


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found.

    Attributes:
        matches: the page, and how many documents there are in all.
        complete: how many documents match everything; they come before the others.
        wanted: what to mark in the documents.
        query: what gave the complete ones their scores.
        rest: what gave the others theirs.
        words: for documents that match only some of the words, the text of each clause of `wanted`; "" for clauses
            that they match in any case.
        related: what to mark in the documents that have nothing of `wanted`.
        notices: what a person should know about it.
    """

    matches: Matches
    complete: int
    wanted: Query
    query: Query
    rest: Query | None = None
    words: tuple[str, ...] = ()
    related: Query | None = None
    notices: tuple[Notice, ...] = ()


def run(
    searcher: Searcher, lowered: Lowered, languages: Sequence[str], limit: int, offset: int, *, is_question: bool
) -> Found:
    """One page of what a query finds. When nothing matches all of it, or little matches a question, then documents
    that match some of its words follow those that match all."""
    order = Order.SCORE if lowered.ranks else Order.NEWEST
    matches = searcher.search(lowered.query, limit=limit, offset=offset, order=order)
    enough = ENOUGH if is_question and not _is_title(searcher, lowered) else 1
    if matches.total >= enough or lowered.matching == algebra.Nothing():
        return Found(matches, matches.total, lowered.matching, lowered.query)
    some = _some_words(lowered, languages, most=matches.total > 0)
    rest = Matches(0, [])
    only_some: Query | None = None
    if some is not None:
        only_some = algebra.And((some, algebra.Not(lowered.matching))) if matches.total else some
        left = max(limit - len(matches.page), 0)
        rest = searcher.search(only_some, limit=left, offset=max(offset - matches.total, 0))
    notices = diagnose(searcher, lowered, complete=matches.total, partial=rest.total)
    if not rest.total:
        return Found(matches, matches.total, lowered.matching, lowered.query, notices=notices)
    clauses = [clause for clause in lowered.clauses if not clause.is_filter]
    return Found(
        matches=Matches(matches.total + rest.total, [*matches.page, *rest.page]),
        complete=matches.total,
        wanted=algebra.Or(tuple(clause.query for clause in clauses)),
        query=lowered.query,
        rest=only_some,
        words=tuple("" if clause.is_fixed else clause.text for clause in clauses),
        notices=notices,
    )


def _is_title(searcher: Searcher, lowered: Lowered) -> bool:
    """Whether the query is the title of a document, which then is what was asked for."""
    titles = [e.clause for e in lowered.extras if isinstance(e, algebra.Boost) and isinstance(e.clause, algebra.Term)]
    return any(searcher.doc_freq("title", Form.RAW, title.token) > 0 for title in titles if title.form is Form.RAW)


def _some_words(lowered: Lowered, languages: Sequence[str], *, most: bool) -> Query | None:
    from search.importance import importance  # only when few documents have all the words

    return partial(lowered, lambda text: importance(text, languages), most=most)
