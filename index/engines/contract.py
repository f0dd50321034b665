"""The contract between Byline and an engine: small, typed, and the same for all of them.

An engine receives tokens, never text, and gives back ids, scores and the stored documents. It knows nothing of
languages, files, snippets or people. To add one, see "Adding something" in the README: one file here, one line in
`index/engines/__init__.py`; the conformance suite picks it up.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from index.query import Query
from index.records import record
from index.schema import Form, Schema

ColumnValue = list[str] | int
"""Segments of space-joined tokens, or a day number; see `Column`."""

GAP = "_"
"""In a column with positions, what takes a position as a token does, but is none: it is neither kept nor counted.

No segment ends with it, and no token does.
"""


@record(frozen=True, slots=True)
class AnalysedDocument:
    """A document as an engine takes it.

    Attributes:
        id: unique in the index.
        columns: a value for each column (by `Column.name`) that has one. Those that are not kept are passed over.
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
    """How matches are ordered. Ties are broken by id, rising, so that an order is the same every time.

    Titles and authors (the first of each document) are ordered by code point in the form of their RAW column: folded,
    without punctuation. What has no value comes last, in both directions. Only where more than 10,000 documents share
    one BM25 score may an engine order those as it likes, though the same way for every page.
    """

    SCORE = "score"  # best first
    LOWEST = "lowest"  # worst first
    NEWEST = "newest"  # latest date first, undated last
    OLDEST = "oldest"  # earliest date first, undated last
    TITLE = "title"  # A to Z
    TITLE_DOWN = "title_down"
    AUTHOR = "author"  # A to Z
    AUTHOR_DOWN = "author_down"

    @property
    def column(self) -> str:
        """The column that it is by; "" for scores."""
        return _ORDER_COLUMNS.get(self, "")

    @property
    def falls(self) -> bool:
        """Whether what is greater comes first."""
        return self in (Order.SCORE, Order.NEWEST, Order.TITLE_DOWN, Order.AUTHOR_DOWN)


_ORDER_COLUMNS = {
    Order.NEWEST: "date_raw",
    Order.OLDEST: "date_raw",
    Order.TITLE: "title_raw",
    Order.TITLE_DOWN: "title_raw",
    Order.AUTHOR: "first_author_raw",
    Order.AUTHOR_DOWN: "first_author_raw",
}


def ordering_value(value: ColumnValue) -> str:
    """What an ordered column orders its document by; "" for nothing."""
    return value[0] if isinstance(value, list) and value else ""


Key = int | str | None
"""What a document is ordered by: a day, or text; None when it has none."""


@record(frozen=True, slots=True)
class After:
    """A place in the order by a column: behind the document, present or not, that has this key and this id."""

    key: Key
    id: str


@record(frozen=True, slots=True)
class Match:
    """One matching document: its id, its score, what was stored for it, and what it was ordered by, if by a column."""

    id: str
    score: float
    stored: str
    key: Key = None


@record(frozen=True, slots=True)
class Matches:
    """One page of matches, and how many there are in all."""

    total: int
    page: list[Match]


class SegmentSize(NamedTuple):
    """How many documents a part of an index has that was written as one: those that count, and deleted ones."""

    documents: int
    deleted: int


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
    """A view of one commit. Safe to use from several threads at once.

    Under a deadline (see `index.engines.deadline`) every method but `close` raises `TimeUp` soon after it has passed.
    """

    @property
    def document_count(self) -> int:
        """How many documents this commit holds."""

    def search(
        self, query: Query, *, limit: int, offset: int = 0, order: Order = Order.SCORE, after: After | None = None
    ) -> Matches:
        """Documents that match, `limit` of them from `offset` on (limit 0 only counts).

        With `after`, which needs an order by a column, those before that place are passed over first; the total counts
        them all the same. Documents that neither change nor vanish are then given once each by pages that begin after
        the last match of the one before, whatever is added, changed or deleted between them.

        Raises `UnsupportedQuery` for a query the engine does not do, `QueryError` for one beyond a bound.
        """

    def day_counts(self, query: Query) -> dict[int, int]:
        """How many of the documents that match are of each day (see `Kind.DAY`), for days that have any, in order.

        Deleted documents do not count, nor do undated ones. Raises what `search` raises.
        """

    def document(self, id: str) -> str | None:
        """What was stored for this id, or None."""

    def ids(self, prefix: str, limit: int) -> list[str]:
        """At most `limit` ids that start with `prefix`, sorted."""

    def terms(self, field: str, form: Form, prefix: str = "") -> Iterator[tuple[str, int]]:
        """The tokens of a column that start with `prefix`, sorted by code point, with their document frequencies.

        Tokens of deleted documents may still be counted until segments merge.
        """

    def commonest(
        self, field: str, form: Form, prefix: str = "", *, limit: int, within: Query | None = None
    ) -> list[tuple[str, int]]:
        """The `limit` tokens of a column that start with `prefix` and stand in most documents, with how many these are,
        most first and equal ones by code point.

        With `within`, only documents that match it count, deleted ones never, and tokens that none of them holds are
        left out. Raises what `search` raises.
        """

    def doc_freq(self, field: str, form: Form, token: str) -> int:
        """How many documents hold this token; deleted ones may still be counted until segments merge."""

    def doc_freqs(self, field: str, form: Form, tokens: Sequence[str]) -> list[int]:
        """`doc_freq` for many tokens of a column, which takes less time than one call for each."""

    def close(self) -> None:
        """Let go of files. Searching afterwards is an error."""


class Engine(Protocol):
    """A kind of index: how to make one, write to it and search it."""

    name: str
    features: frozenset[Feature]
    rewritten: frozenset[str]
    """Names of the files that commits replace. All others are written once, and their names are not used again."""

    def create(self, location: Path, schema: Schema) -> None:
        """Make an empty index in `location`, an existing empty folder."""

    def writer(self, location: Path, schema: Schema) -> Writer:
        """Open an index for writing. The caller holds Byline's own lock. Raises `IndexDamaged`, `IndexLocked`."""

    def searcher(self, location: Path, schema: Schema) -> Searcher:
        """Open the last commit for searching. Raises `IndexDamaged`."""

    def files(self, location: Path) -> list[str]:
        """The names of all files in `location` that the last commit consists of. Raises `IndexDamaged`.

        That is, of those that should be there, whether or not they are.
        """

    def tidy(self, location: Path) -> None:
        """Remove what a writer that was killed has left behind. The caller holds Byline's own lock.

        Raises `BylineError` if it cannot be removed.
        """

    def segments(self, location: Path) -> list[SegmentSize]:
        """The segments of the last commit. Raises `IndexDamaged`.

        A new index to which the same documents are added has none deleted, and no more segments than it needs.
        """
