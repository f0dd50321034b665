"""A spot check of what searches go by: whether documents are found by words that they have.

The files that hold words have checksums, which tell what changed after it was written. This tells whether it was right
then, for some of the documents: they are analysed again, and the words looked up.
"""

from __future__ import annotations

from itertools import islice

from index.analysis.columns import analyse
from index.document import Document
from index.engines.contract import GAP, Searcher
from index.query import Term
from index.schema import Form, column_name
from index.settings import IndexSettings

SAMPLED = 200
"""How many documents of an index are checked, evenly spread over their ids."""

_MOST_WORDS = 2_000  # of a document and a form, the first
_LOOKED_UP = 3  # words of a document and a form, the rarest
_MOST_DOCUMENTS = 100  # that a word may stand in for all of them to be listed
_FORMS = (("text", Form.STEM), ("title", Form.WORD), ("body", Form.WORD))


def is_sampled(number: int, total: int) -> bool:
    """Whether the document of this number, counted from 1, is one to check, of so many."""
    return (number - 1) % max(1, -(-total // SAMPLED)) == 0


def missing_word(searcher: Searcher, document: Document, settings: IndexSettings) -> str:
    """A word of the document that the engine does not know, or by which it does not find it; empty if there is none."""
    columns = analyse(document, settings=settings).columns
    for field, form in _FORMS:
        values = columns.get(column_name(field, form), ())
        texts = values if isinstance(values, (list, tuple)) else ()
        every = dict.fromkeys(word for text in texts for word in text.split(" ") if word not in ("", GAP))
        words = list(islice(every, _MOST_WORDS))
        frequencies = searcher.doc_freqs(field, form, words)
        for word, frequency in zip(words, frequencies, strict=True):
            if not frequency:
                return word
        rarest = sorted(zip(frequencies, words, strict=True))[:_LOOKED_UP]
        for frequency, word in rarest:
            found = frequency <= _MOST_DOCUMENTS and searcher.search(Term(field, word, form), limit=_MOST_DOCUMENTS)
            if found and all(match.id != document.id for match in found.page):
                return word
    return ""
