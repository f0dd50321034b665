"""Reading one file to the end, as the processes of a build do with several at once."""

from __future__ import annotations

from index.processes.reading import finished, read_to_analyse
from index.processes.tasks import FileResult, Task


def read_and_analyse(task: Task) -> FileResult:
    """What becomes of one file; picklable, so that other processes can do it."""
    return finished(read_to_analyse(task))
