"""Starting the processes that read, and ending them.

They are plain child processes of this interpreter, with pipes to them, rather than a `multiprocessing` pool: nothing of
the program that called is run again in them, and they end by themselves when the parent is gone, however it went.

On Linux only the first is: a helper, which imports what is needed once, while the parent is still looking for files,
and forks the others (see `index.processes.serving`). It is in a process group of its own with them, so that they end
together. A command of Byline's own, which has no threads yet, forks the helper itself, which then need not import
anything. Elsewhere, and should the helper fail, each is started by itself, and imports everything again.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import IO, Protocol, Self

from index.processes.serving import FORK, MOST_BYTES, serve_forks_as_copy
from index.processes.tasks import Work

_PATIENCE_SECONDS = 30.0  # with the helper; it answers within some milliseconds, once it has begun
_LAST_SECONDS = 1.0  # of patience when all is to end
_START = "import sys; sys.path[:] = {path!r}; from index.processes.serving import {function}; {function}()"


class Process(Protocol):
    """A process that reads.

    Attributes:
        chunks: a pipe to it.
        answers: a pipe from it.
    """

    @property
    def chunks(self) -> IO[bytes]: ...

    @property
    def answers(self) -> IO[bytes]: ...

    def kill(self) -> None:
        """Have it end at once, whatever it is doing. Any thread may do that."""

    def wait(self) -> int | None:
        """How it ended, once it has: its exit code, or the number of the signal that ended it, less than zero; None if
        that is not known, or was not for anything that it did."""


class Starter:
    """Starts processes that do one kind of work. A context manager; leaving it ends those that a helper forked.

    Attributes:
        work: what they do.
        is_prepared: whether `prepare` was called.
    """

    def __init__(self, work: Work, *, alone: bool = False) -> None:
        """
        Args:
            work: a module's function; the processes import it by name.
            alone: whether this process is there for nothing else, so that it may be forked.
        """
        self.work = work
        self._helper: _Helper | None = None
        self._alone = alone
        self.is_prepared = False
        self._is_closed = False
        self._changing = threading.Lock()  # held to start a process, and to say that none may start any more

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def prepare(self) -> None:
        """Say that several processes will be wanted soon: what takes time begins, and is not waited for."""
        if self.is_prepared:
            return
        with self._changing:
            is_quick, self.is_prepared = self.is_quick(), True
            if sys.platform == "linux" and not self._is_closed:
                with contextlib.suppress(OSError):
                    self._helper = _Helper(self.work, _forked if is_quick else _spawned)

    def is_quick(self) -> bool:
        """Whether starting a process takes milliseconds now, rather than a tenth of a second."""
        return self.is_prepared or (self._alone and _has_one_thread())

    def start(self) -> Process:
        """A new process. Raises OSError if there cannot be one, or if this is closed."""
        with self._changing:
            if self._is_closed:
                raise OSError("no process may start any more")
            helper = self._helper
        with contextlib.suppress(OSError):
            if helper:
                return helper.fork()
        with self._changing:
            if self._is_closed:
                raise OSError("no process may start any more")
            return _Spawned(self.work)

    def close(self) -> None:
        """Let no process start any more, and end those that the helper forked at once."""
        with self._changing:
            self._is_closed = True
            helper, self._helper = self._helper, None
        if helper:
            helper.end()


class _Spawned:
    """A process that was started by itself."""

    def __init__(self, work: Work) -> None:
        self._process = subprocess.Popen(
            _command("serve"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self.chunks, self.answers = self._process.stdin, self._process.stdout
        with contextlib.suppress(OSError):  # if it is dead already, the first chunk tells
            pickle.dump(work, self.chunks)

    def kill(self) -> None:
        self._process.kill()

    def wait(self) -> int:
        return self._process.wait()


class _Forked:
    """A process that a helper forked."""

    def __init__(self, helper: _Helper, pid: int, connection: socket.socket) -> None:
        self._helper = helper
        self._pid = pid
        self._code: int | None = None
        self._has_ended = False
        self._ending = threading.Lock()
        self.chunks = os.fdopen(connection.detach(), "wb")
        self.answers = os.fdopen(os.dup(self.chunks.fileno()), "rb")

    def kill(self) -> None:
        self.wait()

    def wait(self) -> int | None:
        with self._ending:
            if not self._has_ended:
                self._code, self._has_ended = self._helper.end_of(self._pid), True
            return self._code


class _Helper:
    """The process that forks the others, seen from the parent."""

    def __init__(self, work: Work, begin: Callable[[socket.socket], tuple[int, Callable[[], object]]]) -> None:
        """
        Args:
            work: what they are to do.
            begin: starts the helper at the other end of a socket; returns its id, and what waits for its end.
        """
        self._asking = threading.Lock()
        self._killing = threading.Lock()
        self._is_gone = False
        self._control, theirs = _connected(socket.SOCK_SEQPACKET)
        try:
            with theirs:
                self._pid, self._wait = begin(theirs)
        except BaseException:
            self._control.close()
            raise
        self._control.settimeout(_PATIENCE_SECONDS)
        with contextlib.suppress(OSError):
            self._control.send(pickle.dumps(work))

    def fork(self) -> _Forked:
        """A new process, as soon as the helper is there. Raises OSError if the helper is gone or cannot fork."""
        ours, theirs = _connected(socket.SOCK_STREAM)
        try:
            with theirs:
                pid = self._ask(FORK, theirs.fileno())
            if not pid:
                raise OSError("the helper cannot fork")
            return _Forked(self, pid, ours)
        finally:
            ours.close()  # unless it is detached

    def end_of(self, pid: int) -> int | None:
        """End a process that was forked, if it has not ended by itself; how it ended, None if with the helper."""
        try:
            return self._ask(str(pid).encode())
        except OSError:
            return None

    def end(self) -> None:
        """End it and all that it forked, at once."""
        with self._killing:
            is_left, self._is_gone = not self._is_gone, True
        try:
            self._control.settimeout(_LAST_SECONDS)
            self._control.shutdown(socket.SHUT_WR)  # it then ends them and itself
            while self._control.recv(MOST_BYTES):
                pass
        except OSError:
            if is_left:
                self._kill_group()
        with contextlib.suppress(ChildProcessError):  # the system was told not to keep what becomes of children
            self._wait()
        with self._asking:
            self._control.close()

    def _ask(self, message: bytes, *descriptors: int) -> int:
        """Send a message and take the answer. Raises OSError without a helper; what it forked has been ended then."""
        try:
            with self._asking:
                if self._is_gone:
                    raise OSError
                socket.send_fds(self._control, [message], descriptors)
                answer = self._control.recv(MOST_BYTES)
            return int(answer)
        except (OSError, ValueError) as error:  # it is dead or stuck, and nobody else may end what it forked
            self._kill_all()
            raise OSError("the helper is gone") from error

    def _kill_all(self) -> None:
        with self._killing:
            if not self._is_gone:
                self._is_gone = True  # and once it was waited for, its number may become somebody else's
                self._kill_group()

    def _kill_group(self) -> None:
        with contextlib.suppress(OSError):
            os.killpg(self._pid, signal.SIGKILL)


def _connected(kind: socket.SocketKind) -> tuple[socket.socket, socket.socket]:
    """Two sockets that wait for each other, whatever the calling program has set for new ones."""
    pair = socket.socketpair(socket.AF_UNIX, kind)
    for each in pair:
        each.setblocking(True)
    return pair


def _spawned(control: socket.socket) -> tuple[int, Callable[[], object]]:
    """A helper that has nothing of this process."""
    process = subprocess.Popen(
        _command("serve_forks"),
        stdin=control.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
    )
    return process.pid, process.wait


def _forked(control: socket.socket) -> tuple[int, Callable[[], object]]:
    """A helper that has all modules of this process, which has one thread only."""
    pid = os.fork()
    if pid == 0:
        serve_forks_as_copy(control.fileno())
    with contextlib.suppress(OSError):  # it does that itself, but perhaps not before it is to be killed
        os.setpgid(pid, pid)
    return pid, partial(os.waitpid, pid, 0)


def _has_one_thread() -> bool:
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208
    except OSError:
        return False


def _command(function: str) -> list[str]:
    """What runs a function of `index.processes.serving` in another process, with the same modules as here, wherever
    those came from, and nothing from the current folder."""
    path = [os.path.abspath(entry) for entry in sys.path]  # noqa: PTH100
    return [sys.executable, "-c", _START.format(path=path, function=function)]
