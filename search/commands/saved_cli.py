"""The command `byline new`: what came in since the last look at a saved search."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from index.console import FOUND, HELP_NAMES, NOT_FOUND, echo_json, printable
from search.commands.complete_values import complete_searches
from search.commands.search_cli import output_options, take_output


@click.command("new", context_settings=HELP_NAMES, short_help="What came in since you last looked.")
@click.argument("name", metavar="[NAME]", required=False, shell_complete=complete_searches)
@click.option("--limit", "-n", metavar="N", type=int, default=10, show_default=True, help="How many hits to print.")
@click.option(
    "--snippets", metavar="N", type=int, default=2, show_default=True, help="How many passages to show of each article."
)
@click.option("--keep", is_flag=True, help="Only look: what is new now stays new.")
@click.option("--forget", is_flag=True, help="Forget the saved search.")
@output_options
def new_command(
    name: str | None, limit: int, snippets: int, keep: bool, forget: bool, index_dir: Path | None, **options: Any
) -> int:
    """List what came in since the last look at a saved search, the newest first; without NAME, list the saved searches.

    Save a search with byline search --save NAME QUERY. An article is new if neither its file, nor its address, nor its
    text was there at the last look: a file that was renamed or edited is not.

    \b
    Examples:
      byline search --save leaks coolant leak    save it
      byline new leaks                           what came in since
      byline new                                 the saved searches, and how much is new in each
      byline new leaks --forget

    Exit code: 0 when something is new (or there is a saved search), 1 when nothing is, 2 in trouble.
    """
    from index.errors import UsageError
    from index.home import find_index, home_of
    from search.exploring.news import news
    from search.exploring.saved import forget_search

    output = take_output(options)
    location = find_index(index_dir, create=False)
    if name is None:
        if forget:
            raise UsageError("--forget needs the name of a saved search")
        return _list(location, as_json=output.form in ("json", "jsonl"))
    if forget:
        forget_search(location, name)
        click.echo(f"Forgot {name}")
        return FOUND
    found = news(name, index=location, limit=limit, snippets=snippets, keep=keep)
    output.write(found.results, home_of(location))
    return FOUND if found.results.total else NOT_FOUND


def _list(location: Path, *, as_json: bool) -> int:
    from search.exploring.news import news, saved_searches

    searches = saved_searches(index=location)
    counts = [news(each.name, index=location, limit=0, keep=True).results.total for each in searches]
    if as_json:
        echo_json([{**each.to_dict(), "new": count} for each, count in zip(searches, counts, strict=True)])
    else:
        wide = max((len(each.name) for each in searches), default=0)
        for each, count in zip(searches, counts, strict=True):
            filters = f"  [{each.filters}]" if each.filters else ""
            click.echo(printable(f"{each.name:{wide}}  {count:5,} new  {each.query}{filters}"))
        if not searches:
            click.echo("No search is saved. Save one: byline search --save NAME QUERY", err=True)
    return FOUND if searches else NOT_FOUND
