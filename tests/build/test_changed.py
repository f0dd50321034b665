"""Updates that look only at some paths: what they do, and what they leave alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import index.updating.job
from index.build import build
from index.errors import UsageError
from index.files.walk import SkippedFile, SourceFile
from index.storage.manifest import read_manifest
from index.updating.report import BuildReport, Change, Happened
from tests.build.articles import sources, write, write_many


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write_many(tmp_path / "corpus", 3)
    write_many(tmp_path / "corpus" / "deep", 2, "river")
    build([tmp_path / "corpus"], tmp_path / ".byline")
    return tmp_path / "corpus"


def look_at(corpus: Path, *names: str) -> BuildReport:
    return build([], corpus.parent / ".byline", changed=[corpus / name for name in names])


def test_only_what_is_named_is_looked_at(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_walk(paths: Sequence[Path], home: Path, mounts: set[str]) -> Iterator[SourceFile | SkippedFile]:
        raise AssertionError("the whole corpus is walked")

    monkeypatch.setattr(index.updating.job, "walk", no_walk)
    write(corpus / "0000.md", "Another text.")
    write(corpus / "0001.md", "Another text, too.")
    report = look_at(corpus, "0000.md")
    assert report.changes == (Change("corpus/0000.md", Happened.CHANGED),)
    assert (report.files_read, report.documents) == (1, 5)


def test_new_gone_and_moved_files(corpus: Path) -> None:
    write(corpus / "new.md")
    (corpus / "0001.md").unlink()
    (corpus / "0002.md").rename(corpus / "deep" / "renamed.md")
    report = look_at(corpus, "new.md", "0001.md", "0002.md", "deep/renamed.md")
    assert set(report.changes) == {
        Change("corpus/new.md", Happened.NEW),
        Change("corpus/0001.md", Happened.REMOVED),
        Change("corpus/deep/renamed.md", Happened.MOVED, "corpus/0002.md"),
    }
    assert sources(corpus.parent / ".byline") == [
        "corpus/0000.md",
        "corpus/deep/0000.md",
        "corpus/deep/0001.md",
        "corpus/deep/renamed.md",
        "corpus/new.md",
    ]


def test_folders_that_come_and_go(corpus: Path) -> None:
    shutil.move(corpus / "deep", corpus / "deeper")
    assert look_at(corpus, "deep", "deeper").moved == 2
    shutil.rmtree(corpus / "deeper")
    assert look_at(corpus, "deeper", "deeper/0000.md").removed == 2
    assert look_at(corpus, "deeper").removed == 0


def test_what_a_walk_passes_over_is_passed_over(corpus: Path) -> None:
    outside = write(corpus.parent / "outside.md")
    write(corpus / ".hidden.md")
    write(corpus / "ignored.md")
    (corpus / ".gitignore").write_text("ignored.md\n")
    report = build(
        [],
        corpus.parent / ".byline",
        changed=[outside, corpus / ".hidden.md", corpus / "ignored.md", corpus.parent / ".byline" / "manifest.json"],
    )
    assert (report.indexed, report.documents) == (0, 5)


def test_a_side_file_changes_its_article(corpus: Path) -> None:
    (corpus / "0000.meta").write_text("title: Another Title\n")
    assert look_at(corpus, "0000.meta").changes == (Change("corpus/0000.md", Happened.CHANGED),)
    (corpus / "0000.meta").unlink()
    assert look_at(corpus, "0000.meta").changes == (Change("corpus/0000.md", Happened.CHANGED),)


@pytest.mark.parametrize("left", ["nothing", "an empty folder"])
def test_a_folder_that_is_gone_may_be_a_disk_that_is_not_mounted(corpus: Path, left: str) -> None:
    shutil.rmtree(corpus)
    if left == "an empty folder":
        corpus.mkdir()
    with pytest.raises(UsageError, match="nothing was changed"):
        look_at(corpus, "0000.md", "0001.md")
    assert len(sources(corpus.parent / ".byline")) == 5


def test_only_the_roots_concerned_must_be_there(corpus: Path) -> None:
    other = corpus.parent / "other"
    write_many(other, 1)
    build([other], corpus.parent / ".byline")
    shutil.rmtree(corpus)
    write(other / "0000.md", "Another text.")
    assert build([], corpus.parent / ".byline", changed=[other / "0000.md"]).changed == 1


def test_where_everything_has_to_be_read_again_it_is(corpus: Path) -> None:
    (corpus.parent / "byline.toml").write_text("[index]\ntitle_weight = 5\n")
    report = look_at(corpus)
    assert report.rebuilt_because
    assert (report.files_read, report.documents) == (5, 5)


def test_the_manifest_says_when_everything_was_seen(corpus: Path) -> None:
    def seen() -> int:
        return read_manifest(corpus.parent / ".byline").seen_ns

    at_first = seen()
    assert at_first > 0
    write(corpus / "0000.md", "Another text.")
    look_at(corpus, "0000.md")
    assert seen() == at_first
    write(corpus / "0000.md", "Yet another text.")
    build([corpus / "0000.md"], corpus.parent / ".byline")
    build([], corpus.parent / ".byline")
    assert seen() == at_first, "nothing was written"
    write(corpus / "0000.md", "A last text.")
    build([], corpus.parent / ".byline")
    assert seen() > at_first
