"""ZIP archives: every article file in one, as `archive.zip!/folder/post.md`. Nothing is unpacked to the disk."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from index.document import Document
from index.errors import ReadError
from index.readers import (
    MAX_FILE_BYTES,
    MAX_SIDE_BYTES,
    Problem,
    RawFile,
    most_bytes,
    read_file,
    reader_name,
    side_of,
)
from index.sources import SEPARATOR

MAX_MEMBERS = 20_000
"""An archive with more files and folders is refused."""

MAX_UNPACKED_BYTES = MAX_FILE_BYTES
"""Of all articles in one archive; what would exceed them is reported and not read."""

MAX_RATIO = 250
"""A file that unpacks to more than this many times its size is not read, if it is large."""

_LARGE_BYTES = 2**20
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_UTF8 = 0x800
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # of the others, a small part may unpack to gigabytes at once
_ARCHIVES = frozenset((".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".jar"))
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)


def read(file: RawFile) -> Iterator[Document | Problem]:
    """The documents of the articles in an archive, and a problem for each file that holds none.

    Hidden files are passed over. Files of other kinds and archives within are named together.
    """
    members, problems = _members(file)
    others: Counter[str] = Counter()
    left = MAX_UNPACKED_BYTES
    read_any = False
    missing: ReadError | None = None  # what wants a library that is not installed
    with _opened(file) as archive:
        sides = {name for name in members if side_of(name) is None}
        used = {side for name in members if (side := side_of(name)) in sides}
        for name, member in members.items():
            if reader_name(name) in (None, "archive", "gzipped"):
                if name not in used:
                    others[Path(name).suffix.lower()] += 1
                continue
            try:
                data = _unpacked(archive, member, min(most_bytes(reader_name(name)), left))
                left -= len(data)
                side = side_of(name)
                beside = _unpacked(archive, members[side], MAX_SIDE_BYTES) if side in used and side else b""
                source = f"{file.source}{SEPARATOR}{name}"
                result = read_file(f"{file.path}/{name}", source, data, settings=file.settings, side=beside)
            except ReadError as error:
                problems.append(f"{name}: {error.what}")
                if isinstance(error.__cause__, ImportError):
                    missing = missing or error
                continue
            read_any = True
            yield from result.documents
            problems += [f"{name}: {problem}" for problem in result.problems]
    if missing and not read_any:
        raise missing
    yield from map(Problem, problems)
    if others:
        yield Problem(_others(others))


def _opened(file: RawFile) -> zipfile.ZipFile:
    if file.data.count(_ENTRY) > MAX_MEMBERS:
        raise ReadError(f"more than {MAX_MEMBERS:,} files in it", where=file.source)
    try:
        return zipfile.ZipFile(io.BytesIO(file.data))
    except _BROKEN:
        what = "cut off or damaged" if file.data.startswith(b"PK") else "no ZIP archive"
        raise ReadError(what, where=file.source) from None


def _members(file: RawFile) -> tuple[dict[str, zipfile.ZipInfo], list[str]]:
    """Its files by their safe names, sorted; and what is wrong with these: of several of one name the last counts."""
    found: dict[str, zipfile.ZipInfo] = {}
    twice: dict[str, str] = {}
    with _opened(file) as archive:
        for member in archive.infolist():
            name = _safe_name(member)
            parts = name.split("/")
            if member.is_dir() or not name or any(part.startswith(".") for part in parts) or parts[0] == "__MACOSX":
                continue
            if name in found:
                twice[name] = f"{name}: stands there several times; the last is read"
            found[name] = member
    return dict(sorted(found.items())), list(twice.values())


def _safe_name(member: zipfile.ZipInfo) -> str:
    """The member's name without a drive and without steps upward. Old archives do not say that names are UTF-8."""
    name = member.filename
    if not member.flag_bits & _UTF8:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", "..") and not part.endswith(":"))


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    """One file's bytes.

    Raises:
        ReadError: saying why they cannot be had.
    """
    if member.flag_bits & _ENCRYPTED:
        raise ReadError("encrypted with a password")
    if member.compress_type not in _METHODS:
        raise ReadError("packed in a way that is not read")
    if member.file_size > most:
        whole = most < min(MAX_UNPACKED_BYTES, most_bytes(reader_name(member.filename)))
        size = MAX_UNPACKED_BYTES if whole else most
        raise ReadError(f"{'the archive holds more than' if whole else 'larger than'} {size // 2**20} MB")
    if member.file_size > _LARGE_BYTES and member.file_size > MAX_RATIO * max(member.compress_size, 1):
        raise ReadError(f"unpacks to more than {MAX_RATIO} times its size")
    try:
        with archive.open(member) as stream:
            data = stream.read()  # never more than the size it declares
    except _BROKEN as error:
        raise ReadError(f"cut off or damaged ({error})"[:200]) from None
    if not data.strip():
        raise ReadError("the file is empty")
    return data


def _others(others: Counter[str]) -> str:
    """What in the archive was no article, by suffix: "3 files in it are of other kinds (.jpg, .css)"."""
    number = others.total()
    kinds = ", ".join(suffix or "no suffix" for suffix, _ in others.most_common(5))
    within = any(suffix in _ARCHIVES for suffix in others)
    what = "1 file in it is" if number == 1 else f"{number:,} files in it are"
    return f"{what} no article ({kinds})" + ("; archives within archives are not read" if within else "")
