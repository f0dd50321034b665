"""The fields of a hit by name, as tables, templates and JSON give them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from index.errors import UsageError
from search.render.escape import neutralise
from search.render.links import Place, passage_link, place_of
from search.results import Hit

FieldValue = str | int | float | dt.date | None | list[str]
"""A value of a field before it is written anywhere."""

_Places = Callable[[Hit], Place | None]
_GETTERS: Mapping[str, Callable[[Hit, _Places], FieldValue]] = {
    "rank": lambda hit, _: hit.rank,
    "id": lambda hit, _: hit.id,
    "score": lambda hit, _: hit.score,
    "title": lambda hit, _: hit.title,
    "authors": lambda hit, _: list(hit.authors),
    "date": lambda hit, _: hit.date,
    "year": lambda hit, _: hit.date.year if hit.date else None,
    "language": lambda hit, _: hit.language,
    "source": lambda hit, _: hit.source,
    "path": lambda hit, places: str(place.path) if (place := places(hit)) else None,
    "line": lambda hit, places: (place.line or None) if (place := places(hit)) else None,
    "url": lambda hit, _: hit.url,
    "link": lambda hit, _: passage_link(hit),
    "snippet": lambda hit, _: hit.snippets[0].text if hit.snippets else "",
    "snippets": lambda hit, _: [snippet.text for snippet in hit.snippets],
    "missing": lambda hit, _: list(hit.missing),
    "stale": lambda hit, _: hit.stale,
}

FIELD_NAMES = tuple(_GETTERS)
"""Every field there is, in order."""

_PATHS = frozenset(["path", "source"])

DEFAULT_FIELDS = ("rank", "id", "score", "title", "authors", "date", "language", "source", "url", "snippet")
"""The columns of a table for which none are named."""


class HitFields:
    """Looks up the fields of hits.

    Args:
        home: the folder that sources are relative to.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._known: dict[str, Place | None] = {}

    def value(self, hit: Hit, name: str) -> FieldValue:
        """The value of a field that `FIELD_NAMES` lists."""
        return _GETTERS[name](hit, self._place)

    def to_dict(self, hit: Hit, names: Iterable[str]) -> dict[str, Any]:
        """Some fields of a hit as JSON types, dates as YYYY-MM-DD."""
        values = {name: self.value(hit, name) for name in names}
        return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}

    def _place(self, hit: Hit) -> Place | None:
        if hit.id not in self._known:
            self._known[hit.id] = place_of(hit, self._home)
        return self._known[hit.id]


def read_fields(text: str) -> Sequence[str]:
    """The fields that a person lists, as in "title,date".

    Raises:
        UsageError: there is no such field, or none is named.
    """
    names = [name.strip().casefold() for name in text.split(",") if name.strip()]
    unknown = next((name for name in names if name not in _GETTERS), None)
    if unknown is not None or not names:
        what = f"there is no field “{unknown}”" if unknown else "no field is named"
        raise UsageError(what, remedy=f"There are: {', '.join(FIELD_NAMES)}")
    return tuple(dict.fromkeys(names))


def as_text(value: FieldValue) -> str:
    """A value as one text: several joined by "; ", scores with four decimals, nothing as ""."""
    match value:
        case None:
            return ""
        case list():
            return "; ".join(value)
        case float():
            return f"{value:.4f}"
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)


def one_line(value: FieldValue, name: str) -> str:
    """The value of a field as harmless text on one line. Bytes of paths that are no UTF-8 stay as they are."""
    return neutralise(as_text(value), keep_surrogates=name in _PATHS)
