"""The engines by name. A library is imported only when its engine is asked for."""

from __future__ import annotations

from importlib import import_module

from index.engines.contract import Engine
from index.errors import UsageError

_MODULES = {
    "whoosh": "index.engines.whoosh_engine",
    "tantivy": "index.engines.tantivy_engine",
}

ENGINE_NAMES: tuple[str, ...] = tuple(_MODULES)
"""The engines there are, from the one for few documents to the one for many."""


def engine(name: str) -> Engine:
    """The engine of this name. Raises `UsageError` when there is none, or when its library is not installed."""
    module = _MODULES.get(name)
    if module is None:
        raise UsageError(f"there is no engine called {name!r}", remedy=f"Choose one of: {', '.join(ENGINE_NAMES)}.")
    try:
        made: Engine = import_module(module).ENGINE
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the engine {name!r} needs the Python package {error.name!r}, which is not installed",
            remedy="Install it with pip, or choose another engine.",
        ) from error
    return made
