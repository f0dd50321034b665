"""What people get wrong on the command line at first, and what they are told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from search.cli import byline
from tests.cli.conftest import Run


@pytest.mark.parametrize("option", ["--sort", "--query-id", "--filters", "-n", "--facets"])
@pytest.mark.parametrize("after", [[], ["--", "moon"]])
def test_an_option_whose_value_was_forgotten_takes_no_other(run: Run, option: str, after: list[str]) -> None:
    result = run("search", "bridge", option, *after)
    assert result.exit_code == 2
    assert f"Option “{option}” requires an argument. See:" in result.stderr


@pytest.mark.parametrize(
    ("args", "told"),
    [
        pytest.param(["serch", "leak"], "No such command “serch”. Did you mean: byline search", id="misspelled"),
        pytest.param(["bridge", "a b"], "To search: byline search bridge 'a b'. See:", id="no command"),
        pytest.param(["completion"], "Choose from: bash, zsh, fish. See:", id="completion of nothing"),
        pytest.param(["index", "--rebuld"], "Did you mean “--rebuild”? See:", id="a question keeps its mark"),
        pytest.param(["show", "coolant", "leak"], "To search: byline search coolant leak", id="show words"),
        pytest.param(["similar", "coolant", "leak"], "To search: byline search coolant leak", id="similar words"),
        pytest.param(["index", "--wiat", "3"], "Did you mean “--wait”? See:", id="only the nearest option"),
        pytest.param(
            ["search", "leak", "--sortt", "date"], "Did you mean “--sort”? See:", id="not in the alphabet's order"
        ),
        pytest.param(["search", "x", "--nonsense"], "No such option “--nonsense”. See:", id="nothing near"),
        pytest.param(["search", "x", "-n", "y"], "“y” is not a valid integer. See:", id="a value that is none"),
        pytest.param(["search", "leak", "-n", "-3"], "-n/--limit is -3", id="the option as it is written"),
        pytest.param(["suggest", "leak", "-n", "-3"], "-n/--limit is -3", id="and of another command"),
        pytest.param(["search", "leak", "--snippet-length", "1"], "--snippet-length is 1", id="an option of two words"),
        pytest.param(["search", "leak", "--format", "{score:.1f}"], "“:.1f” is no shape", id="a shape of Python's"),
    ],
)
def test_what_went_wrong_and_what_to_do(run: Run, indexed: Path, args: list[str], told: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
    assert "\\n" not in result.stderr


@pytest.mark.parametrize("dashed", ["-json", "-csv", "-no-pager", "-facets"])
def test_an_option_with_one_dash_is_said_to_be_a_word(run: Run, indexed: Path, dashed: str) -> None:
    result = run("search", "coolant", dashed)
    assert result.exit_code == 0
    assert f"“{dashed}” was read as “without {dashed[1:]}”; the option is -{dashed}\n" in result.stderr


@pytest.mark.parametrize("words", [["-pump"], ["-n", "3"], ["coolant -json"], ["--", "-json"], ["-x"]])
def test_other_dashes_are_not_remarked_on(run: Run, indexed: Path, words: list[str]) -> None:
    assert run("search", "coolant", *words).stderr == ""


def test_the_same_is_said_once(run: Run, indexed: Path) -> None:
    result = run("search", "coolant", "(" * 30, "-n", "0")
    assert " ".join(result.stdout.split()).count("nothing between these brackets") == 1
    positions = [
        notice["position"] for notice in json.loads(run("search", "() coolant ()", "--json").stdout)["notices"]
    ]
    assert len(positions) == 1


def test_options_given_twice_both_count(run: Run, indexed: Path) -> None:
    given = json.loads(
        run("search", "coolant", "--filters", "author:ruiz", "--filters", "date:2022 OR date:2021", "--json").stdout
    )
    assert [hit["title"] for hit in given["hits"]] == ["Coolant Leak on the Station"]
    given = json.loads(run("search", "coolant", "--facets", "author", "--facets", "year", "--json").stdout)
    assert [facet["name"] for facet in given["facets"]] == ["author", "year"]


def test_filters_are_explained_and_the_way_out_is_named(run: Run, indexed: Path) -> None:
    result = run("search", "coolant", "--filters", "autor:ruiz")
    assert "In the filters: there is no field “autor”" in result.stdout
    assert "write instead: author:ruiz" in " ".join(result.stdout.split())
    assert "Without the filters: 2 articles" in result.stdout
    assert "Try: author:ruiz" not in result.stdout
    assert "\\" not in result.stdout


def test_the_name_of_another_search_is_not_taken_from_it(run: Run, indexed: Path) -> None:
    assert run("search", "--save", "leaks", "coolant").exit_code == 0
    assert run("search", "--save", "leaks", "coolant").exit_code == 0
    result = run("search", "--save", "leaks", "rope")
    assert result.exit_code == 2
    assert "another saved search: coolant" in result.stderr
    assert "byline new leaks --forget" in result.stderr
    assert "coolant" in run("new").stdout


def test_similar_names_the_articles_of_a_file_that_holds_several(run: Run, tmp_path: Path) -> None:
    lines = [json.dumps({"title": f"Part {number}", "text": f"Words of part {number}."}) for number in (1, 2)]
    (tmp_path / "feed.jsonl").write_text("\n".join(lines), "utf-8")
    run("index", "feed.jsonl")
    result = run("similar", "feed.jsonl")
    assert result.exit_code == 2
    assert "byline similar 'feed.jsonl#1'" in result.stderr
    assert "Part 2" in result.stderr


def test_languages_without_a_stemmer_have_their_names(run: Run, tmp_path: Path) -> None:
    texts = {"en": "The bridge is old and nobody crosses it now.", "ja": "橋は古く、だれも渡らない。", "": "…"}
    for code, text in texts.items():
        (tmp_path / f"a{code}.md").write_text(
            f"---\ntitle: T\n{f'lang: {code}' * bool(code)}\n---\n\n{text}\n", "utf-8"
        )
    run("index", ".")
    assert json.loads(run("info", "--json").stdout)["languages"] == {"en": 1, "ja": 1, "": 1}
    assert "en 1, ja 1, none known 1" in run("info").stdout


def test_facets_say_how_to_choose_and_nothing_where_there_is_nothing(run: Run, indexed: Path) -> None:
    shown = " ".join(run("search", "*", "--facets", "author,year", "-n", "0").stdout.split())
    assert 'To choose one, add it to the query: author:="Ana Ruiz", -has:author, date:2023, -has:date' in shown
    empty = run("search", "zeppelin", "--facets", "author", "--timeline").stdout
    assert "author" not in empty
    assert "timeline" not in empty
    table = run("search", "coolant", "--facets", "author", "--csv")
    assert "facets cannot be shown in CSV" in table.stderr
    assert "Ana Ruiz" in table.stdout


def test_a_value_and_its_count_stay_on_a_line(run: Run, indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for width in range(20, 60):
        monkeypatch.setenv("COLUMNS", str(width))
        lines = run("search", "*", "--facets", "author", "-n", "0").stdout.splitlines()
        assert not [line for line in lines if line.strip().startswith(("(", "·"))]


def offered(args: list[str], incomplete: str) -> list[str]:
    found = ShellComplete(byline, {}, "byline", "_BYLINE_COMPLETE").get_completions(args, incomplete)
    return [item.value for item in found]


def test_a_shell_completes_values(run: Run, indexed: Path) -> None:
    run("search", "--save", "leaks", "coolant")
    assert offered(["new"], "l") == ["leaks"]
    assert offered(["help"], "qu") == ["query"]
    assert offered(["search", "--sort"], "date") == ["date", "date:asc", "date:desc"]
    assert offered(["search", "--format"], "js") == ["json", "jsonl"]
    assert offered(["search", "--facets"], "author,ye") == ["author,year"]
