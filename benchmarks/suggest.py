"""Measure how fast `suggest()` completes words and titles.

    python -m benchmarks.suggest --documents 100000 --work DIR

See README.md in this folder.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.generate import article, generate
from benchmarks.report import machine
from benchmarks.words import Vocabulary
from index.build import build
from search import suggest

_LENGTHS = (1, 2, 3, 5)


def prefixes(documents: int, seed: int, count: int) -> dict[str, list[str]]:
    """What people may have typed so far, by its kind: beginnings of words, of a word after another, and of titles.

    The words are those of articles of the corpus, as often as they stand there; each prefix comes once.
    """
    rng = random.Random(f"prefixes {seed}")
    vocabulary = Vocabulary.of(seed)
    found: dict[str, list[str]] = {}
    for _ in range(count):
        made = article(vocabulary, seed, rng.randrange(documents))
        at = rng.randrange(1, len(made.body_words))
        before, word = made.body_words[at - 1 : at + 1]
        for letters in _LENGTHS:
            found.setdefault(_letters(letters), []).append(word[:letters])
            found.setdefault(f"{_letters(letters)} after a word", []).append(f"{before} {word[:letters]}")
        found.setdefault("10 letters of a title", []).append(made.title[:10])
    return {kind: list(dict.fromkeys(each)) for kind, each in found.items()}


def _letters(count: int) -> str:
    return "1 letter" if count == 1 else f"{count} letters"


def measure(index: Path, asked: dict[str, list[str]]) -> Iterator[str]:
    """The lines of a Markdown table: milliseconds of processor time for prefixes when new, and when asked again."""
    started = time.process_time()
    suggest("", index=index)
    yield f"The first request of a process, which opens the index: {(time.process_time() - started) * 1000:.0f} ms."
    yield ""
    yield "| prefix | prefixes | new: p50 | p95 | most | again: p50 | p95 | most |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for kind, texts in asked.items():
        new, again = ([_milliseconds(index, text) for text in texts] for _ in range(2))
        yield f"| {kind} | {len(texts)} | {_three(new)} | {_three(again)} |"


def _milliseconds(index: Path, text: str) -> float:
    started = time.process_time()
    suggest(text, index=index)
    return (time.process_time() - started) * 1000


def _three(times: list[float]) -> str:
    p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return f"{statistics.median(times):.2f} | {p95:.2f} | {max(times):.2f}"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.suggest", description="Measure completion.")
    parser.add_argument("--documents", type=int, default=10_000, help="size of the corpus (default 10,000)")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives another corpus (default 1)")
    parser.add_argument("--prefixes", type=int, default=300, help="of each kind, at most (default 300)")
    parser.add_argument("--work", type=Path, metavar="DIR", help="keep corpus and index here (default: nowhere)")
    arguments = parser.parse_args()
    with contextlib.ExitStack() as stack:
        work = arguments.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        articles = generate(work / "corpus", arguments.documents, arguments.seed)
        index = work / ".byline"
        build([articles], index, engine="tantivy")
        print(f"{arguments.documents:,} documents (seed {arguments.seed}), {machine()}\n")
        for line in measure(index, prefixes(arguments.documents, arguments.seed, arguments.prefixes)):
            print(line)


if __name__ == "__main__":
    main()
