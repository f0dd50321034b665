"""Search a folder of articles: `from search import search`.

Importing this package costs next to nothing; what a search needs is imported by the first one.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing's own takes a while to import, in which Ctrl-C would not be caught
if TYPE_CHECKING:
    from typing import Any

    from search.api import document, search, suggest
    from search.exploring.completion import Suggestion, Suggestions
    from search.results import Hit, Notice, SearchResults, Snippet

__all__ = [
    "Hit",
    "Notice",
    "SearchResults",
    "Snippet",
    "Suggestion",
    "Suggestions",
    "document",
    "search",
    "suggest",
]


def __getattr__(name: str) -> Any:
    if name in ("document", "search", "suggest"):
        from search import api

        return getattr(api, name)
    if name in ("Hit", "Notice", "SearchResults", "Snippet"):
        from search import results

        return getattr(results, name)
    if name in ("Suggestion", "Suggestions"):
        from search.exploring import completion

        return getattr(completion, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
