"""From the syntax tree to the query algebra: analysis, default fields, and what ranking adds.

A bare word asks the `text` field (title, author and body together) for its stem in every language the index holds; a
quoted phrase, a prefix, a wildcard, a fuzzy word or a regular expression asks title, author and body for words as
written. Filters (dates, languages, paths, negations) choose documents but add nothing to their scores.

Ranking adds up, for a document that matches:

- BM25 of each word's stem over `text`, where the title stands `TITLE_WEIGHT` times, so that one length and one document
  frequency count for all fields together, as in BM25F (Robertson, Zaragoza and Taylor 2004);
- what `search.lowering.ranking` adds: words as written, neighbouring words side by side, a title that is just the
  query.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from index import query as algebra
from index.engines.contract import Searcher
from index.query import Query
from index.records import record
from index.schema import Form
from search.lowering import ranking
from search.lowering.clause import Lowering, any_of
from search.lowering.ranking import Weights
from search.query_language import syntax, values
from search.query_language.syntax import Node
from search.results import Notice

MAX_NEAR_WORDS = 16
"""How many words of what must be near each other are looked for by themselves, to rank by."""

_FILTERS = frozenset(["lang", "source", "url", "date", "has"])


@record(frozen=True, slots=True)
class Clause:
    """One of the things a query demands at once.

    Attributes:
        text: the clause in words or in canonical form.
        query: the clause lowered.
        is_filter: whether it only chooses documents, without adding to their scores: a date, a path, a negation.
        is_fixed: whether it stays in force when only some of the words are found: a filter, or a named field.
    """

    text: str
    query: Query
    is_filter: bool
    is_fixed: bool


@record(frozen=True, slots=True)
class Lowered:
    """A query ready for an engine.

    Attributes:
        query: what to run: `matching`, and what only ranks.
        matching: what decides which documents match.
        clauses: what `matching` demands at once; one clause when it is no conjunction.
        extras: what only ranks.
        ranks: whether any clause gives scores. If not, the newest documents should come first.
        notices: what was changed to stay within bounds.
        marked: what to mark in documents, if not all of `matching`: filters apart from the query are not marked.
    """

    query: Query
    matching: Query
    clauses: tuple[Clause, ...]
    extras: tuple[Query, ...]
    ranks: bool
    notices: tuple[Notice, ...] = ()
    marked: Query | None = None


def lower(
    tree: Node,
    languages: Sequence[str],
    asked: Node | None = None,
    weights: Weights | None = None,
    filters: Node | None = None,
) -> Lowered:
    """Lower a parsed query.

    Args:
        tree: the query.
        languages: the ISO 639-1 codes of the documents that the index holds; "" for languages without a stemmer.
        asked: the query before words were left out of it, to compare with titles; by default `tree`.
        weights: how much what only ranks counts.
        filters: what documents must match besides; it adds nothing to scores and is not marked.
    """
    lowering = Lowering(languages)
    ours = _clauses_of(tree, lowering)
    clauses = ours if filters is None else _with_filters(ours, filters, lowering)
    matching = _conjunction(clauses)
    originals = [word for part in _parts(tree) for word in _parts(syntax.original(part))]
    extras = (
        *ranking.extras(originals, lowering.analyzers, weights or Weights()),
        *ranking.title_equals(_parts(asked or tree), lowering.analyzers[0]),
        *(lowering.node(word) for word in _near_words(originals)[:MAX_NEAR_WORDS]),
    )
    return Lowered(
        query=_ranked(matching, extras),
        matching=matching,
        clauses=tuple(clauses),
        extras=extras,
        ranks=any(not clause.is_filter and _scores(clause.query) for clause in clauses),
        notices=_once(lowering.notices),
        marked=None if filters is None else _conjunction(ours),
    )


def _once(notices: Sequence[Notice]) -> tuple[Notice, ...]:
    """Each message once, of the first part of the query that it is about, and of how many others it is true."""
    alike: dict[str, list[Notice]] = {}
    for notice in dict.fromkeys(notices):
        alike.setdefault(notice.message, []).append(notice)
    return tuple(
        first if not others else replace(first, message=f"{first.message}; {len(others):,} more likewise")
        for first, *others in alike.values()
    )


def matching_query(tree: Node, languages: Sequence[str], filters: Node | None = None) -> Query:
    """What alone decides which documents match a parsed query, to count them; the arguments are those of `lower`."""
    lowering = Lowering(languages)
    clauses = _clauses_of(tree, lowering)
    return _conjunction(clauses if filters is None else _with_filters(clauses, filters, lowering))


def within_reach(lowered: Lowered, searcher: Searcher) -> Lowered:
    """The same without what only ranks and takes long, which large indexes alone have; see
    `search.lowering.ranking`."""
    if searcher.document_count <= ranking.MOST_OF_BOTH:
        return lowered
    extras = ranking.without_common_pairs(lowered.extras, searcher)
    return replace(lowered, extras=extras, query=_ranked(lowered.matching, extras))


def partial(lowered: Lowered, importance: Callable[[str], float], *, most: bool = False) -> Query | None:
    """A query for documents that hold only some of the words; None when there are no two words to choose from.

    With `most`, more than half of them.

    Fixed clauses stay in force. Other clauses score by the `importance` of their text, from 0 to 1; those of no
    importance are left out if others remain.
    """
    words = [(clause, importance(clause.text)) for clause in lowered.clauses if not clause.is_fixed]
    words = [(clause, weight) for clause, weight in words if weight] or [(clause, 1.0) for clause, _ in words]
    some: list[Query] = []
    for clause, weight in words:
        parts = _single_words(clause.query)
        some += parts if weight == 1 else [algebra.Boost(part, weight) for part in parts]
    fixed = [_demanded(clause) for clause in lowered.clauses if clause.is_fixed]
    if len(some) < 2 and len(words) == sum(not clause.is_fixed for clause in lowered.clauses):
        return None
    chosen = algebra.Or(tuple(some), len(some) // 2 + 1) if most else any_of(some)
    return _ranked(algebra.And((chosen, *fixed)) if fixed else chosen, lowered.extras)


def words_apart(lowered: Lowered) -> tuple[Query, ...]:
    """The words, one by one, of clauses that analyse to several: what `partial` may find a document by that has no
    clause as a whole."""
    clauses = [clause.query for clause in lowered.clauses if not clause.is_fixed]
    return tuple(word for query in clauses for word in _single_words(query) if word != query)


def _clauses_of(tree: Node, lowering: Lowering) -> list[Clause]:
    clauses = _clauses(_parts(tree), lowering) or [Clause(syntax.heading(tree), algebra.Nothing(), False, False)]
    return _telling(clauses) or clauses


def _with_filters(clauses: Sequence[Clause], filters: Node, lowering: Lowering) -> list[Clause]:
    return _telling(clauses) + _clauses(_parts(filters), lowering, are_filters=True)


def _clauses(parts: Sequence[Node], lowering: Lowering, *, are_filters: bool = False) -> list[Clause]:
    """Parts of a query, lowered, without those that are left out."""
    found = []
    for part in parts:
        query = lowering.clause(part)
        if query is not None:
            chooses = are_filters or is_filter(part)
            found.append(Clause(syntax.heading(part), query, chooses, chooses or _names_fields(part)))
    return found


def _telling(clauses: Sequence[Clause]) -> list[Clause]:
    """The clauses without those that every document matches."""
    return [clause for clause in clauses if not isinstance(clause.query, algebra.Everything)]


def _conjunction(clauses: Sequence[Clause]) -> Query:
    queries = [_demanded(clause) for clause in clauses]
    return queries[0] if len(queries) == 1 else algebra.And(tuple(queries))


def _demanded(clause: Clause) -> Query:
    """A clause as part of what documents must match: filters add nothing to their scores."""
    return algebra.Boost(clause.query, 0.0) if clause.is_filter and _scores(clause.query) else clause.query


def _single_words(query: Query) -> Sequence[Query]:
    """A word that analyses to several tokens, such as one with a hyphen or a Chinese one, as those by themselves."""
    match query:
        case algebra.And(clauses):
            return clauses
        case algebra.Phrase(field, tokens, 0, Form.STEM):
            return [algebra.Term(field, token, Form.STEM) for token in tokens]
        case algebra.Or(clauses, 1) if all(isinstance(c, algebra.Phrase) and c.form is Form.STEM for c in clauses):
            phrases = [clause for clause in clauses if isinstance(clause, algebra.Phrase)]
            in_languages = [[algebra.Term(p.field, token, p.form) for token in p.tokens] for p in phrases]
            return [algebra.Or(alike) for alike in zip(*in_languages, strict=True)]
        case _:
            return (query,)


def _ranked(matching: Query, extras: tuple[Query, ...]) -> Query:
    return algebra.AndMaybe(matching, algebra.Or(extras)) if extras else matching


def is_filter(node: Node) -> bool:
    """Whether a clause chooses documents rather than naming words to look for."""
    match node:
        case syntax.Word(field=None):  # most of all
            return False
        case syntax.Days() | syntax.Negation() | syntax.Whole() | syntax.All() | syntax.Empty():
            return True
        case syntax.Conjunction(children) | syntax.Disjunction(children) | syntax.Nearby(children):
            return all(map(is_filter, children))
        case syntax.Boosted(child):
            return is_filter(child)
        case syntax.Preference(required, _):
            return is_filter(required)
        case _:
            return node.field in _FILTERS or values.is_value_field(node.field)


def _names_fields(node: Node) -> bool:
    """Whether every word of a clause belongs to a named field."""
    match node:
        case syntax.Word():  # most of all
            return node.field is not None
        case syntax.Days() | syntax.All() | syntax.Empty():
            return True
        case syntax.Conjunction(children) | syntax.Disjunction(children) | syntax.Nearby(children):
            return all(map(_names_fields, children))
        case syntax.Negation(child) | syntax.Boosted(child):
            return _names_fields(child)
        case syntax.Preference(required, _):
            return _names_fields(required)
        case _:
            return node.field is not None


def _parts(tree: Node) -> tuple[Node, ...]:
    return tree.children if isinstance(tree, syntax.Conjunction) else (tree,)


def _near_words(parts: Sequence[Node]) -> list[Node]:
    """The words and phrases of what must be near each other, which score nothing there."""
    groups = [group for part in parts if isinstance(part, syntax.Nearby) for group in part.children]
    return [
        word for group in groups for word in (group.children if isinstance(group, syntax.Disjunction) else (group,))
    ]


def _scores(query: Query) -> bool:
    """Whether documents that match can score above 0."""
    match query:
        case algebra.Term() | algebra.Phrase():  # most of all
            return True
        case algebra.Range() | algebra.Not() | algebra.Everything() | algebra.Nothing():
            return False
        case algebra.And(clauses) | algebra.Or(clauses):
            return any(map(_scores, clauses))
        case algebra.AndMaybe(required, optional):
            return _scores(required) or _scores(optional)
        case algebra.Boost(clause, weight):
            return weight > 0 and _scores(clause)
        case _:
            return True
