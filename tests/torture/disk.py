"""A disk that fills up while something is written: a clear message, and nothing that was stored is lost.

The disk is a small file system in memory, which Linux lets be mounted by root, or by anybody in namespaces of their
own; `python -m tests.torture disk` sees to that.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.torture.workshop import Commands, Corpus, Holdings, holdings, orphans

DISK_BYTES = 6_000_000
FILES = 60
_STEP_BYTES = 16_384
_PADDING = "padding"


class NoDiskError(Exception):
    """This system does not let one be mounted; the message says why."""


def run(folder: Path, rounds: int) -> str:
    """Run the test on a small disk of its own, in a process of its own. What it says.

    Raises:
        NoDiskError: where none can be mounted.
        AssertionError: what went wrong.
    """
    disk = folder / "disk"
    disk.mkdir()
    inside = f'mount -t tmpfs -o size={DISK_BYTES} byline "$1" && shift && exec "$@"'
    work = str(folder / "work")
    command = [sys.executable, "-m", "tests.torture", "--work", work, "inside", str(disk), str(rounds)]
    unshare = shutil.which("unshare")
    if unshare is None:
        raise NoDiskError("there is no `unshare` here")
    namespaces = [unshare, "--map-root-user", "--mount", "sh", "-c"]
    probe = subprocess.run([*namespaces, inside, "sh", str(disk), "true"], capture_output=True, text=True, check=False)
    if probe.returncode:
        raise NoDiskError(f"no disk can be mounted here: {probe.stderr.strip()}")
    done = subprocess.run([*namespaces, inside, "sh", str(disk), *command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{done.stdout}{done.stderr}")
    return done.stdout.strip()


def fill(disk: Path, work: Path, rounds: int, say: Callable[[str], None]) -> None:
    """Let commands run out of space at one place after another. `disk` is a small file system, `work` is elsewhere."""
    rng = random.Random(rounds)
    corpus = Corpus(work / "corpus", rng, FILES)
    log = work / "log.txt"
    commands = Commands(log)
    index = disk / ".byline"
    arguments = ["--index", str(index), "--quiet"]
    failed = 0
    for number in range(rounds):
        engine = ("whoosh", "tantivy")[number % 2]
        assert commands.run(["index", str(corpus.folder), "--engine", engine, *arguments]) == 0, log.read_text()
        before = corpus.holdings()
        assert _held(index) == before
        corpus.change()
        after = corpus.holdings()
        _leave(disk, rng.randrange(40) * _STEP_BYTES)
        log.write_text("")
        command = rng.choice(
            [["index"], ["index", "--rebuild"], ["index", "--engine", ("tantivy", "whoosh")[number % 2]], ["compact"]]
        )
        code = commands.run([*command, *arguments])
        said = log.read_text()
        assert code in (0, 2), f"{command} ended with {code} on a full disk: {said}"
        assert "Traceback" not in said, said
        if code == 2:
            failed += 1
            assert "space" in said, said
        assert _held(index) in (before, after), f"{command}: {said}"
        (disk / _PADDING).unlink(missing_ok=True)
        code = commands.run(["verify", "--index", str(index)])
        assert code in (0, 1), f"verify ended with {code} after {command}: {log.read_text()}"
        assert commands.run(["index", str(corpus.folder), *arguments]) == 0, log.read_text()
        assert _held(index) == after
        assert commands.run(["verify", "--index", str(index)]) == 0, log.read_text()
        assert orphans(index) == []
    say(f"{rounds} commands on a full disk, {failed} of them failed, nothing was lost")


def _held(index: Path) -> Holdings:
    """What the index holds, by sources as the corpus names them: it lies elsewhere, so they are absolute."""
    return {f"corpus/{source.rpartition('/')[2]}": body for source, body in holdings(index).items()}


def _leave(disk: Path, free: int) -> None:
    """Fill the disk up to so many bytes."""
    size = max(0, shutil.disk_usage(disk).free - free)
    with (disk / _PADDING).open("wb") as file:
        file.write(bytes(size))
