"""Byline's own format: a record as `Document.to_dict` writes it.

`byline read --jsonl` prints it, and its articles get new sources, those of the file that they now stand in. `byline
export` prints it marked, and then an article keeps the source it had. Such a file may come from anybody, so that a
source is only kept as a path below the folder that holds the index.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from index.document import Candidate, Document
from index.errors import ReadError
from index.readers.article.findings import (
    MAX_CANDIDATES,
    MAX_EXTRA_CHARACTERS,
    MAX_EXTRAS,
    MAX_TITLE_CHARACTERS,
    MAX_URL_CHARACTERS,
    MAX_VALUES,
)
from index.readers.blocks.plain import printable
from index.readers.bylines.names import MAX_AUTHORS
from index.sources import belongs_to

EXPORT_MARK = "byline_export"
"""The key whose presence tells an exported document, with the version of the format as its value."""

EXPORT_VERSION = 1
"""Raised whenever earlier versions of Byline could not read what `byline export` prints."""

MAX_SOURCE_CHARACTERS = 4_096

_KEYS = frozenset(Document("").to_dict(candidates=True))
_LATER_KEYS = frozenset(("confidence", "candidates"))  # which records of earlier versions lack
_CANDIDATE_KEYS = frozenset(Candidate._fields)
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
_ROOT = re.compile(r"(?:[A-Za-z]:)?[/\\]+")
_DRIVE = re.compile("[A-Za-z]:")
_SEPARATORS = re.compile(r"[/\\]")
_NO_NAMES = frozenset(("", ".", ".."))
_FILE_NAME_BYTES = re.compile("[\udc80-\udcff]")  # of names that are not UTF-8
_ARCHIVE = "!/"


def read_own(values: Mapping[str, Any], source: str) -> Document | None:
    """The document that such a record holds, under its new source; None if the record is not such a one.

    It has exactly the keys of the format with values of their types, within the bounds that readers keep. For the
    source of one that is marked as exported see `kept_source`.

    Raises:
        ReadError: if a later version of Byline exported it.
    """
    if EXPORT_MARK in values:
        version = values[EXPORT_MARK]
        if type(version) is int and version > EXPORT_VERSION:
            raise ReadError("exported by a later version of Byline", where=source, remedy="Update Byline.")
        values = {name: value for name, value in values.items() if name != EXPORT_MARK}
    if not _KEYS - _LATER_KEYS <= values.keys() <= _KEYS:
        return None
    if not (
        all(isinstance(values[key], str) for key in ("id", "source", "title", "body", "url", "language"))
        and _are_texts(values["authors"], MAX_AUTHORS)
        and _are_texts(values["warnings"], MAX_VALUES)
        and all(isinstance(values[key], dict) and len(values[key]) <= 2 * MAX_EXTRAS for key in ("extra", "provenance"))
        and all(isinstance(value, str) or _are_texts(value, MAX_VALUES) for value in values["extra"].values())
        and all(isinstance(value, str) for value in values["provenance"].values())
        and _are_shares(values.get("confidence", {}))
        and _are_candidates(values.get("candidates", {}))
    ):
        return None
    if len(values["title"]) > MAX_TITLE_CHARACTERS or len(values["url"]) > MAX_URL_CHARACTERS:
        return None
    if not _LANGUAGE.fullmatch(values["language"]) or (values["url"] and not _ADDRESS.fullmatch(values["url"])):
        return None
    try:
        return replace(Document.from_dict(_printable(values)), source=source)
    except (KeyError, TypeError, ValueError):
        return None


def kept_source(original: str, file: str) -> str | None:
    """What an exported document is called in the index that it now goes into; None if its source cannot be kept.

    Args:
        original: its source where it was exported. As tar does, the root of an absolute path is left out. A path that
            climbs (`..`) is not kept, nor one that a terminal would not show as it is.
        file: the source of the file that it stands in. What would pass for a place in that is not kept either.
    """
    root = _ROOT.match(original)
    path = original[root.end() :] if root else original
    if (
        not path
        or len(path) > MAX_SOURCE_CHARACTERS
        or _DRIVE.match(path)
        or "\n" in path
        or printable(shown := _FILE_NAME_BYTES.sub("", path)) != shown
        or any(part in _NO_NAMES for part in _SEPARATORS.split(path.replace(_ARCHIVE, "/")))
        or belongs_to(path, file)
    ):
        return None
    return path


def _are_texts(value: Any, most: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= most
        and all(isinstance(text, str) and len(text) <= MAX_EXTRA_CHARACTERS for text in value)
    )


def _are_shares(values: Any) -> bool:
    return (
        isinstance(values, dict)
        and len(values) <= 2 * MAX_EXTRAS
        and all(type(value) in (int, float) and 0 <= value <= 1 for value in values.values())
    )


def _are_candidates(values: Any) -> bool:
    return (
        isinstance(values, dict)
        and len(values) <= 2 * MAX_EXTRAS
        and all(isinstance(found, list) and len(found) <= MAX_CANDIDATES for found in values.values())
        and all(
            isinstance(each, dict)
            and each.keys() == _CANDIDATE_KEYS
            and (_are_texts(each["value"], MAX_VALUES) or _are_texts([each["value"]], 1))
            and _are_texts([each["rule"], each["refused"]], 2)
            for found in values.values()
            for each in found
        )
    )


def _printable(value: Any) -> Any:
    """The value with every text in it made printable: what stands in a file need not come from Byline."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {printable(key): _printable(inner) for key, inner in value.items()}
    return [_printable(inner) for inner in value] if isinstance(value, list) else value
