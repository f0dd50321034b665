"""Whole values that no article of an index has: a notice with those that are like them, or with the commonest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.analysis.columns import raw_value
from index.engines.contract import Searcher
from index.schema import Form, facet_value
from search.lowering.clause import Lowering
from search.lowering.language_names import language_code
from search.query_language import syntax, values
from search.query_language.syntax import Node
from search.results import Notice

MAX_KNOWN = 5_000
"""How many values of an index are looked at, the commonest."""

MAX_ASKED = 8
"""How many values of a query are looked into."""

_NAMED = 8  # in a notice
_FAR = 4.0

Asked = syntax.Word | syntax.Quoted | syntax.Whole


def unknown_values(tree: Node, text: str, searcher: Searcher) -> tuple[Notice, ...]:
    """Notices for whole values of a query that no article has.

    Args:
        tree: the query.
        text: the same as typed.
        searcher: where the values are.
    """
    notices = []
    for number, leaf in enumerate(_asked(tree)):
        if number >= MAX_ASKED:
            break
        name = leaf.field or ""
        if searcher.search(Lowering([""]).node(leaf), limit=0).total:
            continue
        known = _known(name, searcher)
        near = _near(values.whole_value(leaf.text) if name not in ("folder", "lang") else raw_value(leaf.text), known)
        if not known:
            continue
        listed = ", ".join((near or known)[:_NAMED]) + (" …" if len(near or known) > _NAMED else "")
        suggestion = f"{text[: leaf.span[0]]}{_written(leaf, near[0])}{text[leaf.span[1] :]}" if near else ""
        verb = "there are" if len(near or known) > 1 else "there is"
        notices.append(Notice(f"No article matches {name}:{leaf.text}; {verb} {listed}", leaf.span, suggestion))
    return tuple(notices)


def _asked(tree: Node) -> Iterator[Asked]:
    for node in syntax.every(tree):
        if not isinstance(node, Asked) or node.field is None or node.span == syntax.NOWHERE:
            continue
        if values.is_value_field(node.field) or (node.field == "lang" and language_code(node.text)):
            yield node


def _known(name: str, searcher: Searcher) -> list[str]:
    """The values that articles have, the commonest first."""
    if name == "folder":
        found = searcher.commonest("folder", Form.RAW, limit=MAX_KNOWN)
        return list(dict.fromkeys(token.partition(":")[2] for token, _ in found))
    if name == "lang":
        return [token for token, _ in searcher.commonest("lang", Form.RAW, limit=MAX_KNOWN)]
    prefix = facet_value(name, "")
    return [token.removeprefix(prefix) for token, _ in searcher.commonest("facet", Form.RAW, prefix, limit=MAX_KNOWN)]


def _near(value: str, known: Sequence[str]) -> list[str]:
    """Values like one: those that begin so, hold it, have a word of it, or are spelled like it."""
    import difflib

    parts = {each: [each, *each.replace("/", " ").split()] for each in known}
    words = parts.get(value) or [value, *value.replace("/", " ").split()]
    close = difflib.get_close_matches(value, {part for each in parts.values() for part in each}, n=3, cutoff=0.7)

    def rank(each: str) -> float:
        if each.startswith(value):
            return 0
        if value in each:
            return 1
        alike = [close.index(part) for part in parts[each] if part in close]
        if alike:
            return 2 + min(alike) / 10
        return 3 if set(words).intersection(parts[each]) else _FAR

    ranked = {each: rank(each) for each in known}
    return sorted((each for each in known if ranked[each] < _FAR), key=ranked.__getitem__)


def _written(leaf: Asked, value: str) -> str:
    quoted = value if value.isalnum() and value.isascii() else '"' + value.replace('"', "") + '"'
    if isinstance(leaf, syntax.Whole):
        return f'="{value}"'
    return quoted
