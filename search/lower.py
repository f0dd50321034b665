"""From the syntax tree to the query algebra: analysis, default fields, and what ranking adds.

A bare word asks the `text` field (title, author and body together) for its stem in every language the index holds; a
quoted phrase, a prefix, a wildcard, a fuzzy word or a regular expression asks title, author and body for words as
written. Filters (dates, languages, paths, negations) choose documents but add nothing to their scores.

Ranking adds up, for a document that matches:

- BM25 of each word's stem over `text`, where the title stands `TITLE_WEIGHT` times, so that one length and one document
  frequency count for all fields together, as in BM25F (Robertson, Zaragoza and Taylor 2004);
- what `search.ranking` adds: words as written, neighbouring words side by side, a title that is just the query.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index import query as algebra
from index.analysis import SNOWBALL, WORD_CHARACTERS, Analyzer, analyzer, fold, is_unsegmented
from index.engines.bounds import most_slop
from index.query import Query
from index.schema import SCHEMA, Form, Kind
from search import ranking, syntax
from search.ranking import Weights
from search.results import Notice
from search.syntax import Node

WRITTEN_FIELDS = ("title", "author", "body")
"""Where phrases, prefixes, wildcards and the like look when no field is named."""

_FILTERS = frozenset(["lang", "source", "url", "date"])
_UNACCENTED = frozenset(["", "en", "id"])  # languages whose stems do not depend on accents
_LANGUAGE_NAMES = {name: code for code, name in SNOWBALL.items()}
_WILDCARD = re.compile(r"[*?]")
_PATTERN_WORD = re.compile(rf"[{WORD_CHARACTERS}*?]+")
_UNMATCHED = re.compile(r"['’ʼ]|\\\W")  # apostrophes join; an escaped character is none that a word could hold


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Lowered:
    """A query ready for an engine.

    Attributes:
        query: what to run: `matching`, and what only ranks.
        matching: what decides which documents match, and so what to mark in them.
        clauses: what `matching` demands at once; one clause when it is no conjunction.
        extras: what only ranks.
        ranks: whether any clause gives scores. If not, the newest documents should come first.
        notices: what was changed to stay within bounds.
    """

    query: Query
    matching: Query
    clauses: tuple[Clause, ...]
    extras: tuple[Query, ...]
    ranks: bool
    notices: tuple[Notice, ...] = ()


def lower(tree: Node, languages: Sequence[str], asked: Node | None = None, weights: Weights | None = None) -> Lowered:
    """Lower a parsed query.

    Args:
        tree: the query.
        languages: the ISO 639-1 codes of the documents that the index holds; "" for languages without a stemmer.
        asked: the query before words were left out of it, to compare with titles; by default `tree`.
        weights: how much what only ranks counts.
    """
    lowering = _Lowering(languages)
    parts = _parts(tree)
    clauses = tuple(
        Clause(syntax.heading(part), lowering.node(part), is_filter(part), is_filter(part) or _names_fields(part))
        for part in parts
    )
    clauses = tuple(clause for clause in clauses if clause.query != algebra.Everything()) or clauses
    queries = [_demanded(clause) for clause in clauses]
    matching = queries[0] if len(queries) == 1 else algebra.And(tuple(queries))
    originals = [word for part in parts for word in _parts(syntax.original(part))]
    extras = (
        *ranking.extras(originals, lowering.analyzers, weights or Weights()),
        *ranking.title_equals(_parts(asked or tree), lowering.analyzers[0]),
    )
    return Lowered(
        query=_ranked(matching, extras),
        matching=matching,
        clauses=clauses,
        extras=extras,
        ranks=any(not clause.is_filter and _scores(clause.query) for clause in clauses),
        notices=tuple(dict.fromkeys(lowering.notices)),
    )


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
    chosen = algebra.Or(tuple(some), len(some) // 2 + 1) if most else _any(some)
    return _ranked(algebra.And((chosen, *fixed)) if fixed else chosen, lowered.extras)


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
        case syntax.Days() | syntax.Negation() | syntax.All() | syntax.Empty():
            return True
        case syntax.Conjunction(children) | syntax.Disjunction(children):
            return all(map(is_filter, children))
        case syntax.Boosted(child):
            return is_filter(child)
        case syntax.Preference(required, _):
            return is_filter(required)
        case _:
            return node.field in _FILTERS


def _names_fields(node: Node) -> bool:
    """Whether every word of a clause belongs to a named field."""
    match node:
        case syntax.Days() | syntax.All() | syntax.Empty():
            return True
        case syntax.Conjunction(children) | syntax.Disjunction(children):
            return all(map(_names_fields, children))
        case syntax.Negation(child) | syntax.Boosted(child):
            return _names_fields(child)
        case syntax.Preference(required, _):
            return _names_fields(required)
        case _:
            return node.field is not None


def _parts(tree: Node) -> tuple[Node, ...]:
    return tree.children if isinstance(tree, syntax.Conjunction) else (tree,)


class _Lowering:
    def __init__(self, languages: Sequence[str]) -> None:
        self.notices: list[Notice] = []
        self.has_accents = not _UNACCENTED.issuperset(languages)
        self.analyzers = [analyzer(language) for language in dict.fromkeys(languages)] or [analyzer("")]

    def node(self, node: Node) -> Query:
        match node:
            case syntax.Word(text, name, exact):
                return self.word(text, name, exact)
            case syntax.Quoted(text, name, slop):
                return self.quoted(text, name, slop)
            case syntax.Pattern(text, name):
                return self.pattern(text, name)
            case syntax.Similar(text, name, distance, prefix_length):
                return self.similar(text, name, distance, prefix_length)
            case syntax.Expression(text, name):
                return _any([algebra.Regex(field, text, form) for field, form in _written(name)])
            case syntax.Days(first, last):
                lower = first.toordinal() if first else None
                return algebra.Range("date", lower, last.toordinal() if last else None, Form.RAW)
            case syntax.Between(lower_word, upper_word, name):
                bounds = (fold(lower_word) if lower_word else None, fold(upper_word) if upper_word else None)
                return _any([algebra.Range(field, *bounds, form) for field, form in _written(name)])
            case syntax.All():
                return algebra.Everything()
            case syntax.Empty():
                return algebra.Nothing()
            case syntax.Conjunction(children):
                return algebra.And(tuple(map(self.node, children)))
            case syntax.Alternatives((first, *others), weights):
                weighted = [algebra.Boost(self.node(each), w) for each, w in zip(others, weights, strict=True)]
                return algebra.Or((self.node(first), *weighted))
            case syntax.Disjunction(children):
                return algebra.Or(tuple(map(self.node, children)))
            case syntax.Negation(child):
                return algebra.Not(self.node(child))
            case syntax.Preference(required, optional):
                return algebra.AndMaybe(self.node(required), self.node(optional))
            case syntax.Boosted(child, weight):
                return algebra.Boost(self.node(child), weight)

    def word(self, text: str, name: str | None, exact: bool) -> Query:
        if name == "lang":
            return algebra.Term("lang", _LANGUAGE_NAMES.get(text.casefold(), text.casefold()), Form.RAW)
        field = name or "text"
        if exact or Form.STEM not in SCHEMA.by_name[field].indexed_forms():
            return self.quoted(text, name, 0)
        asked = list(dict.fromkeys(_stems(each, text, field) for each in self.analyzers))
        if self.has_accents and isinstance(asked[0], algebra.Term):
            # Stemmers go by accents, which people leave out; as written, accents are folded on both sides.
            asked.append(algebra.Boost(self.quoted(text, name, 0), 0.0))
        found = _any(asked)
        if name is None and "://" in text:  # an address: rather the article's own than one it mentions
            return algebra.Or((found, self.quoted(text, "url", 0)))
        return found

    def quoted(self, text: str, name: str | None, slop: int) -> Query:
        if name == "lang":
            return algebra.Term("lang", text.casefold(), Form.RAW)
        words = tuple(token.word for token in self.analyzers[0].tokens(text, query=True))
        if not words:
            return algebra.Nothing()
        if len(words) == 1 and _is_single_character(words[0]):
            return _any([algebra.Prefix(field, words[0], form) for field, form in _written(name)])
        if len(words) == 1:
            return _any([algebra.Term(field, words[0], form) for field, form in _written(name)])
        if slop > (most := most_slop(len(words))):
            self.notices.append(Notice(f"Words of “{text}” may stand at most {most} apart in all; read as ~{most}"))
            slop = most
        return _any([algebra.Phrase(field, words, slop, form) for field, form in _written(name)])

    def pattern(self, text: str, name: str | None) -> Query:
        if name in ("source", "url", "lang"):
            pattern = re.sub(r"\*+", "*", text.casefold())
            whole: list[Query] = [algebra.Wildcard(name, pattern, Form.RAW)]
            if name == "source" and not pattern.startswith(("*", "/")):
                whole.append(algebra.Wildcard(name, f"*/{pattern}", Form.RAW))
            return _any(whole)
        text = text.replace(".*", "*")  # as in a regular expression
        bare = _UNMATCHED.sub(lambda found: " " if found[0][0] == "\\" else "", text).replace("_", " ")
        parts = [part for part in map(_folded_pattern, _PATTERN_WORD.findall(bare)) if part]
        parts = [part for part in parts if part.strip("*")] or parts[:1]  # a star by itself says nothing
        return _all([self._one_pattern(part, name) for part in parts])

    def _one_pattern(self, pattern: str, name: str | None) -> Query:
        if not _WILDCARD.search(pattern):
            return self.word(pattern, name, exact=True)
        if pattern.endswith("*") and not _WILDCARD.search(pattern[:-1]):
            return _any([algebra.Prefix(field, pattern[:-1], form) for field, form in _written(name)])
        return _any([algebra.Wildcard(field, pattern, form) for field, form in _written(name)])

    def similar(self, text: str, name: str | None, distance: int, prefix_length: int) -> Query:
        words = [token.word for token in self.analyzers[0].tokens(text, query=True)]
        return _all(
            [
                _any([algebra.Fuzzy(field, word, distance, prefix_length, form) for field, form in _written(name)])
                for word in words
            ]
        )


def _stems(analysis: Analyzer, text: str, field: str) -> Query:
    """A word's stem in one language: a phrase when it analyses to several, pairs when it is unsegmented text."""
    tokens = analysis.tokens(text, query=True)
    if not tokens:
        return algebra.Nothing()
    if len(tokens) == 1 and _is_single_character(tokens[0].word):
        return _any([algebra.Prefix(name, tokens[0].word, form) for name, form in _written(field)])
    if not any(is_unsegmented(token.word) for token in tokens):
        return _in_a_row(field, [token.stem for token in tokens])
    found: list[Query] = []
    for unsegmented, group in itertools.groupby(tokens, lambda token: is_unsegmented(token.word)):
        run = list(group)
        if unsegmented:  # each pair of characters by itself; the last character of a run belongs to a pair already
            pairs = [run[0], *(now for before, now in itertools.pairwise(run) if now.end > before.end)]
            found += [algebra.Term(field, token.stem, Form.STEM) for token in pairs]
        else:
            found.append(_in_a_row(field, [token.stem for token in run]))
    return _all(found)


def _in_a_row(field: str, stems: Sequence[str]) -> Query:
    if len(stems) == 1:
        return algebra.Term(field, stems[0], Form.STEM)
    return algebra.Phrase(field, tuple(stems), 0, Form.STEM)


def _is_single_character(word: str) -> bool:
    """Whether it is one character of an unsegmented script, which only pairs that begin with it can find."""
    return len(word) == 1 and is_unsegmented(word)


def _written(name: str | None) -> list[tuple[str, Form]]:
    """The fields, and the form of each, in which words as written are kept."""
    fields = WRITTEN_FIELDS if name in (None, "text") else (name or "",)
    return [(field, Form.RAW if SCHEMA.by_name[field].kind is Kind.KEYWORD else Form.WORD) for field in fields]


def _folded_pattern(text: str) -> str:
    return "".join(piece if _WILDCARD.match(piece) else fold(piece) for piece in re.split(r"([*?])", text))


def _any(queries: Sequence[Query]) -> Query:
    """Any of these: the queries themselves where there is one, nothing where there is none."""
    if len(queries) == 1:
        return queries[0]
    return algebra.Or(tuple(queries)) if queries else algebra.Nothing()


def _all(queries: Sequence[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return algebra.And(tuple(queries)) if queries else algebra.Nothing()


def _scores(query: Query) -> bool:
    """Whether documents that match can score above 0."""
    match query:
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
