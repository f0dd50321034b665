"""What a build notices since the last one, and what it says it did."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from index.build import build
from index.storage.store import Store
from index.updating.report import Change, Happened
from tests.build.articles import LONG_AGO_NS, hide_ctimes, sources, stored, write, write_lines, write_three

ENGINES = ["whoosh", "tantivy"]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    write_three(folder)
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / ".byline"


@pytest.mark.parametrize("engine", ENGINES)
def test_renamed_and_moved_files_are_at_their_new_places_only(engine: str, corpus: Path, index: Path) -> None:
    build([corpus], index, engine=engine)
    (corpus / "one.md").rename(corpus / "uno.md")
    (corpus / "deep" / "three.md").rename(corpus / "three.md")

    report = build([], index)

    assert sources(index) == ["corpus/three.md", "corpus/two.md", "corpus/uno.md"]
    assert report.changes == (
        Change("corpus/three.md", Happened.MOVED, "corpus/deep/three.md"),
        Change("corpus/uno.md", Happened.MOVED, "corpus/one.md"),
    )
    assert (report.moved, report.new, report.removed, report.unchanged) == (2, 0, 0, 1)
    assert report.to_dict()["changes"][1] == {"source": "corpus/uno.md", "what": "moved", "was": "corpus/one.md"}
    assert build([], index).files_read == 0


def test_a_moved_folder(corpus: Path, index: Path) -> None:
    for number in range(5):
        write(corpus / "deep" / f"{number}.md", f"Number {number}.")
    build([corpus], index)
    (corpus / "deep").rename(corpus / "shallow")

    report = build([], index)

    assert (report.moved, report.removed, report.new) == (6, 0, 0)
    assert {(change.was, change.source) for change in report.changes} == {
        (f"corpus/deep/{name}.md", f"corpus/shallow/{name}.md") for name in ["three", *"01234"]
    }


def test_a_moved_file_of_several_articles(corpus: Path, index: Path) -> None:
    write_lines(corpus / "feed.jsonl", ["ebb", "flood"])
    build([corpus], index)
    (corpus / "feed.jsonl").rename(corpus / "tides.jsonl")

    report = build([], index)

    assert (report.moved, report.indexed) == (1, 2)
    assert [name for name in sources(index) if "#" in name] == ["corpus/tides.jsonl#1", "corpus/tides.jsonl#2"]


def test_files_of_one_content_are_told_apart_by_their_names(corpus: Path, index: Path) -> None:
    for name in ("a/x.md", "a/y.md"):
        write(corpus / name, "The very same.", title="Same")
    build([corpus], index)
    (corpus / "a").rename(corpus / "b")

    report = build([], index)

    assert [(change.was, change.source) for change in report.changes] == [
        ("corpus/a/x.md", "corpus/b/x.md"),
        ("corpus/a/y.md", "corpus/b/y.md"),
    ]


def test_a_copy_is_new_and_an_edited_move_is_new_and_removed(corpus: Path, index: Path) -> None:
    build([corpus], index)
    write(corpus / "copy.md", "The first article is about a leak.", title="One")
    (corpus / "two.md").unlink()
    write(corpus / "edited.md", "The second article is about a harbour, and boats.", title="Two")

    report = build([], index)

    assert (report.new, report.removed, report.moved) == (2, 1, 0)


def test_one_file_that_went_and_two_that_came_are_one_move(corpus: Path, index: Path) -> None:
    build([corpus], index)
    (corpus / "one.md").rename(corpus / "a.md")
    (corpus / "b.md").write_bytes((corpus / "a.md").read_bytes())

    report = build([], index)

    assert (report.new, report.removed, report.moved, report.documents) == (1, 0, 1, 4)


@pytest.mark.parametrize("engine", ENGINES)
def test_no_reader_ever_sees_a_moved_article_twice_or_not_at_all(
    engine: str, corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when a long update commits again and again."""
    for number in range(4):
        write(corpus / f"many{number}.md", f"Harbour {number}.")
    build([corpus], index, engine=engine)
    (corpus / "many0.md").rename(corpus / "a.md")
    (corpus / "many3.md").rename(corpus / "z.md")
    monkeypatch.setattr("index.updating.update.COMMIT_SECONDS", 0.0)
    seen = []

    def look(_: object) -> None:
        with Store.open(index) as store:
            seen.append(store.searcher().document_count)

    build([], index, on_progress=look)

    assert set(seen) == {7}
    assert len(sources(index)) == 7


def test_a_file_that_could_not_be_read_and_now_can(corpus: Path, index: Path) -> None:
    write_lines(corpus / "feed.jsonl", ["ebb"])
    (corpus / "feed.jsonl").write_text("{")
    (corpus / "empty.md").write_text("")
    assert build([corpus], index).skipped_files == 2
    write_lines(corpus / "feed.jsonl", ["ebb"])

    report = build([], index)

    assert (report.readable, report.new, report.changed, report.skipped_files) == (1, 0, 0, 1)
    assert report.changes == (Change("corpus/feed.jsonl", Happened.READABLE),)
    assert "corpus/feed.jsonl#1" in sources(index)


def test_a_file_that_newer_readers_can_read(corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (corpus / "odd.jsonl").write_text('{"headline here": "Tides"}\n')
    os.utime(corpus / "odd.jsonl", ns=(LONG_AGO_NS, LONG_AGO_NS))
    assert build([corpus], index).skipped_files == 1
    assert build([], index).files_read == 0

    report = build([], index, map={"title": ("headline here",), "body": ("headline here",)})

    assert (report.readable, report.reread, report.reread_because) == (1, 3, "--map changed")


def test_newer_readers_are_named_as_the_reason(corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build([corpus], index)
    monkeypatch.setattr("index.updating.job.READERS_VERSION", 10_000)
    monkeypatch.setattr("index.updating.update.READERS_VERSION", 10_000)

    report = build([], index)

    assert report.reread_because.startswith("the readers of files are other ones (version 10000, no longer ")
    assert (report.reread, report.changed, report.new) == (3, 0, 0)
    assert build([], index).reread_because == ""


def test_a_rebuild_tells_what_changed_besides(corpus: Path, index: Path) -> None:
    build([corpus], index)
    write(corpus / "one.md", "Now about something else.", title="One")
    write(corpus / "four.md")
    (corpus / "two.md").unlink()
    (corpus / "deep" / "three.md").rename(corpus / "3.md")

    report = build([], index, rebuild=True)

    assert (report.changed, report.new, report.removed, report.moved, report.reread) == (1, 1, 1, 1, 0)
    assert report.documents == 3


def test_rebuild_of_one_root_takes_the_others_out(corpus: Path, index: Path) -> None:
    write(corpus.parent / "other" / "a.md")
    build([corpus, corpus.parent / "other"], index)

    report = build([corpus.parent / "other"], index, rebuild=True)

    assert (report.reread, report.removed, report.documents) == (1, 3, 1)


@pytest.fixture
def silently_changed(corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file whose content changed while its size and time of change did not."""
    hide_ctimes(monkeypatch)
    path = write(corpus / "same.md", "aaaa", mtime_ns=LONG_AGO_NS)
    build([corpus], index)
    return write(path, "bbbb", mtime_ns=LONG_AGO_NS)


@pytest.mark.usefixtures("silently_changed")
def test_check_finds_what_size_and_time_do_not_show(corpus: Path, index: Path) -> None:
    assert build([], index).files_read == 0

    report = build([], index, check=True)

    assert (report.files_read, report.unchanged, report.changed, report.unnoticed) == (4, 3, 1, 1)
    assert report.changes == (Change("corpus/same.md", Happened.CHANGED),)
    assert "bbbb" in {document.body for document in stored(index)}
    again = build([], index, check=True)
    assert (again.files_read, again.unchanged, again.changed) == (4, 4, 0)


def test_check_of_files_that_failed_and_of_a_side_file(corpus: Path, index: Path) -> None:
    (corpus / "bad.jsonl").write_text("{")
    side = corpus / "one.md.meta.json"
    side.write_text(json.dumps({"title": "Uno"}))
    build([corpus], index)

    report = build([], index, check=True)

    assert (report.skipped_files, report.changed, report.readable) == (1, 0, 0)


def test_the_report_names_a_bounded_number_of_changes(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.updating.report.MAX_CHANGES_LISTED", 2)

    report = build([corpus], index)

    assert (len(report.changes), report.new) == (2, 3)
