"""The benchmarks of spelling and completion run, and count what they say they count."""

from __future__ import annotations

import json
import random
from pathlib import Path

from benchmarks.spelling import Collection, corrected, measure, misspelled
from benchmarks.suggest import measure as measure_completion
from benchmarks.suggest import prefixes
from index.build import build

TEXT = "the harbour master counted seven ferries before breakfast and wrote the number into a notebook"


def collection(folder: Path) -> Path:
    folder.mkdir()
    documents = [{"_id": str(number), "title": f"Day {number}", "text": f"{TEXT} rare{number}"} for number in range(60)]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, documents)), "utf-8")
    (folder / "queries.jsonl").write_text(json.dumps({"_id": "1", "text": "harbour ferries breakfast"}), "utf-8")
    return folder


def test_misspellings_differ_and_are_the_same_every_time() -> None:
    for edits in (1, 2):
        made = [misspelled("harbour", random.Random(number), "abc", edits) for number in range(50)]
        assert made == [misspelled("harbour", random.Random(number), "abc", edits) for number in range(50)]
        assert len(set(made)) > 20
    assert "harbour" not in {misspelled("harbour", random.Random(number), "abc") for number in range(50)}


def test_spelling_is_measured(tmp_path: Path) -> None:
    made = Collection(collection(tmp_path / "small"), tmp_path / "work", seed=1)
    assert made.planted
    rows = list(measure(made, ["zeppelin", "harbour"], most=5, say=lambda _: None))
    assert len(rows) == 7
    assert all(row.removeprefix("> ").startswith("| small |") for row in rows)
    outcome = corrected([("harbuor", "harbour"), ("zzzzzz", "harbour"), ("ferires", "breakfast")], made.index)
    assert (outcome.queries, outcome.first, outcome.among, outcome.wrong) == (3, 1, 1, 1)


def test_completion_is_measured(tmp_path: Path) -> None:
    asked = prefixes(documents=20, seed=2, count=5)
    assert all(len(prefix) <= 3 for prefix in asked["3 letters"])
    build([collection(tmp_path / "small") / "corpus.jsonl"], tmp_path / ".byline")
    lines = list(measure_completion(tmp_path / ".byline", asked))
    assert len(lines) == len(asked) + 4
