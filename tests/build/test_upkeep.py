"""Compacting an index, and making it anew where files are gone."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from index.build import build
from index.document import Document
from index.engines import engine
from index.errors import IndexDamaged, IndexLocked, IndexNotFound, IndexOutdated, UsageError
from index.storage.lock import writer_lock
from index.storage.manifest import generation_path, read_manifest, write_manifest
from index.upkeep.compact import compact
from index.upkeep.verify import verify
from index.upkeep.verify_findings import Kind
from tests.build.articles import WHOLE, files_in, sources, stored, write, write_lines, write_many

ENGINES = ["whoosh", "tantivy"]


@pytest.fixture(params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    write_many(tmp_path / "corpus", 8)
    write_lines(tmp_path / "corpus" / "lines.jsonl", ["one", "two"])
    folder = tmp_path / ".byline"
    build([tmp_path / "corpus"], folder, engine=request.param)
    return folder


def deleted(index: Path) -> int:
    manifest = read_manifest(index)
    segments = engine(manifest.engine).segments(generation_path(index, manifest.generation))
    return sum(segment.deleted for segment in segments)


def test_compacting_leaves_out_what_was_deleted_and_nothing_else(index: Path) -> None:
    (index.parent / "corpus" / "0002.md").unlink()
    write(index.parent / "corpus" / "0003.md", "Something else.")
    build([], index)
    before = stored(index)

    done = compact(index)

    assert stored(index) == before
    assert deleted(index) == 0
    assert done.was_loose == (done.deleted > 0)
    assert verify(index).severity is None
    assert len(files_in(index)) == len(WHOLE) + 1
    assert not compact(index).was_loose
    assert build([], index).files_read == 0


def test_compacting_gives_room_back(tmp_path: Path) -> None:
    write_many(tmp_path / "corpus", 400)
    index = tmp_path / ".byline"
    build([tmp_path / "corpus"], index, engine="tantivy")
    for path in sorted((tmp_path / "corpus").iterdir())[50:]:
        path.unlink()
    build([], index)

    done = compact(index)

    assert done.deleted == 350 or done.segments_before > 0
    assert done.bytes_after < done.bytes_before / 2
    assert len(sources(index)) == 50


def test_compacting_that_is_interrupted_changes_nothing(index: Path) -> None:
    (index.parent / "corpus" / "0002.md").unlink()
    write_many(index.parent / "corpus", 7, "lighthouse")
    build([], index)
    before, files = stored(index), files_in(index)
    if not deleted(index):
        pytest.skip("this engine has merged everything by itself")

    def interrupt(progress: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compact(index, on_progress=interrupt)

    assert (stored(index), files_in(index)) == (before, files)
    assert verify(index).severity is None


def test_compacting_what_cannot_be(index: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound):
        compact(tmp_path / "none")
    assert not (tmp_path / "none").exists()
    with writer_lock(index, 0), pytest.raises(IndexLocked):
        compact(index, wait=0)
    (index / "catalog.sqlite").unlink()
    with pytest.raises(IndexDamaged, match="byline index"):
        compact(index)
    write_manifest(index, replace(read_manifest(index), analysis=0))
    with pytest.raises(IndexOutdated):
        compact(index)


def test_a_rebuild_keeps_what_is_stored_of_files_that_are_damaged(index: Path) -> None:
    corpus = index.parent / "corpus"
    with zipfile.ZipFile(corpus / "pack.zip", "w") as archive:
        archive.writestr("inside.md", "# Inside\n\nA lighthouse.\n")
    build([], index)
    before = stored(index)
    (corpus / "0001.md").write_bytes(b"")
    (corpus / "pack.zip").write_bytes((corpus / "pack.zip").read_bytes()[:60])

    report = build([], index, rebuild=True, stored=True)

    assert (report.kept, stored(index)) == (2, before)
    assert {"corpus/0001.md", "corpus/pack.zip"} <= {each.source for each in report.skipped}
    build([], index)
    assert len(stored(index)) == len(before) - 2


def test_a_rebuild_keeps_what_is_stored_of_files_that_are_gone(index: Path) -> None:
    corpus = index.parent / "corpus"
    before = stored(index)
    corpus.rename(index.parent / "elsewhere")
    with pytest.raises(UsageError, match="byline rebuild --stored"):
        build([], index, rebuild=True)

    report = build([], index, rebuild=True, stored=True)

    assert (report.kept, report.indexed, report.documents) == (10, 0, 10)
    assert stored(index) == before
    assert list(verify(index).counts) == [Kind.ROOT_GONE]
    with pytest.raises(UsageError, match="gone"):  # as before the rebuild
        build([], index)
    (index.parent / "elsewhere").rename(corpus)
    assert build([], index).files_read == 0
    assert verify(index).severity is None


def test_only_what_is_gone_is_taken_from_the_index(index: Path) -> None:
    corpus = index.parent / "corpus"
    (corpus / "lines.jsonl").unlink()
    write(corpus / "0001.md", "Changed.")

    report = build([], index, rebuild=True, stored=True)

    assert (report.kept, report.indexed) == (2, 8)
    assert {"corpus/lines.jsonl#1", "corpus/lines.jsonl#2"} < set(sources(index))
    assert "Changed." in {document.body for document in stored(index)}
    assert verify(index).counts == {Kind.GONE: 1}
    assert build([], index).removed == 1
    assert verify(index).severity is None


def test_a_rebuild_without_being_asked_keeps_nothing(index: Path) -> None:
    (index.parent / "corpus" / "lines.jsonl").unlink()

    assert build([], index, rebuild=True).documents == 8


def test_an_outdated_index_whose_files_are_gone(index: Path) -> None:
    before = stored(index)
    write_manifest(index, replace(read_manifest(index), analysis=0))
    shutil.rmtree(index.parent / "corpus")

    build([], index, rebuild=True, stored=True)

    assert stored(index) == before


def test_what_settings_leave_out_now_is_not_kept(index: Path) -> None:
    (index.parent / "byline.toml").write_text('[reading]\nexclude = ["*.jsonl"]\n', "utf-8")

    assert build([], index, rebuild=True, stored=True).kept == 0


def unreadable(*_: object) -> list[str]:
    raise IndexDamaged("its list of documents is damaged")


def test_nothing_is_kept_by_guessing(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (index / "catalog.sqlite").unlink()
    monkeypatch.setattr("index.updating.recall.every_id", unreadable)
    with pytest.raises(IndexDamaged, match="byline export"):
        build([], index, rebuild=True, stored=True)
    assert len(stored(index)) == 10


def test_warnings_do_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.analysis.columns.MAX_BODY_CHARACTERS", 50)
    write(tmp_path / "a.md", "A long text about nothing at all. " * 10)
    index = tmp_path / ".byline"
    build([tmp_path / "a.md"], index, engine="whoosh")
    before = stored(index)[0].warnings

    build([], index, engine="tantivy")

    assert len(before) == 1
    assert isinstance(stored(index)[0], Document)
    assert stored(index)[0].warnings == before
