"""Bylines: from "By Jane Doe and Ana Pérez, Staff Writers | jane@example.org" to the names in it."""

from __future__ import annotations

import re
from functools import lru_cache

from index.readers.blocks.plain import one_line
from index.readers.bylines.months import month_number
from index.readers.bylines.plain_byline import plain_byline
from index.readers.bylines.roles import EDGES, bare, is_agency, is_role, without_jobs
from index.readers.bylines.words import (
    ALSO_NAMES,
    AND,
    AND_BETWEEN_NAMES,
    BESIDE_NUMBERS,
    BODIES,
    BY,
    CHINESE_FAMILIES,
    DEGREES,
    JOBS,
    KOREAN_FAMILIES,
    LABELS,
    NOT_NAME_ENDINGS,
    NOT_NAMES,
    OTHER_ROLES,
    PARTICLES,
    SUFFIXES,
    WEEKDAYS,
)

MAX_AUTHORS = 200
MAX_NAME_CHARACTERS = 120

_WITH_DOT = re.compile(r"\b(?:[A-Z]|[JS]r|Co|Cie)$")  # "Joe S.", "Perry Bacon Jr.", "Doe & Co."
_BRACKETS = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）|【[^【】]*】|<[^<>]*>)")


def _either(phrases: tuple[str, ...]) -> str:
    return "|".join(sorted(map(re.escape, phrases), key=len, reverse=True))


_AFTER_WORD = r"(?:\s*[:：=／/・]\s*|\s+|(?<=[\u3000-\u9fff]{2}))"
_KIND_BY = r"(?:(?:eine?|an?)\s[^\W\d_]+(?:\s[^\W\d_]+)?\s(?:von|by))"  # "eine Glosse von", "a guest column by"
_BY = re.compile(rf"(?:(?:{_either(BY)}|{_KIND_BY}){_AFTER_WORD})+", re.IGNORECASE)
_BY_FIRST = frozenset(re.split(r"[\s:(/]", phrase)[0] for phrase in BY) | {"ein", "eine", "a", "an"}
_OTHER_ROLE = re.compile(
    rf"\W*(?:{_either(OTHER_ROLES)})(?:\s*[:：／/]|\s+(?:by|von|par|por|de|di|door|av|af)\b)", re.IGNORECASE
)
_INNER_ROLE = re.compile(
    rf"\s+(?=(?:{_either(OTHER_ROLES)})(?:\s*[:：]|\s+(?:by|von|par|por|di|door|av|af)\s))", re.IGNORECASE
)
_ROLE_FIRST = frozenset(phrase.split()[0] for phrase in OTHER_ROLES)
_FIRST_WORD = re.compile(r"\W*([^\W\d_]+)")
_COMPANY = (  # "Doe & Sons", "Doe und Partner"
    r"(?:co|cie|cía|company|compagnie|partners?|sons|söhne|fils|associates)\b\.?\s*"
    rf"(?:$|[,;|&]|(?:kg|inc|ltd|llc|gmbh|{_either(AND)})\b)"
)
_AND_COMPANY = re.compile(rf"\s+(?:&|{_either(AND)})\s+{_COMPANY}", re.IGNORECASE)
_SEPARATOR = re.compile(
    rf"\s*[;|•·、，\n\u2022／]\s*|\s+/\s+|\s*&\s*+(?!{_COMPANY})|\s+(?:{_either(AND)})\s++(?!{_COMPANY})"
    r"|\s+[-–—]\s+",
    re.IGNORECASE,
)
_WEAK_AND = re.compile(rf"\s+({'|'.join(AND_BETWEEN_NAMES)})\s+")
_TRAILING = re.compile(
    r"\s+(?:for|in|at|from|on|is|via|with additional|(?i:special to)|reports?|reporting|für|aus|pour|à|para|en|per)"
    r"\s.*$"
)
_ON_BEHALF = re.compile(r"\s*(?:(?:for|with|in|from|at|of|to|on behalf of|im auftrag|für|pour|para)\s)(?!.*\band\b)")
_COMMA = re.compile(r"\s*,\s*")
_DATE_TAIL = re.compile(
    r"(?<![\s,|–—-])[\s,|–—-]*+\b(?:(?:published|updated|posted|last|on|am|le|el|il|em|den|um|vom|от|publiziert|veröffentlicht|aktualisiert|stand"
    r"|publié|publicado|pubblicato|actualizado|vor|hace|há|il y a|prije|pre)\b|\d)",
    re.IGNORECASE,
)
_DAY_AND_DATE = re.compile(
    rf"(?P<sure>,\s*|\s+(?:on|am|le|el)\s+|)(?<=[\s,])\s*(?:{_either(tuple(WEEKDAYS))})\b[\s,]+(?=(?:[^\W\d]+\.?\s)?\d)",
    re.IGNORECASE,
)
_INTERVIEW = re.compile(r"(?:interview|entretien|entrevista|intervista)\s*:\s*(?=\w)", re.IGNORECASE)
_TAIL_WORDS = frozenset(
    ("published", "updated", "posted", "uhr", "staff", "publicado", "publié", "aktualisiert", "contactar", "am", "on")
)
_NOT_IN_NAMES = re.compile(r"[\d:?!;…,/|@#%&()\[\]{}<>=+*\"“”„«»\\]|[^\W\d_]{5,}\.\s+[^\W\d_]{3,}|\w_|\.{2}")
_NUMBERED = re.compile(r"(?:[^\W\d_][^\s\d]*\s){1,5}(?:[^\W\d_]{1,3}-?)?\d{1,3}(?P<rest>(?:\s[^\W\d_][^\s\d]*)*)")
_WORD = r"[^\W\d_][\w'’-]*"
_OR_AND = r"\s(?:and|&|und|et|y|e|en|og|och)\s"
_ONE_BODY = re.compile(  # "Ministry of Health, Labour and Welfare", "Bill and Melinda Gates Foundation"
    rf"(?:(?:the\s)?(?:{_WORD}\s)?(?:{_either(BODIES)})\s(?:of|for|für|de|des|der|di|do|van)\s(?:the\s)?{_WORD}"
    rf"(?:{_OR_AND}(?P<last>{_WORD})|(?:,\s{_WORD})+,?{_OR_AND}(?P<end>{_WORD}(?:\s{_WORD})?))"
    rf"|(?P<first>{_WORD}){_OR_AND}{_WORD}(?:\s{_WORD}){{0,2}}\s(?:foundation|stiftung|trust|fund|associates|sons))",
    re.IGNORECASE,
)
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_CJK_TITLE = re.compile(
    r"\s*(?:記者|记者|기자|特派員|編集委員|論説委員|報導|报道|通讯员|摄|著|編集部員|특파원|さん|氏)$"
)


@lru_cache(maxsize=4096)
def split_authors(text: str, *, in_byline: bool = True) -> tuple[str, ...]:
    """The names in a byline or in a metadata value, in order, each once.

    Agencies and departments are dropped when a person is named beside them, and kept when they stand alone. E-mail
    addresses, "By", job titles, degrees, dates and places after a comma do not stick.

    Args:
        text: such as "By Jane Doe, Reuters".
        in_byline: False for a value that holds names only, so that "for" or "in" are not read as the end of them.
    """
    text = plain_byline(text[:5000])
    if " " in text:
        text = _INNER_ROLE.sub(" ; ", text)
    if "(" in text or "[" in text or "（" in text or "<" in text or "【" in text:
        text = _BRACKETS.sub(" ", text) if _BRACKETS.sub("", text).strip() else text
    has_digit = any(character.isdigit() for character in text)
    if in_byline or not _is_inverted(text):
        whole, text = text, _without_by(text)
        in_byline = in_byline or text is not whole
    if has_digit:
        text = _without_weekday(text)
    if _is_one_body(text.strip(EDGES)):
        name = clean_name(text, in_byline=False)
        return (name,) if name else ()
    parts: list[str] = []
    for piece in _SEPARATOR.split(text):
        if parts and is_role(piece):
            continue
        parts += [
            part
            for part in _split_commas(_without_by(piece) if in_byline or not _is_inverted(piece) else piece)
            if not _names_other_role(part) and not _ON_BEHALF.match(part)
        ]
    names: dict[str, str] = {}
    for part in parts:
        for one in _weakly_split(part):
            name = clean_name(one, in_byline=in_byline)
            if has_digit and name and month_number(name.casefold().strip(".")):
                continue
            if name:
                names.setdefault(name.casefold(), name)
    return tuple(_people_first(list(names.values()))[:MAX_AUTHORS])


def clean_name(text: str, *, in_byline: bool = True) -> str:
    """One name without what sticks to it; empty if nothing of a name is left."""
    text = one_line(text)
    name = _INTERVIEW.sub("", _without_by(text.strip(EDGES)))
    if in_byline:
        shorter = _TRAILING.sub("", name)
        if shorter != name and (len(shorter.split()) > 1 or is_agency(shorter)) and looks_like_name(shorter):
            name = shorter
    if any(character.isdigit() for character in name) and not _has_own_number(name, in_byline):
        last_digit = max(number for number, character in enumerate(name) if character.isdigit())
        tail = _DATE_TAIL.search(name, 0, last_digit + 1)  # what follows the last number does not begin a date
        shorter = name[: tail.start()] if tail else name
        if not shorter and not name[0].isdigit():
            return ""  # "Updated 12 May", "vor 5 Stunden"
        name = shorter if len(shorter) > 1 else name
        words = name.split()
        while len(words) > 1 and (
            any(c.isdigit() for c in words[-1]) or month_number(words[-1].casefold().strip(".,"))
        ):
            words.pop()
        name = " ".join(words)
    name = _CJK_TITLE.sub("", name) or name
    tokens = name.strip(EDGES).split()
    tokens = without_jobs(tokens)
    while tokens and bare(tokens[-1]) in DEGREES:
        tokens.pop()
    while (len(tokens) > 2 and tokens[-1].casefold() in _TAIL_WORDS) or (len(tokens) == 2 and tokens[1] == "Uhr"):
        tokens.pop()
    half = len(tokens) // 2
    if half >= 2 and tokens[:half] == tokens[half:]:
        tokens = tokens[:half]  # a name and, unseen, the same once more
    name = " ".join(tokens).strip(EDGES)
    if f"{name}." in text and re.search(rf"\b{re.escape(name)}\.", text) and _WITH_DOT.search(name):
        name += "."
    if name.casefold() in NOT_NAMES or name.casefold() in WEEKDAYS:
        return ""
    if not any(character.isalpha() for character in name) or len(name) > MAX_NAME_CHARACTERS:
        return ""
    return name


@lru_cache(maxsize=4096)
def looks_like_name(text: str) -> bool:
    """Whether a text could be one person's or body's name: few words, each with a capital, no digits, no sentence."""
    if "&" in text:
        text = _AND_COMPANY.sub("", text)
    if not text or len(text) > 60 or _NOT_IN_NAMES.search(text):
        return False
    if not text.isascii() and _UNSPACED.search(text):
        return len(text) <= 12 and all(character.isalpha() or character in " ・·" for character in text)
    tokens = text.split()
    if not 1 <= len(tokens) <= 6:
        return False
    capitals = 0
    for token in tokens:
        word = token.strip(EDGES)
        if not word:
            return False
        if word[0].isupper() or not word[0].islower():  # scripts without case have neither
            capitals += 1
        elif word not in PARTICLES and word.islower():
            return False
    if text[-1] == "." and len(tokens[-1]) > 3 and tokens[-1].casefold() not in SUFFIXES:
        return False
    return capitals >= 1 and not any(bare(token) in JOBS for token in tokens)


def is_numbered_name(text: str) -> bool:
    """Whether a text could be the name of a channel or the like, such as "France 24"."""
    return _has_own_number(text, in_byline=True) and looks_like_name(text.split()[0])


def is_unspaced_name(text: str) -> bool:
    """Whether a text without spaces could be a person's name in Chinese, Japanese or Korean characters."""
    name = text.strip(EDGES)
    if re.fullmatch(r"[가-힣]{2,4}", name):
        return name[0] in KOREAN_FAMILIES and len(name) > 2
    if not re.fullmatch(r"[\u3400-\u9fff々]{2,5}[ぁ-のは-ん]{0,3}", name) or len(name) > 6 or is_agency(name):
        return False
    return (len(name) > 2 or name[0] in CHINESE_FAMILIES) and not name.endswith(NOT_NAME_ENDINGS)


def is_unspaced(text: str) -> bool:
    """Whether a text holds characters of a script that puts no spaces between words."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def begins_like_byline(text: str) -> bool:
    """Whether a text begins as bylines do: "By …", "Text: …", "记者…"."""
    first = _FIRST_WORD.match(text)
    if not first or (first[1].casefold() not in _BY_FIRST and first[1][0] < "\u3000"):
        return False
    match = _BY.match(text, first.start(1))
    if match is None:
        return False
    said = match.group().strip().casefold()
    if said in LABELS or re.fullmatch(_KIND_BY, said):
        rest = text[match.end() : match.end() + 60].split(",")[0].strip()
        return len(rest.split()) >= 2 and looks_like_name(rest)
    return True


def _names_other_role(text: str) -> bool:
    first = _FIRST_WORD.match(text)
    if not first or (first[1].casefold() not in _ROLE_FIRST and first[1][0] < "\u3000"):
        return False
    return _OTHER_ROLE.match(text) is not None


def _has_own_number(name: str, in_byline: bool) -> bool:
    """Whether a name's number is part of it ("France 24", "Studio B2", "Channel 4 News") and not of a date or a count.

    In a byline, where dates and counts follow names, only a single word may have a number of its own.
    """
    match = _NUMBERED.fullmatch(name)
    words = name.split()
    if not match or (in_byline and (len(words) != 2 or match["rest"])):
        return False
    beside = [word.casefold().strip(".,") for word in words]
    if any(word in BESIDE_NUMBERS or month_number(word.rstrip("-0123456789")) for word in beside):
        return False
    return words[0][0].isupper() and not any(word[0].islower() for word in match["rest"].split())


def _is_one_body(text: str) -> bool:
    """Whether a text with commas or "and" is the name of one ministry, foundation or the like."""
    match = _ONE_BODY.fullmatch(text)
    return match is not None and not any(is_agency(part) for part in match.group("last", "end", "first") if part)


def _without_by(text: str) -> str:
    stripped = text.lstrip(EDGES)
    match = _BY.match(stripped) if begins_like_byline(stripped) else None
    if match is None:
        return text
    rest = stripped[match.end() :].strip()
    if not rest or (len(rest.split()) == 1 and match.group().strip().casefold() in ALSO_NAMES):
        return text
    return rest


def _without_weekday(text: str) -> str:
    """A byline whose date begins with a weekday, with that taken out: it may be a family name, too ("Jane Sonntag")."""
    match = _DAY_AND_DATE.search(text)
    if not match or not (match["sure"] or len(text[: match.start()].split()) >= 2):
        return text
    return f"{text[: match.start()]} {text[match.end() :]}"


def _split_commas(text: str) -> list[str]:
    parts: list[str] = []
    for part in _COMMA.split(text):
        if part.casefold().strip() in SUFFIXES and parts:
            parts[-1] = f"{parts[-1]} {part.strip()}"
        elif part.strip(EDGES):
            parts.append(part)
    if len(parts) < 2:
        return parts
    if len(parts) == 2 and _is_family_name(parts[0]) and not _UNSPACED.search(text):
        (last, one), (first, other) = map(_without_suffix, parts)
        is_name = 1 <= len(first.split()) <= 4 and looks_like_name(first) and looks_like_name(last)
        if is_name and not is_agency(first) and not is_role(first):
            if all(len(bare(token)) <= 2 or token in PARTICLES for token in first.split()[1:]):
                # "Doe, Jane", "Doe, Jane A.", "de la Cruz, Ana", "Berg, Jan van der", "Doe Jr., Sam"
                return [f"{first} {last} {one or other}".strip()]
            if len(last.split()) == 1:
                return parts
    kept: list[str] = []
    for number, part in enumerate(parts):
        if bare(part) in DEGREES:
            continue
        if number and len(part.split()) == 1 and len(parts[0].split()) > 1 and not _UNSPACED.search(part):
            continue  # "Jane Doe, London": a full name is not followed by half of one
        if number and kept and (is_role(part) or _is_job(part)):
            continue  # "Jane Doe, Senior Editor at The Daily Tide"
        kept.append(part)
    return kept


def _is_family_name(text: str) -> bool:
    """Whether a text before a comma is one word, or one behind particles: "Doe", "de la Cruz"."""
    return all(word.casefold() in PARTICLES for word in _without_suffix(text)[0].split()[:-1])


def _without_suffix(name: str) -> tuple[str, str]:
    """A name, and the "Jr." or "III" that was its last word, if one was."""
    before, _, last = name.strip().rpartition(" ")
    return (before, last) if before and last.casefold() in SUFFIXES else (name, "")


def _is_inverted(text: str) -> bool:
    """Whether a text begins with such a name whose first word might be read as "by": "von Trapp, Maria"."""
    family, _, rest = text.partition(",")
    first = rest.partition(";")[0].strip()
    return " " in family.strip() and _is_family_name(family) and looks_like_name(first)


def _is_job(text: str) -> bool:
    tokens = text.split()
    return any(bare(token) in JOBS for token in tokens) and not looks_like_name(" ".join(without_jobs(tokens)))


def _weakly_split(text: str) -> list[str]:
    """Splits between two full names at what also occurs inside names, such as the "y" of "Ortega y Gasset"."""
    if "/" in text:
        parts = text.split("/")
        if all(is_agency(part) or (len(part.split()) >= 2 and looks_like_name(part.strip())) for part in parts):
            return parts
    pieces = _WEAK_AND.split(text)
    names = pieces[::2]
    if len(names) > 1 and len(names[0].split()) >= 2:
        kept = names[:1]
        for word, name in zip(pieces[1::2], names[1:], strict=True):
            if len(name.split()) >= 2:
                kept.append(name)
            else:
                kept[-1] += f" {word} {name}"
        return kept
    return [text]


def _people_first(names: list[str]) -> list[str]:
    people = [name for name in names if not is_agency(name) and any(map(looks_like_name, (name, name.title())))]
    if people and len(people) < len(names):
        return [name for name in names if not is_agency(name)]
    return names
