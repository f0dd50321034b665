"""How many tokens begin with what: for few of them there is a quicker way than an automaton, and none takes long."""

from __future__ import annotations

import tantivy

from index.engines.surrogates import without_surrogates
from index.query import Prefix
from index.schema import column_name

MOST = 50
"""So many tokens of a segment the library goes through where a phrase ends in a prefix; it passes over the others."""

_SHORTEST = 3  # characters; what is shorter begins more tokens than that
_MOST_KNOWN = 1_000


class Prefixes:
    """Of the tokens of one searcher, which is asked but once for each."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        self._counts: dict[tuple[str, str], int] = {}
        self._broad: set[str] = set()

    def is_narrow(self, prefix: Prefix) -> bool:
        """Whether `MOST` tokens or fewer begin so, as far as that is quickly told."""
        return self.count(column_name(prefix.field, prefix.form), without_surrogates(prefix.prefix)) >= 0

    def count(self, column: str, prefix: str) -> int:
        """How many tokens of a column begin so; -1 if these are more than `MOST`, or may be."""
        if len(prefix) < _SHORTEST or prefix in self._broad:
            return -1
        count = self._counts.get((column, prefix))
        if count is None:
            count = len(self._searcher.terms_with_prefix(column, prefix, limit=MOST + 1))
            if len(self._counts) + len(self._broad) >= _MOST_KNOWN:
                self._counts.clear()
                self._broad.clear()
            if count > MOST:  # as in other columns, most likely, where that takes longer to find out
                self._broad.add(prefix)
                return -1
            self._counts[column, prefix] = count
        return count
