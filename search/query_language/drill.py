"""Drilling down: a query and one more filter, as text that can be searched for.

The filter is put behind the query as it was typed where that means the query and the filter; otherwise, after an
unclosed bracket for instance, or a question, behind the query as it was understood.
"""

from __future__ import annotations

from collections.abc import Collection

from search.query_language import syntax
from search.query_language.parser import parse
from search.query_language.syntax import Node

_PROBE = 'author:="x"'


class Drill:
    """Adds filters to one query."""

    def __init__(self, text: str, tree: Node, facets: Collection[str], *, to_the_letter: bool) -> None:
        """Prepare to add filters.

        Args:
            text: the query as typed.
            tree: the query as understood.
            facets: the extras that may be asked for as fields.
            to_the_letter: whether the text stands for the tree, and no words were left out of it.
        """
        self._text = text.strip()
        self._tree = tree
        self._facets = facets
        self._as_typed = to_the_letter and self._means_both()

    def to(self, clause: str) -> str:
        """The query that demands this clause, too."""
        if isinstance(self._tree, syntax.All | syntax.Empty):
            return clause
        if self._as_typed:
            return f"{self._text} {clause}"
        return syntax.canonical(syntax.conjunction([self._tree, self._node(clause)]))

    def _means_both(self) -> bool:
        found = parse(f"{self._text} {_PROBE}", facets=self._facets)
        return found.tree == syntax.conjunction([self._tree, self._node(_PROBE)])

    def _node(self, clause: str) -> Node:
        return parse(clause, facets=self._facets).tree
