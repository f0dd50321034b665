"""Everything the README shows is run, and prints what the README says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.readme import README, ROOT, Example, Workplace, examples, query_rows, same, session_report

TEXT = README.read_text("utf-8")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    place = Workplace(tmp_path_factory.mktemp("readme"))
    place.run("byline index corpus")
    yield place


def test_there_are_examples_of_both_kinds() -> None:
    kinds = [example.language for example in examples(TEXT)]
    assert kinds.count("console") >= 8
    assert kinds.count("pycon") >= 2


@pytest.mark.parametrize(
    "example",
    [example for example in examples(TEXT) if example.language == "console"],
    ids=lambda example: f"{example.line}-{example.code[:40]}",
)
def test_command(example: Example, tmp_path_factory: pytest.TempPathFactory, place: Workplace) -> None:
    if example.code.startswith("byline index corpus"):
        place = Workplace(tmp_path_factory.mktemp("fresh"))  # so that each example is true wherever it stands
    printed = place.run(example.code)
    assert same(example.output, printed), f"README.md:{example.line} `{example.code}` prints now:\n{printed}"


@pytest.mark.parametrize(
    "example",
    [example for example in examples(TEXT) if example.language == "pycon"],
    ids=lambda example: f"{example.line}",
)
def test_session(example: Example, place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place.folder)
    monkeypatch.delenv("BYLINE_INDEX", raising=False)
    assert session_report(example) == ""


@pytest.mark.parametrize(("query", "count"), list(query_rows(TEXT)))
def test_row_of_the_query_language(query: str, count: int, place: Workplace) -> None:
    from search import search

    results = search(query, index=place.folder / ".byline", limit=0)
    assert (results.total, results.partial, results.notices) == (count, False, ())


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


def test_modules_in_the_map_exist_and_every_module_is_in_it() -> None:
    listed = set(re.findall(r"^\| `((?:index|search)/[\w/]+(?:\.py|/))`", TEXT, re.MULTILINE))
    modules = {path.relative_to(ROOT).as_posix() for folder in ("index", "search") for path in find_modules(folder)}
    covered = {module for module in modules if any(module == entry or module.startswith(entry) for entry in listed)}
    assert sorted(modules - covered) == []
    assert [entry for entry in sorted(listed) if not (ROOT / entry).exists()] == []


def find_modules(folder: str) -> Iterator[Path]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        if not path.name.startswith("__"):
            yield path


@pytest.mark.parametrize(
    ("said", "printed", "expected"),
    [
        pytest.param("in 0.41 s\n", "in 12 s\n", True, id="times vary"),
        pytest.param("a\n…\nc\n", "a\nb\nb\nc\n", True, id="lines left out"),
        pytest.param("a\n", "a\nb\n", False, id="lines missing"),
        pytest.param("a 1\n", "a 2\n", False, id="another number"),
    ],
)
def test_comparison(said: str, printed: str, expected: bool) -> None:
    assert same(said, printed) is expected
