"""The command `byline`, and the commands that search: `search`, `show` and `completion`."""

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
    LazyGroup,
    color_option,
    columns,
    complain,
    echo_json,
    index_option,
    json_option,
    printable,
    wants_color,
)
from index.version import VERSION

if TYPE_CHECKING:
    from index.document import Document

LEAST_OF_AN_ID = 4  # characters that `search.api.document` takes for the beginning of an id

COMMANDS = {
    "index": "index.cli:index_command",
    "search": "search.cli:search_command",
    "show": "search.cli:show_command",
    "read": "index.cli:read_command",
    "info": "index.cli:info_command",
    "eval": "search.eval_cli:eval_command",
    "completion": "search.cli:completion_command",
}


def _print_version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    click.echo(f"byline {VERSION}")
    ctx.exit()


byline = LazyGroup(
    "byline",
    commands_at=COMMANDS,
    context_settings=HELP_NAMES,
    help="""Full-text search for a folder of articles.

    \b
    Start here:
      byline index articles            read a folder of articles into an index
      byline search coolant leak       find articles that hold both words
      byline COMMAND --help            more about a command, with examples

    Exit codes are grep's: 0 found or done, 1 nothing found, 2 trouble.
    """,
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_print_version,
            help="Show the version and exit.",
        )
    ],
)


def main() -> None:
    """What the installed command `byline` runs."""
    byline.main()


class QueryCommand(click.Command):
    """A command whose words are a query, where `-word` means "without this word".

    Click would read `-leak` as the four options -l -e -a -k. Here a single dash starts an option only when the whole
    argument is one (`-n`, `-n5`); everything else that is no `--option` is a word of the query, wherever it stands.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Sort the arguments into options and words of the query, then let click read them."""
        takes_value: dict[str, bool] = {}
        for parameter in self.get_params(ctx):
            if isinstance(parameter, click.Option):
                names = [*parameter.opts, *parameter.secondary_opts]
                takes_value |= dict.fromkeys(names, not (parameter.is_flag or parameter.count))
        options: list[str] = []
        words: list[str] = []
        rest = iter(args)
        for arg in rest:
            if arg == "--":
                words += rest
            elif arg in takes_value:
                options.append(arg)
                if takes_value[arg]:
                    options += [value for value in [next(rest, None)] if value is not None]
            elif arg.startswith("--") and len(arg) > 2:
                options.append(arg)  # --name=value, or an unknown option, which click reports
            elif (match := re.fullmatch(r"(-[a-zA-Z])[0-9]+", arg)) and takes_value.get(match[1]):
                options.append(arg)
            else:
                words.append(arg)
        return super().parse_args(ctx, [*options, "--", *words])


@click.command("search", cls=QueryCommand, context_settings=HELP_NAMES, short_help="Find articles.")
@click.argument("query", metavar="QUERY...", nargs=-1, required=True)
@click.option("--limit", "-n", metavar="N", type=int, default=10, show_default=True, help="How many hits to print.")
@click.option("--offset", metavar="N", type=int, default=0, help="How many hits to leave out first.")
@click.option(
    "--snippets",
    metavar="N",
    type=int,
    default=2,
    show_default=True,
    help="How many passages to show of each article.",
)
@click.option(
    "--snippet-length",
    metavar="CHARS",
    type=int,
    default=240,
    show_default=True,
    help="How long a passage may be.",
)
@click.option(
    "--recency", metavar="HALF-LIFE", help="Newer articles first: 30d, 2w, 6m or 1y; none for none, whatever is set."
)
@click.option("--synonyms", metavar="FILE", help="A file of words that mean the same; none for none, whatever is set.")
@click.option("--expand/--no-expand", default=None, help="Rank and find by words of the best articles, too.")
@click.option("--explain", is_flag=True, help="Say what the score of each article is made of.")
@json_option
@click.option("--jsonl", "as_jsonl", is_flag=True, help="Print one JSON hit a line.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "markdown", "json", "jsonl"]),
    default="text",
    show_default=True,
    help="What to print: text for people, a whole HTML page, Markdown, or JSON.",
)
@color_option
@index_option
def search_command(
    query: tuple[str, ...],
    limit: int,
    offset: int,
    snippets: int,
    snippet_length: int,
    recency: str | None,
    synonyms: str | None,
    expand: bool | None,
    explain: bool,
    as_json: bool,
    as_jsonl: bool,
    form: str,
    color: str,
    index_dir: Path | None,
) -> int:
    """Find the articles that match a query, the best first.

    \b
    Examples:
      byline search coolant leak                 both words, in any form: leak, leaks, leaked
      byline search '"coolant leak"'             the exact phrase
      byline search coolant OR ammonia           either word
      byline search coolant -soyuz               without a word
      byline search author:AFP date:2022-12      by field
      byline search 'date:[2022-12-01 TO 2022-12-24]'
      byline search 'astro*'                     words that begin so
      byline search --recency 30d leak           newer articles first
      byline search --explain leak               with what each score is made of
      byline search --jsonl leak | jq .title     for a program
      byline search --format html leak > leak.html

    Exit code: 0 when something was found, 1 when nothing was, 2 in trouble.
    """
    from search.api import search

    results = search(
        " ".join(query),
        index=index_dir,
        limit=limit,
        offset=offset,
        snippets=snippets,
        snippet_length=snippet_length,
        recency=recency,
        synonyms=synonyms,
        expand=expand,
        explain=explain,
    )
    if as_json or form == "json":
        echo_json(results.to_dict())
    elif as_jsonl or form == "jsonl":
        for notice in results.notices:
            complain(notice.message)
        for hit in results:
            echo_json(hit.to_dict(), indent=None)
    elif form == "html":
        from search.render import html

        click.echo(html.results(results, page=True), nl=False, color=True)
    elif form == "markdown":
        from search.render import markdown

        click.echo(markdown.results(results), nl=False, color=True)
    else:
        from search.render import terminal

        click.echo(terminal.results(results, width=columns(), color=wants_color(color)), nl=False, color=True)
    return FOUND if results or (results.total and not limit) else NOT_FOUND


@click.command("show", context_settings=HELP_NAMES, short_help="Print one article.")
@click.argument("id", metavar="ID")
@click.option("--query", "-q", metavar="QUERY", default="", help="Mark what matches this query.")
@json_option
@color_option
@index_option
def show_command(id: str, query: str, as_json: bool, color: str, index_dir: Path | None) -> int:
    """Print one article from the index.

    ID is what a search prints: an id, the beginning of one that no other article has (four characters or more), a
    path, or an address. An article of a file that holds several is named by its number, too: feed.jsonl#3.

    \b
    Examples:
      byline show 3f9a
      byline show 3f9a -q 'coolant leak'         with its matches marked
      byline show articles/leak.md --json
      byline show articles/feed.jsonl            lists the articles of a file that holds several

    Exit code: 0, 1 when there is no such article, 2 in trouble or when a file holds several.
    """
    from index.errors import DocumentNotFound

    try:
        found = _article(id, index_dir)
    except DocumentNotFound as error:
        if _several_articles(id, index_dir):
            return TROUBLE
        complain(str(error))
        return NOT_FOUND
    if as_json:
        echo_json(found.to_dict())
        return FOUND
    from search.api import marks
    from search.render import terminal

    marked = marks(found, query, index=index_dir) if query else None
    click.echo(terminal.document(found, marked, width=columns(), color=wants_color(color)), nl=False, color=True)
    return FOUND


def _article(name: str, index_dir: Path | None) -> Document:
    """The article of this name; failing that, the one that has this path as seen from here."""
    from index.errors import DocumentNotFound
    from search.api import document

    try:
        return document(name, index=index_dir)
    except DocumentNotFound as error:
        source = _seen_from_here(name, index_dir)
        if source != name:
            with suppress(DocumentNotFound):
                return document(source, index=index_dir)
        if len(name) < LEAST_OF_AN_ID:
            remedy = f"Of an id at least {LEAST_OF_AN_ID} characters are needed"
            raise DocumentNotFound(error.what, where=error.where, remedy=remedy) from None
        raise


def _several_articles(name: str, index_dir: Path | None) -> bool:
    """If `name` is a file of several articles, list them on stderr."""
    from search.files import articles_of

    for source in dict.fromkeys((name, _seen_from_here(name, index_dir))):
        total, first = articles_of(source, index=index_dir)
        if total:
            example = first[0].source if first else f"{source}#1"
            complain(f"{source}: this file holds {total:,} articles. Name one of them: byline show '{example}'")
            for article in first:
                click.echo(printable(f"  {article.id}  {article.source}  {article.title}".rstrip()), err=True)
            if total > len(first):
                click.echo(f"  and {total - len(first):,} more", err=True)
            return True
    return False


def _seen_from_here(name: str, index_dir: Path | None) -> str:
    """What a path that is written as seen from the current folder is called in the index."""
    from index.home import find_index, home_of
    from index.walk import source_of

    return source_of(Path(name), home_of(find_index(index_dir, create=False)))


@click.command("completion", context_settings=HELP_NAMES, short_help="Print a shell's completion script.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(shell: str) -> int:
    """Print the script that lets a shell complete byline's commands and options.

    \b
    Examples:
      eval "$(byline completion bash)"           in ~/.bashrc
      eval "$(byline completion zsh)"            in ~/.zshrc
      byline completion fish > ~/.config/fish/completions/byline.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(byline, {}, "byline", "_BYLINE_COMPLETE").source())
    return FOUND
