"""The queries of the benchmark: eight classes and one that joins two, each with how many documents it must find."""

from __future__ import annotations

import datetime as dt
import enum
import json
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.words import Vocabulary, forms

PER_CLASS = 8
"""How many queries of each class there are."""


class QueryClass(enum.StrEnum):
    """What kind of question a query is."""

    RARE = "rare"
    COMMON = "common"
    AND = "AND"
    OR = "OR"
    PHRASE = "phrase"
    PREFIX = "prefix"
    DATES = "date range"
    NEGATION = "negation"
    WORD_IN_DATES = "word in date range"


@dataclass(frozen=True)
class BenchQuery:
    """One query, not yet in anybody's syntax.

    Attributes:
        kind: its class.
        words: lemmas; for a phrase, its words in order; for a prefix, the prefix alone.
        excluded: a lemma that must not occur, for a negation.
        first, last: the days of a date range, both included.
        documents: how many documents it must find; -1 as long as that is unknown.
    """

    kind: QueryClass
    words: tuple[str, ...] = ()
    excluded: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    documents: int = -1

    def typed(self) -> str:
        """The query in Whoosh's language, which Byline reads too."""
        match self.kind:
            case QueryClass.RARE | QueryClass.COMMON:
                return self.words[0]
            case QueryClass.AND:
                return " AND ".join(self.words)
            case QueryClass.OR:
                return " OR ".join(self.words)
            case QueryClass.PHRASE:
                return f'"{" ".join(self.words)}"'
            case QueryClass.PREFIX:
                return f"{self.words[0]}*"
            case QueryClass.NEGATION:
                return f"{self.words[0]} NOT {self.excluded}"
            case QueryClass.DATES:
                return f"date:[{self.first:%Y%m%d} TO {self.last:%Y%m%d}]"
            case QueryClass.WORD_IN_DATES:
                return f"{self.words[0]} date:[{self.first:%Y%m%d} TO {self.last:%Y%m%d}]"

    def to_dict(self) -> dict[str, Any]:
        """The query as JSON types."""
        return asdict(self) | {
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> BenchQuery:
        """The inverse of `to_dict`."""
        return cls(
            kind=QueryClass(values["kind"]),
            words=tuple(values["words"]),
            excluded=values["excluded"],
            first=dt.date.fromisoformat(values["first"]) if values["first"] else None,
            last=dt.date.fromisoformat(values["last"]) if values["last"] else None,
            documents=values["documents"],
        )


def choose(vocabulary: Vocabulary, documents: int, seed: int, days: tuple[dt.date, dt.date]) -> list[BenchQuery]:
    """The queries for a corpus: words by their rank, so by how many documents of a corpus this size hold them.

    With about 160 content words in a document, half of the documents hold the lemma of rank 35, a quarter that of rank
    100, one in twenty that of rank 400, one in sixty that of rank 1,000 and one in a thousand that of rank 8,500.
    """
    rng = random.Random(f"queries {seed}")
    lemmas = vocabulary.lemmas
    rare = min(8_500, max(100, documents * 4))  # so that small corpora hold it too, in a few documents
    first, last = days

    def some(start: int, end: int, count: int = 1) -> tuple[str, ...]:
        return tuple(rng.sample(lemmas[start:end], count))

    def dates(shortest: int, longest: int) -> tuple[dt.date, dt.date]:
        length = rng.randint(shortest, longest)
        begin = first + dt.timedelta(days=rng.randrange((last - first).days - length))
        return begin, begin + dt.timedelta(days=length)

    def two_common() -> BenchQuery:
        kept, excluded = some(10, 100, 2)
        return BenchQuery(QueryClass.NEGATION, (kept,), excluded)

    makers: dict[QueryClass, Callable[[], BenchQuery]] = {
        QueryClass.RARE: lambda: BenchQuery(QueryClass.RARE, some(rare * 9 // 10, rare)),
        QueryClass.COMMON: lambda: BenchQuery(QueryClass.COMMON, some(0, 35)),
        QueryClass.AND: lambda: BenchQuery(QueryClass.AND, some(40, 150, 2)),
        QueryClass.OR: lambda: BenchQuery(QueryClass.OR, some(100, 400, 3)),
        QueryClass.PHRASE: lambda: BenchQuery(
            QueryClass.PHRASE, tuple(rng.choice(vocabulary.collocations[:120]).split())
        ),
        QueryClass.PREFIX: lambda: BenchQuery(QueryClass.PREFIX, (some(100, 2000)[0][:5],)),
        QueryClass.DATES: lambda: _between(BenchQuery(QueryClass.DATES), dates(30, 730)),
        QueryClass.NEGATION: two_common,
        QueryClass.WORD_IN_DATES: lambda: _between(
            BenchQuery(QueryClass.WORD_IN_DATES, some(10, 150)), dates(300, 400)
        ),
    }
    return [makers[kind]() for kind in QueryClass for _ in range(PER_CLASS)]


def _between(query: BenchQuery, dates: tuple[dt.date, dt.date]) -> BenchQuery:
    return replace(query, first=dates[0], last=dates[1])


class Truth:
    """Counts which documents each query must find, from the words the generator chose and no engine's analysis."""

    def __init__(self, queries: list[BenchQuery], vocabulary: Vocabulary) -> None:
        self._queries = queries
        self._counts = [0] * len(queries)
        words = {word for unit in vocabulary.units for word in unit.split()}
        words.update(word.lower() for name in vocabulary.authors for word in name.split())
        self._accepted: list[tuple[frozenset[str], ...]] = []  # one set of words for each thing a query asks for
        for query in queries:
            match query.kind:
                case QueryClass.PREFIX:
                    accepted = [frozenset(word for word in words if word.startswith(query.words[0]))]
                case QueryClass.PHRASE:  # words exactly as they are
                    accepted = [frozenset([word]) for word in query.words]
                case _:
                    accepted = [frozenset(forms(word)) for word in query.words]
            self._accepted.append(tuple(accepted))

    def add(self, date: dt.date, fields: list[list[str]]) -> None:
        """Count one document: its date, and the lower-case words of each of its fields."""
        present = {word for field in fields for word in field}
        texts = [f" {' '.join(field)} " for field in fields]
        for number, (query, accepted) in enumerate(zip(self._queries, self._accepted, strict=True)):
            if query.first and query.last and not query.first <= date <= query.last:
                continue
            if query.kind is QueryClass.OR:
                found = any(not present.isdisjoint(words) for words in accepted)
            else:
                found = all(not present.isdisjoint(words) for words in accepted)
            if found and query.kind is QueryClass.PHRASE:
                phrase = f" {' '.join(query.words)} "
                found = any(phrase in text for text in texts)
            if found and query.excluded:
                found = present.isdisjoint(forms(query.excluded))
            self._counts[number] += found

    def queries(self) -> list[BenchQuery]:
        """The queries with the numbers counted so far."""
        return [replace(query, documents=count) for query, count in zip(self._queries, self._counts, strict=True)]


def load(path: Path) -> list[BenchQuery]:
    """The queries that the generator wrote beside a corpus."""
    return [BenchQuery.from_dict(values) for values in json.loads(path.read_text("utf-8"))["queries"]]
