"""Exporting an index, and indexing the export: the same documents, and nothing that a stranger's file could abuse."""

from __future__ import annotations

import io
import json
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from index.build import build
from index.document import Document
from index.errors import IndexOutdated, UsageError
from index.readers import read_file
from index.readers.parts.own_format import EXPORT_MARK, kept_source
from index.storage.manifest import generation_path, read_manifest, write_manifest
from index.upkeep.export import export, exported_line
from index.upkeep.verify import verify
from tests.build.articles import set_time, sources, stored, write, write_lines, write_many

ENGINES = ["whoosh", "tantivy"]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    write_many(folder, 4)
    write_lines(folder / "lines.jsonl", ["one", "two"])
    write(folder / "Grüße \N{IDEOGRAPHIC SPACE}.md", "Ein Text mit\u2028Zeilen\u0085ende.", "Grüße")
    write(folder / "short.md", "01 02 03")  # whose language nobody knows
    return folder


@pytest.fixture
def index(corpus: Path) -> Path:
    folder = corpus.parent / ".byline"
    build([corpus], folder)
    return folder


def exported(index: Path) -> list[bytes]:
    stream = io.BytesIO()
    export(index, stream)
    return stream.getvalue().splitlines(keepends=True)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_index_of_the_export_is_equal(index: Path, tmp_path: Path, engine: str) -> None:
    home = tmp_path / "new"
    home.mkdir()
    done = export(index, home / "all.jsonl")

    build([home / "all.jsonl"], home / ".byline", engine=engine)

    assert done.documents == len(stored(index)) == 8
    assert stored(home / ".byline") == stored(index)
    assert exported(home / ".byline") == exported(index)
    assert [document.id for document in stored(home / ".byline")] == [document.id for document in stored(index)]
    assert verify(home / ".byline").severity is None


def test_packed_and_in_parts(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.upkeep.export.PART_BYTES", 1_500)
    parts = tmp_path / "new" / "parts"
    parts.mkdir(parents=True)

    done = export(index, parts)

    assert 2 < len(done.files) < 8
    assert sum(path.stat().st_size for path in done.files) == done.bytes
    build([parts], parts.parent / ".byline")
    assert stored(parts.parent / ".byline") == stored(index)
    with pytest.raises(UsageError, match="not empty"):
        export(index, parts)


def test_a_file_is_replaced_as_a_whole_or_not_at_all(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "all.jsonl"
    target.write_text("before", "utf-8")

    def fail(document: Document) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.upkeep.export.exported_line", fail)
    with pytest.raises(UsageError, match=r"all.jsonl: .*No space"):
        export(index, target)
    assert target.read_text("utf-8") == "before"
    assert [path.name for path in tmp_path.iterdir() if "all.jsonl" in path.name] == ["all.jsonl"]


def test_nothing_but_the_file_that_was_named_is_replaced(index: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "all.jsonl"
    target.write_text("before", "utf-8")
    (tmp_path / "link.jsonl").symlink_to(target)
    part = tmp_path / "real" / "all.jsonl.part"
    part.write_text("somebody's own", "utf-8")

    export(index, tmp_path / "link.jsonl")

    assert (tmp_path / "link.jsonl").is_symlink()
    assert target.read_bytes() == b"".join(exported(index))
    assert part.read_text("utf-8") == "somebody's own"
    assert sorted(path.name for path in target.parent.iterdir()) == ["all.jsonl", "all.jsonl.part"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes in folders")
def test_a_named_pipe_is_written_to(index: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()

    export(index, pipe)

    reader.join(60)
    assert read == [b"".join(exported(index))]
    assert pipe.is_fifo()


def test_a_damaged_document_is_named_and_the_others_are_exported(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = stored(index)[2].id
    monkeypatch.setattr(
        "index.upkeep.export.every_document",
        lambda searcher: [
            (each, searcher.document(each)[: 99 if each == bad else None]) for each in searcher.ids("", 9)
        ],
    )
    stream = io.BytesIO()

    done = export(index, stream)

    assert done.damaged == (bad,)
    assert (done.documents, done.damaged_documents) == (7, 1)
    assert bad.encode() not in stream.getvalue()


@pytest.mark.parametrize(
    "source",
    [
        "../up.md",
        "a/../../up.md",
        "..\\up.md",
        "a//b.md",
        "./a.md",
        "",
        "/",
        "C:up.md",
        "a\nb",
        "a\x1b[2Jb",
        "x.jsonl#2",
    ],
)
def test_paths_that_lead_elsewhere_are_not_kept(source: str) -> None:
    line = exported_line(Document(source, title="T", body="B"))

    result = read_file(Path("x.jsonl"), "x.jsonl", line)

    assert [document.source for document in result.documents] == ["x.jsonl#1"]
    (problem,) = result.problems
    why = "is no path below the index's folder" if source.isprintable() else "holds a line feed or other signs"
    assert why in problem


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("a/b c.md", "a/b c.md"),
        ("/etc/passwd", "etc/passwd"),
        ("//server/share/a.md", "server/share/a.md"),
        ("C:/docs/a.md", "docs/a.md"),
        ("C:\\docs\\a.md", "docs\\a.md"),
        ("a.zip!/b/c.md", "a.zip!/b/c.md"),
        ("feed.jsonl#3", "feed.jsonl#3"),
        ("caf\udce9.md", "caf\udce9.md"),
        (f"{'a/' * 3000}a.md", None),
    ],
)
def test_paths_that_are_kept(source: str, kept: str | None) -> None:
    assert kept_source(source, "x.jsonl") == kept


def test_a_path_that_stands_in_an_export_twice_is_kept_once() -> None:
    line = exported_line(Document("a.md", title="T", body="B"))

    result = read_file(Path("x.jsonl"), "x.jsonl", line + line)

    assert [document.source for document in result.documents] == ["a.md", "x.jsonl#2"]
    assert "twice" in result.problems[0]


def test_an_export_of_a_later_version_is_refused(tmp_path: Path) -> None:
    values = {**Document("a.md", title="T", body="B").to_dict(), EXPORT_MARK: 2}
    (tmp_path / "x.jsonl").write_text(json.dumps(values), "utf-8")

    report = build([tmp_path / "x.jsonl"], tmp_path / ".byline")

    assert [file.reason for file in report.skipped] == ["exported by a later version of Byline"]


def test_a_file_of_the_same_name_has_it_whichever_comes_first(index: Path, corpus: Path) -> None:
    home = corpus.parent
    before = stored(index)
    export(index, home / "all.jsonl")

    build([home / "all.jsonl"], index)  # beside the files

    assert sorted(sources(index)) == sorted(
        [document.source for document in before] + [f"all.jsonl!/{document.source}" for document in before]
    )
    assert verify(index).severity is None

    other = home / "other"
    build([home / "all.jsonl"], other)  # before the files
    assert stored(other) == before
    build([corpus], other)  # and they give up their names
    assert sources(other) == sources(index)
    assert verify(other).severity is None
    build([], other, rebuild=True)
    assert sources(other) == sources(index)


def test_what_documents_lack_is_counted_whoever_gives_up_its_name(index: Path, corpus: Path) -> None:
    home = corpus.parent
    (corpus / "bare.txt").write_text("Nobody knows who wrote this text, or when, or what it is called.", "utf-8")
    set_time(corpus / "bare.txt")
    build([], index)
    export(index, home / "all.jsonl")
    set_time(home / "all.jsonl")
    other = home / "other"
    build([home / "all.jsonl"], other)

    report = build([corpus], other)

    documents = stored(other)
    assert report.documents == len(documents) == 2 * 9
    assert report.without_author == sum(not document.authors for document in documents)
    assert report.without_date == sum(document.date is None for document in documents)
    assert (report.new, report.changed, report.files_read) == (8, 0, 8)
    assert build([], other).files_read == 0


def test_an_export_that_cannot_be_read_again_is_counted_without_what_it_gave_up(index: Path, corpus: Path) -> None:
    home = corpus.parent
    (corpus / "bare.txt").write_text("Nobody knows who wrote this text, or when, or what it is called.", "utf-8")
    build([], index)
    (home / "exports").mkdir()
    export(index, home / "exports" / "all.jsonl")
    other = home / "other"
    build([home / "exports"], other)
    (home / "exports").rename(home / "elsewhere")
    (corpus / "0002.md").unlink()

    report = build([corpus], other)

    documents = stored(other)
    assert report.documents == len(documents) == 9
    assert report.without_author == sum(not document.authors for document in documents)
    assert read_manifest(other).documents == 9
    (home / "elsewhere").rename(home / "exports")
    assert build([], other).documents == 8 + 9
    assert verify(other).severity is None


@pytest.mark.parametrize("gone", ["forgotten", "deleted"])
def test_names_that_become_free_go_to_the_exports_documents(index: Path, corpus: Path, gone: str) -> None:
    home = corpus.parent
    before = stored(index)
    export(index, home / "all.jsonl")
    build([home / "all.jsonl"], index)

    if gone == "forgotten":
        build([], index, forget=[corpus])
        left = []
    else:
        for path in (corpus / "0001.md", corpus / "lines.jsonl"):
            path.unlink()
        left = [document.source for document in before if "0001" not in document.source and "#" not in document.source]
        assert build([], index).removed == 2

    updated = sources(index)
    assert updated == sorted([*(document.source for document in before), *(f"all.jsonl!/{each}" for each in left)])
    assert verify(index).severity is None
    build([], index, rebuild=True)
    assert sources(index) == updated


def test_an_export_that_was_moved_keeps_its_names(index: Path, tmp_path: Path) -> None:
    home = tmp_path / "new"
    (home / "in").mkdir(parents=True)
    export(index, home / "in" / "all.jsonl")
    build([home / "in"], home / ".byline")
    (home / "in" / "all.jsonl").rename(home / "in" / "moved.jsonl")

    assert build([], home / ".byline").moved == 1

    assert stored(home / ".byline") == stored(index)
    assert verify(home / ".byline").severity is None


def test_an_export_that_goes_does_not_take_the_files_documents_along(index: Path, corpus: Path) -> None:
    home = corpus.parent
    export(index, home / "all.jsonl")
    other = home / "other"
    build([home / "all.jsonl"], other)
    (home / "all.jsonl").unlink()
    build([home / "corpus"], other)
    (home / "dummy.md").write_text("# Dummy\n\nSo that the root is not empty.", "utf-8")

    build([], other)

    assert stored(other) == stored(index)
    assert verify(other).severity is None


def test_a_changed_export(index: Path, tmp_path: Path) -> None:
    home = tmp_path / "new"
    home.mkdir()
    lines = exported(index)
    (home / "all.jsonl").write_bytes(b"".join(lines))
    build([home / "all.jsonl"], home / ".byline")

    (home / "all.jsonl").write_bytes(b"".join(lines[3:]))
    set_time(home / "all.jsonl")
    build([], home / ".byline")

    assert [document.id for document in stored(home / ".byline")] == [
        document.id for document in stored(index) if document.id.encode() not in b"".join(lines[:3])
    ]
    assert verify(home / ".byline").severity is None


def test_an_index_that_this_version_cannot_search(index: Path) -> None:
    lines = exported(index)
    write_manifest(index, replace(read_manifest(index), schema="0123abcd"))

    assert exported(index) == lines

    for path in generation_path(index, 1).iterdir():
        path.unlink()
    with pytest.raises(IndexOutdated, match="byline rebuild"):
        exported(index)


def test_what_lies_outside_of_the_folder_is_counted(index: Path, tmp_path: Path) -> None:
    """Its paths lose their root, and so their ids, when the export is indexed."""
    assert export(index, tmp_path / "a.jsonl").outside == 0
    home = tmp_path / "elsewhere"
    home.mkdir()
    build([tmp_path / "corpus"], home / ".byline")
    done = export(home / ".byline", tmp_path / "b.jsonl")
    assert done.outside == done.documents > 0
