"""Results and documents as Markdown (CommonMark): everything escaped, matches in bold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from index.document import Document
from search.highlighting.highlight import DocumentMarks
from search.render.escape import Clip, neutralise, segments, web_address
from search.render.links import passage_link
from search.render.summary import around, facts, similar, staleness, summary, title_of
from search.results import Hit, SearchResults, Snippet, Span

_ACTIVE = re.compile(r"([\\`*_\[\]<>|~&@])")
# What makes a list, a heading or a rule only at the beginning of a line.
_FIRST = re.compile(r"[-+=#]|\d+(?=[.)])")
_CHART_COLUMNS = 70  # that a timeline is drawn in


def results(results: SearchResults) -> str:
    """A page of hits as a numbered list, each with its passages as quotations."""
    parts = [f"**{_text(summary(results))}**"]
    for notice in results.notices:
        suggestion = f" Try: {_text(notice.suggestion)}" if notice.suggestion else ""
        parts.append(f"{_line(notice.message)}{suggestion}")
    if results.total and (results.facets or results.timeline):
        from search.render.overview import facet_line, timeline_lines, timeline_title

        parts += [f"- {_text(facet_line(facet))}" for facet in results.facets]
        if results.timeline:
            parts.append(f"Timeline: {_text(timeline_title(results.timeline, _CHART_COLUMNS))}")
            parts += ["\n".join(f"    {line}" for line in timeline_lines(results.timeline, _CHART_COLUMNS))]
    parts += [_hit(hit) for hit in results]
    return "\n\n".join(parts) + "\n"


def document(document: Document, marks: DocumentMarks | None = None) -> str:
    """One document with its matches in bold."""
    marks = marks or DocumentMarks()
    title = title_of(document.title, document.source)
    spans = marks.title if document.title.strip() else ()
    day = [document.date.isoformat()] if document.date else []
    parts = [
        f"# {_linked(marked(title, spans), document.url)}",
        _facts(document.authors, marks.authors, [*day, document.id], document.source),
        *(f"*{_text(warning)}*" for warning in document.warnings),
    ]
    clip = Clip(marks.body_spans)
    start = 0
    for line in document.body.splitlines(keepends=True):
        end = start + len(line)
        inside = clip.within(start, end)
        if not line.isspace():
            left = len(line) - len(line.lstrip())
            text = line.strip()
            parts.append(_escaped_start(marked(text, [(s - left, min(e - left, len(text))) for s, e in inside])))
        start = end
    for name, value in document.extra.items():
        parts.append(f"- {_text(name)}: {_text(value if isinstance(value, str) else ', '.join(value))}")
    return "\n\n".join(parts) + "\n"


def _hit(hit: Hit) -> str:
    title = title_of(hit.title, hit.source)
    spans = hit.title_spans if hit.title.strip() else ()
    number = f"{hit.rank}. "
    indent = " " * len(number)
    parts = [
        f"{number}{_linked(marked(title, spans), passage_link(hit))}\\",
        f"{indent}{_facts(hit.authors, hit.author_spans, facts(hit), hit.source)}",
    ]
    if hit.stale:
        parts.append(f"\n{indent}{staleness(hit.stale)}")
    if hit.missing:
        parts.append(f"\n{indent}without: {_text(', '.join(hit.missing))}")
    parts += [f"\n{indent}> {passage(snippet)}" for snippet in hit.snippets]
    if hit.similar:
        parts.append(f"\n{indent}{_escaped_start(_text(similar(hit)))}")
    if hit.explanation:
        parts.append("")
        parts += [f"{indent}- {part.value:.2f} {_text(part.label)}" for part in hit.explanation]
    return "\n".join(parts)


def passage(snippet: Snippet) -> str:
    """One passage on one line."""
    before, after = around(snippet)
    return _escaped_start(f"{_text(before)}{marked(snippet.text, snippet.spans)}{after}")


def _facts(authors: Sequence[str], author_spans: Sequence[tuple[Span, ...]], others: Sequence[str], source: str) -> str:
    names = [
        marked(name, author_spans[number] if number < len(author_spans) else ()) for number, name in enumerate(authors)
    ]
    return _escaped_start(" · ".join([*([", ".join(names)] if names else []), *map(_text, others), _text(source)]))


def _linked(markup: str, url: str) -> str:
    address = web_address(url)
    # Whatever could end the address early is written as %XX.
    return f"[{markup}](<{quote(address, safe=_SAFE)}>)" if address else _escaped_start(markup)


_SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in "<>\\\"'`()[]*_")


def _text(text: str) -> str:
    return _ACTIVE.sub(r"\\\1", neutralise(text))


def _line(text: str) -> str:
    return _escaped_start(_text(text))


def _escaped_start(markup: str) -> str:
    """Markup whose first characters begin no list, heading or code block."""
    markup = markup.lstrip()
    first = _FIRST.match(markup)
    if not first:
        return markup
    return f"\\{markup}" if first.end() == 1 and not markup[0].isdigit() else f"{first[0]}\\{markup[first.end() :]}"


def marked(text: str, spans: Sequence[Span]) -> str:
    """A text on one line with its matches in bold."""
    clipped = Clip(spans).within(0, len(text))
    return "".join(f"**{_text(piece)}**" if is_marked else _text(piece) for piece, is_marked in segments(text, clipped))
