"""The benchmark of growth: it measures the sizes it is told, on the same files."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.contenders import contenders
from benchmarks.generate import generate
from benchmarks.growth import as_markdown, first_documents, grow


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("growth") / "corpus", 1000, seed=5)


def test_a_smaller_corpus_is_the_beginning_of_a_larger(corpus: Path, tmp_path: Path) -> None:
    folder = first_documents(corpus, tmp_path / "first", 1000)
    assert sorted(path.read_text() for path in folder.rglob("*.md")) == sorted(
        path.read_text() for path in corpus.rglob("*.md")
    )
    assert first_documents(corpus, tmp_path / "first", 1000) == folder  # again is no error
    with pytest.raises(ValueError, match="multiples of 1000"):
        first_documents(corpus, tmp_path / "first", 1500)


def test_every_size_is_built_updated_and_searched(corpus: Path, tmp_path: Path) -> None:
    (size,) = grow(contenders()["byline-tantivy"], corpus, tmp_path, [1000], seed=5, rounds=1, cold_rounds=1)
    assert size.documents == 1000
    assert size.text_bytes == sum(path.stat().st_size for path in corpus.rglob("*.md"))
    assert 0 < size.update_seconds < size.build_seconds
    assert size.index_bytes > 500_000
    assert {len(seconds) for seconds in size.search_seconds.values()} == {8}
    table = as_markdown([size])
    assert "| 1,000 |" in table
    assert "| word in date range |" in table
