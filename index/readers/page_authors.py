"""Who wrote a web page: what its data and meta tags say, and the bylines that can be seen, in order of trust."""

# ruff: noqa: E501
from __future__ import annotations

import re
from collections.abc import Iterable

from index.readers.bylines import begins_like_byline, is_agency, is_generic, looks_like_name, split_authors
from index.readers.page import Element, Page, ancestors, attributes, shown_text
from index.readers.plain import folded, one_line

_META = (
    "citation_author", "author", "article:author", "article:author_name", "og:article:author", "parsely-author", "sailthru.author",
    "byl", "dc.creator", "dcterms.creator", "dc.contributor", "cxenseparse:author", "authors", "article.author", "byline", "rbauthors",
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
_HREF = re.compile(
    r"/(?:author|authors|autor|autoren|autores|auteur|auteurs|profile|profil|people|person|staff|writer|writers|contributor|contributors|columnist|journalist|redaktion|by|user|users|members?|reporters?|correspondents?|experts?|byline|team|about-us/people|mitarbeiter|redaktor|autore)/[^/?#]+|[?&]author=|/@[\w.]+/?$",
    re.IGNORECASE,
)
_LINES = re.compile(
    r"^\W*(?:by|von|par|por|di|door|av|af|text|autor(?:in)?|author|words by|written by|story by|автор|текст|文|作者|记者|記者|szerző|yazan|napisał|piše|kirjoittanut|tekst|γράφει)\b",
    re.IGNORECASE,
)
MAX_ELEMENTS = 20_000
_MOST_CHARACTERS = 200


def page_authors(page: Page) -> list[tuple[tuple[str, ...], str]]:
    """The names that may be the authors', with the rule that found them, the likeliest first."""
    found: list[tuple[tuple[str, ...], str]] = []

    def offer(texts: Iterable[str], rule: str, *, in_byline: bool = False) -> None:
        names: dict[str, str] = {}
        for text in texts:
            if text and "://" not in text and len(text) <= 2000:
                for name in split_authors(one_line(text), in_byline=in_byline):
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
    for texts, rule in _visible(page):
        offer(texts, rule, in_byline=True)
    return _ranked(found, page)


def _ranked(found: list[tuple[tuple[str, ...], str]], page: Page) -> list[tuple[tuple[str, ...], str]]:
    """Names of persons before those of the site, of agencies, of "the editors" and of accounts."""
    sites = {folded(site) for site in page.sites}

    def doubt(entry: tuple[tuple[str, ...], str]) -> int:
        names, _ = entry
        of_site = sum(
            1
            for name in names
            if folded(name) in sites or any(len(site) > 5 and site in folded(name) for site in sites)
        )
        if of_site == len(names):
            return 3
        if all(is_generic(name) for name in names):
            return 4
        if all(is_agency(name) for name in names):
            return 2
        if all(len(name.split()) == 1 for name in names) or not all(
            looks_like_name(name) or looks_like_name(name.title()) for name in names
        ):
            return 1
        return 0

    ranked = sorted(enumerate(found), key=lambda entry: (doubt(entry[1]), entry[0]))
    result = [entry for _, entry in ranked]
    if result and len(result) > 1:
        # A source that names the same people and more knows better: bylines with several authors.
        first = {folded(name) for name in result[0][0]}
        for names, rule in result[1:]:
            more = {folded(name) for name in names}
            if first < more and len(more) <= 6 and doubt((names, rule)) == 0 and ("json" in rule or "byline" in rule):
                return [(names, rule), *result]
    return result


def _visible(page: Page) -> list[tuple[list[str], str]]:
    """Texts of elements that name the author, ranked by what they are called and where they stand."""
    groups: list[tuple[float, int, list[str], str]] = []
    seen_heading = False
    since_heading = 0
    for number, element in enumerate(page.tree.iter()):
        if number > MAX_ELEMENTS:
            break
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if tag == "h1":
            seen_heading, since_heading = True, 0
        since_heading += 1
        if tag in (
            "meta",
            "script",
            "style",
            "html",
            "body",
            "head",
            "link",
            "img",
            "figure",
            "figcaption",
            "article",
            "main",
            "input",
            "form",
            "svg",
            "path",
            "option",
            "ul",
            "ol",
        ):
            continue
        names = attributes(element)
        relation = (element.get("rel") or "").lower().split()
        is_author = "author" in relation or "author" in (element.get("itemprop") or "").lower().split()
        href = element.get("href") or "" if tag == "a" else ""
        linked = bool(href) and _HREF.search(href) is not None
        named = bool(names) and _WEAK_NAMES.search(names) is not None
        own = (element.text or "").strip()
        line = own and len(own) < 150 and _LINES.match(own) is not None
        if not (is_author or linked or named or line):
            continue
        text = shown_text(element, _MOST_CHARACTERS + 50)
        if not text or len(text) > _MOST_CHARACTERS or len(text) < 2:
            continue
        score = 0.0
        if is_author:
            score += 3
        if linked:
            score += 1.2
        if named:
            score += 2 if _STRONG_NAMES.search(names) else 0.6
        begins = begins_like_byline(text)
        if begins:
            score += 1.5
        around = " ".join(attributes(parent) for parent in ancestors(element, 6))
        if _STRONG_NAMES.search(around):
            score += 0.8
        if _BAD_NAMES.search(names):
            score -= 2.5
        if _BAD_NAMES.search(around):
            score -= 2
        if any(parent.tag in ("footer", "aside", "nav") for parent in ancestors(element, 10)):
            score -= 2
        if any(parent.tag == "p" and len(shown_text(parent, 400)) > 200 for parent in ancestors(element, 3)):
            score -= 2
        if seen_heading:
            score += 1.5 if since_heading < 60 else 0.5 if since_heading < 200 else 0
        authors = split_authors(text)
        if not authors:
            continue
        if not all(looks_like_name(name) or looks_like_name(name.title()) for name in authors):
            score -= 2 if len(text) > 40 or not (is_author or linked) else 0.5
        if sum(map(len, authors)) * 2 < len(text):
            score -= 1
        inner = element.find(".//a") if tag != "a" else None
        if inner is not None and not is_author and len(text) > 60:
            score -= 0.5
        rule = "rel or itemprop author" if is_author else "visible byline"
        groups.append((-score, number, [text], rule))
    groups.sort(key=lambda entry: entry[:2])
    best = [(texts, rule) for score, _, texts, rule in groups[:12] if score <= -2.2]
    # Elements of the same rank side by side name one author each.
    if len(groups) > 1 and -groups[0][0] >= 2.2:
        top = groups[0]
        peers = [
            text
            for score, number, texts, rule in groups[:8]
            for text in texts
            if score == top[0] and rule == top[3] and abs(number - top[1]) < 40
        ]
        if len({folded(text) for text in peers}) > 1:
            best.insert(0, (peers, f"{top[3]}s"))
    return best


def _is_plausible(name: str) -> bool:
    return len(name) >= 2 and len(name.split()) <= 8 and sum(c.isdigit() for c in name) <= 4


def _without_parts(names: tuple[str, ...]) -> tuple[str, ...]:
    """Leaves out names that are parts of others: "Jane" beside "Jane Doe"."""
    kept = []
    for name in names:
        short = folded(name)
        if not any(short != folded(other) and short in folded(other) for other in names):
            kept.append(name)
    return tuple(kept) or names


__all__ = ["Element", "page_authors"]
