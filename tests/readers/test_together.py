"""Files that are read together: each gives what it gives by itself."""

from __future__ import annotations

from pathlib import Path

from index.processes.reading import results_of
from index.processes.tasks import FileResult, Task, to_analyse
from tests.reading import read_and_analyse

POST = "---\ntitle: {0}\nauthor: Ana Berg\n---\n\nThe ferry {0} was late again, and *nobody* said why.\n"
RECORDS = '{"title": "Ice", "body": "The harbour is frozen."}\n{"title": "Thaw", "body": "It is not."}\n'


def timeless(result: FileResult) -> FileResult:
    return result._replace(checked_ns=0)


def test_files_read_together_give_what_each_gives_alone(tmp_path: Path) -> None:
    texts = {"a.md": POST.format("Anna"), "b.jsonl": RECORDS, "c.md": " ", "d.txt": "Ice\n\nIt melts.\n", "e.pdf": "x"}
    texts |= {f"{number}.md": POST.format(number) for number in range(20)}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    tasks = [Task(str(tmp_path / name), name, len(text)) for name, text in texts.items()]
    tasks.insert(3, Task(str(tmp_path / "gone.md"), "gone.md", 1))

    together = list(results_of(tasks, to_analyse))

    assert [result.source for result in together] == [task.source for task in tasks]
    assert list(map(timeless, together)) == [timeless(read_and_analyse(task)) for task in tasks]
    assert [result.source for result in together if result.error] == ["c.md", "gone.md", "e.pdf"]


def test_a_file_whose_content_is_known_is_not_read_among_others_that_are(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(POST.format(name))
    first, second = (Task(str(tmp_path / name), name, 1) for name in ("a.md", "b.md"))
    known = first._replace(known_digest=read_and_analyse(first).digest)

    results = list(results_of([known, second], to_analyse))

    assert [(result.unchanged, len(result.documents)) for result in results] == [(True, 0), (False, 1)]
