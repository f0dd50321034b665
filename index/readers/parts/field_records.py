"""From a record, be it an object of JSON or a row of a table, to a document: its fields count by their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from index.document import Document
from index.readers import RawFile
from index.readers.article.findings import Findings
from index.readers.article.named_values import BODY, BODY_HTML, first_text, plain_key, read_fields, texts
from index.readers.article.start import findings_for
from index.readers.blocks.plain import folded, printable, tidy
from index.readers.bylines.dates import date_in_path
from index.readers.parts.feed_text import html_body

MAX_PATH = 10
"""The most parts of a name such as "meta.headline"."""

_BEGINNING = 60  # characters that two forms of one text have in common
_MUCH_LONGER = 1.2

# The names by which `named_values` knows what `--map` calls author and date; the others have the same name.
_CANONICAL = {"author": "authors", "date": "published"}


def read_record(values: Mapping[str, Any], file: RawFile, source: str, rule: str) -> Document:
    """The document of one record; `rule` is the beginning of its rules' names, such as "json"."""
    findings = findings_for(file, source)
    body, name, used = _mapped(values, file, findings, rule)
    if not body:
        body, name, others = _body(values)
        used |= others
    read_fields({key: value for key, value in values.items() if key not in used}, findings, rule)
    if not findings.date and findings.url and (found := date_in_path(findings.url)):
        findings.offer_date(found, "address")
    return findings.document(body, f"{rule} {name}")


def value_at(values: Mapping[str, Any], name: str) -> Any:
    """What a record has under a name, else under a path such as "meta.headline" or "people.name"; None for nothing.

    The names are taken as written, else without regard to capitals. Lists give what each of their records has.
    """
    found = _under(values, name)
    if found is None and "." in name:
        inner: Any = values
        for part in name.split(".", MAX_PATH):
            if isinstance(inner, list):
                inner = [_under(each, part) for each in inner if isinstance(each, Mapping)]
            else:
                inner = _under(inner, part) if isinstance(inner, Mapping) else None
        found = inner
    return found


def _under(values: Mapping[str, Any], name: str) -> Any:
    if name in values:
        return values[name]
    folded = name.casefold()
    return next((value for key, value in values.items() if str(key).casefold() == folded), None)


def _mapped(values: Mapping[str, Any], file: RawFile, findings: Findings, rule: str) -> tuple[str, str, set[str]]:
    """Offers what the settings map; returns the body and its key, if it is mapped, and the keys that are used up."""
    body = key = ""
    used: set[str] = set()
    for field, names in file.settings.map.items():
        for name in names:
            value = value_at(values, name)
            if not any(text.strip() for text in texts(value)):
                continue
            used.add(next((str(key) for key in values if str(key).casefold() == name.casefold()), name))
            if field == "body":
                body, key = (body, key) if body else (_text(value, is_markup=False), name)
            else:
                read_fields({_CANONICAL.get(field, field): value}, findings, f"{rule} {name} as")
    return body, key, used


def _body(values: Mapping[str, Any]) -> tuple[str, str, set[str]]:
    """The text of a record, its key, and the keys that hold it or another form of it.

    Of several forms of one text the first counts, unless it is only the beginning of another.
    """
    by_name = {plain_key(str(key)): key for key in values}
    body = found = ""
    used: set[str] = set()
    for name in (*BODY, *BODY_HTML):
        key = by_name.get(name)
        if key is None or not (text := _text(values[key], is_markup=name in BODY_HTML)):
            continue
        if not body:
            body, found = text, str(key)
        elif not _is_form_of(text, body):
            continue
        elif len(text) > _MUCH_LONGER * len(body):
            body, found = text, str(key)
        used.add(key)
    return body, found, used


def _is_form_of(text: str, other: str) -> bool:
    """Whether one of two texts holds the beginning of the other."""
    one, two = folded(text), folded(other)
    return one[:_BEGINNING] in two or two[:_BEGINNING] in one


def _text(value: Any, *, is_markup: bool) -> str:
    """A body from a text, a list of paragraphs, or {"rendered": …}."""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return tidy([printable(part) for part in value])
    if isinstance(value, Mapping) and isinstance(value.get("rendered"), str):
        value, is_markup = value["rendered"], True
    text = first_text(value)
    if not text.strip():
        return ""
    if is_markup or _is_markup(text):
        return html_body(printable(text))
    return tidy(_paragraphs(printable(text)))


def _is_markup(text: str) -> bool:
    return "<p>" in text or "</p>" in text or "<br" in text or "</div>" in text


def _paragraphs(text: str) -> list[str]:
    if "\n\n" in text:
        return text.split("\n\n")
    lines = text.split("\n")
    long = sum(len(line) > 110 for line in lines)
    return lines if long * 3 >= len(lines) else [text]
