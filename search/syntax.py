"""The syntax tree of a query: what a person typed, before it is analysed. And its canonical form.

`search/language.py` parses text to this tree; `search/lower.py` lowers the tree to the query algebra. Positions are
not part of a node's identity: two queries are equal when they mean the same.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from dataclasses import dataclass
from typing import TypeGuard

from search.results import Span

NOWHERE: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Word:
    """A word (it may analyse to several tokens). `exact` words match only as written, not by their stem.

    The text is as typed, but never an operator in capitals.
    """

    text: str
    field: str | None = None
    exact: bool = False
    span: Span = dataclasses.field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words in quotation marks: a phrase, matched as written. `slop` as in `index.query.Phrase`."""

    text: str
    field: str | None = None
    slop: int = 0
    span: Span = dataclasses.field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A word with wildcards: `*` stands for any characters, `?` for one."""

    text: str
    field: str | None = None
    span: Span = dataclasses.field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Similar:
    """A word with a tilde: words spelled like it."""

    text: str
    field: str | None = None
    distance: int = 1
    prefix_length: int = 0
    span: Span = dataclasses.field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Expression:
    """A regular expression: r"…"."""

    text: str
    field: str | None = None
    span: Span = dataclasses.field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Days:
    """Dates from `first` to `last`, both included; None leaves that side open."""

    first: dt.date | None
    last: dt.date | None
    span: Span = dataclasses.field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Between:
    """Words between two words, both included, in the order of Unicode; None leaves that side open."""

    lower: str | None
    upper: str | None
    field: str | None = None
    span: Span = dataclasses.field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class All:
    """`*`: every document."""

    span: Span = dataclasses.field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Empty:
    """Nothing that could be searched for."""

    span: Span = dataclasses.field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Conjunction:
    """All of these. Two or more."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Disjunction:
    """Any of these. Two or more."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Alternatives(Disjunction):
    """What was asked for (the first), or what a file of synonyms says is the same: a disjunction in every respect.

    `weights` multiply the scores of all but the first.
    """

    weights: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Negation:
    """Not this."""

    child: Node


@dataclass(frozen=True, slots=True)
class Preference:
    """The first, and rather those that match the second too: ANDMAYBE."""

    required: Node
    optional: Node


@dataclass(frozen=True, slots=True)
class Boosted:
    """This, with its score multiplied."""

    child: Node
    weight: float


Leaf = Word | Quoted | Pattern | Similar | Expression | Days | Between | All | Empty
Node = Leaf | Conjunction | Disjunction | Negation | Preference | Boosted

OPERATORS = ("AND", "OR", "NOT", "ANDNOT", "ANDMAYBE")

_SPECIAL = re.compile(r"""[\\"“”„«»()\[\]{}:^~*?=<>|&]""")
_LEADING_SIGN = re.compile(r"^[-+]")


def is_bare_word(node: Node) -> TypeGuard[Word]:
    """Whether it is a plain word, in no field and in any form."""
    return isinstance(node, Word) and node.field is None and not node.exact


def original(node: Node) -> Node:
    """What was asked for, without its synonyms."""
    return node.children[0] if isinstance(node, Alternatives) else node


def heading(node: Node) -> str:
    """A clause for people to read: a word as typed, anything else in canonical form, without synonyms."""
    if isinstance(node, Word) and node.field is None:
        return node.text
    if not isinstance(node, Alternatives):
        return canonical(node)
    first = node.children[0]
    return " ".join(map(canonical, first.children)) if isinstance(first, Conjunction) else canonical(first)


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
    flat: list[Node] = []
    for child in children:
        if isinstance(child, kind):
            flat += child.children
        elif not isinstance(child, Empty):
            flat.append(child)
    # A word said twice counts twice; anything else said twice would cost twice and mean the same.
    flat = [child for at, child in enumerate(flat) if isinstance(child, Word) or child not in flat[:at]]
    if len(flat) == 1:
        return flat[0]
    return kind(tuple(flat)) if flat else Empty()


def depth(tree: Node) -> int:
    """How many nodes lie one in another, at most. Does not recurse."""
    deepest = 0
    waiting: list[tuple[Node, int]] = [(tree, 1)]
    while waiting:
        node, level = waiting.pop()
        deepest = max(deepest, level)
        match node:
            case Conjunction(children) | Disjunction(children):
                waiting += [(child, level + 1) for child in children]
            case Negation(child) | Boosted(child):
                waiting.append((child, level + 1))
            case Preference(required, optional):
                waiting += [(required, level + 1), (optional, level + 1)]
            case _:
                pass
    return deepest


def canonical(node: Node) -> str:
    """The query as text, with every operator written out. Parsed again, it gives the same tree."""
    match node:
        case Word(text, name, exact):
            return _field(name) + ("=" if exact else "") + _escape(text)
        case Quoted(text, name, slop):
            quoted = text.replace("\\", "\\\\").replace('"', '\\"')
            return f'{_field(name)}"{quoted}"' + (f"~{slop}" if slop else "")
        case Pattern(text, name):
            return _field(name) + text.replace(":", "\\:").replace("^", "\\^")
        case Similar(text, name, distance, prefix_length):
            return f"{_field(name)}{_escape(text)}~{distance}" + (f"/{prefix_length}" if prefix_length else "")
        case Expression(text, name):
            return f'{_field(name)}r"{text}"'
        case Days(first, last):
            return f"date:{_days(first, last)}"
        case Between(lower, upper, name):
            return f"{_field(name)}[{_bound(lower)} TO {_bound(upper)}]"
        case All():
            return "*"
        case Empty():
            return ""
        case Conjunction(children):
            return " AND ".join(_grouped(child, Disjunction, Preference) for child in children)
        case Disjunction(children):
            return " OR ".join(_grouped(child, Conjunction, Preference) for child in children)
        case Negation(child):
            return "NOT " + _grouped(child, Conjunction, Disjunction, Preference)
        case Preference(required, optional):
            groups = (Conjunction, Disjunction, Preference)
            return f"{_grouped(required, *groups)} ANDMAYBE {_grouped(optional, *groups)}"
        case Boosted(child, weight):
            inner = _grouped(child, Conjunction, Disjunction, Preference, Negation, Boosted, All, Days)
            return f"{inner}^{weight:g}"


def _grouped(node: Node, *kinds: type[Node]) -> str:
    text = canonical(node)
    return f"({text})" if isinstance(node, kinds) else text


def _field(name: str | None) -> str:
    return f"{name}:" if name else ""


def _escape(text: str) -> str:
    return _LEADING_SIGN.sub(r"\\\g<0>", _SPECIAL.sub(r"\\\g<0>", text))


def _bound(text: str | None) -> str:
    return "" if text is None else f'"{text}"'


def _days(first: dt.date | None, last: dt.date | None) -> str:
    if first is not None and first == last:
        return first.isoformat()
    return f"[{first.isoformat() if first else ''} TO {last.isoformat() if last else ''}]".replace("[ ", "[")
