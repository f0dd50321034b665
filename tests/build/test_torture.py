"""Short runs of the long tests (see `tests.torture`), and that these notice what they are for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.torture import disk, kills

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs signals and bounds of processes")


def test_kills(tmp_path: Path) -> None:
    tally = kills.Torture(tmp_path, seed=5).run(8)
    assert tally.kills.total() == 8


def test_kills_notice_what_is_not_made_durable(tmp_path: Path) -> None:
    """Without a note of what is in doubt, a kill after the engine's commit leaves documents that no file has."""
    torture = kills.Torture(tmp_path, seed=77, sabotage="index.catalog.catalog:Catalog.note_doubts")
    with pytest.raises(AssertionError, match=r"verify finds|of the last commit it lacks"):
        torture.run(100)


def test_writing_that_fails(tmp_path: Path) -> None:
    assert "nothing was lost" in disk.bound(tmp_path, 4, seed=2)


def test_full_disk(tmp_path: Path) -> None:
    try:
        said = disk.run(tmp_path, 3, seed=1)
    except disk.NoDiskError as error:
        pytest.skip(str(error))
    assert "nothing was lost" in said


def test_readers_beside_a_writer() -> None:
    """In a process of their own: what starts others keeps one that looks after them."""
    command = [sys.executable, "-m", "tests.torture", "readers", "2", "--readers", "3", "--stops", "8"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "8 of 8 searches were answered while the writer stood still" in done.stdout
