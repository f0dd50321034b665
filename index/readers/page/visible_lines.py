"""The lines a reader of a web page sees, in order, and what they stand in: the text, a footer, a list of links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from index.readers.blocks.plain import folded, printable
from index.readers.page.parsed_page import Element, attributes, runs_together

MAX_LINES = 6000
_MAX_LINE_CHARACTERS = 1000

_UNSHOWN = frozenset("script style noscript template svg head option select textarea iframe object canvas".split())
_INLINE = frozenset(
    """a b i em strong span font u small sup sub mark abbr cite wbr bdi q ins s big tt code time address label acronym
    nobr strike button picture source img""".split()
)
_ASIDE_TAGS = frozenset(("nav", "footer", "aside"))
_ASIDE = re.compile(
    r"comment|kommentar|related|sidebar|widget|footer|copyright|recommend|navi|menu|promo|most-?read|popular|carousel|slider"
    r"|trending|newsletter|teaser|archive|recent|similar|more-(?:from|stories|news)|read-?more|cookie|disqus|social|advert|banner"
)
_NOT_ASIDE = re.compile(
    r"no-?sidebar|has-?sidebar|sidebar-(?:right|left|none|primary)?-?(?:layout|enabled|visible)|with-?sidebar|main|content|(?:post|entry|article|story|blog)-?footer|promoted"
)


_BIG = frozenset("html body main article figure figcaption img form table input".split())
_AUTHOR = re.compile(
    r"author|byline|autor|auteur|verfasser|redakteur|firma\b|writer|kirjoittaja|forfatter|credit|contributor|creator|vcard|reporter|written|user-?name|poster\b"
)
AUTHOR_ADDRESS = re.compile(
    r"/(?:u|authors?|autor(?:en|es|in)?|auteurs?|autore|profile|profil|people|person|staff|writers?|contributors?|columnists?"
    r"|journalists?|redaktion|redaktor|editors?|creators?|bloggers?|kolumnisten|(?<!licenses/)by|users?|members?|reporters?|correspondents?|experts?|byline|team|mitarbeiter)/[^/?#]+"
    r"|[?&]author=|/@[\w.]+/?$",
    re.IGNORECASE,
)
"""Matches the addresses of pages about an author."""
_TIME = re.compile(
    r"datepublished|pubdate|published|dt-published|post-date|entry-date|article-date|date-?time|timestamp|dateline|publish|(?:^|[\s_-])dat(?:e|um)(?:$|[\s_-])|fecha"
)


class Line(NamedTuple):
    """One line of a page.

    Attributes:
        text: its text.
        element: the innermost element that holds all of it.
        aside: whether it stands in a footer, a navigation, a sidebar or among comments.
        names: what it and the elements around it are called, in lower case.
        links: the links in it.
        nth: its number.
    """

    text: str
    element: Element
    aside: bool
    names: str
    links: tuple[Element, ...]
    nth: int


class Mark(NamedTuple):
    """An element whose name or kind says what it holds.

    Attributes:
        element: the element.
        nth: the number of the line it stands in or begins.
        aside: as in `Line`.
        names: as in `Line`.
    """

    element: Element
    nth: int
    aside: bool
    names: str


class PageLines(NamedTuple):
    """The lines of a page and the elements in them that are marked as names of authors and as times."""

    lines: list[Line]
    authors: list[Mark]
    times: list[Mark]


@lru_cache(maxsize=4096)
def _said(own: str) -> tuple[bool, bool, bool]:
    """Whether what an element is called says that it stands aside, names an author, or is a time."""
    aside = _ASIDE.search(own) is not None and not _NOT_ASIDE.search(own)
    return aside, _AUTHOR.search(own) is not None, _TIME.search(own) is not None


def page_lines(tree: Element, headlines: Iterable[Element] = ()) -> PageLines:
    """The lines of a page in the order of its source, at most `MAX_LINES`.

    Args:
        tree: the root element.
        headlines: elements that hold the headline; nothing around them stands aside.
    """
    lines: list[Line] = []
    authors: list[Mark] = []
    times: list[Mark] = []
    pieces: list[str] = []
    links: list[Element] = []
    holder: Element = tree
    central = {parent for element in headlines for parent in element.iterancestors()}
    # What is still to be done, the next at the end: an element to enter, or the text after one that was left.
    todo: list[tuple[Element, bool, bool, str]] = [(tree, False, False, "")]
    where = (False, "")

    def flush() -> None:
        text = " ".join("".join(pieces).split())
        if text:
            lines.append(
                Line(printable(text[:_MAX_LINE_CHARACTERS]), holder, where[0], where[1], tuple(links), len(lines))
            )
        pieces.clear()
        links.clear()

    while todo and len(lines) < MAX_LINES:
        element, left, aside, names = todo.pop()
        tag = element.tag
        if left:
            if tag not in _INLINE and pieces:
                flush()
            where, holder = (aside, names), element.getparent()
            if tail := element.tail:
                pieces.append(tail)
            continue
        if tag in _UNSHOWN or not isinstance(tag, str):
            if tail := element.tail:
                pieces.append(tail)
            continue
        inline = tag in _INLINE
        inner_aside, inner_names = aside, names
        is_author = is_time = False
        if element.attrib and (own := attributes(element)):
            inner_names = f"{names[-300:]} {own}"
            says_aside, is_author, is_time = _said(own)
            inner_aside = aside or (says_aside and tag not in ("body", "html") and element not in central)
        inner_aside = inner_aside or (tag in _ASIDE_TAGS and element not in central)
        href = element.get("href") if tag == "a" else None
        if (is_author or (href and AUTHOR_ADDRESS.search(href))) and tag not in _BIG:
            authors.append(Mark(element, len(lines) + (not inline and bool(pieces)), inner_aside, inner_names))
        if is_time or tag == "time" or (tag == "abbr" and element.get("title")):
            times.append(Mark(element, len(lines) + (not inline and bool(pieces)), inner_aside, inner_names))
        if not inline and pieces:
            flush()
        if not pieces:
            where, holder = (inner_aside, inner_names), element
        if href and len(links) < 20:
            links.append(element)
        if text := element.text:
            if pieces and runs_together(pieces[-1], text):
                pieces.append(" ")
            pieces.append(text)
        todo.append((element, True, aside, names))
        if len(element):
            todo += [(child, False, inner_aside, inner_names) for child in reversed(element)]
    flush()
    return PageLines(lines, authors, times)


def headline_at(lines: Sequence[Line], title: str) -> int:
    """The number of the line that is the headline; -1 if none is. The last heading of that text counts."""
    wanted = folded(title)
    found = -1
    if not wanted:
        return found
    for line in lines:
        if len(line.text) <= 2 * len(title) + 40:
            text = folded(line.text)
            exact = text == wanted
            if exact or (len(wanted) > 12 and wanted in text):
                heading = line.element.tag in ("h1", "h2", "h3") or any(
                    parent.tag in ("h1", "h2") for parent in line.element.iterancestors()
                )
                if heading and exact:
                    return line.nth
                if found < 0 and not line.aside and (heading or "title" in line.names or "headline" in line.names):
                    found = line.nth
    return found
