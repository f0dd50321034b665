"""Byline as a contender, through the functions that its command line and its users call."""

from __future__ import annotations

from pathlib import Path

from benchmarks.contenders import HITS, Answer, Search
from benchmarks.queries import BenchQuery, QueryClass


class Byline:
    """`build` and `search` of Byline with one of its engines."""

    program = ""
    reads_otherwise: frozenset[QueryClass] = frozenset()

    def __init__(self, engine: str) -> None:
        self.engine = engine
        self.name = f"byline-{engine}"
        self.library = "tantivy" if engine == "auto" else engine

    def build(self, articles: Path, location: Path) -> None:
        """Index the folder, in a process that does nothing else, as `byline index` does it."""
        from index.build import build

        report = build([articles], location, engine=self.engine, alone=True)
        if report.skipped:
            raise RuntimeError(f"{self.name} skipped {len(report.skipped)} files, the first: {report.skipped[0]}")

    def open(self, location: Path) -> Search:
        """`search.search`, ten hits with their snippets."""
        from search import search

        def answer(query: BenchQuery) -> Answer:
            results = search(query.typed(), index=location, limit=HITS)
            if results.partial:  # documents that lack a word of the query, offered since none has them all
                return Answer(0, 0, 0)
            marked = sum(any(snippet.spans for snippet in hit.snippets) for hit in results)
            return Answer(results.total, len(results), marked)

        return answer
