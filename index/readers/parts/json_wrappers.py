"""Where the records are in JSON that wraps them: {"response": {"docs": [{…}, {…}]}}, {"data": {"article": {…}}}.

Records are told by their shape: a mapping that has a text, or at least a title, under a name that is known or mapped.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any, NamedTuple

from index.readers import RawFile
from index.readers.article.named_values import group_of, plain_key, texts
from index.readers.parts.field_records import value_at
from index.reading_settings import ReadingSettings

MAX_DEPTH = 6
"""Records that are wrapped deeper are not found."""

MAX_MAPPINGS = 1000
"""How many mappings are looked at for them."""

_LISTS = ("articles", "items", "documents", "docs", "posts", "entries", "results", "data", "records", "hits", "news")
_TRIED = 5  # entries of a list that show what it holds
_LONGEST_NAME = 100  # of a wrapper

_NOTHING, _TITLE, _TEXT = range(3)


class Wrapped(NamedTuple):
    """What was found.

    Attributes:
        value: a record, or a list with records in it.
        path: the names that lead to it, with dots between them; empty for the whole.
    """

    value: Any
    path: str = ""


def unwrapped(whole: Mapping[str, Any], settings: ReadingSettings) -> Wrapped:
    """The record or the list of records that a value of JSON is about; itself if there is none in it.

    A list under a name such as "articles" comes first, then the whole if it has a text, then what lies nearest.
    """
    for name in _LISTS:
        if _list_worth(whole.get(name), settings):
            return Wrapped(whole[name], name)
    least = _worth(whole, settings) + 1  # beside a title of its own, only what has texts is what it is about
    if least > _TEXT:
        return Wrapped(whole)
    waiting: deque[tuple[Mapping[str, Any], str, int]] = deque([(whole, "", 0)])
    looked_at = 0
    while waiting and looked_at < MAX_MAPPINGS:
        mapping, path, depth = waiting.popleft()
        looked_at += 1
        if depth and _worth(mapping, settings) >= least:
            return Wrapped(mapping, path)
        for name, value in mapping.items():
            inner = f"{path}.{name}" if path else name
            if _list_worth(value, settings) >= least:
                return Wrapped(value, inner)
            if isinstance(value, Mapping) and depth < MAX_DEPTH and len(name) < _LONGEST_NAME:
                waiting.append((value, inner, depth + 1))
    if least == _TITLE:  # nothing is an article: then the names in the list say what to map
        for name in _LISTS:
            value = whole.get(name)
            if isinstance(value, list) and any(isinstance(entry, Mapping) for entry in value):
                return Wrapped(value, name)
    return Wrapped(whole)


def unwrapped_entry(entry: Mapping[str, Any], settings: ReadingSettings) -> Mapping[str, Any]:
    """The record in an entry of a list such as {"_id": 3, "_source": {…}}: the only mapping in it that is one."""
    if _worth(entry, settings):
        return entry
    inner = [value for value in entry.values() if isinstance(value, Mapping) and _worth(value, settings)]
    return inner[0] if len(inner) == 1 else entry


def seen_from(path: str, file: RawFile) -> RawFile:
    """The file with names such as "response.docs.headline" mapped as they are called below `path`, too."""
    if not path:
        return file
    start = f"{path}."
    inner = {
        field: tuple(name.removeprefix(start) for name in names if name.startswith(start))
        for field, names in file.settings.map.items()
    }
    return file._replace(settings=file.settings.with_map({field: names for field, names in inner.items() if names}))


def is_article(values: Mapping[str, Any], settings: ReadingSettings) -> bool:
    """Whether a record has a text or a title; what is only called "name" may be anything's."""
    return _worth(values, settings) > _NOTHING


def _list_worth(value: Any, settings: ReadingSettings) -> int:
    if not isinstance(value, list):
        return _NOTHING
    entries = [entry for entry in value[: 4 * _TRIED] if isinstance(entry, Mapping)]
    return max((_worth(unwrapped_entry(entry, settings), settings) for entry in entries[:_TRIED]), default=_NOTHING)


def _worth(values: Mapping[str, Any], settings: ReadingSettings) -> int:
    """Whether a mapping has a text, or a title at least."""
    for worth, field in ((_TEXT, "body"), (_TITLE, "title")):
        if any(next(texts(value_at(values, name)), "").strip() for name in settings.map.get(field, ())):
            return worth
    groups = {group_of(name) for name, value in values.items() if plain_key(name) != "name" and _is_text(value)}
    return _TEXT if "body" in groups else _TITLE if "title" in groups else _NOTHING


def _is_text(value: Any) -> bool:
    """Whether a value is a text, a list of texts, or {"rendered": …}."""
    if isinstance(value, Mapping):
        value = value.get("rendered")
    if isinstance(value, list):
        return bool(value) and all(isinstance(part, str) for part in value[:_TRIED])
    return isinstance(value, str) and bool(value.strip())
