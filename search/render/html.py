"""Results and documents as HTML: everything escaped, matches in `<mark>`.

The text comes from files that anyone may have written. Nothing of it becomes markup, only http and https addresses
become links, and `<bdi>` keeps right-to-left names from reordering what stands beside them.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from index.document import Document
from search.highlighting.highlight import DocumentMarks
from search.render.escape import Clip, neutralise, segments, web_address
from search.render.links import passage_link
from search.render.summary import around, facts, staleness, summary, title_of
from search.results import Hit, SearchResults, Snippet, Span

_STYLE = """
:root { color-scheme: light dark; --ink: #1c1e21; --quiet: #63676e; --paper: #fff; --line: #e3e5e8; --link: #1a4fa3;
  --mark: #ffe79a; --notice: #7a4f00; --notice-paper: #fff6df; }
@media (prefers-color-scheme: dark) { :root { --ink: #dfe1e5; --quiet: #9aa0a8; --paper: #17191c; --line: #303438;
  --link: #8fb8ff; --mark: #6a5510; --notice: #f0c56a; --notice-paper: #2b2414; } }
body { font: 1.0625rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: var(--ink);
  background: var(--paper); max-width: 44rem; margin: 2.5rem auto 4rem; padding: 0 1.25rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 0; font-weight: 600; text-wrap: balance; }
p { margin: .45rem 0; }
a { color: var(--link); text-decoration: none; }
a:hover, a:focus-visible { text-decoration: underline; }
mark { background: var(--mark); color: inherit; border-radius: .2em; padding: 0 .12em; margin: 0 -.12em; }
kbd { font: .95em ui-monospace, Menlo, Consolas, monospace; }
ol { list-style: none; margin: 1.5rem 0 0; padding: 0; }
li { position: relative; padding: 1.1rem 0 1.2rem 2.4rem; border-top: 1px solid var(--line); }
li::before { content: attr(value); position: absolute; left: 0; width: 1.7rem; text-align: right; color: var(--quiet);
  font-size: .95rem; line-height: 1.65; font-variant-numeric: tabular-nums; }
.byline-summary, .byline-facts { color: var(--quiet); font-size: .875rem; overflow-wrap: anywhere; }
.byline-facts { margin: .15rem 0 .5rem; }
.byline-snippet { margin: .45rem 0; padding-left: .8rem; border-left: 3px solid var(--line); }
.byline-notice { color: var(--notice); background: var(--notice-paper); padding: .5rem .8rem; border-radius: .4rem;
  font-size: .9375rem; }
li .byline-notice { display: inline-block; padding: .05rem .5rem; font-size: .8125rem; margin: 0 0 .2rem; }
.byline-similar { color: var(--quiet); font-size: .875rem; }
.byline-similar summary { cursor: pointer; }
.byline-similar ul { margin: .3rem 0 0; padding-left: 1.2rem; }
.byline-similar li { padding: .1rem 0; border: 0; }
.byline-similar li::before { content: none; }
.byline-overview { font-size: .875rem; margin-top: 1rem; }
.byline-overview ul { display: inline; padding: 0; margin: 0 0 0 .4rem; }
.byline-overview li { display: inline-block; padding: 0; border: 0; margin-right: .7rem; overflow-wrap: anywhere; }
.byline-overview li::before { content: none; }
.byline-overview figure { margin: .8rem 0 0; color: var(--quiet); }
.byline-bars { display: flex; align-items: flex-end; gap: 1px; height: 4rem; border-bottom: 1px solid var(--line); }
.byline-bars i { flex: 1; max-width: 2.5rem; background: var(--link); opacity: .75; }
.byline-bars i:hover { opacity: 1; }
.byline-score { color: var(--quiet); font-size: .875rem; border-spacing: 0; margin: .5rem 0 0; }
.byline-score td:first-child { text-align: right; padding-right: .7rem; font-variant-numeric: tabular-nums; }
.byline-body { white-space: pre-line; }
dl { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1rem; font-size: .875rem; }
dt { color: var(--quiet); } dd { margin: 0 0 .5rem; }
@media (max-width: 34rem) { body { margin-top: 1.5rem; } li { padding-left: 0; } li::before { display: none; } }
@media print { body { margin: 0; max-width: none; } li { break-inside: avoid; } }
"""


def results(results: SearchResults, *, page: bool = False) -> str:
    """A page of hits as a `<section>`; with `page`, as a whole HTML document with a style of its own."""
    parts = ['<section class="byline-results">']
    if page:
        parts.append(f'<h1 dir="auto">{_text(results.query)}</h1>')
    parts.append(f'<p class="byline-summary">{_text(summary(results))}</p>')
    for notice in results.notices:
        suggestion = f" Try: <kbd>{_text(notice.suggestion)}</kbd>" if notice.suggestion else ""
        parts.append(f'<p class="byline-notice">{_text(notice.message)}{suggestion}</p>')
    if results.total and (results.facets or results.timeline):
        parts.append(_overview(results))
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


def _overview(results: SearchResults) -> str:
    """Facets, each value with the query that chooses it, and the timeline."""
    from search.render.overview import timeline_title  # only where there is one

    parts = ['<div class="byline-overview">']
    for facet in results.facets:
        items = [
            f'<li title="{_text(value.query)}"><bdi>{_text(value.value)}</bdi> ({value.count:,})</li>'
            for value in facet.values
        ]
        if facet.more:
            items.append("<li>and others</li>")
        if facet.missing:
            items.append(f'<li title="{_text(facet.missing_query)}">none ({facet.missing:,})</li>')
        parts.append(f"<div><b>{_text(facet.name)}</b><ul>{''.join(items)}</ul></div>")
    if results.timeline:
        buckets = results.timeline.buckets
        most = max((bucket.count for bucket in buckets), default=1)
        bars = (
            f'<i title="{_text(bucket.label)}: {bucket.count:,}" style="height: {100 * bucket.count / most:.4g}%'
            f'{"; min-height: 2px" if bucket.count else ""}"></i>'
            for bucket in buckets
        )
        ends = f"{_text(buckets[0].label)} – {_text(buckets[-1].label)}: " if buckets else ""
        parts.append(f'<figure><div class="byline-bars">{"".join(bars)}</div>')
        parts.append(f"<figcaption>{ends}{_text(timeline_title(results.timeline))}</figcaption></figure>")
    return "\n".join([*parts, "</div>"])


def _hit(hit: Hit) -> str:
    title = title_of(hit.title, hit.source)
    spans = hit.title_spans if hit.title.strip() else ()
    stale = f'<p class="byline-notice">{_text(staleness(hit.stale))}</p>\n' if hit.stale else ""
    missing = f'<p class="byline-notice">without: {_text(", ".join(hit.missing))}</p>\n' if hit.missing else ""
    return (
        f'<li value="{hit.rank}"{_language(hit.language)}>\n'
        f"<h2>{_linked(_marked(title, spans), passage_link(hit))}</h2>\n"
        f"{_facts(hit.authors, hit.author_spans, facts(hit), hit.source)}\n"
        f"{stale}{missing}{''.join(map(_snippet, hit.snippets))}{_similar(hit)}{_explained(hit)}</li>"
    )


def _similar(hit: Hit) -> str:
    """The near-duplicates of a hit, which open on a click."""
    if not hit.similar:
        return ""
    items = "".join(
        f"<li><bdi>{_text(title_of(each.title, each.source))}</bdi> · {f'{each.date} · ' if each.date else ''}"
        f"<bdi>{_text(each.source)}</bdi>{f' · {staleness(each.stale)}' if each.stale else ''}</li>"
        for each in hit.similar
    )
    return f'<details class="byline-similar"><summary>+{len(hit.similar):,} similar</summary><ul>{items}</ul></details>'


def _explained(hit: Hit) -> str:
    """What the score of a hit is made of, if that was asked for."""
    if not hit.explanation:
        return ""
    rows = "".join(
        f"<tr><td>{part.value:.2f}</td><td><bdi>{_text(part.label)}</bdi></td></tr>" for part in hit.explanation
    )
    return f'<table class="byline-score">{rows}</table>'


def _snippet(snippet: Snippet) -> str:
    before, after = around(snippet)
    return f'<p class="byline-snippet" dir="auto">{_text(before)}{_marked(snippet.text, snippet.spans)}{after}</p>\n'


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
