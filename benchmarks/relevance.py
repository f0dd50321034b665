"""Measure the ranking on test collections, beside bm25s, plain tantivy and plain whoosh.

    python -m benchmarks.relevance DIR

DIR holds a folder for each collection, with `corpus.jsonl`, `queries.jsonl` and `qrels.tsv`. See README.md.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.rankers import RIVALS, Collection
from search.evaluation.evaluate import MEASURES, Evaluation, difference, evaluate, measure
from search.evaluation.options import known_options

WHOOSH_MOST = 6_000
"""Larger collections are not given to whoosh, which would take many minutes."""

BYLINE = {"byline-tantivy": "tantivy", "byline-whoosh": "whoosh"}
EXPANDED = "byline-tantivy expand"
MAIN = "nDCG@10"

CLASSIC = ("cranfield", "cisi", "cacm", "scifact")
XQUAD = ("xquad-de", "xquad-es", "xquad-ru", "xquad-zh")

Values = Mapping[str, Mapping[str, float]]
"""For each query's id, every measure."""


@dataclass
class Results:
    """Every measure of every query, by collection and contender."""

    by_collection: dict[str, dict[str, Values]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def mean(self, collection: str, contender: str, name: str) -> float | None:
        """The mean over a collection's queries; None if it was not measured."""
        values = self.by_collection.get(collection, {}).get(contender)
        return statistics.fmean(value[name] for value in values.values()) if values else None

    def mean_over(self, collections: Sequence[str], contender: str, name: str) -> float | None:
        """The mean of the collections' means; None if any of them was not measured."""
        means = [self.mean(collection, contender, name) for collection in collections]
        return None if not means or None in means else statistics.fmean(mean for mean in means if mean is not None)


def contenders() -> list[str]:
    """All that can take part, in the order of the table's columns."""
    expanded = [EXPANDED] if "expand" in known_options() else []
    return [*BYLINE, *expanded, *RIVALS]


def run(
    collection: Collection, chosen: Sequence[str], location: Path, depth: int, notes: list[str]
) -> dict[str, Values]:
    """What each contender reaches on a collection; `location` is an existing folder for the indexes."""
    from index.build import build

    results: dict[str, Values] = {}
    for name in chosen:
        engine = "tantivy" if name == EXPANDED else BYLINE.get(name, name.removeprefix("plain-"))
        if engine == "whoosh" and len(collection.documents) > WHOOSH_MOST:
            continue
        if engine == "bm25s" and not importlib.util.find_spec("bm25s"):
            continue
        started = time.perf_counter()
        if name in BYLINE or name == EXPANDED:
            index = location / collection.name / engine
            report = build([collection.corpus], index, engine=engine)
            if report.skipped:
                raise RuntimeError(f"{name} skipped {report.skipped[0]}")
            options = {"expand": True} if name == EXPANDED else {}
            found = evaluate(collection.queries, collection.judgements, index=index, options=options, depth=depth)
            results[name] = {query.id: query.measures for query in found.queries}
            notes += _notes(collection, name, found)
        else:
            rank = RIVALS[name](collection, location / collection.name / name)
            ranked = {query: rank(text, depth) for query, text in collection.queries.items()}
            results[name] = measure(collection.judgements, ranked)
        print(f"{collection.name}: {name} in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return results


def _notes(collection: Collection, name: str, found: Evaluation) -> Iterator[str]:
    if found.missing:
        yield f"{name} has no text for {len(found.missing)} judged documents of {collection.name}"
    for query in found.queries:
        if query.error:
            yield f"{name} could not run query {query.id} of {collection.name}: {query.error}"


def table(results: Results, chosen: Sequence[str], name: str) -> Iterator[str]:
    """A Markdown table of one measure: a row for each collection, and the means of those that all have been through."""
    yield f"| {name} | " + " | ".join(chosen) + " |"
    yield "|---|" + "---:|" * len(chosen)
    rows: list[tuple[str, tuple[str, ...]]] = [(collection, (collection,)) for collection in results.by_collection]
    groups: dict[str, tuple[str, ...]] = {"mean of the four in English": CLASSIC, "mean of xquad": XQUAD}
    for label, group in groups.items():
        if results.by_collection.keys() >= set(group):
            rows.append((f"**{label}**", group))
    for label, group in rows:
        means = [results.mean_over(group, contender, name) for contender in chosen]
        yield f"| {label} | " + " | ".join("–" if mean is None else f"{mean:.4f}" for mean in means) + " |"


def requirements(results: Results) -> Iterator[tuple[str, bool | None, str]]:
    """What the ranking has to reach: the requirement, whether it holds (None: not measured), and the numbers."""
    for text, group, contender, least in (
        ("mean nDCG@10 of the four in English at least .540", CLASSIC, "byline-tantivy", 0.540),
        ("the same with expansion at least .550", CLASSIC, EXPANDED, 0.550),
        ("mean nDCG@10 of xquad at least .95", XQUAD, "byline-tantivy", 0.95),
    ):
        mean = results.mean_over(group, contender, MAIN)
        yield text, None if mean is None else mean >= least, "" if mean is None else f"{mean:.4f}"
    before = results.mean_over(CLASSIC, "byline-tantivy", "recall@100")
    after = results.mean_over(CLASSIC, EXPANDED, "recall@100")
    gain = None if before is None or after is None else after - before
    yield (
        "mean recall@100 of the four up by at least .03 with expansion",
        None if gain is None else gain >= 0.03,
        "" if gain is None else f"{gain:+.4f}",
    )
    yield _gaps("none of the four below bm25s by more than .005", results, CLASSIC, "bm25s", 0.005, below=True)
    everywhere = list(results.by_collection)
    yield _gaps("both engines within .01 of each other everywhere", results, everywhere, "byline-whoosh", 0.01)


def _gaps(
    text: str, results: Results, collections: Sequence[str], other: str, most: float, *, below: bool = False
) -> tuple[str, bool | None, str]:
    """How far byline-tantivy is from another contender on each collection."""
    gaps: dict[str, float] = {}
    for collection in collections:
        ours, theirs = results.mean(collection, "byline-tantivy", MAIN), results.mean(collection, other, MAIN)
        if ours is not None and theirs is not None:
            gaps[collection] = ours - theirs
    if not gaps:
        return text, None, ""
    worst = min(gaps, key=lambda name: gaps[name] if below else -abs(gaps[name]))
    holds = gaps[worst] >= -most if below else abs(gaps[worst]) <= most
    return text, holds, f"{worst} {gaps[worst]:+.4f}"


def worst_queries(
    collection: Collection, results: Mapping[str, Values], first: str, second: str, number: int
) -> Iterator[str]:
    """The queries on which the first is furthest below the second."""
    if first not in results or second not in results:
        return
    ours = [values[MAIN] for values in results[first].values()]
    theirs = [results[second][query][MAIN] for query in results[first]]
    found = difference(theirs, ours)
    interval = f", 95% interval {found.low:+.4f} to {found.high:+.4f}, p = {found.p:.4f}" if found.p is not None else ""
    yield f"\n{collection.name}: {first} beside {second}: {found.mean:+.4f}{interval}; better on {found.better} queries"
    yield f"and worse on {found.worse}. The worst:"
    gaps = sorted(
        (mine - other, query, mine, other) for query, mine, other in zip(results[first], ours, theirs, strict=True)
    )
    for gap, query, mine, other in gaps[:number]:
        if gap < 0:
            yield f"- {query}: {mine:.3f} beside {other:.3f}: {' '.join(collection.queries[query].split())[:160]}"


def main() -> None:
    """Reads the arguments, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--collection", action="append", metavar="NAME", help="only this one; may come several times")
    parser.add_argument(
        "--contender", action="append", choices=contenders(), help="only this one; may come several times"
    )
    parser.add_argument("--all", action="store_true", help="recall@100, MRR and MAP too")
    parser.add_argument("--depth", type=int, default=100, help="hits of each query to look at; bounds MRR and MAP")
    parser.add_argument("--worst", type=int, metavar="N", default=0, help="show N queries where bm25s is better")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every value of every query to this file")
    options = parser.parse_args()
    folders = sorted(path.parent for path in options.folder.glob("*/corpus.jsonl"))
    if options.collection:
        folders = [folder for folder in folders if folder.name in options.collection]
    if not folders:
        parser.error(f"no collections in {options.folder}")
    chosen = options.contender or contenders()
    if "bm25s" in chosen and not importlib.util.find_spec("bm25s"):
        print("bm25s is left out, since it is not installed: pip install 'byline[bench]'\n")
        chosen = [name for name in chosen if name != "bm25s"]
    results = Results()
    worst: list[str] = []
    with tempfile.TemporaryDirectory(prefix="byline-relevance-") as location:
        for folder in folders:
            collection = Collection.read(folder)
            (Path(location) / collection.name).mkdir()
            found = run(collection, chosen, Path(location), options.depth, results.notes)
            results.by_collection[collection.name] = found
            if options.worst:
                worst += worst_queries(collection, found, "byline-tantivy", "bm25s", options.worst)
    for name in MEASURES if options.all else [MAIN]:
        print("\n".join(table(results, chosen, name)) + "\n")
    for text, holds, numbers in requirements(results):
        verdict = "not measured" if holds is None else "holds" if holds else "FAILS"
        print(f"- {text}: {verdict}{f' ({numbers})' if numbers else ''}")
    print("\n".join(["", *results.notes, *worst]) if results.notes or worst else "", end="\n" if worst else "")
    if options.json:
        options.json.write_text(json.dumps(results.by_collection, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
