"""JSON: lines of one record each, a list of records, one record, or records under a name such as "articles".

The names people give their fields are those of `fields`; {"title": {"rendered": …}} is looked into. Records that
Byline wrote itself are taken as they are: see `own_format`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from index.document import Document
from index.errors import ReadError
from index.readers import Problem, RawFile
from index.readers.blocks import strip_tags
from index.readers.dates import date_in_path
from index.readers.encoding import decode, guess_warning
from index.readers.fields import BODY, BODY_HTML, first_text, plain_key, read_fields
from index.readers.findings import Findings
from index.readers.own_format import read_own
from index.readers.plain import printable, tidy

MAX_ENTRIES = 200_000
"""The most records of one file."""

MAX_PROBLEMS = 100
"""Lines that are no records are reported one by one up to this many, and then counted."""

_LISTS = ("articles", "items", "documents", "docs", "posts", "entries", "results", "data", "records", "hits", "news")


def read(file: RawFile) -> Iterator[Document | Problem]:
    """The documents of a file, and a problem for each line that holds none."""
    decoded = decode(file.data, file.source, records=True)
    guessed = guess_warning(decoded)
    for found in _records(decoded.text, file):
        if guessed and isinstance(found, Document):
            found = replace(found, warnings=(*found.warnings, guessed))
        yield found


def _records(text: str, file: RawFile) -> Iterator[Document | Problem]:
    if file.path.suffix.lower() == ".json":
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            if "\n" not in text.strip() or not text.lstrip().startswith("{"):
                raise ReadError(f"not JSON ({_why(error)})", where=file.source) from error
        else:
            yield from _whole(value, file)
            return
    yield from _lines(text, file)


def _whole(value: Any, file: RawFile) -> Iterator[Document | Problem]:
    if isinstance(value, dict):
        inner = next((value[name] for name in _LISTS if _is_records(value.get(name))), None)
        if inner is None:
            yield _document(value, file.source)
            return
        value = inner
    if not isinstance(value, list):
        raise ReadError("JSON, but neither a record nor a list of records", where=file.source)
    for number, entry in enumerate(value[:MAX_ENTRIES], 1):
        if isinstance(entry, dict):
            yield from _entry(entry, f"{file.source}#{number}", f"entry {number}")
        else:
            yield Problem(f"entry {number} is no record")
    if len(value) > MAX_ENTRIES:
        yield Problem(f"only the first {MAX_ENTRIES} of {len(value)} entries are read")


def _lines(text: str, file: RawFile) -> Iterator[Document | Problem]:
    number = broken = 0
    for at, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        number += 1
        if number > MAX_ENTRIES:
            yield Problem(f"only the first {MAX_ENTRIES} lines are read")
            break
        try:
            value = json.loads(line)
            why = "" if isinstance(value, dict) else "is no record"
        except (ValueError, RecursionError) as error:
            why = f"is not JSON ({_why(error)})"
        if why:
            broken += 1
            if broken <= MAX_PROBLEMS:
                yield Problem(f"line {at} {why}")
        else:
            yield from _entry(value, f"{file.source}#{number}", f"line {at}")
    if broken > MAX_PROBLEMS:
        yield Problem(f"{broken - MAX_PROBLEMS} more lines are no records")


def _entry(values: Mapping[str, Any], source: str, place: str) -> Iterator[Document | Problem]:
    document = _document(values, source)
    if document.title or document.body:
        yield document
    else:
        yield Problem(f"{place} has neither a title nor a text")


def _document(values: Mapping[str, Any], source: str) -> Document:
    """The document of one record; its fields count by their names."""
    if own := read_own(values, source):
        return own
    findings = Findings(source)
    body, used = _body(values)
    read_fields({key: value for key, value in values.items() if key not in used}, findings, "json")
    if not findings.date and findings.url and (found := date_in_path(findings.url)):
        findings.offer_date(found, "address")
    return findings.document(body)


def _body(values: Mapping[str, Any]) -> tuple[str, set[str]]:
    """The text of a record and the keys that hold it (or another form of it)."""
    by_name = {plain_key(str(key)): key for key in values}
    used = {by_name[name] for name in (*BODY, *BODY_HTML) if name in by_name}
    for name in (*BODY, *BODY_HTML):
        key = by_name.get(name)
        value = values.get(key) if key is not None else None
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            return tidy([printable(part) for part in value]), used
        if isinstance(value, Mapping) and isinstance(value.get("rendered"), str):
            value, name = value["rendered"], BODY_HTML[0]
        text = first_text(value)
        if not text.strip():
            continue
        if name in BODY_HTML or _is_markup(text):
            text = strip_tags(text)
            return tidy([part for line in printable(text).split("\n") for part in [line]]), used
        return tidy(_paragraphs(printable(text))), used
    return "", used


def _is_markup(text: str) -> bool:
    return "<p>" in text or "</p>" in text or "<br" in text or "</div>" in text


def _paragraphs(text: str) -> list[str]:
    if "\n\n" in text:
        return text.split("\n\n")
    lines = text.split("\n")
    long = sum(len(line) > 110 for line in lines)
    return lines if long * 3 >= len(lines) else [text]


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and any(isinstance(entry, dict) for entry in value)


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.pos + 1}"
    return "nested too deep" if isinstance(error, RecursionError) else str(error)
