"""What the index side says to a person: the end of a build, one document with its provenance, what an index holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.console import printable, short_path
from index.files.ignore import IGNORED
from index.files.walk import NO_FORMAT, is_passed_over
from index.readers.blocks.plain import shorten
from index.readers.decoding.encoding import BY_GUESS
from index.readers.decoding.libraries import is_missing
from index.updating.report import ASKED_FOR, Happened

if TYPE_CHECKING:
    from index.document import Document
    from index.files.walk import SkippedFile
    from index.updating.report import BuildReport
    from index.upkeep.inventory import Inventory

FILES_SHOWN = 20
"""How many skipped files a summary names unless all are asked for; and a dry run, of those it would change."""

REASONS_SHOWN = 10

_OTHERS_SHOWN = 3  # other finds of a field
_OTHER_CHARACTERS = 100

_ENOUGH_FOR_A_RATE = 10  # documents; fewer say nothing about speed

_HAPPENED = {
    Happened.NEW: "new",
    Happened.CHANGED: "changed",
    Happened.MOVED: "moved",
    Happened.READABLE: "readable now",
    Happened.REREAD: "read again",
    Happened.REMOVED: "removed",
    Happened.EXCLUDED: "excluded",
}

_TAKEN_OUT = {Happened.REMOVED, Happened.EXCLUDED}

_UNITS = ("bytes", "kB", "MB", "GB")


def build_summary(report: BuildReport, index_dir: Path, *, verbose: bool = False, color: bool = False) -> str:
    """What a build did, in a few lines: counts, what was not read and why, engine, and what the documents lack.

    Of a dry run it says what would be done. With `verbose`, every skipped and every changed file is named.
    """
    bold = _styler(color, bold=True)
    dry = report.dry_run
    lines = []
    if report.discarded:
        return f"Interrupted. The rebuild was given up, and {short_path(index_dir)} is as it was"
    if report.interrupted:
        left = f"; {_count(report.left, 'file')} {'is' if report.left == 1 else 'are'} left" if report.left else ""
        lines.append(
            f"Interrupted. What was read until now is in the index{left}; the same command again goes on from there."
        )
    if dry:
        lines.append("A dry run: nothing was written")
    is_taken_over = bool(report.kept and not report.files_read)
    again = f"Everything {'would be' if dry else 'was'} " + ("taken over as stored" if is_taken_over else "read again")
    if report.rebuilt_because:
        lines.append(again + ("" if report.rebuilt_because == ASKED_FOR else f": {printable(report.rebuilt_because)}"))
    if report.reread_because:
        lines.append(f"{again}: {report.reread_because}")
    if report.forgotten:
        lines.append(f"No longer {'to be ' if dry else ''}indexed: {printable(', '.join(report.forgotten))}")
    kinds = _kinds(report)
    has_rate = report.indexed >= _ENOUGH_FOR_A_RATE
    rate = f", {report.documents_per_second:,.0f} documents a second" if has_rate else ""
    if not is_taken_over:
        lines.append(
            bold(
                f"{'Would index' if dry else 'Indexed'} {_count(report.indexed, 'document')} "
                f"from {_count(report.files_indexed, 'file')}"
            )
            + kinds
            + ("" if dry else f" in {report.seconds:.2f} s{rate}")
        )
    to_be = "to be " if dry else ""
    excluded = f" ({report.excluded:,} still there, but not to be indexed)" if report.excluded else ""
    lines.append(
        f"{_count(report.unchanged, 'file')} unchanged, {report.removed:,} {to_be}removed{excluded}, "
        + f"{report.skipped_files:,} skipped"
        + _passed_over(report)
    )
    if report.kept:
        were = "was" if report.kept == 1 else "were"
        lines.append(
            f"{_count(report.kept, 'document')} {'would be' if dry else were} kept as stored: the files are gone or "
            "cannot be read. The next update of their folder takes out what is gone or damaged"
        )
    if report.lost:
        lines.append(
            f"Lost{' would be' if dry else ''}: {_count(report.lost, 'document')}, of which the files are gone or "
            "cannot be read, and where the index is damaged"
        )
    if report.unnoticed:
        lines.append(f"{_count(report.unnoticed, 'file')} had another content, though size and time stayed the same:")
        shown = sorted(report.unnoticed_files)[: None if verbose else FILES_SHOWN]
        lines += [f"  {printable(source)}" for source in shown]
        if more := report.unnoticed - len(shown):
            lines.append(f"  and {more:,} more" + ("" if verbose else ", listed with --verbose"))
    if report.changes and (dry or (verbose and (kinds or report.unchanged or report.removed))):  # not of a first build
        lines += _changes(report, verbose)
    wanting = [file for file in report.skipped if is_missing(file.reason)]
    foreign = [] if verbose else [file for file in report.skipped if file.reason.startswith(NO_FORMAT)]
    ignored = [] if verbose else [file for file in report.skipped if file.reason.startswith(IGNORED)]
    others = [file for file in report.skipped if not is_missing(file.reason)]
    if not verbose:
        others = [file for file in others if not file.reason.startswith((NO_FORMAT, IGNORED))]
    number = report.skipped_files - len(wanting) - len(foreign) - len(ignored)
    lines += _reasons("Skipped", others, number, verbose)
    lines += [
        f"Skipped {_count(number, 'file')}: {printable(reason)}"  # once for each library, not for each file
        for reason, number in Counter(file.reason for file in wanting).most_common()
    ]
    lines += _foreign(foreign)
    lines += _ignored(ignored)
    guessed = tuple(problem for problem in report.problems if problem.reason.endswith(BY_GUESS))
    partly = tuple(problem for problem in report.problems if not problem.reason.endswith(BY_GUESS))
    lines += _reasons("Read only in part", partly, len(partly), verbose)
    lines += _reasons(f"Encoding guessed in {_count(len(guessed), 'file')}", guessed, len(guessed), verbose)
    engine = f"engine {report.engine}"
    if report.engine_changed_from:
        engine += f", no longer {report.engine_changed_from}"
    lines.append(
        f"{short_path(index_dir)} {'would hold' if dry else 'holds'} {_count(report.documents, 'document')} ({engine})"
    )
    if lacking := _lacking(report):
        lines[-1] += f": {lacking}"
        if not dry:
            lines.append(f"See which: {_listed_by(report)}")
    if not report.documents and not report.interrupted:
        lines.append("There is no article in it: articles are files such as .md, .txt, .html, .json and .jsonl")
    return "\n".join(lines)


def document_text(document: Document, *, verbose: bool = False, color: bool = False) -> str:
    """A document for a person: each value with its rule and confidence, what was found besides, warnings, and the body.

    Of the other finds it shows a few that say something else; with `verbose` all that are kept.
    """
    bold, dim = _styler(color, bold=True), _styler(color, dim=True)
    values: dict[str, str] = {
        "title": document.title,
        "authors": "; ".join(document.authors),
        "date": document.date.isoformat() if document.date else "",
        "url": document.url,
        "language": document.language,
    }
    for name, value in document.extra.items():
        values[f"extra.{name}"] = value if isinstance(value, str) else "; ".join(value)
    width = max(len(name) for name in [*values, "warning"])
    lines = [f"{bold(printable(document.source))}  {dim(document.id)}"]
    for name, value in values.items():
        found = printable(value) if value else dim("-")
        lines.append(f"  {name:<{width}}  {found}" + dim(_how(document, name)))
        lines += [f"  {'':<{width}}  {dim(other)}" for other in _others(document, name, value, verbose)]
    for name, candidates in document.candidates.items() if verbose else ():
        if name not in values and name != "body" and candidates:
            lines += [f"  {name:<{width}}  {dim('-')}"]
            lines += [f"  {'':<{width}}  {dim(other)}" for other in _others(document, name, "", verbose)]
    lines += [f"  {'warning':<{width}}  {printable(warning)}" for warning in document.warnings]
    size = f"{len(document.body):,} characters{_how(document, 'body')}"
    lines.append(f"  {'body':<{width}}  {dim(size)}")
    body = [f"  {printable(line)}".rstrip() for line in document.body.split("\n")]
    return "\n".join([*lines, "", *body]) if document.body else "\n".join(lines)


def _how(document: Document, field: str) -> str:
    """The rule that found a value and how sure that is, in brackets; empty where there is none."""
    rule = document.provenance.get(field, "")
    sure = document.confidence.get(field)
    return f"  ({printable(rule)}{f', {sure:.2f}' if sure is not None else ''})" if rule else ""


def _others(document: Document, field: str, stands: str, verbose: bool) -> list[str]:
    """What other rules found for a field, a line each; values that say the same only if `verbose`."""
    lines: list[str] = []
    seen = {stands}
    for value, rule, refused in document.candidates.get(field, ()):
        text = value if isinstance(value, str) else "; ".join(value)
        if verbose or text not in seen:
            seen.add(text)
            verdict = "also" if text == stands else "not"
            why = f"{rule}: {refused}" if refused else rule
            lines.append(f"{verdict} {printable(shorten(text, _OTHER_CHARACTERS))}  ({printable(why)})")
    shown = lines if verbose else lines[:_OTHERS_SHOWN]
    rest = len(lines) - len(shown)
    return [*shown, f"and {rest} more, listed with --verbose"] if rest else shown


def inventory_text(inventory: Inventory) -> str:
    """What an index holds, for a person."""
    languages = ", ".join(f"{code or 'none known'} {count:,}" for code, count in inventory.languages.items())
    lacking = _lacking(inventory)
    partly = f", {inventory.partly:,} read only in part" if inventory.partly else ""
    skipped = f", {_count(inventory.unreadable, 'article file')} skipped" if inventory.unreadable else ""
    why = " (byline index says why)" if partly or skipped else ""
    rows = {
        "index": short_path(Path(inventory.index)),
        "outdated": f"{inventory.outdated}; run: byline index --rebuild" if inventory.outdated else "",
        "documents": f"{inventory.documents:,}" + (f", {lacking}" if lacking else ""),
        "see which": _listed_by(inventory),
        "files": f"{inventory.files:,}{partly}{skipped}{why}",
        "languages": languages,
        "dates": f"{inventory.first_date} to {inventory.last_date}" if inventory.first_date else "",
        "map": ", ".join(f"{field} = {' or '.join(map(printable, names))}" for field, names in inventory.map.items()),
        "engine": f"{inventory.engine}, chosen {'automatically' if inventory.automatic else 'by name'}",
        "size": size_text(inventory.size),
        "folders": ", ".join(map(printable, inventory.roots)),
        "complete": "" if inventory.complete else "no, not every file could be read yet; to go on: byline index",
        "updated": f"{inventory.updated:%Y-%m-%d %H:%M:%S} UTC",
    }
    lines = [
        f"{name if not number else '':<10} {printable(line.strip())}"
        for name, value in rows.items()
        for number, line in enumerate(value.split("\n"))
        if value
    ]
    return "\n".join(lines)


def _passed_over(report: BuildReport) -> str:
    """How many of the skipped files are passed over every time, and how many are ignored, in brackets."""
    numbers = ((report.passed_over - report.ignored, "passed over"), (report.ignored, "ignored"))
    parts = ", ".join(f"{number:,} {what}" for number, what in numbers if number)
    return f" ({parts})" if parts else ""


def _ignored(files: Sequence[SkippedFile]) -> list[str]:
    """Which files the rules stand in that keep others out, and out of how many places each does."""
    if not files:
        return []
    rules = Counter(file.reason.removeprefix(IGNORED).rpartition(", line ")[0] for file in files).most_common()
    shown = ", ".join(f"{printable(name)} {count:,}" for name, count in rules[:REASONS_SHOWN])
    more = ", …" if len(rules) > REASONS_SHOWN else ""
    return [f"Ignored, by the rules in: {shown}{more} (named with --verbose)"]


def _reasons(heading: str, files: Sequence[SkippedFile], number: int, verbose: bool) -> list[str]:
    """Files with the reason for each; when there are many, the first ones and the most common reasons."""
    if not files:
        return []
    files = sorted(files, key=lambda file: (is_passed_over(file.reason), file))  # first what can be mended
    shown = files if verbose else files[:FILES_SHOWN]
    lines = [f"{heading}:", *(f"  {printable(file.source)}: {printable(file.reason)}" for file in shown)]
    if number > len(shown):
        lines.append(f"  and {number - len(shown):,} more" + ("" if verbose else ", listed with --verbose"))
        common = Counter(file.reason for file in files[len(shown) :]).most_common(REASONS_SHOWN)
        lines += [f"    {count:,} of these: {printable(reason)}" for reason, count in common]
    return lines


def _kinds(report: BuildReport) -> str:
    """ " (1 new, 2 moved)": how many of the files read were what, unless that is plain."""
    numbers = {kind: getattr(report, kind.value) for kind in _HAPPENED if kind not in _TAKEN_OUT}
    found = {kind: number for kind, number in numbers.items() if number}
    if len(found) == 1 and found.keys() & {Happened.NEW, Happened.REREAD}:
        return ""
    return f" ({', '.join(f'{number:,} {_HAPPENED[kind]}' for kind, number in found.items())})" if found else ""


def _changes(report: BuildReport, verbose: bool) -> list[str]:
    """What became of each file that is not as it was, or of the first of them."""
    shown = sorted(report.changes)
    number = report.files_indexed + report.removed
    if not verbose:
        shown = shown[:FILES_SHOWN]
    width = max((len(_HAPPENED[change.what]) for change in shown), default=0)
    lines = [
        f"  {_HAPPENED[change.what]:<{width}}  {printable(change.source)}"
        + (f" (was {printable(change.was)})" if change.was else "")
        for change in shown
    ]
    if number > len(shown):
        lines.append(f"  and {number - len(shown):,} more" + ("" if verbose else ", listed with --verbose"))
    return lines


def _foreign(files: Sequence[SkippedFile]) -> list[str]:
    """Files of other formats, in one line: how many there are of each."""
    if not files:
        return []
    kinds = Counter(file.reason[len(NO_FORMAT) :].strip(" ()") for file in files).most_common()
    shown = ", ".join(f"{count:,} {printable(kind)}" for kind, count in kinds[:REASONS_SHOWN])
    more = ", …" if len(kinds) > REASONS_SHOWN else ""
    noun = "file is no article" if len(files) == 1 else "files are not articles"
    return [f"{len(files):,} {noun}: {shown}{more} (named with --verbose)"]


def _flaws(held: BuildReport | Inventory) -> list[tuple[int, str, str]]:
    """What there may be to mend in the documents: how many, what is wrong, and the query that finds them."""
    flaws = [
        (held.without_title, "without a title", "NOT has:title"),
        (held.without_author, "without an author", "NOT has:author"),
        (held.without_date, "without a date", "NOT has:date"),
        (held.doubtful, "doubtful", "has:doubt"),
    ]
    return [flaw for flaw in flaws if flaw[0]]


def _lacking(held: BuildReport | Inventory) -> str:
    """ "3 without an author, 1 without a date", or "" when nothing is lacking."""
    return ", ".join(f"{count:,} {what}" for count, what, _ in _flaws(held))


_INDENT = len("see which: ")


def _listed_by(held: BuildReport | Inventory) -> str:
    """The commands that list these documents, one a line below the first, or "" when nothing is lacking."""
    return f"\n{' ' * _INDENT}".join(f"byline search {query}" for _, _, query in _flaws(held))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def size_text(number: int) -> str:
    """Bytes, in the unit that people would choose."""
    size, unit = float(number), 0
    while size >= 1000 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{size:.1f} {_UNITS[unit]}" if unit and size < 10 else f"{size:,.0f} {_UNITS[unit]}"


def _styler(color: bool, **style: bool) -> Callable[[str], str]:
    return (lambda text: click.style(text, **style)) if color else (lambda text: text)
