"""Operators and their precedence: a row of operands and operators to one tree.

From tightest to loosest: NOT, NEAR, AND and ANDNOT, OR, ANDMAYBE, and last plain juxtaposition, which means AND. The
same order as Whoosh's parser, which has no NEAR.
"""

from __future__ import annotations

from collections.abc import Iterator

from index.records import record
from index.schema import SCHEMA
from search.query_language import syntax
from search.query_language.syntax import Node
from search.results import Span


@record(frozen=True, slots=True)
class Operator:
    """An operator between operands: NEAR, AND, ANDNOT, OR or ANDMAYBE; or NOT, before one.

    `apart` is the number that NEAR was given.
    """

    name: str
    span: Span
    apart: int = 0


Item = Node | Operator
Problem = tuple[Operator, str]
"""An operator that could not be taken as it stands, and what was made of it."""

APART = 10
"""How many other words NEAR allows in between when it does not say."""

_FIGURES = 9  # of a number, which are more than enough
_WRITTEN = {"&&": "AND", "||": "OR", "|": "OR"} | {name: name for name in syntax.OPERATORS if name != "NEAR"}
_LEVELS = (("AND", "ANDNOT"), ("OR",), ("ANDMAYBE",))
_NOT_NEAR = "joins words, quoted phrases, and these with OR in brackets, all of one field; read as AND"
_IDLE = "joins nothing here; it was left out"
_WITH_PLACES = frozenset([None, *(column.field for column in SCHEMA.columns if column.has_positions)])


def operator_of(written: str, span: Span) -> Operator | None:
    """The operator that a word is, if it is one."""
    if written in _WRITTEN:
        return Operator(_WRITTEN[written], span)
    if near := syntax.NEAR.fullmatch(written):
        number = near[1] or near[2] or ""
        return Operator("NEAR", span, int(number[:_FIGURES]) if number.isdecimal() else APART)
    return None


def reduce(items: list[Item]) -> tuple[Node, list[Problem]]:
    """The tree of a row of operands and operators, and what was wrong with operators."""
    operands = [item for item in items if not isinstance(item, Operator)]
    if len(operands) == len(items):
        return syntax.conjunction(operands), []
    given = {item.name for item in items if isinstance(item, Operator)}
    problems: list[Problem] = []
    row = items
    if "NOT" in given:
        row = _negated(row, problems)
    row = _joinable(row, problems)
    if "NEAR" in given:
        row = _nearby(row, problems)
    for names in _LEVELS:
        if not given.isdisjoint(names):
            row = _joined(row, names)
    return syntax.conjunction([item for item in row if not isinstance(item, Operator)]), problems


def _negated(items: list[Item], problems: list[Problem]) -> list[Item]:
    done: list[Item] = []
    for item in reversed(items):
        if not (isinstance(item, Operator) and item.name == "NOT"):
            done.append(item)
        elif done and not isinstance(operand := done[-1], Operator):
            done[-1] = syntax.negation(operand)
        else:
            problems.append((item, _IDLE))
    done.reverse()
    return done


def _joinable(items: list[Item], problems: list[Problem]) -> list[Item]:
    """Leave out the operators at either end and next to another."""
    kept: list[Item] = []
    for item in items:
        if isinstance(item, Operator) and (not kept or isinstance(kept[-1], Operator)):
            problems.append((item, _IDLE))
        else:
            kept.append(item)
    while kept and isinstance(last := kept[-1], Operator):
        problems.append((last, _IDLE))
        kept.pop()
    return kept


def _joined(items: list[Item], names: tuple[str, ...]) -> list[Item]:
    """Join the operands of these operators, from left to right. Operands and operators alternate around each."""
    done: list[Item] = []
    rest = iter(items)
    for item in rest:
        if isinstance(item, Operator) and item.name in names:
            left, right = done.pop(), next(rest)
            if isinstance(left, Operator) or isinstance(right, Operator):
                raise AssertionError("an operator without operands was left in")
            done.append(_join(item.name, left, right))
        else:
            done.append(item)
    return done


def _join(operator: str, left: Node, right: Node) -> Node:
    match operator:
        case "AND":
            return syntax.conjunction([left, right])
        case "ANDNOT":
            return syntax.conjunction([left, syntax.negation(right)])
        case "OR":
            return syntax.disjunction([left, right])
        case _ if isinstance(left, syntax.Preference):  # a chain prefers all of what follows its first
            return syntax.Preference(left.required, syntax.disjunction([left.optional, right]))
        case _:
            return syntax.Preference(left, right)


def _nearby(items: list[Item], problems: list[Problem]) -> list[Item]:
    """Join what is near; of several in a row, each is near the next."""
    done: list[Item] = []
    before: Node = syntax.Empty()
    rest = iter(items)
    for item in rest:
        if not isinstance(item, Operator):
            done.append(item)
            before = item
        elif item.name != "NEAR":
            done.append(item)
        else:
            chain, after = done.pop(), next(rest)
            if isinstance(chain, Operator) or isinstance(after, Operator):
                raise AssertionError("an operator without operands was left in")
            fields = {*_fields(before), *_fields(after)}
            if len(fields) == 1 and fields <= _WITH_PLACES:
                done.append(_with_pair(chain, syntax.Nearby((before, after), item.apart)))
            else:
                problems.append((item, _NOT_NEAR))
                done.append(syntax.conjunction([chain, after]))
            before = after
    return done


def _with_pair(chain: Node, pair: syntax.Nearby) -> Node:
    """What was joined so far, its last operand being the first of the pair, with the pair."""
    last = pair.children[0]
    if chain is last:
        return pair
    if isinstance(chain, syntax.Conjunction) and chain.children[-1] is last:
        chain = syntax.conjunction([*chain.children[:-1]])
    return syntax.conjunction([chain, pair])


def _fields(node: Node) -> Iterator[str | None]:
    """The fields of the words and phrases of a group; one without places for what NEAR cannot join."""
    match node:
        case syntax.Word(_, name) | syntax.Quoted(_, name, 0):
            yield name
        case syntax.Disjunction(children):
            for child in children:
                yield from _fields(child)
        case _:
            yield "date"
