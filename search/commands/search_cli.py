"""The commands that print hits: `search` and `similar`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from index.console import (
    FOUND,
    HELP_NAMES,
    NOT_FOUND,
    TROUBLE,
    color_option,
    complain,
    index_option,
    json_option,
    pager_option,
)
from search.commands.complete_values import complete_facets, complete_forms, complete_sorts
from search.commands.output import FORMS, Output, output_of
from search.results import SearchResults

Command = TypeVar("Command", bound=Callable[..., Any])


def _together(options: Sequence[Callable[[Any], Any]]) -> Callable[[Command], Command]:
    """Several options as one decorator, in the order in which the help shows them."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def _all_of(queries: Sequence[str]) -> str:
    """One query for what matches all of several."""
    queries = [query for query in queries if query.strip()]
    return " ".join(f"({query})" for query in queries) if len(queries) > 1 else "".join(queries)


output_options = _together(
    [
        json_option,
        click.option("--jsonl", "as_jsonl", is_flag=True, help="Print one JSON hit a line."),
        click.option("--csv", "as_csv", is_flag=True, help="Print comma-separated values, for spreadsheets."),
        click.option(
            "--format",
            "form",
            metavar="FORM",
            shell_complete=complete_forms,
            help=f"What to print: {', '.join(FORMS)}; or a template such as '{{date}} {{title}}'. [default: text]",
        ),
        click.option(
            "--fields",
            metavar="NAMES",
            help="Which fields to print of each hit: title,date,path,line,link… (alone: separated by tabs).",
        ),
        click.option("--lines/--no-lines", default=None, help="Print paths with the line of the passage."),
        click.option("--query-id", metavar="ID", default="1", help="The query's name in --format trec. [default: 1]"),
        color_option,
        pager_option,
        index_option,
    ]
)
"""How hits are printed; a command takes what they give by `take_output`."""

page_options = _together(
    [
        click.option(
            "--limit", "-n", metavar="N", type=int, default=10, show_default=True, help="How many hits to print."
        ),
        click.option("--offset", metavar="N", type=int, default=0, help="How many hits to leave out first."),
        click.option("--after", metavar="CURSOR", help="Go on after a page, by the “next” that its --json gives."),
        click.option(
            "--sort",
            metavar="BY",
            default="score",
            show_default=True,
            shell_complete=complete_sorts,
            help="By score, date, title or author; with :asc or :desc for a direction.",
        ),
        click.option(
            "--filters",
            metavar="QUERY",
            multiple=True,
            callback=lambda _ctx, _param, given: _all_of(given),
            help="What articles must match besides, without ranking them. Given again: that, too.",
        ),
        click.option(
            "--facets",
            metavar="NAMES",
            multiple=True,
            callback=lambda _ctx, _param, given: ",".join(given),
            shell_complete=complete_facets,
            help="Count authors and the like: author,year,month,language,section,folder.",
        ),
        click.option(
            "--facet-values",
            metavar="N",
            type=int,
            default=10,
            show_default=True,
            help="How many values of each to print.",
        ),
        click.option("--timeline", is_flag=True, help="Draw how many articles are of which time."),
        click.option(
            "--collapse/--no-collapse",
            default=True,
            help="Fold near-duplicates into the best of them. [default: yes]",
        ),
        click.option(
            "--snippets",
            metavar="N",
            type=int,
            default=2,
            show_default=True,
            help="How many passages to show of each article.",
        ),
        click.option(
            "--snippet-length",
            metavar="CHARS",
            type=int,
            default=240,
            show_default=True,
            help="How long a passage may be.",
        ),
        click.option(
            "--recency",
            metavar="HALF-LIFE",
            help="Newer articles first: 30d, 2w, 6m or 1y; none for none, whatever is set.",
        ),
        click.option("--explain", is_flag=True, help="Say what the score of each article is made of."),
        click.option(
            "--budget",
            metavar="SECONDS",
            type=float,
            help="How long a search may take; what it has by then is shown. [default: 10]",
        ),
    ]
)
"""Which hits, and what of them; named as the arguments of `search.api.search`."""


def take_output(options: dict[str, Any]) -> Output:
    """The output that a command's options ask for, which are taken out of them."""
    names = ("as_json", "as_jsonl", "as_csv", "form", "fields", "lines", "query_id", "color", "paged")
    return output_of(**{name: options.pop(name) for name in names})


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
                value = [next(rest, "--")] if takes_value[arg] else []
                if value == ["--"]:  # none follows; click would take the mark before the words for it
                    if ctx.resilient_parsing:
                        continue
                    raise click.BadOptionUsage(arg, f"Option “{arg}” requires an argument.", ctx=ctx)
                options += [arg, *value]
            elif arg.startswith("--") and len(arg) > 2:
                options.append(arg)  # --name=value, or an unknown option, which click reports
            elif (match := re.fullmatch(r"(-[a-zA-Z])[0-9]+", arg)) and takes_value.get(match[1]):
                options.append(arg)
            else:
                words.append(arg)
                if len(arg) > 2 and (option := f"-{arg}") in takes_value and not ctx.resilient_parsing:
                    complain(f"“{arg}” was read as “without {arg[1:]}”; the option is {option}")
        return super().parse_args(ctx, [*options, "--", *words])


@click.command("search", cls=QueryCommand, context_settings=HELP_NAMES, short_help="Find articles.")
@click.argument("query", metavar="QUERY...", nargs=-1)
@page_options
@click.option("--synonyms", metavar="FILE", help="A file of words that mean the same; none for none, whatever is set.")
@click.option("--expand/--no-expand", default=None, help="Rank and find by words of the best articles, too.")
@click.option("--save", metavar="NAME", help="Keep the search under a name; byline new NAME then says what came in.")
@output_options
def search_command(query: tuple[str, ...], save: str | None, index_dir: Path | None, **options: Any) -> int:
    """Find the articles that match a query, the best first.

    \b
    Examples:
      byline search coolant leak                 both words, in any form: leak, leaks, leaked
      byline search '"coolant leak"'             the exact phrase
      byline search coolant OR ammonia           either word
      byline search coolant NEAR/5 leak          both, close together
      byline search coolant -soyuz               without a word
      byline search author:AFP date:2022-12      by field; byline help query lists all there is
      byline search 'date:"last month"' leak     by date
      byline search 'astro*'                     words that begin so
      byline search --recency 30d leak           newer articles first
      byline search --sort date:asc leak         the oldest first
      byline search --facets author,year leak    who wrote how many, and when
      byline search --timeline -n 0 leak         the same as a picture
      byline search --explain leak               with what each score is made of
      byline search --save leaks leak            keep it; byline new leaks says what came in since
      byline search --format '{date} {title}' leak
      byline search --csv leak > leak.csv        for a spreadsheet
      byline search --jsonl leak | jq .title     for a program
      byline search --format html leak > leak.html

    Exit code: 0 when something was found, 1 when nothing was, 2 in trouble.
    """
    output = take_output(options)
    text = " ".join(query)
    if not query and not options["filters"].strip():
        raise click.UsageError("Missing argument “QUERY...”")
    results = _found(text, index_dir, **options)
    is_kept = save is None or _save(save, text, options["filters"], index_dir)  # when nothing is wrong with the search
    code = _print_hits(results, index_dir, output)
    return code if is_kept else TROUBLE


@click.command("similar", context_settings=HELP_NAMES, short_help="Find articles like one.")
@click.argument("article", metavar="ARTICLE", nargs=-1, required=True)
@page_options
@output_options
def similar_command(article: tuple[str, ...], index_dir: Path | None, **options: Any) -> int:
    """Find articles like one: those that share most of the words that are typical of it.

    ARTICLE is what a search prints: an id, the beginning of one, a path, or an address.

    \b
    Examples:
      byline similar 3f9a
      byline similar articles/leak.md --filters date:2022
      byline similar articles/leak.md --facets author

    Exit code: 0 when something was found, 1 when nothing was or there is no such article, 2 in trouble.
    """
    from index.errors import DocumentNotFound
    from search.commands.show_cli import article_named, one_name, several_articles

    output = take_output(options)
    name = one_name(article)
    try:
        known = article_named(name, index_dir)
    except DocumentNotFound as error:
        if several_articles(name, index_dir, "byline similar"):
            return TROUBLE
        complain(str(error))
        return NOT_FOUND
    return _print_hits(_found("", index_dir, like=known.id, **options), index_dir, output)


def _save(name: str, query: str, filters: str, index_dir: Path | None) -> bool:
    """Save a search, and say so, or why it cannot be saved; whether it was."""
    from index.errors import BylineError
    from search.exploring.news import save_search

    try:
        saved = save_search(name, query, filters=filters, index=index_dir)
    except BylineError as error:
        complain(str(error))
        return False
    complain(f"saved as “{saved.name}”; byline new {saved.name} says what came in since")
    return True


def _found(query: str, index_dir: Path | None, **options: Any) -> SearchResults:
    from search.api import search
    from search.arguments import ArgumentError

    try:
        return search(query, index=index_dir, **options)
    except ArgumentError as error:
        options_named = click.get_current_context().command.params
        names = next((option.opts for option in options_named if option.name == error.name), [])
        raise error.of_option(sorted(names, key=len)) from None


def _print_hits(results: SearchResults, index_dir: Path | None, output: Output) -> int:
    from index.home import find_index, home_of

    output.write(results, home_of(find_index(index_dir, create=False)))
    return FOUND if results or (results.total and not results.limit) else NOT_FOUND
