"""What is said about results as a whole, whatever they are rendered as."""

from __future__ import annotations

from search.render.escape import neutralise
from search.results import Hit, SearchResults, Snippet

_STALE = {"changed": "changed since it was indexed", "gone": "its file is gone"}
_NAMED = 3  # near-duplicates that are named


def summary(results: SearchResults) -> str:
    """How many hits there are and which are shown, as "57 hits, showing 11–20"."""
    in_time = " before time ran out" if results.timed_out else ""
    if not results.total:
        return f"No hits{in_time}"
    count = ("1 hit" if results.total == 1 else f"{results.total:,} hits") + in_time
    if results.partial:
        count += f", {results.complete:,} with all of the words" if results.complete else " with only some of the words"
    shown = len(results)
    if shown == results.total or not results.limit:
        return count
    if not shown:
        after = "none of them after" if results.offset >= results.total else "the rest folded into the first"
        return f"{count}, {after} {results.offset:,}"
    first = results.offset + 1
    last = results.offset + shown
    folded = sum(len(hit.similar) for hit in results)
    more = f" and {folded:,} similar" if folded else ""
    return f"{count}, showing {first:,}" + (f"–{last:,}" if last > first else "") + more


def facts(hit: Hit) -> list[str]:
    """What identifies a hit besides its title and authors: date, score (if the query ranks at all), id."""
    day = [hit.date.isoformat()] if hit.date else []
    score = [f"score {hit.score:.2f}"] if hit.score else []
    return [*day, *score, hit.id]


def similar(hit: Hit) -> str:
    """How many near-duplicates are folded into a hit, and the first: "+2 similar: a.md, b.md (its file is gone)"."""
    first = [(neutralise(each.source), staleness(each.stale)) for each in hit.similar[:_NAMED]]
    named = ", ".join(f"{source} ({stale})" if stale else source for source, stale in first)
    more = f" and {len(hit.similar) - _NAMED:,} more" if len(hit.similar) > _NAMED else ""
    return f"+{len(hit.similar):,} similar: {named}{more}"


def around(snippet: Snippet) -> tuple[str, str]:
    """What stands before and after a passage: an ellipsis where text was left out; first, which extra it matched."""
    named = f"{snippet.field}: " if snippet.spans and snippet.field != "body" else ""
    return f"{named}… " if snippet.before else named, " …" if snippet.after else ""


def staleness(stale: str) -> str:
    """What has become of a file since it was indexed (see `search.stale`), as a phrase; empty if nothing has."""
    return _STALE.get(stale, "")


def title_of(title: str, source: str) -> str:
    """A title to show: where there is none, where the document comes from."""
    return title if title.strip() else source
