"""Bad input: each kind has a clear message and harms nothing that is already stored."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from index.build import build
from index.errors import (
    ReadError,
    UsageError,
)
from index.files.walk import SkippedFile, SourceFile, walk
from index.processes.tasks import FileResult, Task
from tests.build.articles import (
    BOTH,
    set_time,
    sources,
    write,
    write_lines,
)
from tests.reading import read_and_analyse


def test_missing_path(corpus: Path, index: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere.*no such file or folder"):
        build([corpus, corpus / "nowhere"], index)
    assert sources(index) == BOTH


def test_missing_path_makes_no_index(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        build([tmp_path / "nowhere"], tmp_path / ".byline")
    assert not (tmp_path / ".byline").exists()


def test_nothing_to_index(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="byline index PATH"):
        build([], tmp_path / ".byline")
    assert not (tmp_path / ".byline").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.md", b""),
        ("blank.txt", b" \n \n"),
        ("junk.txt", bytes(range(256)) * 20),
        ("broken.jsonl", b'{"title": "never closed'),
    ],
)
def test_file_without_an_article_is_skipped_with_a_reason(name: str, content: bytes, corpus: Path, index: Path) -> None:
    (corpus / name).write_bytes(content)

    report = build([corpus], index)

    assert [file.source for file in report.skipped] == [f"corpus/{name}"]
    assert len(report.skipped[0].reason) > 5
    assert (report.documents, report.skipped_files) == (2, 1)
    assert sources(index) == BOTH


def test_skipped_file_is_named_again_without_reading_it_again(corpus: Path, index: Path) -> None:
    bad = corpus / "broken.jsonl"
    bad.write_bytes(b"{")
    set_time(bad)
    first = build([corpus], index)
    second = build([corpus], index)

    assert (first.files_read, second.files_read) == (1, 0)
    assert second.skipped == first.skipped
    assert second.unchanged == 2


def test_skipped_file_that_was_mended(corpus: Path, index: Path) -> None:
    (corpus / "three.md").write_bytes(b"")
    build([corpus], index)
    write(corpus / "three.md")

    report = build([corpus], index)

    assert (report.indexed, report.skipped) == (1, ())
    assert sources(index) == ["corpus/one.md", "corpus/three.md", "corpus/two.md"]


def test_article_that_became_empty_is_no_longer_found(corpus: Path, index: Path) -> None:
    (corpus / "one.md").write_bytes(b"")

    report = build([corpus], index)

    assert [file.source for file in report.skipped] == ["corpus/one.md"]
    assert sources(index) == ["corpus/two.md"]


def test_article_that_cannot_be_opened_stays_as_it_was(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(corpus / "one.md", "Changed.")
    with monkeypatch.context() as patch:
        patch.setattr("index.processes.reading.file_bytes", _refuse)
        report = build([corpus], index)

    assert [file.source for file in report.skipped] == ["corpus/one.md"]
    assert "Permission denied" in report.skipped[0].reason
    assert "stays" in report.skipped[0].reason
    assert sources(index) == BOTH
    after = build([corpus], index)
    assert (after.indexed, after.skipped) == (1, ())  # tried again though nothing about the file changed


def test_new_file_that_cannot_be_opened_is_tried_again(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(corpus / "three.md")
    with monkeypatch.context() as patch:
        patch.setattr("index.processes.reading.file_bytes", _refuse)
        assert [file.source for file in build([corpus], index).skipped] == ["corpus/three.md"]

    assert build([corpus], index).indexed == 1


def _refuse(path: Path, source: str) -> bytes:
    denied = PermissionError(13, "Permission denied")
    raise ReadError("cannot be opened: Permission denied", where=source) from denied


def test_folder_that_cannot_be_listed_keeps_its_articles(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(corpus / "deep" / "three.md")
    write(corpus / "deep" / "four.md")
    build([corpus], index)

    def locked(paths: Iterable[Path], home: Path, mounts: set[str]) -> Iterator[SourceFile | SkippedFile]:
        for found in walk(paths, home, mounts):
            if "deep" not in found.source and found.source != "corpus/one.md":
                yield found
        yield SkippedFile("corpus/deep", "cannot be listed: Permission denied", transient=True)

    with monkeypatch.context() as patch:
        patch.setattr("index.updating.job.walk", locked)
        report = build([corpus], index)

    assert report.removed == 1
    assert sources(index) == ["corpus/deep/four.md", "corpus/deep/three.md", "corpus/two.md"]


def test_reader_that_fails_costs_only_its_file(corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(corpus / "three.md")

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    with monkeypatch.context() as patch:
        patch.setattr("index.processes.reading.read_in_steps", fail)
        report = build([corpus], index)

    assert "ZeroDivisionError" in report.skipped[0].reason
    assert sources(index) == BOTH


def test_folder_without_articles(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "cat.jpg").write_bytes(b"\xff\xd8\xff")

    report = build([folder], tmp_path / ".byline")

    assert (report.documents, report.indexed) == (0, 0)
    assert [file.source for file in report.skipped] == ["pictures/cat.jpg"]
    assert sources(tmp_path / ".byline") == []


def test_root_that_is_gone(corpus: Path, index: Path) -> None:
    shutil.move(corpus, corpus.with_name("unmounted"))

    with pytest.raises(UsageError, match=r"corpus.*is gone"):
        build([], index)
    with pytest.raises(UsageError, match=r"corpus.*is gone"):
        build([], index, rebuild=True)
    assert sources(index) == BOTH


def test_root_that_is_suddenly_empty(corpus: Path, index: Path) -> None:
    for path in corpus.iterdir():
        path.unlink()

    with pytest.raises(UsageError, match=r"corpus.*empty"):
        build([corpus], index)
    with pytest.raises(UsageError, match=r"corpus.*empty"):
        build([], index, rebuild=True)
    assert sources(index) == BOTH

    assert build([corpus], index, rebuild=True).documents == 0  # as the message advises
    assert sources(index) == []


def test_unknown_engine(corpus: Path, index: Path) -> None:
    with pytest.raises(UsageError, match=r"lucene.*auto, whoosh, tantivy"):
        build([corpus], index, engine="lucene")
    assert sources(index) == BOTH


def test_no_jobs(corpus: Path, index: Path) -> None:
    with pytest.raises(UsageError, match="0 processes"):
        build([corpus], index, jobs=0)


def test_work_is_given_the_file(corpus: Path, index: Path) -> None:
    """What reads a file can be replaced, and sees what was walked."""
    write(corpus / "three.md")
    seen: list[Task] = []

    def work(task: Task) -> FileResult:
        seen.append(task)
        return read_and_analyse(task)

    build([corpus], index, work=work)
    assert [(task.source, Path(task.path).name) for task in seen] == [("corpus/three.md", "three.md")]


def test_what_is_too_long_to_be_searched_is_reported(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.analysis.columns.MAX_BODY_CHARACTERS", 1_000)
    monkeypatch.setattr("index.analysis.columns.MAX_OTHER_CHARACTERS", 100)
    write(corpus / "long.md", "A very long story. " * 100)
    write(corpus / "title.md", title="A long title. " * 10)
    write_lines(corpus / "feed.jsonl", ["short", "long " * 300])

    problems = build([], index).problems

    assert sorted((problem.source, problem.reason) for problem in problems) == [
        ("corpus/feed.jsonl", "#2: only the first 1,000 characters of the body are searched"),
        ("corpus/feed.jsonl", "#2: only the first 100 characters of the title are searched"),
        ("corpus/long.md", "only the first 1,000 characters of the body are searched"),
        ("corpus/title.md", "only the first 100 characters of the title are searched"),
    ]


def test_a_hidden_file_is_read_where_it_is_named(corpus: Path, index: Path) -> None:
    hidden = write(corpus / ".hidden.md")
    assert build([corpus], index).indexed == 0
    assert build([hidden, corpus], index).indexed == 1
    assert sources(index) == ["corpus/.hidden.md", *BOTH]
    assert build([], index).documents == 3
