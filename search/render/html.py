"""Results and documents as HTML: everything escaped, matches in `<mark>`.

The text comes from files that anyone may have written. Nothing of it becomes markup, only http and https addresses
become links, and `<bdi>` keeps right-to-left names from reordering what stands beside them.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from index.document import Document
from search.highlight import DocumentMarks
from search.render.escape import Clip, neutralise, segments, web_address
from search.render.summary import facts, summary, title_of
from search.results import Hit, SearchResults, Snippet, Span

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
ol { padding-left: 2.5rem; } li { margin-bottom: 1.5rem; } h2 { font-size: 1.1rem; margin: 0; } p { margin: .3rem 0; }
mark { background: #ffe58a; color: inherit; } .byline-facts { color: #666; font-size: .9rem; overflow-wrap: anywhere; }
.byline-notice { color: #8a5a00; } .byline-body { white-space: pre-line; }
@media (prefers-color-scheme: dark) {
  body { background: #16181c; color: #ddd; } a { color: #8ab4f8; } mark { background: #6b5900; }
  .byline-facts { color: #999; } .byline-notice { color: #e0b050; }
}
"""


def results(results: SearchResults, *, page: bool = False) -> str:
    """A page of hits as a `<section>`; with `page`, as a whole HTML document with a style of its own."""
    parts = ['<section class="byline-results">', f'<p class="byline-summary">{_text(summary(results))}</p>']
    for notice in results.notices:
        suggestion = f" Try: <kbd>{_text(notice.suggestion)}</kbd>" if notice.suggestion else ""
        parts.append(f'<p class="byline-notice">{_text(notice.message)}{suggestion}</p>')
    if results.hits:
        parts += [f'<ol start="{results[0].rank}">', *map(_hit, results), "</ol>"]
    parts.append("</section>")
    return _finished(parts, f"{results.query} – search" if page else None)


def document(document: Document, marks: DocumentMarks | None = None, *, page: bool = False) -> str:
    """One document as an `<article>` with its matches marked; with `page`, as a whole HTML document."""
    marks = marks or DocumentMarks()
    title = title_of(document.title, document.source)
    spans = marks.title if document.title.strip() else ()
    day = [document.date.isoformat()] if document.date else []
    parts = [
        f'<article class="byline-document"{_language(document.language)}>',
        f"<h1>{_linked(_marked(title, spans), document.url)}</h1>",
        _facts(document.authors, marks.authors, [*day, document.id], document.source),
        *(f'<p class="byline-notice">{_text(warning)}</p>' for warning in document.warnings),
        f'<div class="byline-body" dir="auto">{_marked(document.body, marks.body_spans, keep_newlines=True)}</div>',
    ]
    if document.extra:
        parts.append("<dl>")
        for name, value in document.extra.items():
            parts.append(f"<dt>{_text(name)}</dt>")
            parts += [f"<dd>{_text(each)}</dd>" for each in ((value,) if isinstance(value, str) else value)]
        parts.append("</dl>")
    parts.append("</article>")
    return _finished(parts, title if page else None)


def _hit(hit: Hit) -> str:
    title = title_of(hit.title, hit.source)
    spans = hit.title_spans if hit.title.strip() else ()
    missing = f'<p class="byline-notice">without: {_text(", ".join(hit.missing))}</p>\n' if hit.missing else ""
    return (
        f'<li value="{hit.rank}"{_language(hit.language)}>\n'
        f"<h2>{_linked(_marked(title, spans), hit.url)}</h2>\n"
        f"{_facts(hit.authors, hit.author_spans, facts(hit), hit.source)}\n"
        f"{missing}{''.join(map(_snippet, hit.snippets))}</li>"
    )


def _snippet(snippet: Snippet) -> str:
    before, after = "… " if snippet.before else "", " …" if snippet.after else ""
    return f'<p class="byline-snippet" dir="auto">{before}{_marked(snippet.text, snippet.spans)}{after}</p>\n'


def _facts(authors: Sequence[str], author_spans: Sequence[tuple[Span, ...]], others: Sequence[str], source: str) -> str:
    names = [
        f"<bdi>{_marked(name, author_spans[number] if number < len(author_spans) else ())}</bdi>"
        for number, name in enumerate(authors)
    ]
    parts = [*([", ".join(names)] if names else []), *map(_text, others), f"<bdi>{_text(source)}</bdi>"]
    return f'<p class="byline-facts">{" · ".join(parts)}</p>'


def _linked(markup: str, url: str) -> str:
    address = web_address(url)
    if not address:
        return f"<bdi>{markup}</bdi>"
    return f'<a href="{html.escape(address)}" rel="noopener noreferrer nofollow"><bdi>{markup}</bdi></a>'


def _language(code: str) -> str:
    return f' lang="{code}"' if code.isascii() and code.isalpha() else ""


def _text(text: str, *, keep_newlines: bool = False) -> str:
    return html.escape(neutralise(text, keep_newlines=keep_newlines))


def _marked(text: str, spans: Sequence[Span], *, keep_newlines: bool = False) -> str:
    spans = Clip(spans).within(0, len(text))
    return "".join(
        f"<mark>{_text(piece, keep_newlines=keep_newlines)}</mark>"
        if marked
        else _text(piece, keep_newlines=keep_newlines)
        for piece, marked in segments(text, spans)
    )


def _finished(parts: Sequence[str], page_title: str | None) -> str:
    if page_title is None:
        return "\n".join(parts) + "\n"
    # The policy lets nothing run or load, should anything ever slip through.
    head = [
        "<!DOCTYPE html>",
        "<html>",
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{_text(page_title)}</title><style>{_STYLE}</style></head>",
        "<body>",
    ]
    return "\n".join([*head, *parts, "</body>", "</html>"]) + "\n"
