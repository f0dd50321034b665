"""Marks exactly what a query matched, in whatever field, for every engine and every kind of query.

The highlighter sees the same tokens as the engines did (`index.analysis.tokens`) and applies the query algebra's own
definitions to them: words by any inflection that matched, phrases only as phrases, prefixes, wildcards, regular
expressions, fuzzy words and ranges of words. What stands below a Not is never marked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import assert_never

from index.analysis.tokens import analyzer
from index.document import Document
from index.engines.deadline import check
from index.query import (
    And,
    AndMaybe,
    Boost,
    Everything,
    Fuzzy,
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
from index.records import record
from index.schema import Form
from search.highlighting import long_texts
from search.highlighting.matching import Leaf, positive_leaves
from search.highlighting.occurrences import Mark, Occurrences
from search.results import Span

_TOGETHER = frozenset(["title", "author", "body"])  # what the field "text" stands for
_MOST_WEIGHED = 256  # leaves whose document frequency is asked for; more would cost more than the search


@record(frozen=True, slots=True)
class DocumentMarks:
    """What a query matched in one document.

    Attributes:
        title: spans in the title.
        authors: for each author, spans in the name.
        body: every occurrence in the body (of a very long one, a sample), sorted; spans may overlap.
        matched: the numbers of all leaves that match, in whatever field.
        extras: where an extra matched, its name, the text (of several, the one that did) and what matched there; none
            unless the query asks for extras.
    """

    title: tuple[Span, ...] = ()
    authors: tuple[tuple[Span, ...], ...] = ()
    body: tuple[Mark, ...] = ()
    matched: frozenset[int] = frozenset()
    extras: tuple[tuple[str, str, tuple[Mark, ...]], ...] = ()

    @property
    def body_spans(self) -> tuple[Span, ...]:
        """What to mark in the body: sorted, disjoint spans."""
        return merge(self.body)


class Highlighter:
    """Marks what one query matched. Make one for each search and use it for all its hits, in one thread.

    Attributes:
        query: the query as the engine ran it.
        leaves: every leaf that asks for words, once each, in the order of the query; nothing below a Not, no filters
            on dates or whole values.
        clauses: the parts of the outermost And or Or (seen through Boost and AndMaybe), else the query alone.
    """

    def __init__(self, query: Query) -> None:
        self.query = query
        self._numbers = {
            leaf: number for number, leaf in enumerate(dict.fromkeys(filter(_is_marked, positive_leaves(query))))
        }
        self.leaves: tuple[Leaf, ...] = tuple(self._numbers)
        self.clauses = _clauses(query)
        self._other_fields = {leaf.field for leaf in self.leaves} & {"source", "url", "extra"}
        self._known: dict[tuple[str, str], Occurrences] = {}  # by field and language
        self._alike: dict[tuple[tuple[int, ...], str], Occurrences] = {}  # by leaves and language

    def marks(self, field: str, text: str, language: str, *, bound: int | None = None) -> list[Mark]:
        """Every occurrence in a text of a field, sorted; spans may overlap.

        Args:
            field: the field the text belongs to; "text" in the query stands for title, author and body.
            text: one segment of the field: a title, one author, the body.
            language: the document's language, an ISO 639-1 code or "".
            bound: look at no more than about this many characters of a long text: at its beginning, and at places
                further on where something matches that the beginning lacks.
        """
        return self._scan(field, text, language, bound, set())

    def spans(self, field: str, text: str, language: str) -> tuple[Span, ...]:
        """What to mark in a text of a field: sorted, disjoint spans. Arguments as in `marks`."""
        return merge(self.marks(field, text, language))

    def mark(self, document: Document, *, whole: bool = False) -> DocumentMarks:
        """What matched in a document; with `whole`, all of it, however long the body is. Raises `TimeUp`."""
        if not self.leaves:  # a query that only filters
            return DocumentMarks(authors=((),) * len(document.authors))
        check()
        matched: set[int] = set()
        language = document.language
        bound = None if whole else long_texts.SAMPLE_CHARACTERS
        title = self._scan("title", document.title, language, None, matched)
        authors = [merge(self._scan("author", name, language, None, matched)) for name in document.authors]
        body = self._scan("body", document.body, language, bound, matched)
        extras = []
        for field in self._other_fields:
            for name, value in _values(document, field):
                found = self._scan(field, value, language, long_texts.SAMPLE_CHARACTERS, matched)
                if found and field == "extra":
                    extras.append((name, value, tuple(found)))
        return DocumentMarks(merge(title), tuple(authors), tuple(body), frozenset(matched), tuple(extras))

    def lacks(self, marks: DocumentMarks) -> tuple[int, ...]:
        """The numbers of the `clauses` that a document with these marks does not match.

        Filters on dates and whole values, and whatever stands below a Not, count as matched.
        """
        return tuple(number for number, clause in enumerate(self.clauses) if not self._holds(clause, marks.matched))

    def weights(self, doc_freq: Callable[[str, Form, str], int], documents: int) -> tuple[float, ...]:
        """How much each leaf tells: the inverse document frequency as in BM25, ln(1 + (N - n + 0.5) / (n + 0.5)).

        A phrase weighs as much as its rarest word, words near each other as their rarest group; a pattern as a word
        that one document in a hundred holds.

        Args:
            doc_freq: how many documents hold a token of a field in a form, such as `Searcher.doc_freq`.
            documents: how many documents there are.
        """

        def frequency(number: int, leaf: Leaf) -> float:
            if number < _MOST_WEIGHED and isinstance(leaf, Term):
                return doc_freq(leaf.field, leaf.form, leaf.token)
            if number < _MOST_WEIGHED and isinstance(leaf, Phrase):
                return min(doc_freq(leaf.field, leaf.form, token) for token in leaf.tokens)
            if number < _MOST_WEIGHED and isinstance(leaf, Near):
                groups = ({token for tokens in group for token in tokens} for group in leaf.groups)
                return min(sum(doc_freq(leaf.field, leaf.form, token) for token in group) for group in groups)
            return documents / 100

        frequencies = [min(frequency(number, leaf), documents) for number, leaf in enumerate(self.leaves)]
        return tuple(math.log(1 + (documents - n + 0.5) / (n + 0.5)) for n in frequencies)

    def _holds(self, part: Query, matched: frozenset[int]) -> bool:
        match part:
            case Term() | Phrase() | Near() | Prefix() | Wildcard() | Regex() | Fuzzy() | Range():
                number = self._numbers.get(part)
                return number is None or number in matched
            case And(clauses):
                return all(self._holds(clause, matched) for clause in clauses)
            case Or(clauses, minimum):
                return sum(self._holds(clause, matched) for clause in clauses) >= minimum
            case AndMaybe(required, _):
                return self._holds(required, matched)
            case Boost(clause, _):
                return self._holds(clause, matched)
            case Not() | Everything():
                return True
            case Nothing():
                return False
            case _:
                assert_never(part)

    def _scan(self, field: str, text: str, language: str, bound: int | None, matched: set[int]) -> list[Mark]:
        if not text:
            return []
        occurrences = self._known.get((field, language)) or self._occurrences(field, language)
        if len(text) <= long_texts.WINDOW:
            return occurrences.scan(text, matched)
        check()
        if bound is None:
            return long_texts.scan(occurrences, text, matched)
        return long_texts.sample(occurrences, text, matched, bound)

    def _occurrences(self, field: str, language: str) -> Occurrences:
        """What finds the leaves that may occur in a field; the same for fields of which the same is asked."""
        wanted = {field, "text"} if field in _TOGETHER else {field}
        leaves = tuple((number, leaf) for number, leaf in enumerate(self.leaves) if leaf.field in wanted)
        analysis = analyzer(language)
        numbers = tuple(number for number, _ in leaves)
        found = self._alike.get((numbers, analysis.language))
        if found is None:
            found = self._alike[numbers, analysis.language] = Occurrences(leaves, analysis)
        self._known[field, language] = found
        return found


def merge(marks: Iterable[Mark]) -> tuple[Span, ...]:
    """Sorted marks as disjoint spans; those that touch become one."""
    spans: list[Span] = []
    for start, end, _ in marks:
        if spans and start <= spans[-1][1]:
            if end > spans[-1][1]:
                spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(spans)


def _is_marked(leaf: Leaf) -> bool:
    """Whether what it asks for stands in texts: no whole values, no days."""
    if isinstance(leaf, Range) and not isinstance(leaf.lower, str) and not isinstance(leaf.upper, str):
        return False
    return leaf.form is not Form.RAW


def _clauses(query: Query) -> tuple[Query, ...]:
    match query:
        case And(clauses) | Or(clauses):
            return clauses
        case Boost(inner, _) | AndMaybe(inner, _):
            return _clauses(inner)
        case _:
            return (query,)


def _values(document: Document, field: str) -> Iterator[tuple[str, str]]:
    """The texts of a field other than title, authors and body, each with its name: that of an extra or of the field."""
    match field:
        case "source":
            yield field, document.source
        case "url":
            yield field, document.url
        case _:
            for name, value in document.extra.items():
                yield from ((name, each) for each in ((value,) if isinstance(value, str) else value))
