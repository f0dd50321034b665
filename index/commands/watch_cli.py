"""The command `watch`: an index that follows its files until it is told to stop."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index.console import (
    FOUND,
    HELP_NAMES,
    TERMINATED,
    complain,
    echo_json,
    index_option,
    json_option,
    printable,
    progress_line,
    quiet_option,
    wants_color,
)

if TYPE_CHECKING:
    from index.updating.report import BuildReport, Progress

FILES_SHOWN = 10
"""With more changes at once, they are only counted."""

LEAST_POLL = 1.0
MOST_POLL = 86_400.0


@click.command("watch", context_settings=HELP_NAMES, short_help="Keep the index up to date while files change.")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@index_option
@click.option(
    "--poll",
    metavar="SECONDS",
    type=click.FloatRange(LEAST_POLL, MOST_POLL),
    help="Look at all files every so many seconds: for network drives, where the system tells of no changes.",
)
@json_option
@quiet_option
def watch_command(
    paths: tuple[Path, ...], index_dir: Path | None, poll: float | None, as_json: bool, quiet: bool
) -> int:
    """Bring the index up to date, and then again whenever a file is written, moved or deleted, until Ctrl-C.

    Without PATH, it follows the folders indexed before; with PATH, it indexes these first, as `byline index PATH` does.
    A change is searchable about a second after the file was saved. Searches go on meanwhile, and so may other updates.

    \b
    Examples:
      byline watch                     follow what is indexed
      byline watch articles            index a folder, then follow it
      byline watch --poll 60           look every minute, for a network drive
      byline watch --json | jq -r '.changes[]?.source'

    Temporary files of editors are passed over. A folder that is gone keeps its articles, and is followed again when it
    is back. While another process writes to the index, changes wait. Everything is looked at every ten minutes as well,
    and at once after a flood of changes. With --json, each line is one object: its "event" is watching, update (with
    all that `byline index --json` tells), waiting (with a "reason"), back (a folder that was gone, its "path") or
    stopped.

    Exit code: 130 after Ctrl-C, 0 when ended by SIGTERM (as service managers do), 129 by SIGHUP, 2 trouble. Each of
    these signals lets an update under way finish what it is reading, and keeps it.
    """
    from index.commands.termination import Termination
    from index.home import find_index
    from index.updating.report import BuildReport
    from index.upkeep.watch import Back, watch

    location = find_index(index_dir, create=True)
    with progress_line(not quiet and not as_json) as line, Termination() as termination:

        def show(progress: Progress) -> None:
            if line and progress.total:
                line.show(progress.phase, progress.done, progress.total)

        says = _Saying(location, as_json=as_json, quiet=quiet)
        ended = is_cut_short = False
        try:
            for event in watch(paths, location, poll=poll, on_progress=show):
                if line:
                    line.clear()
                if isinstance(event, BuildReport):
                    says.update(event)
                    ended = is_cut_short = event.interrupted
                elif isinstance(event, Back):
                    says.back(event.path)
                else:
                    says.waiting(event)
        except KeyboardInterrupt:
            ended = True
        if line:
            line.clear()
        if ended:
            says.stopped(is_cut_short)
    return FOUND if termination.code == TERMINATED else termination.code


class _Saying:
    """What the command prints of what happens."""

    def __init__(self, index_dir: Path, *, as_json: bool, quiet: bool) -> None:
        self._index_dir = index_dir
        self._as_json = as_json
        self._quiet = quiet
        self._is_first = True
        self._failures: dict[str, str] = {}  # files that could not be read, and why, as told

    def update(self, report: BuildReport) -> None:
        """After an update."""
        from index.commands.summary import build_summary
        from index.storage.manifest import read_manifest

        first, self._is_first = self._is_first, False
        failures = self._new_failures(report)
        if self._as_json:
            if first or report.changes or failures or report.interrupted or report.rebuilt_because:
                self._line("update", report.to_dict())
        elif self._quiet:
            pass
        elif first or report.rebuilt_because or report.discarded:
            click.echo(build_summary(report, self._index_dir, color=wants_color("auto")), color=True)
        else:
            self._changes(report, failures)
        if first and not report.interrupted:
            roots = read_manifest(self._index_dir).roots
            if self._as_json:
                self._line("watching", {"roots": list(roots)})
            elif not self._quiet:
                click.echo(f"Watching {printable(', '.join(roots))} (Ctrl-C ends it)", err=True)

    def waiting(self, reason: str) -> None:
        """Something keeps changes from being followed for now."""
        if self._as_json:
            self._line("waiting", {"reason": reason})
        else:
            complain(reason)

    def back(self, folder: str) -> None:
        """A folder that was waited for is there again."""
        if self._as_json:
            self._line("back", {"path": folder})
        elif not self._quiet:
            complain(f"{folder} is back, and is followed again")

    def stopped(self, is_cut_short: bool) -> None:
        """Ctrl-C or SIGTERM, which may have cut an update short."""
        if self._as_json:
            self._line("stopped", {})
        elif not self._quiet:
            rest = " What was read until now is in the index; byline index does the rest" if is_cut_short else ""
            click.echo(f"Stopped.{rest}", err=True)

    def _changes(self, report: BuildReport, failures: dict[str, str]) -> None:
        now = f"{dt.datetime.now():%H:%M:%S}"
        number = sum((report.new, report.changed, report.moved, report.readable, report.reread, report.removed))
        if number > FILES_SHOWN:
            kinds = Counter(change.what.value for change in report.changes)
            counted = ", ".join(f"{count:,} {what}" for what, count in kinds.most_common())
            if len(report.changes) < number:
                counted += f" and {number - len(report.changes):,} more"
            click.echo(f"{now} {counted}, {report.documents:,} documents in all ({report.seconds:.2f} s)")
        else:
            for change in report.changes:
                was = f" (was {printable(change.was)})" if change.was else ""
                click.echo(f"{now} {change.what.value} {printable(change.source)}{was}")
        for source, reason in list(failures.items())[:FILES_SHOWN]:
            click.echo(f"{now} skipped {printable(source)}: {printable(reason)}")
        if len(failures) > FILES_SHOWN:
            click.echo(f"{now} skipped {len(failures) - FILES_SHOWN:,} more files (byline index says why)")

    def _new_failures(self, report: BuildReport) -> dict[str, str]:
        """Files that could not be read and of which this was not said before, with the reason."""
        from index.files.walk import is_passed_over

        for change in report.changes:
            self._failures.pop(change.source, None)
        skipped = {file.source: file.reason for file in report.skipped if not is_passed_over(file.reason)}
        new = {source: reason for source, reason in skipped.items() if self._failures.get(source) != reason}
        self._failures |= new
        return new

    def _line(self, event: str, values: dict[str, Any]) -> None:
        echo_json(
            {"event": event, "time": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), **values}, indent=None
        )
