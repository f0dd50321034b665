"""A corpus that changes and knows what an index of it must hold, and commands in processes that can be killed."""

from __future__ import annotations

import io
import multiprocessing
import os
import random
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from index.document import Document
from index.engines import engine as engine_called
from index.query import Everything
from index.storage.manifest import generation_path, read_manifest
from index.storage.store import Store

Holdings = dict[str, str]
"""What an index holds: the body of each document by its source."""

_MODULES = [
    "search.cli",
    "index.cli",
    "index.updating.job",
    "index.engines.tantivy_engine",
    "index.engines.whoosh_engine",
]


class Corpus:
    """A folder of articles that are written, changed, moved and deleted at random; the same for the same seed."""

    def __init__(self, folder: Path, rng: random.Random, files: int) -> None:
        self.folder = folder
        self._rng = rng
        self._serial = 0
        self._lost = 0  # files that are missing from as many as there were at first
        self._texts: dict[str, list[str]] = {}  # bodies of the documents by file name
        folder.mkdir(parents=True)
        for _ in range(files):
            self._write(f"{self._next()}.md")
        self._write("feed.jsonl")

    def holdings(self) -> Holdings:
        """What an index of the folder as it is now must hold."""
        found = {}
        for name, bodies in self._texts.items():
            for number, body in enumerate(bodies, start=1):
                source = f"{self.folder.name}/{name}"
                found[f"{source}#{number}" if name.endswith(".jsonl") else source] = body
        return found

    def is_as_written(self) -> bool:
        """Whether nobody else has put a file into the folder, or taken one away."""
        return {path.name for path in self.folder.iterdir()} == set(self._texts)

    def lose(self) -> None:
        """Delete some files."""
        for name in self._rng.sample(sorted(name for name in self._texts if name.endswith(".md")), 3):
            (self.folder / name).unlink()
            del self._texts[name]
            self._lost += 1

    def change(self) -> None:
        """Change some files, write some new ones, move some and delete as many as were written."""
        markdown = sorted(name for name in self._texts if name.endswith(".md"))
        chosen = self._rng.sample(markdown, min(len(markdown), 8))
        for name in chosen[:3]:
            self._write(name)
        for name in chosen[3:6]:
            (self.folder / name).unlink()
            del self._texts[name]
        for name in chosen[6:8]:
            new = f"{self._next()}.md"
            (self.folder / name).rename(self.folder / new)
            self._texts[new] = self._texts.pop(name)
        for _ in range(3 + self._lost):
            self._write(f"{self._next()}.md")
        self._lost = 0
        if self._rng.random() < 0.5:
            self._write("feed.jsonl")

    def _write(self, name: str) -> None:
        count = self._rng.randint(1, 9) if name.endswith(".jsonl") else 1
        bodies = [self._body() for _ in range(count)]
        if name.endswith(".jsonl"):
            text = "".join(f'{{"title": "Entry {number}", "body": "{body}"}}\n' for number, body in enumerate(bodies))
        else:
            text = f"---\ntitle: {name}\n---\n\n{bodies[0]}\n"
        (self.folder / name).write_text(text, encoding="utf-8")
        self._texts[name] = bodies

    def _body(self) -> str:
        words = " ".join(self._rng.choices(["harbour", "tide", "keel", "mast", "anchor", "sail", "reef"], k=30))
        return f"version{self._next()} {words}."

    def _next(self) -> int:
        self._serial += 1
        return self._serial


def holdings(index: Path) -> Holdings:
    """What an index holds, asked of its engine; raises what opening and searching raises, or AssertionError."""
    with Store.open(index) as store:
        searcher = store.searcher()
        found = searcher.search(Everything(), limit=100_000)
        assert found.total == searcher.document_count == len(found.page)
        documents = [Document.from_stored(match.stored) for match in found.page]
    held = {document.source: document.body.strip() for document in documents}
    assert len(held) == len(documents), "a document is there twice"
    return held


def orphans(index: Path) -> list[str]:
    """Files and folders that no finished build leaves behind, relative to the index folder."""
    manifest = read_manifest(index)
    generation = generation_path(index, manifest.generation)
    known = {
        *(index / name for name in _INDEX_FILES),
        generation.parent,
        generation,
        *(generation / name for name in (*_OWN_FILES, *engine_called(manifest.engine).files(generation))),
    }
    return sorted(str(path.relative_to(index)) for path in index.rglob("*") if path not in known)


_INDEX_FILES = ("manifest.json", "catalog.sqlite", "checksums.json", "lock")
_OWN_FILES = ("checksums.json", "MAIN_WRITELOCK", ".managed.json", ".tantivy-meta.lock", ".tantivy-writer.lock")


class Manner(NamedTuple):
    """How a command runs.

    Attributes:
        last_operation: the number of the operation on files of the index at which it is killed; None for none.
        commit_seconds: how often it commits on the way, if not as usual.
        many_processes: whether to read in processes of their own, however little there is to read.
        file_bytes: no file may become larger than this; None for no such limit.
        sabotage: an attribute ("module:Class.method") that does nothing, to see whether that is noticed.
    """

    last_operation: int | None = None
    commit_seconds: float | None = None
    many_processes: bool = False
    file_bytes: int | None = None
    sabotage: str = ""


USUAL = Manner()


class Commands:
    """Byline's command, in processes forked from one that has imported everything, so that they start at once."""

    def __init__(self, log: Path, temporary: Path) -> None:
        """
        Args:
            log: a file to which is added what they print.
            temporary: a folder for their temporary files.
        """
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_MODULES)
        self._operations = self._context.Value("i", 0, lock=False)
        self._log = log
        self.temporary = temporary
        temporary.mkdir()

    @property
    def operations(self) -> int:
        """How many operations on files of its index the last command made."""
        return int(self._operations.value)

    def start(
        self, arguments: Sequence[str], index: Path, manner: Manner = USUAL
    ) -> multiprocessing.process.BaseProcess:
        """Start `byline ARGUMENTS… --index INDEX`."""
        self._operations.value = 0
        process = self._context.Process(
            target=_run,
            args=([*arguments, "--index", str(index)], str(self._log), str(self.temporary), manner, self._operations),
        )
        process.start()
        return process

    def run(self, arguments: Sequence[str], index: Path, manner: Manner = USUAL) -> int:
        """Run `byline ARGUMENTS… --index INDEX` to its end; the exit code."""
        process = self.start(arguments, index, manner)
        process.join()
        code = process.exitcode
        process.close()
        return -1 if code is None else code

    def said(self) -> str:
        """What the last commands said."""
        return self._log.read_text("utf-8")[-2_000:] if self._log.exists() else ""


def _run(arguments: list[str], log: str, temporary: str, manner: Manner, operations: Any) -> None:
    from search.cli import main

    os.environ["TMPDIR"] = tempfile.tempdir = temporary
    os.environ["XDG_STATE_HOME"] = f"{log}.state"
    _behave(manner)
    _count_operations(arguments[-1], operations, manner.last_operation)
    said = io.StringIO()
    try:
        with redirect_stdout(said), redirect_stderr(said):
            main(arguments)
    finally:
        with open(log, "a", encoding="utf-8") as file:  # noqa: PTH123  (nothing that may be imported late)
            file.write(f"$ byline {' '.join(arguments)}\n{said.getvalue()}")
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115


def _behave(manner: Manner) -> None:
    if manner.commit_seconds is not None:
        import index.updating.update

        index.updating.update.COMMIT_SECONDS = manner.commit_seconds
    if manner.many_processes:
        import index.processes.intake

        index.processes.intake._FEW_FILES = index.processes.intake._FEW_BYTES = 0
    if manner.file_bytes is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (manner.file_bytes, resource.RLIM_INFINITY))
    if manner.sabotage:
        module, _, path = manner.sabotage.partition(":")
        *owners, name = path.split(".")
        setattr(reduce(getattr, owners, import_module(module)), name, lambda *_, **__: None)


def _count_operations(index: str, operations: Any, last: int | None) -> None:
    """Count what Python itself does with files of the index; at the `last` of these operations the process dies."""
    done = 0

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal done
        if event not in _OPERATIONS:
            return
        path = arguments[0]
        if isinstance(path, int):
            return
        in_a_folder = event != "open" and arguments[-1] != -1  # of a file descriptor, as shutil.rmtree does it
        if not in_a_folder and not os.fspath(path).startswith(index):
            return
        done += 1
        operations.value = done
        if done == last:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


_OPERATIONS = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"})
