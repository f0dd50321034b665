"""The README's examples: found, run in a copy of `corpus/`, and compared with what the README says they print.

`python -m tests.readme` writes what they print now into the README.
"""

from __future__ import annotations

import ast
import doctest
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from search.query_language.guide import EXAMPLE_DAY, GUIDE

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

_DAYS_MEANT = re.compile(r"“.+” was read as \d{4}-")

# What differs from run to run, and what it is compared as.
_VARYING = [
    (re.compile(r"\b\d[\d,.]* (?:µs|ms|s)\b"), "<time>"),
    (re.compile(r"\b\d[\d,.]* documents a second\b"), "<rate>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"), "<moment>"),
]
_SIZE = (re.compile(r"\b\d[\d,.]* (?:bytes|kB|MB)\b"), "<size>")  # of an index, which differs a little likewise


@dataclass(frozen=True, slots=True)
class Example:
    """A command and what it prints; or, for `language` pycon, a Python session.

    Attributes:
        line: where it stands in the README, from 1.
        language: of its code block: console or pycon.
        code: the command without its prompt, or the session.
        output: what the README says the command prints; "" for a session.
    """

    line: int
    language: str
    code: str
    output: str


def examples(readme: str) -> Iterator[Example]:
    """Every command of every console block, and every pycon block, in order."""
    for block in _FENCE.finditer(readme):
        language, text = block.groups()
        first = readme.count("\n", 0, block.start(2)) + 1
        if language == "pycon":
            yield Example(first, language, text, "")
        elif language == "console":
            lines = text.splitlines(keepends=True)
            starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
            for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
                output = "".join(lines[start + 1 : end])
                yield Example(first + start, language, lines[start][2:].rstrip("\n"), output)


class Workplace:
    """A folder with a copy of `corpus/` and the command `byline`, where examples are run one after another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "articles"
        shutil.copytree(ROOT / "corpus", self.folder / "corpus")
        commands = folder / "bin"
        commands.mkdir()
        script = commands / "byline"
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from search.cli import main; main()" "$@"\n')
        script.chmod(0o755)
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("BYLINE_", "PYTHON"))
        } | {"PATH": f"{commands}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "HOME": str(folder)}

    def run(self, command: str) -> str:
        """What the command prints on a pipe, errors included."""
        return subprocess.run(
            ["sh", "-c", command],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
            check=False,
        ).stdout

    def count(self, query: str) -> int:
        """How many articles a query finds; -1 if it is not read as it is written or finds only some of the words.

        To say what days were meant is all that a notice may do.
        """
        from search import search

        with mock.patch("search.query_language.parser.local_day", return_value=EXAMPLE_DAY):
            results = search(query, index=self.folder / ".byline", limit=0)
        notices = [notice for notice in results.notices if not _DAYS_MEANT.match(notice.message)]
        return -1 if results.partial or notices else results.total


def corpus_alone(folder: Path) -> Workplace:
    """A place where nothing but `corpus/` is indexed, which examples may change."""
    place = Workplace(folder)
    place.run("byline index corpus")
    return place


def session_report(example: Example) -> str:
    """What goes wrong in a Python session run here; empty if it prints what it says."""
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    session = doctest.DocTestParser().get_doctest(example.code, {}, "README.md", "README.md", example.line)
    report: list[str] = []
    doctest.DocTestRunner(optionflags=options).run(session, out=report.append)
    return "".join(report)


def same(said: str, printed: str, *, of_one_size: bool = False) -> bool:
    """Whether a command printed what the README says. A line `…` there stands for any number of lines.

    Sizes may differ, unless they are to be the same, too.
    """
    for pattern, name in _VARYING if of_one_size else (*_VARYING, _SIZE):
        said, printed = pattern.sub(name, said), pattern.sub(name, printed)
    lines = [".*?" if line == "…\n" else re.escape(line) for line in said.splitlines(keepends=True)]
    return re.fullmatch("".join(lines), printed, re.DOTALL) is not None


def query_rows(readme: str) -> Iterator[tuple[str, int]]:
    """The rows of the table of the query language: a query, and how many articles of `corpus/` it finds."""
    for row in re.findall(r"^\| `(.+?)` \|.*\| (\d+) \|$", between(readme, "query language"), re.MULTILINE):
        yield row[0].replace("\\|", "|"), int(row[1])


def query_table(counts: Mapping[str, int]) -> str:
    """The table of the query language, with how many articles of `corpus/` each query finds."""

    def cell(text: str) -> str:
        return text.replace("|", "\\|")

    rows = ["| query | finds articles | in corpus/ |", "|---|---|---:|"]
    for topic, of_topic in GUIDE.items():
        rows.append(f"| **{topic}** | | |")
        rows += [f"| `{cell(query)}` | {cell(finds)} | {counts.get(query, -1)} |" for query, finds in of_topic]
    return "\n".join(rows)


def module_map() -> str:
    """A table of the packages and their modules, each with the first line of its docstring."""
    return "\n".join(["| where | what |", "|---|---|", *_map_rows(ROOT / "index"), *_map_rows(ROOT / "search")])


def _map_rows(package: Path) -> Iterator[str]:
    """The rows of a package: itself, its modules, then the packages within."""

    def summary(module: Path) -> str:
        return (ast.get_docstring(ast.parse(module.read_text("utf-8"))) or "").partition("\n")[0]

    name = package.relative_to(ROOT).as_posix()
    yield f"| **[{name}/]({name}/)** | **{summary(package / '__init__.py')}** |"
    for module in sorted(package.glob("*.py")):
        if not module.name.startswith("__"):
            yield f"| [{module.name}]({name}/{module.name}) | {summary(module)} |"
    for within in sorted(package.glob("*/__init__.py")):
        yield from _map_rows(within.parent)


def between(readme: str, marker: str) -> str:
    """What stands between `<!-- marker -->` and the next `<!-- end -->`."""
    return readme.partition(f"<!-- {marker} -->\n")[2].partition("<!-- end -->")[0]


def write_outputs() -> None:
    """Run every command and put what it prints now into the README, where that differs from what it says."""
    text = README.read_text("utf-8")
    marker = "<!-- map -->\n"
    text = text.replace(marker + between(text, "map"), f"{marker}\n{module_map()}\n\n")
    lines = text.splitlines(keepends=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Workplace(Path(folder))
        ran = [(example, place.run(example.code)) for example in examples(text) if example.language == "console"]
    with tempfile.TemporaryDirectory() as folder:
        place = corpus_alone(Path(folder))
        counts = {row.query: place.count(row.query) for of_topic in GUIDE.values() for row in of_topic}
    for example, printed in reversed(ran):
        if not same(example.output, printed, of_one_size=True):
            end = example.line + example.output.count("\n")
            lines[example.line : end] = printed.splitlines(keepends=True)
    text = "".join(lines)
    marker = "<!-- query language -->\n"
    text = text.replace(marker + between(text, "query language"), f"{marker}{query_table(counts)}\n")
    README.write_text(text, "utf-8")


if __name__ == "__main__":
    write_outputs()
