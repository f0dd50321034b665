"""What the processes that read do: answer the parent until it is gone.

Each reads and analyses the files that it is sent. Where the system forks, one more process comes before them: a helper
that imports all that is needed and forks them, so that starting one takes milliseconds. It has no threads, and nothing
of the program that called.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import socket
import sys
from typing import IO, Any, NoReturn

from index.processes.tasks import FileResult, Task, Work
from index.readers import MAX_MEMORY_MB

OUT_OF_MEMORY_CODE = 99
"""The exit code of a process that cannot go on for want of memory."""

FORK = b"fork"
"""What the helper is sent with the socket for a new process; else it is the id of one that is to end."""

MOST_BYTES = 4096
"""Of a message to the helper, or from it."""

_BATCH_DOCUMENTS = 32  # results are sent back this many at a time
_GARBAGE_EVERY = 10_000  # objects; more than the documents of a batch hold, which are no garbage


def serve() -> NoReturn:
    """Be a process that reads, for the parent at the other end of standard input and output."""
    _leave_interrupts_to_the_parent()
    chunks, answers = sys.stdin.buffer, _private_stdout()
    work: Work = pickle.load(chunks)
    gc.freeze()  # the modules will not become garbage
    _read(chunks, work, answers)


def _leave_interrupts_to_the_parent() -> None:
    for name in ("SIGINT", "SIGHUP"):  # Ctrl-C, and a terminal that is closed
        if number := getattr(signal, name, None):
            signal.signal(number, signal.SIG_IGN)


def serve_forks() -> NoReturn:
    """Be the helper, for the parent at the other end of the socket that is standard input."""
    _leave_interrupts_to_the_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # to be told how processes end, whatever the parent wants of its own
    control = socket.socket(fileno=0)
    control.setblocking(True)
    work: Work = pickle.loads(control.recv(MOST_BYTES))
    from index.processes.reading import prepare

    prepare()
    gc.freeze()  # what there is by now will not become garbage, and its pages stay shared
    forks = _Forks(work)
    try:
        while True:
            message, descriptors, _, _ = socket.recv_fds(control, MOST_BYTES, 1)
            if not message:  # the parent is done, or gone
                break
            number = forks.start(*descriptors) if message == FORK else forks.end(int(message))
            control.send(str(number).encode())
    finally:
        forks.end_all()
        os._exit(0)


def serve_forks_as_copy(control: int) -> NoReturn:
    """Be the helper in a process that was forked from the parent just now, having let go of all that is the parent's.

    Args:
        control: the socket to the parent.
    """
    try:
        gc.freeze()  # nothing of the parent's is finalized here
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.dup2(control, 0)
        for output in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), output)
        for descriptor in os.listdir("/proc/self/fd"):  # noqa: PTH208
            if int(descriptor) > 2:
                with contextlib.suppress(OSError):
                    os.close(int(descriptor))
        serve_forks()
    finally:
        os._exit(1)


class _Forks:
    """The processes that the helper has forked and not waited for yet."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._pids: set[int] = set()

    def start(self, descriptor: int) -> int:
        """Fork a process that reads, for the parent at the other end of a socket; returns its id, 0 for failure."""
        try:
            pid = os.fork()
        except OSError:
            pid = 0
        else:
            if pid == 0:
                self._serve(descriptor)
            self._pids.add(pid)
        os.close(descriptor)
        return pid

    def _serve(self, descriptor: int) -> NoReturn:
        try:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # the helper's socket is not for this one
            _read(os.fdopen(descriptor, "rb"), self._work, os.fdopen(os.dup(descriptor), "wb"))
        finally:
            os._exit(1)

    def end(self, pid: int) -> int:
        """Kill a process, unless it has ended by itself; how it ended, as a number of `subprocess`."""
        self._pids.remove(pid)
        os.kill(pid, signal.SIGKILL)  # its id is its own until it was waited for
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def end_all(self) -> None:
        """Kill all that are left. They are waited for, so that the time they took counts as that of the parent."""
        for pid in tuple(self._pids):
            self.end(pid)


def _read(chunks: IO[bytes], work: Work, answers: IO[bytes]) -> NoReturn:
    """Answer chunks of files until there are no more."""
    _bound_memory(MAX_MEMORY_MB * 2**20)
    gc.set_threshold(_GARBAGE_EVERY)
    with contextlib.suppress(EOFError, ConnectionError):
        try:
            while True:
                _answer(pickle.load(chunks), work, answers)
        except MemoryError:
            os._exit(OUT_OF_MEMORY_CODE)
    os._exit(0)  # nothing to tidy up, and a flush of a broken pipe would only complain


def _answer(chunk: list[Task], work: Work, answers: IO[bytes]) -> None:
    from index.processes.reading import results_of  # which the parent need not import, to know this module

    batch: list[FileResult] = []
    found = 0
    for number, result in enumerate(results_of(chunk, work), start=1):
        batch.append(result)
        found += len(result.documents) + len(result.articles)
        if number == len(chunk) or found >= _BATCH_DOCUMENTS:
            pickle.dump(batch, answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()
            batch, found = [], 0


def _bound_memory(most: int) -> None:
    """Have this process get no more than `most` bytes of memory for its data; where there are no such limits, nothing.

    Of the limits that POSIX knows, that on the address space would count what is only reserved. That on data counts
    all private memory on Linux since 4.7, and less elsewhere.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    with contextlib.suppress(ValueError, OSError):
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def _private_stdout() -> IO[Any]:
    """The pipe to the parent, with standard output turned away from it: a library's `print` must not garble it."""
    pipe = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)
    return pipe
