"""`byline search`, `show`, `info` and `read`: what they print, and how they end."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.build.articles import rewrite_manifest
from tests.cli.conftest import ARTICLES, Run

ROOT = Path(__file__).parents[2]


def test_a_hit_shows_rank_title_author_date_path_score_and_snippet(run: Run, indexed: Path) -> None:
    result = run("search", "coolant", "leak")
    assert result.exit_code == 0
    for part in ("1.", "*Coolant* *Leak* on the Station", "Ana Ruiz", "2022-12-20", "articles/leak.md"):
        assert part in result.stdout
    assert re.search(r"\d\.\d", result.stdout), "the score"
    assert "The crew saw the *leak* at night" in result.stdout


def test_what_matches_is_marked_in_colour_only_when_wanted(run: Run, indexed: Path) -> None:
    assert "\x1b" not in run("search", "leak").stdout
    coloured = run("search", "leak", "--color", "always").stdout
    assert re.search(r"\x1b\[[0-9;]+mleak\x1b\[", coloured)


def test_nothing_found_is_exit_code_1(run: Run, indexed: Path) -> None:
    result = run("search", "zeppelin")
    assert result.exit_code == 1
    assert "zeppelin" in result.output


def test_words_are_joined_and_dashes_negate(run: Run, indexed: Path) -> None:
    assert ids(run, "coolant") == {"articles/leak.md", "articles/pumps.md"}
    assert ids(run, "coolant", "-leak") == {"articles/pumps.md"}
    assert ids(run, "-nobody") == {"articles/leak.md", "articles/undated/notes.md"}


def ids(run: Run, *query: str) -> set[str]:
    return {hit["source"] for hit in json.loads(run("search", *query, "--json").stdout)["hits"]}


def test_json_holds_everything(run: Run, indexed: Path) -> None:
    results = json.loads(run("search", "--json", "coolant", "-n1", "--offset", "1").stdout)
    assert (results["total"], results["limit"], results["offset"], len(results["hits"])) == (2, 1, 1, 1)
    hit = results["hits"][0]
    assert hit["rank"] == 2
    assert hit["snippets"][0]["spans"]


def test_jsonl_is_one_hit_a_line(run: Run, indexed: Path) -> None:
    lines = run("search", "--jsonl", "coolant").stdout.splitlines()
    assert [json.loads(line)["rank"] for line in lines] == [1, 2]


def test_formats_for_pages_and_programs(run: Run, indexed: Path) -> None:
    page = run("search", "leak", "--format", "html").stdout
    assert page.startswith("<!DOCTYPE html>")
    assert "The crew saw the <mark>leak</mark> at night" in page
    assert "The crew saw the **leak** at night" in run("search", "leak", "--format", "markdown").stdout
    for name in ("json", "jsonl"):
        given = json.loads(run("search", "leak", f"--{name}").stdout)
        asked = json.loads(run("search", "leak", "--format", name).stdout)
        assert asked | {"took": 0} == given | {"took": 0}
    assert run("search", "leak", "--format", "text").stdout == run("search", "leak").stdout
    assert "there is no format “pdf”" in run("search", "leak", "--format", "pdf").stderr


def test_snippets_can_be_more_or_none(run: Run, indexed: Path) -> None:
    hits = json.loads(run("search", "--json", "--snippets", "0", "coolant").stdout)["hits"]
    assert [hit["snippets"] for hit in hits] == [[], []]


def test_limit_0_only_counts(run: Run, indexed: Path) -> None:
    result = run("search", "coolant", "-n", "0", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["total"] == 2


def test_a_page_beyond_the_last_is_exit_code_1(run: Run, indexed: Path) -> None:
    assert run("search", "coolant", "--offset", "2").exit_code == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param('"coolant leak', 0, id="open quotation mark"),
        pytest.param("(coolant", 0, id="open bracket"),
        pytest.param("coolant AND", 0, id="operator at the end"),
        pytest.param("AND", 0, id="operator alone"),
        pytest.param(")))", 1, id="brackets alone"),
        pytest.param("\x1b[31m", 1, id="control characters"),
        pytest.param("nobody's:", 0, id="colon at the end"),
        pytest.param("\udce9", 1, id="bytes that are not UTF-8"),
    ],
)
def test_a_broken_query_is_no_trouble(run: Run, indexed: Path, query: str, found: int) -> None:
    result = run("search", query)
    assert result.exit_code == found
    assert "\x1b" not in result.output


def test_a_query_of_a_megabyte_is_cut_in_few_words(run: Run, indexed: Path) -> None:
    result = run("search", "zebra " * 200_000)
    assert result.exit_code == 1
    assert "only the first 9,995 were read" in " ".join(result.stdout.split())
    assert len(result.stdout) < 1_000


@pytest.mark.parametrize(
    ("args", "message"),
    [
        pytest.param(["search"], "QUERY", id="no query"),
        pytest.param(["search", "leak", "--limit", "1000000"], "limit", id="limit too large"),
        pytest.param(["search", "leak", "--limit", "-1"], "limit", id="limit below zero"),
        pytest.param(["search", "leak", "--limit", "many"], "many", id="limit no number"),
        pytest.param(["search", "leak", "--index", "articles"], "articles", id="a folder that is no index"),
        pytest.param(["search", "leak", "--index", "nowhere"], "byline index PATH", id="an index that is not there"),
        pytest.param(["info", "--index", "nowhere"], "byline index PATH", id="info without an index"),
        pytest.param(["read", "nowhere.md"], "nowhere.md", id="read a missing file"),
    ],
)
def test_trouble_is_one_line(run: Run, indexed: Path, args: list[str], message: str) -> None:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("byline: ")
    assert result.stderr.count("\n") == 1
    assert message in result.stderr


def test_an_index_of_a_later_version_is_refused_and_left_alone(run: Run, indexed: Path) -> None:
    manifest = indexed / ".byline" / "manifest.json"
    rewrite_manifest(indexed / ".byline", format=99)
    later = manifest.read_text("utf-8")
    for args in (["search", "leak"], ["info"], ["index"], ["index", "--rebuild"], ["show", "leak"]):
        result = run(*args)
        assert result.exit_code == 2
        assert "later version" in result.stderr
    assert manifest.read_text("utf-8") == later


def test_a_damaged_index_says_how_to_mend_it(run: Run, indexed: Path) -> None:
    shutil.rmtree(indexed / ".byline" / "generations")
    result = run("search", "leak")
    assert result.exit_code == 2
    assert "byline index --rebuild" in result.stderr
    assert run("index", "--rebuild").exit_code == 0
    assert run("search", "leak").exit_code == 0


def hit_id(run: Run) -> str:
    return str(json.loads(run("search", "--json", "leak").stdout)["hits"][0]["id"])


@pytest.mark.parametrize("how", ["id", "prefix", "path", "dotted path", "url"])
def test_show_takes_any_name_of_an_article(run: Run, indexed: Path, how: str) -> None:
    name = {
        "id": hit_id(run),
        "prefix": hit_id(run)[:4],
        "path": "articles/leak.md",
        "dotted path": "./articles/leak.md",
        "url": "https://news.example/leak",
    }[how]
    result = run("show", name)
    assert result.exit_code == 0
    assert "Coolant Leak on the Station" in result.stdout
    assert "The station lost coolant. The crew saw the leak at night." in result.stdout


def test_show_takes_a_path_as_seen_from_here(run: Run, indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(indexed / "articles")
    assert "Coolant Leak" in run("show", "leak.md").stdout


def test_show_marks_what_a_query_matches(run: Run, indexed: Path) -> None:
    text = run("show", "articles/leak.md", "-q", "leak", "--color", "always").stdout
    assert re.search(r"saw the \x1b\[[0-9;]+mleak\x1b\[", text)
    assert not re.search(r"\x1b\[[0-9;]+mstation\x1b\[", text)


def test_show_as_json(run: Run, indexed: Path) -> None:
    document = json.loads(run("show", "articles/pumps.md", "--json").stdout)
    assert document["authors"] == ["Bo Ek", "Ana Ruiz"]


def test_show_of_what_is_not_there(run: Run, indexed: Path) -> None:
    result = run("show", "zzzz")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "zzzz" in result.stderr


def test_show_lists_a_file_of_several_articles(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "feed").mkdir()
    lines = [json.dumps({"title": f"Entry {number}", "text": f"It is {number}."}) for number in range(1, 26)]
    (tmp_path / "feed" / "Feed.jsonl").write_text("\n".join(lines), "utf-8")
    run("index", "feed")
    for here, name in ((".", "feed/Feed.jsonl"), (".", "./feed/Feed.jsonl"), ("feed", "Feed.jsonl")):
        monkeypatch.chdir(tmp_path / here)
        result = run("show", name)
        assert (result.exit_code, result.stdout) == (2, "")
        first, *listed, last = result.stderr.splitlines()
        assert "this file holds 25 articles" in first
        assert "byline show 'feed/Feed.jsonl#1'" in first
        assert [re.split("  +", line)[2:] for line in listed] == [
            [f"feed/Feed.jsonl#{number}", f"Entry {number}"] for number in range(1, 21)
        ]
        assert last == "  and 5 more"
    assert "Entry 3" in run("show", "Feed.jsonl#3").stdout
    assert "Entry 3" in run("show", listed[2].split()[0]).stdout


def test_show_says_how_much_of_an_id_it_needs(run: Run, indexed: Path) -> None:
    result = run("show", hit_id(run)[:3])
    assert result.exit_code == 1
    assert "at least 4 characters" in result.stderr
    assert "four characters" in run("show", "--help").stdout


def test_info_says_what_the_index_holds(run: Run, indexed: Path) -> None:
    text = run("info").stdout
    for part in (
        "4, 1 without an author, 1 without a date",
        "2021-05-04 to 2023-05-02",
        "whoosh, chosen automatically",
        "articles",
    ):
        assert part in text
    info = json.loads(run("info", "--json").stdout)
    assert (info["documents"], info["files"], info["engine"], info["automatic"]) == (4, 4, "whoosh", True)
    assert (info["first_date"], info["last_date"]) == ("2021-05-04", "2023-05-02")
    assert info["size"] > 1000


def test_read_shows_values_with_provenance_without_an_index(run: Run, indexed: Path) -> None:
    shutil.rmtree(indexed / ".byline")
    result = run("read", "articles/leak.md")
    assert result.exit_code == 0
    assert re.search(r"title +Coolant Leak on the Station  \(.+\)", result.stdout)
    assert re.search(r"date +2022-12-20  \(.+\)", result.stdout)
    assert "The crew saw the leak at night." in result.stdout
    assert not (indexed / ".byline").exists()


def test_read_gives_the_ids_that_the_index_has(run: Run, indexed: Path) -> None:
    for path in ("articles/leak.md", "articles"):
        documents = json.loads(run("read", "--json", path).stdout)
        assert ("articles/leak.md", hit_id(run)) in {(each["source"], each["id"]) for each in documents}


def test_read_as_json_lines_goes_round(run: Run, indexed: Path, tmp_path: Path) -> None:
    lines = run("read", "--jsonl", "articles").stdout
    assert len(lines.splitlines()) == len(ARTICLES)
    assert len(json.loads(run("read", "--json", "articles").stdout)) == len(ARTICLES)


def test_read_goes_on_after_a_file_that_cannot_be_read(run: Run, indexed: Path) -> None:
    (indexed / "empty.md").write_bytes(b"")
    result = run("read", "empty.md", "articles/leak.md")
    assert result.exit_code == 2
    assert "empty.md" in result.stderr
    assert "Coolant Leak" in result.stdout


def test_read_of_a_folder_passes_over_what_cannot_be_read(run: Run, indexed: Path) -> None:
    (indexed / "articles" / "empty.md").write_bytes(b"")
    result = run("read", "articles")
    assert result.exit_code == 0
    assert "byline: skipped articles/empty.md: the file is empty\n" in result.stderr
    assert "Coolant Leak" in result.stdout


@pytest.mark.parametrize("name", ["drafts", "drafts/empty.md"])
def test_read_where_nothing_can_be_read(run: Run, indexed: Path, name: str) -> None:
    (indexed / "drafts").mkdir()
    (indexed / "drafts" / "empty.md").write_bytes(b"")
    result = run("read", name, "articles")
    assert result.exit_code == 2
    assert "drafts/empty.md: the file is empty\n" in result.stderr
    assert "Coolant Leak" in result.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(run: Run, shell: str) -> None:
    result = run("completion", shell)
    assert result.exit_code == 0
    assert "_BYLINE_COMPLETE" in result.stdout


def test_the_shell_is_offered_commands_and_options(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def offered(*words: str) -> str:
        monkeypatch.setenv("_BYLINE_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", " ".join(words))
        monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
        return run().stdout

    assert "plain,search" in offered("byline", "se")
    assert "plain,--snippets" in offered("byline", "search", "--sn")


def test_version(run: Run) -> None:
    result = run("--version")
    assert re.fullmatch(r"byline \d+\.\d+\S*\n", result.stdout)


HEAVY = ["index.build", "index.readers", "multiprocessing", "sqlite3", "yaml", "lxml", "trafilatura", "hypothesis"]
LATER = (
    "advice.having advice.unknown_values exploring.completion exploring.expansion exploring.explain "
    "exploring.facets exploring.news exploring.saved exploring.similar exploring.timeline lowering.recency "
    "lowering.synonyms lowering.wildcards narrowing query_language.drill query_language.importance "
    "query_language.natural_dates render.html render.links render.markdown render.template"
)
HEAVY += [f"search.{name}" for name in LATER.split()]
OF_WHOOSH = ["hashlib", "tempfile"]  # which it imports itself; tantivy does without


@pytest.mark.parametrize(("engine", "other"), [("whoosh", "tantivy"), ("tantivy", "whoosh")])
def test_a_search_imports_only_what_it_needs(run: Run, indexed: Path, engine: str, other: str) -> None:
    time.sleep(0.1)  # so that by their times alone the files are as they were when they were indexed
    run("index", "--engine", engine, "--quiet")
    code = """if True:
        import sys
        from search.cli import byline
        try:
            byline.main(["search", "leak"])
        except SystemExit as end:
            print(end.code, *sorted(sys.modules), file=sys.stderr)
    """
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=indexed,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    exit_code, *modules = done.stderr.split()
    assert exit_code == "0"
    assert engine in modules
    assert [name for name in [*HEAVY, other, *(OF_WHOOSH if engine == "tantivy" else [])] if name in modules] == []
    # Dataclasses were a third of the cold start: a search makes none where `index.records` will do.
    ours = [ROOT / f"{name.replace('.', '/')}.py" for name in modules if name.startswith(("index.", "search."))]
    sources = {path.relative_to(ROOT): path.read_text("utf-8") for path in ours if path.is_file()}
    assert [name for name, text in sources.items() if "@dataclass" in text] == []


@pytest.mark.parametrize("package", ["index", "search"])
def test_importing_a_package_imports_no_library(package: str) -> None:
    code = f"import sys; before = set(sys.modules); import {package}; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    libraries = {"click", "tantivy", "whoosh", "Stemmer", "yaml", "lxml", "trafilatura", "sqlite3", "multiprocessing"}
    assert libraries.isdisjoint(done.stdout.split())
