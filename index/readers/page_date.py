"""The day a web page was published: what its data, meta tags, marked times, visible lines and address say, in order."""

# ruff: noqa: E501
from __future__ import annotations

import re
from typing import NamedTuple

from index.readers.dates import WrittenDate, date_in_path, find_dates, parse_date
from index.readers.jsonld import text_of
from index.readers.page import Page, attributes, shown_text
from index.readers.page_lines import PageLines

_PUBLISHED = (
    "article:published_time", "og:published_time", "article:published", "datepublished", "rnews:datepublished",
    "og:article:published_time", "og:pubdate", "pubdate", "publish_date", "publishdate", "publish-date", "published-date",
    "publication_date", "publicationdate", "citation_online_date", "citation_publication_date", "citation_date", "published",
    "parsely-pub-date", "sailthru.date", "article_date_original", "originalpublicationdate", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "dc.date.created", "dcsext.articlefirstpublished", "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime", "article.published", "article:publicationdate", "article:post_date", "vr:published_time", "bt:pubdate",
    "ptime", "rbpubdate", "eomportal-firstpublished", "shareaholic:article_published_time", "date_published", "first-publish-date",
    "story_date", "display_date", "displaydate", "originally_published", "time", "iso-8601-publish-date", "og:publish_date",
    "weibo:article:create_at", "article:create_at", "pub_date", "sort_date",
)  # fmt: skip
_GENERIC = ("date", "dc.date", "dcterms.date")  # often the day of the last change
_MARKED = (
    "//*[@itemprop='datePublished' or @property='datePublished' or @property='schema:datePublished' or @pubdate]"
    "[not(self::meta)]"
)
_CREATED = (
    "og:created_time",
    "article:created",
    "datecreated",
    "created",
    "creation_date",
    "dc.created",
    "last-publish-date",
)
_MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "lastmod",
    "dc.date.modified",
    "dcterms.modified",
    "modified",
    "updated_time",
    "revised",
)

_TIME_WORDS = re.compile(
    r"publi|post(?:ed)?[-_]?(?:on|date|time|meta|info)|entry[-_]?(?:date|time|meta)|article[-_]?(?:date|time|meta|info)|dateline|date|datum|fecha|timestamp|time|meta|byline|zeit|veroeff|erschienen|created|info|fecha|byline"
)
_BAD_WORDS = re.compile(
    r"comment|kommentar|related|sidebar|widget|footer|copyright|recent|teaser|recommend|navi|menu|promo|most-?read|popular|event|calendar|forum-sig|carousel|slider|trending|latest|list-item|copy-?right|archive|breaking|ticker"
)
_UPDATED_WORDS = re.compile(
    r"updat|modif|aktualis|geändert|bearbeitet|actualiz|actualis|aggiorn|atualiz|bijgewerkt|uppdater|oppdater|opdater|zaktual|обновл|güncel|stand:|stand \d|mis à jour|letzte änderung|last edit",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"publi|posted|erschienen|veröffentlicht|erstellt|vom\s|datum|date|le\s\d|on\s|am\s\d|written|created|опублик|дата|fecha|pubbl|gepubl|发布|日期|时间",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"©|\(c\)|copyright|all rights", re.IGNORECASE)
_EVENT = re.compile(
    r"\b(?:bis|until|till|from|ab|zwischen|between|deadline|termin|born|geboren|geb\.|seit|since)\s*(?:zum|dem)?\s*$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d")
_SURE = 2.0  # the score from which a date in the page is as good as one in its meta tags
_VERY_SURE = 4.0
_POSSIBLE = -0.6


class DateOffer(NamedTuple):
    """A date that may be the day of publication, and the rule that found it."""

    date: WrittenDate
    rule: str


def page_dates(page: Page, lines: PageLines, headline: int, language: str = "") -> list[DateOffer]:
    """What may be the day of publication, the likeliest first."""
    found: list[DateOffer] = []
    unusable: list[DateOffer] = []  # impossible or in the future; told, so that a person can see why they are not used

    def offer(text: str, rule: str) -> None:
        date = parse_date(text.strip()[:200], language) if text else None
        if date:
            (found if date.day else unusable).append(DateOffer(date, rule))

    for node in page.data.articles[:5]:
        offer(text_of(node.get("datePublished")), "json-ld datePublished")
    for name in _PUBLISHED[:4]:
        for content in page.meta.get(name, ()):
            offer(content, f"meta {name}")
    marked = page.tree.xpath(_MARKED)[:10]
    values = [
        element.get("datetime") or element.get("content") or element.get("title") or shown_text(element, 100)
        for element in marked
    ]
    days = {date.day for value in values if (date := parse_date(value[:200], language))}
    if len(days) == 1:  # several are those of a list of articles
        offer(values[0], "microdata datePublished")
    times = _times(page, lines, headline, language)
    in_path = next((date for address in page.addresses() if (date := date_in_path(address))), None)
    for name in _PUBLISHED[4:]:
        for content in page.meta.get(name, ()):
            offer(content, f"meta {name}")
    for node in page.data.articles[:3]:
        for key in ("dateCreated", "uploadDate"):
            offer(text_of(node.get(key)), f"json-ld {key}")
    if in_path:
        found.append(DateOffer(in_path, "address"))
    found += [offer for score, offer in times if score >= _VERY_SURE]
    for name in _GENERIC:
        for content in page.meta.get(name, ()):
            offer(content, f"meta {name}")
    found += [offer for score, offer in times if _SURE <= score < _VERY_SURE]
    for name in _CREATED:
        for content in page.meta.get(name, ()):
            offer(content, f"meta {name}")
    for node in page.data.articles[:3]:
        offer(text_of(node.get("dateModified")), "json-ld dateModified")
    for name in _MODIFIED:
        for content in page.meta.get(name, ()):
            offer(content, f"meta {name}")
    found += [offer for score, offer in times if _POSSIBLE <= score < _SURE]
    local = [offer for score, offer in times if score >= _SURE]
    return unusable[:1] + _localised(found, local + ([DateOffer(in_path, "address")] if in_path else []))


def _localised(found: list[DateOffer], local: list[DateOffer]) -> list[DateOffer]:
    """Puts the local day first where the best date is in universal time and the page names the day before or after.

    That is so when some place on Earth had that day at that moment, and nothing in the page confirms the other.
    """
    if not found or not found[0].date.in_utc or not found[0].date.day:
        return found
    best, rule = found[0]
    day, hour = best.day, int(best.clock[:2])
    days = [offer.date.day for offer in local if not offer.date.in_utc]
    if day is None or day in days:
        return found
    for other in local:
        if other.date.day is None or other.date.in_utc:
            continue
        later = (other.date.day - day).days
        if (later == 1 and hour >= 10) or (later == -1 and hour < 12):
            return [DateOffer(other.date, f"{rule}, local day from {other.rule}"), *found]
    return found


def _times(page: Page, lines: PageLines, headline: int, language: str) -> list[tuple[float, DateOffer]]:
    """Dates in elements marked as times and in lines, by how likely they are the day of publication."""
    ranked: list[tuple[float, int, DateOffer]] = []
    for mark in lines.times[:200]:
        element = mark.element
        written = element.get("datetime") or element.get("data-date") or element.get("data-timestamp") or ""
        if element.tag == "abbr":
            written = written or element.get("title") or ""
        text = shown_text(element, 160)
        date = parse_date(written[:60], language) if written else None
        date = date or (next(find_dates(text, language), None) if len(text) < 150 else None)
        if date is None or date.day is None:
            continue
        names = attributes(element)
        score = 1.5 + _nearness(mark.nth, headline) - 2.5 * mark.aside - 2 * bool(_BAD_WORDS.search(names))
        if re.search(r"publi[sc]|pubdate|posted|entry-date|post-date|article-date|dateline", names):
            score += 1.5
        around = lines.lines[mark.nth].text if mark.nth < len(lines.lines) else ""
        at = around.find(text[:30]) if text else -1
        before = around[max(0, at - 30) : at] if at > 0 else ""
        if _UPDATED_WORDS.search(f"{before} {names} {text[:20]}"):
            score -= 2
        elif _LABEL.search(before):
            score += 1
        score -= 2 * (len(around) > 250)
        rule = "time element" if element.tag == "time" else "element marked as a time"
        ranked.append((-score, mark.nth, DateOffer(date, rule)))
    for line in lines.lines:
        if len(line.text) > 400 and abs(line.nth - headline) > 6:
            continue
        text = line.text[:160]
        if not _DIGITS.search(text):
            continue
        near = _nearness(line.nth, headline)
        if near <= 0 and (len(line.text) > 120 or line.aside):
            continue
        for date in find_dates(text, language):
            if date.day is None or (not date.sure and len(date.text) < 9):
                continue
            before = text[max(0, date.start - 30) : date.start]
            score = near - 2.5 * line.aside - 0.5 * bool(_BAD_WORDS.search(line.names[-80:]))
            rest = len(line.text) - (date.end - date.start)
            score += 1 if rest <= 6 else 0.5 if rest <= 40 else 0 if rest <= 100 else -2.5
            score += 0.5 * bool(date.clock) + 0.7 * bool(_TIME_WORDS.search(line.names[-120:]))
            if _UPDATED_WORDS.search(before):
                score -= 2
            elif _LABEL.search(before):
                score += 1.5
            score -= 5 * bool(_COPYRIGHT.search(line.text)) + 3 * bool(_EVENT.search(before))
            ranked.append((-score, line.nth, DateOffer(date, "visible date")))
    ranked.sort(key=lambda entry: entry[:2])
    return [(-score, offer) for score, _, offer in ranked[:30]]


def _nearness(nth: int, headline: int) -> float:
    """How well a place in the page suits the date of its article."""
    if headline < 0:
        return 0.5
    distance = nth - headline
    if distance >= 0:
        return 3.5 if distance <= 4 else 2.5 if distance <= 12 else 1 if distance <= 40 else 0
    return 2.5 if distance >= -3 else 1.5 if distance >= -8 else 0
