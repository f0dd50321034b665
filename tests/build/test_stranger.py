"""An index from a stranger: opening it runs no code, and nothing outside of the corpus is opened because it says so."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from whoosh.fields import FieldConfigurationError
from whoosh.filedb.compound import CompoundStorage
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.util.varints import varint

from index.build import build
from index.engines import engine
from index.errors import BylineError, IndexDamaged, IndexOutdated, UsageError
from index.schema import SCHEMA
from index.sealed import sealed, unsealed
from index.storage.confines import check_known, may_open, remember
from index.storage.manifest import generation_path
from search import search
from search.render.links import place_of
from tests.build.articles import write

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def states(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where folders are remembered: nowhere yet."""
    folder = tmp_path_factory.mktemp("states")
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    monkeypatch.setenv("LOCALAPPDATA", str(folder))
    return folder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Three articles, in a folder with nothing else."""
    folder = tmp_path / "home" / "articles"
    for number in range(3):
        write(folder / f"{number}.md", f"Ferry {number}", "The ferry leaks.")
    return folder


@pytest.fixture
def index(corpus: Path) -> Path:
    """An index of them by whoosh."""
    folder = corpus.parent / ".byline"
    build([corpus], folder, engine="whoosh")
    return folder


class Malice:
    """What leaves a mark when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.mark),)


def whoosh_contents(bomb: bytes) -> bytes:
    """A table of contents as whoosh writes it, with this pickle for its schema and its segments."""
    sizes, order, version, release = b"\x04\x08\x04", struct.pack("!i", -12345), struct.pack("!i", -111), b"\3\66\0"
    head = sizes + order + version + release
    return b"".join([head, varint(len(bomb)), bomb, struct.pack("!ii", 99, 0), bomb])


def whoosh_segment(bomb: bytes) -> bytes:
    """A segment's file as whoosh writes it, with this pickle for its directory."""
    return struct.pack("!qi", 12, 2 * len(bomb)) + bomb + bomb


def poisons(segment: bytes, bomb: bytes) -> Iterator[tuple[str, bytes]]:
    """Files with pickles wherever whoosh would read them: the suffix of what to replace, and the content."""
    yield ".toc", whoosh_contents(bomb)
    yield ".toc", bomb
    yield ".seg", whoosh_segment(bomb)
    directory = struct.unpack_from("!q", segment)[0]
    yield ".seg", segment[:directory] + bomb + bomb
    yield ".seg", segment[:directory] + struct.pack("!I", len(bomb)) + bomb + bomb
    yield ".seg", bomb * (len(segment) // len(bomb) + 1)


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # whoosh leaves its files open when it fails
def test_whoosh_itself_would_run_the_code(tmp_path: Path) -> None:
    """So the tests below show something."""
    storage, marks = FileStorage(str(tmp_path)), [tmp_path / "one", tmp_path / "two"]
    (tmp_path / "_MAIN_99.toc").write_bytes(whoosh_contents(pickle.dumps(Malice(marks[0]), 2)))
    with pytest.raises(FieldConfigurationError):
        TOC.read(storage, "MAIN")
    (tmp_path / "x.seg").write_bytes(whoosh_segment(pickle.dumps(Malice(marks[1]), 2)))
    with contextlib.suppress(FileExistsError):  # it is unpickled twice
        CompoundStorage(storage.open_file("x.seg")).close()
    assert all(mark.exists() for mark in marks)


def test_opening_an_index_runs_no_code(index: Path, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    location = generation_path(index, 1)
    whoosh = engine("whoosh")
    (segment,) = location.glob("*.seg")
    for suffix, content in poisons(segment.read_bytes(), pickle.dumps(Malice(mark), 2)):
        (path,) = location.glob(f"*{suffix}")
        good = path.read_bytes()
        path.write_bytes(content)
        for opening in (whoosh.searcher, whoosh.writer):
            with pytest.raises((IndexDamaged, IndexOutdated), match="again"):
                opening(location, SCHEMA)
        with pytest.raises(BylineError):
            search("ferry", index=index)
        path.write_bytes(good)
    assert not mark.exists()
    assert search("ferry", index=index).total == 3


def test_an_index_of_whoosh_itself_is_told_from_a_damaged_one(index: Path, tmp_path: Path) -> None:
    (contents,) = generation_path(index, 1).glob("*.toc")
    contents.write_bytes(whoosh_contents(pickle.dumps(Malice(tmp_path / "mark"), 2)))
    with pytest.raises(IndexOutdated, match="its files could hold code"):
        engine("whoosh").searcher(generation_path(index, 1), SCHEMA)
    assert build([], index, rebuild=True).documents == 3


@pytest.mark.parametrize("name", ["whoosh", "tantivy"])
def test_building_and_searching_load_no_class_from_a_pickle(corpus: Path, tmp_path: Path, name: str) -> None:
    """Python tells its audit hooks of each global that a pickle names; in a small build nothing else has any."""
    code = f"""
import sys
found = []
sys.addaudithook(lambda event, arguments: found.append(arguments) if event == "pickle.find_class" else None)
from pathlib import Path
from index.build import build
from search import search
corpus, index = Path({str(corpus)!r}), Path({str(tmp_path / "index")!r})
for number in range(3):
    (corpus / f"more{{number}}.md").write_text("# Ferry\\n\\nAnother ferry.\\n")
    build([corpus], index, engine={name!r})
    assert search("ferry", index=index, sort="date", facets=["author"]).total == 4 + number
assert not found, found
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def set_contents(index: Path, **changes: object) -> None:
    """Change what the table of contents says of its segment, as somebody would who means harm."""
    (contents,) = generation_path(index, 1).glob("*.toc")
    values = unsealed(contents.read_bytes())
    values["segments"][0] |= changes
    contents.write_text(sealed(values, indent=None))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"id": "../../../elsewhere"}, id="path"),
        pytest.param({"id": ["x"]}, id="no name"),
        pytest.param({"count": 10**15}, id="more documents than there is memory"),
        pytest.param({"count": True}, id="no number"),
        pytest.param({"deleted": [10**6]}, id="deleted what is not there"),
        pytest.param({"deleted": 1}, id="no list"),
    ],
)
def test_a_table_of_contents_that_means_harm_is_refused(index: Path, changes: dict[str, object]) -> None:
    set_contents(index, **changes)
    with pytest.raises(IndexDamaged):
        engine("whoosh").searcher(generation_path(index, 1), SCHEMA)


def test_a_segment_whose_parts_lie_elsewhere_is_refused(index: Path) -> None:
    (path,) = generation_path(index, 1).glob("*.seg")
    segment = path.read_bytes()
    start = struct.unpack_from("!q", segment)[0]
    directory = json.loads(segment[start + 4 :][: struct.unpack_from("!I", segment, start)[0]])
    for harm in ({"offset": -1}, {"length": len(segment)}, {"offset": 2**80}, {"length": "9"}, {"length": -5}):
        changed = json.dumps(directory | {"stored": directory["stored"] | harm}).encode()
        path.write_bytes(segment[:start] + struct.pack("!I", len(changed)) + changed)
        with pytest.raises(IndexDamaged):
            engine("whoosh").searcher(generation_path(index, 1), SCHEMA)


def test_a_document_that_unpacks_without_end_is_refused(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.engines.whoosh_files._MOST_STORED", 50)
    searcher = engine("whoosh").searcher(generation_path(index, 1), SCHEMA)
    with pytest.raises(IndexDamaged, match="too long"):
        searcher.document(searcher.ids("", 1)[0])
    searcher.close()


# What an index names is not opened outside of its home, unless this person has indexed it.


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder that nobody has indexed."""
    write(tmp_path / "private" / "diary.md", "Diary", "The ferry leaks here, too.")
    return tmp_path / "private"


def set_roots(index: Path, *roots: str) -> None:
    manifest = index / "manifest.json"
    manifest.write_text(sealed(unsealed(manifest.read_bytes()) | {"roots": list(roots)}))


def test_a_folder_that_only_the_index_names_is_not_indexed(index: Path, outside: Path) -> None:
    for root in (str(outside), "../private", "articles/../../private", str(outside / "diary.md")):
        set_roots(index, "articles", root)
        with pytest.raises(UsageError, match="you have not indexed it before"):
            build([], index)
        with pytest.raises(UsageError, match="you have not indexed it before"):
            build([], index, rebuild=True)
    assert search("diary", index=index).total == 0


def test_a_link_in_the_home_leads_nowhere_else(index: Path, outside: Path) -> None:
    (index.parent / "more").symlink_to(outside, target_is_directory=True)
    set_roots(index, "articles", "more")
    with pytest.raises(UsageError, match="you have not indexed it before"):
        build([], index)


def test_a_folder_that_only_the_index_names_can_be_forgotten(index: Path, outside: Path) -> None:
    set_roots(index, "articles", outside.as_posix())
    build([], index, forget=[outside])
    assert build([], index).documents == 3


def test_a_folder_outside_is_brought_up_to_date_once_it_was_named(index: Path, outside: Path) -> None:
    assert build([outside], index).documents == 4
    write(outside / "second.md", "Second", "Text.")
    assert build([], index).documents == 5
    assert build([], index, rebuild=True).documents == 5


def test_a_dry_run_remembers_nothing(index: Path, outside: Path) -> None:
    build([outside], index, dry_run=True)
    assert not may_open(outside, index.parent)


def test_what_is_named_is_remembered_even_where_nothing_can_be_written(
    index: Path, outside: Path, states: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (states / "byline").write_text("in the way")
    assert build([outside], index).documents == 4
    with pytest.raises(UsageError, match="byline index PATH"):
        build([], index)
    assert build([outside], index).documents == 4


def test_hits_outside_are_neither_opened_nor_linked(index: Path, outside: Path) -> None:
    build([outside], index)
    (hit,) = search("diary", index=index)
    assert hit.source == (outside / "diary.md").as_posix()
    place = place_of(hit, index.parent)
    assert place is not None and place.path == outside / "diary.md"
    # The same index with somebody who has not indexed that folder.
    remembered = Path(__file__).parent  # anything else
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.storage.confines._remembered", lambda: [str(remembered)])
        assert place_of(hit, index.parent) is None


@pytest.mark.parametrize("content", ["", "[]", '{"indexed": 5}', "{" * 100_000, "\0", '{"indexed": [5, null, "/"]}'])
def test_a_damaged_memory_is_an_empty_one(states: Path, tmp_path: Path, content: str) -> None:
    (states / "byline").mkdir()
    (states / "byline" / "indexed.json").write_text(content)
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    assert may_open(elsewhere, home) == ("/" in content)
    remember([elsewhere], home)
    check_known([str(elsewhere)], home)


def test_the_folders_remembered_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.storage.confines.MAX_FOLDERS", 2)
    folders = [tmp_path / name for name in "abc"]
    for folder in folders:
        remember([folder], tmp_path / "home")
    assert [may_open(folder, tmp_path / "home") for folder in folders] == [False, True, True]


def test_what_is_named_again_is_remembered_longest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.storage.confines.MAX_FOLDERS", 2)
    home, (a, b, c) = tmp_path / "home", [tmp_path / name for name in "abc"]
    for folder in (a, b, a / "inside", c):
        remember([folder], home)
    assert [may_open(folder, home) for folder in (a, b, c)] == [True, False, True]


def test_very_many_files_outside_are_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.storage.confines.MAX_FOLDERS", 5)
    files = [write(tmp_path / "elsewhere" / f"{number}.md", f"Number {number}") for number in range(120)]
    home = tmp_path / "home"
    home.mkdir()
    build(files, home / ".byline")
    assert build([], home / ".byline").documents == 120
    assert not may_open(tmp_path, home)


@pytest.mark.parametrize(("count", "stands_for_it"), [(100, False), (101, True)])
def test_very_many_files_stand_for_their_folder(count: int, stands_for_it: bool, tmp_path: Path) -> None:
    files = [write(tmp_path / "elsewhere" / f"{number}.md") for number in range(count)]
    home = tmp_path / "home"
    remember(files, home)
    assert all(may_open(file, home) for file in files)
    assert may_open(tmp_path / "elsewhere" / "other.md", home) == stands_for_it


def test_names_that_no_path_can_be_are_not_opened(tmp_path: Path) -> None:
    assert not may_open(tmp_path / "a\0b", tmp_path)
    assert may_open(tmp_path / "a", tmp_path)
    assert not may_open(tmp_path.parent / f"{tmp_path.name}-beside" / "a", tmp_path)
