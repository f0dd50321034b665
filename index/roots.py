"""Roots: the files and folders that an index covers, by the names their sources begin with."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from index.catalog import Catalog
from index.errors import UsageError
from index.walk import source_of


def is_covered(source: str, roots: AbstractSet[str]) -> bool:
    """Whether a walk of the roots comes to `source`: it is a root, or lies below one and is not hidden there."""
    return source in roots or _is_below(source, roots)


def _is_below(source: str, roots: AbstractSet[str]) -> bool:
    rest = source
    while True:
        folder, _, name = rest.rpartition("/")
        if name.startswith("."):
            return False
        if folder in roots:
            return True
        if not folder:  # at the top: of the file system, or of the index's home
            return ("/" if rest.startswith("/") else ".") in roots
        if folder.endswith(":"):  # a drive
            return f"{folder}/" in roots
        rest = folder


def merged(roots: Iterable[str]) -> tuple[str, ...]:
    """The roots in order, without those that another covers."""
    every = set(roots)
    return tuple(sorted(root for root in every if root in (".", "/") or not _is_below(root, every)))


def named_roots(paths: Sequence[Path], home: Path) -> tuple[str, ...]:
    """The roots that a person named.

    Raises:
        UsageError: if one of them does not exist.
    """
    for path in paths:
        if not path.exists():
            raise UsageError("there is no such file or folder", where=str(path), remedy="Check the name.")
    return merged(source_of(path, home) for path in paths)


def lies_in(source: str, folders: AbstractSet[str]) -> bool:
    """Whether `source` is one of `folders` or lies below one, hidden or not."""
    return any(
        source == folder
        or (folder == "." and not Path(source).is_absolute())
        or source.startswith(folder if folder.endswith("/") else f"{folder}/")
        for folder in folders
    )


def roots_to_forget(paths: Sequence[Path], roots: Sequence[str], catalog: Catalog, home: Path) -> frozenset[str]:
    """The names of what a person wants to have forgotten, which need not exist any more.

    Args:
        paths: as named by the person.
        roots: of the index.
        catalog: of the index.
        home: of the index.

    Raises:
        UsageError: for a path of which nothing is in the index, or one inside a root, from where it would come back.
    """
    forgotten = {source_of(path, home): path for path in paths}
    names = frozenset(forgotten)
    for name, path in forgotten.items():
        if any(lies_in(root, {name}) for root in roots):
            continue
        above = [root for root in roots if is_covered(name, {root}) and not lies_in(root, names)]
        known = catalog.knows(name) or catalog.knows_under(name)
        if known and above:
            raise UsageError(
                f"this is part of {above[0]}, which is indexed, so the next update would bring it back",
                where=str(path),
                remedy=f"Delete it and run: byline index; or forget the whole: {_command('--forget', home / above[0])}",
            )
        if not known:
            raise UsageError(
                "nothing of this is in the index",
                where=str(path),
                remedy=f"These are indexed: {', '.join(roots)}" if roots else None,
            )
    return names


def check_roots(
    roots: Iterable[str], catalog: Catalog, home: Path, *, may_be_empty: Collection[str]
) -> tuple[str, ...]:
    """The roots that can be walked now: all but those that are a file's name, when that file was deleted.

    A folder that is gone, or is empty where it was not, may be a disk that is not mounted: to take all its articles
    for deleted would lose them.

    Raises:
        UsageError: naming a root that is gone; or one that is empty and was not, unless it is in `may_be_empty`.
    """
    there = []
    for root in roots:
        path = home / root
        if not path.exists():
            if path.parent.is_dir() and catalog.knows(root):
                continue
            raise UsageError(
                "this was indexed and is gone; nothing was changed",
                where=str(path),
                remedy=(
                    "Bring it back, or until then bring only other folders up to date: byline index PATH. If it is "
                    f"gone for good: {_command('--forget', path)}; or name all that the index is to hold: "
                    "byline index --rebuild PATH"
                ),
            )
        if path.is_dir() and root not in may_be_empty and catalog.knows_under(root) and not any(path.iterdir()):
            raise UsageError(
                "this folder was indexed and is empty now; nothing was changed",
                where=str(path),
                remedy=(
                    f"Bring its files back. If they are gone for good: {_command('--forget', path)}; or name all that "
                    "the index is to hold: byline index --rebuild PATH"
                ),
            )
        there.append(root)
    return tuple(there)


def _command(option: str, path: Path) -> str:
    return f"byline index {option} {shlex.quote(str(path))}"
