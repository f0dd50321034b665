"""Search options by name and text, such as `expand=true`: what `search()` can be told besides the query and the page.

The options are the keyword arguments of `search()` itself, so that a new one needs no line here.
"""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Union, get_args, get_origin, get_type_hints

from index.errors import UsageError

SearchOptions = dict[str, Any]
"""Keyword arguments for `search()`."""

PAGE = frozenset("index limit offset after snippets snippet_length facets facet_values timeline explain budget".split())
"""Arguments of `search()` that say where to look and what to show, and leave the order of hits alone."""

_TRUE = frozenset(["true", "yes", "on", "1"])
_FALSE = frozenset(["false", "no", "off", "0"])
_NONE = frozenset(["none", ""])


def read_options(settings: Iterable[str], search: Callable[..., Any] | None = None) -> SearchOptions:
    """Options from texts such as `expand=true`, each value as the type that the option has.

    Args:
        settings: "name=value"; the last one counts when a name comes twice.
        search: the function that takes the options; `search.search` unless given.

    Raises:
        UsageError: a text is no setting, there is no such option, or the value is of another type.
    """
    options: SearchOptions = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        name = name.strip().replace("-", "_")
        if not equals:
            raise UsageError(f"“{setting}” sets no option", remedy="Write NAME=VALUE")
        options[name] = _value(name, text.strip(), _kind(name, search))
    return options


def check_options(options: Mapping[str, object], search: Callable[..., Any] | None = None) -> None:
    """Raise UsageError if there is no such option, or a value is of another type."""
    for name, value in options.items():
        kinds = _kinds(_kind(name, search))
        accepted = (*kinds, int) if float in kinds else kinds
        if (isinstance(value, bool) and bool not in kinds) or not isinstance(value, accepted):
            raise UsageError(f"the option {name} cannot be {value!r}")


def known_options(search: Callable[..., Any] | None = None) -> frozenset[str]:
    """The names of all options."""
    return frozenset(_known(search or _search()))


def _kind(name: str, search: Callable[..., Any] | None) -> Any:
    known = _known(search or _search())
    if name not in known:
        among = f"The options are: {', '.join(sorted(known))}." if known else "This version has none."
        raise UsageError(f"there is no search option “{name}”", remedy=among)
    return known[name]


def _search() -> Callable[..., Any]:
    from search.api import search

    return search


@functools.cache
def _known(search: Callable[..., Any]) -> dict[str, Any]:
    """The type of each option of a search function."""
    hints = get_type_hints(search)
    return {
        name: hints[name]
        for name, parameter in inspect.signature(search).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY and name not in PAGE
    }


def _kinds(kind: Any) -> tuple[Any, ...]:
    """The types of a union; of a sequence or mapping the plain type."""
    if get_origin(kind) in (types.UnionType, Union):
        return tuple(each for part in get_args(kind) for each in _kinds(part))
    return (get_origin(kind) or kind,)


def _value(name: str, text: str, kind: Any) -> Any:
    """`text` as the first type of the option that it can be."""
    kinds = _kinds(kind)
    plain = text.casefold()
    if types.NoneType in kinds and str not in kinds and plain in _NONE:
        return None
    if bool in kinds and plain in _TRUE | _FALSE:
        return plain in _TRUE
    for number in (int, float):
        if number in kinds:
            try:
                return number(text)
            except ValueError:
                continue
    if str in kinds:
        return text
    what = " or ".join({bool: "true or false", int: "a whole number", float: "a number"}.get(k, "") for k in kinds)
    raise UsageError(f"the option {name} cannot be “{text}”", remedy=f"It is {what}" if what.strip() else None)
