"""The stems of a body, kept once: in the field `text`, together with those of title and authors.

Nearly every query asks for all of these at once. To keep the body's stems a second time, for the few that ask for the
body alone, would be a quarter of what is written. Instead two small columns tell apart what stands where:

- `outside_body` holds the stems of title and authors;
- `again_in_body` holds those tokens of the body that stand in `outside_body`, too, each at its place.

A word, phrase or pair of near words is in the body if it is in `text`, unless it is outside the body and not there
again: all its tokens are outside then, so that `again_in_body` has them wherever the body does. In `text` wide gaps
part title, authors and body, so that nothing loose matches across them. The score is that which it has in `text`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import compress, count, product

from index.engines.contract import GAP, ColumnValue
from index.query import And, AndMaybe, Boost, Near, Not, Or, Phrase, Query, Term
from index.schema import Form, Schema, column_name

OUTSIDE, AGAIN = "outside_body", "again_in_body"

GAP_WIDTH = 200
"""Positions before the body in `text`: more than may lie inside a loose phrase or between what is near."""

_WIDE = f"{GAP} " * GAP_WIDTH
_TEXT_COLUMN = column_name("text", Form.STEM)
_OUTSIDE_COLUMN, _AGAIN_COLUMN = column_name(OUTSIDE, Form.STEM), column_name(AGAIN, Form.STEM)


def text_columns(title: str, times: int, authors: Sequence[str], body: Sequence[str]) -> dict[str, ColumnValue]:
    """The columns of `text`, `outside_body` and `again_in_body`.

    Args:
        title: its stems.
        times: how often they are to count.
        authors: the stems of each.
        body: its stems, one by one.
    """
    titles = [title, *[_WIDE + title] * (times - 1)] if title and times else []
    names = [name for name in authors if name]
    if not titles and not names:
        return {_TEXT_COLUMN: [" ".join(body)]}
    # The last title and the authors lie side by side in both columns, so that what reaches across them does in both.
    outside = [*titles[:1], *names]
    columns: dict[str, ColumnValue] = {_TEXT_COLUMN: [*titles, *names], _OUTSIDE_COLUMN: outside}
    if body:
        columns[_TEXT_COLUMN] = [*titles, *names, _WIDE + " ".join(body)]
        again: list[str] = []
        place = 0
        for at in compress(count(), map(set(" ".join(outside).split(" ")).__contains__, body)):
            again.append(f"{GAP} " * (at - place) + body[at])
            place = at + 1
        if again:
            columns[_AGAIN_COLUMN] = [" ".join(again)]
    return columns


def in_kept_columns(query: Query, schema: Schema) -> Query:
    """The query, with what asks for a field that is kept in `text` put as what it means there."""
    match query:
        case Term(field, _, form) | Phrase(field, _, _, form) | Near(field, _, _, form):
            return _in_text(query) if schema.column(field, form).is_in_text else query
        case And(clauses) | Or(clauses):
            changed = tuple([in_kept_columns(clause, schema) for clause in clauses])
            same = all(one is other for one, other in zip(clauses, changed, strict=True))
            return query if same else replace(query, clauses=changed)
        case AndMaybe(required, optional):
            return AndMaybe(in_kept_columns(required, schema), in_kept_columns(optional, schema))
        case Not(clause) | Boost(clause):
            changed_clause = in_kept_columns(clause, schema)
            return query if changed_clause is clause else replace(query, clause=changed_clause)
        case _:
            return query


def _in_text(leaf: Term | Phrase | Near) -> Query:
    outside, again = replace(leaf, field=OUTSIDE), replace(leaf, field=AGAIN)
    misleading: list[Query] = [outside, Not(again)]
    if isinstance(leaf, Near) and len(leaf.groups[0]) * len(leaf.groups[1]) > 1:
        # Some words of the groups may be near each other outside, and others in the body.
        for one, other in product(*leaf.groups):
            pair = replace(leaf, groups=((one,), (other,)))
            misleading.append(Not(And((replace(pair, field="text"), Not(replace(pair, field=OUTSIDE))))))
    return And((replace(leaf, field="text"), Not(And(tuple(misleading)))))
