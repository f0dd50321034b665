"""When a query finds nothing, or only some of its words: which part of it is to blame."""

from __future__ import annotations

import re

from index.engines.contract import Searcher
from search.lower import Lowered
from search.results import Notice

_YEAR = re.compile(r"(?:19|20)\d\d")
MAX_CLAUSES = 12
"""How many clauses are counted one by one."""


def diagnose(searcher: Searcher, lowered: Lowered, *, complete: int, partial: int) -> tuple[Notice, ...]:
    """Notices that say what emptied the results.

    Args:
        searcher: where the query found little.
        lowered: the query.
        complete: how many documents match all of it.
        partial: how many match only some of its words.
    """
    if searcher.document_count == 0:
        return (Notice("The index holds no articles yet; add some with: byline index PATH"),)
    notices = []
    if partial:
        wanted = _listed([clause.text for clause in lowered.clauses if not clause.is_fixed])
        if complete:
            has = "One article has" if complete == 1 else f"{complete:,} articles have"
            notices.append(Notice(f"{has} all of {wanted}; those with most of them follow"))
        else:
            notices.append(Notice(f"No article has all of {wanted}; these have some of them"))
    if complete:
        return tuple(notices)
    if len(lowered.clauses) > MAX_CLAUSES:
        if not partial:
            parts = len(lowered.clauses)
            notices.append(Notice(f"No article has all {parts} parts of this query; try fewer of them"))
        return tuple(notices)
    counts = [searcher.search(clause.query, limit=0).total for clause in lowered.clauses]
    absent = [clause for clause, count in zip(lowered.clauses, counts, strict=True) if count == 0]
    if words := [clause.text for clause in absent if not clause.is_fixed]:
        year = next((word for word in words if _YEAR.fullmatch(word)), "")
        hint = f"; for articles of that year write date:{year}" if year else ""
        notices.append(Notice(f"{_listed(words)} {'is' if len(words) == 1 else 'are'} in no article{hint}"))
    if filters := [clause.text for clause in absent if clause.is_fixed]:
        notices.append(Notice(f"{_listed(filters)} {'matches' if len(filters) == 1 else 'match'} no article"))
    if not absent and len(counts) > 1 and not partial:
        each = ", ".join(f"{clause.text} in {count:,}" for clause, count in zip(lowered.clauses, counts, strict=True))
        notices.append(Notice(f"Each part of the query is found ({each}), but no article has all of it"))
    return tuple(notices)


def _listed(texts: list[str]) -> str:
    quoted = [f"“{text}”" for text in dict.fromkeys(texts)]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
