"""The benchmark itself: its corpus is the same every time, and its contenders answer the same questions."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import Stemmer
import yaml

from benchmarks.confidence import found_and_right, table
from benchmarks.contenders import Contender, contenders
from benchmarks.generate import article, generate
from benchmarks.queries import BenchQuery, QueryClass, load
from benchmarks.report import as_json, as_markdown, differences
from benchmarks.speed import compare, is_installed
from benchmarks.words import Vocabulary, forms

DOCUMENTS = 60
RIVALS = ["plain-tantivy", "plain-tantivy-stems", "plain-whoosh"]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small corpus with its queries."""
    directory = tmp_path_factory.mktemp("benchmark") / "corpus"
    generate(directory, DOCUMENTS, seed=5)
    return directory


def files(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_same_seed_gives_the_same_corpus(corpus: Path, tmp_path: Path) -> None:
    generate(tmp_path / "again", DOCUMENTS, seed=5)
    assert files(tmp_path / "again") == files(corpus)


def test_another_seed_gives_another_corpus(corpus: Path, tmp_path: Path) -> None:
    generate(tmp_path / "other", DOCUMENTS, seed=6)
    assert not set(files(tmp_path / "other").values()) & set(files(corpus).values())


def test_larger_corpus_starts_with_the_smaller(corpus: Path, tmp_path: Path) -> None:
    generate(tmp_path / "larger", DOCUMENTS + 10, seed=5)
    larger, smaller = files(tmp_path / "larger" / "articles"), files(corpus / "articles")
    assert len(larger) == DOCUMENTS + 10
    assert smaller.items() <= larger.items()


def test_corpus_in_folders_of_a_thousand(tmp_path: Path) -> None:
    articles = generate(tmp_path / "corpus", 1001, seed=1)
    assert [len(list(folder.iterdir())) for folder in sorted(articles.iterdir())] == [1000, 1]


def test_existing_corpus_is_used_again_and_other_folders_are_left_alone(corpus: Path, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in corpus.rglob("*")}
    assert generate(corpus, DOCUMENTS, seed=5) == corpus / "articles"
    assert {path: path.stat().st_mtime_ns for path in corpus.rglob("*")} == before
    with pytest.raises(FileExistsError, match="something else"):
        generate(corpus, DOCUMENTS, seed=6)
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="something else"):
        generate(tmp_path, DOCUMENTS, seed=5)
    assert files(tmp_path) == {"mine.txt": b"mine"}


def test_front_matter_is_yaml_with_what_was_generated() -> None:
    vocabulary = Vocabulary.of(seed=5)
    several = 0
    for number in range(100):
        made = article(vocabulary, 5, number)
        _, front_matter, body = made.text.split("---\n", 2)
        values = yaml.safe_load(front_matter)
        assert values["title"] == made.title
        authors = values["author"] if isinstance(values["author"], list) else [values["author"]]
        assert tuple(authors) == made.authors
        assert values["date"] == made.date
        assert dt.date(2014, 1, 1) <= made.date <= dt.date(2023, 12, 31)
        assert all(isinstance(tag, str) for tag in values["tags"])
        assert 30 < len(body.split()) < 1000
        several += len(authors) > 1
    assert 1 <= several <= 30


def test_stemmers_take_off_what_was_put_on() -> None:
    lemmas = Vocabulary.of(seed=5).lemmas
    assert len({form for lemma in lemmas for form in forms(lemma)}) == 4 * len(lemmas)
    for algorithm in ("english", "porter"):
        stemmer = Stemmer.Stemmer(algorithm)
        for lemma in lemmas[::20]:
            assert stemmer.stemWords(list(forms(lemma))) == [lemma] * 4


def test_queries_of_every_class_find_something(corpus: Path) -> None:
    queries = load(corpus / "queries.json")
    for kind in QueryClass:
        assert any(query.documents for query in queries if query.kind is kind), kind
    assert all(0 <= query.documents <= DOCUMENTS for query in queries)
    assert [BenchQuery.from_dict(query.to_dict()) for query in queries] == queries


@pytest.mark.parametrize("name", [name for name, contender in contenders().items() if is_installed(contender)])
def test_contender_finds_what_it_must(
    name: str, corpus: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    contender = contenders()[name]
    contender.build(corpus / "articles", tmp_path)
    search = contender.open(tmp_path)
    compared = 0
    for query in load(corpus / "queries.json"):
        answer = search(query)
        assert answer.shown == min(answer.total, 10), query.typed()
        assert answer.snippets <= answer.shown
        if query.kind not in contender.reads_otherwise:
            compared += 1
            # Emphasis is no mark-up to whoosh's own analysis, which takes "*word*" for another word than "word".
            slack = {"plain-whoosh": 2, "recoll": 9}.get(name, 0)  # Recoll finds the tags, too
            assert abs(answer.total - query.documents) <= slack, query.typed()
        if query.kind is QueryClass.COMMON:
            assert answer.snippets >= answer.shown // 2, query.typed()  # others may match in the title alone
    assert compared >= 50
    assert not list(home.iterdir())  # nothing is left in a person's home folder


def test_comparison_measures_everything_once_a_round(corpus: Path, tmp_path: Path) -> None:
    chosen: list[Contender] = [contenders()[name] for name in RIVALS[:2]]
    results = compare(chosen, tmp_path, documents=30, seed=2, rounds=2, search_rounds=2, cold_rounds=1)
    measured = json.loads(json.dumps(as_json(results)))
    for name in RIVALS[:2]:
        entry = measured["contenders"][name]
        assert len(entry["build_seconds"]) == 2
        assert min(entry["build_seconds"]) > 0
        assert entry["size"] > 10_000
        assert set(entry["search_seconds"]) == {kind.value for kind in QueryClass}
        assert all(len(rounds) == 2 and all(map(len, rounds)) for rounds in entry["search_seconds"].values())
    assert set(measured["cold_seconds"]) == {"python -c pass", *RIVALS[:2]}
    text = as_markdown(results)
    for kind in QueryClass:
        assert f"| {kind.value} |" in text
    assert "plain-tantivy: 72 of 72 queries find exactly what they must" in list(differences(results))


def test_confidence_is_compared_with_how_often_values_are_right(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: The Harbour\ndate: 2020-01-02\n---\n\nThe ferry.\n")
    (tmp_path / "truth.jsonl").write_text('{"file": "a.md", "title": "The Harbour", "date": "2020-01-03"}\n')
    found = {column: right for column, sure, right in found_and_right(tmp_path, None) if sure > 0.9}
    assert found == {"title": 1.0, "date": 0.0}


def test_calibration_error_is_the_mean_difference() -> None:
    rows, error = table([(0.9, 1.0), (0.9, 0.0), (0.6, 1.0), (0.6, 0.0)])
    assert rows == ["0.60–0.70 | 2 | 0.600 | 0.500 |", "0.90–0.95 | 2 | 0.900 | 0.500 |"]
    assert error == pytest.approx((0.1 + 0.4) / 2)
