"""The time that a search may take, and what comes of one that takes longer.

A search ends when its budget is spent, whatever it was asked; what it has by then is given, and marked as cut short:

- Its engine has ENGINE_SHARE of the time. If it is not done by then, a narrower search follows (`search.narrowing`),
  which finds some of what matches, and nothing else. If that takes too long as well, there are no hits.
- What comes after that (near-duplicates, other readings, facets, passages, explanations) is left out where there is
  no time for it.

Understanding a query is no part of this: the query's length bounds it. `index.engines.deadline` is how engines stop.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType

from index.engines.deadline import TimeUp, until
from index.errors import UsageError
from index.settings import LEAST_BUDGET, MOST_BUDGET
from search.results import Notice

SECONDS = 10.0
"""How long a search may take unless it is told otherwise."""

ENGINE_SHARE = 0.6
"""When the engine must be done with the query as asked, as a share of the time."""

EXPANSION_SHARE = 0.75
"""When the words that patterns stand for must be known, for a narrower search."""

NARROWED_SHARE = 0.9
"""When the narrower search must be done."""

Spend = Callable[[str], AbstractContextManager[None]]
"""Names what may be left out, and gives the block that does it; see `Budget.spend`."""

_ADVICE = "Ask for less, for instance with fewer wildcards, or give it a larger budget"


class Budget:
    """The time of one search, from now on.

    Attributes:
        seconds: how many there are.
        left_out: what there was no time for, in words.
        narrowed: what was searched for instead of the query, in words; "" for nothing, None if the query was run.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        """
        Raises:
            UsageError: the number of seconds is out of bounds.
        """
        if not LEAST_BUDGET <= seconds <= MOST_BUDGET:
            raise UsageError(
                f"the budget is {seconds:g} seconds; it must lie between {LEAST_BUDGET:g} and {MOST_BUDGET:,g}"
            )
        self.seconds = seconds
        self.left_out: list[str] = []
        self.narrowed: str | None = None
        self._started = time.monotonic()

    def spend(self, what: str, share: float = 1.0) -> AbstractContextManager[None]:
        """A block that ends, without an error, when so much of the time is over.

        Args:
            what: what is then left out; "" if that is said elsewhere.
            share: of the time, counted from the beginning of the search.
        """
        return _Spending(self.left_out, what, until(self._started + share * self.seconds))

    @property
    def is_cut(self) -> bool:
        """Whether anything was left out or narrowed."""
        return bool(self.left_out) or self.narrowed is not None

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What a person should know about that."""
        if not self.is_cut:
            return ()
        longer = f"more than {self.seconds:g} {'second' if self.seconds == 1 else 'seconds'}"
        said = []
        if self.narrowed:
            said.append(f"This takes {longer}: {self.narrowed}; other articles may match, too. {_ADVICE}")
        elif self.narrowed is not None:
            said.append(f"This takes {longer}, and nothing was found in that time. {_ADVICE}")
        if self.left_out:
            listed = ", ".join(dict.fromkeys(self.left_out))
            said.append(f"Left out, since all of it takes {longer}: {listed}")
        return tuple(map(Notice, said))


class _Spending(AbstractContextManager[None]):
    """See `Budget.spend`."""

    def __init__(self, left_out: list[str], what: str, deadline: AbstractContextManager[None]) -> None:
        self._left_out = left_out
        self._what = what
        self._deadline = deadline

    def __enter__(self) -> None:
        self._deadline.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._deadline.__exit__(kind, error, trace)
        if not isinstance(error, TimeUp):
            return False
        if self._what:
            self._left_out.append(self._what)
        return True
