"""The commands that look after an index: `verify`, `compact`, `export` and `rebuild`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.console import (
    FOUND,
    HELP_NAMES,
    NOT_FOUND,
    TROUBLE,
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
    pass


@click.command("verify", context_settings=HELP_NAMES, short_help="Check the index for damage, and against the files.")
@index_option
@click.option("--quick", is_flag=True, help="Compare files by size and time alone, without reading them.")
@json_option
@quiet_option
@click.option("--verbose", "-v", is_flag=True, help="Name everything that was found, not only the first twenty.")
def verify_command(index_dir: Path | None, quick: bool, as_json: bool, quiet: bool, verbose: bool) -> int:
    """Check the index against its own checksums and against the files it was made of, and say what to do.

    It reads everything: the files of the index, every document in it, and every article on disk. Found are damaged
    files and documents; documents that are missing, or that no file has; files that are new, changed or gone; and bit
    rot: files whose content is another although size and time are the same. What searches go by is held to its
    checksums, and 200 documents are looked up by their rarest words. Nothing is changed, and no lock is taken.

    \b
    Examples:
      byline verify
      byline verify --quick                 without reading the articles' files
      byline verify --json | jq '.findings[].kind'

    Exit code: 0 nothing is wrong, 1 there are differences that `byline index` mends, 2 there is damage, or trouble.
    """
    from index.home import find_index
    from index.upkeep.verify import verify
    from index.upkeep.verify_findings import Severity, verification_text

    with progress_line(not quiet) as line:
        result = verify(find_index(index_dir, create=False), contents=not quick, on_progress=shown_on(line))
    if as_json:
        echo_json(result.to_dict())
    elif not quiet:
        click.echo(verification_text(result, verbose=verbose))
    if result.severity is None:
        return FOUND
    return TROUBLE if result.severity is Severity.DAMAGE else NOT_FOUND


@click.command("compact", context_settings=HELP_NAMES, short_help="Make the index smaller, without what was deleted.")
@index_option
@wait_option
@json_option
@quiet_option
def compact_command(index_dir: Path | None, wait: float, as_json: bool, quiet: bool) -> int:
    """Give back the room that deleted and replaced documents take up, and merge the index's pieces.

    No file is read: the documents are written anew as they are stored. Searches go on meanwhile, and until the end the
    old index stays in force, so that there must be room for both. An index looks after itself; this is for when much
    was deleted, or before it is copied somewhere.

    \b
    Examples:
      byline compact
      byline compact --index ~/articles/.byline --json

    Exit code: 0 done, also when there was nothing to do; 2 trouble; 130 after Ctrl-C, 143 after SIGTERM and 129 after
    SIGHUP (nothing is changed).
    """
    from index.commands.summary import size_text
    from index.commands.termination import Termination
    from index.home import find_index
    from index.upkeep.compact import compact

    found = find_index(index_dir, create=False)
    with Termination("interrupted: the index is as it was") as _, progress_line(not quiet) as line:
        done = compact(found, wait=wait, on_progress=shown_on(line))
    if as_json:
        echo_json(done.to_dict())
    elif not quiet:
        name = short_path(found)
        if done.was_loose:
            plural = "" if done.deleted == 1 else "s"
            click.echo(
                f"Compacted {name}: {size_text(done.bytes_before)}, now {size_text(done.bytes_after)}\n"
                f"Removed for good: {done.deleted:,} deleted document{plural}\n"
                f"Segments: {done.segments_before:,}, now {done.segments_after:,}"
            )
        else:
            click.echo(f"{name} is compact: {size_text(done.bytes_after)}, and nothing deleted is in it")
    return FOUND


@click.command("export", context_settings=HELP_NAMES, short_help="Write every document as a line of JSON.")
@click.option(
    "--output",
    "-o",
    "target",
    metavar="FILE|DIR/",
    type=click.Path(),
    help="Write there: to a file, replaced as a whole; or to a folder (DIR/) in parts. [default: stdout]",
)
@index_option
@quiet_option
def export_command(target: str | None, index_dir: Path | None, quiet: bool) -> int:
    """Write every document of the index as a line of JSON, with all that the index stores of it.

    `byline index` makes an equal index of that, of whatever version and engine: the same documents with the same ids,
    paths, authors, dates, rules and warnings. The articles' files are not needed. An index of more than 60 MB of text
    is best exported to a folder, in parts, since larger files are not indexed.

    \b
    Examples:
      byline export -o articles.jsonl
      byline export -o articles.jsonl.gz                      compressed
      byline export -o backup/                                in parts of 16 MB, for a large index
      byline index articles.jsonl --index new/.byline         and back
      byline export | jq -r 'select(.date == null) | .source'

    Paths that begin at the root lose it, as with tar. Where an article's own file is indexed beside the export, that
    has the path, and the copy is called articles.jsonl!/PATH for as long.

    A damaged index is exported as far as it can be read. Exit code: 0 done; 2 trouble, also when something was damaged
    (documents that are lost are named and counted, and all others are exported).
    """
    from index.home import find_index
    from index.upkeep.export import export

    found = find_index(index_dir, create=False)
    path = _output(target) if target is not None else None
    with progress_line(not quiet and path is not None) as line:
        done = export(found, path or sys.stdout.buffer, on_progress=shown_on(line))
    if not quiet and path is not None:
        plural = "" if done.documents == 1 else "s"
        parts = f" in {len(done.files):,} parts" if len(done.files) > 1 else ""
        click.echo(f"Exported {done.documents:,} document{plural} to {short_path(path)}{parts}")
    if done.is_too_large and not quiet:
        complain("this is more than byline index reads from one file; to index it, export parts: byline export -o DIR/")
    if done.outside and not quiet:
        complain(
            f"{done.outside:,} of these lie outside of the index's folder: indexed from the export, their paths begin "
            "without the root, and their ids are others"
        )
    if done.damage:
        complain(done.damage)
    if done.damaged_documents:
        named = ", ".join(done.damaged) + (", …" if done.damaged_documents > len(done.damaged) else "")
        what = "document is damaged and was" if done.damaged_documents == 1 else "documents are damaged and were"
        complain(f"{done.damaged_documents:,} {what} not exported{': ' * bool(named)}{named}")
    if done.damage or done.damaged_documents:
        complain(
            "All others were. Make the index anew, and keep what is stored of files that are gone: "
            "byline rebuild --stored"
        )
        return TROUBLE
    return FOUND


def _output(target: str) -> Path:
    """The file or folder to export to; a folder is made if it does not exist."""
    from index.errors import UsageError

    path = Path(target)
    if target.endswith(("/", "\\")):
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"this folder cannot be made: {error.strerror or error}", where=target, remedy="Name another."
            ) from error
    return path


@click.command("rebuild", context_settings=HELP_NAMES, short_help="Make the index anew, from the files it knows.")
@index_option
@click.option(
    "--stored",
    is_flag=True,
    help="Where a file is gone or cannot be read, keep its documents as the index stores them.",
)
@click.option("--engine", metavar="NAME", help="auto, whoosh or tantivy. [default: as before]")
@click.option(
    "--jobs", "-j", metavar="N", type=click.IntRange(1, 256), help="Processes that read. [default: one a core]"
)
@wait_option
@json_option
@quiet_option
@click.option("--verbose", "-v", is_flag=True, help="Name every skipped file, not only the first twenty.")
def rebuild_command(
    index_dir: Path | None,
    stored: bool,
    engine: str | None,
    jobs: int | None,
    wait: float,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Read every file again into a new index, then replace the old one: after damage, or for a new version of Byline.

    The folders are those that were indexed. Until the new index is whole, the old one stays in force. `byline index
    --rebuild PATH` does the same for other folders.

    With --stored, files that are gone or cannot be read do not matter: their documents are taken over from the old
    index, but for those that are damaged in it, which are named and counted. They stay until `byline index` next comes
    to their folder and finds the files gone or damaged. To keep them for good, export them first, and index the export.

    \b
    Examples:
      byline rebuild
      byline rebuild --stored               the disk with the articles is not mounted, or some are lost
      byline rebuild --engine tantivy

    Exit code: 0 done, 2 trouble, 130 after Ctrl-C, 143 after SIGTERM and 129 after SIGHUP (the old index stays).
    """
    from index.build import build
    from index.commands.summary import build_summary
    from index.commands.termination import Termination
    from index.home import find_index

    found = find_index(index_dir, create=False)
    with Termination("interrupted: the index is as it was") as termination, progress_line(not quiet) as line:
        report = build(
            (),
            found,
            engine=engine,
            rebuild=True,
            stored=stored,
            jobs=jobs,
            wait=wait,
            on_progress=shown_on(line),
            alone=True,
        )
    if as_json:
        echo_json(report.to_dict())
    elif not quiet:
        click.echo(build_summary(report, found, verbose=verbose, color=wants_color("auto")), color=True)
    return termination.code if report.interrupted else FOUND
