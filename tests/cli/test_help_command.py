"""`byline help`: the query language as a table, and the other commands' help."""

from __future__ import annotations

import pytest

from search.cli import COMMANDS
from search.commands.help_cli import query_guide
from search.query_language.guide import GUIDE
from tests.cli.conftest import Run

ROWS = [row for rows in GUIDE.values() for row in rows]


@pytest.mark.parametrize("columns", [10, 40, 80, 100, 200])
def test_the_guide_has_every_row_and_fits(columns: int) -> None:
    text = query_guide(columns)
    lines = text.splitlines()
    words = " ".join(text.split())
    for topic in GUIDE:
        assert topic in lines
    for query, finds in ROWS:
        assert f" {query} " in words.replace("\n", " ") or any(line.strip() == query for line in lines)
        if columns >= 200:
            assert finds.replace("`", "") in words
    if columns >= 80:
        assert max(map(len, lines)) <= columns
    assert "`" not in text


def test_help_about_queries(run: Run) -> None:
    result = run("help", "query")
    assert result.exit_code == 0
    assert "coolant NEAR/5 leak" in result.stdout


def test_help_alone_lists_what_there_is(run: Run) -> None:
    result = run("help")
    assert result.exit_code == 0
    names = [line.split()[0] for line in result.stdout.splitlines() if line.startswith("  ")]
    assert names == ["query", *COMMANDS]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_about_a_command_is_its_own(run: Run, command: str) -> None:
    result = run("help", command)
    assert result.exit_code == 0
    assert result.stdout == run(command, "--help").stdout


def test_help_about_nothing_names_what_there_is(run: Run) -> None:
    result = run("help", "quarry")
    assert result.exit_code == 2
    assert result.stderr == f"byline: there is no help about quarry; there is about query, {', '.join(COMMANDS)}\n"


def test_the_help_of_search_teaches_by_examples(run: Run) -> None:
    text = run("search", "--help").stdout
    assert text.count("byline search ") >= 12
    assert "byline help query" in text
