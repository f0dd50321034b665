"""What a lost catalog knew, told anew by the engine: which documents there are, and of which files.

So a rebuild without the catalog can still count what is gone since, and keep what is stored of it.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from index.catalog.catalog import Catalog
from index.catalog.rows import as_bytes
from index.engines.contract import Engine
from index.errors import BylineError
from index.readers import READERS_VERSION
from index.schema import SCHEMA
from index.sources import file_part
from index.storage.stored_documents import documents_of, every_id

_TABLE = "CREATE TEMP TABLE recalled (id TEXT PRIMARY KEY, source TEXT NOT NULL) WITHOUT ROWID"
_FILES = f"""
INSERT INTO files (
    generation, source, size, mtime_ns, checked_ns, digest, reader, readers_version, reading, beside, ids, documents,
    without_title, without_author, without_date, doubtful, languages, error, transient)
SELECT ?, source, 0, 0, 0, x'', '', {READERS_VERSION}, '', '', group_concat(id, ' '), count(*), 0, 0, 0, 0, '', '', 0
FROM recalled GROUP BY source
"""


class Recalled(NamedTuple):
    """How well it went.

    Attributes:
        documents: of which the file is known again.
        lost: a sentence for each that is damaged, so that its file is not known.
        because: why the engine could not be asked at all; empty if it could.
    """

    documents: int = 0
    lost: tuple[str, ...] = ()
    because: str = ""


def recall(catalog: Catalog, folder: Path, engine: Engine) -> Recalled:
    """Note the files of all documents that an engine stores, in place of what the catalog knows of its generation.

    Args:
        catalog: in use for that generation.
        folder: the engine's, which may be damaged.
        engine: of that generation.
    """
    catalog.start(catalog.generation)
    catalog.run(_TABLE)
    number = 0
    lost: list[str] = []
    try:
        with closing(engine.searcher(folder, SCHEMA)) as searcher:
            for each in every_id(searcher):
                documents, problems = documents_of(searcher, [each])
                for document in documents:
                    source = as_bytes(file_part(document.source))
                    catalog.run("INSERT OR REPLACE INTO recalled VALUES (?, CAST(? AS TEXT))", each, source)
                    number += 1
                lost += problems
    except BylineError as error:
        return Recalled(because=error.what)
    finally:
        catalog.run(_FILES, catalog.generation)
    return Recalled(number, tuple(lost))


def forget_what_is_there(catalog: Catalog, before: int) -> None:
    """Of the files told anew, drop those whose documents all stand in the new generation, if under another file.

    An export is one file of documents that have names of their own, which the engine does not tell apart from files.

    Args:
        catalog: in use for the new generation, which has been read.
        before: the generation that `recall` told of.
    """
    catalog.run("CREATE TEMP TABLE there (id TEXT PRIMARY KEY) WITHOUT ROWID")
    catalog.run_for_each(
        "INSERT OR IGNORE INTO there VALUES (?)", ((each,) for _, ids, _ in catalog.sources() for each in ids)
    )
    catalog.run(
        "CREATE TEMP TABLE elsewhere AS SELECT source FROM recalled GROUP BY source "
        "HAVING count(*) = count(*) FILTER (WHERE id IN (SELECT id FROM there))"
    )
    catalog.run("DELETE FROM files WHERE generation = ? AND source IN (SELECT source FROM elsewhere)", before)
    catalog.run("DELETE FROM gone WHERE source IN (SELECT source FROM elsewhere)")
    for table in ("there", "elsewhere", "recalled"):
        catalog.run(f"DROP TABLE temp.{table}")
