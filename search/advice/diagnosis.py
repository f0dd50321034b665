"""What is said where a query finds nothing, or little; `search.advice.doctor` finds it out."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from index.records import record
from search.results import Notice, Span


@record(frozen=True, slots=True)
class ClauseCount:
    """A clause of the query by itself.

    Attributes:
        text: the clause, as in notices.
        position: where it stands in the query, as a span of characters; None if that is not known.
        count: how many articles match it.
    """

    text: str
    position: Span | None
    count: int

    def to_dict(self) -> dict[str, Any]:
        """The clause as JSON types."""
        return {"text": self.text, "position": list(self.position) if self.position else None, "count": self.count}


@record(frozen=True, slots=True)
class Reading:
    """Another query that does find something.

    Attributes:
        query: the query.
        count: how many articles match all of it.
        changes: what is different from the query asked, one sentence each.
        corrects: whether only the spelling is different.
        position: where the first word that is spelled otherwise stands in the query asked; None if there is none.
    """

    query: str
    count: int
    changes: tuple[str, ...]
    corrects: bool
    position: Span | None = None

    def to_dict(self) -> dict[str, Any]:
        """The reading as JSON types."""
        return {
            "query": self.query,
            "count": self.count,
            "changes": list(self.changes),
            "corrects": self.corrects,
            "position": list(self.position) if self.position else None,
        }


@record(frozen=True, slots=True)
class Diagnosis:
    """Why a query finds nothing or little.

    Attributes:
        clauses: what it demands at once, each with the number of articles that match it alone.
        readings: queries that find something, the nearest first.
        notices: the same in words.
    """

    clauses: tuple[ClauseCount, ...] = ()
    readings: tuple[Reading, ...] = ()
    notices: tuple[Notice, ...] = field(default=(), compare=False)

    def to_dict(self) -> dict[str, Any]:
        """The diagnosis as JSON types; its notices stand with the others of the results."""
        return {
            "clauses": [clause.to_dict() for clause in self.clauses],
            "readings": [reading.to_dict() for reading in self.readings],
        }
