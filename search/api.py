"""Searching from Python: `search()` and `document()`.

Open indexes are kept between calls and reopened when a commit has changed them. All functions may be called from
several threads.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index import query as algebra
from index.document import Document, document_id
from index.engines.contract import Match, Searcher
from index.errors import DocumentNotFound, UsageError
from index.home import find_index
from index.schema import Form
from index.settings import read_settings
from index.store import Store, stamp
from search import syntax
from search.highlight import Highlighter
from search.language import parse
from search.lower import lower
from search.question import as_question
from search.results import Hit, SearchResults
from search.run import Found, run
from search.snippets import document_snippets
from search.tuning import Tuning, tuning

if TYPE_CHECKING:
    from search.highlight import DocumentMarks

MAX_LIMIT = 1_000
MAX_OFFSET = 1_000_000
MAX_SNIPPETS = 20
MAX_SNIPPET_LENGTH = 10_000
_MOST_OPEN = 8  # indexes kept open at a time


def search(
    query: str,
    *,
    index: str | Path | None = None,
    limit: int = 10,
    offset: int = 0,
    snippets: int = 2,
    snippet_length: int = 240,
    recency: str | None = None,
    synonyms: str | Path | None = None,
    expand: bool | None = None,
    explain: bool = False,
) -> SearchResults:
    """Search an index.

    Args:
        query: what to look for, in Byline's query language (see the README, or `byline search --help`).
        index: the index's folder; by default $BYLINE_INDEX, else the nearest `.byline` upward from the working folder.
        limit: how many hits at most, 0 to 1,000; 0 only counts.
        offset: how many hits to pass over, up to 1,000,000.
        snippets: how many passages a hit shows at most, 0 to 20.
        snippet_length: about how many characters a passage has, 20 to 10,000.
        recency: a half-life (30d, 2w, 6m, 1y) by which newer articles come first, see `search.recency`; "none" for
            none; by default what `byline.toml` says, which is none unless it says so.
        synonyms: a file of synonyms, see `search.synonyms`; "none" for none; by default what `byline.toml` says.
        expand: whether words that are typical of the best hits rank the others and find more, see
            `search.expansion`; by default what `byline.toml` says, which is no unless it says so.
        explain: whether each hit says what its score is made of.

    Returns:
        The hits in order, best first. A query that only filters, by date for instance, gives the newest first.

    Raises:
        UsageError: an argument is out of bounds, or a file of settings or synonyms holds what means nothing.
        IndexNotFound, NotAnIndex, IndexTooNew, IndexOutdated, IndexDamaged: there is no index that can be searched.
        QueryError: the query is too long, too deep or too broad.
    """
    started = time.perf_counter()
    _check("limit", limit, 0, MAX_LIMIT)
    _check("offset", offset, 0, MAX_OFFSET)
    _check("snippets", snippets, 0, MAX_SNIPPETS)
    _check("snippet_length", snippet_length, 20, MAX_SNIPPET_LENGTH)
    parsed = parse(query)
    location = find_index(Path(index) if index is not None else None, create=False)
    store = _store(location)
    tuned = tuning(read_settings(location), store.manifest, recency=recency, synonyms=synonyms)
    languages = list(store.manifest.languages)
    tree, added = tuned.with_synonyms(parsed.tree, store.searcher())
    question = as_question(replace(parsed, tree=tree), query, languages)
    lowered = lower(question.tree, tuned.languages, asked=parsed.tree, weights=tuned.weights)
    searcher = tuned.searcher(store.searcher())
    runs: Callable[..., Found] = run
    if tuned.expand if expand is None else expand:
        from search.expansion import may_add, run_expanded

        runs = partial(run_expanded, adds=may_add(parsed), analysed=tuned.analysed)
    found = runs(searcher, lowered, languages, limit, offset, is_question=question.is_question)
    hits = _hits(found, store.searcher(), tuned, offset, snippets, snippet_length)
    if explain:
        from search.explain import explained

        hits = explained(hits, found, store.searcher(), question.tree, lowered, tuned)
    return SearchResults(
        query=query,
        interpreted=syntax.canonical(question.tree),
        total=found.matches.total,
        complete=found.complete,
        offset=offset,
        limit=limit,
        notices=(
            *tuned.notices,
            *parsed.notices,
            *added,
            *question.notices,
            *lowered.notices,
            *found.notices,
        ),
        hits=hits,
        took=time.perf_counter() - started,
    )


def document(name: str, *, index: str | Path | None = None) -> Document:
    """The document of this name: an id, the beginning of one (four characters or more), a path, or a URL.

    Raises:
        DocumentNotFound: no document has that name, or several ids begin with it.
        IndexNotFound, NotAnIndex, IndexTooNew, IndexOutdated, IndexDamaged: there is no index that can be searched.
    """
    location = find_index(Path(index) if index is not None else None, create=False)
    searcher = _store(location).searcher()
    stored = searcher.document(name) or searcher.document(document_id(name.removeprefix("./")))
    if stored is None and len(name) >= 4:
        ids = searcher.ids(name.casefold(), 3)
        if len(ids) > 1:
            raise DocumentNotFound(
                f"Several documents have an id that begins with “{name}”: {', '.join(ids[:2])}…",
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
            f"No document has the id, path or URL “{name}”",
            where=str(location),
            remedy="Ids are shown with each hit of a search",
        )
    return Document.from_stored(stored)


def marks(document: Document, query: str, *, index: str | Path | None = None) -> DocumentMarks:
    """What a query matches in a document, all of it, as spans of its title, authors and body.

    Raises what `search` raises.
    """
    location = find_index(Path(index) if index is not None else None, create=False)
    store = _store(location)
    tuned = tuning(read_settings(location), store.manifest)
    tree, _ = tuned.with_synonyms(parse(query).tree, store.searcher())
    lowered = lower(tree, tuned.languages)
    return Highlighter(lowered.matching).mark(tuned.analysed(document), whole=True)


def _check(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise UsageError(f"{name} is {value:,}; it must lie between {least:,} and {most:,}")


_open_stores: OrderedDict[Path, Store] = OrderedDict()
_opening = threading.Lock()


def _store(location: Path) -> Store:
    """The open index at `location`, reopened when a commit has changed it since."""
    location = location.absolute()
    current = stamp(location)
    with _opening:
        store = _open_stores.get(location)
        if store is None or store.stamp != current:
            # Searches that still run on the one replaced here hold a reference to it; it closes with the last.
            store = Store.open(location)
            store.searcher()
            _open_stores[location] = store
        _open_stores.move_to_end(location)
        while len(_open_stores) > _MOST_OPEN:
            _open_stores.popitem(last=False)
        return store


def _hits(found: Found, searcher: Searcher, tuned: Tuning, offset: int, snippets: int, length: int) -> tuple[Hit, ...]:
    if not found.matches.page:
        return ()
    highlighter = Highlighter(found.wanted)
    weights = highlighter.weights(searcher.doc_freq, searcher.document_count)
    others = Highlighter(found.related or algebra.Nothing())  # for articles with none of the words asked for
    other_weights = others.weights(searcher.doc_freq, searcher.document_count)

    def hit(rank: int, match: Match) -> Hit:
        document = Document.from_stored(match.stored)
        is_complete = rank <= found.complete
        shown = document if snippets or not is_complete else replace(document, body="")  # then no marks are asked of it
        spans = highlighter.mark(tuned.analysed(shown))
        lacks = () if is_complete else highlighter.lacks(spans)
        is_related = not is_complete and not spans.matched and found.related is not None
        if is_related:
            spans = others.mark(tuned.analysed(document))
        rarity = other_weights if is_related else weights
        passages = document_snippets(document, spans, count=snippets, length=length, weights=rarity) if snippets else ()
        return Hit(
            rank=rank,
            id=match.id,
            score=match.score,
            title=document.title,
            authors=document.authors,
            date=document.date,
            url=document.url,
            source=document.source,
            language=document.language,
            snippets=passages,
            title_spans=spans.title,
            author_spans=spans.authors,
            missing=tuple(word for number in lacks if (word := found.words[number])),
        )

    return tuple(hit(rank, match) for rank, match in enumerate(found.matches.page, start=offset + 1))


__all__ = ["document", "marks", "search"]
