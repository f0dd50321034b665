"""A lost catalog: what is gone since is counted all the same, and what is stored of it can be kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index.build import build
from index.errors import UsageError
from index.updating.report import Change, Happened
from index.upkeep.export import export
from index.upkeep.verify import verify
from index.upkeep.verify_findings import Kind
from tests.build.articles import files_in, sources, write, write_lines, write_many

ENGINES = ["whoosh", "tantivy"]


@pytest.fixture(params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    write_many(tmp_path / "articles", 3)
    write_lines(tmp_path / "articles" / "more.jsonl", ["one", "two"])
    write_many(tmp_path / "articles" / "web", 2, "web")
    index = tmp_path / ".byline"
    build([tmp_path / "articles"], index, engine=request.param)
    (index / "catalog.sqlite").unlink()
    return index


@pytest.mark.parametrize("dry_run", [True, False])
def test_what_is_gone_is_counted_without_the_catalog(dry_run: bool, index: Path) -> None:
    articles = index.parent / "articles"
    shutil.rmtree(articles / "web")
    (articles / "more.jsonl").unlink()
    write(articles / "new.md")

    report = build([], index, dry_run=dry_run)

    assert report.rebuilt_because == "the catalog of its files was lost or damaged"
    assert (report.new, report.changed, report.reread, report.removed, report.documents) == (1, 0, 3, 3, 4)
    assert {change for change in report.changes if change.what is Happened.REMOVED} == {
        Change(f"articles/{name}", Happened.REMOVED) for name in ("more.jsonl", "web/0000.md", "web/0001.md")
    }
    assert not report.unnoticed


def test_nothing_is_counted_as_gone_that_is_there(index: Path) -> None:
    report = build([], index)
    assert (report.new, report.reread, report.removed, report.documents) == (0, 6, 0, 7)
    assert verify(index).severity is None
    assert build([], index).unchanged == 6


def test_documents_of_an_export_that_is_there_are_not_gone(tmp_path: Path, index: Path) -> None:
    build([], index)
    saved, other = tmp_path / "saved" / "all.jsonl", tmp_path / "other" / ".byline"
    saved.parent.mkdir()
    export(index, saved)
    build([saved], other)
    right = sources(other)
    (other / "catalog.sqlite").unlink()

    report = build([], other, rebuild=True, stored=True)

    assert (report.removed, report.kept) == (0, 0)
    assert sources(other) == right


def test_a_folder_that_is_gone_with_the_catalog_is_refused_and_can_be_kept_as_stored(index: Path) -> None:
    right = sources(index)
    (index.parent / "articles").rename(index.parent / "elsewhere")

    with pytest.raises(UsageError, match=r"gone; nothing was changed.*byline rebuild --stored"):
        build([], index)
    assert "catalog.sqlite" not in files_in(index)
    (damage,) = verify(index).findings[Kind.DAMAGED_CATALOG]
    assert damage.what != "it is older than the index"

    report = build([], index, rebuild=True, stored=True)
    assert (report.kept, report.documents) == (7, 7)
    assert sources(index) == right

    (index.parent / "elsewhere").rename(index.parent / "articles")
    report = build([], index)
    assert (report.reread, report.removed, report.documents) == (6, 0, 7)


def test_it_is_said_when_the_engine_cannot_tell_what_is_gone(index: Path) -> None:
    for file in (index / "generations" / "0001").iterdir():
        file.write_bytes(b"")
    report = build([], index)
    assert "lost or damaged, and what is gone cannot be counted: " in report.rebuilt_because
    assert report.documents == 7
