"""Verifying an index: what is found, how bad it is, and that nothing is changed by looking."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from index.analysis.columns import analyse
from index.build import build
from index.document import Document
from index.engines import engine
from index.engines.contract import AnalysedDocument
from index.errors import IndexNotFound, IndexOutdated
from index.query import Term
from index.schema import SCHEMA, Form
from index.storage.checksums import open_checksums, write_checksums
from index.storage.lock import writer_lock
from index.storage.manifest import generation_path, read_manifest, write_manifest
from index.upkeep.verify import verify
from index.upkeep.verify_findings import Kind, Severity, Verification
from tests.build.articles import bytes_in, hide_ctimes, set_time, sources, write, write_lines, write_many


@pytest.fixture(params=["whoosh", "tantivy"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    write_many(tmp_path / "corpus", 5)
    write_lines(tmp_path / "corpus" / "lines.jsonl", ["one", "two"])
    folder = tmp_path / ".byline"
    build([tmp_path / "corpus"], folder, engine=request.param)
    return folder


def found(result: Verification) -> dict[Kind, list[str]]:
    return {kind: [each.where for each in findings] for kind, findings in result.findings.items()}


@contextmanager
def catalog_of(index: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(index / "catalog.sqlite")) as connection, connection:
        yield connection


def test_a_fresh_index_is_clean_and_is_not_written_to(index: Path) -> None:
    with writer_lock(index, 0):  # which it does not need
        before = bytes_in(index)
        result = verify(index)
        assert bytes_in(index) == before

    assert (result.documents, result.files, result.severity) == (7, 6, None)


def test_files_of_which_nothing_was_read_are_not_counted(index: Path) -> None:
    (index.parent / "corpus" / "empty.md").write_text("")
    report = build([], index)
    assert (report.skipped_files, verify(index).files) == (1, 6)


def test_what_happened_to_files_since(index: Path) -> None:
    corpus = index.parent / "corpus"
    (corpus / "0000.md").unlink()
    write(corpus / "0001.md", "Something else.")
    write(corpus / "new.md", "New.")
    set_time(corpus / "0002.md")  # touched alone

    result = verify(index)

    assert found(result) == {
        Kind.GONE: ["corpus/0000.md"],
        Kind.CHANGED: ["corpus/0001.md"],
        Kind.NEW: ["corpus/new.md"],
    }
    assert result.severity is Severity.DIFFERENCE
    build([], index)
    assert verify(index).severity is None


def test_bit_rot_is_another_content_of_the_same_size_and_time(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = index.parent / "corpus" / "0003.md"
    status = path.stat()
    path.write_text(path.read_text("utf-8").replace("harbour", "harbor "), "utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert found(verify(index)) == {Kind.CHANGED: ["corpus/0003.md"]}, "a program wrote it, which is no disk's fault"
    hide_ctimes(monkeypatch)

    result = verify(index)

    assert found(result) == {Kind.ROTTEN: ["corpus/0003.md"]}
    assert result.severity is Severity.DAMAGE
    assert "--check" in result.remedy(Kind.ROTTEN)
    assert verify(index, contents=False).severity is None
    build([], index, check=True)
    assert verify(index).severity is None


def test_a_folder_that_is_not_there_is_named_once(index: Path) -> None:
    (index.parent / "corpus").rename(index.parent / "elsewhere")

    assert found(verify(index)) == {Kind.ROOT_GONE: ["corpus"]}


def test_a_document_that_the_engine_has_lost(index: Path) -> None:
    manifest = read_manifest(index)
    kind, folder = engine(manifest.engine), generation_path(index, manifest.generation)
    searcher = kind.searcher(folder, SCHEMA)
    lost = searcher.ids("", 1)
    searcher.close()
    open_checksums(folder, kind)
    with kind.writer(folder, SCHEMA) as writer:
        writer.delete(lost)
    write_checksums(folder, kind, is_open=False)

    assert found(verify(index))[Kind.LOST_DOCUMENT] == lost


def test_a_document_that_no_file_has(index: Path) -> None:
    with catalog_of(index) as connection:
        (ids,) = connection.execute("SELECT ids FROM files WHERE source = 'corpus/0001.md'").fetchone()
        connection.execute("UPDATE files SET ids = '', documents = 0 WHERE source = 'corpus/0001.md'")

    assert found(verify(index))[Kind.STRAY_DOCUMENT] == [ids]


def test_files_that_a_killed_build_left_in_doubt(index: Path) -> None:
    with catalog_of(index) as connection:
        connection.execute("UPDATE files SET new_ids = ids WHERE source = 'corpus/0001.md'")

    result = verify(index)

    assert found(result) == {Kind.UNFINISHED: ["corpus/0001.md"]}
    assert result.severity is Severity.DIFFERENCE
    build([], index)
    assert verify(index).severity is None


def test_a_generation_that_was_never_finished(index: Path) -> None:
    (index / "generations" / "0009").mkdir()

    assert found(verify(index)) == {Kind.LEFTOVER: ["generations/0009"]}
    build([], index)
    assert verify(index).severity is None


def test_a_generation_that_is_just_being_made_is_not_left_over(index: Path) -> None:
    (index / "generations" / "0009").mkdir()

    with writer_lock(index, 0):
        assert verify(index).severity is None


def test_what_others_put_beside_the_generations_is_no_finding(index: Path) -> None:
    (index / "generations" / ".DS_Store").write_bytes(b"Finder")

    assert verify(index).severity is None


def test_an_index_without_its_generations(index: Path) -> None:
    shutil.rmtree(index / "generations")

    result = verify(index)

    assert found(result) == {Kind.DAMAGED_FILE: ["generations/0001"]}
    assert "byline rebuild" in result.remedy(Kind.DAMAGED_FILE)


def test_words_that_were_lost_before_the_checksums_were_taken(index: Path) -> None:
    manifest = read_manifest(index)
    kind, folder = engine(manifest.engine), generation_path(index, manifest.generation)
    searcher = kind.searcher(folder, SCHEMA)
    (hit,) = searcher.search(Term("body", "1903", Form.WORD), limit=5).page
    searcher.close()
    document = Document.from_stored(hit.stored)
    without = analyse(replace(document, body=document.body.replace("1903", "1904")), settings=manifest.settings)
    open_checksums(folder, kind)
    with kind.writer(folder, SCHEMA) as writer:
        writer.delete([hit.id])
        writer.add(AnalysedDocument(hit.id, without.columns, hit.stored))
    write_checksums(folder, kind, is_open=False)

    result = verify(index)

    assert found(result) == {Kind.LOST_WORD: [hit.id]}
    assert result.severity is Severity.DAMAGE
    assert document.source in result.findings[Kind.LOST_WORD][0].what
    build([], index, rebuild=True)
    assert verify(index).severity is None


def test_damage_is_named_by_file(index: Path) -> None:
    files = [path for path in generation_path(index, 1).iterdir() if path.suffix in (".store", ".seg")]
    data = bytearray(files[0].read_bytes())
    data[len(data) // 2] ^= 1
    files[0].write_bytes(data)

    result = verify(index)

    assert found(result)[Kind.DAMAGED_FILE] == [f"generations/0001/{files[0].name}"]
    assert result.severity is Severity.DAMAGE


def test_a_damaged_catalog_is_mended_by_a_build(index: Path) -> None:
    path = index / "catalog.sqlite"
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)

    assert found(verify(index)) == {Kind.DAMAGED_CATALOG: ["catalog.sqlite"]}
    build([], index)
    assert verify(index).severity is None
    assert len(sources(index)) == 7


def test_many_findings_are_counted_and_not_all_listed(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.upkeep.verify_findings.MAX_LISTED", 2)
    write_many(index.parent / "corpus" / "more", 5)

    listed = verify(index).to_dict()["findings"][0]

    assert (listed["kind"], listed["count"], len(listed["listed"])) == ("new", 5, 2)


def test_an_outdated_index_and_none(index: Path, tmp_path: Path) -> None:
    write_manifest(index, replace(read_manifest(index), analysis=0))
    with pytest.raises(IndexOutdated, match="byline rebuild"):
        verify(index)
    with pytest.raises(IndexNotFound):
        verify(tmp_path / "none")


def test_what_lies_outside_is_not_looked_at_because_an_index_says_so(
    index: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = write(tmp_path_factory.mktemp("outside") / "a.md").parent
    manifest = read_manifest(index)
    write_manifest(index, replace(manifest, roots=(*manifest.roots, str(outside))))

    assert found(verify(index)) == {Kind.FOREIGN_ROOT: [str(outside)]}
