"""Builds that end early: the index holds the last commit or the next, and the next build puts the rest right."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.build import build
from index.catalog.catalog import Catalog
from index.errors import IndexNotFound
from index.storage.manifest import Manifest, read_manifest
from index.storage.store import Store
from tests.build.articles import WHOLE, files_in, sources, stored, write, write_lines, write_many
from tests.build.processes import below, needs_proc, running_after

ENGINES = ["whoosh", "tantivy"]


class Crash(BaseException):
    """Not an Exception, so that nothing on the way handles it, like the end of the process."""


def crash(*_: object) -> None:
    raise Crash


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    write_many(folder, 6)
    write_lines(folder / "feed.jsonl", ["ebb", "flood", "tide"])
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / ".byline"


def change(corpus: Path) -> None:
    write(corpus / "new.md", title="New")
    write(corpus / "0001.md", "Changed.", title="Changed")
    (corpus / "0002.md").unlink()
    write_lines(corpus / "feed.jsonl", ["ebb", "neap"])
    write_lines(corpus / "more.jsonl", ["a", "b", "c"])


def bodies(index: Path) -> list[tuple[str, str, str]]:
    return [(document.source, document.title, document.body) for document in stored(index)]


def fresh_bodies(corpus: Path, engine: str) -> list[tuple[str, str, str]]:
    """What a new index of the corpus holds, by sources relative to the same home."""
    index = corpus.parent / ".fresh"
    build([corpus], index, engine=engine)
    return bodies(index)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("point", ["index.catalog.catalog.Catalog.settle", "index.updating.update.write_manifest"])
def test_crash_after_the_engine_has_committed(
    engine: str, point: str, corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build([corpus], index, engine=engine)
    change(corpus)
    with monkeypatch.context() as patch:
        patch.setattr(point, crash)
        with pytest.raises(Crash):
            build([corpus], index)

    report = build([corpus], index)

    assert bodies(index) == fresh_bodies(corpus, engine)
    assert report.documents == len(stored(index))
    again = build([corpus], index)
    assert (again.files_read, again.removed) == (0, 0)


@pytest.mark.parametrize("engine", ENGINES)
def test_files_that_change_again_after_a_crash(
    engine: str, corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ids of what the crash left in the engine are known, though the files are gone or hold less by now."""
    build([corpus], index, engine=engine)
    change(corpus)
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "settle", crash)
        with pytest.raises(Crash):
            build([corpus], index)
    (corpus / "new.md").unlink()
    write_lines(corpus / "more.jsonl", ["only one"])

    build([corpus], index)

    assert bodies(index) == fresh_bodies(corpus, engine)


def test_build_of_a_part_after_a_crash_puts_everything_right(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build([corpus], index)
    write(corpus / "part" / "x.md")
    change(corpus)
    with monkeypatch.context() as patch:
        patch.setattr("index.engines.whoosh_engine.ENGINE.writer", _writer_that_crashes_at_commit())
        with pytest.raises(Crash):
            build([corpus], index)

    build([corpus / "part"], index)

    assert bodies(index) == fresh_bodies(corpus, "whoosh")


def test_change_of_engine_after_a_crash(corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build([corpus], index)
    change(corpus)
    with monkeypatch.context() as patch:
        patch.setattr("index.engines.whoosh_engine.ENGINE.writer", _writer_that_crashes_at_commit())
        with pytest.raises(Crash):
            build([corpus], index)

    build([corpus], index, engine="tantivy")

    assert bodies(index) == fresh_bodies(corpus, "tantivy")


def _writer_that_crashes_at_commit() -> object:
    from index.engines import engine as engine_called
    from index.engines.contract import Writer
    from index.schema import Schema

    real = engine_called("whoosh").writer

    def writer(location: Path, schema: Schema) -> Writer:
        opened = real(location, schema)
        opened.commit = crash  # type: ignore[method-assign]
        return opened

    return writer


@pytest.mark.parametrize("engine", ENGINES)
def test_first_build_that_crashes_leaves_no_index_and_the_next_one_is_whole(
    engine: str, corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("index.updating.update.write_manifest", crash)
        with pytest.raises(Crash):
            build([corpus], index, engine=engine)
    with pytest.raises(IndexNotFound):
        Store.open(index)

    build([corpus], index, engine=engine)

    assert bodies(index) == fresh_bodies(corpus, engine)
    generation = read_manifest(index).generation
    assert files_in(index) == WHOLE | {f"generations/{generation:04d}"}


@pytest.mark.parametrize(
    "point",
    ["index.catalog.catalog.Catalog.settle", "index.updating.update.write_manifest", "index.updating.update.Entry"],
)
def test_rebuild_that_fails_leaves_the_old_generation_in_force(
    point: str, corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build([corpus], index)
    before = bodies(index)
    change(corpus)
    with monkeypatch.context() as patch:
        patch.setattr(point, crash)
        with pytest.raises(Crash):
            build([corpus], index, rebuild=True)

    assert bodies(index) == before
    assert read_manifest(index).generation == 1
    build([corpus], index)
    assert bodies(index) == fresh_bodies(corpus, "whoosh")
    assert files_in(index) == WHOLE | {"generations/0001"}


def test_generation_that_was_never_finished_is_removed(corpus: Path, index: Path) -> None:
    build([corpus], index)
    left = index / "generations" / "0007"
    left.mkdir()
    (left / "half").write_text("a file")

    build([corpus], index)

    assert files_in(index) == WHOLE | {"generations/0001"}


def test_long_builds_commit_on_the_way(corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.updating.update.COMMIT_SECONDS", 0.0)
    applied = 0

    def crash_at_the_fourth(*values: object) -> None:
        nonlocal applied
        applied += 1
        if applied == 4:
            raise Crash

    monkeypatch.setattr("index.updating.job.Progress", _after_reading(crash_at_the_fourth))
    with pytest.raises(Crash):
        build([corpus], index)

    assert len(sources(index)) == 4
    monkeypatch.undo()
    report = build([corpus], index)
    assert (report.unchanged, report.documents) == (4, 9)


def _after_reading(call: object) -> object:
    from index.updating.report import Progress

    def progress(phase: str, done: int, total: int | None = None) -> Progress:
        if phase == "reading" and done:
            call(done)  # type: ignore[operator]
        return Progress(phase, done, total)

    return progress


BUILD = """
import sys
from pathlib import Path
from index import build as module
import index.processes.intake
import index.updating.update
index.processes.intake._FEW_BYTES = 0
index.updating.update.COMMIT_SECONDS = 0.02
def show(progress):  # in long lines, which fill the pipe: so the build is never far ahead of the test, however slow
    print(progress.phase, progress.done, " " * 4_000, flush=True)
if __name__ == "__main__":
    corpus, index, engine, rebuild = sys.argv[1:]
    report = module.build(
        [Path(corpus)], Path(index), engine=engine, rebuild=rebuild == "True", jobs=2, on_progress=show
    )
    print("interrupted" if report.interrupted else "complete", report.documents, flush=True)
"""


def start(corpus: Path, index: Path, engine: str, *, rebuild: bool = False) -> subprocess.Popen[str]:
    """A build in a process of its own, which prints its progress."""
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, str(corpus), str(index), engine, str(rebuild)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def wait_for(process: subprocess.Popen[str], beginning: str, number: int) -> list[str]:
    """Read the progress until `number` lines begin so, or it ends."""
    assert process.stdout
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line.strip())
        number -= line.startswith(beginning)
        if number <= 0:
            break
    return lines


@pytest.mark.parametrize("engine", ENGINES)
def test_killed_at_random_moments(engine: str, tmp_path: Path) -> None:
    """After every kill the index opens and holds only whole articles, each once; the next build completes it."""
    corpus, index = tmp_path / "corpus", tmp_path / ".byline"
    write_many(corpus, 120)
    chance = random.Random(engine)
    for round_number in range(3):
        process = start(corpus, index, engine, rebuild=round_number == 1)
        wait_for(process, "reading", chance.randrange(1, 100))
        time.sleep(chance.random() / 50)
        process.kill()
        process.communicate()
        try:
            documents = stored_in_last_commit(index)
        except IndexNotFound:
            assert round_number == 0
        else:
            assert len(documents) == len(set(documents))
            assert {f"corpus/{number:04d}.md" for number in range(120)} >= set(documents)
        write(corpus / f"{round_number:04d}.md", f"Rewritten after kill {round_number}.")

    build([corpus], index, engine=engine)

    assert bodies(index) == fresh_bodies(corpus, engine)
    assert files_in(index) == WHOLE | {f"generations/{read_manifest(index).generation:04d}"}


def stored_in_last_commit(index: Path) -> list[str]:
    """The sources of all documents that can be searched now, also if the manifest is one commit behind."""
    from index.document import Document
    from index.query import Everything

    with Store.open(index) as store:
        matches = store.searcher().search(Everything(), limit=10_000)
        return [Document.from_stored(match.stored).source for match in matches.page]


@pytest.mark.parametrize("engine", ENGINES)
def test_ctrl_c_keeps_what_is_whole(engine: str, tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / ".byline"
    write_many(corpus, 400)
    process = start(corpus, index, engine)
    wait_for(process, "reading", 30)
    process.send_signal(signal.SIGINT)
    output = process.communicate(timeout=120)[0]

    assert process.returncode == 0
    last = output.splitlines()[-1]
    assert last.startswith("interrupted")
    found = sources(index)
    assert 0 < len(found) < 400
    assert len(found) == len(set(found)) == int(last.split()[1])

    report = build([], index)  # which also knows the folder by now
    assert (report.unchanged, report.indexed) == (len(found), 400 - len(found))
    assert len(set(sources(index))) == 400


def test_ctrl_c_during_a_rebuild_leaves_the_old_generation(tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / ".byline"
    write_many(corpus, 300)
    build([corpus], index)
    manifest: Manifest = read_manifest(index)
    process = start(corpus, index, "auto", rebuild=True)
    wait_for(process, "reading", 10)
    process.send_signal(signal.SIGINT)
    output = process.communicate(timeout=120)[0]

    assert output.splitlines()[-1] == "interrupted 300"
    assert read_manifest(index) == manifest
    assert files_in(index) == WHOLE | {"generations/0001"}
    assert build([], index).files_read == 0


@needs_proc
def test_reading_processes_end_with_a_killed_build(tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / ".byline"
    write_many(corpus, 300)
    process = start(corpus, index, "whoosh")
    wait_for(process, "reading", 5)
    children = below(process.pid)
    process.kill()
    process.communicate()

    assert len(children) >= 2
    assert running_after(children, 60) == []
