"""Builds that are killed, and readers beside one that is not: nothing of it is taken for damage."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from index.build import build
from index.engines import engine as engine_called
from index.errors import BylineError, IndexDamaged, IndexNotFound
from index.sealed import unsealed
from index.storage.checksums import check_folder
from index.storage.manifest import generation_path, read_manifest
from index.storage.store import Store
from index.upkeep.damage import check_files
from index.upkeep.inventory import take_inventory
from tests.build.articles import sources, write, write_lines, write_many
from tests.build.damaged import ENGINES, answers, files_of, put, small_index


@pytest.fixture(params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return small_index(tmp_path, request.param)


def found(index: Path) -> list[set[object]]:
    """What searches find, without the scores, in which deleted documents may still have a part."""
    return [{(hit[0], hit[2]) for hit in answer} for answer in answers(index)]


class Crash(BaseException):
    """Not an Exception, so that nothing on the way handles it, like the end of the process."""


def crashing(*_: object, **__: object) -> None:
    raise Crash


def after(real: Callable[..., object]) -> Callable[..., object]:
    """Does it, then crashes."""

    def done(*args: object, **kwargs: object) -> None:
        real(*args, **kwargs)
        raise Crash

    return done


STEPS = [
    "index.updating.update.open_checksums",
    "index.updating.update.write_checksums",
    "index.catalog.catalog.Catalog.note_doubts",
    "index.catalog.catalog.Catalog.settle",
    "index.catalog.catalog.Catalog.drop_others",
    "index.updating.update.write_manifest",
    "index.catalog.opening._note_as_closed",
]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_crash_at_any_step_leaves_a_sound_index(
    step: str, when: str, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_called(read_manifest(index).engine)
    corpus = index.parent / "corpus"
    before = found(index)
    write(corpus / "0001.md", "Rewritten ships.")
    (corpus / "0002.md").unlink()
    module, _, name = step.rpartition(".")
    with monkeypatch.context() as patch:
        # What a killed process does not do on its way out
        patch.setattr("index.updating.update.Update.writing", lambda update: WritingThatEndsAtOnce(update))
        patch.setattr("index.updating.job.Job._remove_generations_but", lambda *_: None)
        owner = _found(module)
        patch.setattr(owner, name, after(getattr(owner, name)) if when == "after" else crashing)
        if name != "_note_as_closed":
            patch.setattr("index.catalog.opening._note_as_closed", lambda path: None)
        with pytest.raises(Crash):
            build([], index)

    manifest = read_manifest(index)
    assert check_files(index, manifest) == []
    check_folder(generation_path(index, manifest.generation), engine)
    left = found(index)
    take_inventory(index)

    report = build([], index)
    assert report.rebuilt_because == ""
    complete = found(index)
    assert left in (before, complete)
    assert complete != before
    assert check_files(index, read_manifest(index)) == []
    closed = unsealed((generation_path(index, manifest.generation) / "checksums.json").read_bytes())
    assert not closed["open"]
    assert not list(index.rglob("*.new"))
    again = build([], index)
    assert (again.unchanged, again.files_read) == (9, 0)


def _found(dotted: str) -> object:

    try:
        return importlib.import_module(dotted)
    except ModuleNotFoundError:
        module, _, name = dotted.rpartition(".")
        return getattr(importlib.import_module(module), name)


class WritingThatEndsAtOnce:
    """`Update.writing` of a process that is killed: the engine's writer neither commits nor cleans up."""

    def __init__(self, update: object) -> None:
        self.update = update

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        update = self.update
        if kind is None:
            update._close_writer()  # type: ignore[attr-defined]
        elif (writer := update._writer) is not None:  # type: ignore[attr-defined]
            writer.__exit__(kind, None, None)  # lets go of the library's lock, which ends with a process


def test_what_is_left_open_by_a_crash_still_names_damage(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that are written once are held to their checksums even then."""
    write(index.parent / "corpus" / "new.md")
    with monkeypatch.context() as patch:
        patch.setattr("index.updating.update.Update.writing", lambda update: WritingThatEndsAtOnce(update))
        patch.setattr("index.updating.update.Update.commit", crashing)
        with pytest.raises(Crash):
            build([], index)
    engine = engine_called(read_manifest(index).engine)
    folder = generation_path(index, 1)
    assert unsealed((folder / "checksums.json").read_bytes())["open"]
    for path in files_of(folder):
        if path.name in engine.rewritten or path.name not in {*engine.files(folder), "checksums.json"}:
            continue  # the latter may be what the crash left of the next commit
        content = path.read_bytes()
        put(path, content[:-1])
        for ask in (lambda: answers(index), lambda: build([], index)):
            with pytest.raises(IndexDamaged) as raised:
                ask()
            assert raised.value.where == str(path)
        path.unlink()
        with pytest.raises(IndexDamaged):
            answers(index)
        put(path, content)
    assert build([], index).indexed == 1


def test_a_first_build_that_was_killed_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_lines(tmp_path / "corpus" / "feed.jsonl", ["ebb", "flood"])
    index = tmp_path / ".byline"
    for step in STEPS:
        with monkeypatch.context() as patch:
            patch.setattr(step, crashing)
            with suppress(Crash):  # what was built by then needs no such step again
                build([tmp_path / "corpus"], index)
        try:
            with Store.open(index) as store:
                assert store.searcher().document_count == 2
        except IndexNotFound:
            pass
    build([tmp_path / "corpus"], index)
    assert len(sources(index)) == 2


def test_readers_that_open_while_a_writer_commits_see_no_damage(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr("index.updating.update.COMMIT_SECONDS", 0.0)  # a commit for every file
    failures: list[BylineError] = []
    counts: set[int] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                with Store.open(index) as store:
                    counts.add(store.searcher().document_count)
                check_files(index, read_manifest(index))
                take_inventory(index)
            except BylineError as error:
                failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for number in range(4):
            write_many(index.parent / "corpus" / "more", 4, f"wave {number}")
            (index.parent / "corpus" / f"000{number}.md").unlink(missing_ok=True)
            build([], index, rebuild=number == 2)
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert failures == []
    assert len(counts) > 1
