"""`byline index`: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.build.articles import hide_ctimes
from tests.cli.conftest import Run, write_articles

ROOT = Path(__file__).parents[2]


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    write_articles(tmp_path / "articles")
    return tmp_path / "articles"


def test_the_first_time_everything_is_indexed(run: Run, articles: Path) -> None:
    result = run("index", "articles")
    assert result.exit_code == 0
    assert "Indexed 4 documents from 4 files" in result.stdout
    assert "0 files unchanged, 0 removed, 0 skipped" in result.stdout
    assert ".byline holds 4 documents (engine whoosh): 1 without an author, 1 without a date" in result.stdout
    assert result.stderr == ""


def test_after_that_only_what_has_changed(run: Run, articles: Path) -> None:
    run("index", "articles")
    (articles / "leak.md").unlink()
    (articles / "new.md").write_text("# A New One\n\nIt is about lighthouses and their keepers.\n", "utf-8")
    result = run("index")
    assert result.exit_code == 0
    assert "Indexed 1 document from 1 file" in result.stdout
    assert "3 files unchanged, 1 removed, 0 skipped" in result.stdout
    assert run("search", "lighthouses").exit_code == 0
    assert run("search", "leak").exit_code == 1


def test_what_became_of_the_files_is_counted_and_named(run: Run, articles: Path) -> None:
    run("index", "articles")
    (articles / "leak.md").rename(articles / "undated" / "coolant.md")
    (articles / "pumps.md").unlink()
    (articles / "new.md").write_text("# A New One\n\nIt is about lighthouses and their keepers.\n", "utf-8")
    result = run("index", "--verbose")
    assert result.stdout.startswith("Indexed 2 documents from 2 files (1 new, 1 moved) in ")
    assert "\n2 files unchanged, 1 removed, 0 skipped\n" in result.stdout
    assert (
        "  new      articles/new.md\n"
        "  removed  articles/pumps.md\n"
        "  moved    articles/undated/coolant.md (was articles/leak.md)\n"
    ) in result.stdout
    assert "articles/undated/coolant.md" in run("search", "leak").stdout
    assert run("show", "articles/leak.md").exit_code == 1


def test_dry_run_says_what_would_be_done_and_does_nothing(run: Run, articles: Path) -> None:
    first = run("index", "articles", "--dry-run")
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout.startswith("A dry run: nothing was written\nWould index 4 documents from 4 files\n")
    assert "  new  articles/leak.md\n" in first.stdout
    assert ".byline would hold 4 documents (engine whoosh): 1 without an author, 1 without a date\n" in first.stdout
    assert not Path(".byline").exists()
    run("index", "articles")
    (articles / "leak.md").rename(articles / "coolant.md")
    (articles / "empty.md").write_bytes(b"")
    result = run("index", "--dry-run")
    assert "Would index 1 document from 1 file (1 moved)\n" in result.stdout
    assert "3 files unchanged, 0 to be removed, 1 skipped\n" in result.stdout
    assert "  moved  articles/coolant.md (was articles/leak.md)\n" in result.stdout
    assert "  articles/empty.md: the file is empty\n" in result.stdout
    assert run("show", "articles/leak.md").exit_code == 0


def test_dry_run_names_twenty_files_or_with_verbose_all(run: Run, articles: Path) -> None:
    for number in range(30):
        (articles / f"more{number:02}.md").write_text(f"# Number {number}\n\nA text of its own.\n", "utf-8")
    short = run("index", "articles", "--dry-run").stdout
    assert "more17.md" in short
    assert "more18.md" not in short
    assert "  and 14 more, listed with --verbose\n" in short
    every = run("index", "articles", "--dry-run", "--verbose").stdout
    assert "more29.md" in every
    assert "more, listed" not in every


def test_dry_run_as_json_names_the_changes(run: Run, articles: Path) -> None:
    run("index", "articles")
    (articles / "leak.md").rename(articles / "coolant.md")
    report = json.loads(run("index", "--dry-run", "--rebuild", "--json").stdout)
    assert (report["dry_run"], report["rebuilt_because"], report["moved"], report["reread"]) == (
        True,
        "it was asked for",
        1,
        3,
    )
    assert {"source": "articles/coolant.md", "what": "moved", "was": "articles/leak.md"} in report["changes"]


def test_check_compares_what_is_in_the_files(run: Run, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hide_ctimes(monkeypatch)
    path = articles / "leak.md"
    os.utime(path, ns=(10**18 + 1, 10**18 + 1))
    run("index", "articles")
    path.write_text(path.read_text("utf-8").replace("coolant", "cookies"), "utf-8")
    os.utime(path, ns=(10**18 + 1, 10**18 + 1))
    assert "4 files unchanged" in run("index").stdout
    result = run("index", "--check")
    assert "Indexed 1 document from 1 file (1 changed) in " in result.stdout
    assert "1 file had another content, though size and time stayed the same:\n  articles/leak.md\n" in result.stdout
    assert run("search", "cookies").exit_code == 0


def test_skipped_files_are_named_with_reasons_and_are_no_trouble(run: Run, articles: Path) -> None:
    (articles / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (articles / "empty.md").write_bytes(b"")
    result = run("index", "articles")
    assert result.exit_code == 0
    assert "2 skipped (1 passed over)" in result.stdout
    assert "\n1 file is no article: 1 .jpg (named with --verbose)\n" in result.stdout
    assert "  articles/photo.jpg: not an article format (.jpg)\n" in run("index", "articles", "--verbose").stdout
    assert "  articles/empty.md: " in result.stdout


def test_json_says_the_same(run: Run, articles: Path) -> None:
    (articles / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    report = json.loads(run("index", "articles", "--json").stdout)
    assert report["indexed"] == 4
    assert report["skipped"] == [{"source": "articles/photo.jpg", "reason": "not an article format (.jpg)"}]


def test_quiet_prints_nothing(run: Run, articles: Path) -> None:
    result = run("index", "articles", "--quiet")
    assert (result.exit_code, result.output) == (0, "")


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_an_engine_can_be_chosen(run: Run, articles: Path, engine: str) -> None:
    assert f"engine {engine}" in run("index", "articles", "--engine", engine).stdout
    assert f"{engine}, chosen by name" in run("info").stdout


def test_the_index_can_be_elsewhere(run: Run, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("index", "articles", "--index", "elsewhere").exit_code == 0
    assert run("search", "leak", "--index", "elsewhere").exit_code == 0
    assert run("search", "leak").exit_code == 2
    monkeypatch.setenv("BYLINE_INDEX", "elsewhere")
    assert run("search", "leak").exit_code == 0


def test_the_nearest_index_upward_is_found(run: Run, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("index", "articles")
    monkeypatch.chdir(articles / "undated")
    assert run("search", "leak").exit_code == 0


@pytest.mark.parametrize(
    ("args", "message"),
    [
        pytest.param(["nowhere"], "nowhere", id="missing path"),
        pytest.param([], "byline index PATH", id="nothing to index yet"),
        pytest.param(["articles", "--engine", "lucene"], "auto, whoosh, tantivy", id="unknown engine"),
        pytest.param(["--forget"], "--forget needs a PATH", id="nothing to forget"),
        pytest.param(["--forget", "articles"], "byline index PATH", id="no index to forget it in"),
        pytest.param(["--forget", "--rebuild", "articles"], "do not go together", id="forget and rebuild"),
        pytest.param(["articles", "--jobs", "0"], "--jobs", id="no processes"),
        pytest.param(["articles", "--index", "articles"], "articles", id="a folder that holds other things"),
        pytest.param(["articles", "--index", "articles/leak.md"], "leak.md", id="a file as the index"),
    ],
)
def test_trouble_is_one_line_and_harms_nothing(run: Run, articles: Path, args: list[str], message: str) -> None:
    before = sorted(articles.rglob("*"))
    result = run("index", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("byline: ")
    assert result.stderr.count("\n") == 1
    assert message in result.stderr
    assert sorted(articles.rglob("*")) == before
    assert not Path(".byline").exists() or run("search", "leak").exit_code == 2


def test_trouble_leaves_a_finished_index_searchable(run: Run, indexed: Path) -> None:
    assert run("index", "nowhere").exit_code == 2
    assert run("search", "leak").exit_code == 0


def test_a_folder_without_articles(run: Run, tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.jpg").write_bytes(b"x")
    result = run("index", "articles")
    assert result.exit_code == 0
    assert "Indexed 0 documents" in result.stdout
    result = run("search", "leak")
    assert result.exit_code == 1


def module(name: str, *args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", name, *args],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_packages_run_as_modules(articles: Path, tmp_path: Path) -> None:
    done = module("index", "articles", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Indexed 4 documents" in done.stdout
    assert "whoosh" in module("index", "info", cwd=tmp_path).stdout
    assert "Usage: python -m index" in module("index", "--help", cwd=tmp_path).stdout
    done = module("search", "coolant", "-leak", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "How Pumps Move" in done.stdout
    assert module("search", "zeppelin", cwd=tmp_path).returncode == 1


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_ctrl_c_keeps_the_index_whole(run: Run, indexed: Path) -> None:
    line = json.dumps({"title": "Wave", "text": "One wave after another comes in. " * 40})
    for number in range(40):
        (indexed / "articles" / f"many{number}.jsonl").write_text(f"{line}\n" * 100, "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "index", "index", "--quiet"],
        cwd=indexed,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background may ignore it
    )
    lock = indexed / ".byline" / "lock"
    deadline = time.monotonic() + 120
    while '"pid"' not in lock.read_text("utf-8"):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 130, errors
    assert b"Traceback" not in errors
    assert run("search", "leak").exit_code == 0
    assert run("index", "--quiet").exit_code == 0
    assert run("search", "wave").exit_code == 0


def test_a_folder_can_be_forgotten(run: Run, indexed: Path) -> None:
    (indexed / "more").mkdir()
    (indexed / "more" / "new.md").write_text("# A New One\n\nIt is about lighthouses and their keepers.\n", "utf-8")
    run("index", "more")
    shutil.rmtree(indexed / "articles")
    refusal = run("index")
    assert refusal.exit_code == 2
    assert "byline index --forget" in refusal.stderr

    result = run("index", "--forget", "articles")

    assert result.exit_code == 0
    assert "No longer indexed: articles\n" in result.stdout
    assert "4 removed" in result.stdout
    assert run("search", "leak").exit_code == 1
    assert run("search", "lighthouses").exit_code == 0
    assert run("index").exit_code == 0


def test_a_rebuild_with_paths_holds_only_these(run: Run, indexed: Path) -> None:
    result = run("index", "--rebuild", "articles/undated")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "Everything was read again")
    assert ".byline holds 1 document " in result.stdout
    assert run("search", "leak").exit_code == 1


def test_the_engine_stays_until_auto_is_asked_for(run: Run, articles: Path) -> None:
    run("index", "articles", "--engine", "tantivy")
    assert "engine tantivy)" in run("index").stdout
    assert "(engine whoosh, no longer tantivy)" in run("index", "--engine", "auto").stdout
    assert "whoosh, chosen automatically" in run("info").stdout


def test_info_counts_what_was_skipped(run: Run, articles: Path) -> None:
    (articles / "empty.md").write_bytes(b"")
    run("index", "articles")
    assert re.search("^files +4, 1 article file skipped ", run("info").stdout, re.MULTILINE)


def test_info_names_what_fields_are_called(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("hed,text\nOne,First text.\n")
    (tmp_path / "b.csv").write_text("Titel2,text\nTwo,Second text.\n")
    run("index", "a.csv", "--map", "title=hed")
    assert run("index", "b.csv", "--map", "title=Titel2").exit_code == 0
    assert "\nmap        title = Titel2 or hed\n" in run("info").stdout
    assert json.loads(run("info", "--json").stdout)["map"] == {"title": ["Titel2", "hed"]}
    assert len(json.loads(run("search", "title:one OR title:two", "--json").stdout)["hits"]) == 2


def test_read_gives_the_ids_of_the_index_above(run: Run, indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (from_top,) = json.loads(run("read", "--json", "articles/leak.md").stdout)
    monkeypatch.chdir(indexed / "articles")
    (from_below,) = json.loads(run("read", "--json", "leak.md").stdout)
    assert (from_below["source"], from_below["id"]) == ("articles/leak.md", from_top["id"])


def test_files_read_in_part_are_not_called_skipped(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"title": "One", "text": "First."}\nnothing\n')
    stderr = run("read", "a.jsonl").stderr
    assert "a.jsonl, read only in part: line 2 is not JSON" in stderr
    assert "skipped" not in stderr


def test_an_index_above_is_named(run: Run, indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (indexed / "w" / "heap").mkdir(parents=True)
    (indexed / "w" / "heap" / "a.md").write_text("# A headline for this\n\nSome text.\n")
    monkeypatch.chdir(indexed / "w")
    first = run("index", "heap").stdout.splitlines()[0]
    assert first.startswith("Into the index of ")
    assert first.endswith(", which is above this folder")


def test_a_changed_setting_says_why_all_is_read_again(run: Run, indexed: Path) -> None:
    (indexed / "byline.toml").write_text('[reading]\nauthor = "Staff"\n')
    assert "Everything was read again: byline.toml changed ([reading])" in run("index").stdout
    assert "read again" not in run("index").stdout


def test_forgetting_counts_what_was_in_the_index(run: Run, indexed: Path) -> None:
    (indexed / "articles" / "empty.md").write_bytes(b"")
    run("index")
    assert "4 removed" in run("index", "--forget", "articles").stdout


def test_what_is_ignored_is_counted_with_where_the_rules_are(run: Run, indexed: Path) -> None:
    (indexed / "articles" / ".gitignore").write_text("undated/\nharbour.txt\n")
    result = run("index")
    assert "2 skipped (2 ignored)" in result.stdout
    assert "Ignored, by the rules in: articles/.gitignore 2" in result.stdout
    assert "articles/undated: ignored by articles/.gitignore, line 1" in run("index", "--verbose").stdout
    report = json.loads(run("index", "--json").stdout)
    assert (report["passed_over"], report["ignored"], report["documents"]) == (2, 2, 2)
