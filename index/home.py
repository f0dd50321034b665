"""Where the index is, and the folder that its documents' sources are relative to."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from index.errors import IndexNotFound, UsageError

INDEX_NAME = ".byline"
"""The name an index folder has unless one is given."""

ENVIRONMENT_VARIABLE = "BYLINE_INDEX"
"""Names the index folder where none is given."""


def find_index(explicit: str | Path | None, *, create: bool) -> Path:
    """The index folder to use.

    Args:
        explicit: the folder a person named, which may also be the one that holds a `.byline`.
        create: whether the index may not exist yet; then `./.byline` is the last resort.

    Returns:
        `explicit`, else $BYLINE_INDEX, else the nearest `.byline` upward from the current folder, else `./.byline`.
        Whether that holds an index is not checked here.

    Raises:
        IndexNotFound: if none is named, none is near and `create` is False.
    """
    named = explicit if explicit is not None else os.environ.get(ENVIRONMENT_VARIABLE) or None
    if named is not None:
        folder, inner = _places(named)
        return inner if inner and os.path.isdir(inner) else folder  # noqa: PTH112  (which is quicker)
    here = Path.cwd()
    for near in _upward(here):
        if os.path.isdir(near):  # noqa: PTH112
            return near
    if not create:
        raise IndexNotFound(
            f"there is no index in this folder or above it ({INDEX_NAME})",
            where=str(here),
            remedy="Make one: byline index PATH",
        )
    return here / INDEX_NAME


@lru_cache(maxsize=64)
def _upward(here: Path) -> tuple[Path, ...]:
    """Where an index may be, in this folder or above it."""
    return tuple(folder / INDEX_NAME for folder in (here, *here.parents))


@lru_cache(maxsize=64)
def _places(named: str | Path) -> tuple[Path, Path | None]:
    """The folder that was named, and the one in it that may be meant."""
    if "\0" in str(named):
        raise IndexNotFound("no folder can have this name", where=repr(str(named)))
    folder = Path(named).expanduser()
    return folder, None if folder.name == INDEX_NAME else folder / INDEX_NAME


def home_of(index_dir: Path) -> Path:
    """The folder that holds the index: sources inside it are relative to it, so that both can move together."""
    return _parent(os.path.abspath(index_dir))  # noqa: PTH100  (Path.resolve would follow links)


@lru_cache(maxsize=64)
def _parent(folder: str) -> Path:
    return Path(folder).parent


def unwritable(index_dir: Path, error: OSError, *, remedy: str = "") -> UsageError:
    """What to raise when the system does not let an index be written to; `remedy` if there is a better one."""
    return UsageError(
        f"the index cannot be written to: {error.strerror or error}",
        where=str(index_dir),
        remedy=remedy or "Keep one elsewhere: byline index PATH --index DIR",
    )
