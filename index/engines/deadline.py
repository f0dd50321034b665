"""Until when an engine may work on what it is asked: past that moment it gives up, by raising `TimeUp`.

`until` sets the moment for all that is called within it, by the same thread. What is written in Python looks at the
clock as it goes (`check`, `checked`). A library that cannot be stopped works in a thread of its own (`in_time`), which
is left behind when time is up and ends when the library is done: a few of them at most.
"""

from __future__ import annotations

import contextvars
import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TypeVar

from index.errors import QueryError

MAX_LEFT_BEHIND = 4
"""How many threads whose time was up may still be at work. With so many, nothing that may take long is begun."""

Item = TypeVar("Item")
Result = TypeVar("Result")

_OFTEN = 256  # items between two looks at the clock
_moment: contextvars.ContextVar[float] = contextvars.ContextVar("moment", default=math.inf)
_left_behind: list[threading.Thread] = []
_leaving = threading.Lock()


class TimeUp(Exception):
    """The deadline has passed before the work was done. Nothing is wrong with the index, or with the query."""


class until(AbstractContextManager[None]):  # noqa: N801  (a block, used like a function)
    """Let what is called in this block work until a moment, on the clock `time.monotonic`; earlier deadlines stay."""

    def __init__(self, moment: float) -> None:
        self._of_block = moment

    def __enter__(self) -> None:
        self._token = _moment.set(min(self._of_block, _moment.get()))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _moment.reset(self._token)


def check() -> None:
    """Raise `TimeUp` if the deadline has passed."""
    if time.monotonic() > _moment.get():
        raise TimeUp


def left() -> float:
    """Seconds until the deadline; -1 without one, which means without end where locks are waited for."""
    moment = _moment.get()
    return -1 if moment == math.inf else max(0.0, moment - time.monotonic())


def checked(items: Iterable[Item]) -> Iterator[Item]:
    """The items, with a look at the clock now and then. Raises `TimeUp`."""
    for number, item in enumerate(items):
        if number % _OFTEN == 0:
            check()
        yield item


def in_time(work: Callable[[], Result]) -> Result:
    """What `work` returns or raises, if it does so before the deadline.

    With a deadline it runs in another thread, and goes on there when `TimeUp` is raised, though `check` then fails.

    Raises:
        TimeUp: the deadline has passed.
        QueryError: too many threads are still busy with work that was given up.
    """
    moment = _moment.get()
    if moment == math.inf:
        return work()
    check()
    with _leaving:
        _left_behind[:] = [thread for thread in _left_behind if thread.is_alive()]
        if len(_left_behind) >= MAX_LEFT_BEHIND:
            raise QueryError(
                f"{len(_left_behind)} searches that took too long have not ended yet, so no other that may is begun",
                remedy="Wait for them, or search without wildcards, regular expressions, misspelled or loose words",
            )
    results: list[Result] = []
    errors: list[BaseException] = []
    done = threading.Event()

    def body(context: contextvars.Context) -> None:
        try:
            results.append(context.run(work))
        except BaseException as error:
            errors.append(error)
        finally:
            done.set()

    thread = threading.Thread(target=body, args=(contextvars.copy_context(),), name="byline-search", daemon=True)
    thread.start()
    try:
        done.wait(left())
    finally:  # also where Ctrl-C ends the waiting
        if not done.is_set():
            with _leaving:
                _left_behind.append(thread)
    if errors:
        raise errors.pop()
    if not results:
        raise TimeUp
    return results.pop()


def is_any_left_behind() -> bool:
    """Whether a thread whose time was up is still at work."""
    return any(thread.is_alive() for thread in _left_behind)
