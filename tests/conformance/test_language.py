"""Every row of the query language finds on every engine what brute force finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from index.analysis.columns import analyse
from index.analysis.tokens import analyzer
from index.document import Document
from index.engines.contract import AnalysedDocument, Engine, Searcher
from index.readers import read_file
from index.schema import SCHEMA
from search.lowering.whole_query import Lowered, lower
from search.query_language.guide import EXAMPLE_DAY, GUIDE
from search.query_language.parser import parse
from tests.brute_force import matching, score
from tests.conformance.documents import CORPUS

# Beside the rows of the guide: the same operators with other operands, together, and at their edges.
MORE = """
    (coolant OR pump*) NEAR leak | title:(station NEAR/1 space) | -(coolant NEAR/2 leak) water
    "coolant leak" NEAR/9 crew | "coolant leak" NEAR/30 ("three" OR "the two")
    ~"coolant leaks"~2 | -~"coolant leaks" coolant | a NEAR/3 of NEAR/3 the | the NEAR/0 the | "the last" NEAR/20 "the"
    [a-c]*t | [!a-s]* -[tw]* | title:[aeiou]? | source:[!c]*/** | [x-z]?* OR title:{y TO *]
    title:{a TO the} | title:[the TO a} | author:>x | author:(>=afp <b) | -title:>t | extra:[k TO l}
    has:caption OR has:section | -has:author -has:date | has:*e | lang:(de OR fr) | lang:french -has:url
    source:** | source:/corpus/*.md | source:corpus/*/*.html | source:*2023*/** | source:*.md -source:2023/**
    date:2022-Q4 OR date:2022-W51 | date:{2022 TO 2024} | date:"last year" | date:before 2022 | -date:since March
    body:(moon OR leak) | body:~"coolant leaks" title:leak | body:coolant NEAR/20 body:leak | body:=leak -body:crew
    coolent~1/1 -r"lea[kn].*" | r"[0-9]{4}" -date:* | =leaks =leaked | "US" "E.U." O’Brien's | station^0 coolant^2.5
""".replace("\n", "|").split("|")
QUERIES = [row.query for rows in GUIDE.values() for row in rows] + [query.strip() for query in MORE if query.strip()]


@pytest.fixture(scope="module")
def articles() -> list[AnalysedDocument]:
    paths = sorted(path for path in CORPUS.rglob("*") if path.is_file() and not path.name.startswith("."))
    documents = [d for path in paths for d in read_file(path, path.relative_to(CORPUS.parent).as_posix()).documents]
    return [_with_body(analyse(document), document) for document in documents]


def _with_body(made: AnalysedDocument, document: Document) -> AnalysedDocument:
    """With the stems of the body, which engines do not keep, for brute force."""
    _, stems = analyzer(document.language).forms(document.body)
    return replace(made, columns={**made.columns, "body_stem": [stems]})


@pytest.fixture(scope="module")
def opened(
    an_engine: Engine, articles: list[AnalysedDocument], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Searcher]:
    location = tmp_path_factory.mktemp(an_engine.name)
    an_engine.create(location, SCHEMA)
    with an_engine.writer(location, SCHEMA) as writer:
        for article in articles:
            writer.add(article)
    searcher = an_engine.searcher(location, SCHEMA)
    yield searcher
    searcher.close()


def read(query: str) -> Lowered:
    return lower(parse(query, today=EXAMPLE_DAY).tree, ["de", "en", "fr", "ja"])


@pytest.mark.parametrize("query", QUERIES)
def test_finds_what_brute_force_finds(query: str, opened: Searcher, articles: list[AnalysedDocument]) -> None:
    lowered = read(query)
    found = opened.search(lowered.query, limit=100).page
    assert {match.id for match in found} == matching(lowered.query, articles)
    assert opened.search(lowered.matching, limit=0).total == len(found)


def test_the_rows_are_worth_asking(articles: list[AnalysedDocument]) -> None:
    """Each row of the guide finds something; of the others most do, and none all."""
    counts = {query: len(matching(read(query).matching, articles)) for query in QUERIES}
    assert all(counts[row.query] for rows in GUIDE.values() for row in rows)
    assert sum(0 < count < len(articles) for count in counts.values()) > 0.8 * len(counts), counts


@pytest.mark.parametrize(
    "query", ["coolant NEAR/5 leak", '~"coolant leaks"', "[ct]ool*", "author:<b", "title:>=y water"]
)
def test_scores_as_brute_force_does(query: str, opened: Searcher, articles: list[AnalysedDocument]) -> None:
    matched = read(query).matching
    by_id = {article.id: article for article in articles}
    for match in opened.search(matched, limit=100).page:
        # Lengths of more than 40 tokens are rounded by one engine.
        assert match.score == pytest.approx(score(matched, by_id[match.id], articles), rel=0.05, abs=1e-6)
