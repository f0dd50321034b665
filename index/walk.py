"""From the paths a person names to the article files under them, in one fixed order.

Nothing is opened here. Hidden files and folders (such as `.git` and `.byline`) are passed over; everything else that
is not an article file is reported as skipped, with the reason.
"""

# Plain strings and `os` functions: a folder of 100,000 files is walked in well under a second only without a Path each
# for every test, and Path.resolve would follow the links that must keep their names.
# ruff: noqa: PTH100, PTH110, PTH112, PTH116, PTH118, PTH119, PTH120, PTH122
from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from index.errors import UsageError
from index.readers import SIDE_SUFFIX, reader_name, side_of

MAX_DEPTH = 100
"""Folders nested deeper than this under a named path are skipped with a reason."""

_INDEX_FILES = {"manifest.json", "catalog.sqlite"}  # a folder that holds both is an index, whatever its name

NO_FORMAT = "not an article format"
_PASSED_OVER = (NO_FORMAT, "a link ", "a Byline index", "not a regular file")


class SourceFile(NamedTuple):
    """An article file.

    Attributes:
        path: where to open it.
        source: its name in the index: see `source_of`.
        size: in bytes.
        mtime_ns: time of its last change, or of that of its side file, in nanoseconds since 1970.
        beside: with a side file, a text that is another whenever one of the two changes; else empty.
    """

    path: Path
    source: str
    size: int
    mtime_ns: int
    beside: str = ""


class SkippedFile(NamedTuple):
    """A file or folder that is not read, and why.

    Attributes:
        source: its name, as in `SourceFile`.
        reason: a phrase such as "not an article format (.jpg)".
        transient: whether it may be there and readable next time: it, or the folder, cannot be opened now.
    """

    source: str
    reason: str
    transient: bool = False


def is_passed_over(reason: str) -> bool:
    """Whether a file was skipped for what it is, and not for what is wrong with it."""
    return reason.startswith(_PASSED_OVER)


def source_of(path: Path, home: Path) -> str:
    """The name of `path` in an index whose home folder is `home`.

    Relative to `home` with `/` between its parts when it lies inside, otherwise absolute. Links in the names of
    folders are resolved only if that is what it takes to find the path inside `home`. Names that are not UTF-8 keep
    their bytes as surrogate escapes, as everywhere in Python.
    """
    absolute, top = os.path.abspath(path), os.path.abspath(home)
    if (inside := _below(absolute, top)) is not None:
        return inside
    parent, name = os.path.split(absolute)
    real = os.path.join(os.path.realpath(parent), name)
    inside = _below(real, os.path.realpath(top))
    return Path(absolute).as_posix() if inside is None else inside


def walk(paths: Iterable[Path], home: Path) -> Iterator[SourceFile | SkippedFile]:
    """The article files at and under `paths`, each once, sorted by name within every folder.

    A path named by the person is read even if its name is hidden or a link; below it, a link is followed only to a
    file that would not be found otherwise, and never out of the folder that was named.

    Raises:
        UsageError: at once, if one of the paths does not exist.
    """
    roots = list(paths)
    for root in roots:
        if not os.path.lexists(root):
            raise UsageError("there is no such file or folder", where=str(root), remedy="Check the name.")
    return _walk(roots, home)


def _walk(roots: Sequence[Path], home: Path) -> Iterator[SourceFile | SkippedFile]:
    seen: set[str] = set()  # of named roots only, so that memory stays flat
    covered: list[str] = []  # folders walked so far, as absolute names
    for root in sorted(set(roots), key=os.path.abspath):
        absolute = os.path.abspath(root)
        found_already = any(_below(absolute, folder) is not None for folder in covered)
        if absolute in seen or (found_already and not _is_hidden_below(absolute, covered)):
            continue
        seen.add(absolute)
        source = source_of(root, home)
        if os.path.isdir(root):
            covered.append(absolute)
            yield from _folder(str(root), source, os.path.realpath(root), 0)
        else:
            try:
                status = os.stat(root)
            except OSError as error:
                yield SkippedFile(source, _cannot("opened", error), transient=True)
                continue
            side = side_of(str(root))
            yield _file(str(root), source, status, side and os.path.basename(side))


def _folder(folder: str, source: str, root: str, depth: int) -> Iterator[SourceFile | SkippedFile]:
    """What lies in one folder; `source` is its own name, `root` the real path of the folder that was named."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted((entry for entry in listing if not entry.name.startswith(".")), key=lambda e: e.name)
    except OSError as error:
        yield SkippedFile(source, _cannot("listed", error), transient=True)
        return
    if depth and len(_INDEX_FILES.intersection(entry.name for entry in entries)) == len(_INDEX_FILES):
        yield SkippedFile(source, "a Byline index, not articles")
        return
    names = {entry.name for entry in entries}
    sides = {
        entry.name for entry in entries if entry.name.endswith(SIDE_SUFFIX) and entry.is_file(follow_symlinks=False)
    }
    used = {side for name in names if (side := side_of(name)) in sides} if sides else sides
    prefix = "" if source in ("", ".") else source if source.endswith("/") else f"{source}/"
    for entry in entries:
        name = prefix + entry.name
        if entry.name in used:
            continue  # part of the article beside it
        try:
            if entry.is_symlink():
                reason = _why_not_follow(entry.path, root)
                if reason:
                    yield SkippedFile(name, reason)
                    continue
            if entry.is_dir():
                if depth < MAX_DEPTH:
                    yield from _folder(entry.path, name, root, depth + 1)
                else:
                    yield SkippedFile(name, f"nested more than {MAX_DEPTH} folders deep")
            else:
                side = side_of(entry.name) if used else None
                yield _file(entry.path, name, entry.stat(), side if side in used else None)
        except OSError as error:
            yield SkippedFile(name, _cannot("opened", error), transient=True)


def _file(path: str, source: str, status: os.stat_result, side: str | None) -> SourceFile | SkippedFile:
    if not stat.S_ISREG(status.st_mode):
        return SkippedFile(source, "not a regular file")
    if reader_name(path) is None:
        suffix = os.path.splitext(path)[1]
        return SkippedFile(source, f"{NO_FORMAT} ({suffix or 'no suffix'})")
    if side:
        try:
            beside = os.lstat(os.path.join(os.path.dirname(path), side))
        except OSError:
            beside = None
        if beside and stat.S_ISREG(beside.st_mode):
            stamp = f"{status.st_mtime_ns} {beside.st_size} {beside.st_mtime_ns}"
            return SourceFile(Path(path), source, status.st_size, max(status.st_mtime_ns, beside.st_mtime_ns), stamp)
    return SourceFile(Path(path), source, status.st_size, status.st_mtime_ns)


def _why_not_follow(link: str, root: str) -> str:
    """Why the link is not followed; empty when it is: a link to a hidden file inside the root, say an annexed one."""
    target = os.path.realpath(link)
    if not os.path.exists(link):
        return "a link to nothing"
    inside = _below(target, root)
    if inside is None:
        return "a link that leaves the folder"
    if os.path.isdir(target):
        return "a link to a folder, which is read at its own place"
    if not any(part.startswith(".") for part in inside.split("/")):
        return "a link to a file, which is read at its own place"
    return ""


def _below(path: str, folder: str) -> str | None:
    """The part of an absolute `path` below an absolute `folder`, with `/`; "." for the folder itself, None outside."""
    if path == folder:
        return "."
    start = folder if folder.endswith(os.sep) else folder + os.sep
    return path[len(start) :].replace(os.sep, "/") if path.startswith(start) else None


def _is_hidden_below(path: str, folders: Iterable[str]) -> bool:
    """Whether walking every one of `folders` passed over `path` because a part of its name is hidden."""
    inner = [below for folder in folders if (below := _below(path, folder)) not in (None, ".")]
    return bool(inner) and all(any(part.startswith(".") for part in (below or "").split("/")) for below in inner)


def _cannot(done: str, error: OSError) -> str:
    return f"cannot be {done}: {error.strerror or error}"
