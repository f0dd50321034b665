"""Golden files: every file in `cases/` reads as the JSON beside it says.

To add a case, put a file into `cases/` and its documents, as a list of JSON objects, into a file of the same name with
".expected" behind it. `python -m tests.readers.test_cases` writes the missing ones, to be read over by a person.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from index.readers import read_file

CASES = Path(__file__).parent / "cases"
INPUTS = sorted(path for path in CASES.iterdir() if path.suffix != ".expected")


def documents(path: Path) -> list[dict[str, Any]]:
    found = [document.to_dict() for document in read_file(path, path.name).documents]
    for values in found:
        del values["id"]  # follows from the source
        del values["confidence"]  # measured, see tests/readers/test_confidence.py
    return found


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_case_reads_as_expected(path: Path) -> None:
    expected = json.loads(path.with_name(f"{path.name}.expected").read_text(encoding="utf-8"))
    assert documents(path) == expected


def test_every_expectation_has_its_input() -> None:
    assert {path.name for path in CASES.glob("*.expected")} == {f"{path.name}.expected" for path in INPUTS}


if __name__ == "__main__":
    for case in INPUTS:
        target = case.with_name(f"{case.name}.expected")
        if not target.exists():
            target.write_text(json.dumps(documents(case), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            print(f"wrote {target.name}")
