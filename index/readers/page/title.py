"""The headline of a web page: the heading that the page's other titles agree with, without the site's name."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from index.readers.blocks.plain import folded, one_line
from index.readers.bylines.names import is_unspaced
from index.readers.page.jsonld import text_of
from index.readers.page.parsed_page import Element, Page, attributes, shown_text

MAX_HEADINGS = 40
MAX_CHARACTERS = 500
_ALIKE = 0.85
_LEVELS = ("h1", "h2", "h3")

_DIVIDER = re.compile(
    r"\s+[|–—\-·•»«›‹:~/\\]+\s+|\s*[|｜│»«›‹]+\s*|\s+::\s+|\s*[–—]\s+|(?<=[^\d\s]):\s+|\s*[_]\s*|\s+-\s*|(?<=[\u3000-\u9fff])-(?=[\u3000-\u9fff\w])"
)
_STRONG_DIVIDERS = ("|", "｜", "│", "»", "«", "::", "•", "·", "_", "‹", "›")
_AROUND = " \t\n|–—-·•»«›‹:~/\\_"
_TAIL_HINT = re.compile(
    r"\.(?:com|org|net|de|co|uk|fr|es|it|ru|at|ch|io|info|tv|news|blog)\b|news|zeitung|magazin|magazine|times|post|blog|journal|tribune|herald|press|online|official|homepage|wordpress",
    re.IGNORECASE,
)


def page_titles(page: Page) -> list[tuple[str, str]]:
    """What may be the headline, with the rule that found it, the likeliest first."""
    data = next(
        (text for node in page.data.articles if (text := one_line(text_of(node.get("headline") or node.get("name"))))),
        "",
    )
    sharing = one_line(page.first("og:title"))
    others = [
        one_line(page.first(name))
        for name in (
            "twitter:title",
            "parsely-title",
            "sailthru.title",
            "citation_title",
            "dc.title",
            "dcterms.title",
            "headline",
            "title",
            "hdl",
        )
    ]
    window = page.window_title
    whole = [text for text in (data, sharing, *others, window) if text]
    known = {folded(text) for title in whole for text in (title, without_site(title, page.sites))}
    headings = [(_own_words(text, element, known), element) for text, element in _headings(page)]
    found: list[tuple[str, str]] = []

    best = _best_heading(headings, whole, page.sites)
    cited = one_line(page.first("citation_title"))
    if cited:
        found.append((cited, "meta citation_title"))
    if best:
        found.append((best, "heading that the titles name"))
    tops = [text for text, element in headings if element.tag == "h1" and not _is_site(text, page.sites)]
    if not best and len(tops) == 1 and (len(tops[0]) >= 15 and (len(tops[0].split()) >= 3 or is_unspaced(tops[0]))):
        found.append((tops[0], "only heading"))
    if data:
        found.append((without_site(data, page.sites), "json-ld headline"))
    if sharing:
        found.append((without_site(sharing, page.sites), "meta og:title"))
    marked = [text for text, element in headings if "headline" in attributes(element)]
    for other in others:
        if other:
            found.append((without_site(other, page.sites), "meta title"))
            break
    if marked:
        found.append((marked[0], "element marked as headline"))
    if window:
        found.append((without_site(window, page.sites), "title element"))
    if tops:
        found.append((tops[0], "first heading"))
    return [(text[:MAX_CHARACTERS], rule) for text, rule in found if folded(text)]


def _headings(page: Page) -> list[tuple[str, Element]]:
    found: list[tuple[str, Element]] = []
    marked = 0
    for element in page.headings:
        is_heading = element.tag in _LEVELS
        marked += not is_heading
        if (len(found) if is_heading else marked) >= MAX_HEADINGS and element.tag != "h1":
            continue
        text = shown_text(element, MAX_CHARACTERS)
        if text and (not _leads_home(element) if is_heading else len(text) < 300):
            found.append((text, element))
    return found


def headline_elements(page: Page, title: str) -> list[Element]:
    """The headings that may be the headline of this title: those that hold it, and all of the first level."""
    wanted = folded(title)
    return [
        element
        for element in page.headings
        if element.tag == "h1" or (wanted and element.tag in _LEVELS and wanted in folded(shown_text(element)))
    ]


def _own_words(text: str, element: Element, known: set[str]) -> str:
    """A heading without the kicker before it or the subtitle behind it that stands in an element of its own.

    That is so where the page's other titles leave it out, or where the element is called a kicker.
    """
    if element.tag not in _LEVELS:
        return text
    while len(element) == 1 and not (element.text or "").strip() and not (element[0].tail or "").strip():
        element = element[0]
    if not len(element):
        return text
    for part, is_first in ((element[0], True), (element[-1], False)):
        said = shown_text(part, MAX_CHARACTERS)
        if not said or len(said) >= len(text) or not (text.startswith(said) if is_first else text.endswith(said)):
            continue
        rest = (text[len(said) :] if is_first else text[: -len(said)]).strip(_AROUND)
        if folded(rest) in known or (
            (_KICKER if is_first else _SUBTITLE).search(attributes(part)) and len(rest.split()) > 2
        ):
            return rest
    return text


_KICKER = re.compile(r"kicker|roof-?line|over-?line|top-?line|dachzeile|eyebrow|spitzmarke|\blabel\b|badge")
_SUBTITLE = re.compile(r"sub-?(?:title|head|line)|under-?title|unterzeile|tagline")


def _leads_home(element: Element) -> bool:
    """Whether a heading is a link to the site's first page, and so its name."""
    link = element if element.tag == "a" else element.find(".//a")
    if link is None and (parent := element.getparent()) is not None and parent.tag == "a":
        link = parent
    address = (link.get("href") or "").strip() if link is not None else ""
    return re.fullmatch(r"/|\./|(?:https?:)?//[^/]+/?|/?index\.\w+", address, re.IGNORECASE) is not None


def _best_heading(headings: list[tuple[str, Element]], whole: list[str], sites: list[str]) -> str:
    """The heading that most of the page's other titles hold."""
    plain = [(folded(text), text) for text in whole]
    ranked: list[tuple[float, int, str]] = []
    for number, (text, element) in enumerate(headings):
        short = folded(text)
        if len(short) < 3 or _is_site(text, sites) or text[-1] in ":：" or "comment" in attributes(element):
            continue  # "More of this:", "3 comments on “…”"
        agreement = 0.0
        for title, written in plain:
            if short == title:
                agreement += 1
            elif short in title and len(short) * 4 >= len(title):
                agreement += 0.9 if _is_part(text, written) else 0.3
            elif title in short and len(title) > max(8, len(short) * (0.5 if element.tag in _LEVELS else 0.75)):
                agreement += 0.7
            elif _similar(short, title):
                agreement += 0.8
        if agreement:
            level = {"h1": 0.5, "h2": 0.1}.get(element.tag, 0.0)
            ranked.append((-(agreement + level + min(len(short), 60) / 200), number, text))
    return min(ranked)[2] if ranked and -min(ranked)[0] >= 0.8 else ""


def _similar(one: str, other: str) -> bool:
    """Whether two texts are alike but for a few letters; bounds that are quickly found rule out most."""
    if abs(len(one) - len(other)) >= 0.4 * max(len(one), len(other)):
        return False
    matcher = SequenceMatcher(None, one[:200], other[:200], autojunk=False)
    return matcher.quick_ratio() > _ALIKE and matcher.ratio() > _ALIKE


def _is_part(text: str, title: str) -> bool:
    """Whether `text` is one or several whole parts of a title that dividers cut."""
    at = title.casefold().find(text.casefold())
    if at < 0:
        return False
    before, after = title[:at].strip(), title[at + len(text) :].strip()
    return (not before or before[-1] in _AROUND or not before[-1].isalnum()) and (not after or not after[0].isalnum())


def without_site(title: str, sites: list[str]) -> str:
    """A title without the site's name, section or slogan behind or before a divider."""
    title = one_line(title)
    dividers = list(_DIVIDER.finditer(title))
    if not dividers:
        return title
    pieces = []
    position = 0
    for divider in dividers:
        pieces.append(title[position : divider.start()])
        position = divider.end()
    pieces.append(title[position:])
    start, end = 0, len(pieces)
    site_at = next((n for n in range(len(pieces) - 1, 0, -1) if _is_site(pieces[n], sites)), None)
    if site_at is not None and site_at >= 1:
        end = site_at
        strong = dividers[site_at - 1].group().strip()
        while (
            end > 1
            and len(pieces[end - 1].split()) <= 2
            and dividers[end - 2].group().strip() == strong
            and strong in "|»›·•-–—_"
            and len("".join(pieces[: end - 1])) > 15
        ):
            end -= 1  # "Headline | Section | Site"
    elif _is_site(pieces[0], sites):
        start = 1
    else:
        last = dividers[-1].group().strip()
        tail = pieces[-1]
        if (last in _STRONG_DIVIDERS and len(tail) <= max(40, len(title) // 2)) or (
            last in ("-", "–", "—")
            and _TAIL_HINT.search(tail)
            and len(tail.split()) <= 5
            and len(tail) < len(title) / 2
        ):
            end = len(pieces) - 1
    while end - 1 > start and _is_site(pieces[end - 1], sites):
        end -= 1
    if start >= end:
        return title
    begin = 0 if start == 0 else dividers[start - 1].end()
    finish = len(title) if end == len(pieces) else dividers[end - 1].start()
    cleaned = title[begin:finish].strip(_AROUND.replace("-", ""))
    return cleaned if len(folded(cleaned)) >= 3 else title


def _is_site(text: str, sites: list[str]) -> bool:
    """Whether a text is a name of the site, or one of them with little more."""
    short = folded(text)
    if not short:
        return False
    for site in sites:
        name = folded(site)
        if short == name or (len(name) >= 4 and (short == "the" + name or name == "the" + short)):
            return True
        if len(name) >= 4 and len(short) >= 4 and (name in short or short in name):
            shorter, longer = sorted((len(name), len(short)))
            if shorter * 2 >= longer or (name in short and len(text.split()) <= 4):
                return True
    return False
