"""What may stand before a colon: the fields of a query, what else they may be called, and what only looks like one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from index.schema import SCHEMA, SECTION

FIELDS: dict[str, str] = {field.name: field.name for field in SCHEMA.fields if field.named and field.name != "text"} | {
    "authors": "author",
    "by": "author",
    "file": "source",
    "path": "source",
    "language": "lang",
    "headline": "title",
    SECTION: SECTION,
    "has": "has",
}
"""What may stand before a colon, and the field it means."""

_ALSO_HAS = {"authors": "author", "by": "author", "byline": "author", "headline": "title", "lang": "language"} | {
    "address": "url",
    "link": "url",
    "text": "body",
    "tag": "tags",
    "captions": "caption",
    "sections": "section",
    "dates": "date",
}
"""What people may call something that a document has."""

# What a colon follows in addresses and the like.
_SCHEMES = frozenset(
    "http https ftp ftps sftp ssh git file mailto tel sms urn doi isbn issn data news geo magnet".split()
)
_MEANT = {"from": "author", "writer": "author", "year": "date", "day": "date", "when": "date", "folders": "folder"}
_LEAST_LETTERS = 3
_BEGINS_VALUE = '("“„«»=*?~<>[{+-'


def had(name: str) -> str:
    """What a name after `has:` is called in the index."""
    name = name.casefold()
    return _ALSO_HAS.get(name, name)


def looks_like_field(name: str, follows: str) -> bool:
    """Whether an unknown word before a colon was meant for a field: `autor:afp`, but not `re: coolant` or `std::map`.

    Args:
        name: the word.
        follows: the character after the colon, or "".
    """
    return (
        len(name) >= _LEAST_LETTERS
        and name.isalpha()
        and name.casefold() not in _SCHEMES
        and (follows.isalnum() or (follows != "" and follows in _BEGINS_VALUE))
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """The one of the known names that is spelled most like `name`, or "" when none is near."""
    import difflib  # only when a name is misspelled

    near = difflib.get_close_matches(name.casefold(), list(known), n=1, cutoff=0.7)
    return near[0] if near else ""


def nearest_field(name: str, known: Iterable[str]) -> str:
    """The field that an unknown name was meant for, or ""."""
    return _MEANT.get(name.casefold()) or nearest(name, known)


def known_fields(facets: Iterable[str]) -> Mapping[str, str]:
    """All fields, those included that an index declares."""
    declared = {name: name for name in facets if name not in FIELDS}
    singular = {name.removesuffix("s"): name for name in declared if name.endswith("s") and len(name) > _LEAST_LETTERS}
    return singular | FIELDS | declared
