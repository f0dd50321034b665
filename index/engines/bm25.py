"""BM25 as tantivy computes it, so that every engine gives the same scores.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with Lucene's idf, which is
never negative, and document lengths rounded down to 256 steps, as tantivy and Lucene store them.
"""

from __future__ import annotations

import math
from bisect import bisect_right

K1 = 1.2
B = 0.75


def idf(documents: int, holding: int) -> float:
    """The weight of a token that `holding` of `documents` documents hold."""
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


def score(weight: float, frequency: int, length: int, average_length: float) -> float:
    """The score of a token, or of a phrase, in a document.

    Args:
        weight: its idf, or the sum of its tokens' idf.
        frequency: how often it occurs in the document.
        length: tokens of the column in the document.
        average_length: the same over all documents.
    """
    norm = K1 * (1 - B + B * rounded_length(length) / average_length)
    return weight * (K1 + 1) * frequency / (frequency + norm)


def _steps() -> list[int]:
    """Lengths that are told apart: up to 40 all of them, then ever wider steps, eight to each doubling."""
    steps = list(range(24))
    for code in range(256 - 24):
        bits, shift = code & 7, code >> 3
        steps.append(24 + (code if shift == 0 else (bits | 8) << (shift - 1)))
    return steps


_STEPS = _steps()


def rounded_length(length: int) -> int:
    """The largest step that is not longer."""
    return _STEPS[bisect_right(_STEPS, length) - 1]
