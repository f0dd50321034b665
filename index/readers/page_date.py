"""The day a web page was published: what its data, meta tags, marked times, visible lines and address say, in order."""

# ruff: noqa: E501
from __future__ import annotations

import re
from typing import NamedTuple

from index.readers.dates import WrittenDate, date_in_path, find_dates, parse_date
from index.readers.jsonld import text_of
from index.readers.page import Element, Page, ancestors, attributes, shown_text

_PUBLISHED = (
    "article:published_time", "og:published_time", "article:published", "datepublished", "rnews:datepublished",
    "og:article:published_time", "og:pubdate", "pubdate", "publish_date", "publishdate", "publish-date", "published-date",
    "publication_date", "publicationdate", "citation_online_date", "citation_publication_date", "citation_date", "published",
    "parsely-pub-date", "sailthru.date", "article_date_original", "originalpublicationdate", "dc.date.issued", "dcterms.issued",
    "dcterms.created", "dc.date.created", "dc.date", "dcterms.date", "dcsext.articlefirstpublished", "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime", "article.published", "article:publicationdate", "article:post_date", "vr:published_time", "bt:pubdate",
    "ptime", "rbpubdate", "eomportal-firstpublished", "shareaholic:article_published_time", "date_published", "first-publish-date",
    "story_date", "display_date", "displaydate", "originally_published", "time", "iso-8601-publish-date", "og:publish_date",
    "weibo:article:create_at", "article:create_at", "pub_date", "sort_date", "date",
)  # fmt: skip
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
MAX_ELEMENTS = 20_000


class DateOffer(NamedTuple):
    """A date that may be the day of publication, and the rule that found it."""

    date: WrittenDate
    rule: str


def page_dates(page: Page, language: str = "") -> list[DateOffer]:
    """What may be the day of publication, the likeliest first."""
    found: list[DateOffer] = []

    def offer(text: str, rule: str) -> None:
        date = parse_date(text.strip()[:200], language) if text else None
        if date and date.day:
            found.append(DateOffer(date, rule))

    for node in page.data.articles[:5]:
        offer(text_of(node.get("datePublished")), "json-ld datePublished")
    for name in _PUBLISHED[:4]:
        for content in page.meta.get(name, ()):
            offer(content, f"meta {name}")
    for element in page.tree.xpath(
        "//*[@itemprop='datePublished' or @property='datePublished' or @property='schema:datePublished' or @pubdate][not(self::meta)]"
    )[:10]:
        offer(
            element.get("datetime") or element.get("content") or element.get("title") or shown_text(element, 100),
            "microdata datePublished",
        )
    for element in page.tree.xpath(
        "//abbr[contains(@class,'published')] | //*[contains(concat(' ',@class,' '),' dt-published ')] | //time[contains(concat(' ',@class,' '),' published ')]"
    )[:3]:
        offer(element.get("datetime") or element.get("title") or shown_text(element, 100), "microformat published")
    for name in _PUBLISHED[4:]:
        for content in page.meta.get(name, ()):
            offer(content, f"meta {name}")
    for node in page.data.articles[:3]:
        for key in ("dateCreated", "uploadDate"):
            offer(text_of(node.get(key)), f"json-ld {key}")
    in_path = next((date for address in page.addresses() if (date := date_in_path(address))), None)
    if in_path:
        found.append(DateOffer(in_path, "address"))
    times = _times(page, language)
    found += times
    for name in _CREATED:
        for content in page.meta.get(name, ()):
            offer(content, f"meta {name}")
    for node in page.data.articles[:3]:
        offer(text_of(node.get("dateModified")), "json-ld dateModified")
    for name in _MODIFIED:
        for content in page.meta.get(name, ()):
            offer(content, f"meta {name}")
    return _localised(found, times)


def _localised(found: list[DateOffer], times: list[DateOffer]) -> list[DateOffer]:
    """Puts the local day first where the best date is in universal time and the same moment is also told locally."""
    if not found or not found[0].date.in_utc:
        return found
    best = found[0]
    for other in found[1:] + times:
        date = other.date
        if date.day and best.date.day and abs((date.day - best.date.day).days) == 1 and date.clock and not date.in_utc:
            distance = _minutes(best.date) - _minutes(date)
            whole_hours = distance % 30 == 0
            if whole_hours and abs(distance) <= 14 * 60:
                return [DateOffer(date, f"{best.rule}, local day from {other.rule}"), *found]
    return found


def _minutes(date: WrittenDate) -> int:
    hour, minute = date.clock.split(":")
    days = date.day.toordinal() if date.day else 0
    return days * 1440 + int(hour) * 60 + int(minute)


def _times(page: Page, language: str) -> list[DateOffer]:
    """Dates in elements that are marked as times or whose names say so, ranked by where and what they are."""
    ranked: list[tuple[float, int, DateOffer]] = []
    headings = {id(element) for element in page.tree.iter("h1")}
    seen_heading = False
    since_heading = 0
    for number, element in enumerate(page.tree.iter()):
        if number > MAX_ELEMENTS:
            break
        if not isinstance(element.tag, str):
            continue
        if id(element) in headings:
            seen_heading, since_heading = True, 0
        since_heading += 1
        names = attributes(element)
        is_time = element.tag == "time"
        own = (element.text or "").strip()
        if not is_time and not (names and _TIME_WORDS.search(names)):
            if not (own and len(own) < 120 and any(c.isdigit() for c in own)):
                continue
        if element.tag in (
            "script",
            "style",
            "html",
            "body",
            "head",
            "meta",
            "link",
            "input",
            "img",
            "article",
            "main",
        ):
            continue
        written = element.get("datetime") or element.get("data-date") or element.get("data-timestamp") or ""
        text = shown_text(element, 160)
        if not written and (not text or len(text) > 150):
            continue
        dates = [date] if written and (date := parse_date(written[:60], language)) else list(find_dates(text, language))
        dates = [date for date in dates if date.day]
        if not dates:
            continue
        score = 0.0
        around = " ".join(attributes(parent) for parent in ancestors(element, 8))
        if is_time:
            score += 2
        if names and _TIME_WORDS.search(names):
            score += 1.5
        if re.search(r"publish|publi[ck]|posted|entry-date|post-date|article-date|dateline", names):
            score += 1.5
        if _BAD_WORDS.search(names):
            score -= 4
        if _BAD_WORDS.search(around):
            score -= 3
        if any(parent.tag in ("footer", "aside", "nav") for parent in ancestors(element, 10)):
            score -= 3
        if any(parent.tag in ("article", "main") for parent in ancestors(element, 10)):
            score += 0.5
        if _COPYRIGHT.search(text):
            score -= 5
        if seen_heading:
            score += 2 if since_heading < 40 else 1 if since_heading < 120 else 0
        before = text[: dates[0].start] if not written else text
        if _UPDATED_WORDS.search(f"{before} {names}"):
            score -= 1.5
        elif _LABEL.search(before):
            score += 1
        if not is_time and not written:
            rest = len(text) - sum(len(date.text) for date in dates)
            score -= min(rest, 80) / 40
        if dates[0].clock:
            score += 0.3
        if any(parent.tag in ("p", "li") and len(parent.text_content()) > 200 for parent in ancestors(element, 3)):
            score -= 1.5
        date = (
            next((d for d in dates if not _UPDATED_WORDS.search(text[max(0, d.start - 25) : d.start])), dates[0])
            if not written
            else dates[0]
        )
        ranked.append((-score, number, DateOffer(date, "time element" if is_time else "visible date")))
    ranked.sort(key=lambda entry: entry[:2])
    return [offer for score, _, offer in ranked[:20] if score < -0.5]


__all__ = ["DateOffer", "Element", "page_dates"]
