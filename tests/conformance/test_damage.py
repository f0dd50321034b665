"""Files that are not as they should be, and folders that cannot be written to."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.engines import ENGINE_NAMES, engine
from index.engines.contract import Engine
from index.errors import BylineError, IndexDamaged, UsageError
from index.query import Everything, Term
from index.schema import SCHEMA, Form
from tests.build.damaged import put
from tests.conformance.documents import generated_documents


@pytest.fixture
def location(an_engine: Engine, tmp_path: Path) -> Path:
    """A small index."""
    folder = tmp_path / "index"
    folder.mkdir()
    an_engine.create(folder, SCHEMA)
    with an_engine.writer(folder, SCHEMA) as writer:
        for document in generated_documents()[:30]:
            writer.add(document)
    return folder


def test_an_unknown_engine_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match=f"{ENGINE_NAMES[0]}, {ENGINE_NAMES[1]}"):
        engine("lucene")
    assert [engine(name).name for name in ENGINE_NAMES] == list(ENGINE_NAMES)


def test_a_folder_without_an_index_is_damaged(an_engine: Engine, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(IndexDamaged, match="Build it again"):
            an_engine.searcher(folder, SCHEMA)
        with pytest.raises(IndexDamaged):
            an_engine.writer(folder, SCHEMA)


@pytest.mark.parametrize("harm", ["empty", "half", "noise", "missing"])
def test_a_damaged_file_is_reported_as_such(an_engine: Engine, location: Path, harm: str) -> None:
    """Whichever file is harmed: opening or searching either works, or says that the index is damaged."""
    told = 0
    for path in sorted(location.iterdir()):
        content = path.read_bytes()
        if not content:
            continue
        path.unlink()
        if harm != "missing":
            half = content[: len(content) // 2]
            put(path, {"empty": b"", "half": half, "noise": half[:-8] + os.urandom(16)}[harm])
        try:
            searcher = an_engine.searcher(location, SCHEMA)
            try:
                searcher.search(Term("body", "the", Form.WORD), limit=100)
                searcher.search(Everything(), limit=100)
            finally:
                searcher.close()
        except IndexDamaged as error:
            told += 1
            assert str(location) in str(error)
        finally:
            put(path, content)
    assert told >= 1
    assert an_engine.searcher(location, SCHEMA).document_count == 30


@pytest.fixture
def read_only(location: Path) -> Iterator[Path]:
    """The index in a folder that nothing can be written to."""
    for path in location.glob(".*.lock"):
        path.unlink()
        path.mkdir()  # not even the superuser can open this for writing
    for path in [*location.iterdir(), location]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    yield location
    for path in [location, *location.iterdir()]:
        path.chmod(0o755)


def test_a_read_only_folder_can_be_searched(an_engine: Engine, read_only: Path) -> None:
    before = set(Path(tempfile.gettempdir()).glob("byline-*"))
    searcher = an_engine.searcher(read_only, SCHEMA)
    assert len(searcher.search(Everything(), limit=100).page) == 30
    assert searcher.search(Term("body", "the", Form.WORD), limit=5).total > 5
    searcher.close()
    assert set(Path(tempfile.gettempdir()).glob("byline-*")) <= before


def test_a_read_only_folder_cannot_be_written_to_and_says_so(an_engine: Engine, read_only: Path) -> None:
    for path in read_only.glob("*LOCK"):
        path.unlink()
        path.mkdir()  # as in `read_only`
    with pytest.raises(BylineError, match="index") as raised, an_engine.writer(read_only, SCHEMA):
        pass
    assert str(read_only) in str(raised.value)


def test_files_can_be_read_by_those_who_may_read_the_folder(an_engine: Engine, location: Path) -> None:
    ordinary = location / "ordinary"
    ordinary.touch()
    readers = ordinary.stat().st_mode & 0o444
    assert all(path.stat().st_mode & 0o444 == readers for path in location.iterdir())


@pytest.fixture
def ordinary_person() -> Iterator[None]:
    """Not the superuser, who may read everything."""
    if os.name != "posix":
        pytest.skip("this system has other permissions")
    if os.geteuid():
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


def _open_to_all() -> str:
    """A folder for temporary files that an ordinary person may use; the superuser's own may be closed to others."""
    folders = (tempfile.gettempdir(), "/tmp", "/var/tmp")
    return next(name for name in folders if os.access(name, os.W_OK | os.X_OK, effective_ids=os.name == "posix"))


def test_files_that_may_not_be_read_are_called_so(an_engine: Engine, ordinary_person: None) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True, dir=_open_to_all()) as name:
        folder = Path(name)
        an_engine.create(folder, SCHEMA)
        with an_engine.writer(folder, SCHEMA) as writer:
            for document in generated_documents()[:3]:
                writer.add(document)
        for path in folder.iterdir():
            path.chmod(0)
        with pytest.raises(BylineError, match=r"cannot be read \(Permission denied\)") as raised:
            an_engine.searcher(folder, SCHEMA)
        assert not isinstance(raised.value, IndexDamaged)
