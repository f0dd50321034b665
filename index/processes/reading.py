"""What happens to one file of a build: read, hash, break into documents, analyse. Runs in any process."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from index.analysis.columns import analyse, too_long
from index.analysis.tokens import SNOWBALL
from index.catalog.counts import Counts
from index.document import Document
from index.errors import ReadError
from index.processes.tasks import EXPORT, FileResult, Task, Work
from index.readers import (
    OUT_OF_MEMORY,
    RawFile,
    ReadResult,
    file_bytes,
    read_file,
    read_in_steps,
    reader_name,
    side_bytes,
)
from index.readers.article.trust import confidence
from index.readers.decoding.encoding import BY_GUESS
from index.settings import SETTINGS_NAME
from index.sources import belongs_to, digest_of

_MAY_HOLD_EXPORTED = frozenset(("jsonl", "gzipped", "archive"))
_START = 1_000  # characters of a body; enough to see what letters it is written in
_SAMPLE = b"---\ntitle: A Leak\nauthor: Ann Lee\ndate: 2022-12-20\n---\n\nThe water of the station was leaking.\n"


class Reading(NamedTuple):
    """A file that is being read.

    Attributes:
        task: what was asked for.
        checked_ns: when reading began, in nanoseconds since 1970.
        digest: of the file's content.
        steps: those that remain: see `read_in_steps`.
    """

    task: Task
    checked_ns: int
    digest: bytes
    steps: Generator[None, None, ReadResult]


Started = FileResult | Reading | Callable[[], FileResult]
"""What became of a file, or a file that is being read, or the analysis that remains to be done: see `finished`."""


def read_to_analyse(task: Task) -> Started:
    """The first step from a file to its analysed documents, which gets the file's bytes; `finished` takes the others.

    Never raises for what the file holds: see `FileResult.error`. See `results_of` for many files.
    """
    now = time.time_ns()
    digest = b""
    try:
        data = file_bytes(task.path, task.source)
        side = side_bytes(task.path)
        digest = digest_of(data, side)
        if digest == task.known_digest:
            return FileResult(task.source, now, digest, unchanged=True)
        steps = read_in_steps(RawFile(task.path, task.source, data, task.reading, side))
        return Reading(task, now, digest, steps)
    except Exception as error:
        return _failed(task, now, digest, error)


def finished(started: Started) -> FileResult:
    """What became of a file whose reading was started."""
    while isinstance(started, Reading):
        started = _further(started)
    return started if isinstance(started, FileResult) else started()


def results_of(tasks: Iterable[Task], work: Work) -> Iterator[FileResult]:
    """What became of several files, in their order. All are in memory at once.

    Each step of reading is taken with all files before the next, which takes a fifth less time: what one step needs
    would push what another one needs out of the processor's caches, file by file.
    """
    started = [work(task) for task in tasks]
    while any(isinstance(each, Reading) for each in started):
        started = [_further(each) if isinstance(each, Reading) else each for each in started]
    return map(finished, started)


def _further(reading: Reading) -> Started:
    """What comes after the next step of reading a file."""
    task, now, digest, steps = reading
    try:
        next(steps)
        return reading
    except StopIteration as end:
        return partial(_analysed, task, now, digest, *end.value)
    except Exception as error:
        return _failed(task, now, digest, error)


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
        documents, problems = read_file(task.path, task.source, settings=task.reading)
        return FileResult(task.source, now, articles=documents, problems=problems)
    except ReadError as error:
        return FileResult(task.source, now, error=error.what)
    except MemoryError:
        return FileResult(task.source, now, error=OUT_OF_MEMORY)


def prepare() -> None:
    """Import and set up what most files need, so that the first of them does not have to: it takes as long as fifty."""
    for document in read_file(Path("a.md"), "a.md", _SAMPLE, side=b"").documents:
        analyse(document)


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
