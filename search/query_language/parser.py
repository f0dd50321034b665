"""The query language: text to a syntax tree, forgiving like a web search box.

Whoosh's language (the same operators, with the same precedence, on well-formed queries; the tests compare the two),
but by a parser of our own: it keeps positions for its notices, reads a broken query the way a person meant it where
Whoosh silently finds nothing, and costs no import of Whoosh at every search. `search/query_language/guide.py` lists
what there is.

From tightest to loosest: NOT and -, NEAR, AND and ANDNOT, OR, ANDMAYBE, and last plain juxtaposition, which means AND.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection

from index.records import record
from search.query_language import syntax
from search.query_language.leaves import MAX_CHARACTERS
from search.query_language.scanner import Scanner
from search.query_language.syntax import Node
from search.results import Notice, Span

MAX_QUERY_CHARACTERS = 10_000
"""How much of a query is read; the rest is left out, with a notice. A canonical form may be longer."""

MAX_CANONICAL_CHARACTERS = 100_000
"""More than the canonical form of any query of MAX_QUERY_CHARACTERS can have."""

MAX_NESTING = 200
"""How deep brackets may be nested; those further in are left out, with a notice."""

_LESS_NESTING = MAX_NESTING // 4 - 2  # a bracket adds four nodes at most, one in another


@record(frozen=True, slots=True)
class Parsed:
    """A query as understood.

    Attributes:
        tree: what it asks for.
        notices: what was mended or left out, and what may surprise.
        has_operators: whether it joins words by operators.
        asking: where words stand whose question mark was taken for the end of a sentence, not for a wildcard.
    """

    tree: Node
    notices: tuple[Notice, ...]
    has_operators: bool = False
    asking: tuple[Span, ...] = ()


def parse(text: str, *, today: dt.date | None = None, facets: Collection[str] = ()) -> Parsed:
    """Read a query. Every text gives a tree; what was mended or left out on the way is said in the notices.

    Args:
        text: the query as typed, or the canonical form of one.
        today: the local day that relative dates count from; by default the machine's.
        facets: names of extras that may be asked for as fields, besides the section.
    """
    today = today or local_day()
    if len(text) <= MAX_QUERY_CHARACTERS:
        return _parse(text, today, facets)
    if len(text) <= MAX_CANONICAL_CHARACTERS:
        parsed = _parse(text, today, facets)
        if syntax.canonical(parsed.tree) == text:
            return parsed
    cut = max((text.rfind(space, 0, MAX_QUERY_CHARACTERS) for space in " \n\t"), default=0)
    cut = cut if cut > 0 else MAX_QUERY_CHARACTERS
    message = f"The query is {len(text):,} characters long; only the first {cut:,} were read"
    parsed = _parse(text[:cut], today, facets)
    return dataclasses.replace(parsed, notices=(Notice(message, (cut, len(text))), *parsed.notices))


def local_day() -> dt.date:
    """The day that it is here, from which relative dates count."""
    return dt.date.today()


def _parse(text: str, today: dt.date, facets: Collection[str]) -> Parsed:
    if text.isalnum() and len(text) <= MAX_CHARACTERS and text not in syntax.OPERATORS:  # a word; only a short cut
        return Parsed(syntax.Word(text, span=(0, len(text))), ())
    scanner = Scanner(text, today, facets, MAX_NESTING)
    tree = scanner.tree()
    if text.count("(") > _LESS_NESTING and syntax.depth(tree) > MAX_NESTING + 1:
        scanner = Scanner(text, today, facets, _LESS_NESTING)
        tree = scanner.tree()
    return Parsed(tree, tuple(scanner.groups.notices), scanner.groups.has_operators, scanner.asking)
