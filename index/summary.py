"""What the index side says to a person: the end of a build, one document with its provenance, what an index holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.console import printable, short_path
from index.readers.encoding import BY_GUESS
from index.report import ASKED_FOR

if TYPE_CHECKING:
    from index.document import Document
    from index.inventory import Inventory
    from index.report import BuildReport
    from index.walk import SkippedFile

FILES_SHOWN = 20
"""How many skipped files a summary names unless all are asked for."""

REASONS_SHOWN = 10

_ENOUGH_FOR_A_RATE = 10  # documents; fewer say nothing about speed

_UNITS = ("bytes", "kB", "MB", "GB")


def build_summary(report: BuildReport, index_dir: Path, *, verbose: bool = False, color: bool = False) -> str:
    """What a build did, in a few lines: counts, what was not read and why, engine, and what the documents lack."""
    bold = _styler(color, bold=True)
    lines = []
    if report.discarded:
        return f"Interrupted. The rebuild was given up, and {short_path(index_dir)} is as it was"
    if report.interrupted:
        lines.append("Interrupted. What was read until now is in the index; the same command again goes on from there.")
    if report.rebuilt_because:
        why = "" if report.rebuilt_because == ASKED_FOR else f": {printable(report.rebuilt_because)}"
        lines.append(f"Everything was read again{why}")
    if report.forgotten:
        lines.append(f"No longer indexed: {printable(', '.join(report.forgotten))}")
    has_rate = report.indexed >= _ENOUGH_FOR_A_RATE
    rate = f", {report.documents_per_second:,.0f} documents a second" if has_rate else ""
    lines.append(
        bold(f"Indexed {_count(report.indexed, 'document')} from {_count(report.files_indexed, 'file')}")
        + f" in {report.seconds:.2f} s{rate}"
    )
    lines.append(
        f"{_count(report.unchanged, 'file')} unchanged, {report.removed:,} removed, {report.skipped_files:,} skipped"
    )
    lines += _reasons("Skipped", report.skipped, report.skipped_files, verbose)
    guessed = tuple(problem for problem in report.problems if problem.reason.endswith(BY_GUESS))
    partly = tuple(problem for problem in report.problems if not problem.reason.endswith(BY_GUESS))
    lines += _reasons("Read only in part", partly, len(partly), verbose)
    lines += _reasons(f"Encoding guessed in {_count(len(guessed), 'file')}", guessed, len(guessed), verbose)
    engine = f"engine {report.engine}"
    if report.engine_changed_from:
        engine += f", no longer {report.engine_changed_from}"
    lines.append(f"{short_path(index_dir)} holds {_count(report.documents, 'document')} ({engine})")
    lacking = _lacking(report.without_title, report.without_author, report.without_date)
    if lacking:
        lines[-1] += f": {lacking}"
    if not report.documents:
        lines.append("There is no article in it: articles are files such as .md, .txt, .html, .json and .jsonl")
    return "\n".join(lines)


def document_text(document: Document, *, color: bool = False) -> str:
    """A document for a person: each value with the rule that found it, warnings, and the body."""
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
        rule = document.provenance.get(name, "")
        found = printable(value) if value else dim("-")
        lines.append(f"  {name:<{width}}  {found}" + (dim(f"  ({printable(rule)})") if rule else ""))
    lines += [f"  {'warning':<{width}}  {printable(warning)}" for warning in document.warnings]
    rule = document.provenance.get("body", "")
    size = f"{len(document.body):,} characters" + (f"  ({printable(rule)})" if rule else "")
    lines.append(f"  {'body':<{width}}  {dim(size)}")
    body = [f"  {printable(line)}".rstrip() for line in document.body.split("\n")]
    return "\n".join([*lines, "", *body]) if document.body else "\n".join(lines)


def inventory_text(inventory: Inventory) -> str:
    """What an index holds, for a person."""
    languages = ", ".join(f"{code or 'other'} {count:,}" for code, count in inventory.languages.items())
    lacking = _lacking(inventory.without_title, inventory.without_author, inventory.without_date)
    skipped = f", {inventory.unreadable:,} skipped (byline index says why)" if inventory.unreadable else ""
    rows = {
        "index": short_path(Path(inventory.index)),
        "outdated": f"{inventory.outdated}; run: byline index --rebuild" if inventory.outdated else "",
        "documents": f"{inventory.documents:,}" + (f", {lacking}" if lacking else ""),
        "files": f"{inventory.files:,}{skipped}",
        "languages": languages,
        "dates": f"{inventory.first_date} to {inventory.last_date}" if inventory.first_date else "",
        "engine": f"{inventory.engine}, chosen {'automatically' if inventory.automatic else 'by name'}",
        "size": _size(inventory.size),
        "folders": ", ".join(inventory.roots),
        "updated": f"{inventory.updated:%Y-%m-%d %H:%M:%S} UTC",
    }
    return "\n".join(f"{name:<10} {printable(value)}" for name, value in rows.items() if value)


def _reasons(heading: str, files: Sequence[SkippedFile], number: int, verbose: bool) -> list[str]:
    """Files with the reason for each; when there are many, the first ones and the most common reasons."""
    if not files:
        return []
    files = sorted(files)
    shown = files if verbose else files[:FILES_SHOWN]
    lines = [f"{heading}:", *(f"  {printable(file.source)}: {printable(file.reason)}" for file in shown)]
    if number > len(shown):
        lines.append(f"  and {number - len(shown):,} more" + ("" if verbose else ", listed with --verbose"))
        common = Counter(file.reason for file in files).most_common(REASONS_SHOWN)
        lines += [f"    {count:,} in all: {printable(reason)}" for reason, count in common]
    return lines


def _lacking(title: int, author: int, date: int) -> str:
    """ "3 without an author, 1 without a date", or "" when nothing is lacking."""
    counts = [(title, "a title"), (author, "an author"), (date, "a date")]
    return ", ".join(f"{count:,} without {what}" for count, what in counts if count)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _size(number: int) -> str:
    """Bytes, in the unit that people would choose."""
    size, unit = float(number), 0
    while size >= 1000 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{size:.1f} {_UNITS[unit]}" if unit and size < 10 else f"{size:,.0f} {_UNITS[unit]}"


def _styler(color: bool, **style: bool) -> Callable[[str], str]:
    return (lambda text: click.style(text, **style)) if color else (lambda text: text)
