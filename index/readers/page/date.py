"""The day a web page was published: what its data, meta tags, marked times, visible lines and address say, in order."""

# ruff: noqa: E501
from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from index.readers.bylines.date_words import COPYRIGHT, OTHERWISE, PUBLISHED, UPDATED, label_in, says_updated_after
from index.readers.bylines.dates import WrittenDate, date_in_path, find_dates, parse_date
from index.readers.page.embedded_state import published_in_scripts, recorded_with_title
from index.readers.page.jsonld import text_of
from index.readers.page.parsed_page import Element, Page, attributes, shown_text
from index.readers.page.visible_lines import Line, Mark, PageLines

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
_PUBLICATION_META = re.compile(r"[-_.:](?:pub(?:lish|lished|lication)?[-_.:]?(?:date|time)|date[-_.:]?published)$")
"""Matches names of meta tags that end as those above, whatever system they begin with."""
_GENERIC = ("date", "dc.date", "dcterms.date")  # often the day of the last change
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
_CHANGE_NAMES = re.compile(r"modif|updat")
_PUBLICATION_NAMES = re.compile(r"publi|creat|post|entry-date|article-date|dateline")
_HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4"))
_DIGITS = re.compile(r"\d")
_FOUR_DIGITS = re.compile(r"\d{4}")
_SURE = 2.0  # the score from which a date in the page is as good as one in its meta tags
_VERY_SURE = 3.0
_BESIDE_HEADLINE = 4.5
_RIGHT_AT_HEADLINE = 6.0
_ANEW = 2  # days
_NEXT_LINES = 3
_POSSIBLE = -0.6
_LOCAL_MIDNIGHT = ", midnight in local time"
_CENTRAL_EUROPE = re.compile(
    r"(?:de|it|nl(?!-sr)|pl|cs|sk|hu|sl|hr|bs|sr|sq|mk|sv(?!-fi)|nb|nn|no|da|lb|rm|mt)\b|(?:fr|ca|es|eu|gl)-(?:fr|be|ch|lu|es)\b"
)
_EASTERN_EUROPE = re.compile(r"(?:fi|et|lv|lt|ro|bg|el|uk)\b|sv-fi\b")
_HEAD_LINES = 40
_PARAGRAPH = 120  # characters, from which a line is not one of the head


class DateOffer(NamedTuple):
    """A date that may be the day of publication, and the rule that found it."""

    date: WrittenDate
    rule: str


def page_dates(page: Page, lines: PageLines, headline: int, language: str = "") -> list[DateOffer]:
    """What may be the day of publication, the likeliest first.

    Args:
        page: the page.
        lines: its lines.
        headline: the number of the line that is its headline; -1 if none is.
        language: the tag of its language.
    """
    title = lines.lines[headline].text if headline >= 0 else page.window_title
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
    marked = page.dated[:10]
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
    for name in page.meta:
        if name not in _PUBLISHED and _PUBLICATION_META.search(name):
            for content in page.meta[name]:
                offer(content, f"meta {name}")
    if in_path:
        found.append(DateOffer(in_path, "address"))
    found += [offer for score, offer in times if score >= _VERY_SURE]
    for name in _GENERIC:
        for content in page.meta.get(name, ()):
            offer(content, f"meta {name}")
    found += [offer for score, offer in times if _SURE <= score < _VERY_SURE]
    if not found and (told := published_in_scripts(map(_text, page.programs), language)):
        found.append(DateOffer(told, "page data of its scripts"))
    for name in _CREATED:
        for content in page.meta.get(name, ()):
            offer(content, f"meta {name}")
    if len(page.created) == 1:
        offer(page.created[0].get("content") or shown_text(page.created[0], 100), "microdata dateCreated")
    for node in page.data.articles[:3]:
        offer(text_of(node.get("dateModified")), "json-ld dateModified")
    for name in _MODIFIED:
        for content in page.meta.get(name, ()):
            offer(content, f"meta {name}")
    found += [offer for score, offer in times if _POSSIBLE <= score < _SURE]
    if not found and (told := recorded_with_title(map(_text, page.programs), title, language)):
        found.append(DateOffer(told, "page data with its title"))
    local = [offer for score, offer in times if score >= _SURE]
    ranked = _localised(found, local + ([DateOffer(in_path, "address")] if in_path else []), language)
    return unusable[:1] + _as_addressed(_as_shown(ranked, times, page, language), in_path)


def _text(script: Element) -> str:
    return script.text or ""


def _as_addressed(found: list[DateOffer], in_path: WrittenDate | None) -> list[DateOffer]:
    """Puts the day in the page's permanent address (/2019/05/03/) first where it is days before all else says.

    Addresses keep the day of first publication when an article is dated anew.
    """
    if not found or not in_path or not in_path.day or "/" not in in_path.text or not found[0].date.day:
        return found
    is_anew = (found[0].date.day - in_path.day).days > _ANEW
    return [DateOffer(in_path, "address"), *found] if is_anew else found


def _as_shown(
    found: list[DateOffer], times: list[tuple[float, DateOffer]], page: Page, language: str
) -> list[DateOffer]:
    """Puts the date beside the headline first where it contradicts the page's data and nothing seen confirms these.

    Publishers who date an article anew, or whose system fills in the data, show their readers the day they mean. A
    date that is announced as an update never scores high enough. One that is the last change before publication is
    no publication, and one further from the headline may be another's, unless the page's scripts are told the same.
    """
    if not found or not found[0].rule.startswith(("json-ld datePublished", "meta", "microdata")):
        return found
    if found[0].rule.endswith(_LOCAL_MIDNIGHT):  # what is shown may have been written by a machine in universal time
        return found
    day = found[0].date.day
    sure = [(score, offer) for score, offer in times if score >= _SURE]
    if day is None or day in {offer.date.day for _, offer in sure}:
        return found
    beside = [offer for score, offer in sure if score >= _BESIDE_HEADLINE]
    shown = beside or [offer for score, offer in sure if score >= _VERY_SURE]
    if len({offer.date.day for offer in shown}) != 1:
        return found
    changed = {offer.date.day for offer in found if "odified" in offer.rule or "updated" in offer.rule}
    new = shown[0].date.day
    if new is None or ((day - new).days > 1 and max(score for score, _ in sure) < _RIGHT_AT_HEADLINE):
        return found
    if not beside or (new in changed and new < day):
        told = published_in_scripts(map(_text, page.programs), language)
        if told is None or told.day != new:
            return found
    return [shown[0], *found]


def _localised(found: list[DateOffer], local: list[DateOffer], language: str) -> list[DateOffer]:
    """Puts the local day first where the best date is in universal time and the page names the day before or after.

    That is so when some place on Earth had that day at that moment, and nothing in the page confirms the other. A
    moment that is midnight where the page's language is spoken is a date without a time, of the day that began then.
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
    if best.clock == _midnight(day, language):
        following = best._replace(day=day + dt.timedelta(days=1))
        return [DateOffer(following, f"{rule}{_LOCAL_MIDNIGHT}"), *found]
    return found


def _midnight(day: dt.date, language: str) -> str:
    """The time in UTC of the midnight that ends a day, where that is the same wherever a language is spoken; or empty.

    Only where it is late in the evening: times further from midnight may well be local ones that are wrongly marked.
    """
    tag = language.lower().replace("_", "-")
    offset = 1 if _CENTRAL_EUROPE.match(tag) else 2 if _EASTERN_EUROPE.match(tag) else 0
    if not offset:
        return ""
    return f"{24 - offset - _is_summer_time(day):02}:00"


def _is_summer_time(day: dt.date) -> bool:
    """Whether the European Union has summer time at the end of a day: from the last Sunday of March to October's."""
    begins, ends = (dt.date(day.year, month, 31) for month in (3, 10))
    last_sundays = [last - dt.timedelta(days=last.isoweekday() % 7) for last in (begins, ends)]
    return last_sundays[0] <= day < last_sundays[1]


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
        score = (
            1.5 + _nearness(mark.nth, headline) - _against_aside(mark, headline) - 2 * bool(_BAD_WORDS.search(names))
        )
        if re.search(r"publi[sc]|pubdate|posted|entry-date|post-date|article-date|dateline", names):
            score += 1.5
        around = lines.lines[mark.nth].text if mark.nth < len(lines.lines) else ""
        at = around.find(text[:30]) if text else -1
        before = around[max(0, at - 30) : at] if at > 0 else _label_above(lines, mark.nth, headline)
        if UPDATED.search(f"{before} {names} {text[:20]}"):
            score -= 2
        elif PUBLISHED.search(before):
            score += 1
        score -= 3 * bool(OTHERWISE.search(before))
        score -= 2 * (len(around) > 250)
        rule = "time element" if element.tag == "time" else "element marked as a time"
        ranked.append((-score, mark.nth, DateOffer(date, rule)))
    text_begins = _text_begins(lines, headline)
    for line in lines.lines:
        if len(line.text) > 400 and abs(line.nth - headline) > 6:
            continue
        text = line.text[:160]
        if not _DIGITS.search(text):
            continue
        near = _nearness(line.nth, headline)
        near -= line.nth > text_begins and near > 1
        if near <= 0 and (len(line.text) > 120 or line.aside):
            continue
        for date in find_dates(text, language):
            if date.day is None or not (date.sure or date.clock or _FOUR_DIGITS.search(date.text)):
                continue
            before = text[max(0, date.start - 30) : date.start]
            before = before if before.strip() else _label_above(lines, line.nth, headline)
            score = near - 2.5 * line.aside - 0.5 * bool(_BAD_WORDS.search(line.names[-80:]))
            rest = len(line.text) - (date.end - date.start)
            score += 1 if rest <= 6 else 0.5 if rest <= 40 else 0 if rest <= 100 else -2.5
            score += 0.5 * bool(date.clock) + 0.7 * bool(_TIME_WORDS.search(line.names[-120:]))
            if UPDATED.search(before) or says_updated_after(line.text[date.end :]) or _is_called_update(line):
                score -= 2
            elif PUBLISHED.search(before):
                score += 1.5
            score -= 5 * bool(COPYRIGHT.search(line.text)) + 3 * bool(OTHERWISE.search(before))
            ranked.append((-score, line.nth, DateOffer(date, "visible date")))
    ranked.sort(key=lambda entry: entry[:2])
    return [(-score, offer) for score, _, offer in ranked[:30]]


def _text_begins(lines: PageLines, headline: int) -> int:
    """The number of the first line below the headline that is a paragraph; dates further down are often of the text."""
    if headline < 0:
        return len(lines.lines)
    below = lines.lines[headline + 1 : headline + 1 + _HEAD_LINES]
    return next((line.nth for line in below if len(line.text) >= _PARAGRAPH and not line.links), len(lines.lines))


def _label_above(lines: PageLines, nth: int, headline: int) -> str:
    """The line above if it may be a label, as in a list of terms: "Last updated" over "12 May 2019"."""
    if not 0 < nth < len(lines.lines) or nth - 1 == headline:
        return ""
    above = lines.lines[nth - 1]
    return "" if above.links or above.element.tag in _HEADING_TAGS else label_in(above.text)


def _is_called_update(line: Line) -> bool:
    """Whether the element of a line is named for the last change and not for publication, too."""
    own = attributes(line.element)
    return _CHANGE_NAMES.search(own) is not None and not _PUBLICATION_NAMES.search(own)


def _against_aside(mark: Mark, headline: int) -> float:
    """What counts against an element that stands aside; a box right at the headline may well be the article's own."""
    if not mark.aside:
        return 0.0
    return 1.0 if abs(mark.nth - headline) <= _NEXT_LINES else 2.5


def _nearness(nth: int, headline: int) -> float:
    """How well a place in the page suits the date of its article."""
    if headline < 0:
        return 0.5
    distance = nth - headline
    if distance >= 0:
        return 3.5 if distance <= 4 else 2.5 if distance <= 12 else 1 if distance <= 40 else 0
    return 3.0 if distance >= -2 else 2.5 if distance == -3 else 1.5 if distance >= -8 else 0
