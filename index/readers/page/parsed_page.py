"""A parsed web page and the plain facts in it: meta tags, links, addresses, site names, elements and their texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from index.readers.blocks.plain import one_line
from index.readers.page.jsonld import LinkedData, parse_scripts

MAX_META = 2000
MAX_META_VALUES = 200
"""Of one name; the first count."""


Element = Any
"""An lxml element."""

_HEADINGS = frozenset(("h1", "h2", "h3"))
_HEADLINE_CLASS = re.compile(r"headline|(?:entry|post|article)-title")
_UNSHOWN_TAGS = frozenset(("script", "style", "noscript", "template", "svg", "head", "title", "option", "button"))


class Page:
    """What the rules for web pages look at.

    Attributes:
        tree: the root element of the page.
        meta: for each name, property or itemprop of a meta tag in lower case, its contents in order.
        url: its own address: canonical, else the one for sharing; empty when it names none.
        language: the tag of its language.
        window_title: the contents of its title element.
        data: its linked data.
        sites: names of the site, with "www." and endings of host names taken off.
        headings: its headings of the first three levels and what is marked as a headline, in order.
        dated: elements that are marked as holding the day of publication, in order.
        created: elements that are marked as holding the day of creation, in order.
        programs: its scripts, but for those of linked data.
    """

    def __init__(self, tree: Element) -> None:
        self.tree = tree
        self.meta: dict[str, list[str]] = {}
        self.headings: list[Element] = []
        self.dated: list[Element] = []
        self.created: list[Element] = []
        self.programs: list[Element] = []
        self._elements = list(tree.iter("*"))  # also keeps lxml from making them anew for every rule
        links: list[Element] = []
        scripts: list[str] = []
        titles: list[str] = []
        metas = 0
        for element in self._elements:
            tag = element.tag
            if tag == "meta":
                metas += 1
                if metas <= MAX_META:
                    self._note_meta(element)
            elif tag in _HEADINGS:
                self.headings.append(element)
            elif tag == "link":
                links.append(element)
            elif tag == "script":
                if "ld+json" in (element.get("type") or "").lower():
                    scripts.append(element.text or "")
                elif element.text:
                    self.programs.append(element)
            elif tag == "title":
                parent = element.getparent()
                if parent is not None and parent.tag != "svg":
                    titles.append(one_line(element.text_content()))
            elif element.attrib:
                name = element.get("itemprop")
                called = element.get("class") or ""
                if name in ("headline", "name") or (
                    ("-title" in called or "headline" in called) and _HEADLINE_CLASS.search(called)
                ):
                    self.headings.append(element)
                marked = name or element.get("property") or ""
                if "datePublished" in marked or element.get("pubdate") is not None:
                    self.dated.append(element)
                elif "dateCreated" in marked:
                    self.created.append(element)
        self.window_title = next((title for title in titles if title), "")
        self.url = self._address(links)
        self.language = self._language()
        sharing = self.first("og:title", "twitter:title", "title", "dc.title")
        self.data = LinkedData(parse_scripts(scripts), self.addresses(), f"{self.window_title} {sharing}")
        own = {self.window_title, sharing}
        self.sites = [name for name in self._sites() if name not in own]

    def _note_meta(self, element: Element) -> None:
        content = (element.get("content") or element.get("value") or "").strip()
        if not content:
            return
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = element.get(attribute)
            if name and len(values := self.meta.setdefault(name.strip().lower(), [])) < MAX_META_VALUES:
                values.append(content)

    def first(self, *names: str) -> str:
        """The first content of the first of these meta tags that has one."""
        for name in names:
            for content in self.meta.get(name, ()):
                return content
        return ""

    def every(self, *names: str) -> list[str]:
        """All contents of these meta tags."""
        return [content for name in names for content in self.meta.get(name, ())]

    def addresses(self) -> list[str]:
        """Every address that the page gives as its own."""
        found = [self.url, self.first("og:url"), self.first("twitter:url"), self.first("al:web:url")]
        return [address for address in found if address]

    def _address(self, links: list[Element]) -> str:
        for element in links:
            if "canonical" in (element.get("rel") or "").lower().split() and _is_address(element.get("href")):
                return str(element.get("href")).strip()
        for name in ("og:url", "twitter:url", "dc.identifier", "parsely-link", "sailthru.url", "citation_public_url"):
            if _is_address(self.first(name)):
                return self.first(name)
        saved = _SAVED_FROM.search(self.tree.getroottree().docinfo.doctype or "")
        for comment in self.tree.getroottree().getroot().itersiblings(preceding=True):
            saved = saved or _SAVED_FROM.search(str(comment.text or ""))
        return saved[1] if saved else ""

    def _language(self) -> str:
        root = self.tree
        for value in (root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang"), root.get("xml:lang")):
            if value and value.strip():
                return str(value).strip()
        body = self.tree.find("body")
        if body is not None and body.get("lang"):
            return str(body.get("lang"))
        return self.first("og:locale", "content-language", "language", "dc.language", "inlanguage", "lang")

    def _sites(self) -> list[str]:
        names = self.every(
            "og:site_name",
            "application-name",
            "apple-mobile-web-app-title",
            "publisher",
            "dc.publisher",
            "copyright",
            "twitter:site",
            "cre",
            "al:ios:app_name",
        )
        names += self.data.sites
        for address in self.addresses():
            if match := re.match(r"(?:https?:)?//(?:www\.|m\.|amp\.)?([^/:?#]+)", address):
                host = match[1]
                names += [host, host.rsplit(".", 1)[0], *host.split(".")[:-1]]
        return list(dict.fromkeys(name for name in map(one_line, names) if 1 < len(name) <= 80))


_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(https?://\S+)", re.IGNORECASE)


def _is_address(value: str | None) -> bool:
    return bool(value) and re.match(r"\s*(?:https?:)?//[^/\s]", value or "") is not None


def shown_text(element: Element, most: int = 1000) -> str:
    """The text of an element as one line, without scripts, and with spaces where elements meet."""
    pieces: list[str] = []
    length = 0
    for piece in _pieces(element):
        if pieces and runs_together(pieces[-1], piece):
            pieces.append(" ")
        pieces.append(piece)
        length += len(piece)
        if length > most:
            break
    return one_line("".join(pieces))[:most]


def runs_together(before: str, after: str) -> bool:
    """Whether neighbouring texts only look apart by their style: "By" and "Jane Doe", "3.4.19" and "12:30"."""
    end, start = before[-1:], after[:1]
    if end.islower():
        return (start.isupper() or start.isdigit()) and len(after.rstrip()) > 1
    return end.isdigit() and (start.isdigit() or start.isupper()) and len(after.rstrip()) > 1


_INLINE = frozenset(
    (
        "a",
        "b",
        "i",
        "em",
        "strong",
        "span",
        "font",
        "u",
        "small",
        "sup",
        "sub",
        "mark",
        "abbr",
        "cite",
        "wbr",
        "bdi",
        "q",
        "ins",
        "s",
        "big",
        "tt",
        "code",
    )
)


def _pieces(element: Element) -> Iterator[str]:
    if not isinstance(element.tag, str):
        return
    if element.tag in _UNSHOWN_TAGS:
        return
    if element.text:
        yield element.text
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _INLINE:
            yield "\n" if child.tag in ("br", "p", "div", "li") else " "
        yield from _pieces(child)
        if isinstance(child.tag, str) and child.tag not in _INLINE:
            yield " "
        if child.tail:
            yield child.tail


def attributes(element: Element) -> str:
    """The class, id and test names of an element in lower case, for looking for words in."""
    found = element.attrib
    if not found:
        return ""
    return " ".join([value for name, value in found.items() if name in _NAMING and value]).lower()


_NAMING = frozenset(("class", "id", "data-testid", "data-test", "data-component", "rel", "itemprop", "data-qa"))
