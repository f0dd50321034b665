"""What readers are told besides the file: the table `[reading]` of `byline.toml`, and `--map`.

This file imports only the errors, so that readers, settings and manifest can share it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, field, replace
from typing import Any

from index.errors import UsageError
from index.records import record

SETTINGS_NAME = "byline.toml"

FIELDS = ("title", "author", "date", "url", "body", "language", "section", "summary", "tags")
"""What a field of a record can be mapped to."""

DATE_ORDERS = ("day-first", "month-first")

EPUB_FORMS = ("chapters", "book")
"""What a document is, in files of EPUB."""

MAX_NAMES = 20
"""The most names that records may have for one field."""

MAX_CHARACTERS = 500
"""Of one name, pattern or format."""

FieldMap = Mapping[str, tuple[str, ...]]
"""For some of `FIELDS`, the names that records have for them, best first; a name may be a path: "meta.headline"."""


@record(frozen=True, slots=True, kw_only=True)
class ReadingSettings:
    """The table `[reading]`; the defaults tell readers nothing.

    Attributes:
        map: the names of fields in records: JSON, JSON lines, CSV.
        author: the author of documents that name none.
        site: the site of documents that name none.
        language: ISO 639-1 code of documents that declare none; it is then not detected.
        date_format: how dates are written, in the signs of `datetime.strptime`; other forms are still understood.
        date_order: what "03/04/2022" means: one of `DATE_ORDERS`, or "" to go by the document's language.
        epub: one of `EPUB_FORMS`, or "" for the first of them.
        include: patterns as in `.gitignore` for the files to read, seen from the folder of the settings; none for all.
        exclude: likewise, for the files not to read.
    """

    map: FieldMap = field(default_factory=dict)
    author: str = ""
    site: str = ""
    language: str = ""
    date_format: tuple[str, ...] = ()
    date_order: str = ""
    epub: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Sixteen letters and digits that differ where files may give other documents; empty for the defaults.

        Patterns do not count: they choose files, but change none.
        """
        told = {name: value for name, value in asdict(self).items() if value and name not in ("include", "exclude")}
        if not told:
            return ""
        import hashlib  # only where settings are not the defaults

        text = json.dumps(told, sort_keys=True)
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    def with_map(self, map: FieldMap) -> ReadingSettings:
        """The same with more names, which come before those there are."""
        if not map:
            return self
        both = {name: (*map.get(name, ()), *self.map.get(name, ())) for name in {**self.map, **map}}
        return replace(self, map={name: tuple(dict.fromkeys(names)) for name, names in both.items()})

    @classmethod
    def from_toml(cls, values: Mapping[str, Any]) -> ReadingSettings:
        """The settings of a table whose values were checked: one text may stand for a list of one."""
        found = dict(values)
        for key in {"date_format", "include", "exclude"} & values.keys():
            found[key] = _tuple(values[key])
        if "map" in values:
            found["map"] = {name: _tuple(names) for name, names in values["map"].items()}
        return cls(**found)


def _tuple(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def read_map(options: Iterable[str]) -> FieldMap:
    """The map that options such as "title=headline" name; "title=" is an empty tuple, which takes a map back.

    Raises:
        UsageError: for an option that is not of this form.
    """
    found: dict[str, tuple[str, ...]] = {}
    for option in options:
        name, equals, theirs = option.partition("=")
        name = {"authors": "author", "published": "date", "text": "body"}.get(name.strip(), name.strip())
        if not equals or name not in FIELDS:
            raise UsageError(
                f"--map {option} maps no field",
                remedy=f"Write --map title=headline, for any of: {', '.join(FIELDS)}",
            )
        if len(theirs) > MAX_CHARACTERS or len(found.get(name, ())) >= MAX_NAMES:
            raise UsageError(f"--map {name}=… has more than {MAX_NAMES} names, or one that is too long")
        found[name] = (*found.get(name, ()), theirs.strip()) if theirs.strip() else found.get(name, ())
    return found


def added_up(kept: FieldMap, map: FieldMap) -> FieldMap:
    """The names that are kept with those of `map` before them; where that has none for a field, none are kept.

    Raises:
        UsageError: if a field has more than `MAX_NAMES` then.
    """
    found = {}
    for name in {**kept, **map}:
        names = tuple(dict.fromkeys((*map.get(name, ()), *kept.get(name, ())))) if map.get(name, True) else ()
        if len(names) > MAX_NAMES:
            raise UsageError(
                f"--map {name}=… has more than {MAX_NAMES} names, with those of before",
                remedy=f"Take them back first: byline index --map {name}=",
            )
        if names:
            found[name] = names
    return found


def is_map(value: object) -> bool:
    """Whether a value of TOML or JSON is a map: names or lists of names for some of `FIELDS`."""
    return isinstance(value, dict) and all(name in FIELDS and are_texts(names) for name, names in value.items())


def are_texts(value: object) -> bool:
    """Whether a value of TOML or JSON is a text or a list of a few."""
    texts = [value] if isinstance(value, str) else value
    return (
        isinstance(texts, list)
        and len(texts) <= MAX_NAMES
        and all(isinstance(text, str) and 0 < len(text) <= MAX_CHARACTERS for text in texts)
    )
