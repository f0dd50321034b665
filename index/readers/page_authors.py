"""Who wrote a web page: what its data and meta tags say, and the bylines that can be seen, in order of trust."""

# ruff: noqa: E501
# ruff: noqa: E501
from __future__ import annotations

import re
from collections.abc import Iterable

from index.readers.blocks import PARAGRAPH, Block
from index.readers.byline_line import read_line
from index.readers.bylines import begins_like_byline, is_agency, is_generic, looks_like_name, split_authors
from index.readers.findings import Findings
from index.readers.page import Page, attributes, shown_text
from index.readers.page_lines import AUTHOR_ADDRESS, PageLines
from index.readers.plain import folded, one_line

_META = (
    "article:author", "article:author_name", "og:article:author", "parsely-author", "sailthru.author", "author", "byl", "dc.creator", "dcterms.creator", "dc.contributor", "cxenseparse:author", "authors", "article.author", "byline", "rbauthors",
    "article_author", "bt:author", "content_author", "creator", "og:author", "book:author", "twitter:creator:name", "shareaholic:article_author_name",
    "author_name", "vr:author", "ga-author", "wa_author", "tm_author", "pdate-author", "dcsext.author", "citation_authors", "dc.creator.personalname",
    "cxenseparse:recs:articleauthor", "lp.article:author", "bylineauthor", "writer", "news_authors", "article:writer",
)  # fmt: skip
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
_NO_NAME = re.compile(
    r"\b(?:posted|more|all|show|view|alle|mehr|zeige|beiträge|posts?|articles?|artikel|follow|profile?|about|über|share|published|updated|comments?|read|subscribe|contact|kontakt|bio)\b",
    re.IGNORECASE,
)
_BODY_WORDS = re.compile(
    r"\b(?:gmbh|ag|e\. ?v\.?|inc|ltd|llc|corp|co|s\.?a\.?|verlag|verband\w*|stiftung|verein\w*|institut\w*|universit\w+|university"
    r"|\w*anstalt|\w*gesellschaft|magazin\w*|zeitung|news\w*|media\w*|online|press\w*|foundation|association|society|council"
    r"|department|ministry|ministerium|agency|group|company|office|network|redaktion\w*|team|www|diari[oa]|journal|radio|tv)\b"
    r"|\.(?:de|com|org|net|ch|at|fr|es|it|info)\b",
    re.IGNORECASE,
)
"""Words of the names of publishers and other bodies, which stand aside for a person's."""
_POSSIBLE = 2.2
_MOST_CHARACTERS = 200


def page_authors(page: Page, lines: PageLines, headline: int) -> list[tuple[tuple[str, ...], str]]:
    """The names that may be the authors', with the rule that found them, the likeliest first."""
    found: list[tuple[tuple[str, ...], str]] = []
    sites = {folded(site) for site in page.sites}

    def offer(texts: Iterable[str], rule: str, *, in_byline: bool = False) -> None:
        names: dict[str, str] = {}
        for text in texts:
            if text and "://" not in text and len(text) <= 2000:
                whole = one_line(text)
                for name in [whole] if folded(whole) in sites else split_authors(whole, in_byline=in_byline):
                    if _is_plausible(name):
                        names.setdefault(folded(name), name)
        if names:
            found.append((_without_parts(tuple(names.values())), rule))

    cited = page.meta.get("citation_author", ())
    if cited:
        offer(cited, "meta citation_author")
    for node in page.data.articles[:4]:
        for key in ("author", "creator"):
            offer(page.data.names(node.get(key)), f"json-ld {key}")
    for name in _META:
        offer(page.meta.get(name, ()), f"meta {name}")
    if (
        "written by" in page.first("twitter:label1").lower()
        or "geschrieben" in page.first("twitter:label1").lower()
        or "verfasst" in page.first("twitter:label1").lower()
    ):
        offer([page.first("twitter:data1")], "meta twitter:data1")
    for texts, rule in _visible(lines, headline):
        offer(texts, rule, in_byline=True)
    return _ranked(found, page)


def _ranked(found: list[tuple[tuple[str, ...], str]], page: Page) -> list[tuple[tuple[str, ...], str]]:
    """Names of persons before those of the site, of agencies, of "the editors" and of accounts."""
    sites = {folded(site) for site in page.sites}

    def doubt(entry: tuple[tuple[str, ...], str]) -> int:
        names, rule = entry
        of_site = sum(
            1
            for name in names
            if folded(name) in sites or any(len(site) > 5 and site in folded(name) for site in sites)
        )
        if of_site == len(names):
            return 3
        if all(is_generic(name) for name in names):
            return 4
        if all(is_agency(name) or _BODY_WORDS.search(name) for name in names):
            return 2
        if not all(looks_like_name(name) or looks_like_name(name.title()) for name in names):
            return 1
        if rule.startswith(("visible", "element")) and all(len(name.split()) == 1 for name in names):
            return 1
        return 0

    ranked = sorted(enumerate(found), key=lambda entry: (doubt(entry[1]), entry[0]))
    result = [entry for _, entry in ranked]
    if len(result) > 1 and len(result[0][0]) == 1:
        # A first name alone, where the page also shows the whole name.
        short = result[0][0][0]
        for names, rule in result[1:]:
            is_whole = len(names) == 1 and 2 <= len(names[0].split()) <= 4 and short in names[0].split()
            if is_whole and len(short.split()) == 1 and looks_like_name(names[0]):
                return [(names, rule), *result]
    if len(result) > 1 and result[0][1].startswith(("visible", "element")):
        # Where a byline holds what a cleaner source names, and more that is no name, the cleaner source stands.
        shown = "".join(folded(name) for name in result[0][0])
        for names, rule in result[1:]:
            if rule.startswith(("visible", "element")) or not all(folded(name) in shown for name in names):
                continue
            known = "".join(folded(name) for name in names)
            others = [name for name in result[0][0] if folded(name) not in known]
            if not all(len(n.split()) >= 2 and looks_like_name(n) and not _BODY_WORDS.search(n) for n in others):
                return [(names, rule), *result]
    if len(result) > 1:
        # A source that names the same people and more knows better: bylines with several authors.
        first = {folded(name) for name in result[0][0]}
        for names, rule in result[1:]:
            more = {folded(name) for name in names}
            full = all(len(name.split()) >= 2 and not _BODY_WORDS.search(name) for name in names)
            trusted = ("json" in rule or "byline" in rule) and doubt((names, rule)) == 0
            if first < more and len(more) <= 6 and full and trusted:
                return [(names, rule), *result]
    return result


def _visible(page: PageLines, headline: int) -> list[tuple[list[str], str]]:
    """Texts that name the author, ranked by what marks them and where they stand."""
    found: list[tuple[float, int, str, str]] = []
    for mark in page.authors[:400]:
        element = mark.element
        text = shown_text(element, _MOST_CHARACTERS + 50)
        if not 2 <= len(text) <= _MOST_CHARACTERS:
            continue
        names = attributes(element)
        relation = f"{element.get('rel') or ''} {element.get('itemprop') or ''}".lower().split()
        is_author = "author" in relation
        href = element.get("href") or "" if element.tag == "a" else ""
        score = 3.0 * is_author
        if href and AUTHOR_ADDRESS.search(href):
            score += 1.2
        if _STRONG_NAMES.search(names):
            score += 2
        elif _WEAK_NAMES.search(names):
            score += 0.6
        if _STRONG_NAMES.search(mark.names[-150:]):
            score += 0.8
        score += 1.0 * begins_like_byline(text)
        score -= (
            2.5 * bool(_BAD_NAMES.search(names)) + 1.5 * bool(_BAD_NAMES.search(mark.names[-200:])) + 2 * mark.aside
        )
        around = page.lines[mark.nth].text if mark.nth < len(page.lines) else ""
        if len(around) > 250:
            score -= 2
        at = around.find(text)
        if at > 0 and _BEFORE_NAME.search(around[:at]):
            score += 1.5
        score += _nearness(mark.nth, headline)
        score -= _doubt(text, is_author or bool(href))
        found.append((-score, mark.nth, text, "rel or itemprop author" if is_author else "element marked as author"))
    for line in page.lines:
        near = _nearness(line.nth, headline)
        if len(line.text) > 400 or (near <= 0 and len(line.text) > 100):
            continue
        text = line.text[:_MOST_CHARACTERS]
        block = Block(PARAGRAPH, text)
        block.links = [(name, address) for address, name in line.links]
        if begins_like_byline(text) or near > 0:
            probe = Findings("")
            if len(text) < 200 and read_line(block, probe, alone=False) and probe.authors:
                score = near + (3.0 if begins_like_byline(text) else 2.0) - 2 * line.aside
                score -= 1.0 * bool(_BAD_NAMES.search(line.names[-120:]))
                found.append((-score, line.nth, "; ".join(probe.authors), "visible byline"))
    found.sort()
    best = [([text], rule) for score, _, text, rule in found[:12] if -score >= _POSSIBLE]
    # Elements of one rank side by side name one author each.
    if best:
        top = found[0]
        peers = [
            text
            for score, nth, text, rule in found[:12]
            if score == top[0] and rule == top[3] and abs(nth - top[1]) < 6
        ]
        if len({folded(text) for text in peers}) > 1:
            best.insert(0, (peers, f"{top[3]}s"))
    return best


def _doubt(text: str, strong: bool) -> float:
    """How little a text looks like names and nothing else."""
    authors = split_authors(text)
    if not authors:
        return 5
    doubt = 0.0
    if not all(looks_like_name(name) or looks_like_name(name.title()) for name in authors):
        doubt += 0.5 if strong and len(text) <= 40 else 2
    if sum(map(len, authors)) * 2 < len(text):
        doubt += 1
    if _NO_NAME.search("; ".join(authors)):
        doubt += 6
    return doubt


def _nearness(nth: int, headline: int) -> float:
    """How well a place in the page suits a byline."""
    if headline < 0:
        return 0.5
    distance = nth - headline
    if distance >= 0:
        return 2.5 if distance <= 6 else 1.5 if distance <= 20 else 0.5 if distance <= 40 else 0
    return 1.5 if distance >= -5 else 0


def _is_plausible(name: str) -> bool:
    if _NO_NAME.search(name):
        return False
    return len(name) >= 2 and len(name.split()) <= 8 and sum(c.isdigit() for c in name) <= 4


def _without_parts(names: tuple[str, ...]) -> tuple[str, ...]:
    """Leaves out names that are parts of others: "Jane" beside "Jane Doe"."""
    kept = []
    whole = [folded(name) for name in names]
    for name, short in zip(names, whole, strict=True):
        if not any(short != other and short in other for other in whole):
            kept.append(name)
    return tuple(kept) or names
