"""Which document of an index a judgement means.

Judgements name documents by the id that the collection gave them (`_id` or `id` in a JSON line or in front matter);
people who judge their own articles name them by Byline's id, by path or by address. The first of these that was
judged counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from index.document import Document
from index.engines.contract import Searcher

OWN_ID = ("_id", "id")
"""The names under which `Document.extra` keeps the id that a file gives its document, in order of trust."""


@dataclass(frozen=True, slots=True)
class JudgedDocuments:
    """Judged documents that an index holds.

    Attributes:
        names: for each Byline id of a judged document, the name it was judged by.
        missing: names that no document of the index has, sorted.
        shared: names that several documents have, sorted; the first of them in a ranking counts.
    """

    names: dict[str, str]
    missing: tuple[str, ...]
    shared: tuple[str, ...]


def find_judged(searcher: Searcher, judged: Iterable[str]) -> JudgedDocuments:
    """Look through all documents of an index for those that were judged. Memory grows with the ids alone."""
    wanted = frozenset(judged)
    names: dict[str, str] = {}
    found: set[str] = set()
    shared: set[str] = set()
    for document in searcher.ids("", searcher.document_count):
        stored = searcher.document(document)
        if stored is None:
            continue
        name = next((name for name in _names(Document.from_stored(stored).to_dict()) if name in wanted), None)
        if name is not None:
            if name in found:
                shared.add(name)
            names[document] = name
            found.add(name)
    return JudgedDocuments(names, tuple(sorted(wanted - found)), tuple(sorted(shared)))


def _names(document: dict[str, Any]) -> Iterator[str]:
    for name in OWN_ID:
        own = document["extra"].get(name)
        if isinstance(own, str):
            yield own
    yield document["id"]
    yield document["source"]
    yield document["url"]
