"""Every error Byline raises on purpose: one root, each saying what happened, where, and what to do next.

This file imports nothing, so that any module can raise these without a cycle.
"""

from __future__ import annotations

BUILD_AGAIN = "Build it again: byline index --rebuild; or, if files may be gone that it stores: byline rebuild --stored"
"""What to do about a damaged index."""

READ_AGAIN = "Have every file read again: byline index"
"""What to do about a damaged catalog."""


class BylineError(Exception):
    """The root of all errors that Byline raises on purpose.

    Args:
        what: what happened, as a sentence without a full stop.
        where: the file, index or query position it happened at, if there is one.
        remedy: what the person can do next, if anything.
    """

    def __init__(self, what: str, *, where: str | None = None, remedy: str | None = None) -> None:
        super().__init__(what, where, remedy)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}. {self.remedy}" if self.remedy else text


class UsageError(BylineError):
    """An argument or a setting that makes no sense, such as a path that does not exist."""


class ReadError(BylineError):
    """One file cannot be read into documents. A build skips it and reports why."""


class IndexNotFound(BylineError):
    """There is no index where one was looked for."""


class NotAnIndex(BylineError):
    """The folder named as an index holds something else."""


class IndexTooNew(BylineError):
    """The index was written by a later version of Byline than this one."""


class IndexOutdated(BylineError):
    """The index was written with another schema or analysis and has to be rebuilt."""


class IndexDamaged(BylineError):
    """The index's own files are missing, truncated or unreadable."""


class IndexLocked(BylineError):
    """Another process is writing to this index."""


class DocumentNotFound(BylineError):
    """No document in the index has this id, path or URL."""


class QueryError(BylineError):
    """A query beyond a stated bound (length, depth, clauses), so it is not run."""


class UnsupportedQuery(QueryError):
    """The engine declares that it cannot run this kind of query."""
