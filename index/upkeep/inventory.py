"""What an index holds, asked without a lock: it may be in use, on read-only media, or outdated."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index import query
from index.catalog.counts import Counts
from index.catalog.opening import read_catalog
from index.catalog.remarks import HAS_FAILED, IS_IN_PART
from index.document import Document
from index.engines.contract import Order, Searcher
from index.reading_settings import FieldMap
from index.schema import Form
from index.settings import read_settings
from index.storage.manifest import FORMAT, read_manifest
from index.storage.store import Store

MAX_LANGUAGES = 1_000
"""How many languages are told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What an index holds.

    Attributes:
        index: the index folder.
        outdated: why this version cannot search it as it is; empty when it can.
        documents: how many there are.
        files: how many files they come from.
        unreadable: how many article files could not be read.
        partly: how many were read only in part.
        languages: how many documents are in each language, the most frequent first; "" counts those whose language is
            not known, and in an outdated index those without a stemmer.
        first_date, last_date: of all dated documents; None when there are none, or the index is outdated.
        without_title, without_author, without_date: how many documents lack it.
        doubtful: how many have a title, authors or a date that may well be wrong.
        engine: its name.
        automatic: whether the engine was chosen by the size of the corpus.
        size: on disk, in bytes.
        map: what records call their fields, as `--map` and `byline.toml` say it: names by field, best first.
        complete: whether an update has read every file that there was, since the index was made anew.
        roots: the files and folders indexed, relative to the folder that holds the index, or absolute.
        created, updated: when the index was made, and when it was last changed (UTC).
    """

    index: str
    outdated: str
    documents: int
    files: int
    unreadable: int
    partly: int
    languages: Mapping[str, int]
    first_date: dt.date | None
    last_date: dt.date | None
    without_title: int
    without_author: int
    without_date: int
    doubtful: int
    engine: str
    automatic: bool
    size: int
    map: FieldMap
    complete: bool
    roots: tuple[str, ...]
    created: dt.datetime
    updated: dt.datetime

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON types: dates and times in ISO 8601, or None."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        for name, value in values.items():
            if isinstance(value, dt.date):
                values[name] = value.isoformat()
        mapped = {name: list(names) for name, names in self.map.items()}
        return values | {"languages": dict(self.languages), "map": mapped, "roots": list(self.roots)}


def take_inventory(index_dir: Path) -> Inventory:
    """Say what the index at `index_dir` holds.

    Raises:
        IndexNotFound, NotAnIndex, IndexTooNew, IndexDamaged: if there is no index that this version can make sense of.
    """
    manifest = read_manifest(index_dir)
    outdated = manifest.outdated_because()
    first, last = None, None
    languages: Mapping[str, int] = manifest.languages
    if not outdated:
        searcher = Store.open(index_dir).searcher()
        first, last = _date_span(searcher)
        languages = _languages(searcher, manifest.documents)
    files, unreadable, partly, counts = _file_counts(index_dir, manifest.generation, checked=manifest.format == FORMAT)
    return Inventory(
        index=str(index_dir),
        outdated=outdated,
        documents=manifest.documents,
        files=files,
        unreadable=unreadable,
        partly=partly,
        languages=dict(sorted(languages.items(), key=lambda item: (not item[0], -item[1], item[0]))),
        first_date=first,
        last_date=last,
        without_title=counts.without_title,
        without_author=counts.without_author,
        without_date=counts.without_date,
        doubtful=counts.doubtful,
        engine=manifest.engine,
        automatic=manifest.automatic,
        size=size_on_disk(index_dir),
        map=read_settings(index_dir).reading.with_map(manifest.map).map,
        complete=manifest.seen_ns > 0,
        roots=manifest.roots,
        created=manifest.created,
        updated=manifest.updated,
    )


def _languages(searcher: Searcher, documents: int) -> dict[str, int]:
    """How many documents are in each language, whether or not it has a stemmer; "" for the rest."""
    every = query.Everything()
    found = dict(searcher.commonest("lang", Form.RAW, limit=MAX_LANGUAGES, within=every))
    unknown = documents - sum(found.values())
    return found | ({"": unknown} if unknown > 0 else {})


def _date_span(searcher: Searcher) -> tuple[dt.date | None, dt.date | None]:
    ends: list[dt.date | None] = []
    for order in (Order.OLDEST, Order.NEWEST):
        page = searcher.search(query.Range("date"), limit=1, order=order).page
        ends.append(Document.from_stored(page[0].stored).date if page else None)
    return ends[0], ends[1]


def _file_counts(index_dir: Path, generation: int, *, checked: bool) -> tuple[int, int, int, Counts]:
    """How many files have documents, could not be read, and were read in part; and what the documents lack."""
    with read_catalog(index_dir, checked=checked) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(files)")]
        doubtful = "doubtful" if "doubtful" in columns else "0"  # catalogs of earlier versions have no such column
        row = connection.execute(
            f"SELECT count(*) FILTER (WHERE documents > 0), count(*) FILTER (WHERE {HAS_FAILED}), "
            f"count(*) FILTER (WHERE {IS_IN_PART}), "
            "coalesce(sum(documents), 0), coalesce(sum(without_title), 0), coalesce(sum(without_author), 0), "
            f"coalesce(sum(without_date), 0), coalesce(sum({doubtful}), 0) FROM files WHERE generation = ?",
            (generation,),
        ).fetchone()
    files, unreadable, partly, *counts = row
    return files, unreadable, partly, Counts(*counts)


def size_on_disk(folder: Path) -> int:
    """The bytes of all files in a folder, passing over what vanishes meanwhile."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(parent) / name).lstat().st_size
            except OSError:
                continue
    return total
