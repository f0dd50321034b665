"""What happens to one file of a build: read, hash, break into documents, analyse. Runs in any process."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from index.analyse import analyse, too_long
from index.analysis import SNOWBALL
from index.counts import Counts
from index.document import Document
from index.engines.contract import ColumnValue
from index.errors import ReadError
from index.readers import OUT_OF_MEMORY, file_bytes, read_file, reader_name, side_bytes
from index.readers.encoding import BY_GUESS
from index.readers.own_format import belongs_to
from index.readers.trust import confidence
from index.settings import SETTINGS_NAME, IndexSettings, ReadingSettings
from index.sources import digest_of

EXPORT = "export"
"""The format of a file of exported documents, which keep sources of their own: see `index.readers.own_format`."""

_MAY_HOLD_EXPORTED = frozenset(("jsonl", "gzipped", "archive"))
_START = 1_000  # characters of a body; enough to see what letters it is written in
_DEFAULTS = IndexSettings()
_NOTHING_SET = ReadingSettings()


class Task(NamedTuple):
    """A file to read.

    Attributes:
        path: where to open it.
        source: its name in the index.
        size: in bytes, about.
        known_digest: of the content that is already in the index; empty if it must be read in any case.
        settings: how documents are analysed.
        reading: what a person set for reading.
    """

    path: str
    source: str
    size: int
    known_digest: bytes = b""
    settings: IndexSettings = _DEFAULTS
    reading: ReadingSettings = _NOTHING_SET


class FileResult(NamedTuple):
    """What became of a file.

    Attributes:
        source: its name in the index.
        checked_ns: when reading began, in nanoseconds since 1970.
        digest: of its content; empty if it could not be opened, or a library to read it is missing.
        unchanged: whether the content is the known one; then there is nothing else.
        reader: the format it was read as.
        documents: analysed, in the order of the file: what an `AnalysedDocument` is made of, which travels between
            processes three times as fast as that.
        articles: the documents as they are, if they were not to be analysed.
        counts: what the documents have and lack.
        problems: parts of the file that could not be read or are too long to be searched, or an encoding that was
            guessed, one sentence each.
        error: why nothing could be read; empty if something could.
        transient: whether the error may be gone next time, without a change of the file.
    """

    source: str
    checked_ns: int
    digest: bytes = b""
    unchanged: bool = False
    reader: str = ""
    documents: Sequence[tuple[str, Mapping[str, ColumnValue], str]] = ()
    articles: Sequence[Document] = ()
    counts: Counts | None = None
    problems: tuple[str, ...] = ()
    error: str = ""
    transient: bool = False


Started = FileResult | Callable[[], FileResult]
"""A file that has been read, or what remains to be done about it: see `finished`."""


def read_and_analyse(task: Task) -> FileResult:
    """Read one file into analysed documents. Never raises for what the file holds: see `FileResult.error`."""
    return finished(read_to_analyse(task))


def read_to_analyse(task: Task) -> Started:
    """The first half of `read_and_analyse`; `finished` does the other.

    Several files read before the first of them is analysed take a seventh less time: what one half needs would push
    what the other needs out of the processor's caches, file by file.
    """
    now = time.time_ns()
    digest = b""
    try:
        data = file_bytes(task.path, task.source)
        side = side_bytes(task.path)
        digest = digest_of(data, side)
        if digest == task.known_digest:
            return FileResult(task.source, now, digest, unchanged=True)
        documents, problems = read_file(Path(task.path), task.source, data, settings=task.reading, side=side)
        return partial(_analysed, task, now, digest, documents, problems)
    except Exception as error:
        return _failed(task, now, digest, error)


def finished(started: Started) -> FileResult:
    """What became of a file whose reading was started."""
    return started if isinstance(started, FileResult) else started()


def _analysed(task: Task, now: int, digest: bytes, documents: list[Document], problems: tuple[str, ...]) -> FileResult:
    try:
        reader = reader_name(task.path) or ""
        exported: list[Document] = []
        if reader in _MAY_HOLD_EXPORTED:
            exported = [each for each in documents if not belongs_to(each.source, task.source)]
            documents = [each for each in documents if belongs_to(each.source, task.source)]
        documents = _with_languages(_each_once(documents), task.settings.language) + _each_once(exported)
        return FileResult(
            task.source,
            now,
            digest,
            reader=EXPORT if exported else reader,
            documents=[
                (made.id, made.columns, made.stored)
                for made in (analyse(document, settings=task.settings) for document in documents)
            ],
            counts=counts_of(documents),
            problems=(*problems, *_too_long(documents), *_guessed(documents)),
        )
    except Exception as error:
        return _failed(task, now, digest, error)


def _failed(task: Task, now: int, digest: bytes, error: Exception) -> FileResult:
    """The result for a file of which nothing could be read: one file must not end the build of all others."""
    transient = False
    if isinstance(error, ReadError):
        what = error.what
        # Without a library the content was not read: its digest must not make it look known once there is one.
        missing = isinstance(error.__cause__, ImportError)
        transient = missing or isinstance(error.__cause__, OSError)
        digest = b"" if missing else digest
    elif isinstance(error, MemoryError):
        what = OUT_OF_MEMORY
    else:
        what = f"it could not be read ({type(error).__name__}: {error})"[:1000]
    reader = reader_name(task.path) or ""
    return FileResult(task.source, now, digest, reader=reader, error=what, transient=transient)


def read_only(task: Task) -> FileResult:
    """Read one file into documents that are not analysed. Likewise never raises for what the file holds."""
    now = time.time_ns()
    try:
        documents, problems = read_file(Path(task.path), task.source, settings=task.reading)
        return FileResult(task.source, now, articles=documents, problems=problems)
    except ReadError as error:
        return FileResult(task.source, now, error=error.what)
    except MemoryError:
        return FileResult(task.source, now, error=OUT_OF_MEMORY)


def content_digest(path: Path, source: str) -> bytes:
    """The digest of a file's content as it is now, as a `FileResult` has it. Raises what `file_bytes` raises."""
    return digest_of(file_bytes(path, source), side_bytes(path))


def _each_once(documents: list[Document]) -> list[Document]:
    """The documents without repetitions of a source, which would be two documents of one id."""
    found = {document.source: document for document in documents}
    return documents if len(found) == len(documents) else list(found.values())


def _too_long(documents: list[Document]) -> Iterator[str]:
    """What of the documents is too long to be searched; of several in one file, with the number of each."""
    for document in documents:
        _, mark, number = document.source.rpartition("#") if len(documents) > 1 else ("", "", "")
        for phrase in too_long(document):
            yield f"{mark}{number}: {phrase}" if mark else phrase


def _guessed(documents: list[Document]) -> list[str]:
    """The warning about a file's encoding, if it was guessed: whoever builds should hear of it."""
    warnings = documents[0].warnings if documents else ()
    return [warning for warning in warnings if warning.endswith(BY_GUESS)]


def _with_languages(documents: list[Document], default: str) -> list[Document]:
    """The documents, each in some language where one can be told or assumed.

    One too short to tell is taken to be in the language that is set for such documents; else in that of most documents
    of its file; else, if it is all plain Latin letters, in English. Unstemmed, it would be found by exact words alone.
    """
    if all(document.language for document in documents):
        return documents
    known = Counter(document.language for document in documents if document.language)
    common, rule = (default, SETTINGS_NAME) if default else ("", "")
    if known and not default:
        common, rule = known.most_common(1)[0][0], "assumed: that of most documents of the file"
    return [document if document.language else _in_language(document, common, rule) for document in documents]


def _in_language(document: Document, language: str, rule: str) -> Document:
    if not language:
        start = f"{document.title} {document.body[:_START]}"
        if not start.isascii() or not any(map(str.isalpha, start)):
            return document
        language, rule = "en", "assumed: plain Latin letters"
    return replace(
        document,
        language=language,
        provenance={**document.provenance, "language": rule},
        confidence={**document.confidence, "language": confidence("language", language, rule)},
    )


def counts_of(documents: Sequence[Document]) -> Counts:
    """What documents have and lack."""
    languages: dict[str, int] = {}
    for document in documents:
        language = document.language if document.language in SNOWBALL else ""
        languages[language] = languages.get(language, 0) + 1
    return Counts(
        len(documents),
        sum(not document.title for document in documents),
        sum(not document.authors for document in documents),
        sum(document.date is None for document in documents),
        sum(bool(document.doubtful) for document in documents),
        languages,
    )
