"""A dry run: what an update would do, found out by doing all of it but the writing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import TracebackType
from typing import Self

from index.engines.contract import AnalysedDocument, Writer
from index.updating.update import Update


class Rehearsal(Update):
    """An update that leaves the index as it is. Its catalog must be a private copy, whose contents it changes."""

    def move_to(self, engine: str) -> None:
        """Go on as if in another engine."""
        if self._changed:
            self.commit()
        generation = self.manifest.generation + 1
        self.catalog.copy_to(generation)
        self.manifest = replace(self.manifest, engine=engine, generation=generation)
        self.commit()

    def count_again(self, source: str) -> None:
        """Nothing: the documents that were left are not in the index as it would be."""

    def _open_writer(self) -> Writer:
        return _Unwritten()

    def _note_files(self) -> None:
        pass

    def _put_in_force(self) -> None:
        pass

    def _clean_up(self) -> None:
        pass


class _Unwritten:
    """A writer of which nothing comes."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def add(self, document: AnalysedDocument) -> None:
        pass

    def delete(self, ids: Iterable[str]) -> None:
        pass

    def commit(self) -> None:
        pass
