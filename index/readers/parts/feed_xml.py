"""The XML of feeds, which is often broken: parsed as far as it goes, with plain names whatever the prefixes are."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from index.errors import ReadError
from index.readers.blocks.plain import one_line
from index.readers.parts.feed_text import element_body, html_body, html_line, plain_body

Element = Any
"""An lxml element."""

MAX_DEPTH = 256
"""What is nested deeper is left out, by the parser."""

MAX_FIELDS = 1000
"""The most elements of one entry that are looked at."""

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")
_BEGINS_TYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_DOCUMENT_TYPE = re.compile(r"<!DOCTYPE[^\[<>]{0,2000}(?:\[[^\]]{0,100000}\]\s*)?>", re.IGNORECASE)
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});|&(?!#\d{1,7};|#[xX][0-9A-Fa-f]{1,6};)")
_NUMBER = re.compile(r"&#(\d{1,7}|[xX][0-9A-Fa-f]{1,6});(?:&#(\d{1,7}|[xX][0-9A-Fa-f]{1,6});)?")
_OWN = frozenset(("amp", "lt", "gt", "quot", "apos"))
_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://backend.userland.com/rss2": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
}
_XML = "{http://www.w3.org/XML/1998/namespace}"


class Parsed(NamedTuple):
    """The root element of a feed, and what is wrong with its XML; empty if nothing is."""

    root: Element
    problem: str


def parse_feed(text: str, source: str) -> Parsed:
    """Parses a text as XML, with what is broken mended as well as it goes. Entities are never expanded.

    Raises:
        ReadError: if there is no element in it.
    """
    from lxml import etree

    text = _DECLARATION.sub("", text)
    begin = _BEGINS_TYPE.search(text)
    if begin and (whole := _DOCUMENT_TYPE.match(text, begin.start())):
        text = text[: whole.start()] + text[whole.end() :]
    if "&" in text:
        parts = _marked_apart(text)
        parts[::2] = [_NAMED.sub(_numbered, part) if "&" in part else part for part in parts[::2]]
        text = "".join(parts)
    if "&#" in text:
        text = _NUMBER.sub(_signs, text)
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True,
        remove_comments=True, encoding="utf-8",
    )  # fmt: skip
    try:
        root = etree.fromstring(text.strip().encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise ReadError("not XML", where=source)
    errors = [error for error in parser.error_log if error.domain != etree.ErrorDomains.NAMESPACE]
    problem = (
        f"broken XML at line {errors[0].line} ({one_line(errors[0].message)[:100]}); read as far as it goes"
        if errors
        else ""
    )
    return Parsed(root, problem)


def _marked_apart(text: str) -> list[str]:
    """The text in pieces, every second of which is a section of CDATA."""
    parts = []
    position = 0
    while (start := text.find("<![CDATA[", position)) >= 0 and (end := text.find("]]>", start)) >= 0:
        parts += [text[position:start], text[start : end + 3]]
        position = end + 3
    return [*parts, text[position:]]


def _numbered(match: re.Match[str]) -> str:
    """An entity of HTML as its sign, since XML does not know it; a bare "&" as an entity."""
    if not match[1]:
        return "&amp;"
    if match[1] in _OWN:
        return match[0]
    sign = html.unescape(match[0])
    return f"&amp;{match[0][1:]}" if sign.startswith("&") and sign != "&" else html.escape(sign)


def _signs(match: re.Match[str]) -> str:
    """Numbers of signs without those that XML does not have. Some write one sign as the two halves that UTF-16 has."""
    codes = [int(code[1:], 16) if code[0] in "xX" else int(code) for code in match.groups() if code]
    if len(codes) == 2 and 0xD800 <= codes[0] < 0xDC00 <= codes[1] < 0xE000:
        codes = [0x10000 + ((codes[0] - 0xD800) << 10) + codes[1] - 0xDC00]
    return "".join(f"&#{code};" for code in codes if _is_sign(code))


def _is_sign(code: int) -> bool:
    return code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000


def name_of(element: Element) -> str:
    """The element's name as feeds commonly write it, in small letters: "title", "dc:creator", "content:encoded"."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    space, brace, local = tag.rpartition("}")
    if not brace:
        return local.lower()  # a prefix that nothing declares is part of it
    prefix = _PREFIXES.get(space[1:].lower())
    if prefix is None:
        prefix = "" if element.prefix is None else element.prefix.lower()
    return f"{prefix}:{local.lower()}" if prefix else local.lower()


def fields_of(element: Element) -> Mapping[str, list[Element]]:
    """The elements within one, by name, in order; those in a media:group count as its own."""
    found: dict[str, list[Element]] = {}
    for number, child in enumerate(_flat(element)):
        if number >= MAX_FIELDS:
            break
        found.setdefault(name_of(child), []).append(child)
    return found


def _flat(element: Element) -> Iterator[Element]:
    for child in element:
        if name_of(child) == "media:group":
            yield from child
        else:
            yield child


def inherited(element: Element, attribute: str) -> str:
    """The value of xml:lang or xml:base that holds for an element."""
    for each in (element, *element.iterancestors()):
        if value := each.get(_XML + attribute):
            return str(value).strip()
    return ""


def content(element: Element) -> str:
    """What the element holds, decoded, without elements within it: text or markup."""
    text = "".join(element.itertext())
    if element.get("mode") == "base64" or _is_base64(element.get("type") or ""):
        try:
            return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return text
    return text


def line(element: Element) -> str:
    """What the element says, on one line and without markup."""
    if _says_text(element):
        return one_line(content(element))
    return html_line(content(element)) if len(element) == 0 else one_line(content(element))


def body(element: Element) -> str:
    """The paragraphs in the element, be they HTML, XHTML or plain."""
    if len(element):
        return element_body(element)
    text = content(element)
    return plain_body(text) if _says_text(element) else html_body(text)


def _says_text(element: Element) -> bool:
    """Whether the element says that it is plain text. In RSS nothing does, and what looks like HTML is."""
    return element.get("type") in ("text", "text/plain") and element.get("mode") != "base64"


def _is_base64(type: str) -> bool:
    kind, slash, rest = type.partition("/")
    return bool(slash) and kind != "text" and not rest.endswith(("xml", "json", "html"))
