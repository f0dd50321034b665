"""XML from files that nobody vouches for: no entity is expanded, nothing is fetched, depth and size are bounded."""

from __future__ import annotations

import html
import re
from typing import Any

from index.errors import ReadError

Element = Any
"""An lxml element."""

_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{0,30});")
_BEGINS_TYPE = re.compile(rb"<!DOCTYPE\b", re.IGNORECASE)
_DOCUMENT_TYPE = re.compile(rb"<!DOCTYPE\b[^>\[]{0,2000}(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_OWN = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))


def parse_xml(data: bytes, source: str, part: str) -> Element:
    """The root element of an XML file; entities other than XML's own and HTML's are left out.

    Args:
        data: the file.
        source: what it belongs to, and `part` what it is, for the message.

    Raises:
        ReadError: if it is not well-formed, or nested more than 255 deep.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(_named(without_document_type(data)), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        why = str(error).partition("\n")[0][:200]
        raise ReadError(f"its part {part} is not XML ({why})", where=source) from error
    return root


def without_document_type(data: bytes) -> bytes:
    """The file without its document type, whose entities may stand for more text than fits into memory."""
    begin = _BEGINS_TYPE.search(data)
    whole = _DOCUMENT_TYPE.match(data, begin.start()) if begin else None
    return data[: whole.start()] + data[whole.end() :] if whole else data


def _named(data: bytes) -> bytes:
    """The file with the entities of HTML ("&nbsp;") as numbers, and without those that only its own type could tell."""

    def number(match: re.Match[bytes]) -> bytes:
        if match[1] in _OWN:
            return match.group()
        text = html.unescape(match.group().decode("ascii"))
        return "".join(f"&#{ord(character)};" for character in text).encode() if "&" not in text else b""

    return _ENTITY.sub(number, data) if b"&" in data else data


def all_text(element: Element) -> str:
    """The text in an element and those within it, on one line."""
    return " ".join("".join(element.itertext()).split())
