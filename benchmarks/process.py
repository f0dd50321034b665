"""One contender in a process of its own, so that nothing is loaded or cached beforehand.

python -m benchmarks.process build CONTENDER ARTICLES LOCATION
python -m benchmarks.process search CONTENDER QUERIES LOCATION NUMBER
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from benchmarks.contenders import contenders
from benchmarks.queries import load

ROOT = Path(__file__).resolve().parent.parent
_SAMPLING_INTERVAL = 0.05  # seconds at least, then a twentieth of the time so far: looking takes time, too


class Memory(NamedTuple):
    """What processes hold in memory, pages that several share counted once; 0 where that cannot be known.

    Attributes:
        own: bytes that nothing else holds.
        mapped: bytes of files (of programs, libraries and indexes) that they have mapped. The system keeps them while
            it has no other use for the memory, and reads them again when they are needed.
    """

    own: int = 0
    mapped: int = 0


@dataclass(frozen=True)
class Run:
    """What a process took.

    Attributes:
        seconds: from before its start to after its end.
        cpu_seconds: of processor time that it and its children used; 0 where that cannot be known.
        memory: the most of each kind that it and its children held at once. Looked up twenty times a second at first,
            so too low for a process that ends sooner.
    """

    seconds: float
    cpu_seconds: float
    memory: Memory


def run(*arguments: str) -> Run:
    """Run `python ARGUMENTS…` from the project's folder to its end.

    Raises:
        RuntimeError: it failed; the message is what it wrote to its standard error.
    """
    # Compiled modules are kept, as on a person's machine, whatever is set here.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, *arguments]
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    peak, ended = Memory(), threading.Event()

    def sample() -> None:
        nonlocal peak
        while not ended.wait(max(_SAMPLING_INTERVAL, (time.perf_counter() - start) / 20)):
            peak = Memory(*map(max, peak, _memory(process.pid)))

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        complaint = process.stderr.read() if process.stderr else ""
        cpu_seconds = _wait(process)
        seconds = time.perf_counter() - start
    except BaseException:
        process.kill()
        process.wait()
        raise
    finally:
        ended.set()
        sampler.join()
        if process.stderr:
            process.stderr.close()
    if process.returncode:
        raise RuntimeError(f"python {' '.join(arguments)} failed ({process.returncode}):\n{complaint.strip()}")
    return Run(seconds, cpu_seconds, peak)


def _wait(process: subprocess.Popen[str]) -> float:
    """Wait for the end of a process; the processor time that it and its children took, or 0 if that is unknown."""
    if sys.platform == "win32":
        process.wait()
        return 0.0
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


def _memory(pid: int) -> Memory:
    """What a process and its descendants hold now."""
    folder = Path("/proc") / str(pid)
    own = mapped = 0
    try:
        for line in (folder / "smaps_rollup").read_text().splitlines():
            name, _, kilobytes = line.partition(":")
            if name == "Pss_Anon":
                own = int(kilobytes.split()[0]) * 1024
            elif name in ("Pss_File", "Pss_Shmem"):  # the latter of files that lie in memory themselves
                mapped += int(kilobytes.split()[0]) * 1024
        tasks = list((folder / "task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:  # it has ended, or this is not Linux
        return Memory(own, mapped)
    of_all = [Memory(own, mapped), *map(_memory, children)]
    return Memory(sum(each.own for each in of_all), sum(each.mapped for each in of_all))


def size_on_disk(folder: Path) -> int:
    """Bytes of all files in a folder and its sub-folders."""
    return sum((Path(parent) / name).stat().st_size for parent, _, names in os.walk(folder) for name in names)


def main() -> None:
    """What the process does."""
    task, name, given, location, *number = sys.argv[1:]
    contender = contenders()[name]
    if task == "build":
        contender.build(Path(given), Path(location))
    else:
        contender.open(Path(location))(load(Path(given))[int(number[0])])


if __name__ == "__main__":
    main()
