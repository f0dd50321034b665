"""More like this: the articles that share most of what is typical of one.

The words that are worth most in the article (see `search.exploring.typical`) are asked for together, each with a weight
in proportion to its worth, as in Lucene's MoreLikeThis; an article must have a share of them to be found at all.
"""

from __future__ import annotations

import math
from dataclasses import replace

from index import query as algebra
from index.analysis.columns import raw_value
from index.document import Document
from index.engines.contract import Searcher
from index.schema import Form
from search.exploring.typical import typical
from search.lowering.whole_query import Clause, Lowered
from search.results import Notice

MOST_WORDS = 25
"""How many typical words are asked for."""

LEAST_SHARE = 0.3
"""The share of them that an article must have to be found."""

_NAMED = 8  # words that the notice names


def more_like(searcher: Searcher, document: Document, lowered: Lowered, *, is_alone: bool) -> Lowered:
    """A query for the articles that are like one, the article itself left out.

    Args:
        searcher: the index.
        document: the article, as its words were analysed.
        lowered: what they must match besides.
        is_alone: whether that holds no words, so that likeness alone gives scores.
    """
    words = typical(searcher, [document], [1.0], MOST_WORDS)
    title = document.title.strip() or document.source
    if not words:
        notice = Notice(f"“{title}” has no words that are typical of it alone, so nothing can be said to be like it")
        return Lowered(algebra.Nothing(), algebra.Nothing(), (), (), ranks=False, notices=(notice,))
    terms = tuple(
        algebra.Boost(algebra.Term("text", each.stem, Form.STEM), round(each.worth / words[0].worth, 5))
        for each in words
    )
    others = algebra.Not(algebra.Term("source", raw_value(document.source), Form.RAW))
    wanted = algebra.And((algebra.Or(terms, math.ceil(LEAST_SHARE * len(terms))), others))
    listed = ", ".join(f"“{each.word}”" for each in words[:_NAMED])
    more = f" and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
    notice = Notice(f"Like “{title}”, by its typical words: {listed}{more}")
    clause = Clause(f"like {document.id}", wanted, is_filter=False, is_fixed=True)
    return replace(
        lowered,
        query=algebra.And((lowered.query, wanted)),
        matching=algebra.And((lowered.matching, wanted)),
        clauses=(clause,) if is_alone and not lowered.clauses else (*lowered.clauses, clause),
        ranks=True,
        marked=algebra.Or(terms) if is_alone else lowered.marked,
        notices=(*lowered.notices, notice),
    )
