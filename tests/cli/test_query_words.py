"""What on the command line is an option, and what is a word of the query."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from search.commands.search_cli import QueryCommand


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1)
@click.option("--limit", "-n", type=int, default=10)
@click.option("--json", "as_json", is_flag=True)
@click.option("--index", default="")
def probe(query: tuple[str, ...], limit: int, as_json: bool, index: str) -> None:
    click.echo(repr((" ".join(query), limit, as_json, index)))


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param(["coolant", "-leak"], ("coolant -leak", 10, False, ""), id="negated word last"),
        pytest.param(["-leak", "coolant"], ("-leak coolant", 10, False, ""), id="negated word first"),
        pytest.param(["-nasa", "moon"], ("-nasa moon", 10, False, ""), id="negated word that begins like -n"),
        pytest.param(["-hubble"], ("-hubble", 10, False, ""), id="negated word that begins like -h"),
        pytest.param(["moon", '-"soyuz leak"'], ('moon -"soyuz leak"', 10, False, ""), id="negated phrase"),
        pytest.param(["-title:moon", "x"], ("-title:moon x", 10, False, ""), id="negated field"),
        pytest.param(["a", "-(b", "OR", "c)"], ("a -(b OR c)", 10, False, ""), id="negated group"),
        pytest.param(["a", "-n", "3", "-b"], ("a -b", 3, False, ""), id="short option among words"),
        pytest.param(["a", "-n3"], ("a", 3, False, ""), id="short option with its value"),
        pytest.param(["a", "--json", "b"], ("a b", 10, True, ""), id="flag among words"),
        pytest.param(["a", "--limit=4", "b"], ("a b", 4, False, ""), id="long option with ="),
        pytest.param(["a", "b", "--index", "-odd"], ("a b", 10, False, "-odd"), id="value with a dash"),
        pytest.param(["a", "-"], ("a -", 10, False, ""), id="a dash alone"),
        pytest.param(["--", "--json", "-n"], ("--json -n", 10, False, ""), id="words only, after --"),
        pytest.param(["two words", "three"], ("two words three", 10, False, ""), id="quoted by the shell"),
    ],
)
def test_dashes(args: list[str], expected: object) -> None:
    result = CliRunner().invoke(probe, args)
    assert result.output == f"{expected!r}\n"


def test_an_unknown_long_option_is_reported_with_a_suggestion() -> None:
    result = CliRunner().invoke(probe, ["moon", "--limt", "3"])
    assert result.exit_code == 2
    assert "--limt" in result.output
    assert "--limit" in result.output.replace("--limt", "")


def test_an_option_without_its_value_is_reported() -> None:
    result = CliRunner().invoke(probe, ["moon", "--limit"])
    assert result.exit_code == 2
    assert "--limit" in result.output
