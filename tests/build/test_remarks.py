"""What was read only in part is said by every run, not only by the one that read the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import build
from index.catalog.remarks import MAX_PROBLEMS, as_noted, remarks
from index.commands.summary import inventory_text
from index.errors import ReadError
from index.updating.report import BuildReport
from index.upkeep.inventory import take_inventory
from tests.build.articles import write


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write(tmp_path / "corpus" / "a.md", "A harbour.")
    (tmp_path / "corpus" / "lines.jsonl").write_text('{"title": "One", "body": "A river."}\nnot JSON\n')
    build([tmp_path / "corpus"], tmp_path / ".byline")
    return tmp_path


def partly(report: BuildReport) -> list[str]:
    return [problem.source for problem in report.problems]


def test_it_is_repeated_until_the_file_is_mended(home: Path) -> None:
    index = home / ".byline"
    file = home / "corpus" / "lines.jsonl"
    for _ in range(2):
        again = build([], index)
        assert (partly(again), again.unchanged, again.skipped, again.indexed) == (["corpus/lines.jsonl"], 2, (), 0)
        assert again.problems[0].reason.startswith("line 2 is not JSON")
    file.touch()
    touched = build([], index)
    assert (partly(touched), touched.unchanged, touched.changed) == (["corpus/lines.jsonl"], 2, 0)
    assert partly(build([], index, dry_run=True)) == ["corpus/lines.jsonl"]
    file.write_text('{"title": "One", "body": "A river."}\n{"title": "Two", "body": "A lake."}\n')
    mended = build([], index)
    assert (partly(mended), mended.changed, mended.readable) == ([], 1, 0)
    assert partly(build([], index)) == []


def test_it_outlives_rebuilds_and_new_generations(home: Path) -> None:
    index = home / ".byline"
    assert build([], index, engine="tantivy").engine_changed_from == "whoosh"
    assert partly(build([], index)) == ["corpus/lines.jsonl"]
    (home / "corpus").rename(home / "elsewhere")
    kept = build([], index, rebuild=True, stored=True)
    assert kept.kept == 2
    assert take_inventory(index).partly == 1
    (home / "elsewhere").rename(home / "corpus")
    build([], index)
    assert partly(build([], index)) == ["corpus/lines.jsonl"]


def test_it_outlives_a_time_when_the_file_cannot_be_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str, source: str) -> bytes:
        raise ReadError("it cannot be opened", where=source) from PermissionError()

    index = home / ".byline"
    (home / "corpus" / "lines.jsonl").touch()
    with monkeypatch.context() as patched:
        patched.setattr("index.processes.reading.file_bytes", refuse)
        for _ in range(2):
            failed = build([], index)
            assert ([file.source for file in failed.skipped], failed.documents) == (["corpus/lines.jsonl"], 2)
    held = take_inventory(index)
    assert (held.partly, held.unreadable) == (1, 1)
    assert partly(build([], index)) == ["corpus/lines.jsonl"]
    assert take_inventory(index).unreadable == 0


def test_info_counts_what_was_read_in_part_and_what_was_not_read_at_all(home: Path) -> None:
    assert "files      2, 1 read only in part (byline index says why)" in inventory_text(
        take_inventory(home / ".byline")
    )
    (home / "corpus" / "empty.md").touch()
    assert build([], home / ".byline").skipped_files == 1
    held = take_inventory(home / ".byline")
    assert (held.files, held.partly, held.unreadable) == (2, 1, 1)
    expected = "files      2, 1 read only in part, 1 article file skipped (byline index says why)"
    assert expected in inventory_text(held)
    assert build([], home / ".byline").skipped_files == 1


def test_a_guessed_encoding_is_said_once(home: Path) -> None:
    text = "Der Fährmann\n\nÜber die Brücke führte früher nur ein schmaler Weg für Fußgänger. " * 5
    (home / "corpus" / "guess.txt").write_bytes(text.encode("cp1252"))
    assert "corpus/guess.txt" in partly(build([], home / ".byline"))
    assert partly(build([], home / ".byline")) == ["corpus/lines.jsonl"]


def test_what_is_noted_of_one_file_is_bounded() -> None:
    noted = remarks("cannot\nbe read", [f"line {number}\nis broken" for number in range(1_000)])
    assert as_noted(str(noted)).failure == "cannot be read"
    assert len(as_noted(str(noted)).problems) == MAX_PROBLEMS
    assert noted.problems[0] == "line 0 is broken"
    assert noted.problems[-1] == "and 901 more parts"
    assert remarks("", ["x" * 10_000]).problems == ("x" * 500,)
