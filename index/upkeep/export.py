"""Exporting: every document of an index as a line of JSON, from which `byline index` makes an equal index.

A line is what `Document.to_dict` gives, with a mark by which `index.readers.parts.own_format` knows it. Documents come
in the order of their ids, so that two exports of equal indexes are equal, too. They are taken from what the index
stores: the files need not be there, and the index may be one that this version cannot search.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple, cast

from index.document import Document
from index.errors import IndexDamaged, UsageError
from index.readers import MAX_FILE_BYTES
from index.readers.parts.own_format import EXPORT_MARK, EXPORT_VERSION
from index.sealed import sync_folder
from index.storage.manifest import read_manifest
from index.storage.stored_documents import Stored, every_document, open_stored
from index.updating.report import Progress

PART_BYTES = 16 * 2**20
"""How large a part of an export becomes at most, but for the last line: parts are read by several processes."""

MAX_DAMAGED_LISTED = 1_000

_COMPRESSION = 6
_NAME_CHARACTERS = 40  # of the file's name, in that of an unfinished one, which must not be too long

_PART_NAME = "articles-{:04d}.jsonl"
_PROGRESS_EVERY = 100  # documents

# As JSON escapes: half characters, which have no UTF-8, and what some readers of lines take for the end of one.
_ESCAPED = re.compile("[\ud800-\udfff\x85\u2028\u2029]")


class Exported(NamedTuple):
    """What an export did.

    Attributes:
        documents: how many were written.
        bytes: how many bytes they took.
        files: the files that were written; none when it went to a stream.
        damaged: ids of documents that could not be exported, as they are not as they were written; the first 1,000.
        damaged_documents: how many those are in all, with any of which not even the id is known.
        damage: what is wrong with the index's files; empty when nothing is known to be.
        in_parts: whether it went to a folder.
        outside: how many documents have absolute paths, as their files lie outside of the index's home.
    """

    documents: int
    bytes: int
    files: tuple[Path, ...]
    damaged: tuple[str, ...]
    damaged_documents: int
    damage: str
    in_parts: bool
    outside: int = 0

    @property
    def is_too_large(self) -> bool:
        """Whether `byline index` would refuse to read it from one file."""
        return not self.in_parts and self.bytes > MAX_FILE_BYTES


def export(
    index_dir: Path,
    target: IO[bytes] | Path,
    *,
    on_progress: Callable[[Progress], None] | None = None,
) -> Exported:
    """Write every document of the last commit.

    Args:
        index_dir: the index folder; it is not written to.
        target: a stream; a file, which is replaced as a whole when all is written, and compressed if its name ends in
            `.gz` (a named pipe or device is written to); or a folder, which must be empty, for parts of 16 MB.
        on_progress: called often.

    Raises:
        IndexNotFound, NotAnIndex, IndexTooNew, IndexOutdated, IndexDamaged: if there is nothing that can be exported.
        UsageError: if the folder is not empty, or the target cannot be written to.
        OSError: if the stream cannot be.
    """
    with open_stored(index_dir, read_manifest(index_dir)) as there:
        job = _Export(there, on_progress or (lambda progress: None))
        if not isinstance(target, Path):
            job.write(target)
        elif target.is_dir():
            if any(target.iterdir()):
                raise UsageError(
                    "this folder is not empty", where=str(target), remedy="Name a new one: byline export -o DIR/"
                )
            job.write_parts(target)
        else:
            job.write_file(target)
    return job.result()


class _Export:
    """One export; its methods may be called once each."""

    def __init__(self, there: Stored, progress: Callable[[Progress], None]) -> None:
        self._total = there.documents
        self._damage = there.damage
        self._documents = every_document(there.searcher)
        self._progress = progress
        self._written = 0
        self._bytes = 0
        self._files: list[Path] = []
        self._damaged: list[str] = []
        self._damaged_documents = 0
        self._in_parts = False
        self._outside = 0

    def result(self) -> Exported:
        return Exported(
            self._written,
            self._bytes,
            tuple(self._files),
            tuple(self._damaged),
            max(self._damaged_documents, self._total - self._written if self._damage else 0),
            f"{self._damage.where}: {self._damage.what}" if self._damage else "",
            self._in_parts,
            self._outside,
        )

    def write(self, file: IO[bytes]) -> None:
        """Write all documents to a stream."""
        for line in self._lines():
            file.write(line)

    def write_file(self, path: Path) -> None:
        """Write all documents to a file."""
        with _replacing(path) as file:
            self.write(file)
        self._files.append(path)

    def write_parts(self, folder: Path) -> None:
        """Write all documents to files in a folder."""
        self._in_parts = True
        lines = self._lines()
        line = next(lines, None)
        while line is not None:
            path = folder / _PART_NAME.format(len(self._files) + 1)
            end = self._bytes - len(line) + PART_BYTES
            with _replacing(path) as file:
                while line is not None:
                    file.write(line)
                    line = next(lines, None)
                    if self._bytes > end:
                        break
            self._files.append(path)

    def _lines(self) -> Iterator[bytes]:
        for number, (document_id, stored) in enumerate(self._documents, start=1):
            if number % _PROGRESS_EVERY == 0:
                self._progress(Progress("exporting", number, self._total))
            try:
                document = Document.from_stored(stored)
                line = exported_line(document)
            except IndexDamaged:
                self._damaged_documents += 1
                if len(self._damaged) < MAX_DAMAGED_LISTED:
                    self._damaged.append(document_id)
                continue
            self._written += 1
            self._outside += os.path.isabs(document.source)  # noqa: PTH117
            self._bytes += len(line)
            yield line


def exported_line(document: Document) -> bytes:
    """A document as a line of an export."""
    values = {EXPORT_MARK: EXPORT_VERSION, **document.to_dict()}
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return f"{_ESCAPED.sub(_escape, text)}\n".encode()


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write that takes its place when it is whole and on the disk; compressed if it ends in `.gz`.

    An error leaves what was there. A link stays, and leads to the new file. What is no regular file, such as a named
    pipe, is written to as it is. Raises UsageError if it cannot be written to.
    """
    new: Path | None = None
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as file, _packed(path, file) as packed:
                yield packed
            return
        target = Path(os.path.realpath(path))
        new, descriptor = _made_beside(target)
        with open(descriptor, "wb") as file:  # noqa: PTH123  # it is open already
            with _packed(path, file) as packed:
                yield packed
            file.flush()
            os.fsync(file.fileno())
        new.replace(target)
        with suppress(OSError):  # a folder that may only be written to
            sync_folder(target.parent)
    except BaseException as error:
        if new:
            with suppress(OSError):
                new.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise UsageError(
                f"the export cannot be written: {error.strerror or error}",
                where=str(path),
                remedy="Name a file or folder that can be, on a disk with room: byline export -o FILE",
            ) from error
        raise


@contextmanager
def _packed(path: Path, file: IO[bytes]) -> Iterator[IO[bytes]]:
    if path.suffix.lower() == ".gz":
        with gzip.GzipFile("", "wb", _COMPRESSION, file, mtime=0) as packed:
            yield cast(IO[bytes], packed)
    else:
        yield file


def _made_beside(path: Path) -> tuple[Path, int]:
    """A new file in the same folder, open for writing, which is nobody else's: a name that no file has."""
    while True:
        new = path.with_name(f"{path.name[:_NAME_CHARACTERS]}.{secrets.token_hex(4)}.part")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with suppress(FileExistsError):
            return new, os.open(new, flags, 0o666)
