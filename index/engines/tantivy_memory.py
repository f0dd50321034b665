"""What tantivy's writer holds in memory, kept to what it needs, however many documents there are.

Added documents wait for the library's thread that writes them, in four times the memory of their text, and up to 10,000
of them. It does not say how many do. But that thread sleeps only when none is left, and Linux tells which threads
sleep: it is looked at now and then, and when too much was added since it was last seen asleep, adding waits until it
is. Elsewhere only the library's own bound holds.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from pathlib import Path

# All in characters of documents as they are stored: five hundred of a middling length have a million.
_LOOK_EVERY = 200_000
_MOST_WAITING = 2_000_000
_TRIM_EVERY = 10_000_000
_PAUSE_SECONDS = 0.002

_THREADS = Path("/proc/self/task")
_WRITING = b"(thrd-tantivy-in"  # what the threads that write are called, as far as Linux keeps it
_AT_WORK = (b"R", b"D")  # running, or kept by the disk

_BLOCK_BYTES = 2**20  # in which the library takes memory for what it writes to a segment
_USUAL_BYTES = 2**25  # from which blocks go back to the system at once in a program that has used large ones
_MMAP_THRESHOLD = -3  # what GNU's C library calls so


class WritersMemory:
    """The memory of one writer; `let_go` is called when that has ended."""

    def __init__(self, threads: Path = _THREADS) -> None:
        """
        Args:
            threads: a folder with one for each thread of this process.
        """
        self._threads = threads
        self._writing: list[str] = []  # names of the threads that write
        self._added = 0
        self._looked = 0  # how much was added when it was last looked whether any of it waits,
        self._empty = 0  # when none was waiting,
        self._trimmed = 0  # and when memory was last given back
        # GNU's C library gives large blocks back to the system when they are free; but blocks as large as those that
        # have been freed it keeps from then on, in pieces that fit nothing else: a hundred megabytes by the time that
        # 60,000 documents are written. For a program that does other things, too, that is the quicker way.
        _call("mallopt", _MMAP_THRESHOLD, _BLOCK_BYTES)

    def let_go(self) -> None:
        """Let the program have memory again in the way that is usual."""
        _call("mallopt", _MMAP_THRESHOLD, _USUAL_BYTES)
        if self._looked:
            _give_back_pages()

    def make_room(self, size: int) -> None:
        """Count a document of `size` characters that is about to be added, once there is room for it."""
        self._added += size
        if self._added - self._looked < _LOOK_EVERY:
            return
        self._looked = self._added
        while not (is_empty := self._is_empty()) and self._added - self._empty >= _MOST_WAITING:
            time.sleep(_PAUSE_SECONDS)
        if is_empty:
            self._empty = self._added
        if self._added - self._trimmed >= _TRIM_EVERY:
            self._trimmed = self._added
            _give_back_pages()

    def _is_empty(self) -> bool:
        """Whether a thread that writes waits for documents; also if there is none that could be asked."""
        states = [self._state(thread) for thread in self._writing]
        if not states or b"" in states:  # with every commit there come new ones
            with suppress(OSError):
                self._writing = [thread.name for thread in self._threads.iterdir() if self._state(thread.name)]
            states = [self._state(thread) for thread in self._writing]
        return not states or any(state not in _AT_WORK for state in states)

    def _state(self, thread: str) -> bytes:
        """What Linux calls the state of a thread, if that is there and is one that writes; else nothing."""
        try:
            with open(f"{self._threads}/{thread}/stat", "rb", buffering=0) as file:  # noqa: PTH123
                about = file.read()
        except OSError:
            return b""
        return about.rpartition(b") ")[2][:1] if _WRITING in about else b""


def _give_back_pages() -> None:
    """Give memory that is free in pieces back to the system: each segment and each merge leaves some megabytes."""
    _call("malloc_trim", 0)


def _call(function: str, *arguments: int) -> None:
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):  # another C library, which has no such function, nor need of it
            getattr(ctypes.CDLL(None), function)(*arguments)
