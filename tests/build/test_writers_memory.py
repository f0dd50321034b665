"""What waits in tantivy for its thread is bounded; see `index.engines.tantivy_memory`."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from index.engines import engine
from index.engines.tantivy_memory import WritersMemory
from index.schema import SCHEMA

MILLION = 10**6


class Threads:
    """Threads as Linux shows them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, number: int, name: str, state: str) -> None:
        (self.folder / str(number)).mkdir(exist_ok=True)
        about = self.folder / "about"
        about.write_text(f"{number} ({name}) {state} 1 1 1")
        about.replace(self.folder / str(number) / "stat")


@pytest.fixture
def shown(tmp_path: Path) -> Threads:
    return Threads(tmp_path)


def add(memory: WritersMemory, size: int) -> threading.Thread:
    """Add so much from another thread, which ends when there is room."""

    def work() -> None:
        for _ in range(0, size, MILLION // 10):
            memory.make_room(MILLION // 10)

    adding = threading.Thread(target=work, daemon=True)
    adding.start()
    return adding


def test_adding_waits_for_a_thread_that_lags_and_goes_on_when_that_sleeps(shown: Threads) -> None:
    shown.put(1, "python", "S")
    shown.put(2, "thrd-tantivy-in", "R")
    adding = add(WritersMemory(shown.folder), 5 * MILLION)
    adding.join(0.1)
    assert adding.is_alive()
    shown.put(2, "thrd-tantivy-in", "S")
    adding.join(10)
    assert not adding.is_alive()


def test_little_may_wait(shown: Threads) -> None:
    shown.put(2, "thrd-tantivy-in", "R")
    adding = add(WritersMemory(shown.folder), MILLION)
    adding.join(10)
    assert not adding.is_alive()


def test_a_thread_that_keeps_up_keeps_nobody_waiting(shown: Threads) -> None:
    shown.put(2, "thrd-tantivy-in", "S")
    adding = add(WritersMemory(shown.folder), 50 * MILLION)
    adding.join(10)
    assert not adding.is_alive()


def test_of_several_threads_one_that_sleeps_says_that_nothing_waits(shown: Threads) -> None:
    shown.put(2, "thrd-tantivy-in", "R")
    shown.put(3, "thrd-tantivy-in", "S")
    adding = add(WritersMemory(shown.folder), 5 * MILLION)
    adding.join(10)
    assert not adding.is_alive()


def test_it_asks_the_threads_that_a_commit_puts_in_place_of_others(shown: Threads) -> None:
    shown.put(2, "thrd-tantivy-in", "S")
    memory = WritersMemory(shown.folder)
    add(memory, MILLION).join(10)
    (shown.folder / "2" / "stat").unlink()
    shown.put(4, "thrd-tantivy-in", "R")
    adding = add(memory, 5 * MILLION)
    adding.join(0.1)
    assert adding.is_alive()
    (shown.folder / "4" / "stat").unlink()  # it has ended, as after an error: adding the next document tells of that
    adding.join(10)
    assert not adding.is_alive()


def test_where_threads_are_not_shown_nobody_waits(tmp_path: Path) -> None:
    adding = add(WritersMemory(tmp_path / "none"), 50 * MILLION)
    adding.join(10)
    assert not adding.is_alive()


def names_of_threads() -> list[str]:
    names = []
    for thread in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # it has just ended
            names.append((thread / "comm").read_text())
    return names


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows threads")
def test_the_library_calls_its_threads_so(tmp_path: Path) -> None:
    tantivy = engine("tantivy")
    tantivy.create(tmp_path, SCHEMA)
    with tantivy.writer(tmp_path, SCHEMA):
        until = time.monotonic() + 10  # each names itself once it runs
        while not any(name.startswith("thrd-tantivy-in") for name in names_of_threads()):
            assert time.monotonic() < until
