"""Roots: the files and folders that an index covers, by the names their sources begin with."""

from __future__ import annotations

import json
import shlex
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from index.catalog.catalog import Catalog
from index.errors import UsageError
from index.files.ignore import OWN_NAME
from index.files.walk import is_bare, source_of, upwards, why_ignored

MAX_ROOTS_BYTES = 3 * 2**20
"""How much room the names of an index's roots may take in its manifest."""


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
    """The roots that a person named, each once; one may cover another.

    Raises:
        UsageError: if one of them does not exist or may not be read.
    """
    for path in paths:
        if not _exists(path):
            raise UsageError("there is no such file or folder", where=str(path), remedy="Check the name.")
    return tuple(dict.fromkeys(source_of(path, home) for path in paths))


def check_fit(roots: Iterable[str]) -> None:
    """Raise UsageError if the names of these roots are more than a manifest holds."""
    if sum(len(json.dumps(root)) + len(" \n,") for root in roots) > MAX_ROOTS_BYTES:
        raise UsageError(
            f"these are too many files and folders to be named one by one: their names take more than "
            f"{MAX_ROOTS_BYTES // 2**20} MB",
            remedy="Name the folder that they lie in: byline index DIR",
        )


def lies_in(source: str, folders: AbstractSet[str]) -> bool:
    """Whether `source` is one of `folders` or lies below one, hidden or not."""
    return any(
        source == folder
        or (folder == "." and not Path(source).is_absolute())
        or source.startswith(folder if folder.endswith("/") else f"{folder}/")
        for folder in folders
    )


def roots_to_forget(
    paths: Sequence[Path], roots: Sequence[str], catalog: Catalog, home: Path, away: AbstractSet[str] = frozenset()
) -> frozenset[str]:
    """The names of what a person wants to have forgotten, which need not exist any more.

    Args:
        paths: as named by the person.
        roots: of the index.
        catalog: of the index.
        home: of the index.
        away: folders inside roots that are not mounted now (see `index.files.mounts`).

    Raises:
        UsageError: for a path of which nothing is in the index, or one inside a root, from where it would come back,
            unless it is away.
    """
    forgotten = {source_of(path, home): path for path in paths}
    names = frozenset(forgotten)
    for name, path in forgotten.items():
        if name in away or any(lies_in(root, {name}) for root in roots):
            continue
        above = [root for root in roots if is_covered(name, {root}) and not lies_in(root, names)]
        known = catalog.knows(name) or catalog.knows_under(name)
        if known and above:
            raise UsageError(
                f"this is part of {above[0]}, which is indexed, so the next update would bring it back",
                where=str(path),
                remedy=f"Delete it and run: byline index; or forget the whole: {command('--forget', home / above[0])}",
            )
        if not known:
            raise UsageError(
                "nothing of this is in the index",
                where=str(path),
                remedy=f"These are indexed: {', '.join(roots)}" if roots else None,
            )
    return names


def is_empty_folder(path: Path) -> bool:
    """Whether it is a folder with nothing to be found in it, as far as one may look."""
    try:
        return path.is_dir() and is_bare(str(path))
    except OSError:
        return False


def check_not_ignored(named: Iterable[str], roots: Sequence[str], home: Path) -> None:
    """Raise UsageError for what a person names that is part of a root, where a rule says to ignore it.

    Args:
        named: by the person, as sources.
        roots: that are to be indexed; what of `named` is not among them lies in one of them.
        home: of the index.
    """
    for name in named:
        if name not in roots and (found := why_ignored(name, set(roots), home)):
            root = next((above for above in upwards(name) if above in roots), "")
            folder, inside = (home, found.source)
            if Path(root).is_absolute():
                folder, inside = Path(root), Path(found.source).relative_to(root).as_posix()
            slash = "/" if (home / found.source).is_dir() else ""
            raise UsageError(
                f"this is part of {root}, which is indexed, and {found.reason}",
                where=str(home / name),
                remedy=f"Take that rule away, or take it back by a line in {folder / OWN_NAME}: !/{inside}{slash}",
            )


def check_not_empty(roots: Iterable[str], home: Path) -> None:
    """Raise UsageError if one of these is an empty folder, where it cannot be told what was indexed of it."""
    for root in roots:
        if _is_empty_folder(home / root):
            raise UsageError(
                "this folder is empty, and the index, whose manifest is lost, may hold articles of it; nothing was "
                "changed",
                where=str(home / root),
                remedy="Bring its files back, or do not name it",
            )


def check_roots(
    roots: Iterable[str],
    catalog: Catalog,
    home: Path,
    *,
    may_be_empty: Collection[str],
    may_be_gone: bool = False,
    anew: bool = False,
    forgotten: bool = False,
) -> tuple[str, ...]:
    """The roots that can be walked now: all but those that are gone, when they were single files or held nothing.

    A folder that is gone, or is empty where it was not, may be a disk that is not mounted: to take all its articles
    for deleted would lose them.

    Args:
        roots: by their sources.
        catalog: of the index.
        home: of the index.
        may_be_empty: folders that a person just named.
        may_be_gone: whether a root that is gone is only left out, of whatever kind, and an empty one counts as gone.
        anew: whether everything is to be read again.
        forgotten: whether the catalog was lost or is an older one, so that any folder may have held files.

    Raises:
        UsageError: naming a root that is gone or may not be read; or one that is empty and was not, unless it is in
            `may_be_empty`.
    """
    there = []
    or_stored = "To make the index anew with what it stores: byline rebuild --stored. " if anew else ""
    for root in roots:
        path = home / root
        if may_be_gone and (not _exists(path) or _is_empty_folder(path)):
            continue
        if not _exists(path):
            is_deleted = path.parent.is_dir() and not (path.parent != home and _is_empty_folder(path.parent))
            if (is_deleted or not catalog.knows(root)) and not forgotten and not catalog.knows_under(root):
                continue  # a single file that was deleted, or nothing of it was in the index
            raise UsageError(
                "this was indexed and is gone; nothing was changed",
                where=str(path),
                remedy=(
                    f"{or_stored}Bring it back, or until then bring only other folders up to date: byline index PATH. "
                    f"If it is gone for good: {command('--forget', path)}; or name all that the index is to hold: "
                    "byline index --rebuild PATH"
                ),
            )
        had_files = forgotten or catalog.knows_under(root)
        if had_files and root not in may_be_empty and _is_empty_folder(path):
            raise UsageError(
                "this folder was indexed and is empty now; nothing was changed",
                where=str(path),
                remedy=(
                    f"{or_stored}Bring its files back. If they are gone for good: {command('--forget', path)}; "
                    "or name all that the index is to hold: byline index --rebuild PATH"
                ),
            )
        there.append(root)
    return tuple(there)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise _unreadable(path, error) from error


def _is_empty_folder(path: Path) -> bool:
    try:
        return path.is_dir() and is_bare(str(path))
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"this cannot be read: {error.strerror or error}; nothing was changed",
        where=str(path),
        remedy="Get the right to read it, or until then bring only others up to date: byline index PATH",
    )


def command(option: str, path: Path) -> str:
    """What to type for an option of `byline index`."""
    return f"byline index {option} {shlex.quote(str(path))}"
