"""Everything the README shows is run, and prints what the README says."""

from __future__ import annotations

import re

import pytest

from index.catalog.counts import Counts
from index.updating.report import Tally
from tests.readme import (
    README,
    ROOT,
    Example,
    Workplace,
    between,
    corpus_alone,
    examples,
    module_map,
    query_rows,
    query_table,
    same,
    session_report,
)

TEXT = README.read_text("utf-8")


COMMANDS = [example for example in examples(TEXT) if example.language == "console"]
SESSIONS = [example for example in examples(TEXT) if example.language == "pycon"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    return Workplace(tmp_path_factory.mktemp("readme"))


@pytest.fixture(scope="module")
def printed(place: Workplace) -> dict[Example, str]:
    """What every command prints, run in the README's order."""
    return {example: place.run(example.code) for example in COMMANDS}


def test_there_are_examples_of_both_kinds() -> None:
    assert len(COMMANDS) >= 8
    assert len(SESSIONS) >= 2


@pytest.mark.parametrize("example", COMMANDS, ids=lambda example: f"{example.line}: {example.code[:40]}")
def test_command(example: Example, printed: dict[Example, str]) -> None:
    now = printed[example]
    assert same(example.output, now), f"README.md:{example.line} `{example.code}` prints now:\n{now}"


@pytest.mark.parametrize("example", SESSIONS, ids=lambda example: str(example.line))
def test_session(
    example: Example, place: Workplace, printed: dict[Example, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place.folder)
    monkeypatch.delenv("BYLINE_INDEX", raising=False)
    assert session_report(example) == ""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    return corpus_alone(tmp_path_factory.mktemp("corpus"))


@pytest.mark.parametrize(("query", "count"), list(query_rows(TEXT)))
def test_row_of_the_query_language(query: str, count: int, corpus: Workplace) -> None:
    assert corpus.count(query) == count


def test_the_table_of_the_query_language_is_that_of_byline_help_query() -> None:
    assert between(TEXT, "query language").strip() == query_table(dict(query_rows(TEXT))), "run: python -m tests.readme"


def test_the_two_commands_are_one_line_each_and_pin_what_they_install() -> None:
    commands = re.findall(r"^python3 -m venv .*$", TEXT, re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        assert command.count("-c .ci/constraints.txt") == command.count("pip install") == 2
    assert commands[0].endswith('.venv/bin/byline search "coolant leak"')
    assert commands[1].endswith("pytest")


def test_files_that_are_linked_to_exist() -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", TEXT)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_map_names_every_module() -> None:
    assert between(TEXT, "map").strip() == module_map(), "run: python -m tests.readme"


def test_every_key_of_what_a_build_says_to_programs_is_explained() -> None:
    table = TEXT.partition("`byline index --json` prints")[2].partition("\n## ")[0]
    explained = {
        key for row in re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE) for key in re.findall(r"`(\w+)`", row)
    }
    report = Tally().report(now=Counts(), engine="whoosh", generation=1, seconds=1.0)
    assert explained == report.to_dict().keys()


@pytest.mark.parametrize(
    ("said", "printed", "expected"),
    [
        pytest.param("in 0.41 s\n", "in 12 s\n", True, id="times vary"),
        pytest.param("a\n…\nc\n", "a\nb\nb\nc\n", True, id="lines left out"),
        pytest.param("a\n", "a\nb\n", False, id="lines missing"),
        pytest.param("a 1\n", "a 2\n", False, id="another number"),
        pytest.param("score 1.25\n", "score 1.26\n", False, id="another score"),
        pytest.param("size 2 kB\n", "size 3 kB\n", True, id="sizes vary"),
    ],
)
def test_comparison(said: str, printed: str, expected: bool) -> None:
    assert same(said, printed) is expected
