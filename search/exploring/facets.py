"""Facets: what the documents of a search have, and how many of them have it.

They are counted over the documents that match everything asked for; over those that match some of it where none
matches all. The count of a value is the number of documents that the search finds with the value's clause as well.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

from index import query as algebra
from index.analysis.columns import facet_texts
from index.document import Document
from index.engines.contract import Order, Searcher
from index.errors import UsageError
from index.records import record
from index.schema import SECTION, Form, facet_value, folder_value
from search.exploring.timeline import UNDATED, Timeline, timeline
from search.lowering.whole_query import Lowered
from search.query_language import syntax
from search.query_language.syntax import Node
from search.query_language.values import folder_term, whole_value
from search.run import Found

MAX_FACETS = 30
"""How many facets one search may ask for."""

ALIASES = {"lang": "language", "source": "folder", "date": "year", "authors": "author"}
"""Other names of facets."""

FACETS = ("author", "year", "month", "language", SECTION, "folder")
"""The facets of every index; those that `byline.toml` declares come besides."""


@record(frozen=True, slots=True)
class FacetValue:
    """A value that documents have.

    Attributes:
        value: as it is written: an author as in the newest article, a folder with those above it, a month as 2022-12.
        count: how many documents have it.
        filter: the clause that chooses these, such as `author:="AFP"`.
        query: the search with that clause.
    """

    value: str
    count: int
    filter: str
    query: str

    def to_dict(self) -> dict[str, Any]:
        """The value as JSON types."""
        return {"value": self.value, "count": self.count, "filter": self.filter, "query": self.query}


@record(frozen=True, slots=True)
class Facet:
    """What documents have of one kind.

    Attributes:
        name: of the kind.
        values: most frequent first, equally frequent ones in the order of the alphabet; years and months the newest
            first. Of folders those at the top; where the search chooses a folder, those in it.
        more: whether there are further values.
        missing: how many documents have none.
        missing_query: the search for these.
    """

    name: str
    values: tuple[FacetValue, ...]
    more: bool = False
    missing: int = 0
    missing_query: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The facet as JSON types."""
        return {
            "name": self.name,
            "values": [value.to_dict() for value in self.values],
            "more": self.more,
            "missing": self.missing,
            "missing_query": self.missing_query,
        }


def facet_names(asked: Sequence[str], declared: Sequence[str]) -> list[str]:
    """The facets that are asked for, under their own names.

    Args:
        asked: names as written.
        declared: the extras that the index counts.

    Raises:
        UsageError: there is no such facet.
    """
    known = (*FACETS, *declared)
    if len(asked) > MAX_FACETS:
        raise UsageError(f"{len(asked)} facets are too many; at most {MAX_FACETS} are counted")
    names = []
    for name in asked:
        folded = name.strip().casefold()
        folded = folded if folded in known else ALIASES.get(folded, folded)
        if folded not in known:
            raise UsageError(
                f"there is no facet “{name}”",
                remedy=f'There are: {", ".join(known)}. Extras are declared in byline.toml, [index] facets = ["tags"], '
                f"and are there after the next: byline index",
            )
        names.append(folded)
    return list(dict.fromkeys(names))


class Counting:
    """Counts the documents of one search.

    Attributes:
        days: how many of its documents are of each day.
    """

    def __init__(
        self, searcher: Searcher, found: Found, lowered: Lowered, drill: Callable[[str], str], most: int
    ) -> None:
        """Prepare to count.

        Args:
            searcher: where the documents are.
            found: what the search found.
            lowered: its query.
            drill: gives the search with one more clause.
            most: how many values of each facet are wanted.
        """
        self._searcher = searcher
        some = None if found.complete else found.rest
        self._query = lowered.matching if some is None else some
        self._total = found.complete if some is None else found.partial
        self._drill = drill
        self._most = most

    @cached_property
    def days(self) -> dict[int, int]:
        return self._searcher.day_counts(self._query)

    def timeline(self) -> Timeline:
        """All of the documents over time."""
        return timeline(self.days, self._total, self._drill)

    def facet(self, name: str, trees: Sequence[Node]) -> Facet:
        """A facet by its own name; `trees` are what the search demands, among which a folder may be."""
        match name:
            case "year":
                return self._by_date(name, 4)
            case "month":
                return self._by_date(name, 7)
            case "author":
                return self._of(name, "author", "", self._author)
            case "language":
                return self._of(name, "lang", "", lambda token: (token, f"lang:{token}"))
            case "folder":
                return self._folders(trees)
            case _:
                return self._of(name, "facet", facet_value(name, ""), lambda token: self._extra(name, token))

    def _of(self, name: str, field: str, prefix: str, shown: Callable[[str], tuple[str, str]]) -> Facet:
        """A facet of the tokens of a field; `shown` gives a token as it is written, and the clause for it."""
        found = self._searcher.commonest(field, Form.RAW, prefix, limit=self._most + 1, within=self._query)
        values = []
        for token, count in found[: self._most]:
            written, clause = shown(token)
            values.append(FacetValue(written, count, clause, self._drill(clause)))
        without = f"-has:{name}"
        has_none = algebra.And((self._query, algebra.Not(algebra.Term("has", name, Form.RAW))))
        missing = 0 if name == "folder" else self._searcher.search(has_none, limit=0).total
        return Facet(name, tuple(values), len(found) > self._most, missing, self._drill(without) if missing else "")

    def _by_date(self, name: str, length: int) -> Facet:
        """Years or months: the newest first."""
        counts: Counter[str] = Counter()
        for day, count in self.days.items():
            counts[dt.date.fromordinal(day).isoformat()[:length]] += count
        newest = sorted(counts, reverse=True)
        values = [FacetValue(each, counts[each], f"date:{each}", self._drill(f"date:{each}")) for each in newest]
        missing = self._total - sum(counts.values())
        more = len(values) > self._most
        return Facet(name, tuple(values[: self._most]), more, missing, self._drill(UNDATED) if missing else "")

    def _folders(self, trees: Sequence[Node]) -> Facet:
        """The folders in the deepest one that the search chooses, or those at the top."""
        depth, above = max(_chosen_folders(trees), default=(0, ""))
        prefix = folder_value(depth + 1, f"{above}/" if above else "")
        return self._of("folder", "folder", prefix, lambda token: self._folder(token, depth + 1))

    def _folder(self, token: str, depth: int) -> tuple[str, str]:
        written = token.partition(":")[2]
        for document in self._newest("folder", token):
            parts = document.source.rpartition("/")[0].split("/")
            written = "/".join(parts[: depth + (not parts[0])])
        return written, _clause("folder", written)

    def _author(self, token: str) -> tuple[str, str]:
        written = token
        for document in self._newest("author", token):
            written = _alike(token, document.authors)
        return written, _clause("author", written)

    def _extra(self, name: str, token: str) -> tuple[str, str]:
        value = token.removeprefix(facet_value(name, ""))
        written = value
        for document in self._newest("facet", token):
            written = _alike(value, facet_texts(document, name))
        return written, _clause(name, written)

    def _newest(self, field: str, token: str) -> Iterator[Document]:
        """The newest document that has a value, which says how it is written."""
        has_it = algebra.Term(field, token, Form.RAW)
        for match in self._searcher.search(has_it, limit=1, order=Order.NEWEST).page:
            yield Document.from_stored(match.stored)


def _alike(token: str, texts: Sequence[str]) -> str:
    return next((text for text in texts if whole_value(text) == token), token)


def _clause(name: str, written: str) -> str:
    return syntax.canonical(syntax.Whole(" ".join(written.split()), name))


def _chosen_folders(trees: Sequence[Node]) -> Iterator[tuple[int, str]]:
    """The depths and paths of the folders that a search is confined to."""
    for tree in trees:
        for part in tree.children if isinstance(tree, syntax.Conjunction) else (tree,):
            if isinstance(part, syntax.Whole | syntax.Word | syntax.Quoted) and part.field == "folder":
                depth, _, path = folder_term(part.text).token.partition(":")
                yield int(depth), path
