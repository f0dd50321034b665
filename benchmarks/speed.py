"""Compare Byline's engines with plain scripts over the same libraries: building, size, searching, cold start.

    python -m benchmarks.speed --documents 5000

See README.md in this folder.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.contenders import Contender, contenders
from benchmarks.generate import generate
from benchmarks.measure import measure_builds, measure_cold, measure_searches
from benchmarks.process import size_on_disk
from benchmarks.queries import load
from benchmarks.report import Results, as_json, as_markdown

WHOOSH_MOST = 2000
"""In larger corpora, contenders that use whoosh take part only when named: they take minutes."""

_FEW_DOCUMENTS = 20


def compare(
    chosen: Sequence[Contender],
    directory: Path,
    *,
    documents: int,
    seed: int = 1,
    rounds: int = 5,
    search_rounds: int = 10,
    cold_rounds: int = 7,
    say: Callable[[str], None] = lambda _: None,
) -> Results:
    """Measure the chosen contenders.

    Args:
        chosen: the first is the one that others are compared with.
        directory: for the corpus and the indexes; a corpus that an earlier run left there is used again.
        documents, seed: of the corpus.
        rounds, search_rounds, cold_rounds: how often to build, to ask every query and to start; 0 skips the last.
        say: is told what has been done.
    """
    corpus = directory / f"corpus-{documents}-{seed}"
    articles, indexes = generate(corpus, documents, seed), directory / "indexes"
    queries = load(corpus / "queries.json")
    say(f"{documents} documents are ready")
    few_articles = generate(directory / f"corpus-few-{seed}", _FEW_DOCUMENTS, seed)
    builds = measure_builds(chosen, articles, few_articles, indexes, rounds, say)
    cold = measure_cold(chosen, corpus / "queries.json", indexes, cold_rounds) if cold_rounds else {}
    searches = measure_searches(chosen, queries, indexes, search_rounds)
    return Results(documents, seed, size_on_disk(articles), rounds, chosen, queries, builds, searches, cold)


def is_installed(contender: Contender) -> bool:
    """Whether there is what a contender needs."""
    library, program = contender.library, contender.program
    return (not library or importlib.util.find_spec(library) is not None) and (
        not program or shutil.which(program) is not None
    )


def main() -> None:
    """The command line."""
    known = contenders()
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed", description="Compare Byline's engines with plain scripts."
    )
    parser.add_argument("--documents", type=int, default=1000, help="size of the corpus (default 1000)")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives another corpus (default 1)")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="rounds of building (default 5)")
    parser.add_argument(
        "--engines",
        type=lambda text: text.split(","),
        metavar="NAMES",
        help=f"contenders, separated by commas, the one to compare with first: {', '.join(known)} "
        f"(default: all, above {WHOOSH_MOST:,} documents those without whoosh)",
    )
    parser.add_argument("--work", type=Path, metavar="DIR", help="keep corpus and indexes here (default: nowhere)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything measured to this file")
    arguments = parser.parse_args()
    if arguments.documents < 1 or arguments.repeat < 1:
        parser.error("--documents and --repeat take numbers from 1 on")
    if unknown := [name for name in arguments.engines or [] if name not in known]:
        parser.error(f"unknown contender {', '.join(unknown)}; known are {', '.join(known)}")

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    names = arguments.engines or [
        name for name, contender in known.items() if arguments.documents <= WHOOSH_MOST or contender.library != "whoosh"
    ]
    if missing := [name for name in names if not is_installed(known[name])]:
        if arguments.engines:
            parser.error(f"{', '.join(missing)}: it is not installed; leave it out of --engines")
        say(f"left out, since not installed: {', '.join(missing)}")
        names = [name for name in names if name not in missing]
    with contextlib.ExitStack() as stack:
        work = arguments.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        results = compare(
            [known[name] for name in names],
            work.absolute(),
            documents=arguments.documents,
            seed=arguments.seed,
            rounds=arguments.repeat,
            say=say,
        )
    print(as_markdown(results))
    if arguments.json:
        arguments.json.write_text(json.dumps(as_json(results), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
