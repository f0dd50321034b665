"""The commands that need no query: `index`, `read` and `info`. Each parses, resolves once, runs, and prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index.console import (
    FOUND,
    HELP_NAMES,
    TROUBLE,
    color_option,
    complain,
    echo_json,
    index_option,
    json_option,
    progress_line,
    quiet_option,
    short_path,
    shown_on,
    wait_option,
    wants_color,
)

if TYPE_CHECKING:
    from index.reading_settings import ReadingSettings


map_option = click.option(
    "--map",
    "maps",
    metavar="FIELD=NAME",
    multiple=True,
    help="What records (JSON, CSV) call a field: --map title=headline. Again for others, or for a second name.",
)


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
@click.option("--check", is_flag=True, help="Compare what is in every file, not only its size and time of change.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, file by file, and write nothing.")
@click.option("--forget", is_flag=True, help="Take PATH out of the index instead, whether or not it still exists.")
@click.option(
    "--jobs", "-j", metavar="N", type=click.IntRange(1, 256), help="Processes that read. [default: one a core]"
)
@wait_option
@map_option
@json_option
@quiet_option
@click.option("--verbose", "-v", is_flag=True, help="Name every file that is skipped, or not as it was.")
def index_command(
    paths: tuple[Path, ...],
    index_dir: Path | None,
    engine: str | None,
    rebuild: bool,
    check: bool,
    dry_run: bool,
    forget: bool,
    jobs: int | None,
    wait: float,
    maps: tuple[str, ...],
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
      byline index --dry-run                what would that do?
      byline index --check                  also find changes that sizes and times do not show
      byline index --rebuild                read everything again
      byline index --rebuild articles       from now on, hold this folder and nothing else
      byline index --forget saved/          take a folder out of the index; its files stay
      byline index posts.csv --map title=headline --map date=meta.published

    What is new, changed, moved, readable at last or gone is found by sizes and times, and counted in the summary;
    --verbose names it. A file that was moved or renamed is found at its new place only. What would be read in another
    way now, by newer readers or other settings, is read again, and the summary says why.

    A dry run reads what is new or changed to say exactly what a run would do. It needs no right to write, and waits
    for nobody.

    A file that cannot be read is skipped, and the summary says why. Hidden files and folders (.git, .draft.md) are
    passed over unless they are named, and so is what .gitignore and .bylineignore files in the folders say to ignore
    (the latter have the last word). What --map says is kept for later updates; --map title= takes it back. A folder
    that is gone may be a disk that is not mounted: the update then stops until the folder is back or forgotten.

    Exit code: 0 done, 2 trouble, 130 after Ctrl-C, 143 after SIGTERM and 129 after SIGHUP (what was read until then is
    kept).
    """
    from index.build import build
    from index.commands.summary import build_summary
    from index.commands.termination import Termination
    from index.errors import UsageError
    from index.home import find_index
    from index.reading_settings import read_map

    if forget and (rebuild or not paths):
        raise UsageError(
            "--forget and --rebuild do not go together" if rebuild else "--forget needs a PATH to forget",
            remedy="See: byline index --help",
        )
    found = find_index(index_dir, create=not forget)
    is_near = paths and not forget and index_dir is None and found.parent in Path.cwd().parents
    joined, index_dir = found.parent if is_near else None, found
    with Termination("interrupted before anything was changed") as termination, progress_line(not quiet) as line:
        report = build(
            () if forget else paths,
            index_dir,
            engine=engine,
            rebuild=rebuild,
            check=check,
            dry_run=dry_run,
            forget=paths if forget else (),
            map=read_map(maps),
            jobs=jobs,
            wait=wait,
            on_progress=shown_on(line),
            alone=True,
        )
    if as_json:
        echo_json(report.to_dict())
    elif not quiet:
        if joined:
            click.echo(f"Into the index of {short_path(joined)}, which is above this folder")
        click.echo(build_summary(report, index_dir, verbose=verbose, color=wants_color("auto")), color=True)
    return termination.code if report.interrupted else FOUND


@click.command("read", context_settings=HELP_NAMES, short_help="Show what Byline makes of a file, and how it knows.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
@click.option("--jsonl", "as_jsonl", is_flag=True, help="Print one JSON document a line.")
@click.option("--verbose", "-v", is_flag=True, help="Show all that other rules found, not only what differs most.")
@map_option
@color_option
def read_command(
    files: tuple[Path, ...], as_json: bool, as_jsonl: bool, verbose: bool, maps: tuple[str, ...], color: str
) -> int:
    """Show the documents in files and folders: title, authors, date, body, and which rule found each value.

    Behind each value stand the rule and how likely it is right, from 0 to 1; below it, what other rules found.

    Nothing is stored, and no index is needed. Settings are those of the index that is near, or of ./byline.toml.

    \b
    Examples:
      byline read article.html
      byline read --json feed.jsonl | jq '.[].title'
      byline read posts.csv --map title=headline --map author=people.name
      byline read --jsonl articles > articles.jsonl

    What cannot be read is named on stderr with the reason. Hidden files in folders are passed over. Exit code: 0 done;
    2 when a file that was named could not be read, or nothing in a folder could (the others are still shown).
    """
    from index.commands.summary import document_text
    from index.document import Document
    from index.errors import ReadError
    from index.files.walk import source_of
    from index.home import find_index, home_of
    from index.processes.read_paths import read_paths
    from index.readers.decoding.encoding import BY_GUESS
    from index.reading_settings import read_map

    in_color = wants_color(color)
    index_dir = find_index(None, create=True)
    settings = _settings_of(index_dir).with_map(read_map(maps))
    home = home_of(index_dir)
    readable: dict[Path, bool] = {}
    shown: list[dict[str, Any]] = []
    first = True

    def show(document: Document) -> None:
        nonlocal first
        if as_json:
            shown.append(document.to_dict(candidates=True))
        elif as_jsonl:
            echo_json(document.to_dict(candidates=True), indent=None)
        else:
            text = document_text(document, verbose=verbose, color=in_color)
            click.echo(text if first else f"\n{text}", color=True)
            first = False

    for file in read_paths(dict.fromkeys(files), settings, isolated=True):
        is_folder = file.named.is_dir()
        folder = file.named if is_folder else file.named.parent
        name = (folder / file.source).as_posix()
        readable[file.named] = readable.get(file.named, False) or bool(file.documents)
        if isinstance(file.error, ReadError):
            complain(f"{'skipped ' if is_folder else ''}{name}: {file.error.what}")
        elif file.error:
            complain(str(file.error))
        for problem in file.problems:
            complain(f"{name}: {problem}" if problem.endswith(BY_GUESS) else f"{name}, read only in part: {problem}")
        for document in file.documents:
            show(document.with_source(source_of(folder / document.source, home)))
    for path in files:
        if path.is_dir() and not readable.get(path):
            complain(f"{path.as_posix()}: nothing here could be read")
    if as_json:
        echo_json(shown)
    return FOUND if all(readable.get(path) for path in files) else TROUBLE


def _settings_of(index_dir: Path) -> ReadingSettings:
    """What is set for reading beside an index, which may also know `--map`, and need not exist."""
    from index.errors import BylineError
    from index.settings import read_settings
    from index.storage.manifest import read_manifest

    settings = read_settings(index_dir).reading
    try:
        return settings.with_map(read_manifest(index_dir).map)
    except BylineError:
        return settings


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
    from index.commands.summary import inventory_text
    from index.home import find_index
    from index.upkeep.inventory import take_inventory

    inventory = take_inventory(find_index(index_dir, create=False))
    if as_json:
        echo_json(inventory.to_dict())
    else:
        click.echo(inventory_text(inventory))
    return FOUND
