"""`python -m index`: the commands that need no query. `python -m index PATH` is `byline index PATH`."""

from __future__ import annotations

import sys

from index.console import HELP_NAMES, LazyGroup

COMMANDS = {
    "index": "index.cli:index_command",
    "read": "index.cli:read_command",
    "info": "index.cli:info_command",
}

group = LazyGroup(
    "python -m index",
    commands_at=COMMANDS,
    context_settings=HELP_NAMES,
    help="Read articles and keep an index of them. Without a command's name: index.",
)


def with_command(args: list[str]) -> list[str]:
    """`args`, with the command `index` put first when they name none."""
    named = args and (args[0] in COMMANDS or args[0] in ("-h", "--help"))
    return args if named else ["index", *args]


if __name__ == "__main__":
    group.main(with_command(sys.argv[1:]))
