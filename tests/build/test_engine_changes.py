"""The automatic choice of the engine, and changing it by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.analysis.columns import analyse
from index.build import build
from index.document import Document
from index.engines.contract import AnalysedDocument
from index.query import Term
from index.schema import Form
from index.settings import IndexSettings
from index.storage.manifest import read_manifest
from index.storage.store import Store
from tests.build.articles import WHOLE, files_in, sources, stored, write_lines, write_many


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write_many(tmp_path / "corpus", 12)
    return tmp_path / "corpus"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / ".byline"


@pytest.fixture(autouse=True)
def threshold(monkeypatch: pytest.MonkeyPatch) -> int:
    """A corpus outgrows the small engine at more than fifteen documents."""
    monkeypatch.setattr("index.updating.update.AUTO_THRESHOLD", 15)
    monkeypatch.setattr("index.build.AUTO_THRESHOLD", 15)
    return 15


def test_small_corpus_starts_small_and_moves_when_it_grows(corpus: Path, index: Path) -> None:
    assert build([corpus], index).engine == "whoosh"
    before = stored(index)
    write_many(corpus / "more", 5)

    report = build([], index)

    assert (report.engine, report.engine_changed_from, report.documents) == ("tantivy", "whoosh", 17)
    assert report.files_read == 5  # the others were taken over as they were stored
    assert read_manifest(index).automatic
    after = stored(index)
    assert len(after) == 17
    assert [document for document in after if "more" not in document.source] == before
    assert files_in(index) == WHOLE | {"generations/0002"}
    assert build([], index).files_read == 0


def test_large_corpus_starts_large(corpus: Path, index: Path) -> None:
    write_many(corpus / "more", 5)

    report = build([corpus], index)

    assert (report.engine, report.engine_changed_from, report.generation) == ("tantivy", "", 1)


def test_few_files_with_many_documents(corpus: Path, index: Path) -> None:
    write_lines(corpus / "feed.jsonl", [f"tide {number}" for number in range(30)])

    report = build([corpus], index)

    assert (report.engine, report.documents) == ("tantivy", 42)
    assert len(set(sources(index))) == 42


def test_it_never_moves_back_by_itself(corpus: Path, index: Path) -> None:
    write_many(corpus / "more", 5)
    build([corpus], index)
    for path in (corpus / "more").iterdir():
        path.unlink()

    assert build([], index).engine == "tantivy"
    assert build([], index, rebuild=True).engine == "tantivy"


def test_rebuild_of_a_corpus_that_has_outgrown_its_engine(corpus: Path, index: Path) -> None:
    build([corpus], index)
    write_lines(corpus / "feed.jsonl", [f"tide {number}" for number in range(30)])

    report = build([], index, rebuild=True)

    assert (report.engine, report.engine_changed_from, report.documents) == ("tantivy", "whoosh", 42)
    assert len([name for name in files_in(index) if name.startswith("generations/")]) == 1
    assert len(set(sources(index))) == 42


def test_engine_chosen_by_name_is_kept(corpus: Path, index: Path) -> None:
    build([corpus], index, engine="whoosh")
    write_many(corpus / "more", 10)

    assert build([], index).engine == "whoosh"
    assert build([], index, rebuild=True).engine == "whoosh"
    assert not read_manifest(index).automatic


def test_naming_the_engine_of_an_automatic_index_keeps_it_from_then_on(corpus: Path, index: Path) -> None:
    build([corpus], index)
    report = build([], index, engine="whoosh")
    assert (report.engine_changed_from, report.generation) == ("", 1)
    write_many(corpus / "more", 10)

    assert build([], index).engine == "whoosh"


@pytest.mark.parametrize(("old", "new"), [("whoosh", "tantivy"), ("tantivy", "whoosh")])
def test_another_engine_by_name(old: str, new: str, corpus: Path, index: Path) -> None:
    build([corpus], index, engine=old)
    before = stored(index)
    (corpus / "0003.md").unlink()

    report = build([], index, engine=new)

    assert (report.engine, report.engine_changed_from, report.generation) == (new, old, 2)
    assert (report.removed, report.files_read) == (1, 0)
    assert stored(index) == [document for document in before if document.source != "corpus/0003.md"]
    with Store.open(index) as store:
        assert store.searcher().search(Term("body", "harbour", Form.WORD), limit=1).total == 11


def test_rebuild_with_another_engine(corpus: Path, index: Path) -> None:
    build([corpus], index)
    report = build([], index, engine="tantivy", rebuild=True)

    assert (report.engine, report.engine_changed_from, report.indexed) == ("tantivy", "whoosh", 12)


def test_change_of_engine_that_fails_leaves_the_old_one(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build([corpus], index)
    before = stored(index)
    added = 0

    def full(document: Document, settings: IndexSettings) -> AnalysedDocument:
        nonlocal added
        added += 1
        if added > 6:
            raise OSError(28, "No space left on device")
        return analyse(document, settings=settings)

    with monkeypatch.context() as patch:
        patch.setattr("index.analysis.columns.analyse", full)
        with pytest.raises(OSError, match="No space"):
            build([], index, engine="tantivy")

    assert stored(index) == before
    assert read_manifest(index).engine == "whoosh"
    assert files_in(index) == WHOLE | {"generations/0001"}
    assert build([], index, engine="tantivy").documents == 12
    assert stored(index) == before


def test_auto_gives_the_choice_back(corpus: Path, index: Path) -> None:
    build([corpus], index, engine="tantivy")
    before = stored(index)

    report = build([], index, engine="auto")

    assert (report.engine, report.engine_changed_from, report.files_read) == ("whoosh", "tantivy", 0)
    assert read_manifest(index).automatic
    assert stored(index) == before
    write_many(corpus / "more", 10)
    assert build([], index).engine == "tantivy"


def test_auto_moves_a_large_index_to_the_large_engine(corpus: Path, index: Path) -> None:
    write_many(corpus / "more", 10)
    build([corpus], index, engine="whoosh")

    report = build([], index, engine="auto")

    assert (report.engine, report.engine_changed_from, report.documents) == ("tantivy", "whoosh", 22)


def test_auto_changes_nothing_that_suits(corpus: Path, index: Path) -> None:
    build([corpus], index, engine="whoosh")
    report = build([], index, engine="auto")
    assert (report.engine, report.generation) == ("whoosh", 1)
    assert read_manifest(index).automatic


def test_auto_in_a_rebuild(corpus: Path, index: Path) -> None:
    build([corpus], index, engine="tantivy")
    report = build([], index, engine="auto", rebuild=True)
    assert (report.engine, report.engine_changed_from) == ("whoosh", "tantivy")
    assert read_manifest(index).automatic


def test_a_new_index_that_outgrows_its_first_engine_has_not_changed_it(corpus: Path, index: Path) -> None:
    write_lines(corpus / "feed.jsonl", [f"tide {number}" for number in range(30)])
    report = build([corpus], index)
    assert (report.engine, report.engine_changed_from) == ("tantivy", "")
