"""The measurements: builds in fresh processes, warm searches in this one, searches from a cold start.

Every round runs all contenders, each time starting with another one, so that what else the machine does hits all of
them alike. Ratios are medians of the ratios within a round.
"""

from __future__ import annotations

import gc
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import TypeVar

from benchmarks.contenders import Contender
from benchmarks.process import Memory, Run, run, size_on_disk
from benchmarks.queries import BenchQuery, QueryClass, load

Each = TypeVar("Each")


@dataclass
class Builds:
    """What building took, one entry a round.

    Attributes:
        seconds: of the whole process, from its start to its end.
        cpu_seconds: of processor time, of all its processes together.
        memory: the most of each kind, in bytes.
        size: of the finished index in bytes.
    """

    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    memory: list[Memory] = field(default_factory=list)
    size: int = 0


@dataclass
class Searches:
    """What searching took.

    Attributes:
        seconds: for each class, for each round, one entry a query.
        totals: how many documents each query found, in the order of the queries.
    """

    seconds: dict[QueryClass, list[list[float]]] = field(default_factory=lambda: defaultdict(list))
    totals: list[int] = field(default_factory=list)

    def p50(self, kind: QueryClass) -> float:
        """The median of all queries of a class in all rounds, in seconds."""
        return median(second for entry in self.seconds[kind] for second in entry)

    def p95(self, kind: QueryClass) -> float:
        """What 95 of 100 searches of a class stay below, in seconds."""
        return quantiles((second for entry in self.seconds[kind] for second in entry), n=20, method="inclusive")[-1]

    def ratio(self, other: Searches, kind: QueryClass) -> float:
        """How many times as long as `other` this takes."""
        pairs = zip(self.seconds[kind], other.seconds[kind], strict=True)
        return median(median(mine) / median(others) for mine, others in pairs)


def ratio(mine: Sequence[float], others: Sequence[float]) -> float:
    """The median of the ratios within each round."""
    return median(one / other for one, other in zip(mine, others, strict=True))


def _in_turn(items: Sequence[Each], rounds: int) -> Iterator[Sequence[Each]]:
    """The items once a round, each round starting with the next one."""
    for number in range(rounds):
        at = number % len(items) if items else 0
        yield [*items[at:], *items[:at]]


def _build(contender: Contender, articles: Path, indexes: Path) -> Run:
    location = indexes / contender.name
    shutil.rmtree(location, ignore_errors=True)
    location.mkdir(parents=True)
    return run("-m", "benchmarks.process", "build", contender.name, str(articles), str(location))


def measure_builds(
    contenders: Sequence[Contender],
    articles: Path,
    few_articles: Path,
    indexes: Path,
    rounds: int,
    say: Callable[[str], None],
) -> dict[str, Builds]:
    """Build every index in a fresh process, `rounds` times; the last ones stay in `indexes/NAME`.

    Before that, each builds one of `few_articles`, so that Python has compiled all modules.
    """
    builds = {contender.name: Builds() for contender in contenders}
    for contender in contenders:
        _build(contender, few_articles, indexes)
    for number, turn in enumerate(_in_turn(contenders, rounds), start=1):
        for contender in turn:
            taken = _build(contender, articles, indexes)
            result = builds[contender.name]
            result.seconds.append(taken.seconds)
            result.cpu_seconds.append(taken.cpu_seconds)
            result.memory.append(taken.memory)
            result.size = size_on_disk(indexes / contender.name)
            say(f"build {number}/{rounds} {contender.name}: {taken.seconds:.2f} s")
    return builds


def measure_searches(
    contenders: Sequence[Contender], queries: Sequence[BenchQuery], indexes: Path, rounds: int
) -> dict[str, Searches]:
    """Ask every open index every query, `rounds` times after once without taking the time."""
    results = {contender.name: Searches() for contender in contenders}
    opened = [(results[contender.name], contender.open(indexes / contender.name)) for contender in contenders]
    for result, search in opened:
        result.totals = [search(query).total for query in queries]
    gc.collect()
    gc.freeze()  # so that no contender's collections walk through what another one holds
    by_class: dict[QueryClass, list[BenchQuery]] = defaultdict(list)
    for query in queries:
        by_class[query.kind].append(query)
    for turn in _in_turn(opened, rounds):
        for kind, alike in by_class.items():
            for result, search in turn:
                taken = []
                for query in alike:
                    start = time.perf_counter()
                    search(query)
                    taken.append(time.perf_counter() - start)
                result.seconds[kind].append(taken)
    return results


def measure_cold(contenders: Sequence[Contender], queries: Path, indexes: Path, rounds: int) -> dict[str, list[float]]:
    """Seconds of a whole process that answers one query, the most common, beside those of one that does nothing.

    Byline runs as its command line does, the others as a script.
    """
    asked = load(queries)
    number, query = max(enumerate(asked), key=lambda entry: entry[1].documents)
    commands: dict[str, tuple[str, ...]] = {"python -c pass": ("-c", "pass")}
    for contender in contenders:
        location = str(indexes / contender.name)
        if contender.name.startswith("byline"):
            commands[contender.name] = ("-m", "search", "--index", location, query.typed())
        else:
            arguments = ("search", contender.name, str(queries), location, str(number))
            commands[contender.name] = ("-m", "benchmarks.process", *arguments)
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for command in commands.values():
        run(*command)
    for turn in _in_turn(list(commands), rounds):
        for name in turn:
            taken[name].append(run(*commands[name]).seconds)
    return taken
