"""Ctrl-C and SIGTERM while a command writes: what is whole is kept, the command says so, and its exit code tells."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index.build import build
from index.manifest import read_manifest
from index.verify import verify
from tests.build.articles import sources, write, write_many

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals")

# Sends itself a signal when it comes to the third file, or to the third document that is written anew.
CODE = """
import os, signal, sys
from index.update import Update
from search.cli import main
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
KEPT = "What was read until now is in the index"
FILES = 20


@pytest.fixture(params=[(signal.SIGINT, "default_int_handler"), (signal.SIGTERM, "SIG_IGN")], ids=["Ctrl-C", "SIGTERM"])
def how(request: pytest.FixtureRequest) -> tuple[int, str]:
    """By which signal a command ends, and how it takes Ctrl-C; in the background that is often ignored."""
    number, ctrl_c = request.param
    return number, ctrl_c


@pytest.fixture
def index(tmp_path: Path) -> Path:
    write_many(tmp_path / "corpus", FILES)
    build([tmp_path / "corpus"], tmp_path / ".byline", engine="tantivy")
    return tmp_path / ".byline"


def interrupted(how: tuple[int, str], index: Path, *arguments: str) -> str:
    """Run a command that is interrupted; what it says."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(int(how[0])), how[1], *arguments],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=index.parent,
        capture_output=True,
        text=True,
        timeout=60,
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
