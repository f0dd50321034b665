"""Compare Byline's highlighter and passages with the snippet generators of tantivy, SQLite, Xapian and whoosh.

    python -m benchmarks.snippets --documents 1000

See the section "Snippets" of README.md in this folder.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import itertools
import platform
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.generate import generate
from benchmarks.snippet_rivals import (
    Generator,
    Kind,
    MissingLibraryError,
    Question,
    SqliteSnippets,
    TantivySnippets,
    WhooshSnippets,
    XapianSnippets,
)

if TYPE_CHECKING:
    from index.document import Document
    from index.query import Query

HITS = 10
"""How many documents each question gets snippets for."""

_FEWEST_HITS = 5  # questions with fewer are left out
_PER_KIND = 6  # questions of each kind
_HUGE = 50_000_000  # characters


class BylineSnippets:
    """Byline's highlighter, with some passages of each document or with none."""

    def __init__(self, documents: Sequence[Document], passages: int) -> None:
        self.name = {0: "byline, marks only", 1: "byline, one passage"}.get(passages, "byline")
        self.versions: dict[str, str] = {}
        self._documents = documents
        self._passages = passages

    def measure(self, question: Question, hits: Sequence[int]) -> tuple[float, int] | None:
        """Seconds for all hits together, and how many of them got a mark."""
        from search.highlighting.highlight import Highlighter
        from search.highlighting.snippets import best_passages

        query = _lowered(question)
        documents = [self._documents[number] for number in hits]
        marked = 0
        start = time.thread_time()
        highlighter = Highlighter(query)
        for document in documents:
            marks = highlighter.mark(document)
            if self._passages:
                snippets = best_passages(document.body, marks.body, count=self._passages)
                marked += any(snippet.spans for snippet in snippets)
            else:
                marked += bool(marks.body)
        return time.thread_time() - start, marked


def _lowered(question: Question) -> Query:
    from search.lowering.whole_query import lower
    from search.query_language.parser import parse

    return lower(parse(question.typed()).tree, ["en"]).matching


@dataclass
class Taken:
    """What one generator took for one kind of question.

    Attributes:
        rounds: for each round, the seconds per hit of every question.
        marked: how many hits got a mark, of all.
    """

    rounds: list[list[float]] = field(default_factory=list)
    marked: int = 0
    hits: int = 0


Results = dict[str, dict[Kind, Taken]]


def compare(
    documents: Sequence[Document], questions: Sequence[Question], generators: Sequence[Generator], rounds: int
) -> Results:
    """Measure every generator on the same documents, `rounds` times after once without taking the time.

    The documents of a question are the first ten in which Byline marks something; in every round another generator
    begins.
    """
    chosen = [(question, hits) for question in questions if len(hits := _hits(question, documents)) >= _FEWEST_HITS]
    results: Results = {generator.name: defaultdict(Taken) for generator in generators}
    by_kind: dict[Kind, list[tuple[Question, list[int]]]] = defaultdict(list)
    for question, hits in chosen:
        if len(by_kind[question.kind]) < _PER_KIND:
            by_kind[question.kind].append((question, hits))
    for generator in generators:
        for kind, asked in by_kind.items():
            answers = [generator.measure(question, hits) for question, hits in asked]
            results[generator.name][kind].marked = sum(answer[1] for answer in answers if answer)
            results[generator.name][kind].hits = sum(len(hits) for _, hits in asked)
    gc.collect()
    gc.freeze()
    for number in range(rounds):
        at = number % len(generators)
        for kind, asked in by_kind.items():
            for generator in [*generators[at:], *generators[:at]]:
                answers = [generator.measure(question, hits) for question, hits in asked]
                per_hit = [answer[0] / len(hits) for answer, (_, hits) in zip(answers, asked, strict=True) if answer]
                results[generator.name][kind].rounds.append(per_hit)
    return results


def _hits(question: Question, documents: Sequence[Document]) -> list[int]:
    from search.highlighting.highlight import Highlighter

    highlighter = Highlighter(_lowered(question))
    found: list[int] = []
    for number, document in enumerate(documents):
        if highlighter.mark(document).body:
            found.append(number)
            if len(found) == HITS:
                break
    return found


def questions_for(documents: Sequence[Document]) -> list[Question]:
    """Questions of every kind, made of words of the documents themselves, always the same ones."""
    from collections import Counter

    counts: Counter[str] = Counter()
    following: Counter[tuple[str, str]] = Counter()
    for document in documents:
        words = [word for word in document.body.lower().split() if word.isascii() and word.isalpha()]
        counts.update(set(words))
        following.update(set(itertools.pairwise(words)))
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    common = [word for word in ranked if len(word) > 2 and counts[word] >= len(documents) // 4]
    usual = [word for word in ranked if len(word) > 5 and len(documents) // 100 <= counts[word] <= len(documents) // 4]
    usual = usual[:: max(1, len(usual) // 200)] or ranked[:50]
    pairs = sorted(following, key=lambda pair: (-following[pair], pair))
    phrases = [pair for pair in pairs if min(map(len, pair)) > 3] or pairs
    asked: list[Question] = []
    for number, word in enumerate(usual[: 4 * _PER_KIND]):
        other = usual[(number * 7 + 3) % len(usual)]
        asked += [
            Question(Kind.ONE_WORD, (word,)),
            Question(Kind.TWO_WORDS, (word, other)),
            Question(Kind.PREFIX, (word[:4],)),
            Question(Kind.FUZZY, (word,)),
            Question(Kind.REGEX, (f"{word[:3]}[a-z]*{word[-1]}",)),
        ]
    asked += [Question(Kind.COMMON, pair) for pair in zip(common[::2], common[1::2], strict=False)]
    asked += [Question(Kind.PHRASE, pair) for pair in phrases[:_PER_KIND]]
    return asked


def huge_document(documents: Sequence[Document]) -> Document:
    """A text of 50 million characters whose last sentence alone has the word "zyzzyva"."""
    from index.document import Document

    whole = "\n\n".join(document.body for document in documents)
    body = ((whole + "\n\n") * (_HUGE // len(whole) + 1))[: _HUGE - 40] + "\n\nAt last the zyzzyva slept.\n"
    return Document(source="huge.txt", title="Huge", body=body, language="en")


def measure_huge(document: Document, words: Sequence[str]) -> Iterable[tuple[str, float, int, bool]]:
    """For each word: it, Byline's seconds, its peak of memory in bytes, and whether it found something to mark."""
    import tracemalloc

    generator = BylineSnippets([document], 2)
    for word in words:
        question = Question(Kind.ONE_WORD, (word,))
        taken = median(answer[0] for _ in range(3) if (answer := generator.measure(question, [0])))
        tracemalloc.start()
        answer = generator.measure(question, [0])
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        yield word, taken, peak, bool(answer and answer[1])


def as_markdown(results: Results, missing: Sequence[str]) -> str:
    """A table of microseconds per hit, each with its ratio to Byline's."""
    mine = results["byline"]
    lines = [
        "| µs per hit (× Byline), hits with a mark | " + " | ".join(results) + " |",
        "|---|" + "---:|" * len(results),
    ]
    for kind in mine:
        cells = []
        for name, kinds in results.items():
            taken = kinds[kind]
            if not any(taken.rounds):
                cells.append("–")
                continue
            per_hit = median(second for entry in taken.rounds for second in entry) * 1e6
            pairs = zip(taken.rounds, mine[kind].rounds, strict=True)
            ratio = median(median(other) / median(own) for other, own in pairs)
            times = "" if name == "byline" else f" ({ratio:.2f})"
            cells.append(f"{per_hit:.0f}{times}, {taken.marked}/{taken.hits}")
        lines.append(f"| {kind.value} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, *(f"\n{note}" for note in missing)])


def conditions(documents: Sequence[Document], rounds: int, others: dict[str, str]) -> str:
    """When, on what and with which versions: one line."""
    versions = {"Python": platform.python_version(), **others}
    words = sum(len(document.body.split()) for document in documents) // max(1, len(documents))
    return (
        f"{len(documents):,} documents of {words:,} words, {dt.datetime.now(dt.UTC):%Y-%m-%d}, "
        + ", ".join(f"{name} {number}" for name, number in versions.items())
        + f", {platform.system()} {platform.machine()}, {rounds} rounds"
    )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.snippets", description="Compare snippet generators with each other."
    )
    parser.add_argument("--documents", type=int, default=1000, help="size of the generated corpus (default 1000)")
    parser.add_argument("--articles", type=Path, metavar="DIR", help="these articles instead of generated ones")
    parser.add_argument("--rounds", type=int, default=15, help="how often to measure (default 15)")
    parser.add_argument("--no-huge", action="store_true", help="leave out the document of 50 MB")
    parser.add_argument(
        "--xapian-python",
        metavar="PROGRAM",
        help="an interpreter that can import xapian (default: this one, then /usr/bin/python3)",
    )
    arguments = parser.parse_args()
    if arguments.documents < 1 or arguments.rounds < 1:
        parser.error("--documents and --rounds take numbers from 1 on")
    from index import read

    with ExitStack() as stack:
        folder = arguments.articles
        if folder is None:
            work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            folder = generate(work / "corpus", arguments.documents, seed=1)
        documents = [document for document in read(folder) if document.body][: arguments.documents]
        if not documents:
            parser.error(f"there are no articles in {folder}")
        generators: list[Generator] = [BylineSnippets(documents, passages) for passages in (2, 1, 0)]
        missing, versions = [], {"tantivy": version("tantivy")}
        makers: list[Callable[[], Generator]] = [
            lambda: TantivySnippets(documents),
            lambda: SqliteSnippets(documents),
            lambda: XapianSnippets(documents, arguments.xapian_python, stack),
            lambda: WhooshSnippets(documents),
        ]
        for make in makers:
            try:
                generator = make()
            except MissingLibraryError as error:
                missing.append(str(error))
            else:
                generators.append(generator)
                versions |= generator.versions
        results = compare(documents, questions_for(documents), generators, arguments.rounds)
        print(conditions(documents, arguments.rounds, versions), as_markdown(results, missing), sep="\n\n")
    if not arguments.no_huge:
        print("\n| 50 MB document, one word | ms | peak MB | marked |\n|---|---:|---:|---|")
        huge = huge_document(documents)
        first = next(word for word in huge.body.lower().split() if word.isalpha() and len(word) > 5)
        for word, taken, peak, marked in measure_huge(huge, [first, "the", "zyzzyva", "nowhere"]):
            print(f"| {word} | {taken * 1e3:,.1f} | {peak / 1e6:,.1f} | {'yes' if marked else 'no'} |", flush=True)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
