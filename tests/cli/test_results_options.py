"""`byline search --sort`, `--after`, `--filters`, `--facets` and `--timeline`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Run


def sources(run: Run, *args: str) -> list[str]:
    return [Path(hit["source"]).stem for hit in json.loads(run("search", *args, "--json").stdout)["hits"]]


def test_sort(run: Run, indexed: Path) -> None:
    assert sources(run, "*", "--sort", "date") == ["pumps", "leak", "harbour", "notes"]
    assert sources(run, "*", "--sort", "date:asc") == ["harbour", "leak", "pumps", "notes"]
    assert sources(run, "--sort=title", "*") == ["leak", "pumps", "notes", "harbour"]
    assert sources(run, "*", "--sort", "author:desc") == ["harbour", "pumps", "leak", "notes"]
    refused = run("search", "*", "--sort", "size")
    assert refused.exit_code == 2
    assert "score, date, title, author" in refused.stderr


def test_pages_by_cursor(run: Run, indexed: Path) -> None:
    found: list[str] = []
    cursor: list[str] = []
    while True:
        page = json.loads(run("search", "*", "-n", "1", "--sort", "title", *cursor, "--json").stdout)
        found += [Path(hit["source"]).stem for hit in page["hits"]]
        if not page["next"]:
            break
        cursor = ["--after", page["next"]]
    assert found == ["leak", "pumps", "notes", "harbour"]
    refused = run("search", "coolant", *cursor)
    assert refused.exit_code == 2
    assert "belongs to another search" in refused.stderr


def test_filters(run: Run, indexed: Path) -> None:
    assert sources(run, "coolant", "--filters", "date:2022") == ["leak"]
    assert "--filters" in run("search", "--help").stdout


def test_facets_and_timeline(run: Run, indexed: Path) -> None:
    shown = run("search", "coolant", "-n", "0", "--facets", "author, year", "--timeline").stdout
    assert "author: Ana Ruiz (2) · Bo Ek (1)" in shown
    assert "year: 2023 (1) · 2022 (1)" in shown
    assert "██" in shown
    found = json.loads(run("search", "coolant", "-n", "0", "--facets", "author", "--timeline", "--json").stdout)
    assert found["facets"][0]["values"][0] == {
        "value": "Ana Ruiz",
        "count": 2,
        "filter": 'author:="Ana Ruiz"',
        "query": 'coolant author:="Ana Ruiz"',
    }
    assert [bucket["count"] for bucket in found["timeline"]["buckets"]][:: len(found["timeline"]["buckets"]) - 1] == [
        1,
        1,
    ]
    refused = run("search", "coolant", "--facets", "size")
    assert refused.exit_code == 2
    assert "there is no facet “size”" in refused.stderr


def test_bars_are_plain_where_the_encoding_lacks_blocks(indexed: Path) -> None:
    command = [sys.executable, "-m", "search", "*", "-n", "0", "--timeline"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    for encoding, sign in (("latin-1", b"##"), ("utf-8", "█".encode())):
        environment["PYTHONIOENCODING"] = encoding
        printed = subprocess.run(command, cwd=indexed, env=environment, capture_output=True, check=True).stdout
        assert sign in printed


def test_a_budget(run: Run, indexed: Path) -> None:
    found = json.loads(run("search", "coolant", "--budget", "60", "--json").stdout)
    assert (found["timed_out"], found["total"]) == (False, 2)
    refused = run("search", "coolant", "--budget", "0")
    assert refused.exit_code == 2
    assert "it must lie between 0.01 and 3,600" in refused.stderr
    assert "--budget SECONDS" in run("similar", "--help").stdout


def test_what_is_cut_short_says_so(run: Run, indexed: Path) -> None:
    (indexed / "byline.toml").write_text("[search]\nbudget = 0.01\n", "utf-8")
    slow = " ".join(f"-*{first}{second}*" for first in "bcdfgh" for second in "jklmnpqrst")
    shown = run("search", "the", slow)
    assert "before time ran out" in shown.stdout + shown.stderr
    assert "more than 0.01 seconds" in shown.stdout + shown.stderr


def test_leaving_does_not_wait_for_what_was_given_up(indexed: Path) -> None:
    code = """if True:
        import sys, threading, time
        from index.engines.deadline import TimeUp, in_time, until
        from search.cli import main
        forever = threading.Event()
        try:
            with until(time.monotonic() + 0.01):
                in_time(forever.wait)
        except TimeUp:
            main(["search", "leak", "--jsonl"])
    """
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=indexed, env=env, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0
    assert json.loads(done.stdout.splitlines()[0])["rank"] == 1
