"""What `byline verify` finds: the kinds of findings, how bad each is, and what to do about it."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from index.console import printable
from index.errors import READ_AGAIN

MAX_LISTED = 10_000
"""How many findings of a kind are named; all are counted."""

SHOWN = 20
"""How many of a kind are printed unless all are asked for."""


class Severity(enum.StrEnum):
    """How bad a finding is."""

    DIFFERENCE = "difference"  # the next `byline index` mends it
    DAMAGE = "damage"  # something is lost or not as it was written


class Kind(enum.StrEnum):
    """What may be found, worst first."""

    DAMAGED_FILE = "damaged_file"
    DAMAGED_CATALOG = "damaged_catalog"
    DAMAGED_SEARCH = "damaged_search"
    DAMAGED_DOCUMENT = "damaged_document"
    LOST_DOCUMENT = "lost_document"
    STRAY_DOCUMENT = "stray_document"
    DOUBLE_DOCUMENT = "double_document"
    LOST_WORD = "lost_word"
    ROTTEN = "rotten"
    UNFINISHED = "unfinished"
    LEFTOVER = "leftover"
    FOREIGN_ROOT = "foreign_root"
    ROOT_GONE = "root_gone"
    ROOT_EMPTY = "root_empty"
    GONE = "gone"
    CHANGED = "changed"
    NEW = "new"
    UNREADABLE = "unreadable"
    BUSY = "busy"

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return Severity.DAMAGE if self in _DAMAGE else Severity.DIFFERENCE

    def headline(self, count: int) -> str:
        """So many of them, in words."""
        one, many, _ = _WORDS[self]
        return one if count == 1 else many.format(f"{count:,}")


_DAMAGE = frozenset(
    (
        Kind.DAMAGED_FILE,
        Kind.DAMAGED_CATALOG,
        Kind.DAMAGED_SEARCH,
        Kind.DAMAGED_DOCUMENT,
        Kind.LOST_DOCUMENT,
        Kind.STRAY_DOCUMENT,
        Kind.DOUBLE_DOCUMENT,
        Kind.LOST_WORD,
        Kind.ROTTEN,
    )
)
_REBUILD = "Make the index anew from the files: byline rebuild"
_REBUILD_STORED = "Make the index anew, and keep what it stores of files that are gone: byline rebuild --stored"
_UPDATE = "Bring the index up to date: byline index"
_WORDS = {
    Kind.DAMAGED_FILE: ("1 file of the index is damaged", "{} files of the index are damaged", _REBUILD),
    Kind.DAMAGED_CATALOG: (
        "The catalog of files is damaged",
        "The catalog of files is damaged",
        READ_AGAIN,
    ),
    Kind.DAMAGED_SEARCH: (
        "1 saved search is damaged",
        "{} saved searches are damaged",
        "Save it again: byline search QUERY --save NAME",
    ),
    Kind.DAMAGED_DOCUMENT: (
        "1 document in the index is not as it was written",
        "{} documents in the index are not as they were written",
        _REBUILD,
    ),
    Kind.LOST_DOCUMENT: (
        "1 document should be in the index and is not",
        "{} documents should be in the index and are not",
        _REBUILD,
    ),
    Kind.STRAY_DOCUMENT: (
        "1 document is in the index that no file has",
        "{} documents are in the index that no file has",
        _REBUILD,
    ),
    Kind.DOUBLE_DOCUMENT: (
        "1 document is in the index more than once",
        "{} documents are in the index more than once",
        _REBUILD,
    ),
    Kind.LOST_WORD: (
        "1 document of those tried is not found by a word that it has",
        "{} documents of those tried are not found by a word that they have",
        _REBUILD,
    ),
    Kind.ROTTEN: (
        "1 file has another content than was indexed, although its size and time are the same",
        "{} files have another content than was indexed, although their sizes and times are the same",
        "A disk may be failing: compare with a backup. If it is right as it is: byline index --check",
    ),
    Kind.UNFINISHED: (
        "1 file is in doubt: a build was killed, or is at work now",
        "{} files are in doubt: a build was killed, or is at work now",
        _UPDATE,
    ),
    Kind.LEFTOVER: (
        "1 folder of the index is left over from a build that was killed, or one is at work now",
        "{} folders of the index are left over from builds that were killed, or one is at work now",
        "What is left over is removed by: byline index",
    ),
    Kind.FOREIGN_ROOT: (
        "1 folder or file outside of the index's folder was not looked at, as you have not indexed it before",
        "{} folders or files outside of the index's folder were not looked at, as you have not indexed them before",
        "If it is yours, name it: byline index PATH. If not: byline index --forget PATH",
    ),
    Kind.ROOT_GONE: (
        "1 folder or file that is indexed is not there",
        "{} folders or files that are indexed are not there",
        "Bring it back; or, if it is gone for good: byline index --forget PATH",
    ),
    Kind.ROOT_EMPTY: (
        "1 folder that is indexed is empty now",
        "{} folders that are indexed are empty now",
        "Bring its files back; or, if they are gone for good: byline index --forget PATH",
    ),
    Kind.GONE: ("1 file is gone", "{} files are gone", _UPDATE),
    Kind.CHANGED: ("1 file has changed", "{} files have changed", _UPDATE),
    Kind.NEW: ("1 file is new", "{} files are new", _UPDATE),
    Kind.UNREADABLE: (
        "1 file or folder cannot be read now",
        "{} files or folders cannot be read now",
        "Its articles stay in the index; check its permissions",
    ),
    Kind.BUSY: ("The index changed all the while", "The index changed all the while", "Wait, and verify it again"),
}


_REBUILT = frozenset(kind for kind in Kind if _WORDS[kind][2] is _REBUILD)
_MISSING = frozenset((Kind.GONE, Kind.ROOT_GONE, Kind.ROOT_EMPTY, Kind.FOREIGN_ROOT, Kind.UNREADABLE))


class Finding(NamedTuple):
    """One thing that is not as it should be: where, and a phrase about it that may be empty."""

    kind: Kind
    where: str
    what: str = ""


@dataclass(slots=True)
class Verification:
    """What was looked at, and what was found.

    Attributes:
        documents: how many documents of the index were read.
        files: how many files on disk, of which there are documents, were compared.
        contents: whether their contents were.
        findings: by kind, the first 10,000 each.
        counts: how many there are of each kind in all.
    """

    documents: int = 0
    files: int = 0
    contents: bool = True
    findings: dict[Kind, list[Finding]] = field(default_factory=dict)
    counts: Counter[Kind] = field(default_factory=Counter)

    def add(self, finding: Finding) -> None:
        """Take down what was found."""
        self.counts[finding.kind] += 1
        listed = self.findings.setdefault(finding.kind, [])
        if len(listed) < MAX_LISTED:
            listed.append(finding)

    @property
    def severity(self) -> Severity | None:
        """Of the worst that was found; None when nothing was."""
        found = {kind.severity for kind in self.counts}
        return Severity.DAMAGE if Severity.DAMAGE in found else Severity.DIFFERENCE if found else None

    def remedy(self, kind: Kind) -> str:
        """What to do about findings of a kind, so that nothing is lost that the index alone has."""
        remedy = _WORDS[kind][2]
        is_missing = not _MISSING.isdisjoint(self.counts)
        if (
            (remedy is _REBUILD and (is_missing or Kind.DAMAGED_CATALOG in self.counts))
            or (kind is Kind.DAMAGED_CATALOG and is_missing)
            or (kind is Kind.GONE and not _REBUILT.isdisjoint(self.counts))
        ):
            return _REBUILD_STORED
        return remedy

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON types."""
        return {
            "result": self.severity or "clean",
            "documents": self.documents,
            "files": self.files,
            "contents": self.contents,
            "findings": [
                {
                    "kind": kind,
                    "severity": kind.severity,
                    "count": self.counts[kind],
                    "remedy": self.remedy(kind),
                    "listed": [{"where": each.where, "what": each.what} for each in self.findings[kind]],
                }
                for kind in Kind
                if kind in self.counts
            ],
        }


def verification_text(result: Verification, *, verbose: bool = False) -> str:
    """The same for a person."""
    how = "" if result.contents else ", by size and time alone"
    lines = [f"Compared {_count(result.documents, 'document')} and {_count(result.files, 'file')}{how}"]
    for kind in Kind:
        if kind in result.counts:
            lines += [
                f"{kind.headline(result.counts[kind])}:",
                *_listed(result.findings[kind], result.counts[kind], verbose),
            ]
            lines.append(f"  {result.remedy(kind)}")
    if not result.counts:
        lines.append("Nothing is wrong")
    return "\n".join(lines)


def _listed(findings: Sequence[Finding], count: int, verbose: bool) -> list[str]:
    shown = findings if verbose else findings[:SHOWN]
    lines = [f"  {printable(each.where)}" + (f": {printable(each.what)}" if each.what else "") for each in shown]
    if count > len(shown):
        lines.append(f"  and {count - len(shown):,} more" + ("" if verbose else ", listed with --verbose"))
    return lines


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
