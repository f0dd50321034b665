"""What the benchmark compares, and what each contender has to be able to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.queries import BenchQuery, QueryClass

HITS = 10
"""How many hits with snippets a search shows."""


@dataclass(frozen=True)
class Answer:
    """What a search gave.

    Attributes:
        total: how many documents match.
        shown: how many of them it gives with title, authors, date and path, at most `HITS`.
        snippets: how many of those came with a snippet in which something is marked.
    """

    total: int
    shown: int
    snippets: int


Search = Callable[[BenchQuery], Answer]


class Contender(Protocol):
    """One way to make a folder of articles searchable."""

    name: str
    library: str
    """What has to be installed for it, as an import name; "" for none."""
    program: str
    """Likewise, as the name of a program; "" for none."""
    reads_otherwise: frozenset[QueryClass]
    """The query classes it reads as another question, so that its totals may be other ones."""

    def build(self, articles: Path, location: Path) -> None:
        """Index every file in `articles`; `location` is an existing empty folder."""

    def open(self, location: Path) -> Search:
        """A search function over the finished index; what can be prepared before the first query is."""


def contenders() -> dict[str, Contender]:
    """All contenders by name, the plain scripts first."""
    from benchmarks.byline import Byline
    from benchmarks.desktop import Recoll
    from benchmarks.rivals import PlainTantivy, PlainWhoosh
    from benchmarks.sqlite_rival import PlainSqlite

    known: list[Contender] = [
        PlainTantivy(),
        PlainTantivy(stems_alone=True),
        PlainSqlite(),
        PlainWhoosh(),
        Recoll(),
        Byline("tantivy"),
        Byline("whoosh"),
        Byline("auto"),
    ]
    return {contender.name: contender for contender in known}
