"""What came in since somebody last looked at a saved search."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from index.document import Document
from index.engines.contract import Match, Matches, Order
from index.errors import QueryError, UsageError
from index.home import find_index
from index.records import record
from index.settings import read_settings
from search.exploring.saved import (
    MAX_SEEN_ARTICLES,
    SavedSearch,
    new_search,
    read_search,
    search_names,
    write_search,
)
from search.hits import hits_of
from search.open_indexes import open_store
from search.query_language import syntax
from search.results import Notice, SearchResults
from search.run import Found
from search.stale import Freshness
from search.understood import Understood, understand

_AT_A_TIME = 1_000  # documents


@record(frozen=True, slots=True)
class News:
    """What is new of a saved search: how it was left, and the new articles, the newest first."""

    search: SavedSearch
    results: SearchResults


def save_search(name: str, query: str, *, filters: str = "", index: str | Path | None = None) -> SavedSearch:
    """Keep a search under a name; what it finds now counts as seen. The same search may be saved again.

    Raises:
        UsageError: the name is none or that of another search, there are too many, or the index cannot be written to.
        IndexDamaged: the search of that name cannot be read.
        QueryError: more articles match than can be kept in mind.
    """
    location = find_index(index, create=False)
    saved = new_search(name, query, filters)
    if name in search_names(location):
        known = read_search(location, name)
        if (known.query.split(), known.filters.split()) != (query.split(), filters.split()):
            beside = f" with the filters {known.filters}" if known.filters else ""
            raise UsageError(
                f"“{name}” is already the name of another saved search: {known.query}{beside}",
                remedy=f"Choose another name, or forget that one first: byline new {name} --forget",
            )
    documents = (Document.from_stored(match.stored) for match in _matching(saved, location)[1])
    saved = saved.looked_at(documents)
    write_search(location, saved)
    return saved


def news(
    name: str,
    *,
    index: str | Path | None = None,
    limit: int = 10,
    snippets: int = 2,
    snippet_length: int = 240,
    keep: bool = False,
) -> News:
    """What came in since the last look at a saved search, the newest first; this look counts, unless `keep`.

    Args:
        name: of the search.
        index: as for `search.api.search`.
        limit: how many hits at most; however many there are, all count as seen.
        snippets, snippet_length: as for `search.api.search`.
        keep: whether what is new now stays new.

    Raises:
        UsageError: there is no such search, or the index cannot be written to.
        IndexDamaged: the saved search, or the index, cannot be read.
        QueryError: more articles match than can be kept in mind.
    """
    started = time.perf_counter()
    location = find_index(index, create=False)
    saved = read_search(location, name)
    asked, matches = _matching(saved, location)
    documents: list[Document] = []
    fresh: list[Match] = []
    for match in matches:
        documents.append(Document.from_stored(match.stored))
        if saved.is_new(documents[-1]):
            fresh.append(match)
    page = fresh[:limit]
    lowered = asked.lowered
    found = Found(
        Matches(len(fresh), page),
        len(fresh),
        lowered.marked or lowered.matching,
        lowered.query,
        complete_here=len(page),
    )
    store = open_store(location)
    with Freshness(store) as freshness:
        hits = hits_of(found, store.searcher(), asked.tuned, 0, snippets, snippet_length, {}, freshness.of)
    results = SearchResults(
        query=saved.query,
        interpreted=syntax.canonical(asked.question.tree),
        total=len(fresh),
        offset=0,
        limit=limit,
        took=time.perf_counter() - started,
        complete=len(fresh),
        notices=(*asked.notices, Notice(f"New since {saved.looked:%Y-%m-%d %H:%M:%S} UTC in “{name}”")),
        hits=hits,
        filters=saved.filters,
        sort="date",
    )
    if not keep:
        write_search(location, saved.looked_at(documents), remedy=f"Look without noting it: byline new {name} --keep")
    return News(saved, results)


def saved_searches(*, index: str | Path | None = None) -> list[SavedSearch]:
    """All saved searches, by name. Raises what `read_search` raises."""
    location = find_index(index, create=False)
    return [read_search(location, name) for name in search_names(location)]


def _matching(saved: SavedSearch, location: Path) -> tuple[Understood, Iterator[Match]]:
    """The query of a saved search as understood, and everything that matches all of it, the newest first."""
    store = open_store(location)
    asked = understand(saved.query, store, read_settings(location), filters=saved.filters)
    searcher = store.searcher()
    total = searcher.search(asked.lowered.matching, limit=0).total
    if total > MAX_SEEN_ARTICLES:
        raise QueryError(
            f"{total:,} articles match; of at most {MAX_SEEN_ARTICLES:,} can be kept in mind which were seen",
            remedy="Narrow the query, for example by date",
        )

    def pages() -> Iterator[Match]:
        for offset in range(0, total, _AT_A_TIME):
            yield from searcher.search(asked.lowered.matching, limit=_AT_A_TIME, offset=offset, order=Order.NEWEST).page

    return asked, pages()
