"""A dry run says exactly what the next build then does, and leaves everything as it is."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.build import build
from index.catalog.catalog import Catalog
from index.errors import IndexNotFound, UsageError
from index.storage.lock import writer_lock
from index.storage.manifest import read_manifest
from index.updating.report import BuildReport
from tests.build.articles import set_time, sources, write, write_lines, write_many


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    write_many(folder, 6)
    write_lines(folder / "feed.jsonl", ["ebb", "flood", "tide"])
    (folder / "empty.md").write_text("")
    set_time(folder / "empty.md")
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / ".byline"


def contents(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Everything in and about the files of a folder, except when they were read."""
    return {
        path.relative_to(folder).as_posix(): (
            path.lstat().st_mtime_ns,
            path.lstat().st_ino,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(folder.rglob("*"))
    }


def told(dry: bool, *paths: Path, index: Path, **options: Any) -> dict[str, Any]:
    """The report of a build without what may differ between a dry run and a real one."""
    report = build(list(paths), index, dry_run=dry, **options).to_dict()
    assert report.pop("dry_run") is dry
    del report["seconds"], report["documents_per_second"]
    return report


def change(corpus: Path) -> None:
    write(corpus / "new.md", title="New")
    write(corpus / "0001.md", "Changed.", title="Changed")
    (corpus / "0002.md").unlink()
    (corpus / "0003.md").rename(corpus / "moved.md")
    write_lines(corpus / "feed.jsonl", ["ebb", "neap"])
    write(corpus / "empty.md", "No longer empty.")
    (corpus / "bad.jsonl").write_text("{")
    (corpus / "photo.jpg").write_bytes(b"\xff\xd8")
    set_time(corpus / "0004.md")


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="update"),
        pytest.param({"rebuild": True}, id="rebuild"),
        pytest.param({"engine": "tantivy"}, id="another engine"),
        pytest.param({"engine": "auto"}, id="automatic engine"),
        pytest.param({"check": True}, id="check"),
        pytest.param({"map": {"title": ("headline",)}}, id="other map"),
    ],
)
@pytest.mark.parametrize("changed", [False, True])
def test_it_says_what_a_real_run_does(corpus: Path, index: Path, options: dict[str, Any], changed: bool) -> None:
    build([corpus], index, engine="whoosh")
    if changed:
        change(corpus)
    before = contents(index)

    foreseen = told(True, index=index, **options)

    assert contents(index) == before
    assert foreseen == told(False, index=index, **options)
    assert bool(foreseen["changes"]) == (changed or "rebuild" in options or "map" in options)


def test_forgetting_and_settings_too(corpus: Path, index: Path) -> None:
    write(corpus.parent / "other" / "a.md")
    build([corpus, corpus.parent / "other"], index)

    forget = {"forget": [corpus.parent / "other"]}
    assert told(True, index=index, **forget) == told(False, index=index, **forget)
    (corpus.parent / "byline.toml").write_text("[index]\ntitle_weight = 7\n")
    foreseen = told(True, index=index)
    assert "title_weight is 7" in foreseen["rebuilt_because"]
    assert foreseen == told(False, index=index)


def test_the_first_build(corpus: Path, index: Path) -> None:
    foreseen = told(True, corpus, index=index)

    assert not index.exists()
    assert foreseen == told(False, corpus, index=index)
    assert foreseen["new"] == 7


def test_it_names_what_would_be_done_to_each_file(corpus: Path, index: Path) -> None:
    build([corpus], index)
    change(corpus)

    report = build([], index, dry_run=True)

    assert {change.source.rpartition("/")[2]: str(change.what) for change in report.changes} == {
        "new.md": "new",
        "0001.md": "changed",
        "feed.jsonl": "changed",
        "moved.md": "moved",
        "empty.md": "readable",
        "0002.md": "removed",
    }
    assert {skipped.source for skipped in report.skipped} == {"corpus/bad.jsonl", "corpus/photo.jpg"}
    assert "corpus/0003.md" in sources(index)  # still


def test_while_another_process_writes(corpus: Path, index: Path) -> None:
    build([corpus], index)
    change(corpus)

    with writer_lock(index, 0), Catalog(index / "catalog.sqlite") as catalog:
        catalog.use(1)
        catalog.remove("corpus/0000.md")  # not committed
        report = build([], index, dry_run=True, wait=0)

    assert (report.moved, report.removed) == (1, 1)


def test_it_does_not_keep_a_writer_waiting(corpus: Path, index: Path) -> None:
    """While it reads, however long that takes, the catalog is free."""
    build([corpus], index)
    change(corpus)
    built: list[BuildReport] = []

    def once(_: object) -> None:
        if not built:
            built.append(build([], index, wait=0))

    build([], index, dry_run=True, on_progress=once)

    assert built[0].indexed == 6


def test_on_a_read_only_index(corpus: Path, index: Path) -> None:
    build([corpus], index)
    change(corpus)
    with read_only(index):
        report = build([], index, dry_run=True)

    assert report.moved == 1


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing in the folder can be written, unless by root."""
    paths = [folder, *folder.rglob("*")]
    modes = [path.stat().st_mode for path in paths]
    for path in reversed(paths):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path, mode in zip(paths, modes, strict=True):
            path.chmod(mode)


KILLED_WHILE_COMMITTING = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE files SET error = hex(randomblob(5000))")
os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_after_a_crash_that_left_a_commit_half_done(corpus: Path, index: Path) -> None:
    """The catalog's journal has to be played back, which a dry run does to a copy."""
    build([corpus], index)
    change(corpus)
    subprocess.run([sys.executable, "-c", KILLED_WHILE_COMMITTING, str(index / "catalog.sqlite")], check=False)
    assert (index / "catalog.sqlite-journal").stat().st_size
    before = contents(index)

    foreseen = told(True, index=index)

    assert contents(index) == before
    assert foreseen == told(False, index=index)
    assert foreseen["moved"] == 1


def test_on_a_read_only_index_with_a_journal(corpus: Path, index: Path) -> None:
    build([corpus], index)
    subprocess.run([sys.executable, "-c", KILLED_WHILE_COMMITTING, str(index / "catalog.sqlite")], check=False)
    with read_only(index):
        assert build([], index, dry_run=True).unchanged == 7


def test_a_lost_catalog(corpus: Path, index: Path) -> None:
    build([corpus], index)
    (index / "catalog.sqlite").write_bytes(b"no catalog" * 1000)
    before = contents(index)

    foreseen = told(True, index=index)

    assert contents(index) == before
    assert foreseen == told(False, index=index)
    assert foreseen["rebuilt_because"] == "the catalog of its files was lost or damaged"


def test_what_a_crash_left_in_doubt(corpus: Path, index: Path) -> None:
    build([corpus], index)
    with contextlib.closing(sqlite3.connect(index / "catalog.sqlite")) as connection, connection:
        connection.execute("UPDATE files SET new_ids = ids WHERE source = 'corpus/0001.md'")

    foreseen = told(True, index=index)

    assert foreseen == told(False, index=index)
    assert foreseen["changes"] == [{"source": "corpus/0001.md", "what": "reread"}]


def test_trouble_is_the_same(corpus: Path, index: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        build([corpus / "nowhere"], index, dry_run=True)
    with pytest.raises(UsageError, match="nothing is indexed"):
        build([], index, dry_run=True)
    assert not index.exists()
    build([corpus], index)
    shutil.rmtree(corpus)
    with pytest.raises(UsageError, match="is gone; nothing was changed"):
        build([], index, dry_run=True)


def test_ctrl_c_ends_it_with_nothing_to_say(corpus: Path, index: Path) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build([corpus], index, dry_run=True, on_progress=interrupted)
    assert not index.exists()
    with pytest.raises(IndexNotFound):
        read_manifest(index)


def test_no_temporary_file_is_left(corpus: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)
    build([corpus], index)
    subprocess.run([sys.executable, "-c", KILLED_WHILE_COMMITTING, str(index / "catalog.sqlite")], check=False)

    build([], index, dry_run=True)

    assert not any(temporary.iterdir())
