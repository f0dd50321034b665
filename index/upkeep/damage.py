"""Looking for damage in all files of an index, by reading everything."""

from __future__ import annotations

import json
from pathlib import Path

from index.catalog.opening import read_catalog
from index.engines import engine as engine_called
from index.errors import IndexDamaged
from index.sealed import is_sealed, read_small_file, unsealed
from index.storage.checksums import NOT_AS_WRITTEN, Problem, damage_in
from index.storage.manifest import (
    MAX_SEARCH_BYTES,
    SEARCHES_NAME,
    Manifest,
    check_engine_is_known,
    generation_path,
    read_manifest,
)


def check_files(index_dir: Path, manifest: Manifest) -> list[Problem]:
    """What is wrong with the files of an index: of the generation that counts, the catalog, and saved searches.

    It needs no lock and writes nothing; a commit meanwhile is no damage.

    Args:
        index_dir: the index folder.
        manifest: as read from there, in the current format; that it could be read says that it is whole.

    Returns:
        The files that are missing or not as they were written, each once; none when all is well.

    Raises:
        IndexTooNew: if the engine is unknown.
        IndexLocked: if another program keeps the catalog.
        BylineError: if a file may not be read.
    """
    check_engine_is_known(manifest, index_dir)
    problems = damage_in(generation_path(index_dir, manifest.generation), engine_called(manifest.engine))
    try:
        with read_catalog(index_dir, trusting=False):
            pass
    except IndexDamaged as error:
        problems.append(Problem(Path(error.where or index_dir), error.what))
    if problems and (now := read_manifest(index_dir)).generation != manifest.generation:
        return check_files(index_dir, now)
    return [*problems, *_damage_in_searches(index_dir / SEARCHES_NAME)]


def _damage_in_searches(folder: Path) -> list[Problem]:
    problems = []
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            data = read_small_file(path, MAX_SEARCH_BYTES)
            if len(data) > MAX_SEARCH_BYTES:
                raise ValueError("too long")
            if is_sealed(data):
                unsealed(data)
            elif json.loads(data)["format"] != 1:  # whose files have no checksum of themselves
                raise ValueError("its checksum is missing")
        except FileNotFoundError:
            continue  # forgotten just now
        except OSError as error:
            problems.append(Problem(path, f"the file cannot be read: {error.strerror or error}"))
        except (ValueError, TypeError, KeyError, RecursionError):
            problems.append(Problem(path, NOT_AS_WRITTEN))
    return problems
