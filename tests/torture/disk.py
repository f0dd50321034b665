"""A disk that fills up while something is written: a clear message, and nothing that was stored is lost.

The disk is a small file system in memory, which Linux lets be mounted by root, or by anybody in namespaces of their
own; `python -m tests.torture disk` sees to that. Where none can be mounted, a bound on the size of files
(`python -m tests.torture bounds`) makes writing fail likewise, at other places.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from index.storage.manifest import read_manifest
from tests.torture.workshop import USUAL, Commands, Corpus, Holdings, Manner, holdings, orphans

DISK_BYTES = 6_000_000
FILES = 60
_STEP_BYTES = 4_096
_PADDING = "padding"
_SIZES = (20_000, 60_000, 150_000)
"""What files of the index may grow to, at most: those of such an index have up to some 100 kB."""


class NoDiskError(Exception):
    """This system does not let one be mounted; the message says why."""


def run(folder: Path, rounds: int, seed: int) -> str:
    """Run the test on a small disk of its own, in a process of its own. What it says.

    Raises:
        NoDiskError: where none can be mounted.
        AssertionError: what went wrong.
    """
    disk = folder / "disk"
    disk.mkdir()
    work = str(folder / "work")
    inside = ["--work", work, "--seed", str(seed), "inside", str(disk), str(rounds)]
    done = mounted(
        f'mount -t tmpfs -o size={DISK_BYTES} byline "$1"', disk, [sys.executable, "-m", "tests.torture", *inside]
    )
    if done.returncode:
        raise AssertionError(f"{done.stdout}{done.stderr}")
    return done.stdout.strip()


def mounted(mount: str, folder: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command where something is mounted, in namespaces of its own.

    Args:
        mount: a command of the shell; the folder is $1.
        folder: where to mount it.
        command: what to run then.

    Raises:
        NoDiskError: where nothing can be mounted.
    """
    unshare = shutil.which("unshare")
    if unshare is None:
        raise NoDiskError("there is no `unshare` here")
    namespaces = [unshare, "--map-root-user", "--mount", "sh", "-c"]
    probe = subprocess.run([*namespaces, mount, "sh", str(folder)], capture_output=True, text=True, check=False)
    if probe.returncode:
        raise NoDiskError(f"nothing can be mounted here: {probe.stderr.strip()}")
    script = f'{mount} && shift && exec "$@"'
    return subprocess.run(
        [*namespaces, script, "sh", str(folder), *command], capture_output=True, text=True, check=False
    )


def fill(disk: Path, work: Path, rounds: int, seed: int) -> str:
    """Let commands run out of space at one place after another. `disk` is a small file system, `work` is elsewhere."""
    rng = random.Random(seed)

    @contextmanager
    def full() -> Iterator[Manner]:
        free = rng.randrange(50) * _STEP_BYTES
        size = max(0, shutil.disk_usage(disk).free - free)
        with (disk / _PADDING).open("wb") as file:
            file.write(bytes(size))
        yield USUAL
        (disk / _PADDING).unlink()

    return _refused(disk / ".byline", work, rounds, rng, full, "space") + " on a full disk"


def bound(work: Path, rounds: int, seed: int) -> str:
    """Let writing fail where a file becomes larger than it may."""
    rng = random.Random(seed)

    def bounded() -> AbstractContextManager[Manner]:
        return nullcontext(Manner(file_bytes=rng.randrange(rng.choice(_SIZES))))

    return _refused(work / ".byline", work, rounds, rng, bounded, "") + " where files may not grow"


def _refused(
    index: Path,
    work: Path,
    rounds: int,
    rng: random.Random,
    trouble: Callable[[], AbstractContextManager[Manner]],
    reason: str,
) -> str:
    """Run commands in trouble, and check what is there after each; `reason` is part of what they must say."""
    corpus = Corpus(work / "corpus", rng, FILES)
    log = work / "log.txt"
    commands = Commands(log, work / "temporary")
    failed = 0
    for number in range(rounds):
        engine = ("whoosh", "tantivy")[number % 2]
        _succeed(commands, ["index", str(corpus.folder), "--engine", engine, "--quiet"], index)
        before = corpus.holdings()
        assert _held(index) == before
        corpus.change()
        after = corpus.holdings()
        command = rng.choice(
            [
                ["index"],
                ["index"],
                ["index", "--rebuild"],
                ["index", "--engine", ("tantivy", "whoosh")[number % 2]],
                ["compact"],
                ["rebuild"],
            ]
        )
        log.write_text("")
        with trouble() as manner:
            code = commands.run([*command, "--quiet"], index, manner)
            said = log.read_text()
            held = _held(index)
            _succeed(commands, ["search", "harbour", "--limit", "1"], index)
        told = f"{command} ended with {code}: {said}"
        assert code in (0, 2), told
        if code == 2:
            failed += 1
            assert "byline: " in said and "cannot be written" in said and reason in said, told
        assert "Traceback" not in said and "bug in" not in said, told
        assert held in (before, after), told
        log.write_text("")
        code = commands.run(["verify"], index)
        assert code in (0, 1), f"verify finds {log.read_text()} after {told}"
        _succeed(commands, ["index", str(corpus.folder), "--quiet"], index)
        assert _held(index) == after, told
        _succeed(commands, ["verify"], index)
        left = [*orphans(index), *map(str, commands.temporary.iterdir())]
        assert not left, f"left behind: {left} after {told}"
        assert read_manifest(index).documents == len(after), told
    return f"{rounds} commands, {failed} of them failed, nothing was lost"


def _succeed(commands: Commands, arguments: list[str], index: Path) -> None:
    code = commands.run(arguments, index)
    assert code == 0, f"{arguments} ended with {code}: {commands.said()}"


def _held(index: Path) -> Holdings:
    """What the index holds, by sources as the corpus names them: where it lies elsewhere, they are absolute."""
    return {f"corpus/{source.rpartition('/')[2]}": body for source, body in holdings(index).items()}
