"""The command `byline show`: one article from the index, by whatever name a person has for it."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.console import (
    FOUND,
    HELP_NAMES,
    NOT_FOUND,
    TROUBLE,
    color_option,
    columns,
    complain,
    echo_json,
    index_option,
    json_option,
    pager_option,
    printable,
    show_pages,
    wants_color,
)

if TYPE_CHECKING:
    from index.document import Document

_PATH_AND_LINE = re.compile(r"(.+):\d+")  # as a search prints it

LEAST_OF_AN_ID = 4  # characters that `search.api.document` takes for the beginning of an id


@click.command("show", context_settings=HELP_NAMES, short_help="Print one article.")
@click.argument("id", metavar="ID", nargs=-1, required=True)
@click.option("--query", "-q", metavar="QUERY", default="", help="Mark what matches this query.")
@json_option
@color_option
@pager_option
@index_option
def show_command(
    id: tuple[str, ...], query: str, as_json: bool, color: str, paged: bool, index_dir: Path | None
) -> int:
    """Print one article from the index.

    ID is what a search prints: an id, the beginning of one that no other article has (four characters or more), a
    path, or an address. An article of a file that holds several is named by its number, too: feed.jsonl#3.

    What is printed is what was indexed. A line says so when the file has changed since, or is gone; in --json, "stale"
    is then "changed" or "gone".

    \b
    Examples:
      byline show 3f9a
      byline show 3f9a -q 'coolant leak'         with its matches marked
      byline show articles/leak.md --json
      byline show articles/feed.jsonl            lists the articles of a file that holds several

    Exit code: 0, 1 when there is no such article, 2 in trouble or when a file holds several.
    """
    from index.errors import DocumentNotFound

    name = one_name(id)
    try:
        found = article_named(name, index_dir)
    except DocumentNotFound as error:
        if several_articles(name, index_dir, "byline show"):
            return TROUBLE
        complain(str(error))
        return NOT_FOUND
    from search.api import marks, stale

    become = stale(found, index=index_dir)
    if as_json:
        echo_json(found.to_dict() | ({"stale": become} if become else {}))
        return FOUND
    from search.render import terminal

    marked = marks(found, query, index=index_dir) if query else None
    text = terminal.document(found, marked, stale=become, width=columns(), color=wants_color(color))
    show_pages(text, paged=paged)
    return FOUND


def one_name(words: tuple[str, ...]) -> str:
    """The name of one article. Raises UsageError where there are several words, which name none."""
    from index.errors import UsageError

    if len(words) > 1:
        raise UsageError(
            "this wants one id, path or address (one with spaces in quotation marks)",
            remedy=f"To search: byline search {' '.join(words)}",
        )
    return words[0]


def article_named(name: str, index_dir: Path | None) -> Document:
    """The article of this name; failing that, the one that has this path as seen from here."""
    from index.errors import DocumentNotFound
    from search.api import document

    try:
        return document(name, index=index_dir)
    except DocumentNotFound as error:
        with_line = _PATH_AND_LINE.fullmatch(name)
        for path in dict.fromkeys((name, with_line[1] if with_line else name)):
            source = _seen_from_here(path, index_dir)
            if source != name:
                with suppress(DocumentNotFound):
                    return document(source, index=index_dir)
        if len(name) < LEAST_OF_AN_ID:
            remedy = f"Of an id, write at least {LEAST_OF_AN_ID} characters"
            raise DocumentNotFound(error.what, where=error.where, remedy=remedy) from None
        raise


def several_articles(name: str, index_dir: Path | None, command: str) -> bool:
    """If `name` is a file of several articles, list them on stderr, for `command` to be given one of them."""
    from search.exploring.articles_of_file import articles_of

    for source in dict.fromkeys((name, _seen_from_here(name, index_dir))):
        total, first = articles_of(source, index=index_dir)
        if total:
            example = first[0].source if first else f"{source}#1"
            complain(f"{source}: this file holds {total:,} articles. Name one of them: {command} '{example}'")
            for article in first:
                click.echo(printable(f"  {article.id}  {article.source}  {article.title}".rstrip()), err=True)
            if total > len(first):
                click.echo(f"  and {total - len(first):,} more", err=True)
            return True
    return False


def _seen_from_here(name: str, index_dir: Path | None) -> str:
    """What a path that is written as seen from the current folder is called in the index."""
    from index.files.walk import source_of
    from index.home import find_index, home_of

    return source_of(Path(name), home_of(find_index(index_dir, create=False)))
