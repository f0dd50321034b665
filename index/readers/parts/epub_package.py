"""What an EPUB says of itself: its metadata, the order of its files, and its contents."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from urllib.parse import unquote, urldefrag

from index.document import ExtraValue
from index.errors import ReadError
from index.readers.blocks.markup_blocks import local_name
from index.readers.decoding.container import Container
from index.readers.decoding.xml_parts import Element, all_text, parse_xml

MAX_ENTRIES = 20_000
"""Of the contents, and of the order of files."""

_OPF = "{http://www.idpf.org/2007/opf}"
# Fonts are scrambled in books that anybody may read.
_FONT_METHODS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_NOT_TEXT = frozenset(("cover", "titlepage", "title-page", "toc", "index", "loi", "lot", "landmarks", "copyright-page"))
_NOT_AUTHORS = frozenset(
    ("bkp", "bkd", "pbl", "edt", "trl", "ill", "art", "cov", "nrt", "ctb", "prf", "dsr", "mrk", "oth")
)


class Entry(NamedTuple):
    """A line of the contents.

    Attributes:
        title: as it stands there.
        place: the file it leads to, and `anchor` the element in it; empty for its beginning.
        level: 1 for the highest.
        parts: the titles of the lines above it.
    """

    title: str
    place: str
    anchor: str
    level: int
    parts: tuple[str, ...]


@dataclass(slots=False, kw_only=True)
class Package:
    """What the package file says; texts are empty where it says nothing.

    Attributes:
        spine: the files of the book in reading order.
        passed_over: those of them that the book itself calls cover, title page and the like.
        contents_place: the file that is the contents.
        entries: the lines of the contents, in order.
        extra: publisher, identifier, subjects…
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    language: str = ""
    spine: list[str] = field(default_factory=list)
    passed_over: set[str] = field(default_factory=set)
    contents_place: str = ""
    entries: list[Entry] = field(default_factory=list)
    extra: dict[str, ExtraValue] = field(default_factory=dict)

    @cached_property
    def _by_place(self) -> dict[str, list[Entry]]:
        found = defaultdict(list)
        for entry in self.entries:
            found[entry.place].append(entry)
        return found

    def entries_of(self, place: str) -> list[Entry]:
        """The lines of the contents that lead into a file."""
        return self._by_place.get(place, [])


def read_package(container: Container) -> Package:
    """The package of a book.

    Raises:
        ReadError: if it is missing or damaged, the book is encrypted, or it has no pages.
    """
    place = _package_place(container)
    root = parse_xml(container.read(place), container.source, place)
    _refuse_encrypted(container)
    folder = posixpath.dirname(place)
    package = Package()
    items: dict[str, Element] = {}
    for item in root.iter("{*}item"):
        if item.get("id") and item.get("href") and len(items) < MAX_ENTRIES:
            items[item.get("id")] = item
    spine = next(root.iter("{*}spine"), None)
    references = spine.iter("{*}itemref") if spine is not None else ()
    for reference in references:
        item = items.get(reference.get("idref"))
        if item is not None and len(package.spine) < MAX_ENTRIES and _is_page(item):
            package.spine.append(resolved(folder, item.get("href"))[0])
    if not package.spine:
        raise ReadError("a book without pages", where=container.source)
    package.spine = list(dict.fromkeys(package.spine))
    _read_metadata(root, package)
    for reference in root.iter("{*}reference"):
        if (reference.get("type") or "").lower() in _NOT_TEXT and reference.get("href"):
            package.passed_over.add(resolved(folder, reference.get("href"))[0])
    package.entries = _contents(container, package, folder, items, spine)
    return package


def _package_place(container: Container) -> str:
    if "META-INF/container.xml" not in container:
        raise ReadError("not an EPUB: it has no META-INF/container.xml", where=container.source)
    root = parse_xml(container.read("META-INF/container.xml"), container.source, "META-INF/container.xml")
    for element in root.iter("{*}rootfile"):
        if place := element.get("full-path"):
            return str(place)
    raise ReadError("not an EPUB: its container.xml names no package", where=container.source)


def _refuse_encrypted(container: Container) -> None:
    if "META-INF/rights.xml" in container or "META-INF/encryption.xml" in container:
        methods = []
        if "META-INF/encryption.xml" in container:
            root = parse_xml(container.read("META-INF/encryption.xml"), container.source, "META-INF/encryption.xml")
            for data in root.iter("{*}EncryptedData"):
                method = next(data.iter("{*}EncryptionMethod"), None)
                methods.append(method.get("Algorithm") if method is not None else "")
        if any(method not in _FONT_METHODS for method in methods):
            raise ReadError(
                "protected against copying (DRM): its text is encrypted", where=container.source,
                remedy="Only the seller's own program can read it.",
            )  # fmt: skip


def _is_page(item: Element) -> bool:
    kind = (item.get("media-type") or "").lower()
    return "html" in kind or kind in ("", "text/x-oeb1-document", "application/x-dtbook+xml")


def resolved(folder: str, address: str) -> tuple[str, str]:
    """The part that a relative address leads to, and the anchor in it. Nothing outside the file has a name in it."""
    place, anchor = urldefrag(address[:2000])
    return posixpath.normpath(posixpath.join(folder, unquote(place))), unquote(anchor)


def _read_metadata(root: Element, package: Package) -> None:
    refined: dict[str, dict[str, str]] = defaultdict(dict)  # EPUB 3 says more of an element by its id
    for meta in root.iter(f"{_OPF}meta"):
        if (about := meta.get("refines")) and (name := meta.get("property")):
            refined[about.lstrip("#")].setdefault(name, all_text(meta))
    found: dict[str, list[tuple[str, Element]]] = defaultdict(list)
    for element in root.iter("{http://purl.org/dc/elements/1.1/}*"):
        if (text := all_text(element)) and len(found[local_name(element)]) < 200:
            found[local_name(element)].append((text, element))

    def kind(element: Element, name: str) -> str:
        return refined[element.get("id") or ""].get(name) or element.get(f"{_OPF}{name}") or element.get(name) or ""

    titles = found["title"]
    mains = [text for text, element in titles if kind(element, "title-type") in ("", "main")]
    package.title = (mains or [text for text, _ in titles] or [""])[0]
    subtitles = [text for text, element in titles if kind(element, "title-type") == "subtitle"]
    creators = [(text, kind(element, "role").lower()) for text, element in found["creator"]]
    authors = [text for text, role in creators if role == "aut"] or [
        text for text, role in creators if role not in _NOT_AUTHORS
    ]
    package.authors = tuple(dict.fromkeys(authors or [text for text, _ in creators]))
    dates = [(text, kind(element, "event")) for text, element in found["date"]]
    published = [text for text, event in dates if event in ("publication", "original-publication")]
    plain = [text for text, event in dates if not event]
    package.date = (published or plain or [""])[0]
    package.language = found["language"][0][0] if found["language"] else ""
    extra = package.extra
    if subtitles:
        extra["subtitle"] = subtitles[0]
    for name, texts in (("publisher", found["publisher"]), ("identifier", found["identifier"])):
        if texts:
            extra[name] = texts[0][0]
    if found["description"]:
        from index.readers.blocks.block import strip_tags

        extra["summary"] = strip_tags(found["description"][0][0])
    if found["subject"]:
        extra["tags"] = tuple(text for text, _ in found["subject"])
    others = [
        text for text, role in ((text, kind(element, "role").lower()) for text, element in found["contributor"])
        if role in ("edt", "trl", "ill", "")
    ] + [text for text, role in creators if text not in package.authors]  # fmt: skip
    if others:
        extra["contributors"] = tuple(others)
    series = next((m.get("content") for m in root.iter(f"{_OPF}meta") if m.get("name") == "calibre:series"), None)
    if series:
        extra["series"] = series


def _contents(
    container: Container, package: Package, folder: str, items: dict[str, Element], spine: Element
) -> list[Entry]:
    """The lines of the contents: of EPUB 3's navigation file, else of EPUB 2's. A book may do without."""
    nav = next((item for item in items.values() if "nav" in (item.get("properties") or "").split()), None)
    if nav is not None:
        place = resolved(folder, nav.get("href"))[0]
        package.contents_place = place
        try:
            root = parse_xml(container.read(place), container.source, place)
            if entries := list(_nav_entries(root, posixpath.dirname(place))):
                return entries
        except ReadError:
            pass  # EPUB 2's may be whole
    ncx = items.get(spine.get("toc") or "")
    if ncx is None:
        ncx = next((item for item in items.values() if "ncx" in (item.get("media-type") or "")), None)
    if ncx is None:
        return []
    place = resolved(folder, ncx.get("href"))[0]
    try:
        root = parse_xml(container.read(place), container.source, place)
    except ReadError:
        return []
    return list(_ncx_entries(root, posixpath.dirname(place)))


_Waiting = tuple[Element, int, tuple[str, ...]]
"""A line of the contents that is still to be read, its level, and the titles above it."""


def _nav_entries(root: Element, folder: str) -> Iterator[Entry]:
    navs = list(root.iter("{*}nav"))
    typed = [n for n in navs if "toc" in (n.get("{http://www.idpf.org/2007/ops}type") or "").split()]
    lists = [child for nav in (typed or navs)[:1] for child in nav if local_name(child) == "ol"]
    stack: list[_Waiting] = [(item, 1, ()) for ol in lists for item in reversed(ol)]
    count = 0
    while stack and count < MAX_ENTRIES:
        item, level, parts = stack.pop()
        count += 1
        title, inner = "", []
        for child in item:
            tag = local_name(child)
            if tag == "ol":
                inner = list(child)
            elif tag in ("a", "span"):
                title = all_text(child)
                if (address := child.get("href")) and title:
                    place, anchor = resolved(folder, address)
                    yield Entry(title, place, anchor, level, parts)
        below = (*parts, title) if title else parts
        stack += [(child, level + 1, below) for child in reversed(inner)]


def _ncx_entries(root: Element, folder: str) -> Iterator[Entry]:
    maps = list(root.iter("{*}navMap"))
    stack: list[_Waiting] = [
        (point, 1, ()) for element in maps for point in reversed(element) if local_name(point) == "navpoint"
    ]
    count = 0
    while stack and count < MAX_ENTRIES:
        point, level, parts = stack.pop()
        count += 1
        title, address, inner = "", "", []
        for child in point:
            tag = local_name(child)
            if tag == "navlabel":
                title = all_text(child)
            elif tag == "content":
                address = child.get("src") or ""
            elif tag == "navpoint":
                inner.append(child)
        if title and address:
            place, anchor = resolved(folder, address)
            yield Entry(title, place, anchor, level, parts)
        stack += [(child, level + 1, (*parts, title) if title else parts) for child in reversed(inner)]
