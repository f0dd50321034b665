"""What a build says of a rebuild that was interrupted, of an unknown engine, and of a folder without articles."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import build
from index.commands.summary import build_summary
from index.errors import IndexTooNew
from index.updating.report import Progress
from search import search
from tests.build.articles import rewrite_manifest


def write(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.md").write_text(f"# Heron {number}\n\nThe heron waits for the tide.\n")
    return folder


def test_an_interrupted_rebuild_says_that_nothing_has_changed(tmp_path: Path) -> None:
    own, articles = tmp_path / ".byline", write(tmp_path / "articles", 12)
    build([articles], own)
    (articles / "12.md").write_text("# Heron 12\n\nThe heron leaves.\n")

    def interrupt(progress: Progress) -> None:
        if progress.phase == "reading" and progress.done == 6:
            raise KeyboardInterrupt

    report = build([articles], own, rebuild=True, on_progress=interrupt)
    assert (report.interrupted, report.discarded) == (True, True)
    assert (report.indexed, report.documents, report.rebuilt_because) == (0, 12, "")
    assert "given up" in build_summary(report, own)
    assert search("heron", index=own).total == 12
    assert build([articles], own).documents == 13


def test_an_engine_that_only_a_later_version_knows(tmp_path: Path) -> None:
    own, articles = tmp_path / ".byline", write(tmp_path / "articles", 2)
    build([articles], own)
    rewrite_manifest(own, engine="future")
    with pytest.raises(IndexTooNew, match="'future'"):
        build([articles], own)


def test_first_builds_that_failed_leave_nothing_behind(tmp_path: Path) -> None:
    own, articles = tmp_path / ".byline", write(tmp_path / "articles", 2)

    def fail(progress: Progress) -> None:
        if progress.phase == "reading":
            raise RuntimeError("as if killed")

    for _ in range(2):
        with pytest.raises(RuntimeError):
            build([articles], own, on_progress=fail)
        assert len(list((own / "generations").iterdir())) <= 1
    build([articles], own)
    assert len(list((own / "generations").iterdir())) == 1


def test_a_folder_without_articles_is_said_to_be_one(tmp_path: Path) -> None:
    report = build([write(tmp_path / "articles", 0)], tmp_path / ".byline")
    assert "no article in it" in build_summary(report, tmp_path / ".byline")
