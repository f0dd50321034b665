"""`byline search --save`, `byline new` and `byline similar`, and the forms hits are printed in."""

from __future__ import annotations

import csv
import errno
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

STORY = (
    "The ferry to the outer isles left the harbour an hour late on Monday because nobody could find the key to the "
    "ramp. Passengers waited on the quay in the rain, and the café ran out of soup before ten. The key was in the "
    "pocket of the second mate, who had gone home by bicycle and was asleep when the harbour master knocked.\n"
)


def add(folder: Path, name: str, text: str) -> None:
    (folder / "articles" / name).write_text(text, "utf-8")


def sources(output: str) -> list[str]:
    return [hit["source"] for hit in json.loads(output)["hits"]]


def test_only_what_came_in_since_the_last_look_is_new(run: Run, indexed: Path) -> None:
    assert run("search", "--save", "leaks", "coolant").exit_code == 0
    assert run("new", "leaks").exit_code == 1
    add(indexed, "fresh.md", "# A Fresh Leak\n\nMore coolant was lost today.\n")
    run("index")
    assert "1 new" in run("new").stdout
    assert sources(run("new", "leaks", "--keep", "--json").stdout) == ["articles/fresh.md"]
    assert sources(run("new", "leaks", "--json").stdout) == ["articles/fresh.md"]
    assert run("new", "leaks").exit_code == 1


def test_of_an_index_that_cannot_be_written_to_what_is_new_can_be_seen_without_noting_it(
    run: Run, indexed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, data: bytes) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    run("search", "--save", "leaks", "coolant")
    add(indexed, "fresh.md", "# A Fresh Leak\n\nMore coolant was lost today.\n")
    run("index")
    monkeypatch.setattr("search.exploring.saved.replace_file", refuse)
    refused = run("new", "leaks")
    assert refused.exit_code == 2
    assert "byline new leaks --keep" in refused.stderr
    assert sources(run("new", "leaks", "--keep", "--json").stdout) == ["articles/fresh.md"]
    refused = run("search", "--save", "more", "coolant", "--json")
    assert "byline index PATH --index DIR" in refused.stderr
    assert "articles/fresh.md" in sources(refused.stdout), "what is found is shown all the same"
    assert refused.exit_code == 2


def test_renamed_and_edited_files_are_not_new_and_a_rebuild_makes_nothing_new(run: Run, indexed: Path) -> None:
    run("search", "--save", "leaks", "coolant")
    (indexed / "articles" / "pumps.md").rename(indexed / "articles" / "renamed.md")
    add(indexed, "leak.md", (indexed / "articles" / "leak.md").read_text("utf-8") + "\nCorrected on Friday.\n")
    run("index", "--rebuild")
    assert run("new", "leaks").exit_code == 1


@pytest.mark.parametrize(
    "wrong", [["--sort", "nothing"], ["-n", "99999"], ["--facets", "nothing"], ["--format", "{nothing}"], ['r"(("']]
)
def test_a_search_that_cannot_be_run_is_not_saved(wrong: list[str], run: Run, indexed: Path) -> None:
    assert run("search", "--save", "leaks", "coolant", *wrong).exit_code == 2
    assert run("new").exit_code == 1


def test_filters_are_saved_with_the_search(run: Run, indexed: Path) -> None:
    run("search", "--save", "old", "coolant", "--filters", "date:<2020")
    add(indexed, "fresh.md", "---\ndate: 2024-01-01\n---\n# A Fresh Leak\n\nMore coolant was lost today.\n")
    run("index")
    assert run("new", "old").exit_code == 1


def test_saved_searches_can_be_forgotten_and_unknown_ones_are_told(run: Run, indexed: Path) -> None:
    run("search", "--save", "leaks", "coolant")
    assert run("new", "leaks", "--forget").exit_code == 0
    result = run("new", "leaks")
    assert result.exit_code == 2
    assert "no saved search “leaks”" in result.stderr
    assert run("new").exit_code == 1


@pytest.mark.parametrize("name", ["../escape", "", "a b", ".hidden", "x" * 65])
def test_a_name_cannot_leave_its_folder(run: Run, indexed: Path, name: str) -> None:
    assert run("search", "--save", name, "coolant").exit_code == 2
    assert not list(indexed.glob("**/*escape*"))


def test_a_damaged_saved_search_is_named(run: Run, indexed: Path) -> None:
    run("search", "--save", "leaks", "coolant")
    (indexed / ".byline" / "searches" / "leaks.json").write_text("{", "utf-8")
    result = run("new", "leaks")
    assert result.exit_code == 2
    assert "leaks.json" in result.stderr
    assert run("new", "leaks", "--forget").exit_code == 0


def test_near_duplicates_are_one_hit_unless_told_otherwise(run: Run, indexed: Path) -> None:
    add(indexed, "ferry.md", f"# Late Ferry\n\n{STORY}")
    add(indexed, "copy.md", f"# Ferry Late\n\n{STORY.replace('Monday', 'Tuesday')}")
    run("index")
    shown = run("search", "ferry", "key").stdout
    assert "+1 similar: articles/" in shown
    assert "2 hits, showing 1 and 1 similar" in shown
    results = json.loads(run("search", "ferry", "key", "--json").stdout)
    assert (results["total"], len(results["hits"])) == (2, 1)
    both = {results["hits"][0]["source"], results["hits"][0]["similar"][0]["source"]}
    assert both == {"articles/ferry.md", "articles/copy.md"}
    assert len(sources(run("search", "ferry", "key", "--json", "--no-collapse").stdout)) == 2


def test_articles_like_one(run: Run, indexed: Path) -> None:
    add(indexed, "ferry.md", f"# Late Ferry\n\n{STORY}")
    add(indexed, "later.md", "# Ferry\n\nThe ferry left the harbour, and on the quay passengers waited for the mate.\n")
    run("index")
    assert sources(run("similar", "articles/ferry.md", "--json").stdout)[0] == "articles/later.md"
    assert "articles/ferry.md" not in sources(run("similar", "articles/ferry.md", "--json").stdout)
    assert sources(run("similar", "articles/ferry.md", "--filters", "title:late", "--json").stdout) == []
    assert run("similar", "articles/missing.md").exit_code == 1


def test_a_table_for_a_spreadsheet(run: Run, indexed: Path) -> None:
    add(indexed, "evil.md", "---\ntitle: '=HYPERLINK(\"http://x.example\")'\n---\n\nMore coolant.\n")
    run("index")
    rows = list(csv.DictReader(io.StringIO(run("search", "coolant", "--csv").stdout)))
    assert {row["source"] for row in rows} == {"articles/leak.md", "articles/pumps.md", "articles/evil.md"}
    assert all(not row["title"].startswith("=") for row in rows)


def test_a_template_fields_and_a_run(run: Run, indexed: Path) -> None:
    assert run("search", "leak", "--format", "{date} {title}").stdout == "2022-12-20 Coolant Leak on the Station\n"
    assert run("search", "leak", "--fields", "source,line").stdout == "articles/leak.md\t8\n"
    assert json.loads(run("search", "leak", "--json", "--fields", "title").stdout)["hits"] == [
        {"title": "Coolant Leak on the Station"}
    ]
    line = run("search", "leak", "--format", "trec", "--query-id", "q9").stdout.split()
    assert (line[0], line[1], line[3], line[5]) == ("q9", "Q0", "1", "byline")
    assert run("search", "leak", "--format", "{nonsense}").exit_code == 2
    assert run("search", "leak", "--csv", "--json").exit_code == 2


def test_a_path_with_its_line_can_be_shown(run: Run, indexed: Path) -> None:
    assert "articles/leak.md:8" in run("search", "leak", "--lines").stdout
    assert run("show", "articles/leak.md:8").exit_code == 0


def test_filters_alone_are_a_search_and_nothing_at_all_is_none(run: Run, indexed: Path) -> None:
    assert sources(run("search", "--filters", "date:2021", "--json").stdout) == ["articles/harbour.txt"]
    nothing = run("search")
    assert nothing.exit_code == 2
    assert "QUERY" in nothing.stderr
