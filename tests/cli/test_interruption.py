"""Ctrl-C, SIGTERM and SIGHUP while a command writes: what is whole is kept, the command says so, and its code tells."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index.build import build
from index.commands.termination import Termination
from index.storage.manifest import read_manifest
from index.upkeep.verify import verify
from tests.build.articles import sources, write, write_many

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")

# Sends itself a signal when it comes to the third file, or to the third document that is written anew.
CODE = """
import os, signal, sys
import index.sources
from index.updating.update import Update
from search.cli import main
index.sources.FINE_NS = 0  # as in tests/conftest.py
number, ctrl_c, *arguments = sys.argv[1:]
signal.signal(signal.SIGINT, getattr(signal, ctrl_c))
def signalling(real):
    calls = 0
    def call(*values):
        nonlocal calls
        calls += 1
        if calls == 3:
            os.kill(os.getpid(), int(number))
        return real(*values)
    return call
Update.apply = signalling(Update.apply)
Update._step_of_writing = signalling(Update._step_of_writing)
main(arguments)
"""
# As in a terminal, whatever the process that runs the tests ignores.
HEEDING = "import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL)" if hasattr(signal, "SIGHUP") else ""
KEPT = "What was read until now is in the index"
FILES = 20


WAYS = {
    "Ctrl-C": ("SIGINT", "default_int_handler"),
    "SIGTERM": ("SIGTERM", "SIG_IGN"),
    "SIGHUP": ("SIGHUP", "default_int_handler"),
}


@pytest.fixture(params=WAYS.values(), ids=list(WAYS))
def how(request: pytest.FixtureRequest) -> tuple[int, str]:
    """By which signal a command ends, and how it takes Ctrl-C; in the background that is often ignored."""
    name, ctrl_c = request.param
    return getattr(signal, name), ctrl_c


@pytest.fixture
def index(tmp_path: Path) -> Path:
    write_many(tmp_path / "corpus", FILES)
    build([tmp_path / "corpus"], tmp_path / ".byline", engine="tantivy")
    return tmp_path / ".byline"


def interrupted(how: tuple[int, str], index: Path, *arguments: str, code: str = CODE) -> str:
    """Run a command that is interrupted; what it says."""
    done = subprocess.run(
        [sys.executable, "-c", HEEDING + code, str(int(how[0])), how[1], *arguments],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=index.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 128 + how[0], done
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_a_first_build(how: tuple[int, str], tmp_path: Path) -> None:
    write_many(tmp_path / "corpus", FILES)
    index = tmp_path / ".byline"

    assert KEPT in interrupted(how, index, "index", "corpus")

    kept = len(sources(index))
    assert 0 < kept < FILES
    report = build([], index)
    assert (report.unchanged, report.documents) == (kept, FILES)


def test_under_nohup_nothing_happens_when_the_terminal_is_closed(tmp_path: Path) -> None:
    write_many(tmp_path / "corpus", FILES)
    arguments = [str(int(signal.SIGHUP)), "default_int_handler", "index", "corpus"]
    done = subprocess.run(
        ["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh", sys.executable, "-c", CODE, *arguments],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done
    assert len(sources(tmp_path / ".byline")) == FILES


def test_sighup_twice_is_one(tmp_path: Path) -> None:
    """The system and the shell may both send it, and the second Ctrl-C would end it all at once."""
    write_many(tmp_path / "corpus", FILES)
    twice = CODE.replace("calls == 3", "calls in (3, 4)")
    assert twice != CODE

    assert KEPT in interrupted(
        (signal.SIGHUP, "default_int_handler"), tmp_path / ".byline", "index", "corpus", code=twice
    )

    assert 0 < len(sources(tmp_path / ".byline")) < FILES


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no SIGHUP")
def test_sighup_twice_asks_once_and_sigterm_each_time() -> None:
    asked: list[str] = []
    ctrl_c = signal.signal(signal.SIGINT, lambda *_: asked.append("SIGINT"))
    hangup = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        with Termination() as termination:
            signal.raise_signal(signal.SIGHUP)
            signal.raise_signal(signal.SIGHUP)
            assert (asked, termination.code) == (["SIGINT"], 129)
            signal.raise_signal(signal.SIGTERM)
            signal.raise_signal(signal.SIGTERM)
            assert (asked, termination.code) == (["SIGINT"] * 3, 143)
    finally:
        signal.signal(signal.SIGINT, ctrl_c)
        signal.signal(signal.SIGHUP, hangup)


def test_an_update(how: tuple[int, str], index: Path) -> None:
    for number in range(10):
        write(index.parent / "corpus" / f"new{number}.md", f"The quay number {number} is new.")

    assert KEPT in interrupted(how, index, "index")

    kept = len(sources(index))
    assert FILES < kept < FILES + 10
    assert build([], index).indexed == FILES + 10 - kept
    assert verify(index).severity is None


@pytest.mark.parametrize(
    "arguments", [["rebuild"], ["index", "--rebuild"], ["index", "--engine", "whoosh"], ["compact"]], ids=" ".join
)
def test_what_is_written_anew(how: tuple[int, str], arguments: list[str], index: Path) -> None:
    write(index.parent / "corpus" / "0000.md", "Changed, so that there is something to compact.")
    build([], index)
    before, manifest = sources(index), read_manifest(index)

    said = interrupted(how, index, *arguments)
    assert "is as it was" in said or "holds 20 documents (engine tantivy)" in said

    assert (sources(index), read_manifest(index)) == (before, manifest)
    assert len(list((index / "generations").iterdir())) == 1
    assert verify(index).severity is None
