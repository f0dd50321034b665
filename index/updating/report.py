"""What a build says while it runs and when it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import field
from enum import StrEnum
from typing import Any, NamedTuple

from index.catalog.counts import Counts
from index.catalog.remarks import Remarks
from index.files.ignore import IGNORED
from index.files.walk import SkippedFile, is_passed_over
from index.records import record

MAX_SKIPPED_LISTED = 10_000
"""How many skipped files a report names; it counts them all."""

MAX_CHANGES_LISTED = 10_000
"""How many files a report names with what became of them; it counts them all."""


ASKED_FOR = "it was asked for"
"""Why everything was read again, when that is all there is to say."""


class Happened(StrEnum):
    """What became of an article file since the last build."""

    NEW = "new"
    CHANGED = "changed"
    MOVED = "moved"  # gone from one place and new at another, with the same content
    READABLE = "readable"  # nothing could be read of it before
    REREAD = "reread"  # itself unchanged, but it would be read in another way now, or a crash left it in doubt
    REMOVED = "removed"  # gone
    EXCLUDED = "excluded"  # still there, but not to be indexed any more: ignored, forgotten, of no root


class Change(NamedTuple):
    """What became of one file.

    Attributes:
        source: its name in the index.
        what: what became of it.
        was: the name of a moved file before; else empty.
    """

    source: str
    what: Happened
    was: str = ""

    def to_dict(self) -> dict[str, str]:
        """The change as JSON types."""
        values = {"source": self.source, "what": self.what.value}
        return values | {"was": self.was} if self.was else values


class Progress(NamedTuple):
    """How far a build has come.

    Attributes:
        phase: what it is doing, as a phrase to show: "looking for files", "reading", "saving", …
        done: how many files of this phase are done (documents while moving to another engine).
        total: how many there are, if that is known.
    """

    phase: str
    done: int
    total: int | None = None


@record(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did, and what the index holds now.

    Attributes:
        indexed: documents added or replaced.
        files_indexed: files they came from.
        files_read: files opened, also those whose content had not changed or could not be read.
        unchanged: files left as they were.
        removed: files that were taken out of the index, as they are gone or are not to be indexed any more; not those
            that were moved.
        excluded: of these, those that are still there.
        skipped: files that could not be read, or are no articles, and why; the first 10,000.
        skipped_files: how many those are in all.
        problems: parts of files that could not be read while the rest was, or are too long to be searched, and why;
            the first 10,000.
        documents: in the index now.
        without_title, without_author, without_date: of the documents in the index now.
        doubtful: likewise, documents of which a title, authors or a date were found that may well be wrong.
        engine: the engine that holds it now.
        engine_changed_from: the engine that held it before, if another.
        generation: which generation counts now.
        rebuilt_because: why everything was read again into a new generation; empty if it was not.
        reread_because: which settings or readers changed, so that files were read again in place; empty if none did.
        passed_over: of the skipped files, those that are no articles: of other formats, links, folders of an index; and
            those that are ignored.
        ignored: of these, files and whole folders that a `.gitignore` or `.bylineignore` says to ignore.
        new, changed, moved, readable, reread: of the files that documents came from, how many were what: `Happened`.
        changes: what became of each of these files and of those removed; the first 10,000.
        unnoticed: of the changed files, those whose size and times do not show it, which only checking finds.
        unnoticed_files: which these are; the first 10,000.
        left: after Ctrl-C, how many files were still to be looked at.
        dry_run: whether all this is only what would be done, and nothing was.
        seconds: how long it took.
        documents_per_second: documents added by seconds.
        interrupted: whether Ctrl-C ended it early. What was whole by then is kept.
        forgotten: files and folders that were named to be indexed and are not any more: as that was asked for, since
            others were named for a rebuild, or as they are gone and were single files or held nothing.
        lost: documents that it could not take over, since the index was damaged there.
        kept: documents that a rebuild took over as they were stored, since their files are gone or cannot be read.
        discarded: whether what was interrupted was a rebuild, of which nothing is kept: the index is as it was.
    """

    indexed: int
    files_indexed: int
    files_read: int
    unchanged: int
    removed: int
    skipped: tuple[SkippedFile, ...]
    skipped_files: int
    problems: tuple[SkippedFile, ...]
    documents: int
    without_title: int
    without_author: int
    without_date: int
    doubtful: int
    engine: str
    engine_changed_from: str
    generation: int
    rebuilt_because: str
    seconds: float
    documents_per_second: float
    interrupted: bool
    forgotten: tuple[str, ...] = ()
    discarded: bool = False
    kept: int = 0
    lost: int = 0
    reread_because: str = ""
    passed_over: int = 0
    ignored: int = 0
    new: int = 0
    changed: int = 0
    moved: int = 0
    readable: int = 0
    reread: int = 0
    changes: tuple[Change, ...] = ()
    unnoticed: int = 0
    unnoticed_files: tuple[str, ...] = ()
    excluded: int = 0
    left: int = 0
    dry_run: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON types."""
        return {
            "indexed": self.indexed,
            "files_indexed": self.files_indexed,
            "files_read": self.files_read,
            "unchanged": self.unchanged,
            "new": self.new,
            "changed": self.changed,
            "unnoticed": self.unnoticed,
            "unnoticed_files": list(self.unnoticed_files),
            "moved": self.moved,
            "readable": self.readable,
            "reread": self.reread,
            "removed": self.removed,
            "excluded": self.excluded,
            "skipped": _listed(self.skipped),
            "skipped_files": self.skipped_files,
            "passed_over": self.passed_over,
            "ignored": self.ignored,
            "problems": _listed(self.problems),
            "documents": self.documents,
            "without_title": self.without_title,
            "without_author": self.without_author,
            "without_date": self.without_date,
            "doubtful": self.doubtful,
            "engine": self.engine,
            "engine_changed_from": self.engine_changed_from,
            "generation": self.generation,
            "rebuilt_because": self.rebuilt_because,
            "reread_because": self.reread_because,
            "seconds": round(self.seconds, 3),
            "documents_per_second": round(self.documents_per_second, 1),
            "interrupted": self.interrupted,
            "left": self.left,
            "forgotten": list(self.forgotten),
            "kept": self.kept,
            "lost": self.lost,
            "discarded": self.discarded,
            "dry_run": self.dry_run,
            "changes": [change.to_dict() for change in self.changes],
        }


def _listed(files: Iterable[SkippedFile]) -> list[dict[str, str]]:
    return [{"source": file.source, "reason": file.reason} for file in files]


@record(slots=True)
class Tally:
    """A report in the making: see `BuildReport` for the names."""

    indexed: int = 0
    files_indexed: int = 0
    files_read: int = 0
    skipped: list[SkippedFile] = field(default_factory=list)
    skipped_files: int = 0
    problems: list[SkippedFile] = field(default_factory=list)
    unchanged: int = 0
    engine_changed_from: str = ""
    rebuilt_because: str = ""
    interrupted: bool = False
    forgotten: tuple[str, ...] = ()
    discarded: bool = False
    kept: int = 0
    lost: int = 0
    reread_because: str = ""
    passed_over: int = 0
    ignored: int = 0
    happened: Counter[Happened] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)
    unnoticed: int = 0
    unnoticed_files: list[str] = field(default_factory=list)
    left: int = 0
    dry_run: bool = False

    def discard(self) -> None:
        """Take back what was counted: a rebuild was interrupted, and nothing of it is kept."""
        self.indexed = self.files_indexed = self.unchanged = self.unnoticed = self.left = 0
        self.unnoticed_files.clear()
        self.happened.clear()
        self.changes.clear()
        self.rebuilt_because, self.forgotten = "", ()
        self.discarded = True

    def skip(self, source: str, reason: str) -> None:
        """Count a file that is not in the index."""
        self.skipped_files += 1
        self.passed_over += is_passed_over(reason)
        self.ignored += reason.startswith(IGNORED)
        if len(self.skipped) < MAX_SKIPPED_LISTED:
            self.skipped.append(SkippedFile(source, reason))

    def change(self, source: str, what: Happened, was: str = "") -> None:
        """Count a file that is not as it was."""
        self.happened[what] += 1
        if len(self.changes) < MAX_CHANGES_LISTED:
            self.changes.append(Change(source, what, was))

    def remark(self, source: str, noted: Remarks) -> bool:
        """Say again what was noted of a file that needs no reading. Returns whether it could not be read."""
        self.note(source, noted.problems)
        if noted.failure:
            self.skip(source, noted.failure)
        return bool(noted.failure)

    def notice(self, source: str) -> None:
        """Count a changed file of which size and times do not show it."""
        self.unnoticed += 1
        if len(self.unnoticed_files) < MAX_CHANGES_LISTED:
            self.unnoticed_files.append(source)

    def note(self, source: str, problems: Iterable[str]) -> None:
        """Note parts of a file that could not be read."""
        for problem in problems:
            if len(self.problems) < MAX_SKIPPED_LISTED:
                self.problems.append(SkippedFile(source, problem))

    def report(self, *, now: Counts, engine: str, generation: int, seconds: float) -> BuildReport:
        """The finished report; `now` is what the index holds."""
        return BuildReport(
            indexed=self.indexed,
            files_indexed=self.files_indexed,
            files_read=self.files_read,
            unchanged=self.unchanged,
            removed=self.happened[Happened.REMOVED] + self.happened[Happened.EXCLUDED],
            excluded=self.happened[Happened.EXCLUDED],
            skipped=tuple(self.skipped),
            skipped_files=self.skipped_files,
            problems=tuple(self.problems),
            documents=now.documents,
            without_title=now.without_title,
            without_author=now.without_author,
            without_date=now.without_date,
            doubtful=now.doubtful,
            engine=engine,
            engine_changed_from=self.engine_changed_from if self.engine_changed_from != engine else "",
            generation=generation,
            rebuilt_because=self.rebuilt_because,
            seconds=seconds,
            documents_per_second=self.indexed / seconds if seconds > 0 else 0.0,
            interrupted=self.interrupted,
            forgotten=self.forgotten,
            discarded=self.discarded,
            kept=self.kept,
            lost=self.lost,
            reread_because=self.reread_because,
            passed_over=self.passed_over,
            ignored=self.ignored,
            new=self.happened[Happened.NEW],
            changed=self.happened[Happened.CHANGED],
            moved=self.happened[Happened.MOVED],
            readable=self.happened[Happened.READABLE],
            reread=self.happened[Happened.REREAD],
            changes=tuple(self.changes),
            unnoticed=self.unnoticed,
            unnoticed_files=tuple(self.unnoticed_files),
            left=self.left,
            dry_run=self.dry_run,
        )
