"""Building, and keeping up with a corpus that changes."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from index.build import Progress, build
from index.storage.manifest import read_manifest
from index.storage.store import Store, stamp
from tests.build.articles import (
    WHOLE,
    files_in,
    rewrite_manifest,
    set_time,
    sources,
    stored,
    write,
    write_lines,
    write_many,
    write_three,
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    write_three(folder)
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / ".byline"


def test_first_build(corpus: Path, index: Path) -> None:
    report = build([corpus], index)

    assert sources(index) == ["corpus/deep/three.md", "corpus/one.md", "corpus/two.md"]
    assert [document.title for document in stored(index)] == ["Three", "One", "Two"]
    assert (report.indexed, report.files_indexed, report.documents) == (3, 3, 3)
    assert (report.unchanged, report.removed, report.skipped, report.interrupted) == (0, 0, (), False)
    assert (report.engine, report.engine_changed_from, report.generation) == ("whoosh", "", 1)
    assert report.to_dict()["documents"] == 3


def test_manifest_says_what_the_index_is(corpus: Path, index: Path) -> None:
    build([corpus], index)

    manifest = read_manifest(index)
    assert (manifest.engine, manifest.automatic, manifest.documents) == ("whoosh", True, 3)
    assert sum(manifest.languages.values()) == 3
    assert manifest.roots == ("corpus",)
    assert manifest.created <= manifest.updated
    assert files_in(index) == WHOLE | {"generations/0001"}


def test_nothing_changed_reads_and_writes_nothing(corpus: Path, index: Path) -> None:
    build([corpus], index)
    before = stamp(index)

    report = build([corpus], index)

    assert (report.files_read, report.indexed, report.unchanged, report.documents) == (0, 0, 3, 3)
    assert stamp(index) == before


def test_no_paths_means_the_same_as_last_time(corpus: Path, index: Path) -> None:
    build([corpus], index)
    write(corpus / "four.md")

    report = build([], index)

    assert (report.indexed, report.unchanged, report.documents) == (1, 3, 4)


def test_added_changed_removed_and_moved_files(corpus: Path, index: Path) -> None:
    build([corpus], index)
    write(corpus / "four.md", title="Four")
    write(corpus / "one.md", "Now about something else entirely.", title="One, corrected")
    (corpus / "two.md").unlink()
    shutil.move(corpus / "deep" / "three.md", corpus / "moved.md")

    report = build([corpus], index)

    assert [(document.source, document.title) for document in stored(index)] == [
        ("corpus/four.md", "Four"),
        ("corpus/moved.md", "Three"),
        ("corpus/one.md", "One, corrected"),
    ]
    assert (report.files_read, report.indexed, report.unchanged) == (3, 3, 0)
    assert (report.new, report.changed, report.moved, report.removed) == (1, 1, 1, 1)


def test_change_of_the_time_stamp_alone_is_looked_into_once(corpus: Path, index: Path) -> None:
    build([corpus], index)
    before = read_manifest(index)
    set_time(corpus / "one.md")

    report = build([corpus], index)
    after = read_manifest(index)
    again = build([corpus], index)

    assert (report.files_read, report.indexed, report.unchanged) == (1, 0, 3)
    assert after.generation == before.generation
    assert after.seen_ns > before.seen_ns, "searches can rely on the new time"
    assert (again.files_read, again.unchanged) == (0, 3)
    assert read_manifest(index) == after


def test_change_right_after_reading_is_noticed_though_it_keeps_size_and_time(corpus: Path, index: Path) -> None:
    just_then = time.time_ns() + 10**9
    write(corpus / "one.md", "aaaa", title="One", mtime_ns=just_then)
    build([corpus], index)
    write(corpus / "one.md", "bbbb", title="One", mtime_ns=just_then)

    report = build([corpus], index)

    assert report.indexed == 1
    assert "bbbb" in {document.body for document in stored(index)}


def test_file_of_several_articles_that_shrinks(corpus: Path, index: Path) -> None:
    feed = write_lines(corpus / "feed.jsonl", ["ebb", "flood", "tide"])
    build([corpus], index)
    assert [source for source in sources(index) if "feed" in source] == [f"corpus/feed.jsonl#{n}" for n in (1, 2, 3)]
    write_lines(feed, ["ebb", "spring tide"])

    report = build([corpus], index)

    assert report.indexed == 2
    assert [document.title for document in stored(index) if "feed" in document.source] == [
        "Entry ebb",
        "Entry spring tide",
    ]


def test_two_roots(tmp_path: Path, corpus: Path, index: Path) -> None:
    other = tmp_path / "other"
    write(other / "five.md")
    build([corpus], index)
    build([other], index)
    assert read_manifest(index).roots == ("corpus", "other")

    (other / "five.md").unlink()
    write(other / "six.md")
    (corpus / "two.md").unlink()
    only_other = build([other], index)

    assert (only_other.removed, only_other.indexed) == (1, 1)
    assert "corpus/two.md" in sources(index)  # not under the folder that was named
    assert build([], index).removed == 1
    assert sources(index) == ["corpus/deep/three.md", "corpus/one.md", "other/six.md"]


def test_folder_inside_a_known_root_adds_no_root(corpus: Path, index: Path) -> None:
    build([corpus], index)
    write(corpus / "deep" / "more.md")

    report = build([corpus / "deep"], index)

    assert (report.indexed, report.removed, report.documents) == (1, 0, 4)
    assert read_manifest(index).roots == ("corpus",)


def test_root_above_a_known_one_takes_its_place(tmp_path: Path, corpus: Path, index: Path) -> None:
    build([corpus / "deep"], index)
    report = build([corpus], index)

    assert (report.indexed, report.unchanged) == (2, 1)
    assert read_manifest(index).roots == ("corpus",)


def test_hidden_folder_that_was_named_is_kept_when_the_folder_above_is_indexed(corpus: Path, index: Path) -> None:
    write(corpus / ".drafts" / "draft.md")
    build([corpus, corpus / ".drafts"], index)
    assert "corpus/.drafts/draft.md" in sources(index)

    report = build([corpus], index)

    assert report.removed == 0
    assert "corpus/.drafts/draft.md" in sources(index)
    assert build([], index).unchanged == 4


def test_home_itself_as_root(corpus: Path) -> None:
    build([corpus], corpus / ".byline")
    (corpus / "two.md").unlink()

    report = build([], corpus / ".byline")

    assert (report.removed, report.unchanged) == (1, 2)
    assert sources(corpus / ".byline") == ["deep/three.md", "one.md"]


def test_corpus_outside_of_the_home_folder(tmp_path: Path, corpus: Path) -> None:
    index = tmp_path / "elsewhere" / "index"
    build([corpus], index)
    (corpus / "two.md").unlink()

    assert build([], index).removed == 1
    assert sources(index) == [(corpus / "deep/three.md").as_posix(), (corpus / "one.md").as_posix()]


def test_index_inside_the_corpus_under_a_name_that_is_not_hidden(corpus: Path) -> None:
    index = corpus / "index"
    first, second = build([corpus], index), build([corpus], index)

    assert (first.documents, second.documents, second.skipped) == (3, 3, ())


def test_corpus_and_index_move_together(tmp_path: Path, corpus: Path, index: Path) -> None:
    build([corpus], index)
    new_home = tmp_path / "new home"
    new_home.mkdir()
    shutil.move(corpus, new_home / "corpus")
    shutil.move(index, new_home / ".byline")

    report = build([], new_home / ".byline")

    assert (report.files_read, report.unchanged, report.documents) == (0, 3, 3)
    assert sources(new_home / ".byline") == ["corpus/deep/three.md", "corpus/one.md", "corpus/two.md"]


def test_single_files_as_roots(corpus: Path, index: Path) -> None:
    build([corpus / "one.md", corpus / "two.md"], index)
    (corpus / "two.md").unlink()

    report = build([], index)

    assert (report.removed, report.unchanged) == (1, 1)
    assert sources(index) == ["corpus/one.md"]
    assert read_manifest(index).roots == ("corpus/one.md",)


def test_names_that_are_not_utf8(corpus: Path, index: Path) -> None:
    odd = Path(os.fsdecode(bytes(corpus) + b"/caf\xe9.md"))
    try:
        write(odd, title="Odd")
    except OSError:
        pytest.skip("the file system takes only UTF-8")
    build([corpus], index)

    found = [document for document in stored(index) if document.title == "Odd"]
    assert [os.fsencode(document.source) for document in found] == [b"corpus/caf\xe9.md"]
    assert build([], index).unchanged == 4
    odd.unlink()
    assert build([], index).removed == 1


def test_rebuild_reads_everything_into_a_new_generation(corpus: Path, index: Path) -> None:
    build([corpus], index)

    report = build([], index, rebuild=True)

    assert (report.files_read, report.indexed, report.generation, report.documents) == (3, 3, 2, 3)
    assert report.rebuilt_because == "it was asked for"
    assert sources(index) == ["corpus/deep/three.md", "corpus/one.md", "corpus/two.md"]
    assert "generations/0001" not in files_in(index)


def test_readers_of_an_older_generation_go_on(corpus: Path, index: Path) -> None:
    build([corpus], index)
    with Store.open(index) as store:
        searcher = store.searcher()
        build([], index, rebuild=True)

        assert searcher.document(stored(index)[0].id) is not None
        assert searcher.document_count == 3


def test_newer_readers_read_every_file_again(corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build([corpus], index)
    monkeypatch.setattr("index.updating.job.READERS_VERSION", 10_000)
    monkeypatch.setattr("index.updating.update.READERS_VERSION", 10_000)

    report = build([], index)

    assert (report.files_read, report.indexed, report.documents, report.generation) == (3, 3, 3, 1)
    assert build([], index).files_read == 0


@pytest.mark.parametrize("key", ["analysis", "format"])
def test_older_index_is_rebuilt(key: str, corpus: Path, index: Path) -> None:
    build([corpus], index)
    rewrite_manifest(index, **{key: 0})

    report = build([corpus], index)

    assert (report.indexed, report.generation) == (3, 2)
    assert report.rebuilt_because
    assert len(sources(index)) == 3


def test_counts_of_what_is_missing(corpus: Path, index: Path) -> None:
    write_lines(corpus / "feed.jsonl", ["ebb", "flood"])  # without author and date

    report = build([corpus], index)

    assert (report.documents, report.without_title, report.without_author, report.without_date) == (5, 0, 2, 2)
    assert build([], index).without_author == 2


def test_many_files_in_processes(tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.processes.intake._FEW_BYTES", 0)
    write_many(tmp_path / "corpus", 150)
    seen: list[Progress] = []

    report = build([tmp_path / "corpus"], index, jobs=2, on_progress=seen.append)

    assert (report.indexed, report.documents) == (150, 150)
    assert len(set(sources(index))) == 150
    assert Progress("reading", 150, 150) in seen


def test_progress_goes_from_looking_to_saving(corpus: Path, index: Path) -> None:
    seen: list[Progress] = []
    build([corpus], index, on_progress=seen.append)

    phases = list(dict.fromkeys(progress.phase for progress in seen))
    assert phases == ["looking for files", "reading", "saving"]
    assert [progress.done for progress in seen if progress.phase == "reading"] == [0, 1, 2, 3]
