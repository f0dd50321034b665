"""Bad input: each kind has a clear message and harms nothing that is already stored."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.build import build
from index.catalog import Catalog
from index.errors import (
    BylineError,
    IndexDamaged,
    IndexLocked,
    IndexNotFound,
    IndexOutdated,
    IndexTooNew,
    NotAnIndex,
    ReadError,
    UsageError,
)
from index.manifest import read_manifest, write_manifest
from index.reading import FileResult, Task, read_and_analyse
from index.store import Store
from index.walk import SkippedFile, SourceFile, walk
from tests.build.articles import files_in, rewrite_manifest, set_time, sources, write, write_lines, write_many


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    write(folder / "one.md")
    write(folder / "two.md")
    return folder


@pytest.fixture
def index(tmp_path: Path, corpus: Path) -> Path:
    """An index of the corpus, which must be as it was at the end of the test."""
    folder = tmp_path / ".byline"
    build([corpus], folder)
    return folder


BOTH = ["corpus/one.md", "corpus/two.md"]


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


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
        patch.setattr("index.reading.file_bytes", _refuse)
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
        patch.setattr("index.reading.file_bytes", _refuse)
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

    def locked(paths: Iterable[Path], home: Path) -> Iterator[SourceFile | SkippedFile]:
        for found in walk(paths, home):
            if "deep" not in found.source and found.source != "corpus/one.md":
                yield found
        yield SkippedFile("corpus/deep", "cannot be listed: Permission denied", transient=True)

    with monkeypatch.context() as patch:
        patch.setattr("index.job.walk", locked)
        report = build([corpus], index)

    assert report.removed == 1
    assert sources(index) == ["corpus/deep/four.md", "corpus/deep/three.md", "corpus/two.md"]


def test_reader_that_fails_costs_only_its_file(corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(corpus / "three.md")

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    with monkeypatch.context() as patch:
        patch.setattr("index.reading.read_file", fail)
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


def test_folder_that_is_no_index(tmp_path: Path, corpus: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "lock").write_text("mine")
    (folder / "cat.jpg").write_bytes(b"cat")
    before = everything(folder)

    with pytest.raises(NotAnIndex, match="photos"):
        build([corpus], folder)
    with pytest.raises(NotAnIndex, match="photos"):
        build([corpus], folder, rebuild=True)
    with pytest.raises(NotAnIndex, match="photos"):
        Store.open(folder)
    assert everything(folder) == before


def test_folder_with_a_manifest_of_something_else(tmp_path: Path, corpus: Path) -> None:
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "manifest.json").write_text('{"name": "a web application"}')
    before = everything(folder)

    with pytest.raises(NotAnIndex, match="not Byline's"):
        build([corpus], folder, rebuild=True)
    with pytest.raises(NotAnIndex, match="not Byline's"):
        Store.open(folder)
    assert everything(folder) == before


def test_file_in_place_of_the_index(corpus: Path) -> None:
    with pytest.raises(NotAnIndex, match="a file"):
        build([corpus], corpus / "one.md")
    with pytest.raises(NotAnIndex, match="a file"):
        Store.open(corpus / "one.md")


def test_no_index(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "nowhere", tmp_path / "empty"):
        with pytest.raises(IndexNotFound, match="byline index"):
            Store.open(folder)


@pytest.mark.parametrize("values", [{"format": 999, "engine": {"new": "kind"}}, {"analysis": 999}])
def test_index_of_a_newer_version(values: dict[str, object], corpus: Path, index: Path) -> None:
    rewrite_manifest(index, **values)
    before = everything(index)

    with pytest.raises(IndexTooNew, match="Update Byline"):
        Store.open(index)
    with pytest.raises(IndexTooNew, match="Update Byline"):
        build([corpus], index)
    with pytest.raises(IndexTooNew, match="Update Byline"):
        build([corpus], index, rebuild=True)
    assert everything(index) == before


def test_index_with_an_unknown_engine(index: Path) -> None:
    rewrite_manifest(index, engine="lucene")
    with Store.open(index) as store, pytest.raises(IndexTooNew, match="lucene"):
        store.searcher()


@pytest.mark.parametrize("values", [{"analysis": 0}, {"schema": "0000000000000000"}])
def test_index_of_an_older_version_is_not_searched(values: dict[str, object], index: Path) -> None:
    rewrite_manifest(index, **values)
    with pytest.raises(IndexOutdated, match="byline rebuild"):
        Store.open(index)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe\x00", b"[]", b'{"format": 1}', b'{"format": true}', b"[" * 100_000, b" " * 5_000_000],
)
def test_damaged_manifest(content: bytes, corpus: Path, index: Path) -> None:
    (index / "manifest.json").write_bytes(content)

    with pytest.raises(IndexDamaged, match="byline index --rebuild"):
        Store.open(index)
    with pytest.raises(IndexDamaged, match="byline index --rebuild"):
        build([corpus], index)
    with pytest.raises(IndexDamaged, match=r"--rebuild PATH\. As its catalog tells, it held files in: corpus/$"):
        build([], index, rebuild=True)

    report = build([corpus], index, rebuild=True)
    assert report.documents == 2
    assert sources(index) == BOTH
    assert files_in(index) >= {"manifest.json", f"generations/{report.generation:04d}"}
    assert len([name for name in files_in(index) if name.startswith("generations/")]) == 1


@pytest.mark.parametrize("roots", [[5], "corpus", None])
def test_manifest_with_nonsense_in_it(roots: object, index: Path) -> None:
    rewrite_manifest(index, roots=roots)
    with pytest.raises(IndexDamaged):
        read_manifest(index)


def test_missing_generation(corpus: Path, index: Path) -> None:
    shutil.rmtree(index / "generations" / "0001")

    with Store.open(index) as store, pytest.raises(IndexDamaged, match="byline index --rebuild"):
        store.searcher()
    with pytest.raises(IndexDamaged, match="byline index --rebuild"):
        build([corpus], index)
    assert build([], index, rebuild=True).documents == 2


@pytest.mark.parametrize("content", [None, b"", b"no database at all" * 100])
def test_lost_or_damaged_catalog_is_made_anew(content: bytes | None, corpus: Path, index: Path) -> None:
    (index / "catalog.sqlite").unlink()
    if content is not None:
        (index / "catalog.sqlite").write_bytes(content)
    (corpus / "two.md").unlink()

    report = build([corpus], index)

    assert "catalog" in report.rebuilt_because
    assert sources(index) == ["corpus/one.md"]
    assert build([], index).files_read == 0


def test_catalog_of_an_earlier_time_is_not_trusted(corpus: Path, index: Path) -> None:
    earlier = (index / "catalog.sqlite").read_bytes()
    write(corpus / "three.md")
    build([corpus], index)
    (index / "catalog.sqlite").write_bytes(earlier)
    (corpus / "three.md").unlink()

    build([corpus], index)

    assert sources(index) == BOTH


def test_every_error_says_what_to_do(corpus: Path, index: Path, tmp_path: Path) -> None:
    rewrite_manifest(index, format=999)
    with pytest.raises(BylineError) as caught:
        build([corpus], index)
    assert caught.value.remedy
    assert caught.value.where


def test_work_is_given_the_file(corpus: Path, index: Path) -> None:
    """What reads a file can be replaced, and sees what was walked."""
    write(corpus / "three.md")
    seen: list[Task] = []

    def work(task: Task) -> FileResult:
        seen.append(task)
        return read_and_analyse(task)

    build([corpus], index, work=work)
    assert [(task.source, Path(task.path).name) for task in seen] == [("corpus/three.md", "three.md")]


def test_catalog_that_cannot_be_written_to(corpus: Path, index: Path) -> None:
    journal = index / "catalog.sqlite-journal"
    journal.mkdir()  # which not even the superuser can write to
    write(corpus / "three.md")

    with pytest.raises(BylineError, match=r"the index cannot be written to \(") as raised:
        build([], index)
    assert not isinstance(raised.value, IndexDamaged)
    assert str(index) in str(raised.value)

    journal.rmdir()
    assert sources(index) == BOTH
    assert build([], index).indexed == 1


@pytest.mark.parametrize(
    ("code", "kind", "message"),
    [
        pytest.param(sqlite3.SQLITE_READONLY, BylineError, "cannot be written to", id="read-only"),
        pytest.param(sqlite3.SQLITE_FULL, BylineError, "cannot be written to", id="no space"),
        pytest.param(sqlite3.SQLITE_IOERR | 1 << 8, BylineError, "cannot be written to", id="a failing disk"),
        pytest.param(sqlite3.SQLITE_BUSY, IndexLocked, "another program", id="locked"),
        pytest.param(sqlite3.SQLITE_CORRUPT, IndexDamaged, "byline index --rebuild", id="malformed"),
        pytest.param(sqlite3.SQLITE_ERROR, BylineError, "byline index --rebuild", id="anything else"),
    ],
)
def test_trouble_with_the_catalog_is_told_in_our_words(
    code: int,
    kind: type[BylineError],
    message: str,
    corpus: Path,
    index: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(catalog: Catalog, number: int) -> None:
        error = sqlite3.OperationalError("what SQLite says")
        error.sqlite_errorcode = code
        raise error

    write(corpus / "three.md")
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "settle", fails)
        with pytest.raises(kind, match=message) as raised:
            build([], index)
    assert type(raised.value) is kind
    assert "what SQLite says" in str(raised.value)
    assert build([], index).documents == 3


def test_rebuild_replaces_a_catalog_that_is_damaged_inside(corpus: Path, index: Path) -> None:
    path = index / "catalog.sqlite"
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)  # all but its head
    path.write_bytes(data)

    assert build([], index, rebuild=True).documents == 2
    assert build([], index).unchanged == 2


def test_what_is_too_long_to_be_searched_is_reported(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.analyse.MAX_BODY_CHARACTERS", 1_000)
    monkeypatch.setattr("index.analyse.MAX_OTHER_CHARACTERS", 100)
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


def test_more_roots_than_the_manifest_holds_are_refused_beforehand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_many(tmp_path / "corpus", 4)
    paths = sorted((tmp_path / "corpus").iterdir())
    index = tmp_path / ".byline"
    build(paths[:1], index)
    before = files_in(index)
    monkeypatch.setattr("index.roots.MAX_ROOTS_BYTES", 60)

    with pytest.raises(UsageError, match="Name the folder that they lie in"):
        build(paths, index)

    assert (files_in(index), len(sources(index))) == (before, 1)
    assert build([tmp_path / "corpus"], index).documents == 4


def test_a_manifest_that_nobody_would_read_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.md")
    index = tmp_path / ".byline"
    build([tmp_path / "a.md"], index)
    now = read_manifest(index)
    monkeypatch.setattr("index.manifest._MAX_BYTES", (index / "manifest.json").stat().st_size + 20)

    with pytest.raises(UsageError, match="manifest"):
        write_manifest(index, replace(now, roots=("a.md", "a file with a name that takes too much room.md")))

    assert read_manifest(index) == now
