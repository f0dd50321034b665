"""What a kill leaves half done, and lost files of an index: told, mended, and nothing else is lost with them."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from index.build import build
from index.catalog.catalog import Catalog
from index.document import Document
from index.engines import engine as engine_called
from index.errors import IndexDamaged, IndexNotFound, UsageError
from index.query import Everything
from index.sealed import replace_file
from index.storage.manifest import generation_path, read_manifest
from index.storage.store import Store
from index.upkeep.inventory import take_inventory
from index.upkeep.verify import verify
from tests.build.articles import WHOLE, bytes_in, files_in, sources, stored, write, write_many

ENGINES = ["whoosh", "tantivy"]

HALF_A_COMMIT = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")  # so that pages go to the file before the commit
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE files SET error = hex(zeroblob(5000))")
os.kill(os.getpid(), signal.SIGKILL)
"""

HALF_AN_UPDATE = """
import os, signal, sys
from pathlib import Path
from index.analysis.columns import analyse
from index.document import Document
from index.engines import engine
from index.engines.contract import AnalysedDocument
from index.storage.checksums import open_checksums
from index.query import Everything
from index.schema import SCHEMA
folder, engine = Path(sys.argv[1]), engine(sys.argv[2])
searcher = engine.searcher(folder, SCHEMA)
documents = [Document.from_stored(match.stored) for match in searcher.search(Everything(), limit=100).page]
open_checksums(folder, engine)
writer = engine.writer(folder, SCHEMA)
for document in documents:
    writer.add(analyse(document))
os.kill(os.getpid(), signal.SIGKILL)
"""


class Crash(BaseException):
    """Not an Exception, so that nothing on the way handles it, like the end of the process."""


def crash(*_: object) -> None:
    raise Crash


@pytest.fixture(params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    write_many(tmp_path / "corpus", 20)
    build([tmp_path / "corpus"], tmp_path / ".byline", engine=request.param)
    return tmp_path / ".byline"


def killed(code: str, *arguments: str | Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no such signal")
def test_a_commit_of_the_catalog_that_was_killed(index: Path) -> None:
    """Its journal is hot: the file is half written, and only who may write takes that back."""
    catalog = index / "catalog.sqlite"
    whole = catalog.read_bytes()
    killed(HALF_A_COMMIT, catalog)
    assert catalog.read_bytes() != whole
    before = bytes_in(index)
    assert str(catalog.with_name("catalog.sqlite-journal")) in before

    assert take_inventory(index).files == 20
    assert verify(index).severity is None
    assert build([], index, dry_run=True).unchanged == 20
    assert bytes_in(index) == before

    assert build([], index).unchanged == 20
    with sqlite3.connect(catalog) as connection:
        assert connection.execute("SELECT count(*) FROM files WHERE error <> ''").fetchone() == (0,)
    connection.close()
    assert files_in(index) == WHOLE | {"generations/0001"}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no such signal")
def test_files_that_a_killed_writer_left_are_removed_though_nothing_changed(index: Path) -> None:
    name = read_manifest(index).engine
    folder, engine = generation_path(index, 1), engine_called(name)
    killed(HALF_AN_UPDATE, folder, name)
    for path in (folder / "checksums.json", index / "checksums.json", index / "manifest.json"):
        path.with_name(f"{path.name}.new").write_text("half a file")
    if name == "tantivy":
        (folder / ".tmpAbC123").write_text("what was to be its meta.json")

    assert build([], index).files_read == 0

    own = {"checksums.json", "MAIN_WRITELOCK", ".managed.json", ".tantivy-meta.lock", ".tantivy-writer.lock"}
    assert {path.name for path in folder.iterdir()} <= {*engine.files(folder), *own}
    assert files_in(index) == WHOLE | {"generations/0001"}
    assert len(stored(index)) == 20


def test_what_a_killed_save_left_is_removed_once_nobody_can_be_at_it(index: Path) -> None:
    (index / "searches").mkdir()
    left, going_on = index / "searches" / "a.json.new", index / "searches" / "b.json.new"
    for path in (left, going_on):
        path.write_text("half a search")
    os.utime(left, (1_700_000_000, 1_700_000_000))

    build([], index)

    assert [path.name for path in (index / "searches").iterdir()] == ["b.json.new"]


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
def test_a_small_file_that_cannot_be_written_leaves_the_old_one_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "manifest.json"
    replace_file(path, "old")

    def fail(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(step, fail)
    with pytest.raises(OSError, match="No space"):
        replace_file(path, "new")

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_rebuild_keeps_what_is_stored_of_files_in_doubt(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = index.parent / "corpus"
    write(corpus / "0001.md", "Changed before the crash.")
    write(corpus / "new.md", "New before the crash.")
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "settle", crash)
        with pytest.raises(Crash):
            build([], index)
    before = {document.source: document.body for document in stored_now(index)}
    for name in ("0001.md", "0002.md", "new.md"):
        (corpus / name).unlink()

    report = build([], index, rebuild=True, stored=True)

    assert report.kept == 3
    assert {document.source: document.body for document in stored(index)} == before
    assert not report.problems
    assert build([], index).documents == 18


def stored_now(index: Path) -> list[Document]:
    with Store.open(index) as store:  # whose manifest is one commit behind
        return [Document.from_stored(match.stored) for match in store.searcher().search(Everything(), limit=99).page]


def test_a_lost_manifest(index: Path) -> None:
    right = sources(index)
    (index / "manifest.json").unlink()
    with pytest.raises(IndexNotFound, match="byline index"):
        Store.open(index)
    with pytest.raises(UsageError, match="byline index --rebuild PATH"):
        build([], index)

    other = write(index.parent / "other" / "a.md").parent
    with pytest.raises(IndexDamaged, match=r"manifest.json is missing.*--rebuild PATH.*held files in: corpus/"):
        build([other], index)
    assert (index / "generations" / "0001").is_dir()
    assert build([index.parent / "corpus"], index, rebuild=True).documents == 20
    assert sources(index) == right
    assert verify(index).severity is None
    assert len([name for name in files_in(index) if name.startswith("generations/")]) == 1


def test_a_catalog_of_an_earlier_time_does_not_take_an_empty_folder_for_one_without_articles(index: Path) -> None:
    earlier = {name: (index / name).read_bytes() for name in ("catalog.sqlite", "checksums.json")}
    more = index.parent / "more"
    write(more / "one.md")
    build([more], index)
    right = sources(index)
    for name, content in earlier.items():
        (index / name).write_bytes(content)
    shutil.rmtree(more)
    more.mkdir()

    with pytest.raises(UsageError, match="empty now; nothing was changed"):
        build([], index)
    assert sources(index) == right
