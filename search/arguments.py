"""Arguments of the functions of `search.api`: their types and bounds, checked in one place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from index.errors import UsageError


class ArgumentError(UsageError):
    """An argument that makes no sense.

    Attributes:
        name: of the argument.
        problem: what is wrong with it, as it follows the name.
    """

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name} {problem}")
        self.name = name
        self.problem = problem

    def of_option(self, names: Iterable[str] = ()) -> UsageError:
        """The same about an option by its names; by default the one that is called as the argument is."""
        return UsageError(f"{'/'.join(names) or '--' + self.name.replace('_', '-')} {self.problem}")


_TEXT = (str,), "a text (str)"
_WHOLE = (int,), "a whole number (int)"
_NUMBER = (int, float), "a number of seconds"
_YES_OR_NO = (bool,), "True or False"
_PLACE = (str, Path), "a path (str or Path)"

_WANTED: dict[str, tuple[tuple[type, ...], str]] = {
    "query": _TEXT,
    "prefix": _TEXT,
    "name": _TEXT,
    "filters": _TEXT,
    "sort": _TEXT,
    "limit": _WHOLE,
    "offset": _WHOLE,
    "snippets": _WHOLE,
    "snippet_length": _WHOLE,
    "facet_values": _WHOLE,
    "after": _TEXT,
    "recency": ((str,), "a half-life as a text, such as 30d or 2w"),
    "index": _PLACE,
    "synonyms": _PLACE,
    "budget": _NUMBER,
    "collapse": _YES_OR_NO,
    "expand": _YES_OR_NO,
    "explain": _YES_OR_NO,
    "timeline": _YES_OR_NO,
}
_MAY_BE_NONE = frozenset(["after", "recency", "index", "synonyms", "budget", "expand"])


def check_types(**given: object) -> None:
    """Raise UsageError, saying what is wanted, if an argument is not of its type."""
    for name, value in given.items():
        types, wanted = _WANTED[name]
        if value is None and name in _MAY_BE_NONE:
            continue
        if (type(value) is bool and bool not in types) or not isinstance(value, types):  # Python counts it as an int
            raise ArgumentError(name, f"is {shown(value)}; it must be {wanted}")


def check_bounds(name: str, value: float, least: float, most: float) -> None:
    """Raise UsageError if a number lies outside its bounds."""
    if not least <= value <= most:
        raise ArgumentError(name, f"is {value:,}; it must lie between {least:,} and {most:,}")


def facet_list(facets: object) -> list[str]:
    """The names of facets: those given one by one, or those in a text with commas between.

    Raises:
        UsageError: it is neither.
    """
    if isinstance(facets, str):
        return [name for name in re.split(r"[,\s]+", facets) if name]
    names: list[str] = []
    for name in facets if isinstance(facets, Iterable) else [facets]:
        if not isinstance(name, str):
            raise ArgumentError("facets", f"holds {shown(name)}; it must be names, such as ['author', 'year']")
        names.append(name)
    return names


def article_name(like: object) -> str:
    """What names an article: a text, or the id of a hit or a document.

    Raises:
        UsageError: it is neither.
    """
    name = getattr(like, "id", like)
    if not isinstance(name, str):
        raise ArgumentError("like", f"is {shown(like)}; it must be an id, a path or an address, or a hit")
    return name


def shown(value: object) -> str:
    """A value and its type for a message."""
    text = repr(value)
    return "None" if value is None else f"{text[:60]}{'…' if len(text) > 60 else ''} ({type(value).__name__})"
