"""The query algebra evaluated over the segments of a whoosh index, one node at a time.

Every node gives the documents that match it, with their scores: simple, exact, and for a few thousand documents as
fast as matchers written in Python that go document by document.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import assert_never

from index.engines import bm25
from index.engines.automaton import Automaton
from index.engines.bounds import bounding_tokens, in_range, range_column
from index.engines.deadline import check, checked
from index.engines.nearness import Place, near_places
from index.engines.patterns import ANYTHING, Pattern, Sequence, literal, literal_prefix, parse_wildcard, within_edits
from index.engines.regex_syntax import parse_regex
from index.engines.spreads import spread_weight, spreads
from index.engines.surrogates import without_surrogates
from index.engines.whoosh_segment import Segment
from index.query import (
    And,
    AndMaybe,
    Boost,
    Everything,
    Fuzzy,
    Group,
    Near,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Regex,
    Term,
    Wildcard,
)
from index.schema import Schema, column_name

Scores = dict[int, float]
"""Documents of a segment and their scores."""


_MOST_KNOWN = 64  # patterns whose documents a segment remembers


class Statistics:
    """What BM25 needs to know about all segments together."""

    def __init__(self, segments: list[Segment]) -> None:
        self._segments = segments
        self._average_lengths: dict[str, float] = {}

    @cached_property
    def documents(self) -> int:
        """How many documents there are; deleted ones count until their segment is merged."""
        return sum(segment.count for segment in self._segments)

    def average_length(self, column: str) -> float:
        """How many tokens of a column a document has on average."""
        known = self._average_lengths.get(column)
        if known is None:
            known = sum(sum(segment.lengths(column)) for segment in self._segments) / max(1, self.documents)
            self._average_lengths[column] = known
        return known

    def idf(self, column: str, token: str) -> float:
        """See `bm25.idf`."""
        return bm25.idf(self.documents, sum(segment.terms.doc_freq(column, token) for segment in self._segments))


class Evaluator:
    """Evaluates checked queries (see `index.engines.bounds`) on one segment."""

    def __init__(self, segment: Segment, statistics: Statistics, schema: Schema) -> None:
        self._segment = segment
        self._statistics = statistics
        self._schema = schema

    def evaluate(self, query: Query) -> Scores:
        """The documents that match, with their scores. Deleted documents are not among them. Raises `TimeUp`."""
        check()
        match query:
            case Term(field, token, form):
                return self._term(column_name(field, form), without_surrogates(token))
            case Phrase():
                return self._phrase(query)
            case Near():
                return self._near(query)
            case Prefix() | Wildcard() | Regex() | Fuzzy():
                return dict.fromkeys(self._holding(query), 1.0)
            case Range():
                return self._range(query)
            case And(clauses):
                return self._and(clauses)
            case Or(clauses, minimum):
                return self._or(clauses, minimum)
            case Not(clause):
                return dict.fromkeys(self._segment.live.difference(self.evaluate(clause)), 0.0)
            case AndMaybe(required, optional):
                scores = self.evaluate(required)
                for document, score in self.evaluate(optional).items() if scores else ():
                    if document in scores:
                        scores[document] += score
                return scores
            case Boost(clause, weight):
                return {document: score * weight for document, score in self.evaluate(clause).items()}
            case Everything():
                return self._all(0.0)
            case Nothing():
                return {}
        assert_never(query)

    def _all(self, score: float) -> Scores:
        return dict.fromkeys(self._segment.live, score)

    def _term(self, column: str, token: str) -> Scores:
        occurrences = self._segment.terms.occurrences(column, token)
        if occurrences is None:
            return {}
        return self._scored(column, Counter([at >> 32 for at in occurrences]), self._statistics.idf(column, token))

    def _scored(self, column: str, frequencies: dict[int, int], weight: float) -> Scores:
        live = self._segment.live
        lengths = self._segment.lengths(column)
        average = self._statistics.average_length(column)
        return {
            document: bm25.score(weight, frequency, lengths[document], average)
            for document, frequency in frequencies.items()
            if document in live
        }

    def _phrase(self, phrase: Phrase) -> Scores:
        column = column_name(phrase.field, phrase.form)
        tokens = [without_surrogates(token) for token in phrase.tokens]
        occurrences: list[frozenset[int]] = []
        known: dict[str, frozenset[int]] = {}
        for token in tokens:
            if token not in known:
                found = self._segment.terms.occurrences(column, token)
                if found is None:
                    return {}
                known[token] = frozenset(found)
            occurrences.append(known[token])
        weight = sum(self._statistics.idf(column, token) for token in tokens)
        rarest = min(range(len(tokens)), key=lambda at: len(occurrences[at]))
        scores: Scores = {}
        for positions, free in spreads(len(tokens), phrase.slop):
            check()
            # Where the phrase would start, by the rarest token; then only where all the others stand as well.
            starts: Iterable[int] = [at - positions[rarest] for at in occurrences[rarest]]
            for position, places in zip(positions, occurrences, strict=True):
                starts = [start for start in starts if start + position in places]
            frequencies = Counter(start >> 32 for start in starts)
            for document, score in self._scored(column, frequencies, weight).items():
                scores[document] = max(scores.get(document, 0.0), score * spread_weight(free))
        return scores

    def _near(self, near: Near) -> Scores:
        column = column_name(near.field, near.form)
        first, second = (self._places(column, group) for group in near.groups)
        return {
            document: 1.0
            for document in checked(self._segment.live.intersection(first, second))
            if any(True for _ in near_places(first[document], second[document], near.apart))
        }

    def _places(self, column: str, group: Group) -> dict[int, list[Place]]:
        """Where the words and phrases of a group stand, for each document that has one."""
        places: dict[int, list[Place]] = defaultdict(list)
        for tokens in group:
            found = [self._segment.terms.occurrences(column, without_surrogates(token)) for token in tokens]
            if all(found):
                starts = [{at - number for at in occurrences or ()} for number, occurrences in enumerate(found)]
                for start in set.intersection(*starts):
                    places[start >> 32].append(Place(start, start + len(tokens)))
        return places

    def _holding(self, leaf: Prefix | Wildcard | Regex | Fuzzy) -> frozenset[int]:
        """Documents with a token that a pattern matches. Queries that are tried one after the other often share it."""
        known = self._segment.holding
        found = known.get(leaf)
        if found is None:
            found = frozenset(self._of_pattern(leaf))
            if len(known) >= _MOST_KNOWN:
                known.clear()
            known[leaf] = found
        return found

    def _of_pattern(self, leaf: Prefix | Wildcard | Regex | Fuzzy) -> Scores:
        column = column_name(leaf.field, leaf.form)
        match leaf:
            case Prefix(_, prefix):
                return self._pattern(column, Sequence((*literal(without_surrogates(prefix)).parts, ANYTHING)))
            case Wildcard(_, pattern):
                return self._pattern(column, parse_wildcard(without_surrogates(pattern)))
            case Regex(_, pattern):
                return self._pattern(column, parse_regex(without_surrogates(pattern)))
            case Fuzzy(_, token, distance, prefix_length):
                token = without_surrogates(token)
                return self._tokens(column, token[:prefix_length], lambda other: within_edits(token, other, distance))

    def _pattern(self, column: str, pattern: Pattern) -> Scores:
        if pattern == ANYTHING or pattern == Sequence((ANYTHING,)):
            return self._any_token(column, 1.0)
        return self._tokens(column, literal_prefix(pattern), Automaton(pattern).matches)

    def _any_token(self, column: str, score: float) -> Scores:
        lengths = self._segment.lengths(column)
        return {document: score for document in self._segment.live if lengths[document]}

    def _tokens(self, column: str, prefix: str, matches: Callable[[str], bool], score: float = 1.0) -> Scores:
        """Documents with a token that starts with `prefix` and passes."""
        terms = self._segment.terms
        tokens = [token for token, _ in checked(terms.tokens(column, prefix)) if matches(token)]
        found: set[int] = set()
        for token in checked(tokens):
            found.update(at >> 32 for at in terms.occurrences(column, token) or ())
        return dict.fromkeys(found & self._segment.live, score)

    def _range(self, wanted: Range) -> Scores:
        column = range_column(wanted, self._schema)
        lower, upper = wanted.lower, wanted.upper
        if column.is_day:
            low = None if lower is None else int(lower) + wanted.above
            high = None if upper is None else int(upper) - wanted.below
            days = self._segment.days(column.name)
            return {
                document: 0.0
                for document in self._segment.live
                if (day := days[document]) is not None and (low is None or low <= day) and (high is None or day <= high)
            }
        if lower is None and upper is None:
            return self._any_token(column.name, 0.0)
        return self._tokens(column.name, "", in_range(*bounding_tokens(wanted), below=wanted.below), score=0.0)

    def _and(self, clauses: tuple[Query, ...]) -> Scores:
        if not clauses:
            return self._all(0.0)
        scores: Scores | None = None
        for clause in sorted(clauses, key=lambda clause: isinstance(clause, Not)):  # what takes away comes last
            if scores is None:
                scores = self.evaluate(clause)
            elif isinstance(clause, Not):
                unwanted = self.evaluate(clause.clause)
                scores = {document: score for document, score in scores.items() if document not in unwanted}
            else:
                other = self.evaluate(clause)
                scores = {document: score + other[document] for document, score in scores.items() if document in other}
            if not scores:
                return {}
        return scores or {}

    def _or(self, clauses: tuple[Query, ...], minimum: int) -> Scores:
        if len(clauses) < minimum:
            return {}
        scores = self._all(0.0) if minimum <= 0 else {}
        counts: Counter[int] = Counter()
        for clause in clauses:
            found = self.evaluate(clause)
            counts.update(found.keys())
            for document, score in found.items():
                scores[document] = scores.get(document, 0.0) + score
        if minimum <= 1:
            return scores
        return {document: score for document, score in scores.items() if counts[document] >= minimum}
