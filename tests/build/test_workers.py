"""Processes that read: one that dies or hangs costs only the file it was reading."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import build
from index.processes.reading import read_only
from index.processes.starter import Starter
from index.processes.tasks import FileResult, Task
from index.processes.workers import read_here, read_in_processes
from index.readers import MAX_MEMORY_MB, OUT_OF_MEMORY, read_file
from tests.build.articles import sources, write_many
from tests.build.processes import below, needs_proc, running_after
from tests.reading import read_and_analyse

ROOT = Path(__file__).parent.parent.parent


def deadly(task: Task) -> FileResult:
    """Reads a file, but is killed by one, leaves for another and hangs on a third."""
    if task.source.endswith("0033.md"):
        os.kill(os.getpid(), signal.SIGKILL)
    if task.source.endswith("0077.md"):
        os._exit(3)
    return read_and_analyse(task)


def noisy(task: Task) -> FileResult:
    """Prints, as libraries do."""
    print("reading", task.source, flush=True)
    os.write(1, b"and this")
    return read_and_analyse(task)


def hanging(task: Task) -> FileResult:
    """Never comes back from one file."""
    if task.source.endswith("0005.md"):
        time.sleep(3600)
    return FileResult(task.source, 1)


def failing(task: Task) -> FileResult:
    """Raises what no reader should, for all files."""
    raise OSError("the disk is gone")


def greedy(task: Task) -> FileResult:
    """Takes too much memory for two files, in two ways, and a little for the others."""
    if task.source.endswith("0002.md"):
        bytearray(MAX_MEMORY_MB * 2**20 + 1)
    if task.source.endswith("0004.md"):
        os.abort()  # what libraries in other languages do then
    bytearray(2**20)
    return FileResult(task.source, 1)


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("index.processes.intake._FEW_BYTES", 0)
    write_many(tmp_path / "corpus", 130)
    return tmp_path / "corpus"


def never() -> bool:
    return False


def tasks(count: int) -> list[Task]:
    return [Task(f"/nowhere/{number:04d}.md", f"{number:04d}.md", 100) for number in range(count)]


def test_process_that_dies(corpus: Path, tmp_path: Path) -> None:
    report = build([corpus], tmp_path / ".byline", jobs=2, work=deadly)

    assert {file.source: file.reason for file in report.skipped} == {
        "corpus/0033.md": "reading it ended the process (SIGKILL)",
        "corpus/0077.md": "reading it ended the process (exit code 3)",
    }
    assert report.indexed == 128
    assert len(set(sources(tmp_path / ".byline"))) == 128


def test_process_that_prints(corpus: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    report = build([corpus], tmp_path / ".byline", jobs=2, work=noisy)

    assert (report.indexed, report.skipped) == (130, ())
    assert capfd.readouterr().out == ""


def test_process_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    def seconds(chunk: list[Task]) -> float:  # plenty for the others, however slow the machine is
        return 2.0 if any(task.source == "0005.md" for task in chunk) else 120.0

    monkeypatch.setattr("index.processes.workers._seconds", seconds)

    results = list(read_in_processes(tasks(12), hanging, 2, never))

    assert sorted(result.source for result in results) == [task.source for task in tasks(12)]
    assert {result.source: result.error for result in results if result.error} == {
        "0005.md": "reading it took more than 2 seconds"
    }


def test_work_that_always_fails_comes_to_an_end() -> None:
    results = list(read_in_processes(tasks(3), failing, 2, never))

    assert sorted(result.source for result in results) == ["0000.md", "0001.md", "0002.md"]
    assert all("exit code 1" in result.error for result in results)


@needs_proc
@pytest.mark.parametrize("work", [read_and_analyse, hanging])
@pytest.mark.parametrize("alone", [False, True])
def test_giving_up_early_leaves_no_process(work: Callable[[Task], FileResult], alone: bool) -> None:
    threads, processes = threading.active_count(), below(os.getpid())
    with Starter(work, alone=alone) as starter:
        results = read_in_processes(tasks(500), work, 2, never, starter)
        next(results)
        started = time.monotonic()
        results.close()

    assert time.monotonic() - started < 120
    while threading.active_count() > threads and time.monotonic() - started < 120:
        time.sleep(0.01)  # a timer that is cancelled takes a moment to end
    assert threading.active_count() == threads
    assert below(os.getpid()) == processes


@needs_proc
@pytest.mark.parametrize("alone", [False, True])
def test_processes_that_hang_end_with_a_killed_program(alone: bool) -> None:
    program = f"""
from index.processes.starter import Starter
from index.processes.workers import read_in_processes
from tests.build.test_workers import hanging, never, tasks
starter = Starter(hanging, alone={alone})
for result in read_in_processes(tasks(6), hanging, 2, never, starter):
    print(result.source, flush=True)
"""
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=ROOT)
    deadline = time.monotonic() + 120
    while len(processes := below(process.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.kill()
    process.communicate()

    assert len(processes) == 2
    assert running_after(processes, 60) == []


@needs_proc
def test_nothing_is_lost_with_the_process_that_forks_the_others(tmp_path: Path) -> None:
    there = set(below(os.getpid()))
    with Starter(greedy) as starter:
        starter.prepare()
        (helper,) = set(below(os.getpid())) - there
        os.kill(helper, signal.SIGKILL)
        results = list(read_in_processes(tasks(100)[5:], greedy, 2, never, starter))

    assert sorted(result.source for result in results) == [task.source for task in tasks(100)[5:]]
    assert not [result.error for result in results if result.error]


def die_with_the_helper(task: Task) -> FileResult:
    """Reads, except the first time: then the process that forked this one and this one end, as if somebody had them."""
    done = Path(task.path).with_suffix(".done")
    if os.getppid() != int(Path(task.path).read_text()) and not done.exists():
        done.touch()
        os.kill(os.getppid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
    return greedy(task)


@needs_proc
def test_a_file_is_not_blamed_for_the_end_of_the_process_that_forks(tmp_path: Path) -> None:
    path = tmp_path / "one.md"
    path.write_text(str(os.getpid()))
    task = Task(str(path), "one.md", 10)
    with Starter(die_with_the_helper) as starter:
        starter.prepare()
        (result,) = read_in_processes([task], die_with_the_helper, 1, never, starter)
    assert path.with_suffix(".done").exists()
    assert not result.error


@needs_proc
def test_a_program_with_a_time_limit_for_sockets() -> None:
    socket.setdefaulttimeout(5.0)
    try:
        with Starter(greedy) as starter:
            starter.prepare()
            results = list(read_in_processes(tasks(100)[5:], greedy, 2, never, starter))
    finally:
        socket.setdefaulttimeout(None)
    assert sorted(result.source for result in results if not result.error) == [task.source for task in tasks(100)[5:]]


@needs_proc
def test_copies_of_this_process_let_go_of_its_files(tmp_path: Path) -> None:
    path = tmp_path / "held.txt"
    there = set(below(os.getpid()))
    with path.open("w") as file, Starter(read_and_analyse, alone=True) as starter:
        file.write("not written yet")
        starter.prepare()
        process = starter.start()
        copies = set(below(os.getpid())) - there
        held = [os.path.realpath(each) for pid in copies for each in Path(f"/proc/{pid}/fd").iterdir()]
        process.kill()
        process.chunks.close()
        process.answers.close()
        assert path.read_text() == ""

    assert len(copies) == 2
    assert str(path) not in held
    assert path.read_text() == "not written yet"


def test_stopping_does_not_wait_for_a_slow_file() -> None:
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    started = time.monotonic()
    list(read_in_processes(tasks(6), hanging, 1, stop))

    assert time.monotonic() - started < 120
    assert asked == 4


def test_same_documents_in_one_process_and_in_several(corpus: Path, tmp_path: Path) -> None:
    build([corpus], tmp_path / ".one", jobs=1)
    build([corpus], tmp_path / ".three", jobs=3)
    build([corpus], tmp_path / ".forked", jobs=3, alone=True)

    assert sources(tmp_path / ".one") == sources(tmp_path / ".three") == sources(tmp_path / ".forked")


def test_modules_in_the_current_folder_are_not_taken_for_ours(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = tmp_path / "trap"
    for name in ("index", "pickle", "json"):
        (trap / name).mkdir(parents=True)
        (trap / name / "__init__.py").write_text("raise SystemExit('the wrong module')")
    monkeypatch.chdir(trap)

    report = build([corpus], tmp_path / ".byline", jobs=2)

    assert (report.indexed, report.skipped) == (130, ())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems know no such limit")
def test_a_file_that_takes_too_much_memory_is_skipped() -> None:
    results = list(read_in_processes(tasks(7), greedy, 1, never))

    assert {result.source: result.error for result in results if result.error} == {
        "0002.md": OUT_OF_MEMORY,
        "0004.md": OUT_OF_MEMORY,
    }
    assert len(results) == 7


def test_documents_can_be_had_as_they_are(tmp_path: Path) -> None:
    write_many(tmp_path, 3)
    paths = sorted(tmp_path.iterdir())
    results = list(read_in_processes([Task(str(path), path.name, 100) for path in paths], read_only, 1, never))

    assert [result.source for result in results] == [path.name for path in paths]
    assert [list(result.articles) for result in results] == [read_file(path, path.name).documents for path in paths]


@pytest.mark.parametrize("name", ["0005.html", "0005.md.gz"])
def test_files_that_could_be_slow_are_read_in_another_process_however_small(name: str) -> None:
    slow = Task(f"/nowhere/{name}", "0005.md", 100)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.processes.workers._FILE_SECONDS", 1.0)
        results = list(read_here([slow, *tasks(2)], hanging, never))

    assert [(result.source, result.error) for result in results] == [
        ("0000.md", ""),
        ("0001.md", ""),
        ("0005.md", "reading it took more than 1 seconds"),
    ]


def test_large_files_are_read_in_another_process_even_if_few() -> None:
    large = tasks(7)[5]._replace(size=2_000_000)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.processes.workers._FILE_SECONDS", 1.0)
        patch.setattr("index.processes.workers._MORE_SECONDS", 0.5)
        results = list(read_here([large, *tasks(3)], hanging, never))

    assert [(result.source, result.error) for result in results] == [
        ("0000.md", ""),
        ("0001.md", ""),
        ("0002.md", ""),
        ("0005.md", "reading it took more than 2 seconds"),
    ]
