"""Named values to findings: front matter, "Key: value" heads, JSON records, in the names people give their fields."""

# ruff: noqa: E501  (word lists read better in long lines)
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from index.readers.article.findings import Findings
from index.readers.blocks.block import strip_tags
from index.readers.blocks.plain import one_line

MAX_DEPTH = 6
"""Values nested deeper than this are left out."""

MAX_VALUES = 2000
"""The most values within one value that are looked at."""

Value = object
"""A string, number, boolean, None, date, or lists and mappings of them."""


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# In order of trust. Names are compared without case, spaces, dots, hyphens and underscores.
TITLE = _names(
    "title headline ogtitle posttitle articletitle name titel titre titulo título titolo заголовок 标题 標題 タイトル 제목 subject"
)
AUTHORS = _names(
    "authors author by byline bylines creator creators dccreator writer writers articleauthor authorname postauthor"
    " contributors autor autoren autorin auteur auteurs autores autora autore автор авторы 作者 著者 yazar forfatter författare from"
)
PUBLISHED = _names(
    "published datepublished publisheddate publishedat publishedtime publishedon publicationdate publicationtime pubdate"
    " publishdate publishtime datepublication articlepublishedtime publish releasedate firstpublished dateposted postdate"
    " posted postedon postedat issued dcdate dateissued date datetime day veröffentlicht datum publié publicado"
    " fecha data pubblicato опубликовано дата 日期 发布时间 發佈時間 公開日 날짜 tarih dato"
)
CREATED = _names("created createdat createdon datecreated creationdate written writtenon timestamp time sent")
CRAWLED = _names(
    "updated updatedat modified modifiedat lastmodified datemodified lastmod lastupdated clipped clippedat saved savedat"
    " savedon accessed accessedon retrieved fetched downloaded captured crawled crawldate added addedat dateadded scraped"
)
URL = _names(
    "url link sourceurl urlsource originalurl canonical canonicalurl permalink source originalsource original weburl href"
    " ogurl page web uri address website quelle fuente fonte источник 来源 出典"
)
LANGUAGE = _names("language lang locale inlanguage sprache langue idioma")
SUMMARY = _names(
    "description summary excerpt abstract subtitle deck dek standfirst lead lede subheading subheadline teaser snippet"
    " ogdescription untertitel chapô resumen"
)
SECTION = _names("section category categories articlesection channel rubric topic kicker rubrik ressort sección")
TAGS = _names("tags keywords tag topics labels hashtags schlagwörter tagged")
BODY = _names(
    "body articlebody text content maintext fulltext bodytext contenttext markdown bodymarkdown contentmarkdown story article markdowncontent"
    " texte texto testo tekst текст metin inhalt contenu contenido contenuto conteúdo innehåll 正文 本文 内容 內容 본문"
)
BODY_HTML = _names("contenthtml bodyhtml html contentrendered")
_GROUPS = {
    name: group
    for group, names in (
        ("title", TITLE), ("authors", AUTHORS), ("published", PUBLISHED), ("created", CREATED), ("crawled", CRAWLED),
        ("url", URL), ("language", LANGUAGE), ("summary", SUMMARY), ("section", SECTION), ("tags", TAGS),
        ("body", BODY), ("body", BODY_HTML),
    )
    for name in names
}  # fmt: skip
_DIGIT = re.compile(r"\d")
_PLAIN_KEY = re.compile(r"[\s._:/-]+")
_INNER = (
    "rendered",
    "name",
    "value",
    "#text",
    "text",
    "$date",
    "@value",
    "title",
    "label",
    "display_name",
    "full_name",
)


def plain_key(name: str) -> str:
    """The name as the tables here have it: "Published Time" is publishedtime."""
    return _PLAIN_KEY.sub("", name.casefold())


def group_of(name: str) -> str | None:
    """What a field of this name holds: title, authors, published, created, crawled, url, …; None if unknown."""
    return _place(name)[0]


def _place(name: str) -> tuple[str | None, int]:
    """What a field of this name holds, and the name's rank among those of such fields."""
    return _known_place(name) if len(name) <= _LONGEST_KNOWN else _found_place(name)


def _found_place(name: str) -> tuple[str | None, int]:
    key = plain_key(name)
    return _GROUPS.get(key), _RANK.get(key, 0)


_LONGEST_KNOWN = 100  # characters
_known_place = lru_cache(maxsize=1024)(_found_place)


def texts(value: Value) -> Iterator[str]:
    """The texts in a value: itself, or those of a list, or the name in a mapping such as {"name": "Jane Doe"}."""
    if isinstance(value, str):  # most are
        return iter((value,) if _says_something(value) else ())
    return _texts(value, 0, iter(range(MAX_VALUES)))


def _says_something(text: str) -> bool:
    text = text.strip()
    return bool(text) and text not in ("~", "null")


def _texts(value: Value, depth: int, left: Iterator[int]) -> Iterator[str]:
    if next(left, None) is None:
        return  # lists that hold each other several times over, as YAML can write them, have no end to speak of
    if isinstance(value, str):
        if _says_something(value):
            yield value
    elif value is None or isinstance(value, bool) or depth >= MAX_DEPTH:
        return
    elif isinstance(value, Mapping):
        for key in _INNER:
            if value.get(key):
                inner = _texts(value[key], depth + 1, left)
                yield from (strip_tags(text) for text in inner) if key == "rendered" else inner
                return
        given, family = value.get("given") or value.get("first_name"), value.get("family") or value.get("last_name")
        if isinstance(given, str) and isinstance(family, str):
            yield f"{given} {family}"
    elif isinstance(value, list | tuple | set):
        for item in list(value)[:1000]:
            if not isinstance(item, str):
                yield from _texts(item, depth + 1, left)
            elif next(left, None) is not None and _says_something(item):
                yield item
    else:
        yield value.isoformat() if hasattr(value, "isoformat") else str(value)


def first_text(value: Value) -> str:
    """The first of a value's texts, or nothing."""
    return next(texts(value), "")


def read_fields(values: Mapping[str, Value], findings: Findings, rule: str) -> None:
    """Offers every value of a record to `findings`, under rules such as "front matter published".

    A date of creation counts as the date of publication only where nothing says that the text was clipped from
    elsewhere; dates of updates and of the clipping never do. What has no field of its own goes to `extra`.
    """
    by_group: dict[str, list[tuple[int, str, Value]]] = {}
    others: list[tuple[str, Value]] = []
    for key, value in list(values.items())[:1000]:
        name = str(key)
        group, rank = _place(name)
        if group is None:
            others.append((name, value))
        else:
            by_group.setdefault(group, []).append((rank, name, value))
    for found in by_group.values():
        if len(found) > 1:
            found.sort(key=lambda entry: entry[0])

    for _, key, value in by_group.get("language", ()):
        findings.offer_language(first_text(value), f"{rule} {key}")
    for _, key, value in by_group.get("title", ()):
        findings.offer_title(first_text(value), f"{rule} {key}")
    for _, key, value in by_group.get("authors", ()):
        findings.offer_authors(texts(value), f"{rule} {key}")
    for _, key, value in by_group.get("url", ()):
        if not any(findings.offer_url(text, f"{rule} {key}") for text in texts(value)):
            others.append((key, value))
    for _, key, value in by_group.get("published", ()):
        text = first_text(value)
        if not findings.offer_date(text, f"{rule} {key}") and not findings.date:
            others.append((key, value))
            if _DIGIT.search(text) and not findings.has_candidate("date"):
                findings.warn(f"date {one_line(text)[:100]} is not understood; kept as text")
    for _, key, value in by_group.get("created", ()):
        if findings.url or not findings.offer_date(first_text(value), f"{rule} {key}"):
            others.append((key, value))
    others += [(key, value) for group in ("crawled", "body") for _, key, value in by_group.get(group, ())]
    for name in ("summary", "section"):
        for _, key, value in by_group.get(name, ()):
            found_texts = list(texts(value))
            if found_texts:
                value = found_texts[0] if len(found_texts) == 1 else found_texts
                findings.offer_extra(name, value, f"{rule} {key}")
    for _, key, value in by_group.get("tags", ()):
        findings.offer_extra("tags", tag_list(value), f"{rule} {key}")
    for key, value in others:
        found_texts = [text for text in texts(value) if text.strip()]
        if found_texts:
            kept: str | list[str] = found_texts[0] if len(found_texts) == 1 else found_texts
            findings.offer_extra(one_line(key)[:60].casefold(), kept, f"{rule} {key}")


_RANK = {
    name: rank
    for names in (TITLE, AUTHORS, PUBLISHED, CREATED, CRAWLED, URL, LANGUAGE, SUMMARY, SECTION, TAGS, BODY, BODY_HTML)
    for rank, name in enumerate(names)
}


def tag_list(value: Value) -> list[str]:
    """Tags, whether written as a list, with commas or as #hashtags."""
    found: list[str] = []
    for text in texts(value):
        if "," in text or ";" in text:
            pieces = re.split(r"[,;]", text)
        elif text.count("#") > 1:
            pieces = text.split()
        else:
            pieces = [text]
        found += pieces
    return [tag for piece in found if (tag := piece.strip().lstrip("#").strip("[]"))]
