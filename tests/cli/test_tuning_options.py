"""`--recency`, `--synonyms`, `--explain`, and `byline.toml`, as a person at the command line meets them."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from index.settings import read_settings
from search.evaluation.options import read_options
from tests.cli.conftest import Run

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def test_explain_lists_the_parts_of_each_score(run: Run, indexed: Path) -> None:
    result = run("search", "coolant", "--explain", "--snippets", "0")
    assert result.exit_code == 0
    for hit in re.split(r"\n\n(?=\d\. )", result.stdout)[1:]:
        score = re.search(r"score ([\d.]+)", hit)
        assert score
        parts = re.findall(r"^ +(-?\d+\.\d\d)  \S", hit, re.MULTILINE)
        assert len(parts) >= 2
        assert sum(map(float, parts)) == pytest.approx(float(score[1]), abs=0.05)
    hits = json.loads(run("search", "coolant", "--explain", "--json").stdout)["hits"]
    assert all(hit["explanation"][0].keys() == {"label", "value"} for hit in hits)
    assert "explanation" not in run("search", "coolant", "--jsonl").stdout


def test_recency(run: Run, indexed: Path) -> None:
    plain = [json.loads(line) for line in run("search", "coolant", "--jsonl").stdout.splitlines()]
    recent = [json.loads(line) for line in run("search", "coolant", "--recency", "30d", "--jsonl").stdout.splitlines()]
    assert {hit["id"]: hit["score"] / 2 for hit in plain} == pytest.approx({hit["id"]: hit["score"] for hit in recent})
    wrong = run("search", "coolant", "--recency", "soon")
    assert wrong.exit_code == 2
    assert "“soon” is no half-life" in wrong.stderr


def test_synonyms(run: Run, indexed: Path) -> None:
    Path("same.txt").write_text("ship, ferry\n", "utf-8")
    assert run("search", "ship").exit_code == 1
    result = run("search", "ship", "--synonyms", "same.txt")
    assert result.exit_code == 0
    assert "*ferry*" in result.stdout
    assert (
        json.loads(run("search", "ship", "--synonyms", "same.txt", "--json").stdout)["interpreted"] == "ship OR ferry"
    )
    Path("same.txt").write_text("ship, ferry\nboat\n", "utf-8")
    wrong = run("search", "ship", "--synonyms", "same.txt")
    assert wrong.exit_code == 2
    assert "same.txt, line 2" in wrong.stderr


def test_a_change_of_the_settings_is_said_by_searches_and_by_the_next_build(run: Run, indexed: Path) -> None:
    Path("byline.toml").write_text('[index]\ntitle_weight = 5\n[search]\nsynonyms = "same.txt"\n', "utf-8")
    Path("same.txt").write_text("ship, ferry\n", "utf-8")
    said = run("search", "ship").stdout
    assert "byline.toml changed: title_weight is 5, no longer 3" in said
    assert "*ferry*" in said
    built = run("index")
    assert "Everything was read again: byline.toml changed: title_weight is 5" in built.stdout
    assert "byline.toml" not in run("search", "ship").stdout
    Path("byline.toml").write_text("[index]\ntitel_weight = 5\n", "utf-8")
    for wrong in (run("index"), run("search", "ship")):
        assert wrong.exit_code == 2
        assert "titel_weight" in wrong.stderr
        assert "title_weight, analysis, language" in wrong.stderr


def test_the_settings_in_the_readme_are_all_there_are(tmp_path: Path) -> None:
    (shown,) = re.findall(r"^```toml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    (tmp_path / "byline.toml").write_text(shown, "utf-8")
    settings = read_settings(tmp_path / ".byline")
    values = tomllib.loads(shown)
    assert values.keys() == {"search", "index", "reading"}
    for name, table in values.items():
        assert list(table) == list(type(getattr(settings, name)).__dataclass_fields__)


def test_judged_queries_can_be_run_with_them() -> None:
    assert read_options(["recency=30d", "synonyms=same.txt"]) == {"recency": "30d", "synonyms": "same.txt"}
