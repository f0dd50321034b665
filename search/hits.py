"""From what was found to hits: stored documents with what matched in them, and the passages that show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

from index import query as algebra
from index.document import Document
from index.engines.contract import Searcher
from index.engines.deadline import TimeUp
from search.highlighting.highlight import DocumentMarks, Highlighter
from search.highlighting.snippets import document_snippets
from search.results import Hit, Similar, Snippet
from search.run import Found
from search.tuning import Tuning


def hits_of(
    found: Found,
    searcher: Searcher,
    tuned: Tuning,
    passed: int,
    snippets: int,
    length: int,
    similar: Mapping[str, tuple[Similar, ...]],
    stale: Callable[[str], str],
) -> tuple[Hit, ...]:
    """The hits of a page. Those that are not done at the deadline have no marks, see `Hit.timed_out`.

    Args:
        found: the page.
        searcher: the index it came from.
        tuned: what the search went by.
        passed: how many hits come before it.
        snippets: how many passages a hit shows at most.
        length: how many characters a passage has at most.
        similar: near-duplicates folded into hits, by id.
        stale: what has become of the file of a source, see `search.stale`.
    """
    if not found.matches.page:
        return ()
    highlighter = Highlighter(found.wanted)
    others = Highlighter(found.related or algebra.Nothing())  # for articles with none of the words asked for

    @cache
    def weights(of: Highlighter) -> tuple[float, ...]:
        return of.weights(searcher.doc_freq, searcher.document_count)

    def marked(document: Document, *, is_complete: bool) -> tuple[DocumentMarks, tuple[int, ...], tuple[float, ...]]:
        """What to mark, the numbers of the clauses that it lacks, and how much each leaf tells."""
        shown = document if snippets or not is_complete else replace(document, body="")  # then no marks are asked of it
        spans = highlighter.mark(tuned.analysed(shown))
        if is_complete or spans.matched or found.related is None:
            return spans, () if is_complete else highlighter.lacks(spans), weights(highlighter)
        return others.mark(tuned.analysed(document)), highlighter.lacks(spans), weights(others)

    # One step after the other for all hits, which takes less time than all steps for one hit after the other.
    matches = found.matches.page
    documents = [Document.from_stored(match.stored) for match in matches]
    timed_out: set[int] = set()
    told: list[tuple[DocumentMarks, tuple[int, ...], tuple[float, ...]]] = []
    for at, document in enumerate(documents):
        try:
            told.append(marked(document, is_complete=at < found.complete_here))
        except TimeUp:
            told.append((DocumentMarks(), (), ()))
            timed_out.add(at)
    passages: list[tuple[Snippet, ...]] = [()] * len(documents)
    if snippets:
        passages = [
            document_snippets(document, spans, count=snippets, length=length, weights=rarity)
            for document, (spans, _, rarity) in zip(documents, told, strict=True)
        ]
    similar = {
        name: tuple(each._replace(stale=stale(each.source)) for each in folded) for name, folded in similar.items()
    }
    return tuple(
        Hit(
            rank=passed + at + 1,
            id=match.id,
            score=match.score,
            title=document.title,
            authors=document.authors,
            date=document.date,
            url=document.url,
            source=document.source,
            language=document.language,
            snippets=passages[at],
            title_spans=spans.title,
            author_spans=spans.authors,
            missing=tuple(word for number in lacks if (word := found.words[number])),
            similar=similar.get(match.id, ()),
            stale=stale(document.source),
            timed_out=at in timed_out,
        )
        for at, (match, document, (spans, lacks, _)) in enumerate(zip(matches, documents, told, strict=True))
    )
