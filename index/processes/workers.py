"""Processes that read and analyse files while the parent writes.

Reading a file is bounded in time and, where the system can be told so, in memory: what takes more is skipped.

A worker that dies costs only the file it was reading: another takes its place. How they are started is told in
`index.processes.starter`, and what they do in `index.processes.serving`.
"""

from __future__ import annotations

import contextlib
import pickle
import queue
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator

from index.processes.serving import OUT_OF_MEMORY_CODE
from index.processes.starter import Process, Starter
from index.processes.tasks import FileResult, Task, Work
from index.readers import OUT_OF_MEMORY, reader_name

Results = Generator[FileResult, None, None]

_CHUNK_BYTES = 256 * 1024
_CHUNK_FILES = 64
_PACKED_FORMATS = frozenset(("archive", "gzipped", "docx", "epub", "odt"))
_UNPACKED = 20  # what is in them may be this many times as large, and that of a whole chunk is in memory at once
_CHUNKS_AHEAD = 4  # per worker: one at work, others for while the engine is behind and nothing is taken
_FILE_SECONDS = 60.0  # no article takes this long; a worker that does is stopped
_MORE_SECONDS = 5.0  # for each whole MB, since one file may hold many thousands of articles
# Read in the process of the build, where there is little to read: nothing of these formats and this size takes long.
# All else is always read in another process, which can be stopped.
_QUICK_FORMATS = frozenset(("markdown", "text", "jsonl"))
_QUICK_BYTES = 128 * 1024
_QUICK_TOGETHER = 16
_ALIVE_SECONDS = 0.2  # how often the parent looks whether it should stop


def read_here(tasks: Iterable[Task], work: Work, stop: Callable[[], bool], starter: Starter | None = None) -> Results:
    """Do the work in this process for files that cannot take long; the others come last, from one that is bounded.

    For the arguments see `read_in_processes`.
    """
    from index.processes.reading import results_of  # which is not needed here if other processes read

    group: list[Task] = []
    others: list[Task] = []
    for task in tasks:
        is_quick = task.size <= _QUICK_BYTES and reader_name(task.path) in _QUICK_FORMATS
        (group if is_quick else others).append(task)
        if len(group) == _QUICK_TOGETHER:
            yield from results_of(group, work)
            group.clear()
    yield from results_of(group, work)
    if others:
        yield from read_in_processes(others, work, 1, stop, starter)


def read_in_processes(
    tasks: Iterable[Task], work: Work, jobs: int, stop: Callable[[], bool], starter: Starter | None = None
) -> Results:
    """Do the work in `jobs` processes; results come as they are ready, each file's once.

    Close the iterator to end the processes. A bounded number of files is under way at any time.

    Args:
        tasks: the files, taken as they are needed.
        work: a module's function; the processes import it by name.
        jobs: how many processes.
        stop: asked several times a second; once true, no more results come.
        starter: of processes that do this work, if that was made ready before; it is closed at the end.
    """
    starter = starter or Starter(work)
    if jobs > 1 or starter.is_quick():
        starter.prepare()
    chunks: queue.SimpleQueue[list[Task] | None] = queue.SimpleQueue()
    done: queue.SimpleQueue[list[FileResult] | BaseException | None] = queue.SimpleQueue()
    workers = [_Worker(starter, chunks, done) for _ in range(jobs)]
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
        starter.close()
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
        starter: Starter,
        chunks: queue.SimpleQueue[list[Task] | None],
        done: queue.SimpleQueue[list[FileResult] | BaseException | None],
    ) -> None:
        self._starter = starter
        self._chunks = chunks
        self._done = done
        self._process: Process | None = None
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
            reason = self._do_alone(task)
            if reason is None:
                reason = self._do_alone(task)
            if self._ending:
                return
            if reason is None:
                why = "the processes that read were ended"
                self._done.put([FileResult(task.source, now, error=why, transient=True)])
            elif reason:
                self._done.put([FileResult(task.source, now, error=reason)])

    def _do_alone(self, task: Task) -> str | None:
        """Have one file read; why that could not be, empty if it could, None if it was not for the file."""
        try:
            for results in self._ask([task]):
                self._done.put(results)
        except _WorkerDied:
            reason = self._obituary([task])
            self._discard()
            return reason
        return ""

    def _ask(self, chunk: list[Task]) -> Iterator[list[FileResult]]:
        """Send a chunk to the process, started if need be, and yield its answers as they come."""
        process = self._process or self._start()
        self._timed_out = False
        timer = threading.Timer(_seconds(chunk), self._too_long, [process])
        timer.daemon = True
        timer.start()
        try:
            pickle.dump(chunk, process.chunks, pickle.HIGHEST_PROTOCOL)
            process.chunks.flush()
            missing = len(chunk)
            while missing:
                results: list[FileResult] = pickle.load(process.answers)
                missing -= len(results)
                yield results
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise _WorkerDied from error
        finally:
            timer.cancel()

    def _start(self) -> Process:
        with self._changing:
            if self._ending:
                raise _WorkerDied
            self._process = self._starter.start()
            return self._process

    def _too_long(self, process: Process) -> None:
        self._timed_out = True
        process.kill()

    def _obituary(self, chunk: list[Task]) -> str | None:
        if self._timed_out:
            return f"reading it took more than {_seconds(chunk):g} seconds"
        code = self._process.wait() if self._process else 0
        if code is None:  # it went with others
            return None
        if code == OUT_OF_MEMORY_CODE or code == -signal.SIGABRT:  # libraries in Rust and C++ abort when memory ends
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
        for pipe in (process.chunks, process.answers):
            with contextlib.suppress(OSError):
                pipe.close()
        process.wait()
