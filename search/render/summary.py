"""What is said about results as a whole, whatever they are rendered as."""

from __future__ import annotations

from search.results import Hit, SearchResults


def summary(results: SearchResults) -> str:
    """How many hits there are and which are shown, as "57 hits, showing 11–20"."""
    if not results.total:
        return "No hits"
    count = "1 hit" if results.total == 1 else f"{results.total:,} hits"
    if results.partial:
        count += f", {results.complete:,} with all of the words" if results.complete else " with only some of the words"
    shown = len(results)
    if shown == results.total or not results.limit:
        return count
    if not shown:
        return f"{count}, none of them after {results.offset:,}"
    first = results.offset + 1
    last = results.offset + shown
    return f"{count}, showing {first:,}" + (f"–{last:,}" if last > first else "")


def facts(hit: Hit) -> list[str]:
    """What identifies a hit besides its title and authors: date, score (if the query ranks at all), id."""
    day = [hit.date.isoformat()] if hit.date else []
    score = [f"score {hit.score:.2f}"] if hit.score else []
    return [*day, *score, hit.id]


def title_of(title: str, source: str) -> str:
    """A title to show: where there is none, where the document comes from."""
    return title if title.strip() else source
