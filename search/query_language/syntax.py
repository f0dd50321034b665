"""The syntax tree of a query: what a person typed, before it is analysed. And its canonical form.

`search/query_language/parser.py` parses text to this tree; `search/lowering/whole_query.py` lowers the tree to the
query algebra. Positions are not part of a node's identity: two queries are equal when they mean the same.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator
from typing import TypeGuard

from index.records import record
from search.results import Span

NOWHERE: Span = (0, 0)


@record(frozen=True, slots=True)
class Word:
    """A word (it may analyse to several tokens). `exact` words match only as written, not by their stem.

    The text is as typed, but never an operator in capitals.
    """

    text: str
    field: str | None = None
    exact: bool = False
    span: Span = dataclasses.field(default=NOWHERE, compare=False)


@record(frozen=True, slots=True)
class Quoted:
    """Words in quotation marks: a phrase, matched as written, or with `any_form` by the stems of its words.

    `slop` as in `index.query.Phrase`.
    """

    text: str
    field: str | None = None
    slop: int = 0
    span: Span = dataclasses.field(default=NOWHERE, compare=False)
    any_form: bool = False


@record(frozen=True, slots=True)
class Whole:
    """The whole value of a field, such as an author's full name: `author:="AFP"`. See
    `search.query_language.values`."""

    text: str
    field: str
    span: Span = dataclasses.field(default=NOWHERE, compare=False)


@record(frozen=True, slots=True)
class Pattern:
    """A word with wildcards: `*` stands for any characters, `?` for one, `[a-c]` for one of a class."""

    text: str
    field: str | None = None
    span: Span = dataclasses.field(default=NOWHERE, compare=False)


@record(frozen=True, slots=True)
class Similar:
    """A word with a tilde: words spelled like it."""

    text: str
    field: str | None = None
    distance: int = 1
    prefix_length: int = 0
    span: Span = dataclasses.field(default=NOWHERE, compare=False)


@record(frozen=True, slots=True)
class Expression:
    """A regular expression: r"…"."""

    text: str
    field: str | None = None
    span: Span = dataclasses.field(default=NOWHERE, compare=False)


@record(frozen=True, slots=True)
class Days:
    """Dates from `first` to `last`, both included; None leaves that side open. None at all if `last` comes before."""

    first: dt.date | None
    last: dt.date | None
    span: Span = dataclasses.field(default=NOWHERE, compare=False)


@record(frozen=True, slots=True)
class Between:
    """Words between two words, in the order of Unicode; None leaves that side open.

    Both are included, unless `above` (the lower) or `below` (the upper) leaves one out.
    """

    lower: str | None
    upper: str | None
    field: str | None = None
    span: Span = dataclasses.field(default=NOWHERE, compare=False)
    above: bool = False
    below: bool = False


@record(frozen=True, slots=True)
class All:
    """`*`: every document."""

    span: Span = dataclasses.field(default=NOWHERE, compare=False)


@record(frozen=True, slots=True)
class Empty:
    """Nothing that could be searched for."""

    span: Span = dataclasses.field(default=NOWHERE, compare=False)


@record(frozen=True, slots=True)
class Conjunction:
    """All of these. Two or more."""

    children: tuple[Node, ...]


@record(frozen=True, slots=True)
class Disjunction:
    """Any of these. Two or more."""

    children: tuple[Node, ...]


@record(frozen=True, slots=True)
class Nearby:
    """Both of these close together, in either order: `apart` as in `index.query.Near`. Both of one field.

    Each is a word, a phrase in quotation marks, or several of these of which any will do.
    """

    children: tuple[Node, Node]
    apart: int


@record(frozen=True, slots=True)
class Alternatives(Disjunction):
    """What was asked for (the first), or what a file of synonyms says is the same: a disjunction in every respect.

    `weights` multiply the scores of all but the first.
    """

    weights: tuple[float, ...] = ()


@record(frozen=True, slots=True)
class Negation:
    """Not this."""

    child: Node


@record(frozen=True, slots=True)
class Preference:
    """The first, and rather those that match the second too: ANDMAYBE."""

    required: Node
    optional: Node


@record(frozen=True, slots=True)
class Boosted:
    """This, with its score multiplied."""

    child: Node
    weight: float


Leaf = Word | Quoted | Whole | Pattern | Similar | Expression | Days | Between | All | Empty
Node = Leaf | Conjunction | Disjunction | Nearby | Negation | Preference | Boosted

OPERATORS = ("AND", "OR", "NOT", "ANDNOT", "ANDMAYBE", "NEAR")
NEAR = re.compile(r"NEAR(?:/([^\W_]+))?|[nN]ear/(\d{1,9})")
"""How NEAR is written: with the number of other words that may lie between, which also makes small letters plain; what
is no number says nothing."""

_SHOWN = 100  # characters of a clause
_SPECIAL = re.compile(r"""[\\"“”„«»()\[\]{}:^~*?=<>|&]""")
_LEADING_SIGN = re.compile(r"^[-+]")


def is_bare_word(node: Node) -> TypeGuard[Word]:
    """Whether it is a plain word, in no field and in any form."""
    return isinstance(node, Word) and node.field is None and not node.exact


def original(node: Node) -> Node:
    """What was asked for, without its synonyms."""
    return node.children[0] if isinstance(node, Alternatives) else node


def heading(node: Node) -> str:
    """A clause for people to read: words as typed, anything else in canonical form, without synonyms."""
    if isinstance(node, Word) and not node.exact:
        return _field(node.field) + node.text
    if not isinstance(node, Alternatives):
        return canonical(node)
    first = node.children[0]
    return " ".join(map(canonical, first.children)) if isinstance(first, Conjunction) else canonical(first)


def named(text: str) -> str:
    """A clause, as `heading` gives it, in quotation marks, shortened; what has its own marks gets no second ones."""
    inner = text[1:-1]
    bare = inner if text == f'"{inner}"' and '"' not in inner else text
    return f"“{shortened(bare)}”"


def shortened(text: str) -> str:
    """A clause for a sentence: of a long one the beginning."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()}…"


def conjunction(children: list[Node]) -> Node:
    """All of `children`, flattened: none gives Empty, one gives itself."""
    return _join(Conjunction, children)


def disjunction(children: list[Node]) -> Node:
    """Any of `children`, flattened: none gives Empty, one gives itself."""
    return _join(Disjunction, children)


def negation(child: Node) -> Node:
    """Not `child`; two negations cancel."""
    return child.child if isinstance(child, Negation) else Negation(child)


def _join(kind: type[Conjunction] | type[Disjunction], children: list[Node]) -> Node:
    if len(children) == 1:
        return children[0]
    flat: list[Node] = []
    for child in children:
        if isinstance(child, kind):
            flat += child.children
        elif not isinstance(child, Empty):
            flat.append(child)
    # A word said twice counts twice; anything else said twice would cost twice and mean the same.
    said: set[Node] = set()
    kept: list[Node] = []
    for child in flat:
        if not isinstance(child, Word) and isinstance(child, Leaf):
            if child in said:
                continue
            said.add(child)
        kept.append(child)
    if len(kept) == 1:
        return kept[0]
    return kind(tuple(kept)) if kept else Empty()


def inner(node: Node) -> tuple[Node, ...]:
    """The nodes right below a node; none for a leaf."""
    match node:
        case Conjunction(children) | Disjunction(children) | Nearby(children):
            return children
        case Negation(child) | Boosted(child):
            return (child,)
        case Preference(required, optional):
            return (required, optional)
        case _:
            return ()


def every(tree: Node) -> Iterator[Node]:
    """The node and all below it, from left to right. Does not recurse."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(inner(node))


def depth(tree: Node) -> int:
    """How many nodes lie one in another, at most. Does not recurse."""
    deepest = 0
    waiting: list[tuple[Node, int]] = [(tree, 1)]
    while waiting:
        node, level = waiting.pop()
        deepest = max(deepest, level)
        waiting += [(child, level + 1) for child in inner(node)]
    return deepest


def canonical(node: Node) -> str:
    """The query as text, with every operator written out. Parsed again, it gives the same tree."""
    match node:
        case Word(text, name, exact):
            return _field(name) + ("=" if exact else "") + _escape(text)
        case Quoted(text, name, slop, any_form=any_form):
            return f"{_field(name)}{'~' if any_form else ''}{_quoted(text)}" + (f"~{slop}" if slop else "")
        case Whole(text, name):
            return f"{name}:={_quoted(text)}"
        case Pattern(text, name):
            return _field(name) + text.replace(":", "\\:").replace("^", "\\^")
        case Similar(text, name, distance, prefix_length):
            return f"{_field(name)}{_escape(text)}~{distance}" + (f"/{prefix_length}" if prefix_length else "")
        case Expression(text, name):
            return f'{_field(name)}r"{text}"'
        case Days(first, last):
            return f"date:{_days(first, last)}"
        case Between(lower, upper, name, above=above, below=below):
            return f"{_field(name)}{'[{'[above]}{_bound(lower)} TO {_bound(upper)}{']}'[below]}"
        case All():
            return "*"
        case Empty():
            return ""
        case Conjunction(children):
            return "".join(
                _conjoined(before, child) for before, child in zip((None, *children), children, strict=False)
            )
        case Disjunction(children):
            return " OR ".join(_grouped(child, Conjunction, Preference) for child in children)
        case Nearby(children, apart):
            return f" NEAR/{apart} ".join(_grouped(child, Disjunction) for child in children)
        case Negation(child):
            return "NOT " + _grouped(child, Conjunction, Disjunction, Nearby, Preference)
        case Preference(required, optional):
            groups = (Conjunction, Disjunction, Preference)
            return f"{_grouped(required, *groups)} ANDMAYBE {_grouped(optional, *groups)}"
        case Boosted(child, weight):
            inner = _grouped(child, Conjunction, Disjunction, Nearby, Preference, Negation, Boosted, All, Days)
            return f"{inner}^{weight:g}"


def _conjoined(before: Node | None, child: Node) -> str:
    """A part of a conjunction with its operator; of what is near the same in a row, a chain."""
    if isinstance(before, Nearby) and isinstance(child, Nearby) and before.children[1] == child.children[0]:
        return f" NEAR/{child.apart} {_grouped(child.children[1], Disjunction)}"
    return (" AND " if before is not None else "") + _grouped(child, Disjunction, Preference)


def _grouped(node: Node, *kinds: type[Node]) -> str:
    text = canonical(node)
    return f"({text})" if isinstance(node, kinds) else text


def _field(name: str | None) -> str:
    return f"{name}:" if name else ""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _escape(text: str) -> str:
    if text.isalnum():
        return text
    if NEAR.fullmatch(text):
        return text.replace("/", "\\/")
    return _LEADING_SIGN.sub(r"\\\g<0>", _SPECIAL.sub(r"\\\g<0>", text))


def _bound(text: str | None) -> str:
    return "" if text is None else f'"{text}"'


def _days(first: dt.date | None, last: dt.date | None) -> str:
    if first is not None and first == last:
        return first.isoformat()
    if first is not None and last is not None and first > last:
        return f"[{first.isoformat()} TO {first.isoformat()}}}"  # which leaves no day
    return f"[{first.isoformat() if first else ''} TO {last.isoformat() if last else ''}]".replace("[ ", "[")
