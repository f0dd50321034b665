"""Documents of exports, which keep the names they had: what happens where a file of the corpus has the same name.

A file of the corpus always has its own name. A document of an export that would have it, too, is called after its
place in the export instead, `export.jsonl!/articles/leak.md`, so that nothing is lost and no two documents share an id.
When a file appears whose name a document of an export has been given, or one goes that had such a name, the export is
read again at the end of the same build: its documents are called as if all had been indexed at once. (Of two exports
with a document of one name, the one that was indexed first keeps it.)
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from index.catalog.catalog import Catalog
from index.catalog.rows import as_bytes
from index.document import Document, document_id
from index.engines.contract import ColumnValue
from index.processes.tasks import EXPORT, FileResult
from index.settings import IndexSettings
from index.sources import SEPARATOR, belongs_to

_PART = re.compile(r"#[0-9]+\Z|!/")  # behind the name of a file that holds several documents


class Claims:
    """Which names the documents of exports have, on disk: as long as there is no export, it costs next to nothing."""

    def __init__(self, catalog: Catalog, settings: IndexSettings) -> None:
        """
        Args:
            catalog: in use for the generation that is written.
            settings: how documents are analysed.
        """
        self._catalog = catalog
        self._settings = settings
        self._is_open: bool | None = None
        self._given_up: defaultdict[str, set[str]] = defaultdict(set)
        self._to_read: dict[str, None] = {}  # in order

    def settled(self, source: str, result: FileResult) -> FileResult:
        """What was read of a file, with other names for documents of an export whose names are taken."""
        if not self._are_there(result.reader == EXPORT):
            return result
        self._catalog.run("DELETE FROM claims WHERE source = CAST(? AS TEXT)", as_bytes(source))
        if result.reader != EXPORT:
            return result
        documents = [self._own(source, *document) for document in result.documents]
        self._catalog.run_for_each(
            "INSERT OR REPLACE INTO claims VALUES (?, CAST(? AS TEXT))",
            ((document[0], as_bytes(source)) for document in documents),
        )
        return result._replace(documents=documents)

    def yielded(self, source: str, ids: Sequence[str]) -> list[str]:
        """Which of the documents that a file has must be taken from an export first; the export gives them up."""
        if not self._are_there():
            return []
        found = []
        for each in ids:
            row = self._catalog.run("SELECT source FROM claims WHERE id = ?", each).fetchone()
            if row and row[0] != source:
                self._catalog.run("DELETE FROM claims WHERE id = ?", each)
                self._give_up(row[0], each)
                self._given_up[row[0]].add(each)
                found.append(each)
        return found

    def freed(self, source: str, ids: Collection[str]) -> None:
        """Note that a file is gone, so that exports may give their documents the names that it had."""
        if not self._are_there():
            return
        self._catalog.run("DELETE FROM claims WHERE source = CAST(? AS TEXT)", as_bytes(source))
        had_several = not {*ids} <= {document_id(source)}  # then it is not known here what they were called
        for export, _ in self._exports():
            if export != source and (had_several or self._claims(export, document_id(f"{export}{SEPARATOR}{source}"))):
                self._read_again(export)

    def to_read_again(self) -> list[str]:
        """The exports whose documents are to be called otherwise now, as far as nobody was told yet."""
        names = list(self._to_read)
        self._to_read.clear()
        return [name for name in names if self._catalog.knows(name)]

    def still(self, source: str, ids: Iterable[str]) -> tuple[str, ...]:
        """Those of the documents of a file that it has not given up since the build began."""
        given_up = self._given_up.get(source)
        return tuple(each for each in ids if not given_up or each not in given_up)

    def _are_there(self, one_comes: bool = False) -> bool:
        """Whether there are exports; makes the table of their documents when the first is met."""
        if self._is_open is None:
            self._is_open = False
            one_comes = one_comes or bool(self._exports())
        if one_comes and not self._is_open:
            self._is_open = True
            self._catalog.run("DROP TABLE IF EXISTS temp.claims")
            self._catalog.run("CREATE TEMP TABLE claims (id TEXT PRIMARY KEY, source TEXT NOT NULL) WITHOUT ROWID")
            self._catalog.run("CREATE INDEX temp.claims_of ON claims (source)")
            for source, ids in self._exports():
                self._catalog.run_for_each(
                    "INSERT OR IGNORE INTO claims VALUES (?, CAST(? AS TEXT))",
                    ((each, as_bytes(source)) for each in ids.split()),
                )
        return self._is_open

    def _exports(self) -> list[tuple[str, str]]:
        """The files of exported documents, and the ids of these."""
        statement = "SELECT source, ids FROM files WHERE generation = ? AND reader = 'export'"
        return self._catalog.run(statement, self._catalog.generation).fetchall()

    def _give_up(self, source: str, id: str) -> None:
        """Note in the catalog that an export has lost a document."""
        key = self._catalog.generation, as_bytes(source)
        where = "WHERE generation = ? AND source = CAST(? AS TEXT)"
        lists = self._catalog.run(f"SELECT ids, new_ids FROM files {where}", *key).fetchone()
        ids, new_ids = (ids and " ".join(each for each in ids.split() if each != id) for ids in lists)
        self._catalog.run(
            f"UPDATE files SET ids = ?, new_ids = ?, documents = documents - 1 {where}", ids, new_ids, *key
        )
        self._read_again(source)

    def _read_again(self, source: str) -> None:
        """Have an export read again: in this build, or, should that be interrupted or fail, in the next."""
        if source not in self._to_read:
            self._to_read[source] = None
            self._catalog.run(
                "UPDATE files SET mtime_ns = -1, digest = x'' WHERE generation = ? AND source = CAST(? AS TEXT)",
                self._catalog.generation,
                as_bytes(source),
            )

    def _claims(self, source: str, id: str) -> bool:
        row = self._catalog.run("SELECT source FROM claims WHERE id = ?", id).fetchone()
        return bool(row and row[0] == source)

    def _own(
        self, file: str, id: str, columns: Mapping[str, ColumnValue], stored: str
    ) -> tuple[str, Mapping[str, ColumnValue], str]:
        if id == document_id(file):
            return id, columns, stored
        document = Document.from_stored(stored)
        if belongs_to(document.source, file) or not self._is_taken(document.source, id):
            return id, columns, stored
        from index.analysis.columns import analyse

        made = analyse(document.with_source(f"{file}{SEPARATOR}{document.source}"), settings=self._settings)
        return made.id, made.columns, made.stored

    def _is_taken(self, source: str, id: str) -> bool:
        if self._catalog.run("SELECT 1 FROM claims WHERE id = ?", id).fetchone():
            return True
        return any(self._catalog.knows(name) or self._is_walked(name) for name in _files_that_give(source))

    def _is_walked(self, source: str) -> bool:
        statement = "SELECT 1 FROM walked WHERE source = CAST(? AS TEXT)"
        return self._catalog.run(statement, as_bytes(source)).fetchone() is not None


def _files_that_give(source: str) -> Iterator[str]:
    """The names of files in which a document of this source may be: `a.jsonl#3` is in `a.jsonl`, or is one itself."""
    yield source
    for part in _PART.finditer(source):
        yield source[: part.start()]
