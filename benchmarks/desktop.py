"""Recoll as a contender: what a person would install who wants to search a folder without writing a script.

It needs Recoll's programs and its Python module, which belongs to the system's Python (`apt install recollcmd
python3-recoll` on Debian), so searches are asked of a process of that.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from benchmarks.contenders import Answer, Search
from benchmarks.queries import BenchQuery, QueryClass

_WORKER = Path(__file__).with_name("recoll_worker.py")


class Recoll:
    """`recollindex` with its default settings, and the search and abstracts of its Python module.

    It takes Markdown for plain text, so titles and authors are words of the text, and dates are those of the files.
    """

    name = "recoll"
    library = ""
    program = "recollindex"
    interpreter = "/usr/bin/python3"
    reads_otherwise = frozenset([QueryClass.DATES, QueryClass.WORD_IN_DATES])

    def build(self, articles: Path, location: Path) -> None:
        """Index the folder in one go."""
        (location / "recoll.conf").write_text(f"topdirs = {articles.absolute()}\nloglevel = 1\n")
        subprocess.run(
            [shutil.which(self.program) or self.program, "-c", str(location), "-z"],
            check=True,
            env=_surroundings(location),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def open(self, location: Path) -> Search:
        """Ten hits with their abstracts. The pipe to the process adds some 0.05 ms to each search."""
        return _Worker([self.interpreter, str(_WORKER), str(location)], _surroundings(location))


def _surroundings(location: Path) -> dict[str, str]:
    """The variables of a process of Recoll's: it notes things in the home folder, which is to be none of a person."""
    return os.environ | {"HOME": str(location.absolute()), "XDG_CONFIG_HOME": str(location.absolute() / "config")}


class _Worker:
    """A process that answers queries until this is garbage."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, query: BenchQuery) -> Answer:
        asked, answers = self._process.stdin, self._process.stdout
        assert asked is not None and answers is not None
        print(json.dumps(recoll_query(query)), file=asked, flush=True)
        return Answer(*json.loads(answers.readline()))

    def __del__(self) -> None:
        with self._process:  # which closes the pipes and waits
            pass


def recoll_query(query: BenchQuery) -> str:
    """The query in Recoll's language."""
    dates = f"date:{query.first}/{query.last}"
    match query.kind:
        case QueryClass.DATES:
            return dates
        case QueryClass.WORD_IN_DATES:
            return f"{query.words[0]} {dates}"
        case QueryClass.NEGATION:
            return f"{query.words[0]} -{query.excluded}"
        case _:
            return query.typed()
