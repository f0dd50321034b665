"""A word with words that only rank: the same documents and scores whether the others stand beside it or without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.engines.contract import Engine
from index.query import And, AndMaybe, Boost, Everything, Or, Query, Term
from index.schema import SCHEMA, Form
from tests.conformance.documents import analysed

LEAK = Term("text", "leak.en", Form.STEM)
LEAKS = Boost(Term("body", "leaks", Form.WORD), 0.2)
PUMP = Boost(Term("title", "pump", Form.WORD), 2.0)
NOWHERE = Boost(Term("title", "leak", Form.RAW), 5.0)


@pytest.mark.parametrize("more", [LEAKS, Or((LEAKS, NOWHERE)), Or((LEAKS, PUMP)), PUMP, NOWHERE, Or((LEAKS,), 0)])
@pytest.mark.parametrize("deleted", [[], ["d2"], ["d2", "d3", "d6"]])
def test_what_only_ranks_adds_no_documents(an_engine: Engine, tmp_path: Path, more: Query, deleted: list[str]) -> None:
    an_engine.create(tmp_path, SCHEMA)
    with an_engine.writer(tmp_path, SCHEMA) as writer:
        for number in range(8):
            stems = ["leak.en" if number % 2 else "rain.en", *["filler.en"] * number]
            words = ["leaks" if number > 4 else "leak"]
            title = ["pump"] if number in (2, 3) else ["x"]
            writer.add(analysed(f"d{number}", {"body_stem": stems, "body_word": words, "title_word": title}))
        writer.commit()
        writer.delete(deleted)
    searcher = an_engine.searcher(tmp_path, SCHEMA)
    found = searcher.search(AndMaybe(LEAK, more), limit=10)
    # Demanded as it is here, it is looked for in another way.
    other = searcher.search(AndMaybe(And((LEAK, Boost(Everything(), 0.0))), more), limit=10)
    assert found.total == len(found.page) == sum(f"d{number}" not in deleted for number in (1, 3, 5, 7))
    assert [match.id for match in found.page] == [match.id for match in other.page]
    assert [match.score for match in found.page] == pytest.approx([match.score for match in other.page])
    searcher.close()
