"""The results as Markdown tables and as JSON."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from statistics import median
from typing import Any

from benchmarks.contenders import Contender
from benchmarks.measure import Builds, Searches, ratio
from benchmarks.queries import BenchQuery, QueryClass
from index.version import VERSION

_MB = 1_000_000


@dataclass(frozen=True)
class Results:
    """One run of the benchmark.

    Attributes:
        documents, seed: of the corpus.
        text_size: of its files, in bytes.
        rounds: how often everything was measured.
        contenders: in the order of the tables.
        queries: all queries.
        builds, searches, cold: by contender; `cold` also has a process that does nothing.
    """

    documents: int
    seed: int
    text_size: int
    rounds: int
    contenders: Sequence[Contender]
    queries: Sequence[BenchQuery]
    builds: dict[str, Builds]
    searches: dict[str, Searches]
    cold: dict[str, list[float]]

    @property
    def baseline(self) -> str:
        """The contender that others are compared with: the first, plain tantivy unless it was left out."""
        return self.contenders[0].name


def _versions() -> dict[str, str]:
    found = {"Python": platform.python_version(), "Byline": VERSION}
    for name in ("tantivy", "whoosh3"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _load() -> str:
    """How many processes wanted a CPU in the last quarter of an hour; more than there are CPUs spoils the times."""
    try:
        return f"{os.getloadavg()[2]:.1f}"
    except (AttributeError, OSError):  # not on Windows
        return "unknown"


def conditions(results: Results) -> str:
    """When, on what and with which versions: one line."""
    corpus = f"{results.documents:,} documents (seed {results.seed}, {results.text_size / _MB:.1f} MB)"
    return f"{corpus}, {machine()}, {results.rounds} rounds"


def machine() -> str:
    """The day, the versions and the machine of a measurement."""
    versions = ", ".join(f"{name} {number}" for name, number in _versions().items())
    return (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {versions}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} CPUs, load average {_load()}"
    )


def megabytes(values: Sequence[float]) -> str:
    """The median of bytes, as the tables show it; "?" where they are not known."""
    return f"{median(values) / _MB:,.0f}" if any(values) else "?"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [header, rule, *rows])


def _build_table(results: Results) -> str:
    baseline = results.builds[results.baseline]
    rows = []
    for name, builds in results.builds.items():
        seconds = median(builds.seconds)
        rows.append(
            [
                name,
                f"{results.documents / seconds:,.0f}",
                f"{1 / ratio(builds.seconds, baseline.seconds):.2f}",
                f"{seconds:.2f}",
                f"{median(builds.cpu_seconds):.2f}",
                megabytes([each.own for each in builds.memory]),
                megabytes([each.mapped for each in builds.memory]),
                f"{builds.size / _MB:.1f}",
                f"{builds.size / results.text_size:.2f}",
            ]
        )
    header = [
        "build",
        "documents/s",
        f"× {results.baseline}",
        "seconds",
        "CPU seconds",
        "own MB",
        "mapped MB",
        "index MB",
        "index / files",
    ]
    return _table(header, rows)


def _search_table(results: Results) -> str:
    baseline = results.searches[results.baseline]
    rows = []
    for kind in dict.fromkeys(query.kind for query in results.queries):
        found = sorted(query.documents for query in results.queries if query.kind is kind)
        cells = [
            f"{searches.p50(kind) * 1e3:.2f} / {searches.p95(kind) * 1e3:.2f} ({searches.ratio(baseline, kind):.2f})"
            for searches in results.searches.values()
        ]
        rows.append([kind.value, f"{found[0]:,}–{found[-1]:,}", *cells])
    return _table(["search, ms: p50 / p95 (ratio)", "documents found", *results.searches], rows)


def _cold_table(results: Results) -> str:
    rows = [[name, f"{median(taken) * 1e3:.0f}", f"{min(taken) * 1e3:.0f}"] for name, taken in results.cold.items()]
    return _table(["cold start to one answer, ms", "median", "least"], rows)


def differences(results: Results) -> Iterator[str]:
    """One line for each contender that found other numbers of documents than it must, and for each that may."""
    for contender in results.contenders:
        totals = results.searches[contender.name].totals
        pairs = list(zip(results.queries, totals, strict=True))
        compared = [(query, total) for query, total in pairs if query.kind not in contender.reads_otherwise]
        wrong = [(query, total) for query, total in compared if total != query.documents]
        line = f"{contender.name}: {len(compared) - len(wrong)} of {len(compared)} queries find exactly what they must"
        if wrong:
            shown = ", ".join(f"`{query.typed()}` {total} not {query.documents}" for query, total in wrong[:5])
            line += f"; not so {shown}{' …' if len(wrong) > 5 else ''}"
        if contender.reads_otherwise:
            kinds = ", ".join(kind.value for kind in QueryClass if kind in contender.reads_otherwise)
            line += f"; not compared, since it asks otherwise: {kinds}"
        yield line


def as_markdown(results: Results) -> str:
    """Everything a person wants to see."""
    parts = [conditions(results), _build_table(results), _search_table(results)]
    if results.cold:
        parts.append(_cold_table(results))
    parts.append("\n".join(f"- {line}" for line in differences(results)))
    return "\n\n".join(parts)


def as_json(results: Results) -> dict[str, Any]:
    """Everything measured, unrounded: seconds and bytes."""
    return {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "versions": _versions(),
        "system": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count(),
        "load_average": _load(),
        "documents": results.documents,
        "seed": results.seed,
        "text_size": results.text_size,
        "rounds": results.rounds,
        "queries": [query.to_dict() for query in results.queries],
        "contenders": {
            contender.name: {
                "build_seconds": results.builds[contender.name].seconds,
                "build_cpu_seconds": results.builds[contender.name].cpu_seconds,
                "build_memory": [each._asdict() for each in results.builds[contender.name].memory],
                "size": results.builds[contender.name].size,
                "search_seconds": {
                    kind.value: rounds for kind, rounds in results.searches[contender.name].seconds.items()
                },
                "totals": results.searches[contender.name].totals,
            }
            for contender in results.contenders
        },
        "cold_seconds": results.cold,
    }
