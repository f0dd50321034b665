"""Results and documents for a terminal or a plain text file.

Matches stand in colour, or between asterisks where there is none. Everything is wrapped to the terminal's width.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from index.document import Document
from search.highlighting.highlight import DocumentMarks
from search.render.escape import Clip, neutralise, segments
from search.render.summary import around, facts, similar, staleness, summary, title_of
from search.render.width import display_width, lines
from search.results import Hit, SearchResults, Snippet, Span

if TYPE_CHECKING:
    from search.render.links import Place

_RESET = "\x1b[0m"
_LINK, _LINK_END = "\x1b]8;;", "\x1b\\"
_STYLES = {"mark": "\x1b[1;31m", "title": "\x1b[1m", "quiet": "\x1b[2m", "notice": "\x1b[33m", "text": ""}
_SEPARATOR = " · "
_NARROWEST = 20  # columns; below that lines overflow
_VALUE_COLUMNS = 9  # for what a part of a score counts


def results(
    results: SearchResults,
    *,
    width: int = 80,
    color: bool = False,
    places: Callable[[Hit], Place | None] | None = None,
    clickable: bool = False,
    blocks: bool = True,
) -> str:
    """A page of hits: a summary, what there is to say about the query, and each hit with its passages.

    Args:
        results: what a search gave back.
        width: columns of the terminal.
        color: whether to use ANSI escape sequences.
        places: where the file of a hit is; its path then stands there with the line of the first passage.
        clickable: whether titles and paths become links, which not every terminal understands.
        blocks: whether a timeline may be drawn with block characters.
    """
    page = _Page(width, color)
    page.add(summary(results), style="notice" if results.partial else "title")
    for notice in results.notices:
        page.add(neutralise(notice.message), style="notice")
        if notice.suggestion:
            page.add(f"Try: {neutralise(notice.suggestion)}", indent=2, style="notice")
    if results.total and (results.facets or results.timeline):
        _overview(page, results, blocks)
    indent = len(str(results.offset + len(results))) + 2
    for hit in results:
        page.blank()
        _hit(page, hit, indent, places(hit) if places else None, clickable)
    return page.text()


def document(
    document: Document, marks: DocumentMarks | None = None, *, stale: str = "", width: int = 80, color: bool = False
) -> str:
    """One document: title, what is known of it, and its whole text, with its matches marked.

    Args:
        document: what to show.
        marks: what matched in it, from `Highlighter.mark(document, whole=True)`.
        stale: what has become of its file since it was indexed, from `search.api.stale`.
        width: columns of the terminal.
        color: whether to use ANSI escape sequences.
    """
    marks = marks or DocumentMarks()
    page = _Page(width, color)
    page.add(title_of(document.title, document.source), marks.title if document.title.strip() else (), style="title")
    day = [document.date.isoformat()] if document.date else []
    page.add_list(
        [*_names(document.authors, marks.authors)], [*day, *([document.language] if document.language else [])]
    )
    page.add_path(document.source)
    if document.url:
        page.add_path(document.url)
    page.add(document.id, style="quiet")
    if stale:
        page.add(staleness(stale), style="notice")
    for warning in document.warnings:
        page.add(f"Note: {neutralise(warning)}", style="notice")
    page.blank()
    page.add_lines(document.body, marks.body_spans)
    if document.extra:
        page.blank()
    for name, value in document.extra.items():
        page.add(f"{neutralise(name)}: {neutralise(value if isinstance(value, str) else ', '.join(value))}", indent=2)
    return page.text()


class _Page:
    """Lines of text so far."""

    def __init__(self, width: int, color: bool) -> None:
        self._width = max(width, _NARROWEST)
        self._color = color
        self._lines: list[str] = []

    def text(self) -> str:
        return "\n".join(self._lines) + "\n"

    def blank(self) -> None:
        self._lines.append("")

    def add(
        self,
        text: str,
        spans: Sequence[Span] = (),
        *,
        indent: int = 0,
        first: str = "",
        style: str = "text",
        link: str = "",
    ) -> None:
        """Add a paragraph with marks, wrapped; `first` stands before it in the margin, `link` is what it leads to."""
        pieces = [(neutralise(piece), marked) for piece, marked in segments(text, spans)]
        self._add_pieces(pieces, indent, first, style, link)

    @property
    def width(self) -> int:
        return self._width

    def add_drawn(self, line: str) -> None:
        """Add a line as it stands."""
        self._lines.append(line)

    def add_lines(self, text: str, spans: Sequence[Span]) -> None:
        """Add a text of many lines with marks; several empty lines become one."""
        clip = Clip(spans)
        start = 0
        for line in text.splitlines(keepends=True):
            end = start + len(line)
            inside = clip.within(start, end)
            if not line.isspace():
                self.add(line.rstrip(), inside)
            elif self._lines and self._lines[-1]:
                self.blank()
            start = end

    def add_list(
        self,
        names: list[tuple[str, Sequence[Span]]],
        others: list[str],
        *,
        indent: int = 0,
        path: str = "",
        link: str = "",
    ) -> None:
        """Add names with marks, other facts and a path to one quiet line; a path that doesn't fit comes next."""
        pieces: list[tuple[str, bool]] = []
        for number, (name, spans) in enumerate(names):
            pieces += [(", ", False)] if number else []
            pieces += [(neutralise(piece), marked) for piece, marked in segments(name, spans)]
        for other in others:
            pieces.append((_SEPARATOR * bool(pieces) + neutralise(other), False))
        path = neutralise(path, keep_surrogates=True)
        used = sum(display_width(piece) + 2 * (marked and not self._color) for piece, marked in pieces)
        fits = indent + used + len(_SEPARATOR) + display_width(path) <= self._width
        if pieces:
            self._add_pieces(pieces, indent, "", "quiet")
        if path and pieces and fits:
            self._lines[-1] += self._styled(_SEPARATOR, "quiet") + _linked(self._styled(path, "quiet"), link)
        elif path:
            self.add_path(path, indent=indent, link=link)

    def add_path(self, path: str, *, indent: int = 0, link: str = "") -> None:
        """Add a path or address, which is never broken, so that it can be copied."""
        text = self._styled(neutralise(path, keep_surrogates=True), "quiet")
        self._lines.append(" " * indent + _linked(text, link))

    def _add_pieces(self, pieces: list[tuple[str, bool]], indent: int, first: str, style: str, link: str = "") -> None:
        if not self._color:
            pieces = [(f"*{piece}*" if marked else piece, False) for piece, marked in pieces]
        text = "".join(piece for piece, _ in pieces)
        spans: list[Span] = []
        position = 0
        for piece, marked in pieces:
            if marked and piece:
                spans.append((position, position + len(piece)))
            position += len(piece)
        margin = first.ljust(indent)
        clip = Clip(spans)
        for start, end in lines(text, self._width - indent):
            line = "".join(
                self._styled(piece, "mark" if marked else style)
                for piece, marked in segments(text[start:end], clip.within(start, end))
            )
            self._lines.append(margin + _linked(line, link))
            margin = " " * indent

    def _styled(self, text: str, style: str) -> str:
        code = _STYLES[style] if self._color else ""
        return f"{code}{text}{_RESET}" if code and text else text


def _linked(text: str, link: str) -> str:
    """Text that leads to `link` when clicked (OSC 8), if there is a link."""
    return f"{_LINK}{link}{_LINK_END}{text}{_LINK}{_LINK_END}" if link else text


def _hit(page: _Page, hit: Hit, indent: int, place: Place | None, clickable: bool) -> None:
    title = title_of(hit.title, hit.source)
    spans = hit.title_spans if hit.title.strip() else ()
    article, file = _links(hit, place) if clickable else ("", "")
    page.add(title, spans, indent=indent, first=f"{hit.rank}.", style="title", link=article)
    path = f"{hit.source}:{place.line}" if place and place.line else hit.source
    page.add_list([*_names(hit.authors, hit.author_spans)], facts(hit), indent=indent, path=path, link=file)
    if hit.stale:
        page.add(staleness(hit.stale), indent=indent, style="notice")
    if hit.missing:
        page.add("without: " + ", ".join(map(neutralise, hit.missing)), indent=indent, style="notice")
    for snippet in hit.snippets:
        text, marks = _with_ellipses(snippet)
        page.add(text, marks, indent=indent)
    if hit.similar:
        page.add(similar(hit), indent=indent, style="quiet")
    for part in hit.explanation:
        value = f"{part.value:.2f}".rjust(_VALUE_COLUMNS)
        page.add(part.label, indent=indent + _VALUE_COLUMNS + 2, first=" " * indent + value, style="quiet")


def _links(hit: Hit, place: Place | None) -> tuple[str, str]:
    """Where the title of a hit leads to, and where its path does."""
    from search.render.links import file_address, passage_link  # only where links can be clicked

    return passage_link(hit), file_address(place.path) if place else ""


def _overview(page: _Page, results: SearchResults, blocks: bool) -> None:
    """Facets and the timeline."""
    from search.render import overview  # only where they are asked for

    page.blank()
    for facet in results.facets:
        for line in overview.facet_lines(facet, page.width - 2):
            page.add_drawn(f"  {line}")
    if hint := overview.hint(results.facets):
        page.add(neutralise(hint), indent=2, style="quiet")
    if results.timeline:
        width = page.width - 2
        page.add(f"timeline: {overview.timeline_title(results.timeline, width)}", indent=2)
        for line in overview.timeline_lines(results.timeline, width, blocks=blocks):
            page.add_drawn(f"  {line}")


def _with_ellipses(snippet: Snippet) -> tuple[str, tuple[Span, ...]]:
    before, after = around(snippet)
    moved = tuple((start + len(before), end + len(before)) for start, end in snippet.spans)
    return f"{before}{snippet.text}{after}", moved


def _names(authors: Sequence[str], spans: Sequence[tuple[Span, ...]]) -> Iterator[tuple[str, Sequence[Span]]]:
    for number, name in enumerate(authors):
        yield name, spans[number] if number < len(spans) else ()
