"""Which processes there are below one: Linux says so, other systems do not."""

from __future__ import annotations

import os
import time
from collections.abc import Collection
from pathlib import Path

import pytest

PROC = Path("/proc")
needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="this system does not tell processes")


def below(pid: int) -> list[int]:
    """The children of a process, and theirs."""
    try:
        tasks = list((PROC / str(pid) / "task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:  # it has ended
        return []
    return [*children, *(each for child in children for each in below(child))]


def is_running(pid: int) -> bool:
    """Whether there is a process of this id that has not ended."""
    try:
        os.kill(pid, 0)
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def running_after(pids: Collection[int], seconds: float) -> list[int]:
    """Those of the processes that have not ended, though they had so much time."""
    deadline = time.monotonic() + seconds
    while any(map(is_running, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return [pid for pid in pids if is_running(pid)]
