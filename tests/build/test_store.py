"""What a reader of the index sees."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from index.build import build
from index.engines import engine as engine_called
from index.engines.contract import Searcher
from index.errors import IndexDamaged
from index.schema import Schema
from index.storage.store import Store, stamp
from tests.build.articles import write

HEAVY = ("sqlite3", "multiprocessing", "subprocess", "yaml", "trafilatura", "lxml", "index.readers", "index.build")

READ = """
import sys
from pathlib import Path
from index.storage.store import Store
with Store.open(Path(sys.argv[1])) as store:
    print(store.searcher().document_count)
print(*[name for name in sys.argv[2:] if name in sys.modules])
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write(tmp_path / "corpus" / "one.md")
    return tmp_path / "corpus"


@pytest.fixture
def index(tmp_path: Path, corpus: Path) -> Path:
    build([corpus], tmp_path / ".byline", engine="tantivy")
    return tmp_path / ".byline"


def test_stamp_changes_with_every_commit_and_only_then(corpus: Path, index: Path) -> None:
    with Store.open(index) as store:
        assert store.stamp == stamp(index)
        build([], index)
        assert store.stamp == stamp(index)
        write(corpus / "two.md")
        build([], index)
        assert store.stamp != stamp(index)


def test_store_stays_at_its_commit(corpus: Path, index: Path) -> None:
    with Store.open(index) as store:
        searcher = store.searcher()
        write(corpus / "two.md")
        build([], index)

        assert store.searcher() is searcher
        assert searcher.document_count == 1
    with Store.open(index) as store:
        assert store.searcher().document_count == 2


def test_generation_that_goes_away_while_it_is_opened(index: Path) -> None:
    store = Store.open(index)
    build([], index, rebuild=True)

    assert store.searcher().document_count == 1
    assert store.manifest.generation == 2
    assert store.stamp == stamp(index)
    store.close()


def test_files_replaced_while_they_are_opened(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = engine_called("tantivy").searcher
    failures = 2

    def searcher(location: Path, schema: Schema) -> Searcher:
        nonlocal failures
        if failures:
            failures -= 1
            raise IndexDamaged("a file is missing")
        return real(location, schema)

    monkeypatch.setattr(engine_called("tantivy"), "searcher", searcher)
    with Store.open(index) as store:
        assert store.searcher().document_count == 1


def test_index_that_stays_damaged(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def searcher(location: Path, schema: Schema) -> Searcher:
        raise IndexDamaged("a file is missing")

    monkeypatch.setattr(engine_called("tantivy"), "searcher", searcher)
    with Store.open(index) as store, pytest.raises(IndexDamaged, match="a file is missing"):
        store.searcher()


def test_opening_imports_nothing_heavy(index: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ, str(index), *HEAVY],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.splitlines() == ["1", ""]
