"""Web pages under the name of a text: `page.txt` that begins with `<!doctype html>` is read as what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from index.document import Document
from index.readers import Problem, RawFile

WARNING = "it is a web page under another name, and read as one"

_BEGINS = re.compile(
    r"\s*+(?:<\?xml[^>]{0,200}>\s*+|<!--.{0,2000}?-->\s*+){0,3}(?:<!doctype\s+html|<html)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_PARTS = re.compile(r"</(?:title|head|body|html)\s*>", re.IGNORECASE)
_LEAST = 2  # different ones


def is_page(text: str) -> bool:
    """Whether a text is the markup of a web page, rather than a text about one."""
    return _BEGINS.match(text) is not None and len({part.lower() for part in _PARTS.findall(text)}) >= _LEAST


def read_page_of(file: RawFile) -> Iterator[Document | Problem]:
    """What a file holds that is a page whatever its name says, with a warning."""
    from index.readers import html  # which few files of texts need

    for found in html.read(file):
        yield replace(found, warnings=(*found.warnings, WARNING)) if isinstance(found, Document) else found
