"""From the text of a query to what an index is asked: everything that happens before anything is searched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from index.document import Document
from index.records import record
from index.settings import Settings
from index.storage.store import Store
from search.lowering.whole_query import Lowered, lower, within_reach
from search.query_language import syntax
from search.query_language.day_clauses import REFUSED
from search.query_language.parser import Parsed, parse
from search.query_language.question import Question, as_question
from search.query_language.scanner import NO_FIELD
from search.results import Notice, Span
from search.tuning import Tuning, tuning


@record(frozen=True, slots=True, kw_only=True)
class Understood:
    """A query as understood.

    Attributes:
        parsed: the query as typed.
        apart: the filters beside it, if there are any.
        question: the query as it is asked: with synonyms, and without the words that only make it a question.
        lowered: the same for an engine.
        tuned: what the search goes by.
        languages: whose stems the index holds.
        declared: extras that `byline.toml` declares as facets.
        has_synonyms: whether synonyms were added.
        notices: what a person should know about all that.
        doubted: where in the query clauses stand for which a notice proposed something else.
    """

    parsed: Parsed
    apart: Parsed | None
    question: Question
    lowered: Lowered
    tuned: Tuning
    languages: Sequence[str]
    declared: Sequence[str]
    has_synonyms: bool
    notices: tuple[Notice, ...]
    doubted: tuple[Span, ...]


def understand(
    query: str,
    store: Store,
    settings: Settings,
    *,
    filters: str = "",
    recency: str | None = None,
    synonyms: str | Path | None = None,
    like: Callable[[Tuning], Document] | None = None,
) -> Understood:
    """Understand a query.

    Args:
        query: as typed.
        store: the open index.
        settings: of the index.
        filters, recency, synonyms: as for `search.api.search`.
        like: gives the article that hits are to be like, as its words were analysed.

    Raises:
        UsageError: an argument means nothing, or a file of settings or synonyms holds what means nothing.
        QueryError: a regular expression means nothing or asks for too much.
    """
    declared = store.manifest.settings.facets
    parsed = parse(query, facets=declared)
    apart = parse(filters, facets=declared) if filters.strip() else None
    if (apart or like) and not query.strip():
        parsed = Parsed(syntax.All(), ())
    tuned = tuning(settings, store.manifest, recency=recency, synonyms=synonyms)
    languages = list(store.manifest.languages)
    tree, added = tuned.with_synonyms(parsed.tree, store.searcher())
    question = as_question(parsed if tree is parsed.tree else replace(parsed, tree=tree), query, languages)
    lowered = lower(
        question.tree,
        tuned.languages,
        asked=parsed.tree,
        weights=tuned.weights,
        filters=apart.tree if apart else None,
    )
    lowered = within_reach(lowered, store.searcher())
    if like:
        from search.exploring.similar import more_like

        lowered = more_like(store.searcher(), like(tuned), lowered, is_alone=not query.strip())
    parsed = _told_of_extras(parsed, query, store)
    apart = apart and _told_of_extras(apart, filters, store)
    unknown = _unknown(parsed.tree, query, store)
    return Understood(
        parsed=parsed,
        apart=apart,
        question=question,
        lowered=lowered,
        tuned=tuned,
        languages=languages,
        declared=declared,
        has_synonyms=tree is not parsed.tree,
        notices=(
            *tuned.notices,
            *parsed.notices,
            *unknown,
            *map(_of_filters, apart.notices if apart else ()),
            *map(_of_filters, _unknown(apart.tree, filters, store) if apart else ()),
            *added,
            *question.notices,
            *lowered.notices,
        ),
        doubted=tuple(
            notice.position
            for notice in (*parsed.notices, *unknown)
            if notice.position and (notice.suggestion or notice in unknown or REFUSED in notice.message)
        ),
    )


def _told_of_extras(parsed: Parsed, text: str, store: Store) -> Parsed:
    """The query with what to say of names before a colon that are no fields, but extras."""
    if not any(notice.message.startswith(NO_FIELD) for notice in parsed.notices):
        return parsed
    from search.advice.having import undeclared

    told = [
        undeclared(notice, text, store.searcher()) if notice.message.startswith(NO_FIELD) else notice
        for notice in parsed.notices
    ]
    return replace(parsed, notices=tuple(told))


def _unknown(tree: syntax.Node, text: str, store: Store) -> tuple[Notice, ...]:
    """Notices for names and values that a query asks for, and that no article has."""
    if ":" not in text or not any(getattr(node, "field", None) for node in syntax.every(tree)):
        return ()  # dates have no such values
    from search.advice.having import unknown_names  # only where a field is asked for
    from search.advice.unknown_values import unknown_values

    searcher = store.searcher()
    return (*unknown_names(tree, text, searcher), *unknown_values(tree, text, searcher))


def _of_filters(notice: Notice) -> Notice:
    """A notice about the filters, whose positions and suggestions are none of the query."""
    message = f"In the filters: {notice.message[:1].lower()}{notice.message[1:]}"
    return Notice(f"{message}; write instead: {notice.suggestion}" if notice.suggestion else message)
