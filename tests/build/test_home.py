"""Which index is used when none, or some, is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import BylineError, IndexNotFound
from index.home import find_index, home_of
from search import search


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("BYLINE_INDEX", raising=False)
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def test_explicit_comes_first(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / ".byline").mkdir()
    monkeypatch.setenv("BYLINE_INDEX", "elsewhere")
    assert find_index(Path("named"), create=False) == Path("named")


def test_then_the_environment(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / ".byline").mkdir()
    monkeypatch.setenv("BYLINE_INDEX", "elsewhere")
    assert find_index(None, create=False) == Path("elsewhere")
    monkeypatch.setenv("BYLINE_INDEX", "~/index")
    monkeypatch.setenv("HOME", "/home/someone")
    assert find_index(None, create=True) == Path("/home/someone/index")


def test_then_the_nearest_upward(here: Path) -> None:
    (here.parent.parent / ".byline").mkdir()
    assert find_index(None, create=False) == here.parent.parent / ".byline"
    (here.parent / ".byline").mkdir()
    assert find_index(None, create=True) == here.parent / ".byline"
    (here / ".byline").write_text("a file is no index")
    assert find_index(None, create=True) == here.parent / ".byline"


def test_then_a_new_one_here(here: Path) -> None:
    assert find_index(None, create=True) == here / ".byline"
    with pytest.raises(IndexNotFound, match="byline index PATH"):
        find_index(None, create=False)


def test_folder_that_holds_an_index_stands_for_it(here: Path) -> None:
    (here / ".byline").mkdir()
    assert find_index(here, create=False) == here / ".byline"
    assert find_index(here / ".byline", create=False) == here / ".byline"


def test_home_is_the_folder_above(here: Path) -> None:
    assert home_of(Path(".byline")) == here
    assert home_of(here / "x" / ".." / ".byline") == here


def test_a_name_that_no_folder_can_have(here: Path) -> None:
    for create in (True, False):
        with pytest.raises(IndexNotFound, match="no folder can have this name"):
            find_index("x\0", create=create)
    with pytest.raises(BylineError):
        search("word", index="x\0")
