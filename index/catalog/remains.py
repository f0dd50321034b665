"""What can be told of an index without its manifest: that it is just being made, or was one, and of which folders."""

from __future__ import annotations

import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

from index.catalog.connections import private_copy
from index.errors import BylineError, IndexNotFound
from index.storage.lock import holder_of
from index.storage.manifest import CATALOG_NAME, GENERATIONS_NAME

NO_MANIFEST = "the index's manifest.json is missing, without which the rest of it is of no use"

_MOST_ROOTS = 20


def not_found(index_dir: Path) -> IndexNotFound:
    """The error for an index folder without a manifest: says whether it is being made, or what is left of an index."""
    if holder := holder_of(index_dir):
        return IndexNotFound(
            f"this index is being made now, by {holder}", where=str(index_dir), remedy="Try again when it is done."
        )
    if was_committed(index_dir):
        return IndexNotFound(NO_MANIFEST, where=str(index_dir), remedy=again(index_dir))
    if (index_dir / GENERATIONS_NAME).is_dir():
        return IndexNotFound(
            "the making of this index was broken off before anything was whole",
            where=str(index_dir),
            remedy=again(index_dir, rebuild=False),
        )
    return IndexNotFound("there is no index here", where=str(index_dir), remedy="Make one: byline index PATH")


def again(index_dir: Path, *, rebuild: bool = True) -> str:
    """What to do where the manifest is lost: the command that indexes the same folders, as far as they are known."""
    option = "--rebuild " if rebuild else ""
    roots = ordinary_roots(index_dir)
    if not roots:
        return f"Build it again, naming the folders: byline index {option}PATH"
    named = " ".join(shlex.quote(root) for root in roots[:_MOST_ROOTS]) + (" …" if len(roots) > _MOST_ROOTS else "")
    return f"Build it again: byline index {option}PATH. As its catalog tells, it held files in: {named}"


def was_committed(index_dir: Path) -> bool:
    """Whether the catalog knows of a commit, so that there was a whole index."""
    return bool(_asked(index_dir, "SELECT generation FROM generations LIMIT 1"))


def ordinary_roots(index_dir: Path) -> list[str]:
    """The files and folders at the top under which the files of an index lie, by its catalog; none if that is lost."""
    relative = _asked(
        index_dir,
        "SELECT DISTINCT CASE WHEN instr(source, '/') THEN substr(source, 1, instr(source, '/')) ELSE source END "
        f"FROM files WHERE source NOT LIKE '/%' AND substr(source, 2, 1) <> ':' LIMIT {_MOST_ROOTS + 1}",
    )
    absolute = _asked(
        index_dir,
        "SELECT DISTINCT rtrim(source, replace(source, '/', '')) FROM files "
        f"WHERE source LIKE '/%' OR substr(source, 2, 1) = ':' ORDER BY length(source) LIMIT {_MOST_ROOTS + 1}",
    )
    tops: list[str] = []
    for folder in absolute:
        if not any(folder.startswith(top) for top in tops):
            tops.append(folder)
    return [*relative, *tops]


def _asked(index_dir: Path, statement: str) -> list[str]:
    path = index_dir / CATALOG_NAME
    try:
        if not path.exists():
            return []
        with closing(private_copy(path)) as connection:
            connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
            return [row[0] for row in connection.execute(statement)]
    except (sqlite3.Error, OSError, BylineError):
        return []
