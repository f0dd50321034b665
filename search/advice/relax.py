"""Relaxing a query: the queries that ask for a little less than it, the nearest first.

A relaxation changes one thing in the tree: a word may be in any form instead of as written, a phrase may have words
between its words, a field or a day no longer counts so strictly, a clause is left out. Each has a cost, which says how
far it is from what was asked: costs are an order of preference, not a measure of anything.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from index.records import record
from search.lowering.whole_query import is_filter
from search.query_language import syntax
from search.query_language.syntax import Node
from search.results import Span

REWORD = 1.0
"""The same words, less strictly: in any form, with others between them, spelled otherwise."""

SCATTER = 1.5
"""The words of a phrase, wherever they stand."""

ANYWHERE = 1.7
"""Words of a field, wherever they stand."""

WIDEN = 1.6
"""Days around those asked for: the month, the year, the years beside it (each a tenth more)."""

LEAVE_OUT_FILTER = 2.5
LEAVE_OUT = 3.0
"""A clause that names words left out."""

ANY_WORD = 4.0
"""Any of the words instead of all of them."""

LOOSE_SLOP = 5
"""How many other words may stand between those of a phrase that is relaxed."""

WITHOUT = "Without "
"""What the change begins with where a clause is left out."""

WIDENED = "With “"
"""What it begins with where days are widened."""

MAX_VARIANTS = 200
"""How many relaxations of one query are thought of."""

_TEXT_FIELDS = ("title", "author", "body", "extra")


@record(frozen=True, slots=True)
class Variant:
    """A query that asks for less.

    Attributes:
        tree: the query.
        cost: how far it is from the one it was made from.
        change: what is different, in words, as in “without date:2022”.
        corrects: whether only the spelling is different.
        position: where what is spelled otherwise stands in the query, as a span of characters.
    """

    tree: Node
    cost: float
    change: str
    corrects: bool = False
    position: Span | None = None


Respell = Callable[[Node], Sequence[Variant]]
"""Other spellings of a leaf of the tree, or of the neighbours in a conjunction."""


def variants(tree: Node, respell: Respell = lambda _: ()) -> Iterator[Variant]:
    """Every query that differs from `tree` by one relaxation, in the order of the query; not more than MAX_VARIANTS."""
    for number, variant in enumerate(_variants(tree, respell)):
        if number >= MAX_VARIANTS:
            return
        if not isinstance(variant.tree, syntax.Empty) and variant.tree != tree:
            yield variant


def parts(tree: Node) -> tuple[Node, ...]:
    """What a query demands at once."""
    return tree.children if isinstance(tree, syntax.Conjunction) else (tree,)


def leaves(tree: Node) -> Iterator[Node]:
    """What the query asks for in the positive, left to right: neither what it excludes nor what it only prefers."""
    match tree:
        case syntax.Conjunction(children) | syntax.Disjunction(children):
            for child in children:
                yield from leaves(child)
        case syntax.Boosted(child) | syntax.Preference(child, _):
            yield from leaves(child)
        case syntax.Negation():
            return
        case _:
            yield tree


def last_resort(tree: Node, is_found: Callable[[Node], bool]) -> Variant | None:
    """Any of the words that are found at all, anywhere and without any condition; None if there is none."""
    words = [
        replace(leaf, field=None) for leaf in leaves(tree) if isinstance(leaf, syntax.Word) and not is_filter(leaf)
    ]
    found = [word for word in words if is_found(word)]
    if not found:
        return None
    return Variant(syntax.disjunction([*found]), ANY_WORD, "With any of the words, and nothing else")


def plain(tree: Node) -> Node:
    """The query without the synonyms that a file gave it."""
    tree = syntax.original(tree)
    match tree:
        case syntax.Conjunction(children):
            return syntax.conjunction([plain(child) for child in children])
        case syntax.Disjunction(children):
            return syntax.disjunction([plain(child) for child in children])
        case syntax.Negation(child):
            return syntax.negation(plain(child))
        case syntax.Boosted(child, weight):
            return syntax.Boosted(plain(child), weight)
        case syntax.Preference(required, optional):
            return syntax.Preference(plain(required), plain(optional))
        case _:
            return tree


def _variants(node: Node, respell: Respell) -> Iterator[Variant]:
    match node:
        case syntax.Conjunction(children):
            yield from respell(node)
            yield from _inside(children, syntax.conjunction, respell)
            for at, child in enumerate(children):
                rest = [*children[:at], *children[at + 1 :]]
                if all(map(is_filter, rest)) and not is_filter(child):
                    continue  # without a word left, that is another question
                cost = LEAVE_OUT_FILTER if is_filter(child) else LEAVE_OUT
                yield Variant(syntax.conjunction(rest), cost, f"{WITHOUT}{syntax.named(syntax.heading(child))}")
            words = [child for child in children if not is_filter(child)]
            if len(words) > 1:
                others = [child for child in children if is_filter(child)]
                any_of = syntax.conjunction([syntax.disjunction(words), *others])
                yield Variant(any_of, ANY_WORD, "With any of the words")
        case syntax.Disjunction(children):
            yield from _inside(children, syntax.disjunction, respell)
        case syntax.Boosted(child, weight):
            for variant in _variants(child, respell):
                yield replace(variant, tree=syntax.Boosted(variant.tree, weight))
        case syntax.Preference(required, optional):
            for variant in _variants(required, respell):
                yield replace(variant, tree=syntax.Preference(variant.tree, optional))
        case syntax.Negation():
            return
        case _:
            yield from respell(node)
            yield from _leaf(node)


def _inside(children: Sequence[Node], join: Callable[[list[Node]], Node], respell: Respell) -> Iterator[Variant]:
    """The relaxations of each child, with the other children as they are."""
    for at, child in enumerate(children):
        for variant in _variants(child, respell):
            yield replace(variant, tree=join([*children[:at], variant.tree, *children[at + 1 :]]))


def _leaf(node: Node) -> Iterator[Variant]:
    match node:
        case syntax.Word(text, _, exact) if exact:
            yield Variant(replace(node, exact=False), REWORD - 0.2, f"“{text}” in any form")
        case syntax.Quoted(text, name, slop):
            words: list[Node] = [_word(word, name) for word in text.split()]
            if len(words) == 1:
                yield Variant(words[0], REWORD, f"“{text}” in any form")
            if len(words) > 1:
                if not node.any_form:
                    yield Variant(replace(node, any_form=True), REWORD - 0.1, f"“{text}” in any form")
                if slop < LOOSE_SLOP:
                    change = f"“{text}” with other words between"
                    yield Variant(replace(node, slop=LOOSE_SLOP), REWORD, change)
                yield Variant(syntax.conjunction(words), SCATTER, f"“{text}” as single words")
        case syntax.Nearby(children):
            yield Variant(syntax.conjunction(list(children)), SCATTER, "Anywhere, not close together")
        case syntax.Pattern(text, name) if text.endswith("?") and text.rstrip("?").isalnum():
            yield Variant(_word(text.rstrip("?"), name), REWORD - 0.2, f"“{text}” without its question mark")
        case syntax.Similar(text, _, distance) if distance == 1:
            yield Variant(replace(node, distance=2), REWORD, f"Words still less like “{text}”")
        case syntax.Days(first, last):
            for step, (start, end) in enumerate(_wider(first, last)):
                wider = replace(node, first=start, last=end)
                yield Variant(wider, WIDEN + step / 10, f"{WIDENED}{syntax.canonical(wider)}”")
        case _:
            pass
    if isinstance(node, syntax.Word | syntax.Quoted | syntax.Pattern | syntax.Similar) and node.field in _TEXT_FIELDS:
        yield Variant(replace(node, field=None), ANYWHERE, f"Anywhere, not only in {node.field}")


def _word(text: str, name: str | None) -> Node:
    return syntax.Word(text.lower() if text in syntax.OPERATORS else text, name)


def _wider(first: dt.date | None, last: dt.date | None) -> Iterator[tuple[dt.date | None, dt.date | None]]:
    """The same days with those around them: of the months, of the years, of the years beside these."""
    before = first, last
    for widen in (_months, _years, _years_beside):
        now = widen(first, last)
        if now != before:
            yield now
        before = now


def _months(first: dt.date | None, last: dt.date | None) -> tuple[dt.date | None, dt.date | None]:
    end = last and last.replace(day=calendar.monthrange(last.year, last.month)[1])
    return first and first.replace(day=1), end


def _years(first: dt.date | None, last: dt.date | None) -> tuple[dt.date | None, dt.date | None]:
    return first and dt.date(first.year, 1, 1), last and dt.date(last.year, 12, 31)


def _years_beside(first: dt.date | None, last: dt.date | None) -> tuple[dt.date | None, dt.date | None]:
    return (
        first and dt.date(max(first.year - 1, dt.MINYEAR), 1, 1),
        last and dt.date(min(last.year + 1, dt.MAXYEAR), 12, 31),
    )
