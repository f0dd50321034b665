"""Feeds: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, one document an entry, and what feeds commonly borrow elsewhere.

lxml parses, and the mapping is ours: feedparser, which knows the same formats, does not say which element a value comes
from, and takes as long for parsing alone as all of this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from index.document import Document
from index.errors import ReadError
from index.readers import MAX_ENTRIES, Problem, RawFile
from index.readers.article.findings import Findings
from index.readers.article.named_values import tag_list
from index.readers.article.start import findings_for
from index.readers.decoding.encoding import decode, guess_warning
from index.readers.parts.feed_text import absolute, html_line
from index.readers.parts.feed_xml import Element, body, content, fields_of, inherited, line, name_of, parse_feed

_ENTRIES = frozenset(("item", "entry"))
_FEEDS = frozenset(("rss", "feed", "rdf:rdf", "rdf", "channel"))
_TITLES = ("title", "dc:title", "media:title", "itunes:title")
_AUTHORS = ("dc:creator", "author", "itunes:author", "media:credit", "dcterms:creator")
_PUBLISHED = ("published", "pubdate", "issued", "dc:date", "dcterms:issued", "dcterms:created", "created", "date")
_UPDATED = ("updated", "modified", "dcterms:modified", "lastbuilddate")
_BODIES = ("content:encoded", "content", "xhtml:body", "body", "xhtml:div", "fullitem")
_SUMMARIES = ("description", "summary", "media:description", "itunes:summary", "dc:description", "itunes:subtitle")
_TAGS = ("category", "dc:subject", "media:keywords", "itunes:keywords", "keywords")
_NAME_BEHIND_MAIL = re.compile(r"\S+@\S+\s*\(([^()]+)\)\s*$")
_SHORT_YEAR = re.compile(r"(?<=\d [A-Za-z]{3} )\d\d(?= \d\d:\d\d)")

Fields = Mapping[str, list[Element]]


class _Feed(NamedTuple):
    """What a feed says of all its entries."""

    fields: Fields
    address: str
    language: str


def read(file: RawFile) -> Iterator[Document | Problem]:
    """The documents of a feed; a file that holds one entry alone is one document. XHTML is read as a page."""
    decoded = decode(file.data, file.source, declared=True)
    parsed = parse_feed(decoded.text, file.source)
    root, name = parsed.root, name_of(parsed.root)
    if name in ("html", "xhtml:html"):
        from index.readers import html

        yield from html.read(file)
        return
    guessed = guess_warning(decoded)
    if name in _ENTRIES:
        yield _entry(root, _Feed({}, "", ""), file, file.source, guessed)
        return
    if name not in _FEEDS:
        raise ReadError(f"XML, but no feed (it begins with <{name[:60]}>)", where=file.source)
    if parsed.problem:
        yield Problem(parsed.problem)
    yield from _entries(root, file, guessed)


def _entries(root: Element, file: RawFile, guessed: str) -> Iterator[Document | Problem]:
    holder = next((child for child in root if name_of(child) == "channel"), root)
    entries = [
        child
        for place in ((root,) if holder is root else (holder, root))
        for child in place
        if name_of(child) in _ENTRIES
    ]
    if not entries:
        raise ReadError("a feed without entries", where=file.source)
    fields = fields_of(holder)
    feed = _Feed(fields, _address(fields, inherited(holder, "base")), _language(holder, fields))
    for number, entry in enumerate(entries[:MAX_ENTRIES], 1):
        document = _entry(entry, feed, file, f"{file.source}#{number}", guessed)
        if document.title or document.body:
            yield document
        else:
            yield Problem(f"entry {number} has neither a title nor a text")
    if len(entries) > MAX_ENTRIES:
        yield Problem(f"only the first {MAX_ENTRIES} of {len(entries)} entries are read")


def _entry(entry: Element, feed: _Feed, file: RawFile, source: str, guessed: str) -> Document:
    findings = findings_for(file, source)
    if guessed:
        findings.warn(guessed)
    fields = fields_of(entry)
    for language, rule in ((_language(entry, fields), "entry language"), (feed.language, "feed language")):
        if language:
            findings.offer_language(language, rule)
    for name, element in _each(fields, _TITLES):
        findings.offer_title(line(element), f"entry {name}")
    original = next(
        (fields_of(element) for element in fields.get("source", ())), {}
    )  # of an entry taken from elsewhere
    for owner, rule in ((fields, "entry"), (original, "source"), (feed.fields, "feed")):
        for name in _AUTHORS:
            findings.offer_authors(_names(owner.get(name, ())), f"{rule} {name}")
    for name, element in (*_each(fields, _PUBLISHED), *_each(fields, _UPDATED)):
        if text := line(element):
            findings.offer_date_text(_SHORT_YEAR.sub(_full_year, text), f"entry {name}")
    base = inherited(entry, "base") or feed.address
    if address := _address(fields, base) or (entry.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about") or ""):
        findings.offer_url(address, "entry link")
    text, rule = _body(fields, findings)
    tags = [tag for _, element in _each(fields, _TAGS) for tag in tag_list(_tag(element))]
    findings.offer_extra("tags", tags, "entry category")
    for owner in (original, feed.fields):
        if titles := owner.get("title"):
            findings.offer_extra("site", line(titles[0]), "feed title")
    for name, element in _each(fields, _UPDATED):
        findings.offer_extra("updated", line(element), f"entry {name}")
    return findings.document(text, rule)


def _each(fields: Fields, names: tuple[str, ...]) -> Iterator[tuple[str, Element]]:
    for name in names:
        for element in fields.get(name, ()):
            yield name, element


def _body(fields: Fields, findings: Findings) -> tuple[str, str]:
    """The text and its rule: the content; else the summary, which is otherwise kept apart."""
    found, rule = "", ""
    for name, element in _each(fields, _BODIES):
        if text := body(element):
            found, rule = text, f"entry {name}"
            break
    for name, element in _each(fields, _SUMMARIES):
        if not found:
            found, rule = body(element), f"entry {name}"
        elif summary := line(element):
            findings.offer_extra("summary", summary, f"entry {name}")
    return found, rule


def _names(elements: list[Element] | tuple[()]) -> list[str]:
    """The names in elements such as <author><name>…</name></author> or <author>mail (name)</author>."""
    found = []
    for element in elements:
        if element.get("role") not in (None, "author", "writer", "reporter"):  # of media:credit
            continue
        inner = fields_of(element)
        name = next((line(part) for part in (*inner.get("name", ()), *inner.get("rdf:value", ()))), "")
        text = name if len(element) else line(element)
        behind = _NAME_BEHIND_MAIL.match(text)
        found.append(behind[1] if behind else text)
    return found


def _full_year(match: re.Match[str]) -> str:
    """A year of two digits, as RFC 822 had it, in the century that RFC 2822 says."""
    return f"{'20' if int(match[0]) < 50 else '19'}{match[0]}"


def _tag(element: Element) -> str:
    return html_line(element.get("label") or element.get("term") or "") or line(element)


def _language(element: Element, fields: Fields) -> str:
    return inherited(element, "lang") or next(
        (line(each) for _, each in _each(fields, ("dc:language", "language"))), ""
    )


def _address(fields: Fields, base: str) -> str:
    """Where a feed or an entry can be read: the link to a page, else an id that is an address."""
    pages: list[str] = []
    others: list[str] = []
    for element in (*fields.get("feedburner:origlink", ()), *fields.get("link", ())):
        address = element.get("href") or content(element).strip()
        if element.get("rel", "alternate") == "alternate" and address:
            is_page = "html" in element.get("type", "html")
            (pages if is_page else others).append(absolute(address, inherited(element, "base") or base))
    for name in ("guid", "id"):
        for element in fields.get(name, ()):
            text = content(element).strip()
            if element.get("ispermalink", element.get("isPermaLink", "true")).lower() != "false" and text.startswith(
                "http"
            ):
                others.append(text)
    return next(iter((*pages, *others)), "")
