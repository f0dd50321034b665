"""Damaged files of every format give sensible documents or a reason, within the bounds of a build: see `mutate`.

`BYLINE_MUTATIONS=500` makes 500 of each format.
"""

from __future__ import annotations

import os

import pytest

import index.readers
from tests.readers.mutate import Mutation, cases, mutations, read_all, what_is_wrong

FORMATS = sorted({*index.readers._FORMATS.values(), "gzipped"})
COUNT = int(os.environ.get("BYLINE_MUTATIONS", "25"))


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Mutation, str]]]:
    """For each format its mutations, and what was wrong with the answers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.processes.workers._FILE_SECONDS", 20.0)  # a third of what a build allows
        mutants = list(mutations(COUNT))
        results = read_all(tmp_path_factory.mktemp("mutants"), mutants, 2)
    found: dict[str, list[tuple[Mutation, str]]] = {}
    for mutant in mutants:
        wrong = what_is_wrong(results[f"{mutant.case} {mutant.what}"])
        found.setdefault(mutant.format, []).append((mutant, wrong))
    return found


def test_every_format_has_a_golden_case() -> None:
    assert sorted(cases()) == FORMATS


@pytest.mark.parametrize("name", FORMATS)
def test_damaged_files_give_documents_or_a_reason(name: str, outcomes: dict[str, list[tuple[Mutation, str]]]) -> None:
    assert len(outcomes[name]) == COUNT
    assert [f"{mutant.case} {mutant.what}: {wrong}" for mutant, wrong in outcomes[name] if wrong] == []
