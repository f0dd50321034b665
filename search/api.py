"""Searching from Python: `search()`, `document()`, `suggest()`, `stale()` and `marks()`.

Open indexes are kept between calls and reopened when a commit has changed them. All functions may be called from
several threads.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index import query as algebra
from index.document import Document, document_id
from index.engines.deadline import TimeUp, until
from index.errors import DocumentNotFound, QueryError, UsageError
from index.home import find_index
from index.schema import Form
from index.settings import read_settings
from search import cursor
from search.arguments import article_name, check_bounds, check_types, facet_list
from search.budget import ENGINE_SHARE, SECONDS, Budget
from search.collapse import collapsed
from search.highlighting.highlight import Highlighter
from search.hits import hits_of
from search.lowering.whole_query import lower
from search.open_indexes import open_store
from search.paging import Page, parse_sort
from search.query_language import syntax
from search.query_language.parser import parse
from search.query_language.question import as_question
from search.results import Hit, SearchResults, Similar
from search.run import Found, run
from search.stale import Freshness
from search.tuning import Tuning, tuning
from search.understood import understand

if TYPE_CHECKING:
    from search.exploring.completion import Suggestions
    from search.exploring.facets import Facet
    from search.highlighting.highlight import DocumentMarks

FEW = 5
"""With so many hits or fewer, it is looked into why there are not more."""

MAX_LIMIT = 1_000
MAX_OFFSET = 1_000_000
MAX_SNIPPETS = 20
MAX_SNIPPET_LENGTH = 10_000
MAX_FACET_VALUES = 1_000


def search(
    query: str = "",
    *,
    index: str | Path | None = None,
    limit: int = 10,
    offset: int = 0,
    snippets: int = 2,
    snippet_length: int = 240,
    sort: str = "score",
    filters: str = "",
    facets: Sequence[str] | str = (),
    facet_values: int = 10,
    timeline: bool = False,
    after: str | None = None,
    like: str | Hit | Document | None = None,
    collapse: bool = True,
    recency: str | None = None,
    synonyms: str | Path | None = None,
    expand: bool | None = None,
    explain: bool = False,
    budget: float | None = None,
) -> SearchResults:
    """Search an index.

    Args:
        query: what to look for, in Byline's query language (see the README, or `byline help query`).
        index: the index's folder; by default $BYLINE_INDEX, else the nearest `.byline` upward from the working folder.
        limit: how many hits at most, 0 to 1,000; 0 only counts.
        offset: how many hits to pass over, up to 1,000,000.
        snippets: how many passages a hit shows at most, 0 to 20.
        snippet_length: about how many characters a passage has, 20 to 10,000.
        sort: score, date, title or author, with `:asc` or `:desc` for a direction, as in date:asc. Ties stand in the
            order of ids; what has no date, title or author comes last. Articles with only some of the words follow
            those with all of them, in the same order.
        filters: what articles must match besides, in the query language; it counts for no score and is not marked.
        facets: what to count of the articles found: author, year, month, language, section, folder, and extras that
            `byline.toml` declares; one by one, or as one text with commas between. See `search.exploring.facets`.
        facet_values: how many values of each, 1 to 1,000.
        timeline: whether to count them over time, see `search.exploring.timeline`.
        after: the cursor that the page before gave as `next`, "" for the first page; with one, `offset` is 0. See
            `search.paging`.
        like: an article (a hit, or a name as for `document`) that the hits are to be like, see
            `search.exploring.similar`; `query` may then be left out.
        collapse: whether near-duplicates are folded into the best of them, see `search.collapse`.
        recency: a half-life (30d, 2w, 6m, 1y) by which newer articles come first, see `search.lowering.recency`; "none"
            for none; by default what `byline.toml` says, which is none unless it says so.
        synonyms: a file of synonyms, see `search.lowering.synonyms`; "none" for none; by default what `byline.toml`
            says.
        expand: whether words that are typical of the best hits rank the others and find more, see
            `search.exploring.expansion`; by default what `byline.toml` says, which is no unless it says so.
        explain: whether each hit says what its score is made of.
        budget: how many seconds it may take, 0.01 to 3,600, see `search.budget`; by default what `byline.toml` says,
            which is 10 unless it says otherwise. `timed_out` tells whether it would have taken longer.

    Returns:
        The hits in order, best first unless `sort` says otherwise. A query that only filters, by date for instance,
        gives the newest first.

    Raises:
        UsageError: an argument is of a wrong type, out of bounds or means nothing, a cursor is broken or belongs to
            another search, or a file of settings or synonyms holds what means nothing.
        DocumentNotFound: there is no article that `like` names.
        IndexNotFound, NotAnIndex, IndexTooNew, IndexOutdated, IndexDamaged: there is no index that can be searched.
        QueryError: a regular expression means nothing or asks for too much.
    """
    started = time.perf_counter()
    check_types(query=query, index=index, limit=limit, offset=offset, snippets=snippets, snippet_length=snippet_length)
    check_types(sort=sort, filters=filters, facet_values=facet_values, after=after, recency=recency)
    check_types(synonyms=synonyms, budget=budget, collapse=collapse, expand=expand, explain=explain, timeline=timeline)
    facets = facet_list(facets)
    like = None if like is None else article_name(like)
    after = after or None
    check_bounds("limit", limit, 0, MAX_LIMIT)
    check_bounds("offset", offset, 0, MAX_OFFSET)
    check_bounds("snippets", snippets, 0, MAX_SNIPPETS)
    check_bounds("snippet_length", snippet_length, 20, MAX_SNIPPET_LENGTH)
    check_bounds("facet_values", facet_values, 1, MAX_FACET_VALUES)
    order = parse_sort(sort)
    location = find_index(index, create=False)
    settings = read_settings(location)
    seconds = settings.search.budget if budget is None else budget
    time_for = Budget(SECONDS if seconds is None else seconds)
    store = open_store(location)
    query_like = partial(_known, like, location) if like is not None else None
    asked = understand(query, store, settings, filters=filters, recency=recency, synonyms=synonyms, like=query_like)
    parsed, question, lowered, tuned, apart = asked.parsed, asked.question, asked.lowered, asked.tuned, asked.apart
    page = Page(limit, offset, order)
    of_search = [query.split(), filters.split(), sort, recency, synonyms, expand, like, collapse]
    if after is not None:
        if offset:
            raise UsageError("a page begins after a cursor or at an offset, not both", remedy="Leave one of them out")
        page = replace(page, after=cursor.from_text(after, of_search))
    searcher = tuned.searcher(store.searcher())
    runs: Callable[..., Found] = run
    if tuned.expand if expand is None else expand:
        from search.exploring.expansion import may_add, run_expanded

        runs = partial(run_expanded, adds=may_add(parsed), analysed=tuned.analysed)
    gives = partial(runs, searcher, lowered, asked.languages, is_question=question.is_question)
    found = None
    similar: Mapping[str, tuple[Similar, ...]] = {}
    with time_for.spend("", ENGINE_SHARE):
        if collapse:
            found, similar = collapsed(gives, page, store.searcher(), lowered.matching, time_for.spend)
        else:
            found = gives(page)
    if found is None:
        from search.narrowing import run_narrowed  # only where time ran out

        found, lowered = run_narrowed(searcher, lowered, page, time_for)
    small: Sequence[syntax.Word] = ()
    if not question.is_question and not {"or", "and", "not"}.isdisjoint(query.split()):
        from search.query_language.small_operators import notices_for, small_operators, without

        small = small_operators(parsed.tree, query)
    diagnosis = None
    if time_for.narrowed is None and (found.complete <= FEW or found.partial):
        from search.advice.doctor import Asked, diagnose  # only where little is found

        unmet = Asked(
            store.searcher(),
            without(question.tree, small) if small else question.tree,
            lowered,
            tuned.languages,
            asked.declared,
            filters=apart.tree if apart else None,
            doubted=asked.doubted,
        )
        with time_for.spend("why so little matches, and what else to search for"):
            diagnosis = diagnose(unmet, complete=found.complete, partial=found.partial)
    passed = page.after.count if page.after else offset
    hits: tuple[Hit, ...] = ()
    with time_for.spend("the hits"), Freshness(store) as freshness:
        hits = hits_of(found, store.searcher(), tuned, passed, snippets, snippet_length, similar, freshness.of)
    if any(hit.timed_out for hit in hits):
        time_for.left_out.append("what matches in some of the hits, whose beginnings are shown")
    counted: tuple[Facet, ...] = ()
    over_time = None
    if facets or timeline:
        from search.exploring.facets import Counting, facet_names
        from search.query_language.drill import Drill

        plain = as_question(parsed, query, asked.languages).tree if asked.has_synonyms else question.tree
        to_the_letter = plain is parsed.tree and not question.is_question and not parsed.notices and not parsed.asking
        drill = Drill(query, plain, asked.declared, to_the_letter=to_the_letter)
        counting = Counting(store.searcher(), found, lowered, drill.to, facet_values)
        trees = [parsed.tree, *([apart.tree] if apart else [])]
        for name in facet_names(facets, asked.declared):
            with time_for.spend(f"the facet {name}"):
                counted = (*counted, counting.facet(name, trees))
        if timeline:
            with time_for.spend("the timeline"):
                over_time = counting.timeline()
    if explain:
        from search.exploring.explain import explained

        with time_for.spend("what the scores are made of"):
            hits = explained(hits, found, store.searcher(), question.tree, lowered, tuned)
    return SearchResults(
        query=query,
        interpreted=syntax.canonical(question.tree),
        filters=syntax.canonical(apart.tree) if apart else "",
        sort=sort,
        total=found.matches.total,
        complete=found.complete,
        offset=passed,
        limit=limit,
        next=cursor.to_text(found.next, of_search) if found.next else "",
        facets=counted,
        timeline=over_time,
        notices=(
            *asked.notices,
            *(notices_for(small, query, [hit.title for hit in hits]) if small else ()),
            *(diagnosis.notices if diagnosis else ()),
            *found.notices,
            *time_for.notices,
        ),
        hits=hits,
        diagnosis=diagnosis,
        timed_out=time_for.is_cut,
        took=time.perf_counter() - started,
    )


def document(name: str, *, index: str | Path | None = None) -> Document:
    """The document of this name: an id, the beginning of one (four characters or more), a path, or a URL.

    Raises:
        DocumentNotFound: no document has that name, or several ids begin with it.
        IndexNotFound, NotAnIndex, IndexTooNew, IndexOutdated, IndexDamaged: there is no index that can be searched.
    """
    check_types(name=name, index=index)
    location = find_index(index, create=False)
    searcher = open_store(location).searcher()
    stored = searcher.document(name) or searcher.document(document_id(name.removeprefix("./")))
    if stored is None and len(name) >= 4:
        ids = searcher.ids(name.casefold(), 3)
        if len(ids) > 1:
            raise DocumentNotFound(
                f"several articles have an id that begins with “{name}”: {', '.join(ids[:2])}…",
                remedy="Write more of the id",
            )
        stored = searcher.document(ids[0]) if ids else None
    if stored is None:
        asked = name.removeprefix("./").casefold()
        named = algebra.Or(tuple(algebra.Term(field, asked, Form.RAW) for field in ("source", "url")))
        page = searcher.search(named, limit=1).page
        stored = page[0].stored if page else None
    if stored is None:
        raise DocumentNotFound(
            f"no article has the id, path or address “{name}”", remedy="Ids are shown with each hit of a search"
        )
    return Document.from_stored(stored)


def stale(document: Document, *, index: str | Path | None = None) -> str:
    """Whether a document of the index is of a file that is not as it was: "changed" or "gone", else empty.

    Raises what `search` raises of an index.
    """
    store = open_store(find_index(index, create=False))
    with Freshness(store) as freshness:
        return freshness.of(document.source)


def suggest(prefix: str, *, index: str | Path | None = None, limit: int = 10) -> Suggestions:
    """Complete what a person begins to type: its last word, and titles that begin so.

    Args:
        prefix: what was typed; words before the last one, and a field before that, narrow what is offered.
        index: as for `search`.
        limit: how many words, and how many titles, at most, 0 to 1,000.

    Returns:
        The commonest first, see `search.exploring.completion`.

    Raises:
        UsageError: the limit is out of bounds.
        IndexNotFound, NotAnIndex, IndexTooNew, IndexOutdated, IndexDamaged: there is no index that can be searched.
        QueryError: the prefix is too long, or too broad as a query, or it takes more than 10 seconds.
    """
    from search.exploring.completion import completer

    check_types(prefix=prefix, index=index, limit=limit)
    check_bounds("limit", limit, 0, MAX_LIMIT)
    location = find_index(index, create=False)
    store = open_store(location)
    languages = tuning(read_settings(location), store.manifest).languages
    try:
        with until(time.monotonic() + SECONDS):
            return completer(store.searcher(), languages, store.manifest.settings.facets).complete(prefix, limit)
    except TimeUp:
        raise QueryError(
            f"what comes before the last word takes longer to look for than {SECONDS:g} seconds",
            remedy="Type something simpler there",
        ) from None


def marks(document: Document, query: str, *, index: str | Path | None = None) -> DocumentMarks:
    """What a query matches in a document, all of it, as spans of its title, authors and body.

    Raises what `search` raises.
    """
    location = find_index(index, create=False)
    store = open_store(location)
    tuned = tuning(read_settings(location), store.manifest)
    parsed = parse(query, facets=store.manifest.settings.facets)
    tree, _ = tuned.with_synonyms(parsed.tree, store.searcher())
    lowered = lower(tree, tuned.languages)
    return Highlighter(lowered.matching).mark(tuned.analysed(document), whole=True)


def _known(name: str, location: Path, tuned: Tuning) -> Document:
    """The article of this name, as its words were analysed."""
    return tuned.analysed(document(name, index=location))


__all__ = ["document", "marks", "search", "stale", "suggest"]
