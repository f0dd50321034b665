"""Kill commands that write at random moments: the index then holds the last commit or the next, and nothing is lost.

After each kill: the index opens, holds exactly what it held before or what the command was to make of it, `byline
verify` finds no damage; then the next update makes it what it must be, leaves no file behind, and `verify` is content.
Where a command commits on the way, each file is there as it was before or as it is to be, and a moved one is there
once.

Half of the kills come after a random time, the others at a random operation on a file of the index.
"""

from __future__ import annotations

import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import IndexNotFound
from index.storage.manifest import read_manifest
from index.upkeep.verify import verify
from index.upkeep.verify_findings import Kind, Severity
from tests.torture.workshop import Commands, Corpus, Holdings, Manner, holdings, orphans

FILES = 40
_CREEP = 3.0
"""An index may be this many times as large as a new one: deleted documents stay until segments merge."""
_CREEP_COMPACTED = 1.5
"""A compacted one: SQLite's pages are not filled in the same way."""

_GUESS = (1.0, 60)  # seconds and operations of a command that has not ended yet
_FOR_EVER = 600.0  # seconds
_KILLED = frozenset({kind for kind in Kind if kind.severity is Severity.DIFFERENCE} - {Kind.BUSY, Kind.UNREADABLE})


@dataclass
class Tally:
    """What happened so far.

    Attributes:
        kills: commands killed before they ended, by their kind.
        too_late: commands that had ended before they were to be killed.
        kept, moved: after how many kills the index held the last commit, and the next.
        between: after how many it held a commit on the way.
        none: after how many there was no index yet.
        unmended: how many kills were followed by another command before an update had put things right.
    """

    kills: Counter[str] = field(default_factory=Counter)
    too_late: int = 0
    kept: int = 0
    moved: int = 0
    between: int = 0
    none: int = 0
    unmended: int = 0

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.kills.items()))
        return (
            f"{self.kills.total()} kills ({kinds}): {self.kept} times the last commit, {self.moved} times the next, "
            f"{self.between} times one on the way, {self.none} times no index yet; {self.too_late} commands ended "
            f"first; {self.unmended} times the next command came before an update"
        )


class Torture:
    """One corpus and its index, and all that is done to them."""

    def __init__(self, folder: Path, seed: int, sabotage: str = "") -> None:
        """
        Args:
            folder: to work in.
            seed: of what is random.
            sabotage: see `Manner`; for all commands that are killed.
        """
        self.rng = random.Random(seed)
        self.corpus = Corpus(folder / "corpus", self.rng, FILES)
        self.index = folder / ".byline"
        self.commands = Commands(folder / "log.txt", folder / "temporary")
        self.tally = Tally()
        self.held: Holdings = {}  # by the last commit
        self.is_mended = True  # whether it was an update's that put everything right
        self.sabotage = sabotage
        self._costs: dict[tuple[str, Manner], tuple[float, int]] = {}  # seconds and operations of a command, about
        self._fresh_bytes: dict[str, int] = {}
        self._kinds: list[tuple[str, Callable[[], list[str]]]] = [
            ("build", self._build),
            ("update", self._update),
            ("update", self._update),
            ("rebuild", self._rebuild),
            ("rebuild --stored", self._rebuild_stored),
            ("engine", self._change_engine),
            ("update and engine", self._update_and_change_engine),
            ("compact", self._compact),
        ]

    def run(self, kills: int, say: Callable[[str], None] = lambda _: None) -> Tally:
        """Go on until so many commands were killed. Raises AssertionError, saying what went wrong."""
        try:
            assert self.commands.run(["index", str(self.corpus.folder), "--quiet"], self.index) == 0
            self.held = self.corpus.holdings()
            said = 0
            while (done := self.tally.kills.total()) < kills:
                self.step()
                if done >= said + 25:
                    said = done
                    say(str(self.tally))
            self._mend(self.index)
            assert self.commands.run(["compact", "--quiet"], self.index) == 0
            self._check_mended(self.index)
            self._check_size(_CREEP_COMPACTED)
        except AssertionError as error:
            error.add_note(f"after {self.tally}\nthe last commands said:\n{self.commands.said()}")
            raise
        return self.tally

    def step(self) -> None:
        """One command, killed at some moment, and what must be true then."""
        kind, prepare = self.rng.choice(self._kinds)
        arguments = prepare()
        if not arguments:
            return
        index, before, after = self.index, self.held, self.corpus.holdings()
        if kind == "build":
            index, before = self.index.with_name(".new"), {}
        elif kind in ("compact", "engine", "rebuild --stored"):
            after = before
        commits_often = self.rng.random() < 0.3
        on_the_way = commits_often and kind in ("build", "update", "update and engine")
        manner = Manner(
            commit_seconds=0.0 if commits_often else None,
            many_processes=kind not in ("compact", "engine") and self.rng.random() < 0.2,
            sabotage=self.sabotage,
        )
        if not self._is_killed(kind, arguments, index, manner):
            self.tally.too_late += 1
        found = self._found(index)
        if found is None:
            assert kind == "build", f"{kind}: the index is gone"
            self.tally.none += 1
        elif found == before:
            self.tally.kept += 1
        elif found == after:
            self.tally.moved += 1
        else:
            assert on_the_way, f"{kind}: {_difference(found, before, after)}"
            _check_on_the_way(found, before, after, self.is_mended or kind == "build")
            self.tally.between += 1
        if found is not None:
            self._check_killed(kind, index)
        if kind == "build":
            self._mend(index)
            shutil.rmtree(index)
        elif self.rng.random() < 0.3:  # sometimes it is killed again before anything is put right
            self.held, self.is_mended = found or {}, False
            self.tally.unmended += 1
        else:
            self._mend(index)
            self.held, self.is_mended = self.corpus.holdings(), True

    def _is_killed(self, kind: str, arguments: list[str], index: Path, manner: Manner) -> bool:
        """Run a command and kill it; False if it ended first."""
        cost = (f"{kind} {read_manifest(self.index).engine}", manner)
        seconds, operations = self._costs.get(cost, _GUESS)
        if self.rng.random() < 0.5:
            manner = manner._replace(last_operation=self.rng.randint(1, operations))
            wait = _FOR_EVER
        else:
            wait = self.rng.uniform(0, seconds)
        started = time.monotonic()
        process = self.commands.start(arguments, index, manner)
        process.join(wait)
        ended = process.exitcode
        process.kill()
        process.join()
        process.close()
        assert ended in (None, 0, -signal.SIGKILL), f"{kind} ended with {ended}"
        if ended == 0:
            self._costs[cost] = (time.monotonic() - started, self.commands.operations + 1)
            return False
        self.tally.kills[kind] += 1
        return True

    def _found(self, index: Path) -> Holdings | None:
        try:
            return holdings(index)
        except IndexNotFound:
            return None

    def _check_killed(self, kind: str, index: Path) -> None:
        """What must be true right after a kill."""
        findings = set(verify(index).counts)
        assert findings <= _KILLED, f"after {kind}, verify finds {sorted(findings - _KILLED)}"
        command = self.rng.choice([["info"], ["search", "harbour", "--limit", "1"], ["verify", "--quick"]])
        code = self.commands.run(command, index)
        assert code == 0 or (command[0] == "verify" and code == 1), f"{command} after {kind} ended with {code}"

    def _mend(self, index: Path) -> None:
        """The next update puts everything right."""
        code = self.commands.run(["index", str(self.corpus.folder), "--quiet"], index)
        assert code == 0, f"the next update ended with {code}"
        self._check_mended(index)

    def _check_mended(self, index: Path) -> None:
        held, expected = holdings(index), self.corpus.holdings()
        assert held == expected, _difference(held, expected, expected)
        counted = read_manifest(index).documents
        assert counted == len(expected), f"the manifest counts {counted} documents instead of {len(expected)}"
        result = verify(index)
        assert result.severity is None, f"verify finds {dict(result.counts)}"
        left = [*orphans(index), *map(str, self.commands.temporary.iterdir())]
        assert not left, f"left behind: {left}"
        assert self.corpus.is_as_written(), "there are other files in the corpus"
        if index == self.index:
            self._check_size(_CREEP)

    def _check_size(self, creep: float) -> None:
        engine = read_manifest(self.index).engine
        if engine not in self._fresh_bytes:
            fresh = self.index.with_name(".fresh")
            assert self.commands.run(["index", str(self.corpus.folder), "--engine", engine, "--quiet"], fresh) == 0
            self._fresh_bytes[engine] = _bytes(fresh)
            shutil.rmtree(fresh)
        now, new = _bytes(self.index), self._fresh_bytes[engine]
        assert now <= creep * new, f"the index has {now:,} bytes, and a new one {new:,}"

    def _build(self) -> list[str]:
        return ["index", str(self.corpus.folder), "--engine", self.rng.choice(["whoosh", "tantivy"]), "--quiet"]

    def _update(self) -> list[str]:
        self.corpus.change()
        return ["index", "--quiet"]

    def _rebuild(self) -> list[str]:
        self.corpus.change()
        return ["index", "--rebuild", "--quiet"]

    def _rebuild_stored(self) -> list[str]:
        if self.held != self.corpus.holdings():  # what is kept of which file is then not told so easily
            return []
        self.corpus.lose()
        return ["rebuild", "--stored", "--quiet"]

    def _change_engine(self) -> list[str]:
        if self.held != self.corpus.holdings():  # else it is an update, too
            return []
        other = "tantivy" if read_manifest(self.index).engine == "whoosh" else "whoosh"
        return ["index", "--engine", other, "--quiet"]

    def _update_and_change_engine(self) -> list[str]:
        self.corpus.change()
        other = "tantivy" if read_manifest(self.index).engine == "whoosh" else "whoosh"
        return ["index", "--engine", other, "--quiet"]

    def _compact(self) -> list[str]:
        return ["compact", "--quiet"]


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _check_on_the_way(found: Holdings, before: Holdings, after: Holdings, is_mended: bool) -> None:
    """Each file is there as it was or as it is to be, and what is in both is there, once."""
    files = {_file(source) for source in [*found, *before, *after]}
    was, now, held = _by_file(before), _by_file(after), _by_file(found)
    for file in files:
        assert held.get(file) in (was.get(file), now.get(file)), f"{file} is there in part: {held.get(file)}"
    if is_mended:  # else what was moved is not known for that, and goes only at the end
        assert len(set(found.values())) == len(found), "a moved file is there twice"
    assert set(found.values()) >= set(before.values()) & set(after.values()), "a file is gone that should stay"


def _by_file(held: Holdings) -> dict[str, dict[str, str]]:
    files: dict[str, dict[str, str]] = {}
    for source, body in held.items():
        files.setdefault(_file(source), {})[source] = body
    return files


def _file(source: str) -> str:
    return source.partition("#")[0]


def _difference(found: Holdings, before: Holdings, after: Holdings) -> str:
    parts = []
    for name, other in (("the last commit", before), ("the next", after)):
        lost, extra = sorted(other.items() - found.items()), sorted(found.items() - other.items())
        parts.append(f"of {name} it lacks {lost[:3]} ({len(lost)}) and has besides {extra[:3]} ({len(extra)})")
    return "; ".join(parts)
