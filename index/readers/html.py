"""Saved web pages: one parse for the metadata and for the body, each by rules of our own."""

# ruff: noqa: E501
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from index.document import Document
from index.errors import ReadError
from index.readers import Problem, RawFile
from index.readers.article.byline_lines import read_line
from index.readers.article.findings import Findings
from index.readers.article.named_values import read_fields
from index.readers.article.side_files import split_dotted
from index.readers.article.start import begun
from index.readers.blocks.block import PARAGRAPH, Block
from index.readers.blocks.plain import folded, one_line
from index.readers.bylines.dates import date_in_path
from index.readers.page.authors import page_authors
from index.readers.page.body import page_body
from index.readers.page.date import page_dates
from index.readers.page.jsonld import addresses_of, text_of
from index.readers.page.parsed_page import Page
from index.readers.page.title import headline_elements, page_titles
from index.readers.page.visible_lines import headline_at, page_lines

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_HEAD_PARAGRAPHS = 3
_LARGE = 9_000_000  # characters; of larger pages the parser may leave out what follows a long text or picture
_TOO_LARGE = frozenset((2, 114))  # which the parser then reports: NO_MEMORY in libxml2 2.12, later RESOURCE_LIMIT
NO_TEXT = "it has a title and no text; some pages only show theirs once their programs run"
MAX_DEPTH = 250
"""Elements nested deeper are flattened by the parser."""


def read(file: RawFile) -> Iterator[Document | Problem]:
    """The one document of a saved page."""
    text, findings = begun(file, declared=True)
    values, _ = split_dotted(text)
    if values:
        read_fields(values, findings, "comment")
    tree = parse(text, file.source)
    page = Page(tree)
    read_page(page, findings)
    stated = text_of(page.data.articles[0].get("articleBody")) if page.data.articles else ""
    found = page_body(tree, findings.title, stated)
    for caption in found.captions:
        findings.add_extra("caption", caption, "caption")
    body = _without_byline(_without_headline(found.text, findings.title), findings)
    if not findings.date and (day := date_in_path(file.name)):
        findings.offer_date(day, "file name")
    if not body:
        if not findings.title:
            raise ReadError("no article in it", where=file.source)
        findings.warn(NO_TEXT)
        yield Problem(NO_TEXT)
    yield findings.document(body, found.rule)


def _without_headline(body: str, title: str) -> str:
    """The body without a first paragraph that only says the headline."""
    first, gap, rest = body.partition("\n\n")
    return rest if gap and title and folded(first) == folded(title) else body


def _without_byline(body: str, findings: Findings) -> str:
    """The body without lines at its start that only name the authors or the date that were found."""
    paragraphs = body.split("\n\n", _HEAD_PARAGRAPHS)
    kept: list[str] = []
    for paragraph in paragraphs[:_HEAD_PARAGRAPHS]:
        probe = Findings("")
        probe.language_tag = findings.language_tag
        known = (
            len(paragraph) <= 150
            and read_line(Block(PARAGRAPH, paragraph), probe, alone=False)
            and set(probe.authors) <= set(findings.authors)
            and probe.date in (None, findings.date)
            and "byline" not in probe.extra
        )
        if not known:
            kept.append(paragraph)
    kept += paragraphs[_HEAD_PARAGRAPHS:]
    return "\n\n".join(kept) if len(kept) < len(paragraphs) and any(kept) else body


def parse(text: str, source: str) -> Any:
    """The root element of a page.

    Raises:
        ReadError: if there is no element in it.
    """
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    text = _DECLARATION.sub("", text)
    parser = HTMLParser(remove_pis=True)
    try:
        tree = document_fromstring(text, parser=parser)
        if len(text) > _LARGE and any(error.type in _TOO_LARGE for error in parser.error_log):
            tree = document_fromstring(text, parser=HTMLParser(remove_pis=True, huge_tree=True))
        return tree
    except (etree.ParserError, ValueError) as error:
        raise ReadError("no HTML in it", where=source) from error


def read_page(page: Page, findings: Findings) -> None:
    """Offers all metadata of a page to `findings`, also what other rules have found already: it tells how sure that is."""
    if page.language:
        findings.offer_language(page.language, "declared language")
    for text, rule in page_titles(page):
        findings.offer_title(text, rule)
    lines = page_lines(page.tree, headline_elements(page, findings.title))
    headline = headline_at(lines.lines, findings.title)
    for names, rule in page_authors(page, lines, headline):
        findings.offer_authors(names, rule, split=False)
    for date, rule in page_dates(page, lines, headline, findings.language_tag):
        findings.offer_date(date, rule)
    article = page.data.articles[0] if page.data.articles else {}
    for address, rule in (
        (page.url, "canonical address"), (page.first("og:url"), "meta og:url"),
        *((own, "json-ld address") for own in addresses_of(article) if own.startswith(("http://", "https://"))),
    ):  # fmt: skip
        findings.offer_url(address, rule)
    for name, texts in (
        ("summary", ((page.first("og:description"), "meta og:description"), (page.first("description"), "meta description"),
                     (text_of(article.get("description")), "json-ld description"))),
        ("section", ((page.first("article:section"), "meta article:section"), (text_of(article.get("articleSection")), "json-ld articleSection"),
                     (page.first("section", "parsely-section"), "meta section"))),
        ("site", ((page.first("og:site_name"), "meta og:site_name"),)),
    ):  # fmt: skip
        for text, rule in texts:
            findings.offer_extra(name, text, rule)
    tags = page.every("article:tag") or [
        tag for content in page.every("news_keywords", "keywords")[:1] for tag in re.split(r"[,;]", content)
    ]
    if tags:
        findings.offer_extra("tags", [one_line(tag) for tag in tags], "meta keywords")
