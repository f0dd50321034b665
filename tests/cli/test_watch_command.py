"""`byline watch`: what it prints, where to, and how it ends. See also tests/build/test_watch.py."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
# As in a terminal, where neither Ctrl-C nor its end is ignored, as they may be in the process that runs the tests.
CODE = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.{}); signal.signal(signal.SIGHUP, signal.SIG_DFL); "
    "from search.cli import main; main(sys.argv[1:])"
)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="these signals can be sent on POSIX alone")

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Runs `byline watch` in `tmp_path`."""
    started: list[subprocess.Popen[str]] = []

    def start(*args: str, interrupts: str = "default_int_handler") -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", CODE.format(interrupts), "watch", *args],
            cwd=tmp_path,
            env={name: value for name, value in os.environ.items() if name != "BYLINE_INDEX"}
            | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def line_with(stream: Iterator[str] | None, words: str) -> str:
    """The next line that holds these words."""
    assert stream is not None
    return next(line for line in stream if words in line)


def test_for_people(indexed: Path, start: Start) -> None:
    process = start("articles")
    assert "Indexed 0 documents" in line_with(process.stdout, "Indexed")
    assert line_with(process.stderr, "Watching") == "Watching articles (Ctrl-C ends it)\n"
    (indexed / "articles" / "new.md").write_text("# New\n\nA new text.\n")
    assert line_with(process.stdout, "new").endswith(" new articles/new.md\n")
    (indexed / "articles" / "new.md").rename(indexed / "articles" / "moved.md")
    assert line_with(process.stdout, "moved").endswith(" moved articles/moved.md (was articles/new.md)\n")
    (indexed / "articles" / "empty.md").touch()
    assert line_with(process.stdout, "skipped").endswith(" skipped articles/empty.md: the file is empty\n")
    for number in range(20):
        (indexed / "articles" / f"{number}.md").write_text(f"# Number {number}\n\nA text.\n")
    assert "documents in all" in line_with(process.stdout, " new")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert (out, err) == ("", "Stopped.\n")


def test_for_programs(indexed: Path, start: Start) -> None:
    process = start("--json", "articles")
    assert process.stdout is not None

    def event() -> dict[str, object]:
        assert process.stdout is not None
        values: dict[str, object] = json.loads(process.stdout.readline())
        return values

    first, watching = event(), event()
    assert (first["event"], first["documents"]) == ("update", 4)
    assert (watching["event"], watching["roots"]) == ("watching", ["articles"])
    (indexed / "articles" / "new.md").write_text("# New\n\nA new text.\n")
    update = event()
    assert (update["event"], update["changes"]) == ("update", [{"source": "articles/new.md", "what": "new"}])
    (indexed / "articles").rename(indexed / "away")
    waiting = event()
    assert waiting["event"] == "waiting"
    assert f"is gone; what is indexed of it stays until it is back, or: byline index --forget {indexed}" in str(
        waiting["reason"]
    )
    (indexed / "away").rename(indexed / "articles")
    back = event()
    assert (back["event"], back["path"]) == ("back", str(indexed / "articles"))
    process.terminate()
    ended = event()
    if ended["event"] == "update":  # the one that began when the folder was back
        assert ended["interrupted"]
        ended = event()
    assert ended["event"] == "stopped"
    assert process.wait(120) == 0


@pytest.mark.parametrize("interrupts", ["default_int_handler", "SIG_IGN"])
def test_a_service_manager_ends_it(indexed: Path, start: Start, interrupts: str) -> None:
    process = start("--quiet", "--json", interrupts=interrupts)
    line_with(process.stdout, "watching")
    process.terminate()
    assert process.wait(120) == 0


def test_a_terminal_that_is_closed_ends_it(indexed: Path, start: Start) -> None:
    process = start("--json")
    line_with(process.stdout, "watching")
    process.send_signal(signal.SIGHUP)
    line_with(process.stdout, "stopped")
    assert process.wait(120) == 129


def test_ctrl_c_in_an_update_keeps_what_was_read(tmp_path: Path, start: Start) -> None:
    for number in range(1_500):
        path = tmp_path / "articles" / f"{number:04}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"# Number {number}\n\n" + "A text of some length. " * 50)
    process = start("--json", "articles")
    lock = tmp_path / ".byline" / "lock"
    while not lock.exists():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)
    assert process.returncode == 130
    done = subprocess.run(
        [sys.executable, "-c", CODE.format("default_int_handler"), "index", "articles", "--json"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["documents"] == 1_500


def test_when_nobody_reads_on_it_ends(indexed: Path, start: Start) -> None:
    process = start("articles")
    line_with(process.stderr, "Watching")
    assert process.stdout is not None
    process.stdout.close()
    (indexed / "articles" / "new.md").write_text("# New\n\nA new text.\n")
    assert process.wait(120) == 141
    process.stdout = None


def test_trouble_at_the_start_is_one_line(run: Run, tmp_path: Path) -> None:
    for args, message in ((["watch"], "byline index PATH"), (["watch", "nowhere"], "there is no such file or folder")):
        result = run(*args)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("byline: ")
        assert result.stderr.count("\n") == 1
        assert message in result.stderr


def test_an_index_that_is_taken_away_is_trouble(indexed: Path, start: Start) -> None:
    process = start("articles")
    line_with(process.stderr, "Watching")
    (indexed / ".byline").rename(indexed / "taken")
    _, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert "there is no index here" in err
