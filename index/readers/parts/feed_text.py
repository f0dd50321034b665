"""Texts of feeds: HTML, plain or in between; and addresses relative to the feed."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

from index.readers.article.from_blocks import paragraphs_of
from index.readers.blocks.block import strip_tags
from index.readers.blocks.markup_blocks import markup_blocks
from index.readers.blocks.plain import one_line, printable, tidy

_TAG = re.compile(r"<(?:/?[a-zA-Z][a-zA-Z0-9:-]*(?:\s[^<>]*)?/?|!--.*?--)>", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z]{2,31});")


def is_html(text: str) -> bool:
    """Whether a text of which nothing says so is HTML: it holds a tag or an entity."""
    return _TAG.search(text) is not None or _ENTITY.search(text) is not None


def html_body(markup: str) -> str:
    """The paragraphs of a piece of HTML."""
    from lxml import etree
    from lxml.html import fragment_fromstring

    if not markup.strip():
        return ""
    if not is_html(markup):
        return plain_body(markup)
    try:
        root = fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return tidy(printable(strip_tags(markup)).split("\n"))
    return element_body(root)


def element_body(root: Any) -> str:
    """The paragraphs of a parsed piece of HTML or XHTML."""
    return tidy(paragraphs_of(markup_blocks(root).blocks))


def plain_body(text: str) -> str:
    """The paragraphs of a plain text: empty lines part them; where there are none, lines do."""
    text = printable(text).strip()
    return tidy(re.split(r"\n[ \t]*\n", text) if re.search(r"\n[ \t]*\n", text) else text.split("\n"))


def html_line(markup: str) -> str:
    """A title or a name on one line, without tags and entities, if it has any."""
    import html

    text = strip_tags(markup) if _TAG.search(markup) else html.unescape(markup) if "&" in markup else markup
    return one_line(text)


def absolute(address: str, base: str) -> str:
    """A whole address, if it is one already or `base` makes it one; else as written."""
    address = address.strip()
    if not address or not base:
        return address
    try:
        return urljoin(base, address)
    except ValueError:
        return address
