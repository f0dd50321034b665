"""Checksums of an engine's files, by which a truncated or altered one is noticed and named before it is used.

`checksums.json` in the folder of a generation holds size, times and CRC-32 of every file that the last commit consists
of. Opening an index compares sizes and times, which costs some fifty calls of `stat`. A file whose times are others (it
was altered, or the index was copied) is read and compared by its checksum; the next build writes down the new times.
Damage that changes no time, as of a failing disk, is only found by reading everything: `check_files`.

The file is *open* while an engine's writer is at work, and from a crash until the next build. What an engine writes
once and never again is then held to its checksum; what it replaces (tantivy's `meta.json`, also when a merge ends in
the background) is not, and new files may be there. A writer opens it before it touches anything and closes it when the
engine's last thread has ended, so whoever finds a file that differs although `checksums.json` is still the same and
closed has found damage.
"""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from index.engines.contract import Engine
from index.engines.refusals import NOT_DAMAGE, cannot_read
from index.errors import BUILD_AGAIN, BylineError, IndexDamaged
from index.sealed import MOST, number, read_small_file, remove_unfinished, replace_file, sealed, unsealed
from index.storage.manifest import CHECKSUMS_NAME

NOT_AS_WRITTEN = "the file is damaged: it is not as it was written"
MISSING = "the file is missing"

_MAX_BYTES = 4 * 2**20
_CHUNK_BYTES = 2**20
_TRIES = 100  # while a writer goes on writing


class FileSum(NamedTuple):
    """What is known of one file.

    Attributes:
        size: in bytes.
        mtime_ns, ctime_ns: when its content, and anything about it, was changed last; in nanoseconds since 1970.
        crc: the CRC-32 of its content.
    """

    size: int
    mtime_ns: int
    ctime_ns: int
    crc: int

    def has_stamp_of(self, status: os.stat_result) -> bool:
        """Whether nothing has touched the file since."""
        return self[:3] == (status.st_size, status.st_mtime_ns, status.st_ctime_ns)


class Checksums(NamedTuple):
    """What is known of the files in a folder; `is_open` while a writer may be changing them."""

    is_open: bool
    files: Mapping[str, FileSum]


class Problem(NamedTuple):
    """A file of an index that is not as it should be: which one, and what is wrong, as a sentence."""

    path: Path
    what: str


def check_folder(folder: Path, engine: Engine) -> None:
    """Make sure that an engine's files are those of a commit, before they are used. Needs no lock and writes nothing.

    Raises:
        IndexDamaged: naming a file that is missing or not as it was written.
        BylineError: if one may not be read.
    """
    _sound(folder, engine)


def damage_in(folder: Path, engine: Engine) -> list[Problem]:
    """Read all files of an engine and compare them with their checksums, whatever their times. Needs no lock.

    Raises BylineError if one may not be read.
    """
    try:
        _, _, problems = _compared(folder, engine, trusting=False)
    except IndexDamaged as error:
        return [Problem(Path(error.where or folder), error.what)]
    return problems


def open_checksums(folder: Path, engine: Engine) -> None:
    """Let an engine's writer change the files of a folder from now on. The caller holds the lock.

    Raises:
        IndexDamaged: if the checksums themselves cannot be read.
    """
    if (folder / CHECKSUMS_NAME).exists():  # in a new generation there are none before the first commit
        known = _read(folder)
        if not known.is_open:
            lasting = {name: known.files[name] for name in known.files if name not in engine.rewritten}
            _write(folder, Checksums(True, lasting))


def write_checksums(folder: Path, engine: Engine, *, is_open: bool) -> None:
    """Write down the checksums of the engine's last commit, reading the files that are new. The caller holds the lock.

    Args:
        folder: of the generation.
        engine: whose files are in it.
        is_open: whether the engine's writer goes on.

    Raises:
        IndexDamaged: if a file that is written once is not as it was written.
    """
    known = _read(folder) if (folder / CHECKSUMS_NAME).exists() else Checksums(True, {})
    for tries_left in reversed(range(_TRIES)):
        try:
            names = sorted(set(engine.files(folder)) - (engine.rewritten if is_open else frozenset()))
            files = {name: _sum(folder, name, known.files.get(name), name in engine.rewritten) for name in names}
            break
        except FileNotFoundError:  # merged into another just now
            if not tries_left or not is_open:
                raise _damaged(folder, MISSING) from None
    now = Checksums(is_open, files)
    if now != known:
        _write(folder, now)


def renew_checksums(folder: Path, engine: Engine) -> None:
    """Make sure that all is well before a build goes on from here, and close what a crash or a copy left behind.

    Raises:
        IndexDamaged: naming a file that is missing or not as it was written.
        BylineError: if one may not be read.
    """
    known, files = _sound(folder, engine)
    if known.is_open:
        engine.tidy(folder)
        write_checksums(folder, engine, is_open=False)
    elif known.files != files:
        _write(folder, known._replace(files=files))
    remove_unfinished(folder / CHECKSUMS_NAME)


def crc_of(path: Path | str) -> int:
    """The CRC-32 of a file's content. Raises OSError."""
    crc = 0
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123  # called for every file of an index
        while chunk := file.read(_CHUNK_BYTES):
            crc = zlib.crc32(chunk, crc)
    return crc


def _sound(folder: Path, engine: Engine) -> tuple[Checksums, dict[str, FileSum]]:
    """The checksums of a folder whose files are as they should be, and the same with today's times."""
    known, files, problems = _compared(folder, engine, trusting=True)
    for problem in problems:
        raise _damaged(*problem)
    return known, files


def _compared(folder: Path, engine: Engine, *, trusting: bool) -> tuple[Checksums, dict[str, FileSum], list[Problem]]:
    """What is known of a folder's files, what they are like today, and what is wrong with them.

    Args:
        folder: where they are.
        engine: whose files they are.
        trusting: whether a file with the size and times that are known is taken to be the one that is known.
    """
    for _ in range(_TRIES):
        known = _read(folder)
        files, problems = _looked_at(folder, known, engine, trusting)
        if not problems or _read(folder) == known:  # else a writer has changed them meanwhile
            break
    return known, files, problems


def _looked_at(
    folder: Path, known: Checksums, engine: Engine, trusting: bool
) -> tuple[dict[str, FileSum], list[Problem]]:
    files: dict[str, FileSum] = {}
    missing: list[str] = []
    problems: list[Problem] = []
    for name, expected in known.files.items():
        path = f"{folder}{os.sep}{name}"
        try:
            status = os.stat(path)  # noqa: PTH116  # as in crc_of
            if not (trusting and expected.has_stamp_of(status)):
                is_same = stat.S_ISREG(status.st_mode) and status.st_size == expected.size
                if not is_same or crc_of(path) != expected.crc:
                    problems.append(Problem(folder / name, NOT_AS_WRITTEN))
            files[name] = FileSum(status.st_size, status.st_mtime_ns, status.st_ctime_ns, expected.crc)
        except FileNotFoundError:
            missing.append(name)
        except OSError as error:
            refusal = _unreadable(folder / name, error)
            if not isinstance(refusal, IndexDamaged):
                raise refusal from error
            problems.append(Problem(folder / name, refusal.what))
    if missing and known.is_open:  # a writer may have merged them into others, and has then changed the list before
        missing = sorted(set(missing).intersection(engine.files(folder)))
    return files, [*problems, *(Problem(folder / name, MISSING) for name in missing)]


def _sum(folder: Path, name: str, known: FileSum | None, may_differ: bool) -> FileSum:
    """The checksum of one file, which is not read if its times are known."""
    path = folder / name
    try:
        status = path.stat()
        if known and known.has_stamp_of(status):
            return known
        now = FileSum(status.st_size, status.st_mtime_ns, status.st_ctime_ns, crc_of(path))
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _unreadable(path, error) from error
    if known and not may_differ and (now.size, now.crc) != (known.size, known.crc):
        raise _damaged(path, NOT_AS_WRITTEN)
    return now


def _read(folder: Path) -> Checksums:
    path = folder / CHECKSUMS_NAME
    try:
        data = read_small_file(path, _MAX_BYTES)
    except FileNotFoundError:
        if not folder.is_dir():
            raise _damaged(folder, "the index's files are missing") from None
        raise _damaged(path, MISSING) from None
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        values = unsealed(data)
        files = {_name(name): file_sum(*numbers) for name, numbers in values["files"].items()}
        return Checksums(values["open"] is True, files)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _damaged(path, NOT_AS_WRITTEN) from None


def _write(folder: Path, checksums: Checksums) -> None:
    values = {"open": checksums.is_open, "files": {name: list(known) for name, known in checksums.files.items()}}
    replace_file(folder / CHECKSUMS_NAME, sealed(values, indent=None))


def file_sum(size: object, mtime_ns: object, ctime_ns: object, crc: object) -> FileSum:
    """What was noted of a file, read from JSON. Raises ValueError on anything else."""
    return FileSum(number(size), number(mtime_ns, -MOST), number(ctime_ns, -MOST), number(crc))


def _name(name: str) -> str:
    """The name of a file in this folder, and nowhere else."""
    if name in ("", ".", "..") or not {"/", "\\", "\0"}.isdisjoint(name):
        raise ValueError(f"not the name of a file: {name!r}")
    return name


def _damaged(path: Path, what: str) -> IndexDamaged:
    return IndexDamaged(what, where=str(path), remedy=BUILD_AGAIN)


def _unreadable(path: Path, error: OSError) -> BylineError:
    if error.errno in NOT_DAMAGE:
        return cannot_read(path.parent, error.strerror or str(error))
    return _damaged(path, f"the file cannot be read: {error.strerror or error}")
