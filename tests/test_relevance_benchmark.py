"""The relevance benchmark: every contender ranks the same judged collection, and requirements are judged rightly."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.rankers import RIVALS, Collection, words_alone
from benchmarks.relevance import CLASSIC, EXPANDED, Results, requirements, run, table, worst_queries
from search.evaluation.evaluate import MEASURES

DOCUMENTS = {
    "1": ("Coolant leak", "The coolant leak was found on the station at night."),
    "2": ("Pumps", "A pump moves water through the walls of the plant, and nobody thanks it."),
    "3": ("Rope", "Rope is patient and remembers every knot that was ever tied in it."),
    "4": ("The Harbour", "Fog lies on the water of the bay, and the ferry waits for its pilot."),
}
QUERIES = {"a": "leaking coolant (on a station?)", "b": "knots AND ropes", "c": "ferries: fog"}
JUDGED = {"a": "1", "b": "3", "c": "4"}
INSTALLED = [name for name in RIVALS if name != "bm25s"]  # which tests do without


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "collections" / "small"
    folder.mkdir(parents=True)
    records = [{"_id": name, "title": title, "text": text} for name, (title, text) in DOCUMENTS.items()]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    queries = [{"_id": name, "text": text} for name, text in QUERIES.items()] + [{"_id": "d", "text": "unjudged"}]
    (folder / "queries.jsonl").write_text("".join(json.dumps(record) + "\n" for record in queries), "utf-8")
    judgements = "".join(f"{query}\t{document}\t1\n" for query, document in JUDGED.items())
    (folder / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n{judgements}", "utf-8")
    return folder


def test_every_contender_finds_what_cannot_be_missed(folder: Path, tmp_path: Path) -> None:
    collection = Collection.read(folder)
    assert collection.queries == QUERIES
    assert collection.language == "en"
    chosen = ["byline-tantivy", "byline-whoosh", *INSTALLED]
    (tmp_path / "indexes" / "small").mkdir(parents=True)
    notes: list[str] = []
    found = run(collection, chosen, tmp_path / "indexes", 10, notes)
    assert list(found) == chosen
    for name, values in found.items():
        assert values == {query: dict.fromkeys(MEASURES, 1.0) for query in QUERIES}, name
    assert notes == []


def test_it_runs_as_a_command_and_writes_every_value(folder: Path, tmp_path: Path) -> None:
    values = tmp_path / "values.json"
    command = [sys.executable, "-m", "benchmarks.relevance", str(folder.parent), "--contender", "byline-tantivy"]
    done = subprocess.run(
        [*command, "--json", str(values)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    assert "| nDCG@10 | byline-tantivy |\n|---|---:|\n| small | 1.0000 |\n" in done.stdout
    assert json.loads(values.read_text("utf-8"))["small"]["byline-tantivy"]["a"]["MRR"] == 1


def test_nothing_of_a_query_is_left_for_a_parser() -> None:
    assert words_alone('What "is" (AND) a-b* title:x? C++ NOT') == "what is and a b title x c not"


def results(**means: dict[str, float]) -> Results:
    """Results in which contenders have these means on every one of the four collections."""
    made = Results()
    for collection in CLASSIC:
        made.by_collection[collection] = {
            name: {"q": dict.fromkeys(MEASURES, values.get(collection, values["all"]))}
            for name, values in means.items()
        }
    return made


def verdicts(found: Results) -> dict[str, bool | None]:
    return {text: holds for text, holds, _ in requirements(found)}


def test_requirements_hold_at_the_very_number() -> None:
    found = verdicts(
        results(**{"byline-tantivy": {"all": 0.54}, EXPANDED: {"all": 0.58}, "bm25s": {"all": 0.54, "cisi": 0.544}})
    )
    assert found == {
        "mean nDCG@10 of the four in English at least .540": True,
        "the same with expansion at least .550": True,
        "mean nDCG@10 of xquad at least .95": None,
        "mean recall@100 of the four up by at least .03 with expansion": True,
        "none of the four below bm25s by more than .005": True,
        "both engines within .01 of each other everywhere": None,
    }


def test_requirements_fail_by_a_single_collection() -> None:
    found = verdicts(
        results(
            **{
                "byline-tantivy": {"all": 0.53},
                "byline-whoosh": {"all": 0.53, "cacm": 0.545},
                EXPANDED: {"all": 0.549},
                "bm25s": {"all": 0.1, "cisi": 0.536},
            }
        )
    )
    assert found == {
        "mean nDCG@10 of the four in English at least .540": False,
        "the same with expansion at least .550": False,
        "mean nDCG@10 of xquad at least .95": None,
        "mean recall@100 of the four up by at least .03 with expansion": False,
        "none of the four below bm25s by more than .005": False,
        "both engines within .01 of each other everywhere": False,
    }


def test_the_table_has_a_mean_only_of_what_was_measured_throughout() -> None:
    made = results(**{"byline-tantivy": {"all": 0.5, "cacm": 0.7}, "bm25s": {"all": 0.4}})
    del made.by_collection["cisi"]["bm25s"]
    lines = list(table(made, ["byline-tantivy", "bm25s"], "nDCG@10"))
    assert "| cisi | 0.5000 | – |" in lines
    assert lines[-1] == "| **mean of the four in English** | 0.5500 | – |"


def test_worst_queries_come_first_and_better_ones_not_at_all(folder: Path) -> None:
    ours, theirs = ({query: dict.fromkeys(MEASURES, value) for query, value in zip(QUERIES, values, strict=True)}
                    for values in ((0.9, 0.1, 1.0), (1.0, 0.9, 0.5)))  # fmt: skip
    lines = list(worst_queries(Collection.read(folder), {"x": ours, "y": theirs}, "x", "y", 5))
    assert [line[:3] for line in lines if line.startswith("-")] == ["- b", "- a"]
