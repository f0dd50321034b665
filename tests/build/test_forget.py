"""Taking files and folders out of an index, and naming anew all that it holds."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from index.build import build
from index.commands.summary import build_summary
from index.errors import IndexDamaged, UsageError
from index.storage.manifest import read_manifest
from tests.build.articles import sources, write


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index of two folders and a file."""
    write(tmp_path / "art" / "a.md")
    write(tmp_path / "art" / "sub" / "b.md")
    write(tmp_path / "news" / "n.md")
    write(tmp_path / ".draft.md")
    build([tmp_path / "art", tmp_path / "news", tmp_path / ".draft.md"], tmp_path / ".byline")
    return tmp_path / ".byline"


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_folder_is_forgotten_whether_or_not_it_is_there(is_gone: bool, tmp_path: Path, index: Path) -> None:
    if is_gone:
        shutil.rmtree(tmp_path / "art")

    report = build([], index, forget=[tmp_path / "art"])

    assert (report.removed, report.files_read, report.documents, report.forgotten) == (2, 0, 2, ("art",))
    assert sources(index) == [".draft.md", "news/n.md"]
    assert read_manifest(index).roots == (".draft.md", "news")
    assert build([], index).documents == 2  # it neither comes back nor is missed
    assert (tmp_path / "art").exists() is not is_gone


def test_forgetting_one_of_two_folders_that_are_gone(tmp_path: Path, index: Path) -> None:
    shutil.rmtree(tmp_path / "art")
    shutil.rmtree(tmp_path / "news")

    build([], index, forget=[tmp_path / "art"])

    assert sources(index) == [".draft.md", "news/n.md"]
    with pytest.raises(UsageError, match="news: this was indexed and is gone"):
        build([], index)


def test_a_folder_above_takes_all_with_it_hidden_files_too(tmp_path: Path, index: Path) -> None:
    build([], index, forget=[tmp_path])
    assert sources(index) == []
    assert read_manifest(index).roots == ()


def test_forgetting_and_indexing_at_once(tmp_path: Path, index: Path) -> None:
    write(tmp_path / "more" / "m.md")

    report = build([tmp_path / "more", tmp_path / "art" / "sub"], index, forget=[tmp_path / "art"])

    assert (report.removed, report.indexed) == (1, 1)
    assert sources(index) == [".draft.md", "art/sub/b.md", "more/m.md", "news/n.md"]
    assert read_manifest(index).roots == (".draft.md", "art/sub", "more", "news")


def test_what_is_forgotten_can_be_indexed_again(tmp_path: Path, index: Path) -> None:
    build([], index, forget=[tmp_path / "art"])
    assert build([tmp_path / "art"], index).indexed == 2


def test_an_outdated_index_is_rebuilt_without_what_is_forgotten(tmp_path: Path, index: Path) -> None:
    (tmp_path / "byline.toml").write_text("[index]\ntitle_weight = 5\n")
    shutil.rmtree(tmp_path / "art")

    report = build([], index, forget=[tmp_path / "art"])

    assert report.rebuilt_because
    assert sources(index) == [".draft.md", "news/n.md"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param(
            "nowhere", "nothing of this is in the index. These are indexed: .draft.md, art, news", id="unknown"
        ),
        pytest.param("art/sub", "part of art, which is indexed.*byline index --forget", id="inside a folder"),
        pytest.param("art/a.md", "part of art, which is indexed", id="a file inside a folder"),
    ],
)
def test_what_cannot_be_forgotten(name: str, message: str, tmp_path: Path, index: Path) -> None:
    with pytest.raises(UsageError, match=message):
        build([], index, forget=[tmp_path / "news", tmp_path / name])
    assert len(sources(index)) == 4
    assert len(read_manifest(index).roots) == 3


def test_there_is_nothing_to_forget_without_an_index(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing is indexed here yet"):
        build([], tmp_path / ".byline", forget=[tmp_path])
    assert not (tmp_path / ".byline").exists()


def test_rebuilding_with_paths_holds_exactly_these(tmp_path: Path, index: Path) -> None:
    shutil.rmtree(tmp_path / "art")

    report = build([tmp_path / "news"], index, rebuild=True)

    assert report.forgotten == (".draft.md", "art")
    assert "No longer indexed: .draft.md, art\n" in build_summary(report, index)
    assert sources(index) == ["news/n.md"]
    assert read_manifest(index).roots == ("news",)
    assert build([], index).documents == 1


def test_rebuilding_without_paths_holds_all_that_was_indexed(index: Path) -> None:
    assert build([], index, rebuild=True).documents == 4


def test_the_refusal_names_every_way_out(tmp_path: Path, index: Path) -> None:
    shutil.rmtree(tmp_path / "art")
    with pytest.raises(UsageError) as raised:
        build([], index)
    assert f"byline index --forget {tmp_path / 'art'}" in str(raised.value)
    assert "byline index --rebuild PATH" in str(raised.value)
    assert "byline index PATH" in str(raised.value)


def test_a_named_file_that_is_no_article_may_go_again(tmp_path: Path, index: Path) -> None:
    macros = tmp_path / "notes.docm"
    macros.write_bytes(b"PK")
    build([macros], index)
    macros.unlink()

    report = build([], index)

    assert report.forgotten == ("notes.docm",)
    assert (report.removed, report.documents) == (0, 4)
    assert "notes.docm" not in read_manifest(index).roots


def test_a_file_that_was_deleted_is_said_to_be_indexed_no_longer(tmp_path: Path, index: Path) -> None:
    (tmp_path / ".draft.md").unlink()
    report = build([], index)
    assert (report.forgotten, report.removed, report.excluded) == ((".draft.md",), 1, 0)


def test_a_folder_that_may_not_be_read(tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: str) -> bool:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    monkeypatch.setattr("index.files.roots.is_bare", refused)
    with pytest.raises(UsageError, match=r"art: this cannot be read: Permission denied; nothing was changed.*PATH"):
        build([], index, dry_run=True)


def test_a_manifest_that_may_not_be_read(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path, most: int) -> bytes:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr("index.storage.manifest.read_small_file", refused)
    with pytest.raises(IndexDamaged, match=r"cannot be opened: Permission denied. Get the right to read it"):
        read_manifest(index)


@pytest.mark.parametrize("left", ["", ".DS_Store", "lost/.hidden"])
def test_what_may_be_on_a_disk_that_is_not_mounted_stays(tmp_path: Path, left: str) -> None:
    disk, index = tmp_path / "mnt", tmp_path / ".byline"
    file = write(disk / "a.md")
    write(tmp_path / "b.md")
    for roots in ([file, tmp_path / "b.md"], [disk, tmp_path / "b.md"]):
        build(roots, index, rebuild=index.exists())
        away = disk.rename(tmp_path / ".elsewhere")
        if left:
            (disk / left).parent.mkdir(parents=True)
            (disk / left).touch()
        else:
            disk.mkdir()
        with pytest.raises(UsageError, match="nothing was changed"):
            build([], index)
        assert sources(index) == ["b.md", "mnt/a.md"]
        shutil.rmtree(disk)
        away.rename(disk)
        assert build([], index).documents == 2


def test_a_home_without_its_files_keeps_their_articles(tmp_path: Path) -> None:
    home = tmp_path / "home"
    write(home / "deep" / "a.md")
    elsewhere = write(tmp_path / "elsewhere" / "b.md").parent
    build([home, elsewhere], home / ".byline")
    (home / "deep" / "a.md").unlink()
    with pytest.raises(UsageError, match="empty now; nothing was changed"):
        build([], home / ".byline")


def test_a_home_that_never_had_files_is_not_missed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    elsewhere = write(tmp_path / "elsewhere" / "b.md").parent
    build([home, elsewhere], home / ".byline")
    assert build([], home / ".byline").documents == 1


def test_a_single_file_that_is_deleted_beside_others_is_taken_out(tmp_path: Path) -> None:
    file = write(tmp_path / "notes" / "a.md")
    write(tmp_path / "notes" / "b.md")
    build([file], tmp_path / ".byline")
    file.unlink()
    assert build([], tmp_path / ".byline").documents == 0
