"""The bylines that can be seen on a web page: elements marked as authors, lines that begin like bylines, signatures."""

# ruff: noqa: E501
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from index.readers.article.byline_lines import is_name_line, read_line
from index.readers.article.findings import Findings
from index.readers.blocks.block import PARAGRAPH, Block
from index.readers.blocks.plain import folded, one_line
from index.readers.bylines.names import (
    begins_like_byline,
    is_unspaced,
    is_unspaced_name,
    looks_like_name,
    split_authors,
)
from index.readers.bylines.roles import is_agency
from index.readers.bylines.words import AND, LABELS
from index.readers.page.parsed_page import Element, attributes, shown_text
from index.readers.page.visible_lines import AUTHOR_ADDRESS, Line, PageLines

_STRONG_NAMES = re.compile(
    r"\bauthor[-_]?name\b|authorname|\bbyline[-_]?(?:name|author)|byline__|author__name|p-author|entry-author|post-author|article-author|article__author|story-author|vcard author|\bfn n?\b|autor[-_]?name|name[-_]author|contributor[-_]name|(?:^|[\s_-])(?:author|autor|byline|auteur|autore|verfasser|redakteur|writer|escritor|forfatter|skribent)(?:s|in|en)?(?:$|[\s_-])"
)
_WEAK_NAMES = re.compile(
    r"author|byline|autor|auteur|verfasser|redakteur|firma|writer|kirjoittaja|forfatter|written|credit|meta|contributor|creator|posted"
)
_BAD_NAMES = re.compile(
    r"comment|kommentar|related|recommend|sidebar|widget|footer|teaser|promo|carousel|trending|most-?read|popular|bio\b|biography|avatar|image|photo|social|share|follow|twitter|email|recent|newsletter|more-from|menu|nav|quote|caption|copyright|archive|reply|review-author|box-list|user-menu|signup|login|role|job|title-position|description"
)
_BEFORE_NAME = re.compile(
    r"(?:^|\W)(?:by|von|par|por|di|door|av|af|autor(?:in)?|author|text|автор|作者|文|posted by|written by)\W*$",
    re.IGNORECASE,
)
NO_NAME = re.compile(
    r"\b(?:posted|more|all|show|view|alle|mehr|zeige|beiträge|posts?|articles?|artikel|follow|profile?|about|über|share|archiv|anzeigen|published|updated|comments?|read|subscribe|contact|kontakt|bio|\w*übersicht)\b",
    re.IGNORECASE,
)
_NAME_ITSELF = re.compile(
    r"(?:^|[\s_-])(?:fn|name|author-?name|full-?name|byline-?name)(?:$|[\s_-])|author[-_]{0,2}name"
)
_BETWEEN = re.compile(
    rf"[\s,;/|&·•:.]|\b(?:{'|'.join(map(re.escape, AND))}|y|e|a|by|von|par|por|di|door|av|af)\b", re.IGNORECASE
)
_TOPIC_ADDRESS = re.compile(
    r"/(?:categor(?:y|ies|ia)|kategorien?|tags?|topics?|themen?|sections?|rubrik(?:en)?|ressorts?)/", re.IGNORECASE
)
_INNER_CAPITAL = re.compile(r"[a-zà-ÿ][A-ZÀ-Ý]")  # of an account: "JaneDoe"
_QUOTED = re.compile(r"\(@\w+\)")  # a post of a social network: "— Jane Doe (@jane) May 2, 2020"
_LABEL = re.compile(
    r"(?:texte?|texto|words)\s(?:&|and|und|et|y|\+)\s(?:fotos?|photos?|bilder|images?)\s*:?", re.IGNORECASE
)
_NO_SIGNATURES = frozenset("h1 h2 h3 h4 h5 h6 li dt dd td th caption figure figcaption".split())
_POSSIBLE = 2.2
_MOST_CHARACTERS = 200
_MOST_MARKS = 400
_BEST = 12
_BODY_LINE = 100  # characters from which a line is one of the text


class Offer(NamedTuple):
    """Names, the rule that found them, and how sure their place and marks make them: 0 for what cannot be seen."""

    names: tuple[str, ...]
    rule: str
    seen: float = 0.0


class _Found(NamedTuple):
    """Names that can be seen, with the reverse of their score, so that the best sorts first."""

    loss: float
    nth: int
    names: tuple[str, ...]
    rule: str


def visible_authors(page: PageLines, headline: int) -> list[Offer]:
    """The names of the authors that can be seen, ranked by what marks them and where they stand."""
    found = [*_marked(page, headline), *_lines(page, headline)]
    found.sort()
    best = [Offer(entry.names, entry.rule, -entry.loss) for entry in found[:_BEST] if -entry.loss >= _POSSIBLE]
    if best:
        # Elements of one rank side by side name one author each.
        top = found[0]
        peers = [e for e in found[:_BEST] if e.loss == top.loss and e.rule == top.rule and abs(e.nth - top.nth) < 6]
        names = tuple(dict.fromkeys(name for entry in peers for name in entry.names))
        if len({folded(name) for name in names}) > len(top.names):
            best.insert(0, Offer(names, f"{top.rule}s", -top.loss))
    return best + [Offer(names, "visible signature") for names in _signatures(page, headline)]


def _marked(page: PageLines, headline: int) -> Iterator[_Found]:
    for mark in page.authors[:_MOST_MARKS]:
        element = mark.element
        text = shown_text(element, _MOST_CHARACTERS + 50)
        relation = f"{element.get('rel') or ''} {element.get('itemprop') or ''}".lower().split()
        is_author = "author" in relation
        if not text and is_author:
            text = _unseen_name(element)
        if not 2 <= len(text) <= _MOST_CHARACTERS:
            continue
        own = attributes(element)
        href = element.get("href") or "" if element.tag == "a" else ""
        score = 3.0 * is_author
        is_address = bool(href) and AUTHOR_ADDRESS.search(href) is not None
        worth = _worth_of_names(own, mark.names[-200:])
        score += 1.2 * is_address + worth + 1.0 * begins_like_byline(text) - 2 * mark.aside
        around = page.lines[mark.nth].text if mark.nth < len(page.lines) else ""
        if len(around) > 250:
            score -= 2
        at = around.find(text)
        if at > 0 and _BEFORE_NAME.search(around[:at]):
            score += 1.5
        elif is_address and not is_author and worth <= 0 and len(text) * 2 < len(around):
            score -= 2  # somebody in a sentence
        score += nearness(mark.nth, headline)
        names = _names_in(element, text) or _after_label(page.lines, mark.nth, text)
        score -= _doubt(names, text, is_author or bool(href))
        yield _Found(-score, mark.nth, names, "rel or itemprop author" if is_author else "element marked as author")


@lru_cache(maxsize=4096)
def _worth_of_names(own: str, around: str) -> float:
    """What the names of an element and of those around it say for or against its being a byline."""
    worth = 2.0 if _STRONG_NAMES.search(own) else 0.6 if _WEAK_NAMES.search(own) else 0.0
    worth += 0.8 * bool(_STRONG_NAMES.search(around[-150:]))
    return worth - 2.5 * bool(_BAD_NAMES.search(own)) - 1.5 * bool(_BAD_NAMES.search(around))


def _unseen_name(element: Element) -> str:
    """What an element without text has for machines: its own content or that of the name in it."""
    for inner in (element, *element.iter("meta")):
        is_name = inner is element or "name" in (inner.get("itemprop") or "")
        if is_name and (content := inner.get("content")):
            return one_line(content)
    return ""


def _names_in(element: Element, text: str) -> tuple[str, ...]:
    """The names in an element: those marked as names inside it, else those of its links, else those of its text."""
    if len(element):
        for parts in (_named_parts(element), _linked_parts(element, text)):
            names = tuple(dict.fromkeys(name for part in parts for name in split_authors(part)))
            if names and all(looks_like_name(name) for name in names):
                return names
    if any(character.isdigit() for character in text):
        probe = Findings("")
        if read_line(Block(PARAGRAPH, text), probe, alone=False) and probe.authors:
            return probe.authors
    return split_authors(text)


def _named_parts(element: Element) -> list[str]:
    found: list[str] = []
    for inner in element.iterdescendants():
        if isinstance(inner.tag, str) and (own := attributes(inner)) and _NAME_ITSELF.search(own):
            text = shown_text(inner, _MOST_CHARACTERS)
            if text and not any(text in other or other in text for other in found):
                found.append(text)
    return found


def _linked_parts(element: Element, text: str) -> list[str]:
    """The texts of the links or items in an element where nothing but separators stands between them."""
    for tag in ("a", "li"):
        found = [shown for inner in element.iter(tag) if inner is not element and (shown := shown_text(inner, 100))]
        rest = text
        for part in found:
            rest = rest.replace(part, " ", 1)
        if len(found) > 1 and not _BETWEEN.sub("", rest) and all(map(is_name_line, found)):
            return found
    return []


def _after_label(lines: list[Line], nth: int, text: str) -> tuple[str, ...]:
    """The names in the line after one that says no more than "Author:" or "Text & Fotos:"."""
    if nth + 1 >= len(lines) or not (text.strip(" :").casefold() in LABELS or _LABEL.fullmatch(text)):
        return ()
    following = lines[nth + 1].text
    names = split_authors(following) if len(following) <= 80 else ()
    return names if names and all(map(looks_like_name, names)) else ()


def _lines(page: PageLines, headline: int) -> Iterator[_Found]:
    title = folded(page.lines[headline].text) if headline >= 0 else ""
    for line in page.lines:
        if len(line.text) > 400:
            continue
        near = nearness(line.nth, headline)
        begins = begins_like_byline(line.text)
        if not begins and near <= 0:
            if (
                len(line.text) <= 20
                and line.text.endswith(":")
                and (names := _after_label(page.lines, line.nth, line.text))
            ):
                yield _Found(-3.0 + 2 * line.aside, line.nth, names, "visible byline")
            continue
        if (near <= 0 and len(line.text) > 100) or (folded(line.text) in title):
            continue
        text = line.text[:_MOST_CHARACTERS]
        block = Block(PARAGRAPH, text)
        block.links = [(shown_text(link, 200), link.get("href")) for link in line.links]
        probe = Findings("")
        names = _after_label(page.lines, line.nth, text)
        if not names and len(text) < _MOST_CHARACTERS and read_line(block, probe, alone=False):
            names = probe.authors
        if not names or (not begins and not _may_stand_bare(names, line)):
            continue
        score = near + (3.0 if begins else 2.0) - 2 * line.aside - 1.0 * bool(_BAD_NAMES.search(line.names[-120:]))
        score -= 3.0 * (line.aside and "comment" in line.names)
        if not begins and all(len(name.split()) == 1 for name in names):
            score -= 1.5 * (len(names) - 1)  # "Law & Order" and other sections
        yield _Found(-score, line.nth, names, "visible byline")


def _may_stand_bare(names: tuple[str, ...], line: Line) -> bool:
    """Whether the names in a line without "By" are not rather a section, a place, a label or somebody who is quoted."""
    if any(is_unspaced(name) and not is_unspaced_name(name) for name in names) or _QUOTED.search(line.text):
        return False
    topics = {shown_text(link, 200) for link in line.links if _is_topic(link)}
    if not topics.isdisjoint(names):
        return False
    last = names[-1]
    if line.text[line.text.find(last) + len(last) :].lstrip()[:1] in (":", "："):
        return False  # "Updated: 12 May"
    if len(names) > 1 or " " in last or is_unspaced(last):
        return True
    before = line.text[: line.text.find(last)]
    return (
        _BEFORE_NAME.search(before) is not None
        or _INNER_CAPITAL.search(last) is not None
        or _STRONG_NAMES.search(line.names[-120:]) is not None
        or any(shown_text(link, 200) == last and AUTHOR_ADDRESS.search(link.get("href") or "") for link in line.links)
    )


def _is_topic(link: Element) -> bool:
    rel = (link.get("rel") or "").lower().split()
    return "tag" in rel or "category" in rel or _TOPIC_ADDRESS.search(link.get("href") or "") is not None


def _signatures(page: PageLines, headline: int) -> Iterator[tuple[str, ...]]:
    """Names alone in a line right below the text and in the element that holds most of it."""
    sizes: Counter[Element] = Counter()
    title = folded(page.lines[headline].text) if headline >= 0 else ""
    body = [line for line in page.lines if line.nth > headline and len(line.text) >= _BODY_LINE and not line.aside]
    for line in body:
        holder = line.element if line.element.tag not in ("p", "li", "blockquote") else line.element.getparent()
        sizes[holder] += len(line.text)
    if not sizes:
        return
    holder = sizes.most_common(1)[0][0]
    last = max(line.nth for line in body if _is_in(line.element, holder))
    for line in page.lines[last + 1 : last + 4]:
        text = line.text.strip(" ()[]–—-+*/.")
        if line.links or line.aside or not 5 <= len(text) <= 60 or not _is_in(line.element, holder):
            continue
        if line.text.endswith((":", "!")) or "©" in text or _is_listed(line.element, holder) or folded(text) in title:
            continue
        names = split_authors(text)
        if NO_NAME.search(text) or not names:
            continue
        if all(looks_like_name(name) and 2 <= len(name.split()) <= 4 and not is_agency(name) for name in names):
            yield names
            return


def _is_listed(element: Element, holder: Element) -> bool:
    """Whether an element is a heading, or in a list, a table or a caption of what holds the text."""
    while element is not holder:
        if element.tag in _NO_SIGNATURES:
            return True
        element = element.getparent()
    return False


def _is_in(element: Element, holder: Element) -> bool:
    return element is holder or any(parent is holder for parent in element.iterancestors())


def _doubt(authors: tuple[str, ...], text: str, strong: bool) -> float:
    """How little a text looks like names and nothing else."""
    if not authors:
        return 5
    doubt = 0.0
    if not all(looks_like_name(name) or looks_like_name(name.title()) for name in authors):
        doubt += 0.5 if strong and len(text) <= 40 else 2
    if sum(map(len, authors)) * 2 < len(text):
        doubt += 1
    if NO_NAME.search("; ".join(authors)):
        doubt += 6
    return doubt


def nearness(nth: int, headline: int) -> float:
    """How well a place in the page suits a byline."""
    if headline < 0:
        return 0.5
    distance = nth - headline
    if distance >= 0:
        return 2.5 if distance <= 6 else 1.5 if distance <= 20 else 0.5 if distance <= 40 else 0
    return 1.5 if distance >= -5 else 0
