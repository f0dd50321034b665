"""What articles may have, by name: a notice where `has:` asks for what no article of an index has ever had."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from index.engines.contract import Searcher
from index.schema import Form
from search.query_language import syntax
from search.query_language.field_names import FIELDS, had, nearest
from search.query_language.syntax import Node
from search.results import Notice

MAX_KNOWN = 1_000
"""How many names of an index are looked at."""

_ALWAYS = ("title", "author", "date", "url", "language", "body", "extra")
_DOUBT = "doubt"
_NAMED = 20  # in a notice


def unknown_names(tree: Node, text: str, searcher: Searcher) -> tuple[Notice, ...]:
    """Notices for what a query takes for a name of something that articles have.

    Args:
        tree: the query.
        text: the same as typed.
        searcher: where the names are.
    """
    asked = list(_asked(tree))
    if not asked:
        return ()
    found = (name for name, _ in islice(searcher.terms("has", Form.RAW), MAX_KNOWN))
    known = list(dict.fromkeys([*_ALWAYS, *found]))
    notices = []
    for name, (start, end) in asked:
        if had(name) == _DOUBT and _DOUBT not in known:
            notices.append(Notice("No article is doubtful", (start, end), ""))
        elif had(name) not in known:
            near = nearest(name, known)
            listed = ", ".join(known[:_NAMED]) + (" …" if len(known) > _NAMED else "")
            suggestion = f"{text[:start]}{near}{text[end:]}" if near else ""
            notices.append(Notice(f"No article has “{name}”; there are {listed}", (start, end), suggestion))
    return tuple(notices)


def undeclared(notice: Notice, text: str, searcher: Searcher) -> Notice:
    """A notice that there is no field of a name; where articles have an extra of it, how to ask for that.

    Args:
        notice: the notice, whose position is that of the name and its colon.
        text: the query as typed.
        searcher: where the names are.
    """
    start, end = notice.position or (0, 0)
    name = text[start : end - 1].casefold()
    meant = had(name)
    if meant in FIELDS:
        return notice if notice.suggestion else replace(notice, suggestion=f"{text[:start]}{meant}{text[end - 1 :]}")
    if not name or not searcher.doc_freq("has", Form.RAW, meant):
        return notice
    how = f'for the extra of that name, put facets = ["{meant}"] under [index] in byline.toml, then: byline index'
    return Notice(f"{notice.message}; {how}", notice.position, f"{text[:start]}extra{text[end - 1 :]}")


def _asked(tree: Node) -> Iterator[tuple[str, tuple[int, int]]]:
    for node in syntax.every(tree):
        if isinstance(node, syntax.Word | syntax.Quoted) and node.field == "has":
            yield node.text, node.span
