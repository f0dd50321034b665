"""JSON: lines of one record each, a list of records, one record, or records in a wrapper; JSON Feed.

The names people give their fields are those of `article.named_values`; {"title": {"rendered": …}} is looked into.
Records that Byline wrote itself are taken as they are, and exported ones keep their sources: see `own_format`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from index.document import Document
from index.errors import ReadError
from index.readers import MAX_ENTRIES, Problem, RawFile
from index.readers.blocks.plain import shorten
from index.readers.decoding.encoding import decode, guess_warning
from index.readers.parts.field_records import read_record
from index.readers.parts.json_feed import is_json_feed, read_json_feed
from index.readers.parts.json_values import json_value
from index.readers.parts.json_wrappers import is_article, seen_from, unwrapped, unwrapped_entry
from index.readers.parts.own_format import EXPORT_MARK, kept_source, read_own

_NAMES_SHOWN = 10
_CHARACTERS_SHOWN = 200


def read(file: RawFile) -> Iterator[Document | Problem]:
    """The documents of a file, and a problem for each line that holds none."""
    decoded = decode(file.data, file.source, records=True)
    guessed = guess_warning(decoded)
    for found in _records(decoded.text, file):
        if guessed and isinstance(found, Document):
            found = replace(found, warnings=(*found.warnings, guessed))
        yield found


def _records(text: str, file: RawFile) -> Iterator[Document | Problem]:
    if file.suffix == ".json":
        try:
            value = json_value(text)
        except (ValueError, RecursionError) as error:
            if "\n" not in text.strip() or not text.lstrip().startswith("{"):
                raise ReadError(f"not JSON ({_why(error)})", where=file.source) from error
        else:
            yield from _whole(value, file)
            return
    yield from _lines(text, file)


def _whole(value: Any, file: RawFile) -> Iterator[Document | Problem]:
    if is_json_feed(value):
        yield from read_json_feed(value, file)
        return
    if isinstance(value, dict):
        value, path = unwrapped(value, file.settings)
        file = seen_from(path, file)
    if isinstance(value, dict):
        document = _document(value, file, file.source)
        if not document.body and not is_article(value, file.settings):
            raise ReadError(_lacking(value), where=file.source)
        yield from _called(document, value, file, set(), "the record")
        return
    if not isinstance(value, list):
        raise ReadError("JSON, but neither a record nor a list of records", where=file.source)
    names: set[str] = set()
    for number, entry in enumerate(value[:MAX_ENTRIES], 1):
        if isinstance(entry, dict):
            record = unwrapped_entry(entry, file.settings)
            yield from _entry(record, file, f"{file.source}#{number}", f"entry {number}", names)
        else:
            yield Problem(f"entry {number} is no record")
    if len(value) > MAX_ENTRIES:
        yield Problem(f"only the first {MAX_ENTRIES} of {len(value)} entries are read")


def _lines(text: str, file: RawFile) -> Iterator[Document | Problem]:
    number = 0
    names: set[str] = set()
    for at, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        number += 1
        if number > MAX_ENTRIES:
            yield Problem(f"only the first {MAX_ENTRIES} lines are read")
            break
        try:
            value = json_value(line)
            why = "" if isinstance(value, dict) else "is no record"
        except (ValueError, RecursionError) as error:
            why = f"is not JSON ({_why(error)})"
        if why:
            yield Problem(f"line {at} {why}")
        else:
            yield from _entry(value, file, f"{file.source}#{number}", f"line {at}", names)


def _entry(
    values: Mapping[str, Any], file: RawFile, source: str, place: str, names: set[str]
) -> Iterator[Document | Problem]:
    document = _document(values, file, source)
    if document.title or document.body:
        yield from _called(document, values, file, names, place)
    else:
        yield Problem(f"{place} has neither a title nor a text")


def _document(values: Mapping[str, Any], file: RawFile, source: str) -> Document:
    return read_own(values, source) or read_record(values, file, source, "json")


def _called(
    document: Document, values: Mapping[str, Any], file: RawFile, names: set[str], place: str
) -> Iterator[Document | Problem]:
    """The document, if it was exported under the source that it had; `names` are those already given in this file."""
    original = values.get(EXPORT_MARK) and values.get("source")
    if isinstance(original, str):
        kept = kept_source(original, file.source)
        if kept and kept not in names:
            names.add(kept)
            document = document.with_source(kept)
        else:
            why = "stands in the file twice" if kept else "is no path below the index's folder"
            if not (kept or original.isprintable()):
                why = "holds a line feed or other signs that are not shown as they are"
            yield Problem(
                f"{place}: the source “{shorten(original, _CHARACTERS_SHOWN)}” {why}; it is {document.source}"
            )
    yield document


def _lacking(values: Mapping[str, Any]) -> str:
    """Why a record is none of an article, with the names of its texts, of which one may be meant."""
    names = [name for name, value in values.items() if isinstance(value, str) and value.strip()]
    shown = shorten(", ".join(names[:_NAMES_SHOWN]), _CHARACTERS_SHOWN)
    which = f" (it has: {shown}); if one is, say which: --map title=NAME" if names else ""
    return f"a record with neither a title nor a text{which}"


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.pos + 1}"
    return "nested too deep" if isinstance(error, RecursionError) else str(error)
