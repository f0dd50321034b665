"""A finished index as a reader sees it: the manifest and the engine's searcher. Readers never lock and never write."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from index.engines import engine as engine_called
from index.engines.contract import Searcher
from index.errors import IndexDamaged
from index.schema import SCHEMA
from index.storage.checksums import check_folder
from index.storage.manifest import (
    MANIFEST_NAME,
    Manifest,
    check_engine_is_known,
    check_is_current,
    generation_path,
    read_manifest,
)

_TRIES = 5  # a writer may remove the generation just read about, or the files it has just replaced
_PAUSE_SECONDS = 0.02


class Store:
    """An index open for searching, at one commit. A context manager."""

    def __init__(self, index_dir: Path, manifest: Manifest, stamp: tuple[int, ...]) -> None:
        self.index_dir = index_dir
        self.manifest = manifest
        self.stamp = stamp
        self._searcher: Searcher | None = None

    @classmethod
    def open(cls, index_dir: Path) -> Store:
        """Open the last commit. Cheap: the engine is opened when it is first asked for.

        Raises:
            IndexNotFound, NotAnIndex, IndexTooNew, IndexOutdated, IndexDamaged: if it cannot be searched.
        """
        now = stamp(index_dir)
        manifest = read_manifest(index_dir)
        check_is_current(manifest, index_dir)
        return cls(index_dir, manifest, now)

    def searcher(self) -> Searcher:
        """The engine's searcher, opened once.

        Raises:
            IndexDamaged, IndexTooNew: if the engine's files cannot be opened.
        """
        if self._searcher is None:
            self._searcher = self._open_searcher()
        return self._searcher

    def close(self) -> None:
        """Let go of the engine's files."""
        searcher, self._searcher = self._searcher, None
        if searcher:
            searcher.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open_searcher(self) -> Searcher:
        for tries_left in reversed(range(_TRIES)):
            check_engine_is_known(self.manifest, self.index_dir)
            engine = engine_called(self.manifest.engine)
            path = generation_path(self.index_dir, self.manifest.generation)
            is_sound = False
            try:
                check_folder(path, engine)
                is_sound = True
                return engine.searcher(path, SCHEMA)
            except IndexDamaged:
                newer = Store.open(self.index_dir)
                has_moved = newer.manifest.generation != self.manifest.generation
                if not tries_left or not (is_sound or has_moved):
                    raise
                time.sleep(_PAUSE_SECONDS)
                self.manifest, self.stamp = newer.manifest, newer.stamp
        raise AssertionError("the last try returns or raises")


def stamp(index_dir: Path) -> tuple[int, ...]:
    """Changes with every commit, and costs next to nothing.

    Raises:
        IndexNotFound, NotAnIndex: if there is no index.
    """
    try:
        status = os.stat(os.path.join(index_dir, MANIFEST_NAME))  # noqa: PTH116, PTH118  (which is quicker)
    except OSError:
        read_manifest(index_dir)  # says what is there instead
        raise
    return status.st_mtime_ns, status.st_ino, status.st_size
