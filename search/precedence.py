"""Operators and their precedence: a row of operands and operators to one tree.

From tightest to loosest: NOT, AND and ANDNOT, OR, ANDMAYBE, and last plain juxtaposition, which means AND. The same
order as Whoosh's parser.
"""

from __future__ import annotations

from dataclasses import dataclass

from search import syntax
from search.results import Span
from search.syntax import Node


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator between operands: AND, ANDNOT, OR or ANDMAYBE; or NOT, before one."""

    name: str
    span: Span


Item = Node | Operator

_LEVELS = (("AND", "ANDNOT"), ("OR",), ("ANDMAYBE",))


def reduce(items: list[Item]) -> tuple[Node, list[Operator]]:
    """The tree of a row of operands and operators, and the operators that joined nothing and were left out."""
    idle: list[Operator] = []
    row = _joinable(_negated(items, idle), idle)
    for names in _LEVELS:
        row = _joined(row, names)
    return syntax.conjunction([item for item in row if not isinstance(item, Operator)]), idle


def _negated(items: list[Item], idle: list[Operator]) -> list[Item]:
    done: list[Item] = []
    for item in reversed(items):
        if not (isinstance(item, Operator) and item.name == "NOT"):
            done.append(item)
        elif done and not isinstance(operand := done[-1], Operator):
            done[-1] = syntax.negation(operand)
        else:
            idle.append(item)
    done.reverse()
    return done


def _joinable(items: list[Item], idle: list[Operator]) -> list[Item]:
    """Leave out the operators at either end and next to another."""
    kept: list[Item] = []
    for item in items:
        if isinstance(item, Operator) and (not kept or isinstance(kept[-1], Operator)):
            idle.append(item)
        else:
            kept.append(item)
    while kept and isinstance(last := kept[-1], Operator):
        idle.append(last)
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
