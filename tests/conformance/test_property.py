"""Random queries over random documents: every engine and brute force find the same."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.engines import ENGINE_NAMES, engine
from index.engines.contract import AnalysedDocument, Order
from index.query import (
    And,
    AndMaybe,
    Boost,
    Everything,
    Fuzzy,
    Near,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Regex,
    Term,
    Wildcard,
)
from index.schema import SCHEMA, Form
from tests.brute_force import matching, score
from tests.conformance.documents import analysed

CHARACTERS = "ab.é北😀"
words = st.text(CHARACTERS, min_size=1, max_size=4)
common = st.sampled_from(["a", "b", "ab", "ba", "é", "北"])
tokens = common | words
texts = st.lists(tokens, max_size=8).map(" ".join)
days = st.integers(1, 5)

documents = st.builds(
    lambda title, body, author, lang, day: {
        "title_word": [title],
        "title_stem": [title],
        "body_word": body,
        "body_stem": body,
        "author_word": author,
        "lang_raw": lang,
        **({} if day is None else {"date_raw": day}),
    },
    texts,
    st.lists(texts, max_size=3),
    st.lists(texts, max_size=2),
    st.lists(st.sampled_from(["en", "de", "a b", ""]), max_size=2),
    days | st.none(),
)

fields = st.sampled_from(
    [
        ("title", Form.WORD),
        ("body", Form.WORD),
        ("body", Form.STEM),
        ("author", Form.WORD),
        ("lang", Form.RAW),
        ("extra", Form.STEM),
    ]
)
positional = fields.filter(lambda field: field[1] is not Form.RAW)
kept = fields.filter(lambda field: field != ("body", Form.STEM))
patterns = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "é", r"\.", "北", r"\d", ""]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("({0[0]}|{0[1]})".format),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,}", "{0,2}"])).map("(?:{0[0]}){0[1]}".format),
    ),
    max_leaves=6,
)
groups = st.lists(st.lists(common, min_size=1, max_size=2).map(tuple), max_size=2).map(tuple)
leaves: st.SearchStrategy[Query] = st.one_of(
    st.builds(lambda field, token: Term(field[0], token, field[1]), fields, tokens | st.just("en")),
    st.builds(
        lambda field, phrase, slop: Phrase(field[0], tuple(phrase), slop, field[1]),
        positional,
        st.lists(common, min_size=2, max_size=4),
        st.integers(0, 4),
    ),
    st.builds(
        lambda field, groups, apart: Near(field[0], groups, apart, field[1]),
        positional,
        st.tuples(groups, groups),
        st.integers(0, 4),
    ),
    st.builds(lambda field, prefix: Prefix(field[0], prefix, field[1]), kept, st.text(CHARACTERS, max_size=2)),
    st.builds(
        lambda field, pattern: Wildcard(field[0], pattern, field[1]), kept, st.text(CHARACTERS + "?*[]!-", max_size=6)
    ),
    st.builds(lambda field, pattern: Regex(field[0], pattern, field[1]), kept, patterns),
    st.builds(
        lambda field, token, distance, prefix: Fuzzy(field[0], token, distance, prefix, field[1]),
        kept,
        tokens,
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    st.builds(
        lambda low, high, above, below: Range("date", low, high, above=above, below=below),
        days | st.none(),
        days | st.none(),
        st.booleans(),
        st.booleans(),
    ),
    st.builds(
        lambda field, low, high, above, below: Range(field[0], low, high, field[1], above, below),
        kept,
        tokens | st.none(),
        tokens | st.none(),
        st.booleans(),
        st.booleans(),
    ),
    st.just(Everything()),
    st.just(Nothing()),
)
queries: st.SearchStrategy[Query] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda clauses: And(tuple(clauses))),
        st.builds(lambda clauses, least: Or(tuple(clauses), least), st.lists(inner, max_size=4), st.integers(0, 3)),
        st.lists(inner, max_size=4).map(lambda clauses: Or(tuple(clauses))),
        inner.map(Not),
        st.builds(AndMaybe, inner, inner),
        st.builds(Boost, inner, st.sampled_from([0.0, 0.5, 3.0])),
    ),
    max_leaves=8,
)


@settings(max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
@given(
    st.lists(documents, min_size=1, max_size=7),
    st.lists(queries, min_size=8, max_size=12),
    st.sets(st.integers(0, 6), max_size=2),
)
def test_engines_and_brute_force_agree(
    contents: list[dict[str, list[str] | int]], asked: list[Query], deleted: set[int]
) -> None:
    all_documents = [
        analysed(f"{number}", columns, str(columns["title_stem"][0]), columns["author_word"])  # type: ignore[index, arg-type]
        for number, columns in enumerate(contents)
    ]
    remaining = [document for document in all_documents if int(document.id) not in deleted]
    by_id = {document.id: document for document in remaining}
    for name in ENGINE_NAMES:
        # tantivy watches every index it opens in a thread of its own, which may make its lock file anew as we clean up.
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            answers = _answers(name, Path(folder), all_documents, deleted, asked)
        for query, (by_score, by_day) in zip(asked, answers, strict=True):
            expected = matching(query, remaining)
            assert set(by_score) == expected, (name, query)
            assert list(by_day) == sorted(expected, key=lambda one: _newest_first(by_id[one])), (name, query)
            for one in [] if deleted else expected:
                wanted = score(query, by_id[one], remaining)
                assert abs(by_score[one] - wanted) <= 1e-4 * max(1, wanted), (name, query, one)
                assert abs(by_day[one] - wanted) <= 1e-4 * max(1, wanted), (name, query, one)


def _newest_first(document: AnalysedDocument) -> tuple[float, str]:
    day = document.columns.get("date_raw")
    return (-day if isinstance(day, int) else float("inf")), document.id


def _answers(
    name: str, location: Path, documents: list[AnalysedDocument], deleted: set[int], asked: list[Query]
) -> list[tuple[dict[str, float], dict[str, float]]]:
    """The scores by id that an engine gives, in the order of scores and in that of days."""
    chosen = engine(name)
    chosen.create(location, SCHEMA)
    with chosen.writer(location, SCHEMA) as writer:
        for document in documents:
            writer.add(document)
        writer.delete([str(number) for number in deleted])
    searcher = chosen.searcher(location, SCHEMA)
    try:
        return [
            (
                {match.id: match.score for match in searcher.search(query, limit=20).page},
                {match.id: match.score for match in searcher.search(query, limit=20, order=Order.NEWEST).page},
            )
            for query in asked
        ]
    finally:
        searcher.close()
