"""Disks that are mounted below what is indexed, and then are not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index.build import build
from index.errors import UsageError
from index.storage.manifest import read_manifest
from index.upkeep.verify import verify
from index.upkeep.verify_findings import Kind
from tests.build.articles import rewrite_manifest, sources, write

ALL = ["corpus/here.md", "corpus/nas/a.md", "corpus/nas/deep/b.md"]


class Disk:
    """A disk that is mounted at a folder, as far as the numbers of file systems tell."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.is_mounted = True

    def number(self, folder: str) -> int:
        there = Path(folder).stat().st_dev
        return there + 1 if self.is_mounted and f"{folder}/".startswith(f"{self.place}/") else there

    def unmount(self) -> None:
        self.is_mounted = False
        self.place.rename(self.place.with_name(".disk"))
        self.place.mkdir()

    def mount(self) -> None:
        self.is_mounted = True
        if self.place.exists():
            self.place.rmdir()
        self.place.with_name(".disk").rename(self.place)


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    """One with two articles, in an indexed folder."""
    corpus = tmp_path / "corpus"
    write(corpus / "here.md")
    write(corpus / "nas" / "a.md")
    write(corpus / "nas" / "deep" / "b.md")
    disk = Disk(corpus / "nas")
    monkeypatch.setattr("index.files.walk.device_of", disk.number)
    monkeypatch.setattr("index.files.mounts.device_of", disk.number)
    build([corpus], tmp_path / ".byline")
    return disk


@pytest.fixture
def index(tmp_path: Path, disk: Disk) -> Path:
    return tmp_path / ".byline"


@pytest.mark.parametrize("is_gone", [False, True])
def test_what_is_on_a_disk_stays_while_that_is_not_mounted(disk: Disk, index: Path, is_gone: bool) -> None:
    assert read_manifest(index).mounts == ("corpus/nas",)
    disk.unmount()
    if is_gone:
        disk.place.rmdir()
    write(disk.place.with_name("new.md"))

    report = build([], index)
    again = build([], index)

    for each in (report, again):
        assert (each.removed, each.documents, each.skipped_files) == (0, 4, 1)
        (skipped,) = each.skipped
        assert skipped.source == "corpus/nas"
        assert f"byline index --forget {disk.place}" in skipped.reason
    (kind,) = verify(index).findings
    assert kind is (Kind.ROOT_GONE if is_gone else Kind.ROOT_EMPTY)
    disk.mount()
    report = build([], index)
    assert (report.removed, report.indexed, report.documents, report.skipped) == (0, 0, 4, ())
    assert verify(index).severity is None


def test_it_stays_when_only_that_is_looked_at(disk: Disk, index: Path) -> None:
    disk.unmount()
    assert build([], index, changed=[disk.place]).removed == 0
    assert build([disk.place.parent], index).removed == 0
    assert sources(index) == ALL


def test_what_is_deleted_on_a_disk_that_is_mounted_is_gone(disk: Disk, index: Path) -> None:
    (disk.place / "a.md").unlink()
    shutil.rmtree(disk.place / "deep")
    assert build([], index).removed == 2
    assert sources(index) == ALL[:1]
    disk.is_mounted = False
    assert build([], index).skipped == ()
    assert read_manifest(index).mounts == ()


def test_a_folder_that_was_never_a_disk_may_be_emptied(disk: Disk, index: Path) -> None:
    write(disk.place.with_name("inbox") / "c.md")
    build([], index)
    (disk.place.with_name("inbox") / "c.md").unlink()
    assert build([], index).removed == 1


def test_a_disk_that_is_gone_for_good_is_forgotten(disk: Disk, index: Path) -> None:
    with pytest.raises(UsageError, match="the next update would bring it back"):
        build([], index, forget=[disk.place])
    disk.unmount()

    report = build([], index, forget=[disk.place])

    assert (report.removed, report.documents, report.forgotten) == (2, 1, ("corpus/nas",))
    assert read_manifest(index).mounts == ()
    report = build([], index)
    assert (report.removed, report.skipped, report.documents) == (0, (), 1)


def test_an_index_is_not_made_anew_without_it(disk: Disk, index: Path) -> None:
    disk.unmount()
    for paths in ([], [disk.place.parent]):
        with pytest.raises(UsageError, match="nothing is mounted here any more; nothing was changed"):
            build(paths, index, rebuild=True)
    assert sources(index) == ALL

    assert build([], index, rebuild=True, stored=True).kept == 2

    assert sources(index) == ALL
    assert build([], index).documents == 3


def test_what_was_copied_from_a_disk_to_its_place_is_what_counts(disk: Disk, index: Path) -> None:
    disk.unmount()
    write(disk.place / "c.md")
    report = build([], index)
    assert (report.removed, report.new) == (2, 1)
    assert read_manifest(index).mounts == ()


def test_no_folder_outside_of_what_is_indexed_is_looked_into(
    disk: Disk, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewrite_manifest(index, mounts=["corpus/../..", "elsewhere", "/", ".", "corpus/nas"])
    looked: list[str] = []
    monkeypatch.setattr("index.files.mounts.is_bare", looked.append)
    build([], index)
    assert looked == [str(disk.place)]
