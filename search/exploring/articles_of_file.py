"""The articles of one file that holds several, such as the lines of a JSON-lines file or the files in an archive."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from index.analysis.columns import raw_value
from index.document import Document
from index.home import find_index
from index.query import Or, Prefix, Term
from index.schema import Form
from index.storage.store import Store

ARTICLES_LISTED = 20
"""How many articles of a file are named; the others are counted."""


class Several(NamedTuple):
    """The articles of a file: how many there are, and the first of them in the order of the file."""

    total: int
    first: list[Document]


def articles_of(source: str, *, index: Path | None = None) -> Several:
    """The articles of the file of this source, which are called `source#1`, `source#2` and so on, or `source!/name`.

    Raises:
        IndexNotFound, NotAnIndex, IndexTooNew, IndexOutdated, IndexDamaged: there is no index that can be searched.
    """
    beginning = raw_value(f"{source.removeprefix('./')}#")
    names = [f"{beginning}{number}" for number in range(1, ARTICLES_LISTED + 1)]
    with Store.open(find_index(index, create=False)) as store:
        searcher = store.searcher()
        total = searcher.search(Prefix("source", beginning, Form.RAW), limit=0).total
        if not total:
            within = Prefix("source", raw_value(f"{source.removeprefix('./')}!/"), Form.RAW)
            found = searcher.search(within, limit=ARTICLES_LISTED)
            members = [Document.from_stored(match.stored) for match in found.page]
            return Several(found.total, sorted(members, key=lambda document: document.source))
        first = searcher.search(Or(tuple(Term("source", name, Form.RAW) for name in names)), limit=ARTICLES_LISTED)
        documents = [Document.from_stored(match.stored) for match in first.page]
    return Several(total, sorted(documents, key=lambda document: names.index(raw_value(document.source))))
