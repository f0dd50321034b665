"""The command `byline suggest`."""

from __future__ import annotations

from pathlib import Path

import click

from index.console import FOUND, HELP_NAMES, NOT_FOUND, echo_json, index_option, json_option, printable


@click.command("suggest", context_settings=HELP_NAMES, short_help="Complete a word or a title.")
@click.argument("prefix", metavar="PREFIX...", nargs=-1, required=True)
@click.option(
    "--limit", "-n", metavar="N", type=int, default=10, show_default=True, help="How many words, and how many titles."
)
@json_option
@index_option
def suggest_command(prefix: tuple[str, ...], limit: int, as_json: bool, index_dir: Path | None) -> int:
    """Complete the last word of PREFIX, and titles that begin with it, one a line, the commonest first.

    Words stand in lower case and without accents, titles as they are written. Other words before the last one
    narrow what is offered to what shares an article with them.

    \b
    Examples:
      byline suggest cool                        cool, coolant, cooling …
      byline suggest coolant le                  coolant leak, coolant leaks …
      byline suggest author:a                    by a field
      byline suggest section:                    the sections there are
      byline suggest --json cool                 with how many articles hold each

    Exit code: 0 when there is something to suggest, 1 when there is nothing, 2 in trouble.
    """
    from index.errors import UsageError
    from index.home import find_index
    from index.settings import read_settings
    from index.storage.store import Store
    from search.exploring.completion import Completer
    from search.tuning import tuning

    if not 0 <= limit <= 1_000:
        raise UsageError(f"-n/--limit is {limit:,}; it must lie between 0 and 1,000")
    location = find_index(index_dir, create=False)
    with Store.open(location) as store:
        languages = tuning(read_settings(location), store.manifest).languages
        found = Completer(store.searcher(), languages, store.manifest.settings.facets).complete(" ".join(prefix), limit)
    if as_json:
        echo_json(found.to_dict())
    else:
        for suggestion in (*found.words, *found.titles):
            click.echo(printable(suggestion.text))
    return FOUND if found else NOT_FOUND
