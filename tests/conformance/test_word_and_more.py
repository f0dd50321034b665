"""A word with words that only rank: the same documents and scores whether the others stand beside it or without it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from index.engines.contract import ColumnValue, Engine
from index.query import And, AndMaybe, Boost, Everything, Not, Or, Query, Range, Term
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


FILTERS: dict[str, tuple[Query, ...]] = {
    "none": (),
    "days": (Range("date", 737_010, 737_070),),
    "not": (Not(Term("text", "rain.en", Form.STEM)),),
    "nots and days": (Not(Term("text", "rain.en", Form.STEM)), Range("date", 737_005), Not(Term("title", "pump"))),
    "a value": (Boost(Term("lang", "en", Form.RAW), 0.0),),
}


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("titles", ["short", "beaten", "few"])
@pytest.mark.parametrize("deleted", [0, 3])
def test_the_best_of_many_are_those_of_all(
    an_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filters: str, titles: str, deleted: int
) -> None:
    monkeypatch.setattr("index.engines.tantivy_words.MANY", 1)
    chance = random.Random(f"{filters} {titles}")
    ids = [f"d{number:03}" for number in range(300)]
    an_engine.create(tmp_path, SCHEMA)
    with an_engine.writer(tmp_path, SCHEMA) as writer:
        for number, one in enumerate(ids):
            times = chance.randint(0, 3)
            title = "leak" if number % (150 if titles == "few" else 20) == 0 else chance.choice(["x", "pump"])
            if titles == "beaten":  # those with the word in the title are long, and others have it often
                times = 1 if title == "leak" else chance.choice([0, 0, 1, 5, 60])
            filler = ["filler.en"] * (300 if titles == "beaten" and title == "leak" else chance.randint(0, 9))
            columns: dict[str, ColumnValue] = {
                "body_stem": " ".join(["leak.en"] * times + ["rain.en"] * (number % 3 == 0) + filler).split(" "),
                "body_word": ["leak"] * min(times, 2),
                "title_word": [title],
                "lang_raw": ["en" if number % 4 else "de"],
                "date_raw": 737_000 + chance.randint(0, 90),
            }
            writer.add(analysed(one, columns, title="leak.en" if title == "leak" else ""))
        writer.commit()
        writer.delete(ids[5 : 5 + deleted])
    searcher = an_engine.searcher(tmp_path, SCHEMA)
    in_title = Boost(Term("title", "leak", Form.WORD), 0.12 if titles == "beaten" else 0.4)
    query = AndMaybe(And((LEAK, *FILTERS[filters])), Or((in_title, Boost(Term("body", "leak", Form.WORD), 0.2))))
    everything = searcher.search(query, limit=1000)
    assert everything.total == len(everything.page) > 40
    for offset in range(0, 20, 4):
        found = searcher.search(query, limit=4, offset=offset)
        assert found.total == everything.total
        expected = everything.page[offset : offset + 4]
        assert [match.id for match in found.page] == [match.id for match in expected]
        assert [match.score for match in found.page] == pytest.approx([match.score for match in expected])
    searcher.close()
