"""An index from a stranger: no file in it leads elsewhere, has another file removed, or goes on for ever."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.build import build
from index.catalog.opening import _note_as_closed
from index.engines import engine
from index.errors import BylineError, IndexDamaged, UsageError
from index.schema import SCHEMA
from index.sealed import sealed, unsealed
from index.storage.manifest import generation_path
from index.upkeep.compact import compact
from index.upkeep.inventory import take_inventory
from index.upkeep.verify import verify
from index.upkeep.verify_findings import Kind
from search import search
from search.exploring.saved import forget_search, new_search, search_names, write_search
from tests.build.articles import write


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """An index of three articles, by tantivy, in a home with nothing else."""
    home = tmp_path / "home"
    for number in range(3):
        write(home / "articles" / f"{number}.md", f"Ferry {number}", "The ferry leaks.")
    build([home / "articles"], home / ".byline", engine="tantivy")
    return home / ".byline"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder that nobody has indexed."""
    write(tmp_path / "private" / "diary.md", "Diary", "The ferry leaks here, too.")
    return tmp_path / "private"


def uses(index: Path) -> Iterator[Callable[[], object]]:
    """All that a person may do with an index."""
    home = index.parent
    yield lambda: search("ferry", index=index)
    yield lambda: take_inventory(index)
    yield lambda: verify(index)
    yield lambda: build([], index, dry_run=True)
    yield lambda: build([], index)
    yield lambda: build([home / "articles"], index, rebuild=True)
    yield lambda: compact(index)
    yield lambda: search_names(index)
    yield lambda: forget_search(index, "package")
    yield lambda: write_search(index, new_search("package", "ferry"))


def touch(index: Path) -> None:
    """Let every file look changed, so that a search asks the catalog."""
    for path in (index.parent / "articles").glob("*.md"):
        os.utime(path)


@pytest.mark.parametrize(
    "name",
    [
        "manifest.json", "manifest.json.new", "lock", "catalog.sqlite", "catalog.sqlite-journal", "checksums.json",
        "generations", "generations/0001", "generations/0002", "generations/0001/.tantivy-meta.lock",
        "generations/0001/meta.json", "searches", "searches/package.json",
    ],
)  # fmt: skip
def test_links_in_an_index_are_refused_and_what_they_lead_to_stays(plain: Path, tmp_path: Path, name: str) -> None:
    write_search(plain, new_search("other", "ferry"))
    path, target = plain / name, tmp_path / "elsewhere"
    is_folder = path.is_dir() or name == "generations/0002"
    if is_folder:
        shutil.copytree(path if path.exists() else plain / "searches", target)
        (target / "0007").mkdir()
        (target / "package.json").write_text("mine")
        shutil.rmtree(path, ignore_errors=True)
    else:
        target.write_bytes(path.read_bytes() if path.exists() else b"mine")
        path.unlink(missing_ok=True)
    path.symlink_to(target, target_is_directory=is_folder)
    before = snapshot(target)
    for use in uses(plain):
        with pytest.raises(IndexDamaged, match="a link, which Byline never puts into an index") as raised:
            use()
        assert raised.value.where == str(path)
    assert snapshot(target) == before


def snapshot(path: Path) -> dict[str, bytes]:
    """All that is in a file or a folder."""
    files = [path, *path.rglob("*")]
    return {str(file): file.read_bytes() if file.is_file() else b"" for file in files}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
@pytest.mark.parametrize("name", ["manifest.json", "lock", "catalog.sqlite", "checksums.json", "searches/a.json"])
def test_named_pipes_in_an_index_are_refused(plain: Path, name: str) -> None:
    (plain / "searches").mkdir()
    (plain / name).unlink(missing_ok=True)
    os.mkfifo(plain / name)
    for use in uses(plain):
        with pytest.raises(IndexDamaged, match="no regular file"):
            use()


def test_the_index_folder_itself_may_be_a_link(plain: Path, tmp_path: Path) -> None:
    plain.rename(tmp_path / "kept")
    plain.symlink_to(tmp_path / "kept", target_is_directory=True)
    write(plain.parent / "articles" / "new.md", "New", "Another ferry.")
    assert build([], plain).documents == 4
    assert search("ferry", index=plain).total == 4


def super_journal(catalog: Path, victim: Path) -> None:
    """A journal that names a file, which SQLite removes after it has played the journal back."""
    data, magic, name = catalog.read_bytes(), bytes.fromhex("d9d505f920a163d7"), str(victim).encode()
    size = struct.unpack(">H", data[16:18])[0]
    head = magic + struct.pack(">IIIII", 0, 0, len(data) // size, 512, size)
    tail = struct.pack(">I", 0x40000000 // size + 1) + name + struct.pack(">II", len(name), sum(name)) + magic
    catalog.with_name(f"{catalog.name}-journal").write_bytes(head.ljust(512, b"\0") + tail)


def test_a_journal_that_names_a_file_removes_nothing(plain: Path, tmp_path: Path) -> None:
    victim = tmp_path / "letters.txt"
    for number in range(6):
        victim.write_text("mine")
        super_journal(plain / "catalog.sqlite", victim)
        touch(plain)
        with contextlib.suppress(BylineError):
            [*uses(plain)][number]()
        assert victim.exists()
    super_journal(plain / "catalog.sqlite", victim)
    assert Kind.DAMAGED_CATALOG in verify(plain).counts
    assert build([], plain).documents == 3
    assert verify(plain).severity is None


def test_sqlite_itself_would_remove_the_file(plain: Path, tmp_path: Path) -> None:
    """So the test above shows something."""
    victim = tmp_path / "letters.txt"
    victim.write_text("mine")
    super_journal(plain / "catalog.sqlite", victim)
    with contextlib.closing(sqlite3.connect(plain / "catalog.sqlite")) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    assert not victim.exists()


@pytest.mark.parametrize("form", ["absolute", "upwards", "below"])
def test_the_engine_removes_only_its_own_files(plain: Path, tmp_path: Path, form: str) -> None:
    location = generation_path(plain, 1)
    victim = location / "mine.txt" if form == "below" else tmp_path / "letters.txt"
    victim.write_text("mine")
    managed = location / ".managed.json"
    names = json.loads(managed.read_bytes())
    named = {"absolute": str(victim), "upwards": os.path.relpath(victim, location), "below": victim.name}
    managed.write_text(json.dumps([*names, named[form]]))
    tantivy = engine("tantivy")
    for use in (lambda: tantivy.tidy(location), lambda: tantivy.writer(location, SCHEMA)):
        with pytest.raises(IndexDamaged, match="not as it was written"):
            use()
    assert victim.exists()


@pytest.mark.parametrize("id", ["../../../../letters", "/etc/x", 5, None])
def test_segments_lie_in_the_index(plain: Path, id: object) -> None:
    contents = generation_path(plain, 1) / "meta.json"
    values = json.loads(contents.read_bytes())
    values["segments"][0]["segment_id"] = id
    contents.write_text(json.dumps(values))
    with pytest.raises(IndexDamaged, match="segments"):
        engine("tantivy").files(contents.parent)


@pytest.mark.parametrize("count", [float("inf"), 2**64, -1, "7", True, 1.5])
def test_numbers_of_a_stranger_are_bounded(plain: Path, count: object) -> None:
    contents = generation_path(plain, 1) / "meta.json"
    good = contents.read_bytes()
    values = json.loads(good)
    values["segments"][0]["max_doc"] = count
    contents.write_text(json.dumps(values))
    with pytest.raises(IndexDamaged):
        engine("tantivy").segments(contents.parent)
    contents.write_bytes(good)

    sums = plain / "checksums.json"
    values = unsealed(sums.read_bytes())
    sums.write_text(sealed({"catalog": [count, *values["catalog"][1:]]}))
    assert Kind.DAMAGED_CATALOG in verify(plain).counts
    of_files = contents.parent / "checksums.json"
    values = unsealed(of_files.read_bytes())
    values["files"]["meta.json"][0] = count
    of_files.write_text(sealed(values))
    with pytest.raises(IndexDamaged):
        search("ferry", index=plain)


@pytest.mark.parametrize("name", ["generation", "commit", "documents", "seen_ns"])
def test_numbers_of_a_strangers_manifest_are_bounded(plain: Path, name: str) -> None:
    manifest = plain / "manifest.json"
    values = unsealed(manifest.read_bytes())
    for number in (2**63 - 1, float("inf"), True, "1"):
        manifest.write_text(sealed(values | {name: number}))
        with pytest.raises(IndexDamaged):
            build([], plain)


def change_catalog(index: Path, script: str) -> None:
    """Change the catalog, and its checksum so that nobody notices that."""
    path = index / "catalog.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    (index / "checksums.json").unlink()
    _note_as_closed(path)
    other = index / "other"
    shutil.copyfile(path, other)  # as it is received: another file with the same content
    other.replace(path)


ENDLESS = """
ALTER TABLE files RENAME TO others;
CREATE VIEW files AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
    SELECT others.* FROM others, n WHERE i < 0;
"""


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(ENDLESS, id="endless"),
        pytest.param("CREATE TRIGGER t AFTER UPDATE ON files BEGIN DELETE FROM files; END;", id="trigger"),
        pytest.param("CREATE TABLE more (x);", id="table"),
        pytest.param("UPDATE files SET size = 'abc';", id="size"),
        pytest.param("UPDATE files SET checked_ns = 'x', mtime_ns = 1;", id="time"),
        pytest.param("UPDATE files SET documents = 9e999;", id="infinite"),
        pytest.param("UPDATE files SET documents = 9223372036854775807;", id="too many"),
        pytest.param("UPDATE files SET error = x'ff00';", id="error"),
        pytest.param("UPDATE files SET digest = 5;", id="digest"),
        pytest.param("UPDATE files SET languages = 'en:x';", id="languages"),
        pytest.param("UPDATE files SET ids = x'07';", id="ids"),
        pytest.param("PRAGMA journal_mode = WAL;", id="written ahead"),
    ],
)
def test_a_catalog_of_other_kinds_is_damaged(plain: Path, script: str) -> None:
    change_catalog(plain, script)
    touch(plain)
    assert [hit.stale for hit in search("ferry", index=plain)] == [""] * 3
    assert Kind.DAMAGED_CATALOG in verify(plain).counts
    with pytest.raises(IndexDamaged):
        take_inventory(plain)
    assert build([], plain, dry_run=True).documents == 3
    assert build([], plain).documents == 3
    assert verify(plain).severity is None


def test_an_older_catalog_cannot_go_on_for_ever(plain: Path) -> None:
    change_catalog(plain, ENDLESS)
    manifest = plain / "manifest.json"
    manifest.write_text(json.dumps(unsealed(manifest.read_bytes()) | {"format": 1}))
    with pytest.raises(IndexDamaged, match="other tables"):
        take_inventory(plain)


# Settings of a stranger.


def test_synonyms_of_settings_lie_beside_them(plain: Path, outside: Path) -> None:
    settings = plain.parent / "byline.toml"
    for name in ("../private/diary.md", str(outside / "diary.md"), "/dev/zero", "link"):
        settings.write_text(f'[search]\nsynonyms = "{name}"\n')
        with contextlib.suppress(FileExistsError):
            (plain.parent / "link").symlink_to(outside / "diary.md")
        with pytest.raises(UsageError, match="lies outside of this folder"):
            search("ferry", index=plain)
        assert search("ferry", index=plain, synonyms="none").total == 3


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_settings_that_are_no_regular_file_are_refused(plain: Path) -> None:
    settings, synonyms = plain.parent / "byline.toml", plain.parent / "same.txt"
    os.mkfifo(settings)
    with pytest.raises(UsageError, match="no regular file"):
        search("ferry", index=plain)
    settings.unlink()
    settings.symlink_to("/dev/zero")
    with pytest.raises(UsageError, match="no regular file"):
        search("ferry", index=plain)
    settings.unlink()
    settings.write_text('[search]\nsynonyms = "same.txt"\n')
    os.mkfifo(synonyms)
    with pytest.raises(UsageError, match="no regular file"):
        search("ferry", index=plain)
