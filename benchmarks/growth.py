"""How what Byline takes grows with the number of documents: time, memory, disk and searches.

    python -m benchmarks.growth --sizes 1000,20000,200000 --work DIR --plot growth.svg

See README.md in this folder.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks.contenders import Contender, contenders
from benchmarks.generate import DAYS, FILES_PER_FOLDER, generate
from benchmarks.measure import measure_searches, ratio
from benchmarks.process import run, size_on_disk
from benchmarks.queries import QueryClass, choose
from benchmarks.report import machine, megabytes
from benchmarks.words import Vocabulary

_MB = 1_000_000


@dataclass(frozen=True)
class Size:
    """What was measured for one number of documents.

    Attributes:
        documents: how many.
        text_bytes: of their files.
        build_seconds, cpu_seconds: of the process that builds, and its children.
        own_memory, mapped_memory: the most that they hold, in bytes; see `benchmarks.process.Memory`.
        index_bytes: of the finished index.
        update_seconds: of a process that brings it up to date when nothing has changed.
        search_seconds: by class of queries, one entry a search, warm.
        cold_seconds: of processes that answer one query, the most common.
        idle_seconds: of Python processes that do nothing, one before each of those.
    """

    documents: int
    text_bytes: int
    build_seconds: float
    cpu_seconds: float
    own_memory: int
    mapped_memory: int
    index_bytes: int
    update_seconds: float
    search_seconds: dict[str, list[float]]
    cold_seconds: list[float]
    idle_seconds: list[float]

    def p50(self, kind: str) -> float:
        """The median search of a class, in seconds."""
        return median(self.search_seconds[kind])

    def p95(self, kind: str) -> float:
        """What 95 of 100 searches of a class stay below, in seconds."""
        return quantiles(self.search_seconds[kind], n=20, method="inclusive")[-1]

    @property
    def cold_ratio(self) -> float:
        """How many times as long as a process that does nothing one takes that answers a query."""
        return ratio(self.cold_seconds, self.idle_seconds)


def first_documents(corpus: Path, folder: Path, documents: int) -> Path:
    """A folder with the first documents of a corpus, as links to the same files; made unless it is there.

    Raises:
        ValueError: if the corpus has fewer, or the number is no multiple of a thousand.
    """
    folders = documents // FILES_PER_FOLDER
    if documents % FILES_PER_FOLDER:
        raise ValueError(f"sizes are multiples of {FILES_PER_FOLDER}, not {documents}")
    for number in range(folders):
        source, target = corpus / f"{number:03d}", folder / f"{number:03d}"
        if not target.is_dir():
            target.mkdir(parents=True)
            for path in source.iterdir():
                os.link(path, target / path.name)
    return folder


def measure(
    contender: Contender, corpus: Path, work: Path, documents: int, *, seed: int, rounds: int, cold_rounds: int
) -> Size:
    """Build, update and search one size.

    Args:
        contender: one of Byline's.
        corpus: its folder of articles; may have more of them.
        work: where links and indexes are put.
        documents: how many to take of the corpus.
        seed: of the corpus.
        rounds: how often to ask each query, after once without taking the time.
        cold_rounds: how many processes to start for one answer each, one at least.
    """
    articles = first_documents(corpus, work / f"first-{documents}", documents)
    indexes = work / f"indexes-{documents}"
    location = indexes / contender.name
    location.mkdir(parents=True, exist_ok=True)
    arguments = ("-m", "benchmarks.process", "build", contender.name, str(articles), str(location))
    built = run(*arguments)
    updated = run(*arguments)
    queries = choose(Vocabulary.of(seed), documents, seed, DAYS)
    searches = measure_searches([contender], queries, indexes, rounds)[contender.name]
    common = next(query for query in queries if query.kind is QueryClass.COMMON)
    starts = [
        (run("-c", "pass").seconds, run("-m", "search", "--index", str(location), common.typed()).seconds)
        for _ in range(cold_rounds + 1)
    ][1:]
    return Size(
        documents,
        size_on_disk(articles),
        built.seconds,
        built.cpu_seconds,
        built.memory.own,
        built.memory.mapped,
        size_on_disk(location),
        updated.seconds,
        {kind.value: [second for taken in seconds for second in taken] for kind, seconds in searches.seconds.items()},
        [cold for _, cold in starts],
        [idle for idle, _ in starts],
    )


def as_markdown(sizes: Sequence[Size]) -> str:
    """Two tables: what each size takes, and its searches by class."""
    head = "documents | build s | documents/s | CPU s | own MB | mapped MB | index MB | index / files | update s"
    lines = [_row([*head.split(" | "), "cold start ms (× python -c pass)"]), _rule(10)]
    for size in sizes:
        values = [
            f"{size.documents:,}",
            f"{size.build_seconds:.1f}",
            f"{size.documents / size.build_seconds:,.0f}",
            f"{size.cpu_seconds:.1f}",
            megabytes([size.own_memory]),
            megabytes([size.mapped_memory]),
            f"{size.index_bytes / _MB:,.0f}",
            f"{size.index_bytes / size.text_bytes:.2f}",
            f"{size.update_seconds:.2f}",
            f"{median(size.cold_seconds) * 1e3:.0f} (× {size.cold_ratio:.1f})",
        ]
        lines.append(_row(values))
    lines += ["", _row(["search, ms: p50 / p95", *(f"{size.documents:,}" for size in sizes)]), _rule(len(sizes) + 1)]
    for kind in sizes[0].search_seconds:
        lines.append(_row([kind, *(f"{size.p50(kind) * 1e3:.2f} / {size.p95(kind) * 1e3:.2f}" for size in sizes)]))
    return "\n".join(lines)


def requirements(sizes: Sequence[Size]) -> Iterator[tuple[str, bool, str]]:
    """What must hold as an index grows, whether it does, and the number; only what these sizes tell of."""
    of = {size.documents: size for size in sizes}
    small, large = of.get(20_000), of.get(200_000)
    if small and large and small.own_memory:
        growth = large.own_memory / small.own_memory
        text = "as much memory of its own, within a fifth, for 200,000 documents as for 20,000"
        yield text, 0.8 <= growth <= 1.2, f"× {growth:.2f}"
    if large:
        kind = max(large.search_seconds, key=large.p95)
        slowest = large.p95(kind) * 1e3
        yield "p95 below 5 ms in 200,000 documents, for every class", slowest < 5, f"{kind} {slowest:.2f} ms"
        cold = large.cold_ratio
        yield "cold start at most ten times that of Python, in 200,000 documents", cold <= 10, f"× {cold:.1f}"
    small, large = of.get(100_000), of.get(1_000_000)
    if small and large:
        growths = {kind: large.p50(kind) / small.p50(kind) for kind in large.search_seconds}
        kind = max(growths, key=growths.__getitem__)
        text = "p50 in 1,000,000 documents at most three times that in 100,000, for every class"
        yield text, growths[kind] <= 3, f"{kind} × {growths[kind]:.1f}"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(columns: int) -> str:
    return _row(["---:"] * columns)


def draw(sizes: Sequence[Size], path: Path) -> None:
    """Write a plot with both axes logarithmic; straight lines of the same slope grow alike. Needs matplotlib."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "growth"  # the same picture for the same numbers
    from matplotlib import pyplot

    documents = [size.documents for size in sizes]
    panels: list[tuple[str, dict[str, list[float]]]] = [
        ("seconds", {"build": [s.build_seconds for s in sizes], "update, nothing changed": _updates(sizes)}),
        (
            "MB",
            {
                "memory of its own": [s.own_memory / _MB for s in sizes],
                "files mapped": [s.mapped_memory / _MB for s in sizes],
                "index": [s.index_bytes / _MB for s in sizes],
            },
        ),
        ("ms, p50 of a search", {kind: [s.p50(kind) * 1e3 for s in sizes] for kind in sizes[0].search_seconds}),
    ]
    figure, axes = pyplot.subplots(1, len(panels), figsize=(13, 4.2), layout="constrained")
    for axis, (unit, lines) in zip(axes, panels, strict=True):
        for name, values in lines.items():
            axis.plot(documents, values, marker="o", markersize=3, label=name)
        axis.set(xscale="log", yscale="log", xlabel="documents", ylabel=unit)
        axis.grid(visible=True, which="major", alpha=0.3)
        axis.legend(fontsize="small")
    figure.savefig(path, format="svg", metadata={"Date": None})


def _updates(sizes: Sequence[Size]) -> list[float]:
    return [size.update_seconds for size in sizes]


def grow(
    contender: Contender,
    corpus: Path,
    work: Path,
    documents: Sequence[int],
    *,
    seed: int = 1,
    rounds: int = 5,
    cold_rounds: int = 7,
    say: Callable[[str], None] = lambda _: None,
) -> list[Size]:
    """Measure every size in turn; see `measure`."""
    found = []
    for number in documents:
        found.append(measure(contender, corpus, work, number, seed=seed, rounds=rounds, cold_rounds=cold_rounds))
        say(f"{number:,} documents: built in {found[-1].build_seconds:.1f} s")
    return found


def main() -> None:
    """The command line."""
    known = {name: contender for name, contender in contenders().items() if name.startswith("byline")}
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description="How costs grow with documents.")
    parser.add_argument(
        "--sizes",
        type=lambda text: sorted({int(size) for size in text.split(",")}),
        default=[1_000, 20_000, 200_000],
        help="numbers of documents, multiples of a thousand (default 1000,20000,200000)",
    )
    parser.add_argument("--seed", type=int, default=1, help="another seed gives another corpus (default 1)")
    parser.add_argument("--engine", choices=known, default="byline-tantivy", help="(default byline-tantivy)")
    parser.add_argument("--work", type=Path, metavar="DIR", help="keep corpus and indexes here (default: nowhere)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything measured to this file")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="write a plot (SVG) to this file; needs matplotlib")
    arguments = parser.parse_args()
    if not arguments.sizes or any(size < FILES_PER_FOLDER or size % FILES_PER_FOLDER for size in arguments.sizes):
        parser.error(f"--sizes takes multiples of {FILES_PER_FOLDER}")
    with ExitStack() as stack:
        work = (arguments.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))).absolute()
        largest = arguments.sizes[-1]
        corpus = generate(work / f"corpus-{largest}-{arguments.seed}", largest, arguments.seed)
        sizes = grow(
            known[arguments.engine],
            corpus,
            work,
            arguments.sizes,
            seed=arguments.seed,
            say=lambda line: print(line, file=sys.stderr, flush=True),
        )
    print(f"{arguments.engine}, seed {arguments.seed}, {machine()}\n\n{as_markdown(sizes)}\n")
    for text, holds, numbers in requirements(sizes):
        print(f"- {text}: {'holds' if holds else 'FAILS'} ({numbers})")
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(size) for size in sizes], indent=1) + "\n", "utf-8")
    if arguments.plot:
        draw(sizes, arguments.plot)


if __name__ == "__main__":
    main()
