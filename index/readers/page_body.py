"""The body of a web page: trafilatura finds it, this turns what it found into plain paragraphs."""

from __future__ import annotations

import logging
import threading
from itertools import islice
from typing import Any

from index.readers.plain import printable, tidy

_MANY_PARAGRAPHS = 5_000
"""In pages with more, trafilatura's result stands without a comparison that takes the square of their number."""

_GROUPS = frozenset(("list", "table"))
_setup = threading.Lock()
_ready = False


def page_body(tree: Any) -> str:
    """The text of the article in a parsed page; empty if none is found. The tree is left as it is."""
    bare_extraction = _trafilatura()
    many = sum(1 for _ in islice(tree.iter("p"), _MANY_PARAGRAPHS + 1)) > _MANY_PARAGRAPHS
    found = bare_extraction(tree, include_comments=False, include_tables=True, with_metadata=False, fast=many)
    if found is None or found.body is None:
        return _all_paragraphs(tree)
    paragraphs: list[str] = []
    for element in found.body:
        _collect(element, paragraphs)
    if found.body.text and found.body.text.strip():
        paragraphs.insert(0, printable(found.body.text))
    return tidy(paragraphs)


def _all_paragraphs(tree: Any) -> str:
    """The text of every paragraph: what is left to do with a page in which no article stands out."""
    paragraphs = [printable(element.text_content()) for element in tree.iter("p", "blockquote", "pre")]
    return tidy([text for text in paragraphs if any(character.isalpha() for character in text)])


def _collect(element: Any, paragraphs: list[str]) -> None:
    tag = element.tag
    if tag == "list":
        items = [text for item in element if (text := _text(item))]
        if items:
            paragraphs.append("\n".join(items))
    elif tag == "table":
        rows = [" ".join(filter(None, (_text(cell) for cell in row))) for row in element.iter("row")]
        if any(rows):
            paragraphs.append("\n".join(filter(None, rows)))
    elif tag in ("quote", "div", "body") and any(
        child.tag in ("p", "head", "list", "quote", "table") for child in element
    ):
        if element.text and element.text.strip():
            paragraphs.append(printable(element.text))
        for child in element:
            _collect(child, paragraphs)
    elif text := _text(element):
        paragraphs.append(text)
    if element.tail and element.tail.strip():
        paragraphs.append(printable(element.tail))


def _text(element: Any) -> str:
    pieces = [element.text or ""]
    for child in element:
        if child.tag in ("lb", "p", "item", "head", "row", "list"):
            pieces.append("\n")
        pieces.append(_text(child))
        if child.tag in ("p", "item", "head", "row", "list"):
            pieces.append("\n")
        pieces.append(child.tail or "")
    text = "".join(pieces)
    if element.tag == "code" or "\n" not in text:
        return printable(text)
    return printable(text).strip("\n")


def _trafilatura() -> Any:
    """Imports the library, which takes a third of a second, when the first page is read."""
    global _ready
    from trafilatura import bare_extraction

    if not _ready:
        with _setup:
            logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what goes wrong is told by the documents
            _ready = True
    return bare_extraction
