"""The commands that need no query: `index`, `read` and `info`. Each parses, resolves once, runs, and prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index.console import (
    FOUND,
    HELP_NAMES,
    INTERRUPTED,
    TROUBLE,
    color_option,
    complain,
    echo_json,
    index_option,
    json_option,
    progress_line,
    wants_color,
)

if TYPE_CHECKING:
    from index.report import Progress


@click.command("index", context_settings=HELP_NAMES, short_help="Build the index of a folder, or bring it up to date.")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@index_option
@click.option(
    "--engine",
    metavar="NAME",
    help="auto, whoosh or tantivy: auto takes what suits the size of the corpus. [default: as before, at first auto]",
)
@click.option(
    "--rebuild",
    is_flag=True,
    help="Read every file again into a new index, then replace the old one. With PATH, the new one holds only these.",
)
@click.option("--forget", is_flag=True, help="Take PATH out of the index instead, whether or not it still exists.")
@click.option(
    "--jobs", "-j", metavar="N", type=click.IntRange(1, 256), help="Processes that read. [default: one a core]"
)
@click.option(
    "--wait",
    metavar="SECONDS",
    type=click.FloatRange(0),
    default=10.0,
    show_default=True,
    help="How long to wait for another process that is writing to the index.",
)
@json_option
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
@click.option("--verbose", "-v", is_flag=True, help="Name every skipped file, not only the first twenty.")
def index_command(
    paths: tuple[Path, ...],
    index_dir: Path | None,
    engine: str | None,
    rebuild: bool,
    forget: bool,
    jobs: int | None,
    wait: float,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Read the articles in files and folders (PATH) into an index, so that they can be searched.

    The first time everything is read; after that only what is new or has changed, and what is gone is removed.
    Without PATH, the folders indexed before are brought up to date.

    \b
    Examples:
      byline index articles                 index a folder, into ./.byline
      byline index                          bring it up to date
      byline index a.md saved/ feed.jsonl   files and folders together
      byline index --rebuild                read everything again
      byline index --rebuild articles       from now on, hold this folder and nothing else
      byline index --forget saved/          take a folder out of the index; its files stay

    A file that cannot be read is skipped, and the summary says why. Hidden files and folders (.git, .draft.md) are
    passed over unless they are named. A folder that is gone may be a disk that is not mounted: the update then stops
    until the folder is back or forgotten. Exit code: 0 done, 2 trouble, 130 after Ctrl-C (what was read until then is
    kept).
    """
    from index.build import build
    from index.errors import UsageError
    from index.home import find_index
    from index.summary import build_summary

    if forget and (rebuild or not paths):
        raise UsageError(
            "--forget and --rebuild do not go together" if rebuild else "--forget needs a PATH to forget",
            remedy="See: byline index --help",
        )
    index_dir = find_index(index_dir, create=not forget)
    with progress_line(not quiet) as line:

        def show(progress: Progress) -> None:
            if line:
                line.show(progress.phase, progress.done, progress.total)

        report = build(
            () if forget else paths,
            index_dir,
            engine=engine,
            rebuild=rebuild,
            forget=paths if forget else (),
            jobs=jobs,
            wait=wait,
            on_progress=show,
        )
    if as_json:
        echo_json(report.to_dict())
    elif not quiet:
        click.echo(build_summary(report, index_dir, verbose=verbose, color=wants_color("auto")), color=True)
    return INTERRUPTED if report.interrupted else FOUND


@click.command("read", context_settings=HELP_NAMES, short_help="Show what Byline makes of a file, and how it knows.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
@click.option("--jsonl", "as_jsonl", is_flag=True, help="Print one JSON document a line.")
@color_option
def read_command(files: tuple[Path, ...], as_json: bool, as_jsonl: bool, color: str) -> int:
    """Show the documents in files and folders: title, authors, date, body, and which rule found each value.

    Nothing is stored, and no index is needed.

    \b
    Examples:
      byline read article.html
      byline read --json feed.jsonl | jq '.[].title'
      byline read --jsonl articles > articles.jsonl

    What cannot be read is named on stderr with the reason. Hidden files in folders are passed over. Exit code: 0 done;
    2 when a file that was named could not be read, or nothing in a folder could (the others are still shown).
    """
    from index import read
    from index.errors import BylineError, ReadError
    from index.summary import document_text

    in_color = wants_color(color)
    code = FOUND
    shown: list[dict[str, Any]] = []
    first = True
    for file in files:
        folder = file if file.is_dir() else file.parent

        def skipped(source: str, reason: str, folder: Path = folder) -> None:
            complain(f"skipped {(folder / source).as_posix()}: {reason}")

        try:
            documents = read(file, on_skip=skipped)
        except ReadError as error:
            complain(f"{file.as_posix()}: {error.what}")
            code = TROUBLE
            continue
        except BylineError as error:
            complain(str(error))
            code = TROUBLE
            continue
        if not documents:
            complain(f"{file.as_posix()}: nothing here could be read")
            code = TROUBLE
        for document in documents:
            document = document.with_source((folder / document.source).as_posix())
            if as_json:
                shown.append(document.to_dict())
            elif as_jsonl:
                echo_json(document.to_dict(), indent=None)
            else:
                click.echo(("" if first else "\n") + document_text(document, color=in_color), color=True)
                first = False
    if as_json:
        echo_json(shown)
    return code


@click.command("info", context_settings=HELP_NAMES, short_help="Say what the index holds.")
@index_option
@json_option
def info_command(index_dir: Path | None, as_json: bool) -> int:
    """Say what the index holds: documents, files, languages, dates, engine, size, and when it was brought up to date.

    \b
    Examples:
      byline info
      byline info --index ~/articles/.byline --json

    Exit code: 0, or 2 when there is no index or it cannot be read.
    """
    from index.home import find_index
    from index.inventory import take_inventory
    from index.summary import inventory_text

    inventory = take_inventory(find_index(index_dir, create=False))
    if as_json:
        echo_json(inventory.to_dict())
    else:
        click.echo(inventory_text(inventory))
    return FOUND
