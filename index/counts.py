"""What documents have and lack, in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Counts:
    """What there is in a file's documents, or in all documents.

    Attributes:
        documents: how many.
        without_title, without_author, without_date: how many lack it.
        languages: how many were analysed in each language; "" for those without a stemmer.
    """

    documents: int = 0
    without_title: int = 0
    without_author: int = 0
    without_date: int = 0
    languages: Counter[str] = field(default_factory=Counter)
