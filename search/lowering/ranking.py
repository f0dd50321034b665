"""What only ranks: clauses that add to the scores of documents that match anyway.

For a document that matches, the words of the query add, besides the BM25 of their stems (see
`search.lowering.whole_query`):

- `Weights.exact` times BM25 of each word as written, in the title and in the body;
- `Weights.pair` times BM25 of each pair of neighbouring words that also stand side by side in the document;
- TITLE_EQUALS_WEIGHT for each word, if the title is just the query: that article always comes first.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from index import query as algebra
from index.analysis.tokens import Analyzer, is_unsegmented
from index.engines.contract import Searcher
from index.query import Query
from index.records import record
from index.schema import Form
from search.query_language import syntax
from search.query_language.syntax import Node, is_bare_word

EXACT_WEIGHT = 0.2
"""What a word adds that stands in a title or a body as written, as a share of its own BM25 score there."""

PAIR_WEIGHT = 0.2
"""What a pair of neighbouring words adds, as a share of its own BM25 score."""

TITLE_EQUALS_WEIGHT = 5.0
"""For each word of the query. More than a word can score: BM25 stays below 2.2 times the inverse document frequency,
which is highest for something as rare as a whole title; what this module adds stays below as much again."""

MAX_EXACT = 16
"""Words beyond these are not looked for as written, which would only cost time."""

MOST_OF_BOTH = 25_000
"""Articles: of two neighbouring words that each stand in more, the pair is not looked for. To go through the places of
both takes more time than everything else, and in so many articles they tell little."""

MAX_PAIRS = 8
"""Pairs beyond these cost time and gain nothing (measured on collections with long queries)."""


@record(frozen=True, slots=True)
class Weights:
    """How much each kind of clause counts, as a share of its own BM25 score; 0 leaves it out."""

    exact: float = EXACT_WEIGHT
    pair: float = PAIR_WEIGHT


def extras(parts: Sequence[Node], analyzers: Sequence[Analyzer], weights: Weights) -> tuple[Query, ...]:
    """The words as written, and pairs of neighbouring words.

    Args:
        parts: what the query demands at once, in order.
        analyzers: one for each language of the index.
        weights: how much each counts.
    """
    found: list[Query] = []
    if weights.exact:
        exact = [query for part in parts if is_bare_word(part) for query in _as_written(part.text, analyzers[0])]
        found += [algebra.Boost(query, weights.exact) for query in exact[: 2 * MAX_EXACT]]
    if weights.pair:
        found += [algebra.Boost(query, weights.pair) for query in _pairs(parts, analyzers)]
    return tuple(found)


def without_common_pairs(extras: Sequence[Query], searcher: Searcher) -> tuple[Query, ...]:
    """What only ranks, without the pairs of which both words stand in more than MOST_OF_BOTH articles."""
    return tuple(extra for extra in extras if not _is_common_pair(extra, searcher))


def _is_common_pair(extra: Query, searcher: Searcher) -> bool:
    if not (isinstance(extra, algebra.Boost) and isinstance(extra.clause, algebra.Phrase)):
        return False
    pair = extra.clause
    return min(searcher.doc_freqs(pair.field, pair.form, pair.tokens)) > MOST_OF_BOTH


def title_equals(parts: Sequence[Node], analysis: Analyzer) -> tuple[Query, ...]:
    """A title of just the words of the query, if it has nothing but words."""
    texts = [part.text for part in parts if isinstance(part, (syntax.Word, syntax.Quoted)) and part.field is None]
    if len(texts) < len(parts):
        return ()
    words = " ".join(filter(None, map(analysis.words, texts)))
    if not words:
        return ()
    return (algebra.Boost(algebra.Term("title", words, Form.RAW), TITLE_EQUALS_WEIGHT * len(words.split())),)


def _as_written(text: str, analysis: Analyzer) -> list[Query]:
    tokens = analysis.tokens(text, query=True)
    if len(tokens) != 1 or is_unsegmented(tokens[0].word):
        return []
    return [algebra.Term(field, tokens[0].word, Form.WORD) for field in ("title", "body")]


def _pairs(parts: Sequence[Node], analyzers: Sequence[Analyzer]) -> list[Query]:
    """Phrases of two words that stand next to each other among the clauses."""
    if len(parts) < 2:
        return []
    found: list[Query] = []
    for first, second in itertools.pairwise([_stems(part, analyzers) for part in parts]):
        for before, after in zip(first, second, strict=False):  # in each language; none of what is no word
            stems = before + after
            if len(stems) == 2 and not is_unsegmented(stems[0][0]):
                found.append(algebra.Phrase("text", (stems[0], stems[1]), 0, Form.STEM))
    return list(dict.fromkeys(found))[: MAX_PAIRS * len(analyzers)]


def _stems(part: Node, analyzers: Sequence[Analyzer]) -> list[list[str]]:
    """The stems of a plain word in each language; nothing for what is none."""
    if not is_bare_word(part):
        return []
    return [[token.stem for token in each.tokens(part.text, query=True)] for each in analyzers]
