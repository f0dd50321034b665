"""What documents have and lack, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Counts(NamedTuple):
    """What there is in a file's documents, or in all documents.

    Attributes:
        documents: how many.
        without_title, without_author, without_date: how many lack it.
        doubtful: how many have a title, authors or a date that may well be wrong: see `Document.doubtful`.
        languages: how many were analysed in each language; "" for those without a stemmer.
    """

    documents: int = 0
    without_title: int = 0
    without_author: int = 0
    without_date: int = 0
    doubtful: int = 0
    languages: Mapping[str, int] = MappingProxyType({})
