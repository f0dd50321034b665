"""Words that stand in no title, author or text: whether another field has them, and the query that asks for them there.

A plain word asks neither captions, credits, summaries and tags, nor addresses, nor paths.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from search.advice.relax import Variant
from search.query_language import syntax
from search.query_language.syntax import Node

if TYPE_CHECKING:
    from search.advice.doctor import Asked

ELSEWHERE = 0.9
"""The same words in another field, each field a little more: nearer than another spelling."""

_WHERE = {"extra": "captions, credits, summaries or tags", "url": "addresses", "source": "paths of files"}


def elsewhere(asked: Asked, leaf: Node) -> Iterator[Variant]:
    """A leaf that names no field and matches nothing, asked of each of the other fields that has it."""
    if not isinstance(leaf, syntax.Word | syntax.Quoted | syntax.Pattern | syntax.Similar):
        return
    if leaf.field is not None or asked.count(leaf):
        return
    for number, (name, where) in enumerate(_WHERE.items()):
        text = leaf.text.partition("://")[2] or leaf.text if name == "url" else leaf.text  # http for https, too
        tree = replace(leaf, field=name, text=text)
        if asked.count(tree):
            yield Variant(tree, ELSEWHERE + number / 100, f"{syntax.named(syntax.heading(leaf))} in {where}")
