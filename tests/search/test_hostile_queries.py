"""No query breaks a search, whatever it holds, and every engine answers it alike. See `tests.search.hostile`."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from search import search
from search.results import Notice, SearchResults
from tests.search.hostile import Trial, compare, indexes, mutated, options, random_query, random_text
from tests.search.real_queries import REAL_QUERIES

_some = settings(max_examples=20, database=None, suppress_health_check=list(HealthCheck))
chances = st.randoms(use_true_random=False)


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with indexes(tmp_path_factory.mktemp("home")) as places:
        yield Trial(places)


@pytest.mark.parametrize("query", random.Random(1).sample(REAL_QUERIES, 50))
def test_engines_agree_on_real_queries(trial: Trial, query: str) -> None:
    trial.check(query)


@_some
@given(st.text(max_size=60))
@example("")
@example("\ud800")
@example("\x00" * 20)
@example("(" * 20_000)
@example('"' * 5_001)
@example("a OR " * 3_000)
@example("*a* " * 600)
@example("NOT " * 2_000 + "a")
@example("a~2 " * 200)
@example("~".join("a" * 3_000))
@example("title:" * 1_500)
@example('r"(((((((((((((((((a{1000}){1000}){1000})*)*)*)*' + ")" * 20 + '"')
@example("[a TO z] " * 300)
@example("[" + " " * 5_000)
@example("[" + "TO " * 3_000)
@example(" NEAR/100 ".join(f'("a b{n}" OR c OR d OR "e f")' for n in range(40)))
@example(" ".join(f'"a b c d {n}"~99' for n in range(60)))
@example("\U0010ffff" * 300 + "*")
def test_any_text_is_a_query(trial: Trial, text: str) -> None:
    trial.check(text)


@_some
@given(chances.map(random_text))
def test_signs_and_words_in_any_order_are_a_query(trial: Trial, text: str) -> None:
    trial.check(text)


@_some
@given(chances.map(random_query), chances.map(options))
def test_engines_agree_on_random_trees(trial: Trial, query: str, chosen: dict[str, object]) -> None:
    trial.check(query, chosen)


@_some
@given(chances.map(mutated), chances.map(options))
def test_engines_agree_on_real_queries_that_were_changed(trial: Trial, query: str, chosen: dict[str, object]) -> None:
    trial.check(query, chosen)


def test_differences_are_noticed(trial: Trial) -> None:
    found = [search("water OR ferry", index=place) for place in trial.indexes.values()]
    assert len(found[0]) > 3
    compare(found[0], found[1])
    last = found[1].hits[-1]
    different: list[SearchResults] = [
        dataclasses.replace(found[1], total=found[1].total + 1),
        dataclasses.replace(found[1], hits=found[1].hits[:-1]),
        dataclasses.replace(found[1], hits=(*found[1].hits[:-1], dataclasses.replace(last, score=last.score + 0.01))),
        dataclasses.replace(found[1], hits=(*found[1].hits[:-1], dataclasses.replace(last, title="Other"))),
        dataclasses.replace(found[1], notices=(*found[1].notices, Notice("Something else"))),
        dataclasses.replace(found[1], interpreted="water"),
    ]
    for results in different:
        with pytest.raises(AssertionError):
            compare(found[0], results)
