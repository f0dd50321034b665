"""What an index holds, asked without a lock: it may be in use, on read-only media, or outdated."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index import query
from index.catalog_errors import catalog_error
from index.document import Document
from index.engines.contract import Order
from index.manifest import CATALOG_NAME, read_manifest
from index.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What an index holds.

    Attributes:
        index: the index folder.
        outdated: why this version cannot search it as it is; empty when it can.
        documents: how many there are.
        files: how many files they come from.
        unreadable: how many article files could not be read.
        languages: how many documents were analysed in each language; "" counts all others.
        first_date, last_date: of all dated documents; None when there are none, or the index is outdated.
        without_title, without_author, without_date: how many documents lack it.
        engine: its name.
        automatic: whether the engine was chosen by the size of the corpus.
        size: on disk, in bytes.
        roots: the files and folders indexed, relative to the folder that holds the index, or absolute.
        created, updated: when the index was made, and when it was last changed (UTC).
    """

    index: str
    outdated: str
    documents: int
    files: int
    unreadable: int
    languages: Mapping[str, int]
    first_date: dt.date | None
    last_date: dt.date | None
    without_title: int
    without_author: int
    without_date: int
    engine: str
    automatic: bool
    size: int
    roots: tuple[str, ...]
    created: dt.datetime
    updated: dt.datetime

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON types: dates and times in ISO 8601, or None."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        for name, value in values.items():
            if isinstance(value, dt.date):
                values[name] = value.isoformat()
        return values | {"languages": dict(self.languages), "roots": list(self.roots)}


def take_inventory(index_dir: Path) -> Inventory:
    """Say what the index at `index_dir` holds.

    Raises:
        IndexNotFound, NotAnIndex, IndexTooNew, IndexDamaged: if there is no index that this version can make sense of.
    """
    manifest = read_manifest(index_dir)
    outdated = manifest.outdated_because()
    first, last = (None, None) if outdated else _date_span(index_dir)
    files, unreadable, without_title, without_author, without_date = _file_counts(index_dir, manifest.generation)
    return Inventory(
        index=str(index_dir),
        outdated=outdated,
        documents=manifest.documents,
        files=files,
        unreadable=unreadable,
        languages=dict(sorted(manifest.languages.items(), key=lambda item: (-item[1], item[0]))),
        first_date=first,
        last_date=last,
        without_title=without_title,
        without_author=without_author,
        without_date=without_date,
        engine=manifest.engine,
        automatic=manifest.automatic,
        size=_size_on_disk(index_dir),
        roots=manifest.roots,
        created=manifest.created,
        updated=manifest.updated,
    )


def _date_span(index_dir: Path) -> tuple[dt.date | None, dt.date | None]:
    searcher = Store.open(index_dir).searcher()
    ends: list[dt.date | None] = []
    for order in (Order.OLDEST, Order.NEWEST):
        page = searcher.search(query.Range("date"), limit=1, order=order).page
        ends.append(Document.from_stored(page[0].stored).date if page else None)
    return ends[0], ends[1]


def _file_counts(index_dir: Path, generation: int) -> tuple[int, int, int, int, int]:
    path = index_dir / CATALOG_NAME
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)) as connection:
            row = connection.execute(
                "SELECT count(*) FILTER (WHERE documents > 0), count(*) FILTER (WHERE error <> ''), "
                "coalesce(sum(without_title), 0), coalesce(sum(without_author), 0), coalesce(sum(without_date), 0) "
                "FROM files WHERE generation = ?",
                (generation,),
            ).fetchone()
    except sqlite3.Error as error:
        raise catalog_error(error, path, reading=True) from error
    files, unreadable, without_title, without_author, without_date = row
    return files, unreadable, without_title, without_author, without_date


def _size_on_disk(folder: Path) -> int:
    """The bytes of all files in a folder, passing over what vanishes meanwhile."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(parent) / name).lstat().st_size
            except OSError:
                continue
    return total
