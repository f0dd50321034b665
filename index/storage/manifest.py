"""The manifest: the one small file that says what an index is, and which generation of it counts.

It is replaced as a whole and atomically, so a reader sees one commit or the next. Every commit changes it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from index.analysis.tokens import ANALYSIS_VERSION
from index.engines import ENGINE_NAMES
from index.errors import IndexDamaged, IndexOutdated, IndexTooNew, NotAnIndex, UsageError
from index.reading_settings import FieldMap, is_map
from index.records import record
from index.schema import SCHEMA
from index.sealed import is_sealed, number, read_small_file, replace_file, sealed, unsealed
from index.settings import IndexSettings
from index.storage.shape import check_shape

FORMAT = 2
"""Raised whenever the layout of the index folder changes."""

_UNSEALED_FORMAT = 1  # of which the manifest has no checksum of itself

MANIFEST_NAME = "manifest.json"
LOCK_NAME = "lock"
LOCK_MARK = "Byline's writer lock"
"""How the lock file of an index begins: it tells an unfinished index from a stranger's folder."""

GENERATIONS_NAME = "generations"
CATALOG_NAME = "catalog.sqlite"
SEARCHES_NAME = "searches"
MAX_SEARCH_BYTES = 16 * 2**20
"""How long the file of a saved search may be."""

CHECKSUMS_NAME = "checksums.json"
"""In the index folder, of the catalog; in that of a generation, of the engine's files."""

_OUR_NAMES = {
    MANIFEST_NAME, f"{MANIFEST_NAME}.new", LOCK_NAME, GENERATIONS_NAME, CATALOG_NAME, f"{CATALOG_NAME}-journal",
    SEARCHES_NAME, CHECKSUMS_NAME, f"{CHECKSUMS_NAME}.new",
}  # fmt: skip
_MAX_BYTES = 4 * 2**20


@record(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an index is.

    Attributes:
        engine: the engine's name.
        automatic: whether the engine was chosen by the size of the corpus, and may be changed so.
        schema: fingerprint of the schema it was written with.
        analysis: version of the analysis it was written with.
        settings: what `byline.toml` said of analysis when it was built.
        readers: version of the readers at the last build.
        generation: which of `generations/` counts.
        commit: how many times something was committed, over all generations.
        documents: how many documents there are.
        languages: how many documents were stemmed in each language; "" counts those not stemmed.
        seen_ns: when the walk of the last complete build began, in nanoseconds since 1970: a file that has not changed
            since then is in the index as it is. 0 if no build was complete.
        roots: the files and folders that are indexed: relative to the index's home, or absolute.
        mounts: folders below them that were mount points when they were walked last.
        map: names that records have for their fields, as `--map` told.
        created: when the index was first made (UTC).
        updated: when it was last committed (UTC).
        format: layout of the index folder.
    """

    engine: str
    automatic: bool
    schema: str = SCHEMA.fingerprint
    analysis: int = ANALYSIS_VERSION
    settings: IndexSettings = field(default_factory=IndexSettings)
    readers: int
    generation: int
    commit: int = 0
    documents: int = 0
    languages: Mapping[str, int] = field(default_factory=dict)
    seen_ns: int = 0
    roots: tuple[str, ...] = ()
    mounts: tuple[str, ...] = ()
    map: FieldMap = field(default_factory=dict)
    created: dt.datetime
    updated: dt.datetime
    format: int = FORMAT

    def outdated_because(self) -> str:
        """Why this version of Byline cannot search the index as it is; empty when it can."""
        if self.format < FORMAT:
            return "it was written in an older format"
        if self.schema != SCHEMA.fingerprint:
            return "its fields are not those of this version"
        if self.analysis != ANALYSIS_VERSION:
            return "its words were analysed by an older version"
        return ""

    def to_dict(self) -> dict[str, Any]:
        """The manifest as JSON types."""
        return {
            "format": self.format,
            "engine": self.engine,
            "automatic": self.automatic,
            "schema": self.schema,
            "analysis": self.analysis,
            "settings": self.settings.to_dict(),
            "readers": self.readers,
            "generation": self.generation,
            "commit": self.commit,
            "documents": self.documents,
            "languages": dict(sorted(self.languages.items())),
            "seen_ns": self.seen_ns,
            "roots": list(self.roots),
            "mounts": list(self.mounts),
            "map": {name: list(names) for name, names in self.map.items()},
            "created": self.created.isoformat(timespec="seconds"),
            "updated": self.updated.isoformat(timespec="seconds"),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Manifest:
        """The inverse of `to_dict`. Raises KeyError, TypeError or ValueError on anything else."""
        numbers = {name: number(values[name]) for name in ("readers", "generation", "commit", "documents")}
        return cls(
            format=number(values["format"]),
            engine=_name(values["engine"]),
            automatic=values["automatic"] is True,
            schema=_name(values["schema"]),
            analysis=number(values["analysis"]),
            settings=IndexSettings.from_dict(values.get("settings", {})),
            languages={str(code): number(count) for code, count in values["languages"].items()},
            seen_ns=number(values.get("seen_ns", 0)),
            roots=_texts(values["roots"]),
            mounts=_texts(values.get("mounts", [])),
            map=_field_map(values.get("map", {})),
            created=dt.datetime.fromisoformat(values["created"]),
            updated=dt.datetime.fromisoformat(values["updated"]),
            **numbers,
        )


def generation_path(index_dir: Path, generation: int) -> Path:
    """The folder that holds the engine's files of a generation."""
    return index_dir / GENERATIONS_NAME / f"{generation:04d}"


def read_manifest(index_dir: Path) -> Manifest:
    """The manifest of an index, which may be outdated (see `Manifest.outdated_because`) but never too new.

    Raises:
        IndexNotFound: if there is no index yet, or no such folder, or the manifest is missing.
        NotAnIndex: if the folder holds something else.
        IndexTooNew: if a later version wrote it.
        IndexDamaged: if the manifest cannot be made sense of, or there are links in the index (see
            `index.storage.shape`).
    """
    path = index_dir / MANIFEST_NAME
    check_shape(index_dir)
    try:
        data = read_small_file(path, _MAX_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        check_is_ours(index_dir)
        from index.catalog.remains import not_found  # which a search does without

        raise not_found(index_dir) from None
    except OSError as error:
        raise IndexDamaged(
            f"it cannot be opened: {error.strerror or error}",
            where=str(path),
            remedy="Get the right to read it, or build another index: byline index PATH --index DIR",
        ) from error
    try:
        if len(data) > _MAX_BYTES:
            raise ValueError("too large")
        values = unsealed(data) if is_sealed(data) else json.loads(data)
        layout = number(values["format"])
        if _UNSEALED_FORMAT < layout <= FORMAT and not is_sealed(data):
            raise ValueError("its checksum is missing")
        if layout <= FORMAT:
            manifest = Manifest.from_dict(values)
            if manifest.schema == SCHEMA.fingerprint and manifest.analysis > ANALYSIS_VERSION:
                layout = FORMAT + 1
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        if not (index_dir / GENERATIONS_NAME).is_dir():
            raise NotAnIndex(
                f"its {MANIFEST_NAME} is not Byline's", where=str(index_dir), remedy="Name another folder: --index DIR"
            ) from None
        from index.catalog.remains import again

        raise IndexDamaged("the manifest is not as it was written", where=str(path), remedy=again(index_dir)) from None
    if layout > FORMAT:
        raise IndexTooNew(
            "the index was written by a later version of Byline",
            where=str(index_dir),
            remedy="Update Byline, or make another index: byline index PATH --index DIR",
        )
    return manifest


def check_is_current(manifest: Manifest, index_dir: Path) -> None:
    """Raise IndexOutdated unless this version can search the index."""
    if reason := manifest.outdated_because():
        raise IndexOutdated(
            f"the index has to be built again: {reason}",
            where=str(index_dir),
            remedy="Make it anew: byline rebuild",
        )


def check_engine_is_known(manifest: Manifest, index_dir: Path) -> None:
    """Raise IndexTooNew unless this version has the engine that holds the index."""
    if manifest.engine not in ENGINE_NAMES:
        raise IndexTooNew(
            f"the index uses an engine that this version of Byline does not know ({manifest.engine!r})",
            where=str(index_dir),
            remedy="Update Byline, or build another index: byline index PATH --index DIR",
        )


def check_is_ours(index_dir: Path) -> None:
    """Raise NotAnIndex if `index_dir` is neither free (missing or empty) nor an index, finished or not."""
    try:
        names = {entry.name for entry in os.scandir(index_dir)}
    except FileNotFoundError:
        return
    except NotADirectoryError:
        raise NotAnIndex("this is a file, not an index", where=str(index_dir), remedy="Name a folder.") from None
    except OSError as error:
        raise NotAnIndex(f"it cannot be opened: {error.strerror or error}", where=str(index_dir)) from error
    unfinished = LOCK_NAME in names and names <= _OUR_NAMES and _is_lock(index_dir / LOCK_NAME)
    if names and MANIFEST_NAME not in names and not unfinished:
        raise NotAnIndex(
            "this folder holds other things and no index",
            where=str(index_dir),
            remedy=f"Name the folder of an index, or a new or empty one to index to: --index {index_dir / '.byline'}",
        )


def write_manifest(index_dir: Path, manifest: Manifest) -> None:
    """Put the manifest in place, whole and durable, or leave the old one. Raises UsageError if it is too large."""
    text = sealed(manifest.to_dict())
    if len(text) > _MAX_BYTES:  # which nobody would read again
        raise UsageError(
            f"the manifest would be larger than {_MAX_BYTES // 2**20} MB",
            where=str(index_dir),
            remedy="Index folders rather than single files, with fewer settings: byline index DIR",
        )
    replace_file(index_dir / MANIFEST_NAME, text)


def _is_lock(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(LOCK_MARK)) in (LOCK_MARK.encode(), b"")
    except OSError:
        return False


def _texts(values: object) -> tuple[str, ...]:
    if isinstance(values, list) and all(isinstance(value, str) for value in values):
        return tuple(values)
    raise ValueError(f"not a list of names: {values!r}")


def _field_map(value: Any) -> FieldMap:
    if is_map(value):
        return {name: (names,) if isinstance(names, str) else tuple(names) for name, names in value.items()}
    raise ValueError(f"not a map of fields: {value!r}")


def _name(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"[a-z0-9_]{1,64}", value):
        return value
    raise ValueError(f"not a name: {value!r}")
