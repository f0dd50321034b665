"""The command `byline help`: the query language as a table, and what the other commands say with --help."""

from __future__ import annotations

import shutil
import textwrap

import click

from index.console import FOUND, HELP_NAMES, TROUBLE, complain
from search.commands.complete_values import complete_topics

QUERY_TOPIC = "query"
_GAP = 2
_MOST_QUERY_COLUMNS = 34
_LEAST_TEXT_COLUMNS = 20


@click.command("help", context_settings=HELP_NAMES, short_help="Explain the query language, or a command.")
@click.argument("topic", metavar="[TOPIC]", required=False, default="", shell_complete=complete_topics)
@click.pass_context
def help_command(ctx: click.Context, topic: str) -> int:
    """Explain the query language, or a command.

    \b
    Examples:
      byline help                      what there is help about
      byline help query                all that a query may hold
      byline help search               the same as byline search --help
    """
    group = ctx.parent.command if ctx.parent else None
    assert isinstance(group, click.Group)
    assert ctx.parent is not None
    if topic == QUERY_TOPIC:
        click.echo(query_guide(shutil.get_terminal_size().columns), nl=False)
        return FOUND
    if not topic:
        click.echo(_topics(group, ctx.parent), nl=False)
        return FOUND
    command = group.get_command(ctx.parent, topic)
    if command is None:
        names = ", ".join([QUERY_TOPIC, *group.list_commands(ctx.parent)])
        complain(f"there is no help about {topic}; there is about {names}")
        return TROUBLE
    with click.Context(command, parent=ctx.parent, info_name=topic) as sub:
        click.echo(command.get_help(sub))
    return FOUND


def query_guide(columns: int) -> str:
    """The query language as text of so many columns: by topic, each query with what it finds."""
    from search.query_language.guide import EXAMPLE_DAY, GUIDE

    queries = [row.query for rows in GUIDE.values() for row in rows]
    wide = max(len(query) for query in queries if len(query) <= _MOST_QUERY_COLUMNS) + _GAP
    room = columns - wide - _GAP
    lines = ["What a query may hold, and which articles it finds:"]
    for topic, rows in GUIDE.items():
        lines += ["", topic]
        for query, finds in rows:
            text = finds.replace("`", "")
            if room < _LEAST_TEXT_COLUMNS or len(query) + _GAP > wide:
                lines.append(f"{'':{_GAP}}{query}")
                lines += textwrap.wrap(
                    text, max(columns, _LEAST_TEXT_COLUMNS), initial_indent=" " * 6, subsequent_indent=" " * 6
                )
                continue
            first, *rest = textwrap.wrap(text, room)
            lines.append(f"{'':{_GAP}}{query:{wide}}{first}")
            lines += [f"{'':{_GAP + wide}}{line}" for line in rest]
    end = (
        "Put the query into single quotes for the shell. Capitals matter only for AND, OR, NOT and NEAR. No query is "
        "an error because of how it is written: the results say how it was read. Dates count from today, here; in "
        f"these examples that is {EXAMPLE_DAY}."
    )
    return "\n".join([*lines, "", *textwrap.wrap(end, max(columns, _LEAST_TEXT_COLUMNS))]) + "\n"


def _topics(group: click.Group, ctx: click.Context) -> str:
    rows = [(QUERY_TOPIC, "All that a query may hold, with examples.")]
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if command is not None:
            rows.append((name, command.get_short_help_str(80)))
    formatter = ctx.make_formatter()
    formatter.write_usage("byline help", "TOPIC")
    with formatter.section("Topics"):
        formatter.write_dl(rows)
    return formatter.getvalue()
