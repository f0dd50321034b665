"""What a search gives back: hits in order, snippets with spans, and how the query was read.

Spans are character offsets, never markup: escaping and marking happen once, in `search/render/`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from index.records import record

if TYPE_CHECKING:
    from search.advice.diagnosis import Diagnosis
    from search.exploring.facets import Facet
    from search.exploring.timeline import Timeline

Span = tuple[int, int]
"""Start and end of a mark, in characters of the text it belongs to; the end is exclusive."""


@record(frozen=True, slots=True)
class Snippet:
    """A passage of a document that shows why it matched.

    Attributes:
        text: the passage on one line, its white space folded to single spaces.
        spans: what matched, as offsets into `text`, in order, without overlap.
        field: the field it was taken from.
        start: where the passage begins in the field, in characters; 0 when it is the beginning.
        before: whether text was left out before it.
        after: whether text was left out after it.
    """

    text: str
    spans: tuple[Span, ...] = ()
    field: str = "body"
    start: int = 0
    before: bool = False
    after: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The snippet as JSON types."""
        return {
            "text": self.text,
            "spans": [list(span) for span in self.spans],
            "field": self.field,
            "start": self.start,
            "before": self.before,
            "after": self.after,
        }


@record(frozen=True, slots=True)
class Notice:
    """Something a person should know about how the query was read or answered.

    Attributes:
        message: a sentence.
        position: the part of the query it is about, as a span of characters; None when it is about all of it.
        suggestion: a query to try instead, or "".
    """

    message: str
    position: Span | None = None
    suggestion: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The notice as JSON types."""
        return {
            "message": self.message,
            "position": list(self.position) if self.position else None,
            "suggestion": self.suggestion,
        }


class Similar(NamedTuple):
    """A near-duplicate that is folded into a hit: its id, title, source, date, and what its file did, as in `Hit`."""

    id: str
    title: str
    source: str
    date: dt.date | None
    stale: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The near-duplicate as JSON types: `stale` only if there is something to say."""
        day = self.date.isoformat() if self.date else None
        values = {"id": self.id, "title": self.title, "source": self.source, "date": day}
        return values | {"stale": self.stale} if self.stale else values


@record(frozen=True, slots=True)
class Contribution:
    """A part of a hit's score.

    Attributes:
        label: what gave it, in words.
        value: how much; negative where something was taken off.
    """

    label: str
    value: float

    def to_dict(self) -> dict[str, Any]:
        """The contribution as JSON types."""
        return {"label": self.label, "value": self.value}


@record(frozen=True, slots=True)
class Hit:
    """One document that matched.

    Attributes:
        rank: 1 for the first of all hits, whatever page it is on.
        id: names the document; `byline show` takes it.
        score: larger is better; only comparable within one search.
        title, authors, date, url, source, language: as in `index.document.Document`.
        snippets: passages of the body in reading order; or one of an extra, see `search.highlighting.snippets`.
        title_spans: what matched in the title.
        author_spans: for each author, what matched in the name.
        missing: words of the query that this document lacks, when only some of them matched.
        explanation: what the score is made of, if that was asked for: parts that add up to it, within rounding.
        similar: near-duplicates of it that match, too, and are no hits of their own.
        stale: "changed" or "gone" if that is what its file did since it was indexed, see `search.stale`; else empty.
        timed_out: whether time ran out before its passages were chosen; then its text's beginning is shown, unmarked.
    """

    rank: int
    id: str
    score: float
    title: str
    authors: tuple[str, ...]
    date: dt.date | None
    url: str
    source: str
    language: str
    snippets: tuple[Snippet, ...] = ()
    title_spans: tuple[Span, ...] = ()
    author_spans: tuple[tuple[Span, ...], ...] = ()
    missing: tuple[str, ...] = ()
    explanation: tuple[Contribution, ...] = ()
    similar: tuple[Similar, ...] = ()
    stale: str = ""
    timed_out: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The hit as JSON types: the date as YYYY-MM-DD or None; `explanation` only if it was asked for, and
        `stale` and `timed_out` only if there is something to say."""
        values = {
            "rank": self.rank,
            "id": self.id,
            "score": self.score,
            "title": self.title,
            "authors": list(self.authors),
            "date": self.date.isoformat() if self.date else None,
            "url": self.url,
            "source": self.source,
            "language": self.language,
            "snippets": [snippet.to_dict() for snippet in self.snippets],
            "title_spans": [list(span) for span in self.title_spans],
            "author_spans": [[list(span) for span in spans] for spans in self.author_spans],
            "missing": list(self.missing),
            "similar": [each.to_dict() for each in self.similar],
        }
        if self.explanation:
            values["explanation"] = [part.to_dict() for part in self.explanation]
        if self.stale:
            values["stale"] = self.stale
        if self.timed_out:
            values["timed_out"] = True
        return values


@record(frozen=True)
class SearchResults(Sequence[Hit]):
    """One page of hits. Iterable, sized and indexable like a list of `Hit`.

    Attributes:
        query: the query as typed.
        interpreted: the query as understood, in canonical form.
        total: how many documents matched in all, on every page.
        offset: how many hits come before this page.
        limit: how many hits a page holds at most.
        took: seconds from the query to these results.
        complete: how many of them match everything asked; they come first. The others match only some of the words.
        filters: the filters beside the query, as understood, in canonical form.
        sort: what the hits are sorted by, as `search` takes it.
        next: the cursor for the page after this one; "" if there is none, or if this one was reached by its offset.
        facets: those asked for.
        timeline: if it was asked for.
        notices: how the query was read where that may surprise.
        hits: the page.
        diagnosis: where little matched, which clause is to blame and which queries find more; else None.
        timed_out: whether time ran out, so that hits or counts may be missing; a notice says which (`search.budget`).
    """

    query: str
    interpreted: str
    total: int
    offset: int
    limit: int
    took: float
    complete: int = 0
    notices: tuple[Notice, ...] = ()
    hits: tuple[Hit, ...] = field(default=())
    diagnosis: Diagnosis | None = None
    filters: str = ""
    sort: str = "score"
    next: str = ""
    facets: tuple[Facet, ...] = ()
    timeline: Timeline | None = None
    timed_out: bool = False

    @property
    def partial(self) -> bool:
        """Whether some of the documents match only some of the words."""
        return self.complete < self.total

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        return self.hits[index]

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON types."""
        return {
            "query": self.query,
            "interpreted": self.interpreted,
            "filters": self.filters,
            "sort": self.sort,
            "total": self.total,
            "offset": self.offset,
            "limit": self.limit,
            "took": self.took,
            "complete": self.complete,
            "partial": self.partial,
            "timed_out": self.timed_out,
            "next": self.next,
            "facets": [facet.to_dict() for facet in self.facets],
            "timeline": self.timeline.to_dict() if self.timeline else None,
            "notices": [notice.to_dict() for notice in self.notices],
            "diagnosis": self.diagnosis.to_dict() if self.diagnosis else None,
            "hits": [hit.to_dict() for hit in self.hits],
        }
