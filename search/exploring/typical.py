"""Words that are typical of some articles: frequent in them, rare elsewhere.

With documents d of shares s(d), which add up to 1, a stem t is worth

    worth(t) = idf(t) * sum over d of  s(d) * tf(t, d) * (K1 + 1) / (tf(t, d) + K1 * (1 - B + B * |d| / avg))

as in BM25's document vectors, where tf counts a title TITLE_WEIGHT times, |d| is the number of tokens counted and avg
its mean over these documents. Function words, words that wrap a question, numbers and single characters are never
typical, nor is a stem that only one document has, which could find no other, or that more than COMMON of all have.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from index.analysis.tokens import analyzer
from index.document import Document
from index.engines.bm25 import K1, B, idf
from index.engines.contract import Searcher
from index.schema import Form
from index.settings import TITLE_WEIGHT
from search.query_language.importance import importance

LOOKED_AT_CHARACTERS = 10_000
"""How much of each body, and of each title, is looked at: from its beginning."""

COMMON = 0.2
"""A stem is never typical if a larger share of all documents has it, and more than FEW of them."""

FEW = 10

_CANDIDATES = 300  # stems whose document frequency is asked for


class Typical(NamedTuple):
    """A typical stem: as the index holds it, the form in which the documents mostly write it, and what it is worth."""

    stem: str
    word: str
    worth: float


def typical(searcher: Searcher, documents: Sequence[Document], shares: Sequence[float], most: int) -> list[Typical]:
    """The stems worth most in some documents, at most `most`, in falling order of their worth.

    Args:
        searcher: the index that says how rare a stem is.
        documents: as their words were analysed.
        shares: how much each of them counts; they add up to 1.
        most: how many stems at most.
    """
    counts = [_Words(document) for document in documents]
    average = sum(document.length for document in counts) / len(counts)
    counted: defaultdict[str, float] = defaultdict(float)
    for document, share in zip(counts, shares, strict=True):
        norm = K1 * (1 - B + B * document.length / average) if average else K1
        for stem, count in document.counts.items():
            counted[stem] += share * count * (K1 + 1) / (count + norm)
    worth = {}
    total = searcher.document_count
    for stem in sorted(counted, key=lambda stem: (-counted[stem], stem))[:_CANDIDATES]:
        holding = searcher.doc_freq("text", Form.STEM, stem)
        if 1 < holding <= max(FEW, COMMON * total):
            # Rounded, so that engines which compute scores to the last digit differently choose alike.
            worth[stem] = round(counted[stem] * idf(total, holding), 5)
    chosen = sorted((stem for stem in worth if worth[stem] > 0), key=lambda stem: (-worth[stem], stem))[:most]
    among = frozenset(chosen)
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for document in counts:
        for (stem, form), count in document.written.items():
            if stem in among:
                forms[stem][form] += count
    return [
        Typical(stem, min(forms[stem], key=lambda form: (-forms[stem][form], form)), worth[stem]) for stem in chosen
    ]


class _Words:
    """What a document says, as far as it is looked at.

    Attributes:
        counts: how often it has each stem that may be typical.
        written: how often it has each of their written forms, by stem and form.
        length: how many tokens it has in all.
    """

    def __init__(self, document: Document) -> None:
        self.counts: Counter[str] = Counter()
        self.written: Counter[tuple[str, str]] = Counter()
        self.length = 0
        analysis = analyzer(document.language)
        for text, weight in ((document.title, TITLE_WEIGHT), (document.body, 1)):
            for chunk, times in Counter(_chunks(text)).items():
                for word, stem, start, end in analysis.chunk_tokens(chunk):
                    self.length += weight * times
                    if _tells(word, document.language):
                        self.counts[stem] += weight * times
                        self.written[stem, chunk[start:end]] += weight * times


def _chunks(text: str) -> list[str]:
    chunks = text[:LOOKED_AT_CHARACTERS].split()
    return chunks[:-1] if len(text) > LOOKED_AT_CHARACTERS and len(chunks) > 1 else chunks  # the last may be cut


@lru_cache(maxsize=1 << 16)
def _tells(word: str, language: str) -> bool:
    """Whether a word may say what a document is about."""
    return len(word) > 1 and not any(map(str.isdigit, word)) and importance(word, (language,)) == 1.0
