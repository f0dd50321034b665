"""The commonest tokens that start with something, of all documents or of those that match a query."""

from __future__ import annotations

from collections import Counter

import pytest

from index.engines.contract import AnalysedDocument, Searcher
from index.errors import QueryError
from index.query import And, Everything, Not, Nothing, Or, Query, Range, Term
from index.schema import Form
from tests.brute_force import matching, tokens
from tests.conformance.conftest import Build
from tests.conformance.documents import bodies

STATION = Term("body", "station", Form.WORD)
WITHIN: dict[str, Query] = {
    "everything": Everything(),
    "a word": STATION,
    "several clauses": And((Or((STATION, Term("title", "leak", Form.WORD))), Not(Term("lang", "de", Form.RAW)))),
    "a range": Range("date", 737_100, 737_200),
    "nothing": Nothing(),
}


@pytest.mark.parametrize("prefix", ["", "s", "sta", "é", "c", "北", "nothing"])
@pytest.mark.parametrize("within", WITHIN)
@pytest.mark.parametrize("field", ["body", "author"])
def test_tokens_of_matching_documents_are_counted_most_first(
    within: str, prefix: str, field: str, searcher: Searcher, documents: list[AnalysedDocument]
) -> None:
    found = matching(WITHIN[within], documents)
    counts: Counter[str] = Counter()
    for document in documents:
        if document.id in found:
            counts.update({token for token in tokens(document, field, Form.WORD) if token.startswith(prefix)})
    expected = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for limit in (1, 3, 100_000):
        given = searcher.commonest(field, Form.WORD, prefix, limit=limit, within=WITHIN[within])
        assert given == expected[:limit]


def test_without_a_query_all_documents_count(build: Build) -> None:
    searcher = build(bodies(["b a a", "a é", "ab 北京", "aa|ab", "z"]))
    assert searcher.commonest("body", Form.WORD, limit=3) == [("a", 2), ("ab", 2), ("aa", 1)]
    assert searcher.commonest("body", Form.WORD, "a", limit=9) == [("a", 2), ("ab", 2), ("aa", 1)]
    assert searcher.commonest("body", Form.WORD, "北", limit=9) == [("北京", 1)]
    assert searcher.commonest("title", Form.WORD, limit=9) == []


def test_what_cannot_be_asked_is_refused(build: Build) -> None:
    searcher = build(bodies(["a"]))
    with pytest.raises(QueryError):
        searcher.commonest("date", Form.RAW, limit=1)
    with pytest.raises(QueryError):
        searcher.commonest("body", Form.WORD, limit=1, within=Term("nowhere", "a"))
