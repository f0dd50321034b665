"""An index without its manifest: being made, broken off, or lost. Which of these, and what to do, is said."""

from __future__ import annotations

import errno
import signal
from pathlib import Path

import pytest

from index.build import build
from index.catalog.catalog import Catalog
from index.commands.summary import build_summary, inventory_text
from index.errors import IndexDamaged, IndexNotFound, UsageError
from index.storage.lock import writer_lock
from index.storage.manifest import read_manifest
from index.storage.store import Store
from index.updating.report import Progress
from index.upkeep.inventory import take_inventory
from tests.build.articles import files_in, write, write_many


@pytest.fixture
def index(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    write_many(home / "my articles" / "deep", 2)
    write(home / "notes.md")
    write_many(tmp_path / "outside", 1)
    index = home / ".byline"
    build([home / "my articles", home / "notes.md", tmp_path / "outside"], index)
    return index


def test_a_missing_manifest_names_what_was_indexed(tmp_path: Path, index: Path) -> None:
    (index / "manifest.json").unlink()
    held = f"held files in: 'my articles/' notes.md {tmp_path}/outside/$"
    with pytest.raises(IndexNotFound, match=f"manifest.json is missing.*byline index --rebuild PATH.*{held}"):
        Store.open(index)
    with pytest.raises(UsageError, match=f"manifest.json is missing.*{held}"):
        build([], index)
    assert build([index.parent / "my articles"], index, rebuild=True).documents == 2


@pytest.mark.parametrize("content", [b"", b"{"])
@pytest.mark.parametrize("options", [{}, {"rebuild": True}, {"rebuild": True, "stored": True}])
def test_a_damaged_manifest_names_what_was_indexed(content: bytes, options: dict[str, bool], index: Path) -> None:
    (index / "manifest.json").write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"not as it was written.*--rebuild PATH.*'my articles/' notes.md"):
        build([], index, **options)  # type: ignore[arg-type]


def test_a_missing_manifest_and_catalog(index: Path) -> None:
    for name in ("manifest.json", "catalog.sqlite"):
        (index / name).unlink()
    with pytest.raises(IndexNotFound, match=r"byline index PATH$"):
        read_manifest(index)


def test_an_index_that_is_being_made_is_said_to_be(tmp_path: Path) -> None:
    new = tmp_path / ".byline"
    new.mkdir()
    with writer_lock(new, 0), pytest.raises(IndexNotFound, match=r"is being made now, by process \d+.*Try again"):
        Store.open(new)
    with pytest.raises(IndexNotFound, match="there is no index here"):
        Store.open(new)


def test_after_an_interrupted_first_build_it_is_said_how_much_is_left(tmp_path: Path) -> None:
    write_many(tmp_path / "articles", 5)

    def interrupt(progress: Progress) -> None:
        if progress.phase == "reading" and progress.done == 2:
            signal.raise_signal(signal.SIGINT)

    report = build([tmp_path / "articles"], tmp_path / ".byline", on_progress=interrupt)

    assert report.interrupted
    assert (report.files_read, report.left) == (2, 3)
    assert f"in the index; {report.left} files are left" in build_summary(report, tmp_path / ".byline")
    assert "no, not every file could be read yet" in inventory_text(take_inventory(tmp_path / ".byline"))

    build([], tmp_path / ".byline")
    assert "complete" not in inventory_text(take_inventory(tmp_path / ".byline"))


def test_what_is_left_of_an_index_stays_until_a_new_one_is_whole(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (index / "manifest.json").write_bytes(b"{")
    articles = index.parent / "my articles"
    there = files_in(index)
    empty = index.parent / "empty"
    empty.mkdir()
    (empty / ".DS_Store").touch()
    write(articles / ".bylineignore", "0001.md")
    for paths, words in (([articles, articles / "deep" / "0001.md"], "ignored by"), ([empty], "this folder is empty")):
        with pytest.raises(UsageError, match=words):
            build(paths, index, rebuild=True)
        assert files_in(index) == there

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("index.updating.update.write_manifest", full)
        with pytest.raises(OSError, match="No space"):
            build([articles], index, rebuild=True)
    assert "generations/0001" in files_in(index)

    assert build([articles], index, rebuild=True).documents == 1
    assert len([name for name in files_in(index) if name.startswith("generations/")]) == 1


def test_a_killed_first_build_is_no_lost_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_many(tmp_path / "articles", 2)

    def killed(*arguments: object) -> None:
        raise KeyError

    with monkeypatch.context() as patch:  # after the catalog was settled, and nothing is tidied up
        patch.setattr("index.updating.update.write_manifest", killed)
        patch.setattr("index.catalog.opening._note_as_closed", lambda path: None)
        with pytest.raises(KeyError):
            build([tmp_path / "articles"], tmp_path / ".byline")
    assert build([tmp_path / "articles"], tmp_path / ".byline").documents == 2


def test_ctrl_c_right_after_a_commit_of_the_catalog(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(index.parent / "my articles" / "new.md")

    def interrupted(catalog: Catalog) -> None:
        catalog.run("COMMIT")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "_commit", interrupted)
        assert build([], index).interrupted
    assert build([], index).documents == 5
