"""Processes that read and analyse files while the parent writes.

Reading a file is bounded in time and, where the system can be told so, in memory: what takes more is skipped.

They are plain child processes of this interpreter, fed over pipes, rather than a `concurrent.futures` pool: a worker
that dies costs only the file it was reading, nothing of the program that called is run again in them, and they end by
themselves when the parent is gone, however it went.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import IO, Any

from index.readers import MAX_MEMORY_MB, OUT_OF_MEMORY, reader_name
from index.reading import FileResult, Started, Task, finished

Work = Callable[[Task], Started]
Results = Generator[FileResult, None, None]

_CHUNK_BYTES = 256 * 1024
_CHUNK_FILES = 64
_PACKED_FORMATS = frozenset(("archive", "gzipped", "docx", "epub", "odt"))
_UNPACKED = 20  # what is in them may be this many times as large, and that of a whole chunk is in memory at once
_CHUNKS_AHEAD = 2  # per worker: one at work, one waiting
_BATCH_DOCUMENTS = 32  # results are sent back this many at a time
_FILE_SECONDS = 60.0  # no article takes this long; a worker that does is stopped
_MORE_SECONDS = 5.0  # for each whole MB, since one file may hold many thousands of articles
# Read in the process of the build, where there is little to read: nothing of these formats and this size takes long.
# All else is always read in another process, which can be stopped.
_QUICK_FORMATS = frozenset(("markdown", "text", "jsonl"))
_QUICK_BYTES = 128 * 1024
_GARBAGE_EVERY = 10_000  # objects; more than the documents of a batch hold, which are no garbage
_OUT_OF_MEMORY = 99  # the exit code of a process that cannot go on for want of memory
_ALIVE_SECONDS = 0.2  # how often the parent looks whether it should stop

_START = "import sys; sys.path[:] = {path!r}; from index.workers import serve; serve()"


def read_here(tasks: Iterable[Task], work: Work, stop: Callable[[], bool]) -> Results:
    """Do the work in this process for files that cannot take long; the others come last, from one that is bounded."""
    others = []
    for task in tasks:
        if task.size <= _QUICK_BYTES and reader_name(task.path) in _QUICK_FORMATS:
            yield finished(work(task))
        else:
            others.append(task)
    if others:
        yield from read_in_processes(others, work, 1, stop)


def read_in_processes(tasks: Iterable[Task], work: Work, jobs: int, stop: Callable[[], bool]) -> Results:
    """Do the work in `jobs` processes; results come as they are ready, each file's once.

    Close the iterator to end the processes. A bounded number of files is under way at any time.

    Args:
        tasks: the files, taken as they are needed.
        work: a module's function; the processes import it by name.
        jobs: how many processes.
        stop: asked several times a second; once true, no more results come.
    """
    chunks: queue.SimpleQueue[list[Task] | None] = queue.SimpleQueue()
    done: queue.SimpleQueue[list[FileResult] | BaseException | None] = queue.SimpleQueue()
    workers = [_Worker(work, chunks, done) for _ in range(jobs)]
    try:
        under_way = 0
        waiting = _chunks(tasks)
        while True:
            while under_way < jobs * _CHUNKS_AHEAD and (chunk := next(waiting, None)):
                chunks.put(chunk)
                under_way += 1
            if not under_way:
                return
            try:
                results = done.get(timeout=_ALIVE_SECONDS)
            except queue.Empty:
                results = []
            if stop():
                return
            if results is None:
                under_way -= 1
            elif isinstance(results, BaseException):
                raise results
            else:
                yield from results
    finally:
        for _ in workers:
            chunks.put(None)
        for worker in workers:
            worker.end()


def _chunks(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    chunk: list[Task] = []
    size = 0
    for task in tasks:
        more = task.size * _UNPACKED if reader_name(task.path) in _PACKED_FORMATS else task.size
        if chunk and (size + more > _CHUNK_BYTES or len(chunk) >= _CHUNK_FILES):
            yield chunk
            chunk, size = [], 0
        chunk.append(task)
        size += more
    if chunk:
        yield chunk


def _seconds(chunk: list[Task]) -> float:
    """How long a process may take for a chunk."""
    return _FILE_SECONDS + _MORE_SECONDS * (sum(task.size for task in chunk) // 10**6)


class _WorkerDied(Exception):
    """The child process ended before its answer did."""


class _Worker:
    """One child process at a time, and the thread that talks to it."""

    def __init__(
        self,
        work: Work,
        chunks: queue.SimpleQueue[list[Task] | None],
        done: queue.SimpleQueue[list[FileResult] | BaseException | None],
    ) -> None:
        self._work = work
        self._chunks = chunks
        self._done = done
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = False
        self._timed_out = False
        self._changing = threading.Lock()  # held to start a process, and to say that none may start any more
        self._thread = threading.Thread(target=self._run, name="byline-worker", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop at once, whatever is being read."""
        with self._changing:
            self._ending = True
            if self._process:
                self._process.kill()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._ending and (chunk := self._chunks.get()) is not None:
                self._do(chunk)
                self._done.put(None)
        except BaseException as error:
            if not self._ending:
                self._done.put(error)
        finally:
            self._discard()

    def _do(self, chunk: list[Task]) -> None:
        """Have a chunk read; when the process dies of a file, read one by one what it had not answered for."""
        answered = 0
        if len(chunk) > 1:
            try:
                for results in self._ask(chunk):
                    answered += len(results)
                    self._done.put(results)
                return
            except _WorkerDied:
                self._discard()
        for task in chunk[answered:]:
            now = time.time_ns()
            try:
                for results in self._ask([task]):
                    self._done.put(results)
            except _WorkerDied:
                reason = self._obituary([task])
                self._discard()
                if self._ending:
                    return
                self._done.put([FileResult(task.source, now, error=reason)])

    def _ask(self, chunk: list[Task]) -> Iterator[list[FileResult]]:
        """Send a chunk to the process, started if need be, and yield its answers as they come."""
        process = self._process or self._start()
        assert process.stdin is not None and process.stdout is not None
        self._timed_out = False
        timer = threading.Timer(_seconds(chunk), self._too_long, [process])
        timer.daemon = True
        timer.start()
        try:
            pickle.dump(chunk, process.stdin, pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
            missing = len(chunk)
            while missing:
                results: list[FileResult] = pickle.load(process.stdout)
                missing -= len(results)
                yield results
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise _WorkerDied from error
        finally:
            timer.cancel()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._changing:
            if self._ending:
                raise _WorkerDied
            # The same modules as here, wherever those came from; and nothing from the current folder.
            process = subprocess.Popen(
                [sys.executable, "-c", _START.format(path=[os.path.abspath(entry) for entry in sys.path])],  # noqa: PTH100
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._process = process
        assert process.stdin is not None
        with contextlib.suppress(OSError):  # if it is dead already, the first chunk tells
            pickle.dump(self._work, process.stdin)
        return process

    def _too_long(self, process: subprocess.Popen[bytes]) -> None:
        self._timed_out = True
        process.kill()

    def _obituary(self, chunk: list[Task]) -> str:
        if self._timed_out:
            return f"reading it took more than {_seconds(chunk):g} seconds"
        code = self._process.wait() if self._process else 0
        if code == _OUT_OF_MEMORY or code == -signal.SIGABRT:  # libraries in Rust and C++ abort when memory ends
            return OUT_OF_MEMORY
        if code < 0:
            with contextlib.suppress(ValueError):
                return f"reading it ended the process ({signal.Signals(-code).name})"
        return f"reading it ended the process (exit code {code})"

    def _discard(self) -> None:
        """Be rid of the process, so that the next chunk starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()
        process.wait()


def serve() -> None:
    """What a child process does: answer chunks until its input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    chunks, answers = sys.stdin.buffer, _private_stdout()
    _bound_memory(MAX_MEMORY_MB * 2**20)
    gc.freeze()  # the modules will not become garbage
    gc.set_threshold(_GARBAGE_EVERY)
    with contextlib.suppress(EOFError, BrokenPipeError):
        work: Work = pickle.load(chunks)
        try:
            while True:
                _answer(pickle.load(chunks), work, answers)
        except MemoryError:
            os._exit(_OUT_OF_MEMORY)
    os._exit(0)  # nothing to tidy up, and a flush of a broken pipe would only complain


def _answer(chunk: list[Task], work: Work, answers: IO[bytes]) -> None:
    batch: list[FileResult] = []
    found = 0
    for number, started in enumerate([work(task) for task in chunk], start=1):
        result = finished(started)
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
