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
    beside = tests.add_parser("readers", help="many readers beside a writer")
    beside.add_argument("seconds", type=float)
    beside.add_argument("--readers", type=int, default=8, help="how many (default 8)")
    beside.add_argument("--stops", type=int, default=50, help="how often the writer is stopped (default 50)")
    tests.add_parser("disk", help="commands on a full disk").add_argument("rounds", type=int)
    tests.add_parser("bounds", help="commands whose files may not grow").add_argument("rounds", type=int)
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
            commits, seen = readers.run(work, arguments.seconds, arguments.readers)
            print(readers.as_text(commits, seen))
            stops: int = arguments.stops
            answered = readers.beside_a_stopped_writer(work / "stopped", stops, arguments.seed)
            print(f"{answered} of {stops} searches were answered while the writer stood still")
            is_well = commits > 1 and answered == stops and all(watch.searches and not watch.wrong for watch in seen)
            return 0 if is_well else 1
        elif arguments.test == "disk":
            print(disk.run(work, arguments.rounds, arguments.seed))
        elif arguments.test == "bounds":
            print(disk.bound(work, arguments.rounds, arguments.seed))
        else:
            print(disk.fill(arguments.disk, work, arguments.rounds, arguments.seed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
