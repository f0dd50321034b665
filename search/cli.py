"""The command `byline`: where its commands are, and the completion of their names."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

try:
    import click

    from index.console import FOUND, HELP_NAMES, INTERRUPTED, TROUBLE, LazyGroup
    from index.version import VERSION
except KeyboardInterrupt:  # Ctrl-C at once, before anything else could catch it
    raise SystemExit(130) from None

COMMANDS = {
    "index": "index.cli:index_command",
    "watch": "index.commands.watch_cli:watch_command",
    "search": "search.commands.search_cli:search_command",
    "similar": "search.commands.search_cli:similar_command",
    "new": "search.commands.saved_cli:new_command",
    "show": "search.commands.show_cli:show_command",
    "read": "index.cli:read_command",
    "info": "index.cli:info_command",
    "verify": "index.commands.upkeep_cli:verify_command",
    "compact": "index.commands.upkeep_cli:compact_command",
    "export": "index.commands.upkeep_cli:export_command",
    "rebuild": "index.commands.upkeep_cli:rebuild_command",
    "eval": "search.commands.eval_cli:eval_command",
    "suggest": "search.commands.suggest_cli:suggest_command",
    "completion": "search.cli:completion_command",
    "help": "search.commands.help_cli:help_command",
}


def _print_version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    click.echo(f"byline {VERSION}")
    ctx.exit()


byline = LazyGroup(
    "byline",
    commands_at=COMMANDS,
    takes_words="search",
    context_settings=HELP_NAMES,
    help="""Full-text search for a folder of articles.

    \b
    Start here:
      byline index articles            read a folder of articles into an index
      byline search coolant leak       find articles that hold both words
      byline help query                all that a query may hold
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


def main(args: Sequence[str] | None = None) -> None:
    """What the installed command `byline` runs."""
    try:
        byline.main(args)
    except SystemExit as end:
        deadline = sys.modules.get("index.engines.deadline")
        if deadline is not None and deadline.is_any_left_behind():
            # Threads of a library must not meet an interpreter that is being taken down.
            os._exit(end.code if isinstance(end.code, int) else TROUBLE)
        gc.freeze()  # else all there is would be gone through for garbage once more, a tenth of a search's time
        raise
    except KeyboardInterrupt:  # just before or after the command
        raise SystemExit(INTERRUPTED) from None


@click.command("completion", context_settings=HELP_NAMES, short_help="Print a shell's completion script.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), metavar="bash|zsh|fish")
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
