"""An index that is none, is damaged or of another version: a clear message, and nothing lost that can be kept."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from index.build import build
from index.catalog.catalog import Catalog
from index.engines.tantivy_library import Reporting
from index.errors import (
    BylineError,
    IndexDamaged,
    IndexLocked,
    IndexNotFound,
    IndexOutdated,
    IndexTooNew,
    NotAnIndex,
    UsageError,
)
from index.storage.manifest import read_manifest, write_manifest
from index.storage.store import Store
from tests.build.articles import (
    BOTH,
    bytes_in,
    files_in,
    rewrite_manifest,
    sources,
    write,
    write_many,
)


def test_folder_that_is_no_index(tmp_path: Path, corpus: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "lock").write_text("mine")
    (folder / "cat.jpg").write_bytes(b"cat")
    before = bytes_in(folder)

    with pytest.raises(NotAnIndex, match="photos"):
        build([corpus], folder)
    with pytest.raises(NotAnIndex, match="photos"):
        build([corpus], folder, rebuild=True)
    with pytest.raises(NotAnIndex, match=r"photos.*Name the folder of an index, or a new"):
        Store.open(folder)
    assert bytes_in(folder) == before


def test_folder_with_a_manifest_of_something_else(tmp_path: Path, corpus: Path) -> None:
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "manifest.json").write_text('{"name": "a web application"}')
    before = bytes_in(folder)

    with pytest.raises(NotAnIndex, match="not Byline's"):
        build([corpus], folder, rebuild=True)
    with pytest.raises(NotAnIndex, match="not Byline's"):
        Store.open(folder)
    assert bytes_in(folder) == before


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
    before = bytes_in(index)

    with pytest.raises(IndexTooNew, match="Update Byline"):
        Store.open(index)
    with pytest.raises(IndexTooNew, match="Update Byline"):
        build([corpus], index)
    with pytest.raises(IndexTooNew, match="Update Byline"):
        build([corpus], index, rebuild=True)
    assert bytes_in(index) == before


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


def test_more_roots_than_the_manifest_holds_are_refused_beforehand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_many(tmp_path / "corpus", 4)
    paths = sorted((tmp_path / "corpus").iterdir())
    index = tmp_path / ".byline"
    build(paths[:1], index)
    before = files_in(index)
    monkeypatch.setattr("index.files.roots.MAX_ROOTS_BYTES", 60)

    with pytest.raises(UsageError, match="Name the folder that they lie in"):
        build(paths, index)

    assert (files_in(index), len(sources(index))) == (before, 1)
    assert build([tmp_path / "corpus"], index).documents == 4


def test_a_manifest_that_nobody_would_read_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.md")
    index = tmp_path / ".byline"
    build([tmp_path / "a.md"], index)
    now = read_manifest(index)
    monkeypatch.setattr("index.storage.manifest._MAX_BYTES", (index / "manifest.json").stat().st_size + 20)

    with pytest.raises(UsageError, match="manifest"):
        write_manifest(index, replace(now, roots=("a.md", "a file with a name that takes too much room.md")))

    assert read_manifest(index) == now


def test_a_writer_that_tantivy_ended_is_no_damage(tmp_path: Path) -> None:
    """As with no more files to open, of which its threads do not tell."""
    with pytest.raises(BylineError, match="cannot be written to") as caught, Reporting(tmp_path):
        raise ValueError("An index writer was killed. A worker thread encountered an error (io::Error most likely)")
    assert not isinstance(caught.value, IndexDamaged)
