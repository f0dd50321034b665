"""Why a hit has its score: what each clause of the query contributed, in words, on any engine.

The scores of the query algebra add up (see `index.query`), so what a leaf contributes to the score of a document is
what the leaf alone, times the boosts around it, scores there. One search for each leaf gives that for a page of hits.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from index import query as algebra
from index.analysis.columns import raw_value
from index.analysis.tokens import analyzer
from index.document import Document
from index.engines.contract import Match, Searcher
from index.query import Query
from index.schema import Form
from search.highlighting.matching import Leaf, positive_leaves
from search.lowering.whole_query import Lowered, matching_query
from search.query_language import syntax
from search.query_language.syntax import Node
from search.results import Contribution, Hit
from search.run import Found
from search.tuning import Tuning

MAX_LEAVES = 256
"""How many leaves of a query are looked at one by one; what others contribute is given in one sum."""

_ROUNDING = 1e-4  # of a score, in engines that keep single precision
_WHERE = {
    "text": "",
    "title": " in the title",
    "author": " in an author's name",
    "body": " in the body",
    "extra": " in captions, credits, summaries or tags",
    "source": " in the path",
    "url": " in the address",
    "lang": " as the language",
}


def explained(
    hits: Sequence[Hit], found: Found, searcher: Searcher, tree: Node, lowered: Lowered, tuned: Tuning
) -> tuple[Hit, ...]:
    """Hits with what their scores are made of, the largest part first; the parts add up, within rounding.

    Args:
        hits: the page.
        found: what they were made of.
        searcher: the engine's own, which knows nothing of recency.
        tree: the query, with its synonyms.
        lowered: the same, lowered.
        tuned: what the search went by.
    """
    labels = _Labels(tree, lowered, tuned.languages, found.related_words)
    matches = found.matches.page
    complete = matches[: found.complete_here]
    parts: dict[str, dict[str, float]] = {}
    for query, some in ((found.query, complete), (found.rest, matches[len(complete) :])):
        if query is not None and some:
            parts |= _contributions(searcher, query, some, labels)
    return tuple(replace(hit, explanation=_explanation(hit, parts.get(hit.id, {}), tuned)) for hit in hits)


def _explanation(hit: Hit, parts: dict[str, float], tuned: Tuning) -> tuple[Contribution, ...]:
    factor = tuned.recency.factor(hit.date) if tuned.recency else 1.0
    score = hit.score / factor
    found = [Contribution(*part) for part in sorted(parts.items(), key=lambda part: (-part[1], part[0]))]
    rest = score - sum(parts.values())
    if abs(rest) > _ROUNDING * max(1.0, score):
        found.append(Contribution("other parts of the query", rest))
    if not found:
        return (Contribution("no part of the query gives a score", 0.0),)
    if tuned.recency:
        found.append(Contribution(tuned.recency.describe(hit.date), hit.score - score))
    return tuple(found)


def _contributions(
    searcher: Searcher, query: Query, matches: Sequence[Match], labels: _Labels
) -> dict[str, dict[str, float]]:
    """By id, what each clause of a query adds to the scores of some of its matches, by label."""
    parts = _Parts(searcher, matches)
    parts.add(query, 1.0, {match.id for match in matches}, certain=True)
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for leaf, weight, scores in parts.scores:
        for name, score in scores.items():
            if score:
                found[name][labels.label(leaf, weight)] += score
    return found


class _Labels:
    """What the leaves of a query are called."""

    def __init__(
        self, tree: Node, lowered: Lowered, languages: Sequence[str], related: Sequence[tuple[str, str, float]]
    ) -> None:
        self._related = {stem: weight for stem, _, weight in related}
        self._words = {stem: word for stem, word, _ in related} | dict(_words(tree, languages))
        self._synonyms = dict(_synonyms(tree, languages))
        self._asked = frozenset(positive_leaves(lowered.query))

    def label(self, leaf: Leaf, weight: float) -> str:
        """A leaf and the weight it was asked for with, in words."""
        label = self._describe(leaf)
        if leaf not in self._asked or self._is_related(leaf, weight):
            label = f"related: {label}"
        elif weight < 1 and leaf in self._synonyms:
            label = f"synonym of “{self._synonyms[leaf]}”: {label}"
        return label if weight == 1 or leaf.form is Form.RAW else f"{label} (× {weight:.3g})"

    def _is_related(self, leaf: Leaf, weight: float) -> bool:
        """Whether it is there as one of the related words, be it asked for besides or not."""
        return (
            isinstance(leaf, algebra.Term)
            and leaf.form is Form.STEM
            and leaf.token in self._related
            and math.isclose(weight, self._related[leaf.token])
        )

    def _describe(self, leaf: Leaf) -> str:
        where = _WHERE.get(leaf.field, f" in {leaf.field}")
        match leaf:
            case algebra.Term("title", token, Form.RAW):
                return f"the title is “{token}”"
            case algebra.Term(_, token, Form.STEM):
                return f"“{self._word(token)}” in any form{where}"
            case algebra.Term(_, token, form):
                return f"“{token}”{' as written' if form is Form.WORD else ''}{where}"
            case algebra.Phrase(_, tokens, slop, form):
                apart = f", at most {slop} words between" if slop else " side by side"
                how = ", as written" if form is Form.WORD else ""
                return f"“{' '.join(map(self._word, tokens))}”{apart}{how}{where}"
            case algebra.Near(_, groups, apart):
                both = [" or ".join(f"“{' '.join(map(self._word, words))}”" for words in group) for group in groups]
                return f"{both[0]} near {both[1]}, at most {apart} words between{where}"
            case algebra.Prefix(_, prefix):
                return f"a word that begins with “{prefix}”{where}"
            case algebra.Wildcard(_, pattern):
                return f"a word of the form “{pattern}”{where}"
            case algebra.Regex(_, pattern):
                return f"a word that matches r“{pattern}”{where}"
            case algebra.Fuzzy(_, token):
                return f"a word spelled like “{token}”{where}"
            case algebra.Range():
                return f"a word in a range{where}"
        assert_never(leaf)

    def _word(self, token: str) -> str:
        """A stem as the word that was asked for; else without its language."""
        word, _, language = token.rpartition(".")
        return self._words.get(token) or (word if word and language.isalpha() else token)


class _Parts:
    """The scores of the leaves of a query in some documents."""

    def __init__(self, searcher: Searcher, matches: Sequence[Match]) -> None:
        self._searcher = searcher
        sources = {raw_value(Document.from_stored(match.stored).source) for match in matches}
        self._these = algebra.Or(tuple(algebra.Term("source", source, Form.RAW) for source in sorted(sources)))
        self._most = 2 * len(matches) + 20  # paths that differ only in case are one source here
        self.scores: list[tuple[Leaf, float, Mapping[str, float]]] = []

    def add(self, query: Query, weight: float, among: set[str], *, certain: bool) -> None:
        """Take a part of the query apart.

        Args:
            query: the part.
            weight: of the boosts around it.
            among: the documents whose scores it can add to.
            certain: whether all of those match it.
        """
        if not weight or not among:
            return
        match query:
            case algebra.Range() | algebra.Not() | algebra.Everything() | algebra.Nothing():
                return
            case algebra.And(clauses):
                if not certain:
                    among = among & self._scores(query).keys()
                for clause in clauses:
                    self.add(clause, weight, among, certain=True)
            case algebra.Or(clauses, minimum):
                if not certain and minimum > 1:
                    among = among & self._scores(query).keys()
                for clause in clauses:
                    self.add(clause, weight, among, certain=False)
            case algebra.AndMaybe(required, optional):
                if not certain:
                    among = among & self._scores(required).keys()
                self.add(required, weight, among, certain=True)
                self.add(optional, weight, among, certain=False)
            case algebra.Boost(clause, factor):
                self.add(clause, weight * factor, among, certain=certain)
            case _:
                if len(self.scores) < MAX_LEAVES:
                    found = self._scores(algebra.Boost(query, weight))
                    self.scores.append((query, weight, {name: found[name] for name in among & found.keys()}))

    def _scores(self, query: Query) -> dict[str, float]:
        """The scores of a query in these documents, as far as they match it."""
        here = algebra.And((query, algebra.Boost(self._these, 0.0)))
        return {match.id: match.score for match in self._searcher.search(here, limit=self._most).page}


def _nodes(node: Node) -> Iterator[Node]:
    """A node and all below it, but for what is negated."""
    yield node
    match node:
        case syntax.Conjunction(children) | syntax.Disjunction(children) | syntax.Nearby(children):
            for child in children:
                yield from _nodes(child)
        case syntax.Boosted(child, _):
            yield from _nodes(child)
        case syntax.Preference(required, optional):
            yield from _nodes(required)
            yield from _nodes(optional)


def _words(tree: Node, languages: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The stems of the query's words, each with the word as typed."""
    for node in _nodes(tree):
        if isinstance(node, syntax.Word | syntax.Quoted):
            for language in languages or [""]:
                for token in analyzer(language).tokens(node.text, query=True):
                    yield token.stem, node.text[token.start : token.end]


def _synonyms(tree: Node, languages: Sequence[str]) -> Iterator[tuple[Leaf, str]]:
    """The leaves that synonyms became, each with the words it stands for."""
    for node in _nodes(tree):
        if isinstance(node, syntax.Alternatives):
            for child in node.children[1:]:
                for leaf in positive_leaves(matching_query(child, languages)):
                    yield leaf, syntax.heading(node)
