"""What the catalog notes about the reading of a file: why nothing could be read of it, or which parts were not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

MAX_PROBLEMS = 100
"""How many parts of one file that were not read are noted; the run that reads the file names all."""

MAX_CHARACTERS = 500
"""How long such a note may be."""

HAS_FAILED = "error >= ' '"
"""In SQL: whether nothing could be read, or not lately. What was read in part only begins with a line feed."""

IS_IN_PART = "instr(error, char(10)) > 0"
"""In SQL: whether parts of what was read are missing."""

OF_PARTS = "substr({0}error, instr({0}error || char(10), char(10)))"
"""In SQL: what is noted of parts alone; to be formatted with the table, as in "f."."""


class Remarks(NamedTuple):
    """What is noted about one file.

    Attributes:
        failure: why it could not be read when it was tried last; empty if it could.
        problems: which parts of it were not read, or cannot be searched, and why.
    """

    failure: str = ""
    problems: tuple[str, ...] = ()

    def __str__(self) -> str:
        """As the catalog keeps it: the failure, and a line more for each of the problems."""
        return "\n".join((_line(self.failure), *self.problems))


def remarks(failure: str, problems: Sequence[str] = ()) -> Remarks:
    """What to note. A guessed encoding is none of it: all of the file was read."""
    from index.readers.decoding.encoding import BY_GUESS  # which a search that asks the catalog can do without

    noted = [_line(problem) for problem in problems if problem and not problem.endswith(BY_GUESS)]
    if len(noted) > MAX_PROBLEMS:
        noted[MAX_PROBLEMS - 1 :] = [f"and {len(noted) - MAX_PROBLEMS + 1:,} more parts"]
    return Remarks(failure, tuple(line[:MAX_CHARACTERS] for line in noted))


def as_noted(text: str) -> Remarks:
    """The remarks that the catalog keeps as `text`."""
    failure, *problems = text.split("\n")
    return Remarks(failure, tuple(problems))


def _line(text: str) -> str:
    return " ".join(text.splitlines())
