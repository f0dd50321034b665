"""The benchmark of growth: it measures the sizes it is told, on the same files."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.contenders import contenders
from benchmarks.generate import generate
from benchmarks.growth import Size, as_markdown, first_documents, grow, requirements
from benchmarks.process import run


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
    assert 0 < size.idle_seconds[0] < size.cold_seconds[0]
    assert {len(seconds) for seconds in size.search_seconds.values()} == {8}
    table = as_markdown([size])
    assert "| 1,000 |" in table
    assert "| word in date range |" in table


def test_what_must_hold_is_said_of_the_sizes_that_were_measured() -> None:
    searches = {"rare": [0.001] * 2, "common": [0.002] * 2}
    size = Size(20_000, 10, 1.0, 1.0, 100, 50, 10, 1.0, searches, cold_seconds=[0.12], idle_seconds=[0.015])
    assert list(requirements([size])) == []
    large = replace(
        size, documents=200_000, own_memory=125, search_seconds={"rare": [0.004] * 2, "common": [0.006] * 2}
    )
    assert [(holds, number) for _, holds, number in requirements([size, large])] == [
        (False, "× 1.25"),
        (False, "common 6.00 ms"),
        (True, "× 8.0"),
    ]
    larger = replace(size, documents=1_000_000, search_seconds={"rare": [0.003] * 2, "common": [0.005] * 2})
    found = list(requirements([replace(size, documents=100_000), larger]))
    assert [(holds, number) for _, holds, number in found] == [(True, "rare × 3.0")]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is known on Linux only")
def test_memory_of_its_own_and_mapped_files_are_told_apart(tmp_path: Path) -> None:
    some = 50_000_000
    (tmp_path / "file").write_bytes(b"x" * some)
    # So long that it is looked up, which is done the more seldom the longer the process takes.
    stay = f"time.sleep(max(0.3, (time.time() - {time.time()}) / 5))"
    mapping = "import mmap, sys, time; f = open(sys.argv[1], 'rb'); m = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)"
    mapped = run("-c", f"{mapping}; sum(m[::4096]); {stay}", str(tmp_path / "file")).memory
    own = run("-c", f"import time; held = b'x' * {some}; {stay}").memory
    assert own.mapped < some < own.own
    assert mapped.own < some < mapped.mapped
