"""Who wrote a web page: what its data and meta tags say, and the bylines that can be seen, in order of trust."""

# ruff: noqa: E501
from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping

from index.readers.blocks.plain import folded, one_line
from index.readers.bylines.names import looks_like_name, split_authors
from index.readers.bylines.roles import is_agency, is_generic
from index.readers.bylines.words import LABELS, PARTICLES, SUFFIXES
from index.readers.page.jsonld import text_of
from index.readers.page.parsed_page import Page
from index.readers.page.visible_bylines import NO_NAME, Offer, visible_authors
from index.readers.page.visible_lines import PageLines

_META = (
    "article:author", "article:author_name", "og:article:author", "parsely-author", "sailthru.author", "author", "byl", "dc.creator", "dcterms.creator", "dc.contributor", "cxenseparse:author", "authors", "article.author", "byline", "rbauthors",
    "article_author", "bt:author", "content_author", "creator", "og:author", "book:author", "twitter:creator:name", "shareaholic:article_author_name",
    "author_name", "vr:author", "ga-author", "wa_author", "tm_author", "pdate-author", "dcsext.author", "citation_authors", "dc.creator.personalname",
    "cxenseparse:recs:articleauthor", "lp.article:author", "bylineauthor", "writer", "news_authors", "article:writer",
)  # fmt: skip
_BODY_WORDS = re.compile(
    r"\b(?:gmbh|ag|e\. ?v\.?|inc|ltd|llc|corp|co|s\.?a\.?|verlag|verband\w*|stiftung|verein\w*|institut\w*|universit\w+|university"
    r"|\w*anstalt|\w*gesellschaft|magazin\w*|zeitung|news\w*|media\w*|online|press\w*|foundation|association|society|council"
    r"|department|ministry|ministerium|agency|group|company|office|network|redaktion\w*|team|www|diari[oa]|journal|radio|tv)\b"
    r"|\.(?:de|com|org|net|ch|at|fr|es|it|info)\b",
    re.IGNORECASE,
)
"""Words of the names of publishers and other bodies, which stand aside for a person's."""
_NOT_PLAUSIBLE = re.compile(r"\.[a-z]{2,4}/\w|>|:\s")  # "example.com/jane", "Section: Cars > Tests"
_WRITTEN_BY = re.compile(
    r"written by|geschrieben|verfasst|écrit|rédigé|escrito|scritto|geschreven|skriv|skrev|napisa|написа|autor|作者|著者",
    re.IGNORECASE,
)
_LOOSE = frozenset(("meta author", "meta twitter:data1"))  # often the same on all pages of a site, or an account's
_SEEN_BEFORE_META = 5.0
_SEEN_BEFORE_DATA = 8.0
_FAR = 5.0
_OF_BODY = 3
_OF_SITE = 4
_OF_NOBODY = 5
_LIST = 3  # single words from which a line lists tags rather than names
_MANY = 6


def page_authors(page: Page, lines: PageLines, headline: int) -> list[tuple[tuple[str, ...], str]]:
    """The names that may be the authors', with the rule that found them, the likeliest first."""
    found: list[Offer] = []
    sites = dict.fromkeys(map(folded, page.data.bodies), _OF_BODY) | dict.fromkeys(map(folded, page.sites), _OF_SITE)

    def offer(texts: Iterable[str], rule: str) -> None:
        names: dict[str, str] = {}
        for text in texts:
            if text and "://" not in text and len(text) <= 2000:
                whole = one_line(html.unescape(text))
                for name in [whole] if folded(whole) in sites else split_authors(whole, in_byline=False):
                    if _is_plausible(name):
                        names.setdefault(folded(name), name)
        people = {key: name for key, name in names.items() if key not in sites}
        if any(_is_person(name) for name in people.values()):
            names = people  # "Jane Doe, The Daily Tide"
        if names:
            found.append(Offer(_without_parts(tuple(names.values())), rule))

    offer(page.meta.get("citation_author", ()), "meta citation_author")
    for node in page.data.articles[:4]:
        for key in ("author", "creator"):
            offer(page.data.names(node.get(key)), f"json-ld {key}")
    for name in _META:
        offer(page.meta.get(name, ()), f"meta {name}")
    if _WRITTEN_BY.search(page.first("twitter:label1")):
        offer([page.first("twitter:data1")], "meta twitter:data1")
    sections = {folded(name) for name in page.every("article:section", "section", "parsely-section")}
    sections |= {folded(text_of(node.get("articleSection"))) for node in page.data.articles[:2]}
    for names, rule, seen in visible_authors(lines, headline):
        if kept := tuple(
            name for name in names if _is_plausible(name) and not _is_prose(name) and folded(name) not in sections
        ):
            found.append(Offer(_without_parts(kept), rule, seen))
    return [(names, rule) for names, rule, _ in _ranked(found, sites)]


def _ranked(found: list[Offer], sites: Mapping[str, int]) -> list[Offer]:
    """Names of persons before those of the site, of agencies, of "the editors" and of accounts; then what agrees."""
    result = sorted(found, key=lambda entry: _doubt(entry, sites))
    for better in (_seen_or_confirmed, _whole_name, _cleaner, _more):
        if len(result) > 1 and (first := better(result, sites)):
            result = [first, *(entry for entry in result if entry is not first)]
    return result


def _doubt(entry: Offer, sites: Mapping[str, int]) -> int:
    names, rule, _ = entry
    whose = [_whose(folded(name), sites) for name in names]
    if all(whose):
        return min(whose)
    if all(is_generic(name) for name in names):
        return _OF_NOBODY
    is_body = [is_agency(name) or _BODY_WORDS.search(name) is not None for name in names]
    if all(is_body) or (any(is_body) and not any(map(_is_person, names))):
        return 2
    if rule == "visible signature":
        return 2
    if not all(looks_like_name(name) or looks_like_name(name.title()) for name in names):
        return 1
    if any(_is_account(name) for name in names):
        return 1
    single = sum(len(name.split()) == 1 for name in names)
    if _is_visible(rule) and single == len(names):
        return 1 if single < _LIST else 2
    return 2 if _is_visible(rule) and single >= _LIST and single * 2 > len(names) else 0


def _whose(name: str, sites: Mapping[str, int]) -> int:
    """The doubt in a name that is the site's or a body's, or that holds such a name; 0 if it is another one."""
    return sites.get(name) or next((doubt for site, doubt in sites.items() if len(site) > 5 and site in name), 0)


def _keys(entry: Offer) -> frozenset[str]:
    return frozenset(map(folded, entry.names))


def _is_visible(rule: str) -> bool:
    return rule.startswith(("visible", "element", "rel"))


def _seen_or_confirmed(found: list[Offer], sites: Mapping[str, int]) -> Offer | None:
    """A byline at the headline where the page's data name somebody who is seen nowhere; of bylines the one they know."""
    first = found[0]
    seen = [entry for entry in found if _is_visible(entry.rule)]
    data = {_keys(entry) for entry in found if not _is_visible(entry.rule)}
    if not seen:
        return None
    best = max(seen, key=lambda entry: entry.seen)
    if _is_visible(first.rule):
        is_known = _keys(best) in data and _keys(first) not in data and _doubt(best, sites) != _OF_SITE
        ahead = best.seen - first.seen
        return best if (is_known and ahead > 0) or (ahead >= _FAR and _doubt(best, sites) <= 1) else None
    if any(_keys(first) & _keys(entry) for entry in seen):
        return None
    needed = _SEEN_BEFORE_META if first.rule in _LOOSE else _SEEN_BEFORE_DATA
    told = "".join(map(folded, first.names))
    is_other = not any(folded(name) in told or told in folded(name) for name in best.names)
    return best if best.seen >= needed and is_other and _doubt(best, sites) <= 1 else None


def _whole_name(found: list[Offer], sites: Mapping[str, int]) -> Offer | None:
    """Where the best is a first name alone: the whole name, if the page also shows it."""
    short = found[0].names[0]
    if len(found[0].names) > 1 or len(short.split()) > 1:
        return None
    alone = {key for entry in found for key in _keys(entry)}
    for entry in found[1:]:
        words = entry.names[0].split()
        if len(entry.names) > 1 or not 2 <= len(words) <= 3 or words[0] != short or not looks_like_name(entry.names[0]):
            continue
        if len(words) == 3 and len(words[1].strip(".")) > 1 and not words[1].islower():
            continue
        if folded(words[-1]) not in alone | sites.keys():  # else the name of a section in the same line
            return entry
    return None


def _cleaner(found: list[Offer], sites: Mapping[str, int]) -> Offer | None:
    """Where a byline holds what a cleaner source names, and more that is no name: the cleaner source."""
    if not found[0].rule.startswith(("visible", "element")):
        return None
    shown = "".join(map(folded, found[0].names))
    for entry in found[1:]:
        if entry.rule.startswith(("visible", "element")) or not all(folded(name) in shown for name in entry.names):
            continue
        known = "".join(map(folded, entry.names))
        others = [name for name in found[0].names if folded(name) not in known]
        if not all(_is_person(name) for name in others):
            return entry
    return None


def _more(found: list[Offer], sites: Mapping[str, int]) -> Offer | None:
    """A source that names the same people and more, which knows better: bylines with several authors."""
    for entry in found[1:]:
        if not (_keys(found[0]) < _keys(entry) and len(entry.names) <= _MANY):
            continue
        trusted = ("json" in entry.rule or "byline" in entry.rule) and _doubt(entry, sites) == 0
        if trusted and all(len(name.split()) >= 2 and not _BODY_WORDS.search(name) for name in entry.names):
            return entry
    return None


def _is_person(name: str) -> bool:
    return len(name.split()) > 1 and looks_like_name(name) and not is_agency(name) and not _BODY_WORDS.search(name)


def _is_account(name: str) -> bool:
    """Whether a name looks like one to log in with: "jdoe", "jane-doe", "jane.doe2"."""
    return " " not in name and (name.islower() or any(c.isdigit() or c in "._-" for c in name)) and name.isascii()


def _is_plausible(name: str) -> bool:
    if NO_NAME.search(name) or name.casefold() in LABELS or _NOT_PLAUSIBLE.search(name):
        return False
    words = name.split()
    if len(words) > 1 and words[-1] in PARTICLES and len(words[-1]) > 1:
        return False  # "Statement of the Minister of"
    return len(name) >= 2 and len(words) <= 8 and sum(c.isdigit() for c in name) <= 4


def _is_prose(name: str) -> bool:
    """Whether what begins like a byline goes on as a sentence does: "von Rabatten profitieren"."""
    first, *_, last = name.split() if " " in name else (name, "")
    return last.isalpha() and last.islower() and not first.islower() and last not in SUFFIXES


def _without_parts(names: tuple[str, ...]) -> tuple[str, ...]:
    """Leaves out names that are parts of others: "Jane" beside "Jane Doe"."""
    kept = []
    whole = [folded(name) for name in names]
    for name, short in zip(names, whole, strict=True):
        if not any(short != other and short in other for other in whole):
            kept.append(name)
    return tuple(kept) or names
