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


def test_skipped_files_are_named_with_reasons_and_are_no_trouble(run: Run, articles: Path) -> None:
    (articles / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (articles / "empty.md").write_bytes(b"")
    result = run("index", "articles")
    assert result.exit_code == 0
    assert "2 skipped (1 not articles)" in result.stdout
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
        timeout=60,
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
    deadline = time.monotonic() + 30
    while '"pid"' not in lock.read_text("utf-8"):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
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
