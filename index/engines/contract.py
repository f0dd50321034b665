"""The contract between Byline and an engine: small, typed, and the same for all of them.

An engine receives tokens, never text, and gives back ids, scores and the stored documents. It knows nothing of
languages, files, snippets or people. To add one, see CONTRIBUTING in the README: one file here, one line in
`index/engines/__init__.py`; the conformance suite picks it up.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from index.query import Query
from index.schema import Form, Schema

ColumnValue = list[str] | int
"""Segments of space-joined tokens, or a day number; see `Column`."""


@dataclass(frozen=True, slots=True)
class AnalysedDocument:
    """A document as an engine takes it.

    Attributes:
        id: unique in the index.
        columns: a value for each column (by `Column.name`) that has one.
        stored: the document as JSON text, given back unchanged by searches.
    """

    id: str
    columns: Mapping[str, ColumnValue]
    stored: str


class Feature(enum.StrEnum):
    """What an engine may lack. Asked for what it lacks, it raises `UnsupportedQuery`."""

    PHRASE_SLOP = "phrase_slop"
    REGEX = "regex"
    FUZZY = "fuzzy"
    TEXT_RANGE = "text_range"


class Order(enum.StrEnum):
    """How matches are ordered. Ties are broken by id, so that an order is the same every time.

    Only where more than 10,000 documents share one BM25 score may an engine order those as it likes, though the same
    way for every page.
    """

    SCORE = "score"  # best first
    NEWEST = "newest"  # latest date first, undated last
    OLDEST = "oldest"  # earliest date first, undated last


@dataclass(frozen=True, slots=True)
class Match:
    """One matching document: its id, its score, and what was stored for it."""

    id: str
    score: float
    stored: str


@dataclass(frozen=True, slots=True)
class Matches:
    """One page of matches, and how many there are in all."""

    total: int
    page: list[Match]


class Writer(Protocol):
    """The only one that writes to an index. Nothing is visible before `commit`.

    Used in `with`: leaving it cleanly commits; leaving it by an error discards what was not committed.
    """

    def add(self, document: AnalysedDocument) -> None:
        """Add a document. One of the same id must have been deleted first (in the same commit will do)."""

    def delete(self, ids: Iterable[str]) -> None:
        """Delete documents added before this call. Unknown ids are no error."""

    def commit(self) -> None:
        """Make everything so far durable and visible. The writer goes on being usable."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Searcher(Protocol):
    """A view of one commit. Safe to use from several threads at once."""

    @property
    def document_count(self) -> int:
        """How many documents this commit holds."""

    def search(self, query: Query, *, limit: int, offset: int = 0, order: Order = Order.SCORE) -> Matches:
        """Documents that match, `limit` of them from `offset` on (limit 0 only counts).

        Raises `UnsupportedQuery` for a query the engine does not do, `QueryError` for one beyond a bound.
        """

    def document(self, id: str) -> str | None:
        """What was stored for this id, or None."""

    def ids(self, prefix: str, limit: int) -> list[str]:
        """At most `limit` ids that start with `prefix`, sorted."""

    def terms(self, field: str, form: Form, prefix: str = "") -> Iterator[tuple[str, int]]:
        """The tokens of a column that start with `prefix`, sorted by code point, with their document frequencies.

        Tokens of deleted documents may still be counted until segments merge.
        """

    def doc_freq(self, field: str, form: Form, token: str) -> int:
        """How many documents hold this token; deleted ones may still be counted until segments merge."""

    def close(self) -> None:
        """Let go of files. Searching afterwards is an error."""


class Engine(Protocol):
    """A kind of index: how to make one, write to it and search it."""

    name: str
    features: frozenset[Feature]

    def create(self, location: Path, schema: Schema) -> None:
        """Make an empty index in `location`, an existing empty folder."""

    def writer(self, location: Path, schema: Schema) -> Writer:
        """Open an index for writing. The caller holds Byline's own lock. Raises `IndexDamaged`, `IndexLocked`."""

    def searcher(self, location: Path, schema: Schema) -> Searcher:
        """Open the last commit for searching. Raises `IndexDamaged`."""
