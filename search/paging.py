"""Pages: in which order, from where on, and where the next one begins.

A search gives documents in stages: those that match everything, then those that match some of it. A page is taken from
the stages in turn, each in the same order. It begins after a number of hits (`offset`), or where an earlier page ended
(`Position`, which `search.cursor` makes text of). Going on from positions gives every document that the search finds
throughout exactly once, whatever is added to the index, changed or deleted between the pages:

- Ordered by date, title or author, a position is the last document's value and id; what comes behind it follows.
- Scores change with the index. So a position in their order names the documents given so far, up to BEST of them, and
  the best of all others follow: what moves up or is added comes on the next page. A document beyond those BEST could
  not be named without bound; the pages after them go on with the rest by date, the newest first.
"""

from __future__ import annotations

from index.engines.contract import After, Key, Match, Order, Searcher
from index.errors import UsageError
from index.query import Query
from index.records import record

BEST = 1_000
"""How many hits come in the order of their scores when pages follow from one another; see above."""

ORDERS = {
    "score": (Order.SCORE, Order.LOWEST),
    "date": (Order.NEWEST, Order.OLDEST),
    "title": (Order.TITLE_DOWN, Order.TITLE),
    "author": (Order.AUTHOR_DOWN, Order.AUTHOR),
}
"""What hits can be sorted by: falling and rising."""

_RISING = frozenset(["title", "author"])  # unless the sort says otherwise


def parse_sort(text: str) -> Order:
    """The order that a sort names: score, date, title or author, with `:asc` or `:desc` for a direction.

    By itself, `score` gives the best first, `date` the newest, and `title` and `author` begin with A.

    Raises:
        UsageError: it names no order.
    """
    name, colon, direction = text.strip().casefold().partition(":")
    if name not in ORDERS or (colon and direction not in ("asc", "desc")):
        raise UsageError(
            f"hits cannot be sorted by “{text}”",
            remedy=f"Sort by {', '.join(ORDERS)}; with :asc or :desc for a direction, as in date:asc",
        )
    rising = direction == "asc" if colon else name in _RISING
    return ORDERS[name][rising]


@record(frozen=True, slots=True)
class Position:
    """Where a page ended.

    Attributes:
        count: how many hits came before here.
        given: the ids of those, where scores or recency gave the order; empty in an order by date, title or author.
        stage: in which stage the last of them was.
        key: what it was ordered by.
        id: its id; "" if the first of the stage is due.
    """

    count: int
    given: tuple[str, ...] = ()
    stage: int = 0
    key: Key = None
    id: str = ""

    @property
    def is_beyond_best(self) -> bool:
        """Whether the best were all given, so that the rest follows by date."""
        return len(self.given) >= BEST


_BEGINNING = Position(0)


@record(frozen=True, slots=True)
class Page:
    """Which hits are asked for.

    Attributes:
        limit: how many at most.
        offset: how many to pass over.
        order: in which order; by score unless the query gives no scores, then by date.
        after: where the page before ended; then `offset` is 0.
    """

    limit: int
    offset: int = 0
    order: Order = Order.SCORE
    after: Position | None = None


class Filling:
    """A page that is filled from one stage after the other.

    Attributes:
        matches: the documents so far.
        complete: how many of them come from the first stage.
    """

    def __init__(self, searcher: Searcher, page: Page, *, ranks: bool) -> None:
        """Begin a page.

        Args:
            searcher: where to look.
            page: what is asked for.
            ranks: whether the query gives scores.
        """
        self._searcher = searcher
        self._page = page
        self._after = page.after or _BEGINNING
        self._given = frozenset(self._after.given)
        self._order = page.order
        if not ranks and not page.order.column:
            self._order = Order.NEWEST if page.order is Order.SCORE else Order.OLDEST
        self._by_score = not self._order.column and not self._after.is_beyond_best
        if self._after.is_beyond_best:
            self._order = Order.NEWEST
        self._skip = page.offset
        self._more = 0 if page.offset or not page.limit else 1  # one hit beyond the page tells whether there is a next
        self._stages = 0
        self._taken: list[tuple[int, Match]] = []

    @property
    def matches(self) -> list[Match]:
        return [match for _, match in self._taken[: self._page.limit]]

    @property
    def complete(self) -> int:
        return sum([stage == 0 for stage, _ in self._taken[: self._page.limit]])

    @property
    def next(self) -> Position | None:
        """Where this page ends; None if nothing follows, or if it began at an offset."""
        if not self._more or len(self._taken) <= self._page.limit:
            return None
        taken = self._taken[: self._page.limit]
        count, given = self._after.count + len(taken), self._after.given
        if self._by_score:
            return Position(count, (*given, *[match.id for _, match in taken]))
        stage, last = taken[-1]
        return Position(count, given, stage, last.key, last.id)

    def take(self, query: Query) -> int:
        """Take what is still missing from the next stage; gives how many documents it has in all."""
        stage = self._stages
        self._stages += 1
        wanted = self._page.limit + self._more - len(self._taken)
        if stage < self._after.stage:
            wanted = 0
        given = self._given
        after = None
        if stage == self._after.stage and self._after.id:
            after = After(self._after.key, self._after.id)
        # Those given may all be among the first.
        most = wanted + len(given) if wanted > 0 else 0
        found = self._searcher.search(query, limit=most, offset=self._skip, order=self._order, after=after)
        self._skip = max(self._skip - found.total, 0)
        fresh = [match for match in found.page if match.id not in given] if given else found.page
        self._taken += [(stage, match) for match in fresh[: max(wanted, 0)]]
        return found.total
