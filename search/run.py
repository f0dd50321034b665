"""Running a lowered query: all of the words first, and some of them where all together match little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index import query as algebra
from index.engines.contract import Matches, Searcher
from index.query import Query
from index.records import record
from index.schema import Form
from search.lowering.clause import any_of
from search.lowering.whole_query import Lowered, partial, words_apart
from search.paging import Filling, Page, Position
from search.query_language.question import ENOUGH
from search.results import Notice


@record(frozen=True, slots=True)
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
        related_words: each related stem, as the index holds it and as people write it, and its weight.
        partial: how many documents match only some of the words.
        complete_here: how many on the page match everything; they come before the others.
        next: where the page ends, if another one follows.
        notices: what a person should know about it.
    """

    matches: Matches
    complete: int
    wanted: Query
    query: Query
    rest: Query | None = None
    words: tuple[str, ...] = ()
    related: Query | None = None
    partial: int = 0
    complete_here: int = 0
    next: Position | None = None
    notices: tuple[Notice, ...] = ()
    related_words: tuple[tuple[str, str, float], ...] = ()


def run(searcher: Searcher, lowered: Lowered, languages: Sequence[str], page: Page, *, is_question: bool) -> Found:
    """One page of what a query finds. When nothing matches all of it, or little matches a question, then documents
    that match some of its words follow those that match all."""
    filling = Filling(searcher, page, ranks=lowered.ranks)
    complete = filling.take(lowered.query)
    enough = ENOUGH if is_question and not _is_title(searcher, lowered) else 1
    if complete >= enough or lowered.matching == algebra.Nothing():
        return found_in(filling, complete, lowered)
    some = _some_words(lowered, languages, most=complete > 0)
    partial = 0
    if some is not None:
        some = algebra.And((some, algebra.Not(lowered.matching))) if complete else some
        partial = filling.take(some)
    if not partial:
        return found_in(filling, complete, lowered)
    clauses = [clause for clause in lowered.clauses if not clause.is_filter]
    apart = words_apart(lowered)
    return replace(
        found_in(filling, complete, lowered, partial),
        wanted=algebra.Or(tuple(clause.query for clause in clauses)),
        rest=some,
        words=tuple("" if clause.is_fixed else clause.text for clause in clauses),
        related=any_of(apart) if apart else None,
    )


def found_in(filling: Filling, complete: int, lowered: Lowered, partial: int = 0) -> Found:
    """What a page was filled with, where so many documents match all of a query and so many some of it."""
    return Found(
        matches=Matches(complete + partial, filling.matches),
        complete=complete,
        wanted=lowered.marked or lowered.matching,
        query=lowered.query,
        partial=partial,
        complete_here=filling.complete,
        next=filling.next,
    )


def _is_title(searcher: Searcher, lowered: Lowered) -> bool:
    """Whether the query is the title of a document, which then is what was asked for."""
    titles = [e.clause for e in lowered.extras if isinstance(e, algebra.Boost) and isinstance(e.clause, algebra.Term)]
    return any(searcher.doc_freq("title", Form.RAW, title.token) > 0 for title in titles if title.form is Form.RAW)


def _some_words(lowered: Lowered, languages: Sequence[str], *, most: bool) -> Query | None:
    from search.query_language.importance import importance  # only when few documents have all the words

    return partial(lowered, lambda text: importance(text, languages), most=most)
