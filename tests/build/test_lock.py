"""One writer at a time."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from index.build import build
from index.errors import BylineError, IndexLocked, UsageError
from index.storage.lock import writer_lock
from index.storage.store import Store
from tests.build.articles import sources, write

HOLD = """
import sys
from pathlib import Path
from index.storage.lock import writer_lock
with writer_lock(Path(sys.argv[1]), 5):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def index(tmp_path: Path) -> Path:
    write(tmp_path / "corpus" / "one.md")
    build([tmp_path / "corpus"], tmp_path / ".byline")
    return tmp_path / ".byline"


def holder(index: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(index)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def test_second_writer_is_told_who_holds_it(index: Path) -> None:
    process = holder(index)
    try:
        with pytest.raises(IndexLocked) as caught:
            build([], index, wait=0)
        assert re.search(
            rf"process {process.pid} on \S+ \(since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC", str(caught.value)
        )
        assert "--wait" in str(caught.value)
        assert sources(index) == ["corpus/one.md"]  # readers do not mind
    finally:
        process.communicate("")


def test_second_writer_waits(index: Path) -> None:
    process = holder(index)
    assert process.stdin
    timer = threading.Timer(0.3, process.stdin.close)
    timer.start()

    assert build([], index, wait=120).documents == 1
    timer.join()
    process.wait()
    assert process.stdout
    process.stdout.close()


def test_lock_of_a_killed_process_is_free(index: Path) -> None:
    process = holder(index)
    process.kill()
    process.communicate()
    assert str(process.pid) in (index / "lock").read_text()

    assert build([], index, wait=0).documents == 1


def test_wait_ends(index: Path) -> None:
    with writer_lock(index, 0):
        started = time.monotonic()
        with pytest.raises(IndexLocked, match=f"process {os.getpid()} "), writer_lock(index, 0.25):
            pass
        assert time.monotonic() - started >= 0.25


def test_waiting_takes_no_longer_than_was_asked(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    with writer_lock(index, 0):
        monkeypatch.setattr("index.storage.lock.time", SimpleNamespace(monotonic=lambda: now, sleep=sleep))
        with pytest.raises(IndexLocked), writer_lock(index, 0.25):
            pass
    assert now == pytest.approx(0.25)


def test_no_link_is_followed_that_came_after_the_look_at_the_folder(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = tmp_path / "victim"
    victim.write_text("Not ours.")

    def plant(index_dir: Path) -> None:
        (index_dir / "lock").unlink()
        (index_dir / "lock").symlink_to(victim)

    monkeypatch.setattr("index.storage.lock.check_shape", plant)
    with pytest.raises(UsageError), writer_lock(index, 0):
        pass
    assert victim.read_text() == "Not ours."


def test_a_full_disk_is_named(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the system names no file, as when it is written to."""

    def refuse(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    write(index.parent / "corpus" / "one.md", "Another text.")
    monkeypatch.setattr("index.sealed.os.fsync", refuse)
    with pytest.raises(BylineError, match=r"\.byline: the index cannot be written to \(No space left on device\)"):
        build([], index)


def test_lock_with_nonsense_in_it(index: Path) -> None:
    with writer_lock(index, 0):
        (index / "lock").write_text("nonsense\n{}\n")
        with pytest.raises(IndexLocked, match="another process"), writer_lock(index, 0):
            pass


def test_lock_is_let_go_after_an_error(index: Path) -> None:
    with pytest.raises(ZeroDivisionError), writer_lock(index, 0):
        _ = 1 / 0
    with writer_lock(index, 0):
        pass


def test_index_that_cannot_be_written_to(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("index.storage.lock._opened", refuse)
        with pytest.raises(UsageError, match=r"Permission denied.*--index"), writer_lock(index, 0):
            pass


def test_readers_neither_lock_nor_write(index: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in index.rglob("*")}
    with writer_lock(index, 0):
        lock = (index / "lock").stat().st_mtime_ns
        with Store.open(index) as store:
            assert store.searcher().document_count == 1
        assert (index / "lock").stat().st_mtime_ns == lock
    assert set(index.rglob("*")) == set(before)
