"""`byline suggest`, and what `byline search` says when nothing is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_completions_come_one_a_line_words_before_titles(run: Run, indexed: Path) -> None:
    result = run("suggest", "cool")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == ["coolant", "Coolant Leak on the Station"]
    assert run("suggest", "how", "pu").stdout.splitlines() == ["how pump", "how pumps", "How Pumps Move Coolant"]
    assert run("suggest", "coolant", "-n", "0").stdout == ""


def test_json_has_counts(run: Run, indexed: Path) -> None:
    result = run("suggest", "--json", "cool", "-n", "1")
    assert json.loads(result.stdout) == {
        "prefix": "cool",
        "words": [{"text": "coolant", "count": 2}],
        "titles": [{"text": "Coolant Leak on the Station", "count": 1}],
    }


def test_nothing_to_suggest_is_exit_code_1(run: Run, indexed: Path) -> None:
    result = run("suggest", "zeppelin")
    assert (result.exit_code, result.output) == (1, "")
    assert json.loads(run("suggest", "zeppelin", "--json").stdout)["words"] == []


@pytest.mark.parametrize(
    ("args", "message"),
    [
        pytest.param(["suggest"], "PREFIX", id="no prefix"),
        pytest.param(["suggest", "c", "-n", "-1"], "limit", id="limit below zero"),
        pytest.param(["suggest", "c", "--limit", "1001"], "limit", id="limit too large"),
        pytest.param(["suggest", "c", "--index", "nowhere"], "byline index PATH", id="no index"),
        pytest.param(["suggest", "a" * 10_001], "10,000", id="too long"),
    ],
)
def test_trouble_is_one_line(run: Run, indexed: Path, args: list[str], message: str) -> None:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert message in result.stderr


def test_control_characters_of_titles_are_shown_not_obeyed(run: Run, tmp_path: Path) -> None:
    article = {"title": "Zebra \x1b[31mred\x07 \u202etfel", "text": "A zebra."}
    (tmp_path / "odd.jsonl").write_text(json.dumps(article), "utf-8")
    assert run("index", "odd.jsonl").exit_code == 0
    lines = run("suggest", "zebr").stdout.splitlines()
    assert len(lines) == 2
    assert lines[0] == "zebra"
    assert not set("\x1b\x07\u202e") & set(lines[1])


def test_the_doctor_speaks_in_words_and_in_json(run: Run, indexed: Path) -> None:
    result = run("search", "coolent")
    assert result.exit_code == 1
    assert "“coolent” is in no article" in result.stdout
    assert "Did you mean “coolant”" in result.stdout
    assert "Try: coolant" in result.stdout
    diagnosis = json.loads(run("search", "coolent", "--json").stdout)["diagnosis"]
    assert diagnosis["clauses"] == [{"text": "coolent", "position": [0, 7], "count": 0}]
    assert diagnosis["readings"][0]["query"] == "coolant"
    assert diagnosis["readings"][0]["count"] == 2
