"""From the paths a person names to the article files under them, in one fixed order.

Nothing is opened here but ignore files (see `index.files.ignore`). Hidden files and folders (such as `.git` and
`.byline`) are passed over; everything else that is not an article file is reported as skipped, with the reason.
"""

# Plain strings and `os` functions: a folder of 100,000 files is walked in well under a second only without a Path each
# for every test, and Path.resolve would follow the links that must keep their names.
# ruff: noqa: PTH100, PTH110, PTH112, PTH114, PTH116, PTH117, PTH118, PTH119, PTH120, PTH122, PTH208
from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

from index.errors import UsageError
from index.files.ignore import IGNORED, Everything, Rules
from index.readers import PACKED, reader_name, side_of
from index.sources import SIDE_SUFFIX, sure_ns

MAX_DEPTH = 100
"""Folders nested deeper than this under a named path are skipped with a reason."""

_INDEX_FILES = {"manifest.json", "catalog.sqlite"}  # a folder that holds both is an index, whatever its name

NO_FORMAT = "not an article format"
_PASSED_OVER = (NO_FORMAT, "a link ", "a Byline index", "not a regular file", IGNORED)
_HIDDEN = (
    ".",
    "~$",
)  # how names begin that are passed over; ~$ those of files that say a text is open in an office suite


class SourceFile(NamedTuple):
    """An article file.

    Attributes:
        path: where to open it.
        source: its name in the index: see `source_of`.
        size: in bytes.
        mtime_ns: time of its last change, or of that of its side file, in nanoseconds since 1970.
        beside: with a side file, a text that is another whenever one of the two changes; else empty.
        sure_ns: that it, and its side file, have not changed since they were read after this time, see `sure_ns`.
    """

    path: str
    source: str
    size: int
    mtime_ns: int
    beside: str = ""
    sure_ns: int = 0


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


def is_hidden(name: str) -> bool:
    """Whether a walk passes over a file or folder of this name without a word."""
    return name.startswith(_HIDDEN)


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


def walk(paths: Iterable[Path], home: Path, mounts: set[str] | None = None) -> Iterator[SourceFile | SkippedFile]:
    """The article files at and under `paths`, each once, sorted by name within every folder.

    A path named by the person is read even if its name is hidden, ignored or a link; below it, a link is followed only
    to a file that would not be found otherwise, and never out of the folder that was named.

    Args:
        paths: files and folders.
        home: of the index.
        mounts: takes the folders met below `paths` where another file system begins, by their names in the index.

    Raises:
        UsageError: at once, if one of the paths does not exist.
    """
    roots = list(paths)
    for root in roots:
        if not os.path.lexists(root):
            raise UsageError("there is no such file or folder", where=str(root), remedy="Check the name.")
    return _walk(roots, home, mounts)


def walk_again(changed: Iterable[str], roots: AbstractSet[str], home: Path) -> Iterator[SourceFile | SkippedFile]:
    """What a walk of all `roots` would find now at and under some of the paths it comes to.

    Args:
        changed: files and folders below the roots, or roots, by their sources; those that are gone give nothing.
        roots: by their sources, too.
        home: of the index.
    """
    done: set[str] = set()
    for source in sorted({article for name in changed for article in _with_articles(name, home)}):
        if not done.isdisjoint(upwards(source)):
            continue
        done.add(source)
        path = os.path.join(home, source)
        if source in roots:
            if os.path.lexists(path):
                yield from _walk([Path(path)], home)
            continue
        folder, _ = _way_to(source, roots, home)
        if folder and os.path.lexists(path) and not (name := os.path.basename(path)).startswith(_HIDDEN):
            found = _entry(folder, _Entry(name, path), side_of(name))
            yield from _folder(found) if isinstance(found, _Folder) else (found,)


def device_of(folder: str) -> int:
    """The number of the file system that a folder is on. Raises OSError."""
    return os.stat(folder).st_dev


def is_bare(folder: str) -> bool:
    """Whether a walk finds nothing in a folder, be it something to skip: there are at most hidden files, and folders of
    which the same is true. So looks the place of a disk that is not mounted.

    Raises:
        OSError: if the folder itself, which may be none, cannot be listed.
    """
    return _is_bare(folder, 0)


def _is_bare(folder: str, depth: int) -> bool:
    inside: list[str] = []
    if depth and _is_index(folder):
        return True
    with os.scandir(folder) as listing:
        for entry in listing:
            if entry.name.startswith(_HIDDEN):
                continue
            if depth == MAX_DEPTH or not entry.is_dir(follow_symlinks=False):
                return False
            inside.append(entry.path)
    try:
        return all(_is_bare(path, depth + 1) for path in inside)
    except OSError:
        return False


def _is_index(folder: str) -> bool:
    return all(os.path.lexists(os.path.join(folder, file)) for file in _INDEX_FILES)


def why_ignored(source: str, roots: AbstractSet[str], home: Path) -> SkippedFile | None:
    """What an ignore rule keeps a walk of the roots from: a file or folder below them, or a folder above it there."""
    folder, ignored = _way_to(source, roots, home)
    if folder is None:
        return ignored
    path = os.path.join(home, source)
    reason = folder.rules.why(os.path.basename(path), is_folder=os.path.isdir(path))
    return SkippedFile(source, reason) if reason else None


class _Folder(NamedTuple):
    """A folder of a walk: its path, its name in the index, the real path of the folder that was named, how deep it is
    below that, the rules that count in it, the device that the folder above it is on, and where to note mount points.
    """

    path: str
    source: str
    root: str
    depth: int
    rules: Rules
    device: int = 0
    mounts: set[str] | None = None

    @property
    def prefix(self) -> str:
        """What the sources of all that is in it begin with."""
        return "" if self.source in ("", ".") else self.source if self.source.endswith("/") else f"{self.source}/"


class _Entry:
    """What `os.scandir` says of an entry, without a list of the folder."""

    def __init__(self, name: str, path: str) -> None:
        self.name = name
        self.path = path

    def is_symlink(self) -> bool:
        return os.path.islink(self.path)

    def is_dir(self) -> bool:
        return os.path.isdir(self.path)

    def stat(self) -> os.stat_result:
        return os.stat(self.path)


def _walk(roots: Sequence[Path], home: Path, mounts: set[str] | None = None) -> Iterator[SourceFile | SkippedFile]:
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
            rules = _rules_above(source, home)
            yield from _folder(_Folder(str(root), source, os.path.realpath(root), 0, rules, mounts=mounts))
        else:
            try:
                status = os.stat(root)
            except OSError as error:
                yield SkippedFile(source, _cannot("opened", error), transient=True)
                continue
            yield _file(str(root), source, status, side_of(str(root)))


def _rules_above(source: str, home: Path) -> Rules:
    """Rules for a root from the folders above it: our own ones, from the index's home down. What a person names is not
    asked of git."""
    rules = Rules()
    if source in ("", ".") or os.path.isabs(source):
        return rules
    path, above = str(home), "."
    for name in source.split("/"):
        rules = rules.of_folder(path, above, Everything(), git=False)[0].below(name)
        path, above = os.path.join(path, name), name if above == "." else f"{above}/{name}"
    return rules


def _way_to(source: str, roots: AbstractSet[str], home: Path) -> tuple[_Folder | None, SkippedFile | None]:
    """The folder in which a walk of the roots would come to `source`; or None, and the folder that a rule keeps it away
    from, if one does."""
    root = next((above for above in upwards(source) if above in roots), None)
    if root is None:
        return None, None
    path = os.path.join(home, root)
    folder = _Folder(path, root, os.path.realpath(path), 0, _rules_above(root, home))
    *names, _ = source[len(folder.prefix) :].split("/")
    for name in names:
        rules, _ = folder.rules.of_folder(folder.path, folder.source, Everything())
        path = os.path.join(folder.path, name)
        if reason := rules.why(name, is_folder=True):
            return None, SkippedFile(folder.prefix + name, reason)
        if name.startswith(_HIDDEN) or os.path.islink(path) or _is_index(path) or folder.depth == MAX_DEPTH:
            return None, None
        folder = _Folder(path, folder.prefix + name, folder.root, folder.depth + 1, rules.below(name))
    return folder._replace(rules=folder.rules.of_folder(folder.path, folder.source, Everything())[0]), None


def upwards(source: str) -> Iterator[str]:
    """`source` and all folders above it, as roots would be called."""
    yield source
    while (above := source.rpartition("/")[0]) not in ("", source):
        yield above
        if above.endswith(":"):  # a drive
            yield f"{above}/"
        source = above
    yield "/" if source.startswith("/") else "."


def _with_articles(source: str, home: Path) -> Iterator[str]:
    """`source`, and if that is a side file, the articles it may belong to."""
    yield source
    if source.endswith(SIDE_SUFFIX):
        above, slash, name = source.rpartition("/")
        try:
            names = os.listdir(os.path.join(home, above + slash))
        except OSError:
            return
        yield from (f"{above}{slash}{article}" for article in names if side_of(article) == name)


def _folder(folder: _Folder) -> Iterator[SourceFile | SkippedFile]:
    """What lies in one folder, whose rules are those from above."""
    try:
        with os.scandir(folder.path) as listing:
            every = list(listing)
        device = 0 if folder.mounts is None else device_of(folder.path)
    except OSError as error:
        yield SkippedFile(folder.source, _cannot("listed", error), transient=True)
        return
    entries = sorted((entry for entry in every if not entry.name.startswith(_HIDDEN)), key=lambda entry: entry.name)
    if folder.depth and len(_INDEX_FILES.intersection(entry.name for entry in entries)) == len(_INDEX_FILES):
        yield SkippedFile(folder.source, "a Byline index, not articles")
        return
    names = {entry.name for entry in every}
    rules, problems = folder.rules.of_folder(folder.path, folder.source, names)
    if folder.mounts is not None and folder.depth and device != folder.device:
        folder.mounts.add(folder.source)
    folder = folder._replace(rules=rules, device=device)
    for name, problem in problems:
        yield SkippedFile(folder.prefix + name, problem)
    sides = {
        entry.name for entry in entries if entry.name.endswith(SIDE_SUFFIX) and entry.is_file(follow_symlinks=False)
    }
    used = {side for name in names if (side := side_of(name)) in sides} if sides else sides
    for entry in entries:
        if entry.name not in used:  # otherwise it is part of the article beside it
            side = side_of(entry.name) if used else None
            found = _entry(folder, entry, side if side in used else None)
            if isinstance(found, _Folder):
                yield from _folder(found)
            else:
                yield found


def _entry(folder: _Folder, entry: os.DirEntry[str] | _Entry, side: str | None) -> SourceFile | SkippedFile | _Folder:
    """What there is at one entry of a folder; `side` is the name of its side file, should there be one."""
    name = folder.prefix + entry.name
    try:
        if entry.is_symlink() and (reason := _why_not_follow(entry.path, folder.root)):
            return SkippedFile(name, reason)
        if entry.is_dir():
            if reason := folder.rules.why(entry.name, is_folder=True):
                return SkippedFile(name, reason)
            if folder.depth < MAX_DEPTH:
                return folder._replace(
                    path=entry.path, source=name, depth=folder.depth + 1, rules=folder.rules.below(entry.name)
                )
            return SkippedFile(name, f"nested more than {MAX_DEPTH} folders deep")
        found = _file(entry.path, name, entry.stat(), side)
        ignored = folder.rules and isinstance(found, SourceFile) and folder.rules.why(entry.name, is_folder=False)
        return SkippedFile(name, ignored) if ignored else found
    except OSError as error:
        return SkippedFile(name, _cannot("opened", error), transient=True)


def _file(path: str, source: str, status: os.stat_result, side: str | None) -> SourceFile | SkippedFile:
    if not stat.S_ISREG(status.st_mode):
        return SkippedFile(source, "not a regular file")
    if reader_name(path) is None:
        return SkippedFile(source, f"{NO_FORMAT} ({_suffix(path) or 'no suffix'})")
    if side:
        try:
            beside = os.lstat(os.path.join(os.path.dirname(path), os.path.basename(side)))
        except OSError:
            beside = None
        if beside and stat.S_ISREG(beside.st_mode):
            stamp = f"{status.st_mtime_ns} {beside.st_size} {beside.st_mtime_ns}"
            mtime_ns, sure = max(status.st_mtime_ns, beside.st_mtime_ns), max(sure_ns(status), sure_ns(beside))
            return SourceFile(path, source, status.st_size, mtime_ns, stamp, sure)
    return SourceFile(path, source, status.st_size, status.st_mtime_ns, "", sure_ns(status))


def _suffix(path: str) -> str:
    """The suffix of a file, of one that is packed with what stands before that, as in `.tar.gz`."""
    stem, suffix = os.path.splitext(path)
    return os.path.splitext(stem)[1] + suffix if suffix.casefold() == PACKED else suffix


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
