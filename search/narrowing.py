"""A narrower query for one that takes too long: it finds some of what the query matches, and nothing else.

Patterns (wildcards, regular expressions, misspelled words, ranges of words, beginnings of words) become those of the
words they stand for that the newest articles hold which match the rest of the query, as far as these can be looked
through in time; loose phrases become exact ones, and words near each other must stand side by side. What is below a Not
stays as it is: less of that would find more. The words of a pattern add nothing to scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from index import query as algebra
from index.analysis.columns import analyse
from index.document import Document
from index.engines.contract import ColumnValue, Matches, Order, Searcher
from index.engines.costs import may_take_long
from index.engines.deadline import TimeUp, check
from index.query import Query
from index.schema import Form, column_name
from search.budget import EXPANSION_SHARE, NARROWED_SHARE, Budget
from search.highlighting.matching import Pattern, TokenTest, positive_leaves, token_test
from search.lowering.whole_query import Lowered
from search.paging import Filling, Page
from search.run import Found, found_in

MOST_ARTICLES = 300
"""How many articles are looked through for words."""

MOST_WORDS = 4_000
"""How many words stand for all the patterns of a query."""

_MOST_CHARACTERS = 50_000  # of a body, from its beginning
_PATTERNS = (algebra.Prefix, algebra.Wildcard, algebra.Regex, algebra.Fuzzy)


def run_narrowed(searcher: Searcher, lowered: Lowered, page: Page, budget: Budget) -> tuple[Found, Lowered]:
    """One page of what a narrower query finds in the time that is left, and that query; told to the budget.

    Args:
        searcher: the index.
        lowered: the query that took too long.
        page: which hits; none follow it.
        budget: of the search.
    """
    budget.narrowed = ""
    narrower = None
    with budget.spend("", EXPANSION_SHARE):
        narrower = narrowed(lowered, searcher)
    if narrower is not None:
        query, said = narrower
        with budget.spend("", NARROWED_SHARE):
            filling = Filling(searcher, page, ranks=query.ranks)
            found = found_in(filling, filling.take(query.query), query)
            budget.narrowed = said
            return replace(found, next=None), query
    nothing = replace(lowered, query=algebra.Nothing(), matching=algebra.Nothing())
    return Found(Matches(0, []), 0, lowered.matching, nothing.query), nothing


def narrowed(lowered: Lowered, searcher: Searcher) -> tuple[Lowered, str] | None:
    """A narrower query, and what it asks for, in words; None if there is none. It goes by the deadline.

    Args:
        lowered: the query that takes too long.
        searcher: the index.
    """
    words: dict[Query, list[str]] = {leaf: [] for leaf in positive_leaves(lowered.query) if _is_pattern(leaf)}
    with suppress(TimeUp):
        _look_up(words, searcher, lowered.matching)
    query, matching = _narrower(lowered.query, words), _narrower(lowered.matching, words)
    if query == lowered.query:
        return None
    said = []
    if words:
        count = sum(map(len, words.values()))
        said.append(f"of the words that its patterns stand for, only {count:,} that new articles hold were looked for")
    if any(isinstance(leaf, algebra.Near) or _is_loose(leaf) for leaf in positive_leaves(lowered.query)):
        said.append("loose phrases and words near each other were found only where they stand side by side")
    marked = lowered.marked or lowered.matching
    return replace(lowered, query=query, matching=matching, marked=marked), ", and ".join(said)


def _look_up(words: dict[Query, list[str]], searcher: Searcher, matching: Query) -> None:
    """Find words for patterns, until time is up or there are enough."""
    tests: dict[str, list[tuple[list[str], TokenTest]]] = {}
    for leaf, found in words.items():
        assert isinstance(leaf, Pattern)
        tests.setdefault(column_name(leaf.field, leaf.form), []).append((found, token_test(leaf)))
    seen: set[tuple[str, str]] = set()
    left = MOST_WORDS
    for match in searcher.search(_wider(matching), limit=MOST_ARTICLES if words else 0, order=Order.NEWEST).page:
        check()
        document = Document.from_stored(match.stored)
        columns = analyse(replace(document, body=document.body[:_MOST_CHARACTERS])).columns
        for column, token in _tokens(columns, tests):
            check()
            if (column, token) in seen:
                continue
            seen.add((column, token))
            for found, test in tests[column]:
                if left and test(token):
                    found.append(token)
                    left -= 1


def _tokens(columns: Mapping[str, ColumnValue], wanted: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The tokens of some columns of a document, as an engine keeps them."""
    for column in wanted:
        value = columns.get(column)
        for segment in value if isinstance(value, list) else ():
            for token in [segment] if column.endswith(f"_{Form.RAW}") else segment.split():
                yield column, token


def _wider(query: Query) -> Query:
    """What also finds everything that `query` does, without what takes long."""
    match query:
        case algebra.And(clauses):
            return algebra.And(tuple(map(_wider, clauses)))
        case algebra.Or(clauses, minimum):
            return algebra.Or(tuple(map(_wider, clauses)), minimum)
        case algebra.AndMaybe(required, _):
            return _wider(required)
        case algebra.Boost(clause, weight):
            return algebra.Boost(_wider(clause), weight)
        case algebra.Not(clause):
            return algebra.Everything() if may_take_long(clause) else query
        case _:
            return algebra.Everything() if may_take_long(query) else query


def _narrower(query: Query, words: dict[Query, list[str]]) -> Query:
    def narrow(clause: Query) -> Query:
        return _narrower(clause, words)

    match query:
        case algebra.And(clauses):
            return algebra.And(tuple(map(narrow, clauses)))
        case algebra.Or(clauses, minimum):
            return algebra.Or(tuple(map(narrow, clauses)), minimum)
        case algebra.AndMaybe(required, optional):
            return algebra.AndMaybe(narrow(required), narrow(optional))
        case algebra.Boost(clause, weight):
            return algebra.Boost(narrow(clause), weight)
        case algebra.Near():
            return replace(query, apart=0)
        case algebra.Phrase():
            return replace(query, slop=0)
        case _ if query in words:
            return _any_word(query, words[query])
        case _:
            return query


def _any_word(pattern: Query, words: list[str]) -> Query:
    assert isinstance(pattern, Pattern)
    terms = tuple(algebra.Term(pattern.field, word, pattern.form) for word in words)
    return algebra.Boost(algebra.Or(terms), 0.0) if terms else algebra.Nothing()


def _is_pattern(leaf: Query) -> bool:
    if isinstance(leaf, algebra.Range):
        return isinstance(leaf.lower, str) or isinstance(leaf.upper, str)
    return isinstance(leaf, _PATTERNS)


def _is_loose(leaf: Query) -> bool:
    return isinstance(leaf, algebra.Phrase) and leaf.slop > 0
