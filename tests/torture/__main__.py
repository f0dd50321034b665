"""The command line of the long tests; see `tests.torture`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.torture import disk, kills, readers


def main() -> int:
    """Run one of them; 0 when nothing went wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.torture", description="Long tests of what an index survives."
    )
    parser.add_argument(
        "--work", type=Path, metavar="DIR", help="an empty folder to work in (default: a temporary one)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of all that is random but the scheduling (default 1)")
    tests = parser.add_subparsers(dest="test", required=True, metavar="TEST")
    tests.add_parser("kills", help="kill commands at random moments").add_argument("count", type=int)
    tests.add_parser("readers", help="eight readers beside a writer").add_argument("seconds", type=float)
    tests.add_parser("disk", help="commands on a full disk").add_argument("rounds", type=int)
    inside = tests.add_parser("inside", help="the same on a small disk that is there")
    inside.add_argument("disk", type=Path)
    inside.add_argument("rounds", type=int)
    arguments = parser.parse_args()

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    with ExitStack() as stack:
        work: Path = arguments.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        work.mkdir(parents=True, exist_ok=True)
        if arguments.test == "kills":
            print(kills.Torture(work, arguments.seed).run(arguments.count, say))
        elif arguments.test == "readers":
            commits, seen = readers.run(work, arguments.seconds)
            print(readers.as_text(commits, seen))
            return 1 if any(watch.wrong for watch in seen) else 0
        elif arguments.test == "disk":
            print(disk.run(work, arguments.rounds))
        else:
            disk.fill(arguments.disk, work, arguments.rounds, print)
    return 0


if __name__ == "__main__":
    sys.exit(main())
