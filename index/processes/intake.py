"""Having the files of a build read: in its own process where there is little, and else in several."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from index.catalog.rows import Stat
from index.files.selection import belonging
from index.files.walk import SourceFile, walk
from index.home import home_of
from index.processes.starter import Starter
from index.processes.tasks import FileResult, Task
from index.processes.workers import Results, read_here, read_in_processes
from index.reading_settings import ReadingSettings
from index.settings import Settings

# With less to read than this, starting processes costs more than they save.
_FEW_FILES = 64
_FEW_BYTES = 2_000_000
_FEW_BYTES_IF_QUICK = 150_000


class Intake:
    """What reads the files of one build."""

    def __init__(
        self,
        index_dir: Path,
        settings: Settings,
        reading: ReadingSettings,
        starter: Starter,
        jobs: int,
        stop: Callable[[], bool],
    ) -> None:
        """
        Args:
            index_dir: the index folder.
            settings: of the index.
            reading: how files are read, which may be otherwise than its settings say.
            starter: of processes that read.
            jobs: how many of these.
            stop: asked often; once true, no more results come.
        """
        self._index_dir = index_dir
        self._home = home_of(index_dir)
        self._settings = settings
        self._reading = reading
        self._starter = starter
        self._jobs = jobs
        self._stop = stop
        self._files = self._bytes = 0  # that will be read, as far as is known

    def expect(self, size: int) -> None:
        """Say that a file of `size` bytes will be read: once those are many, processes for them are made ready."""
        self._files += 1
        self._bytes += size
        if not self._starter.is_prepared and self._is_much(self._files, self._bytes):
            self._starter.prepare()

    def read(self, files: Iterable[tuple[Stat, bytes]], number: int, size: int) -> Results:
        """Read files.

        Args:
            files: each with the digest of its content that is in the index already; empty if it must be read anyhow.
            number: how many these are.
            size: of all together, in bytes.
        """
        tasks = (self._task(each.source, each.size, digest) for each, digest in files)
        if self._is_much(number, size):
            return read_in_processes(tasks, self._starter.work, self._jobs, self._stop, self._starter)
        return read_here(tasks, self._starter.work, self._stop, self._starter)

    def read_again(self, source: str) -> tuple[Stat, FileResult] | None:
        """Read one file that was read before, whatever is known of it; None if that cannot be done now."""
        path = self._home / source
        found = walk([path], self._home) if not self._stop() and path.is_file() else ()
        for file in belonging(found, self._index_dir, self._settings, self._reading):
            if isinstance(file, SourceFile):
                task = self._task(source, file.size, b"")
                with contextlib.closing(read_here([task], self._starter.work, self._stop)) as results:
                    result = next(results, None)
                if result and not result.error:
                    return Stat(*file[1:]), result
        return None

    def _task(self, source: str, size: int, digest: bytes) -> Task:
        # os.path.join, since this runs for every file and is ten times as fast as Path
        path = os.path.join(self._home, source)  # noqa: PTH118
        return Task(path, source, size, digest, self._settings.index, self._reading)

    def _is_much(self, files: int, size: int) -> bool:
        if files < _FEW_FILES or size < min(_FEW_BYTES, _FEW_BYTES_IF_QUICK):
            return False
        return size >= _FEW_BYTES or self._starter.is_quick()
