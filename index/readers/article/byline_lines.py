"""Lines of an article's head that name its authors and its date, in any order and with any dividers.

"By Jane Doe | Published 20 December 2022, 10:15 | Updated …", "Jane Doe · 2022-12-20", "Posted by Jane Doe on …".
"""

# ruff: noqa: E501  (word lists read better in long lines)
from __future__ import annotations

import re
from functools import lru_cache

from index.readers.article.findings import Findings
from index.readers.blocks.block import Block
from index.readers.bylines.date_words import UPDATED
from index.readers.bylines.dates import WrittenDate, find_dates
from index.readers.bylines.names import (
    begins_like_byline,
    is_numbered_name,
    is_unspaced,
    is_unspaced_name,
    looks_like_name,
    split_authors,
)
from index.readers.bylines.roles import is_agency, is_generic
from index.readers.bylines.words import AND, AND_BETWEEN_NAMES, BY, PARTICLES

_DIVIDER = re.compile(r"\s*[|·•∙●‧⋅]\s*|\n|\s{3,}|\s+[–—]\s+|\s+//\s+|\s+-\s+|\s*►\s*|\s*»\s*")
_DIVIDERS = (
    "|",
    "·",
    "•",
    "∙",
    "●",
    "‧",
    "⋅",
    "\n",
    "   ",
    " – ",
    " — ",
    " // ",
    " - ",
    "►",
    "»",
)  # one is in every match
_DIGIT = re.compile(r"\d")
# Words that stand around a date and say nothing else.
_DATE_WORDS = re.compile(
    r"\b(?:first|published|publish|posted|date|dated|on|at|the|of|time|est|edt|cst|cdt|pst|pdt|mst|mdt|gmt|utc|bst|ist|cet|cest|msk|am|pm"
    r"|a\.m|p\.m|updated|last|modified|edited|as|issue|issued|release|released|created"
    r"|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|veröffentlicht|publiziert|erschienen|aktualisiert|zuletzt|stand|datum|vom|den|um|uhr|montag|dienstag|mittwoch|donnerstag|freitag"
    r"|samstag|sonnabend|sonntag|mo|di|mi|do|fr|sa|so|publié|publie|mis|mise|jour|à|le|la|du|modifié|dernière|lundi|mardi|mercredi|jeudi"
    r"|vendredi|samedi|dimanche|publicado|actualizado|fecha|el|las|a las|h|hs|hrs|lunes|martes|miércoles|miercoles|jueves|viernes"
    r"|sábado|sabado|domingo|em|às|atualizado|segunda|terça|quarta|quinta|sexta|feira|pubblicato|aggiornato|il|alle|ore|lunedì|martedì"
    r"|mercoledì|giovedì|venerdì|sabato|domenica|gepubliceerd|bijgewerkt|op|om|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag"
    r"|publicerad|publicerat|uppdaterad|publisert|oppdatert|offentliggjort|opdateret|kl|klockan|måndag|tisdag|onsdag|torsdag|fredag|lördag|söndag"
    r"|mandag|tirsdag|lørdag|søndag|julkaistu|päivitetty|klo|opublikowano|publikacja|dodano|data|godz|aktualizacja|r"
    r"|publikováno|vydáno|aktualizováno|опубликовано|дата|обновлено|г|года|в|опубліковано|оновлено|о|року|yayınlanma|tarihi|tarih"
    r"|güncelleme|giriş|δημοσιεύτηκε|δημοσίευση|στις|פורסם|ב|نشر|في|منذ|تاريخ|النشر|megjelent|közzétéve|publicat|la|ngày|lúc|pada|diterbitkan"
    r"|发布|發布|发表于|發表於|发布时间|时间|日期|公開|掲載|更新|投稿|星期.|周.|입력|등록|승인|오전|오후)\b\.?|[一-龥]{2}[:：]|\((?:mon|tue|wed|thu|fri|sat|sun|月|火|水|木|金|土|日)\)",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"\W*(?:\d+\s*[-–]?\s*(?:min(?:ute)?s?|mins?|min\.)(?:\s*(?:read|listen|lesezeit|de lecture|de lectura|lesen))?|\d*\s*comments?|\d*\s*kommentare?"
    r"|\d*\s*(?:shares?|views?|likes?)|share|print|save|e-?mail|listen|comment|comments|leave a comment|reading time.{0,20}|read time.{0,20}"
    r"|lesezeit.{0,20}|temps de lecture.{0,20}|\d+\s*words|\d{1,2}[:.]\d\d(?:\s*uhr|\s*[ap]\.?m\.?)?|all|news|blog|article|edit)?\W*",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"(?:\w+\s)?(?:vor|hace|il y a|há|för|for)\s(?:\d+|einer|einem|eine|una?|une|um|uma|en|et)\s[^\W\d_]+(?:\ssiden|\ssedan)?|(?:\w+\s)?(?:\d+|an?)\s?(?:min(?:ute)?s?|h(?:ou)?rs?|days?|weeks?|months?|h|d)\sago",
    re.IGNORECASE,
)
_SECTION_WORDS = frozenset(
    """news world politics business opinion sport sports culture technology tech science health lifestyle entertainment
    economy local national international education travel food features analysis editorial comment video photos home
    politik wirtschaft kultur wissen meinung panorama nachrichten gesellschaft politique économie culture société
    monde sports política economía cultura sociedad mundo deportes opinión economia esportes politica cronaca esteri
    новости политика экономика общество культура мир exclusive breaking live podcast newsletter interview review
    advertisement blog article press release""".split()
)
_SMALL_WORDS = PARTICLES | frozenset(word for phrase in (*AND, *AND_BETWEEN_NAMES, *BY) for word in phrase.split())
_BETWEEN_NAMES = re.compile(rf"\s*(?:[,;/&·]\s*)?(?:(?:{'|'.join((*AND, *AND_BETWEEN_NAMES))})\s+)?", re.IGNORECASE)
_INNER_BY = re.compile(r"\s(?:by|von|par|por|door|av|af|автор|oleh)[:\s]\s*", re.IGNORECASE)
_BY_AFTER_DATE = re.compile(
    r"[\s,]*(?:(?:at|um|à|às|alle|kl\.?)?\s*\d{1,2}[:.h]\d\d\s*(?:uhr|[ap]\.?m\.?)?)?[\s,|]*"
    r"(?:by|von|par|por|door|av|af|автор|oleh)[:\s]\s*",
    re.IGNORECASE,
)
_NAMED_LIKE_JOB = re.compile(r"[A-Z][a-z]+ [A-Z][a-z]+")  # "Jane Writer", "Sam Fellow"
_BEFORE_DATE = re.compile(r"[\s,;(–-]+(?:published|posted|updated|on|am|le|el|il|em|den|op|kl)?[\s:]*$", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?。]\s*$|[.!?。]\s+\S+\s+\S+\s+\S+")


@lru_cache(maxsize=4096)
def is_name_line(text: str) -> bool:
    """Whether a line may be a name (or several) without "By", and not the name of a section."""
    if not text or len(text) > 100 or not _may_be_names(text) or text.casefold().strip() in _SECTION_WORDS:
        return False
    names = split_authors(text)
    if not all(looks_like_name(name) or is_numbered_name(name) for name in names):
        return False
    return bool(names) and not _SENTENCE.search(text.rstrip("."))


def _may_be_names(text: str) -> bool:
    """A cheap test that most lines of prose fail: a small word that is no part of names."""
    return not any(word.islower() and word.isalpha() and word not in _SMALL_WORDS for word in text.split())


def read_line(block: Block, findings: Findings, *, alone: bool, loose: bool = True) -> bool:
    """Offers the authors and the date that a line of the head names; whether it was such a line.

    Args:
        block: the line.
        findings: where they go; what else the line says goes to `extra`.
        alone: whether a name without "By" and without a date counts, because a date stands in the next line.
        loose: whether a name without "By" and other words beside a date count.
    """
    text = block.text
    if not text:
        return False
    has_digit = _DIGIT.search(text) is not None
    divided = any(map(text.__contains__, _DIVIDERS))
    if not (alone or has_digit or divided or begins_like_byline(text)):
        return False
    by: list[str] = []
    names: list[str] = []
    dates: list[tuple[WrittenDate, bool]] = []
    unknown: list[str] = []
    noise = 0
    ago = False  # "3 hours ago", which is no date but stands where one would
    for piece in _DIVIDER.split(text) if divided else (text,):
        piece = piece.strip(" ,;*_")
        if not piece:
            continue
        found = list(find_dates(piece, findings.language_tag, findings.today)) if has_digit else []
        if not found and len(piece) < 60 and _NOISE.fullmatch(piece):
            noise += 1
            continue
        if not found and len(piece) < 60 and _AGO.fullmatch(piece):
            ago = True
            continue
        author, rest = _authors_in(piece, found, block)
        if author:
            by.append(author)
            if found:
                dates += [(date, _is_update(piece, date)) for date in found]
            continue
        if found and (
            inner := _author_before_date(piece, found[0].start, block)
            or _author_after_date(piece, found[-1].end, block)
        ):
            by.append(inner)
            dates += [(date, _is_update(piece, date)) for date in found]
            continue
        if found:
            rest = _without_dates(piece, found)
            if _is_only_about_date(rest):
                dates += [(date, _is_update(piece, date)) for date in found]
                continue
            if not loose:
                return False
            left = rest.strip(" \u3000,;:()[]（）")
            is_whole = len(left.split()) >= 2 or is_unspaced_name(left)
            if is_whole and is_name_line(left) and len(piece) < 120:
                names.append(left)
                dates += [(date, _is_update(piece, date)) for date in found]
                continue
            if len(left) <= 40 and not _SENTENCE.search(left) and _is_label(left):
                dates += [(date, _is_update(piece, date)) for date in found]
                unknown.append(left)
                continue
            unknown.append(piece)
            continue
        if UPDATED.match(piece) and len(piece) < 40:
            noise += 1
        elif is_name_line(piece):
            names.append(piece)
        else:
            unknown.append(piece)
    if not by and not dates and not ((alone or ago) and names):
        return False
    if not loose and (names or unknown) and not by:
        return False
    if sum(map(len, unknown)) > 80 or any(_SENTENCE.search(piece) and len(piece) > 40 for piece in unknown):
        return False
    _offer(by, names, dates, unknown, findings)
    return True


def _is_label(text: str) -> bool:
    """Whether what stands beside a date may be a section, a place or a paper."""
    return (is_unspaced(text) and len(text) <= 8) or (text[:1].isupper() and len(text.split()) <= 4)


def _offer(
    by: list[str], names: list[str], dates: list[tuple[WrittenDate, bool]], unknown: list[str], findings: Findings
) -> None:
    if by:
        findings.offer_authors(by, "byline", in_byline=True)
        unknown = unknown + names
    elif names:
        people = [name for name in names if not is_generic(name)] or names
        findings.offer_authors(people[:1], "line of names and date", in_byline=True)
        unknown = unknown + [name for name in names if name not in people[:1]]
    for date, update in dates:
        if not update:
            findings.offer_date(date, "dateline")
        else:
            findings.offer_extra("updated", date.text, "dateline")
    if dates and not findings.date and not any(not update for _, update in dates):
        findings.offer_date(dates[0][0], "dateline of the update")
    for piece in unknown:
        findings.add_extra("byline", piece, "byline")


def _authors_in(piece: str, dates: list[WrittenDate], block: Block) -> tuple[str, str]:
    """What a piece that begins like a byline says of the authors, as ("Jane Doe", …); empty if it does not."""
    if not begins_like_byline(piece):
        return "", ""
    text = piece[: dates[0].start] if dates else piece
    if dates and not text.strip(" ,;:("):
        return "", ""
    text = _BEFORE_DATE.sub("", text)
    if not text or len(text) > 300:
        return "", ""
    text = _linked_names(text, block) or text
    names = split_authors(text)
    linked = {link.strip().casefold() for link, _ in block.links}
    if not names:
        return "", ""
    for name in names:
        known = looks_like_name(name) or is_agency(name) or name.casefold() in linked or looks_like_name(name.title())
        known = known or is_numbered_name(name)
        if not known and not (len(text) < 60 and _NAMED_LIKE_JOB.fullmatch(name)):
            return "", ""
        if name.islower() and name.casefold() not in linked and len(name.split()) > 1:
            return "", ""
    said = sum(map(len, names))
    if said * 3 < len(text) and len(text) > 60:
        return "", ""  # "By the time …"
    if text.endswith(".") and not names[-1].endswith(".") and len(text.split()) > 6:
        return "", ""
    return text, piece


def _author_before_date(piece: str, date: int, block: Block) -> str:
    """The name in "Posted in Boats by jane on …": short, before the date, a link or in the form of a name."""
    match = _INNER_BY.search(piece, 0, date)
    if not match or match.start() > 80:
        return ""
    return _only_names(_BEFORE_DATE.sub("", piece[match.end() : date]).strip(" ,;:("), block)


def _author_after_date(piece: str, date: int, block: Block) -> str:
    """The name in "Posted on 21 September 2020 by Jane Doe", as in `_author_before_date`."""
    match = _BY_AFTER_DATE.match(piece, date)
    return _only_names(piece[match.end() :].strip(" ,;:(")[:100], block) if match else ""


def _only_names(text: str, block: Block) -> str:
    names = split_authors(text)
    linked = {link.strip().casefold() for link, _ in block.links}
    if names and all(name.casefold() in linked or looks_like_name(name) or len(text.split()) == 1 for name in names):
        return text
    return ""


def _linked_names(text: str, block: Block) -> str:
    """The names alone of a byline whose names are links, with whatever follows them left out: "By [Jane Doe] Politics"."""
    if not block.links:
        return ""
    start = min((text.find(link) for link, _ in block.links[:10] if link and link in text), default=-1)
    if start < 0 or len(text[:start].split()) > 4 or any(character.isdigit() for character in text[:start]):
        return ""
    position, names, goes_on = start, [], False
    while True:
        following = next((link for link, _ in block.links if link and text.startswith(link, position)), None)
        if following is None or not is_name_line(following):
            break
        names.append(following)
        position += len(following)
        between = _BETWEEN_NAMES.match(text, position)
        goes_on = bool(between and between.group())
        if not between or not goes_on:
            break
        position = between.end()
    if goes_on:  # "By [Jane Doe], Chief Reporter, and Ana Pérez"
        others = split_authors(text[position:])
        if any(len(name.split()) > 1 and looks_like_name(name) and not is_agency(name) for name in others):
            return ""
    return "; ".join(names)


def _is_update(piece: str, date: WrittenDate) -> bool:
    before = piece[: date.start]
    return bool(UPDATED.search(before[before.rfind(",") + 1 :] if before.count(",") else before))


def _without_dates(piece: str, dates: list[WrittenDate]) -> str:
    kept, position = [], 0
    for date in dates:
        kept.append(piece[position : date.start])
        position = max(date.end, position)
    kept.append(piece[position:])
    return " ".join(kept)


def _is_only_about_date(rest: str) -> bool:
    left = _DATE_WORDS.sub(" ", rest)
    return sum(character.isalpha() for character in left) <= 2
