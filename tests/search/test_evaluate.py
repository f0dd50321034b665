"""Measuring the ranking: reading judged queries, finding the judged documents, the measures, and comparing two."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import pytest

from index.build import build
from index.errors import IndexNotFound, UsageError
from search import document, search
from search.evaluation.evaluate import MEASURES, compare, difference, evaluate, measure
from search.evaluation.judgements import read_judgements, read_queries
from search.evaluation.options import PAGE, check_options, known_options, read_options

RECORDS = [
    {"_id": "d1", "title": "Coolant leak", "text": "The coolant leak was found on the station at night."},
    {"_id": "d2", "title": "Pumps", "text": "A pump moves coolant through the walls of the plant."},
    {"id": 3, "title": "Rope", "text": "Rope is patient and remembers every knot.", "url": "https://news.example/rope"},
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("judged")
    (folder / "feed.jsonl").write_text("".join(json.dumps(record) + "\n" for record in RECORDS), "utf-8")
    (folder / "harbour.md").write_text("---\ntitle: The Harbour\n---\n\nFog lies on the water of the bay.\n", "utf-8")
    build([folder], folder / ".byline")
    return folder / ".byline"


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


# Reading


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"_id": "q1", "text": "coolant leak"}\n\n{"_id": 2, "text": "rope"}\n', id="JSON lines"),
        pytest.param('\ufeff{"id": "q1", "text": "coolant leak"}\r\n{"_id": "2", "text": "rope"}', id="BOM and CRLF"),
        pytest.param("q1\tcoolant leak\n2\trope\n", id="tabs"),
    ],
)
def test_queries_are_read_in_either_form(tmp_path: Path, text: str) -> None:
    assert read_queries(write(tmp_path / "queries", text)) == {"q1": "coolant leak", "2": "rope"}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('{"_id": "1", "text": "a"}\n{"_id": "2"\n', 2, "not JSON"),
        ('{"_id": "1", "text": "a"}\n[1]\n', 2, "no JSON object"),
        ('{"text": "a"}\n', 1, "no “_id”"),
        ('{"_id": true, "text": "a"}\n', 1, "no “_id”"),
        ('{"_id": "1", "text": " "}\n', 1, "no “text”"),
        ('{"_id": "1", "text": ["a"]}\n', 1, "no “text”"),
        ('{"_id": "1", "text": "a"}\n\n{"_id": "1", "text": "b"}\n', 3, "a second query with the id “1”"),
        ("1\ta\n2 b\n", 2, "no tab"),
        ("1\t\n", 1, "no text"),
        ("\ta\n", 1, "no id"),
        (b"1\ta\n2\t\xff\n", 2, "byte 3 of this line is not UTF-8"),
        ("1\t" + "a" * 1_000_001, 1, "longer than 1,000,000 bytes"),
    ],
)
def test_a_malformed_query_is_named_by_file_and_line(tmp_path: Path, text: str | bytes, line: int, what: str) -> None:
    path = write(tmp_path / "queries", text)
    with pytest.raises(UsageError, match=what) as caught:
        read_queries(path)
    assert caught.value.where == f"{path}:{line}"


def test_files_without_anything_or_not_there_are_errors(tmp_path: Path) -> None:
    empty = write(tmp_path / "empty", "\n")
    with pytest.raises(UsageError, match="no queries"):
        read_queries(empty)
    with pytest.raises(UsageError, match="no judgements"):
        read_judgements(empty)
    with pytest.raises(UsageError, match="cannot be read"):
        read_queries(tmp_path / "missing")
    with pytest.raises(UsageError, match="cannot be read"):
        read_judgements(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\nq2\ta b.md\t1\n", id="BEIR"),
        pytest.param("q1\td1\t2\nq1\td2\t0\nq2\ta b.md\t1\n", id="BEIR without a header"),
        pytest.param("q1\t0\td1\t2\nq1\t0\td2\t-1\nq2\t0\ta b.md\t1\n", id="TREC with tabs"),
    ],
)
def test_judgements_are_read_in_either_form(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "qrels", text)
    assert read_judgements(path) == {"q1": {"d1": 2, "d2": 0}, "q2": {"a b.md": 1}}


def test_trec_judgements_stand_between_blanks(tmp_path: Path) -> None:
    path = write(tmp_path / "qrels", "q1 0  d1 2\nq1 Q0 d2 0\nq1 0 d1 2\n")
    assert read_judgements(path) == {"q1": {"d1": 2, "d2": 0}}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("q1 d1\n", 1, "2 columns"),
        ("q1 0 d1 1\nq1 d1 1\n", 2, "3 columns, those before it 4"),
        ("q1\td1\t1\nq1\td2\thigh\n", 2, "the grade “high” is no whole number"),
        ("q1\td1\t1.5\n", 1, "the grade “1.5” is no whole number"),
        ("q1\td1\t\n", 1, "the grade “” is no whole number"),
        ("q1\t\t1\n", 1, "the id of the document is missing"),
        ("\td1\t1\n", 1, "the id of the query is missing"),
        ("q1\td1\t100000000\n", 1, "above 1,000"),
        ("q1\td1\t1\nq1\td2\t1\nq1\td1\t2\n", 3, "was judged 1 for query “q1” before, and 2 here"),
    ],
)
def test_a_malformed_judgement_is_named_by_file_and_line(tmp_path: Path, text: str, line: int, what: str) -> None:
    path = write(tmp_path / "qrels", text)
    with pytest.raises(UsageError, match=what) as caught:
        read_judgements(path)
    assert caught.value.where == f"{path}:{line}"


# The measures


def test_measures_are_those_of_the_definitions() -> None:
    judgements = {"q": {"a": 2, "b": 1, "c": 1, "x": 0}}
    found = measure(judgements, {"q": ["x", "a", "unjudged", "b"]})["q"]
    ideal = 2 + 1 / math.log2(3) + 1 / math.log2(4)
    assert found["nDCG@10"] == pytest.approx((2 / math.log2(3) + 1 / math.log2(5)) / ideal)
    assert found["MRR"] == pytest.approx(1 / 2)
    assert found["recall@100"] == pytest.approx(2 / 3)
    assert found["MAP"] == pytest.approx((1 / 2 + 2 / 4) / 3)


def test_only_the_first_ten_and_hundred_count_where_the_name_says_so() -> None:
    names = [f"n{number}" for number in range(150)]
    after_ten = measure({"q": {"n10": 1}}, {"q": names})["q"]
    assert (after_ten["nDCG@10"], after_ten["recall@100"]) == (0, 1)
    assert after_ten["MRR"] == pytest.approx(1 / 11)
    after_hundred = measure({"q": {"n100": 1}}, {"q": names})["q"]
    assert after_hundred["recall@100"] == 0
    assert after_hundred["MAP"] == pytest.approx(1 / 101)


def test_the_order_given_counts_and_a_repeated_name_only_once() -> None:
    first, second = (measure({"q": {"a": 1, "b": 1}}, {"q": names})["q"] for names in ("ba", "bba"))
    assert first == second == dict.fromkeys(MEASURES, 1.0)


def test_a_query_that_found_nothing_counts_as_nothing() -> None:
    assert measure({"q": {"a": 1}}, {"q": []}) == {"q": dict.fromkeys(MEASURES, 0.0)}


# Against an index


def test_judged_documents_are_known_by_their_own_id_by_path_by_address_and_by_bylines_id(index: Path) -> None:
    harbour = document("harbour.md", index=index).id
    judgements = {
        "own": {"d1": 1, "d2": 0},
        "number": {"3": 1},
        "path": {"feed.jsonl#2": 1},
        "address": {"https://news.example/rope": 1},
        "id": {harbour: 1},
    }
    texts = {"own": "coolant leak", "number": "rope", "path": "pump", "address": "knot", "id": "fog"}
    for name, text in texts.items():
        found = evaluate({name: text}, {name: judgements[name]}, index=index)
        assert found.measures == dict.fromkeys(MEASURES, 1.0), name
        assert found.missing == ()


def test_documents_that_the_index_lacks_are_named_and_cost_recall(index: Path) -> None:
    found = evaluate({"q": "coolant"}, {"q": {"d1": 1, "d2": 1, "d9": 1, "d8": 1, "d7": 0}}, index=index)
    assert found.missing == ("d7", "d8", "d9")
    assert found.judged == 5
    assert found.measures["recall@100"] == pytest.approx(1 / 2)
    assert found.measures["MRR"] == 1


def test_an_index_with_none_of_the_judged_documents_is_an_error(index: Path) -> None:
    with pytest.raises(UsageError, match="none of the 2 judged documents is in this index"):
        evaluate({"q": "coolant"}, {"q": {"x": 1, "y": 0}}, index=index)


def test_queries_without_judgements_and_judgements_without_queries_are_left_out_and_counted(index: Path) -> None:
    queries = {"q1": "coolant", "unjudged": "rope", "hopeless": "fog"}
    judgements = {"q1": {"d1": 1}, "hopeless": {"d2": 0}, "unasked": {"d2": 1}}
    found = evaluate(queries, judgements, index=index)
    assert [query.id for query in found.queries] == ["q1"]
    assert (found.without_relevant, found.without_query) == (2, 1)
    with pytest.raises(UsageError, match="no relevant document was judged"):
        evaluate({"other": "coolant"}, judgements, index=index)


def test_an_id_that_several_documents_have_is_told(index: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path / f"{name}.jsonl", '{"_id": "same", "title": "Fog", "text": "Fog on the bay."}\n')
    build([tmp_path], tmp_path / ".byline")
    found = evaluate({"q": "fog"}, {"q": {"same": 1}}, index=tmp_path / ".byline")
    assert found.shared == ("same",)
    assert found.measures["MAP"] == 1
    assert evaluate({"q": "coolant"}, {"q": {"d1": 1}}, index=index).shared == ()


def test_a_query_that_cannot_be_asked_finds_nothing_and_says_why(index: Path) -> None:
    found = evaluate({"q1": "coolant", "q2": 'r"(a"'}, {"q1": {"d1": 1}, "q2": {"d2": 1}}, index=index)
    assert [bool(query.error) for query in found.queries] == [False, True]
    assert "lacks a “)”" in found.queries[1].error
    assert found.measures["recall@100"] == pytest.approx(1 / 2)
    assert found.to_dict()["failed"] == 1


def test_depth_bounds_what_is_looked_at(index: Path) -> None:
    queries, judgements = {"q": "coolant"}, {"q": {"d1": 1, "d2": 1}}
    assert evaluate(queries, judgements, index=index, depth=1).measures["recall@100"] == pytest.approx(1 / 2)
    for depth in (0, 1001):
        with pytest.raises(UsageError, match="depth"):
            evaluate(queries, judgements, index=index, depth=depth)


def test_progress_and_results_in_the_order_given(index: Path) -> None:
    told: list[tuple[int, int]] = []
    queries = {"b": "rope", "a": "coolant"}
    found = evaluate(
        queries,
        {"a": {"d1": 1}, "b": {"3": 1}},
        index=index,
        on_progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 2), (2, 2)]
    assert [query.id for query in found.queries] == ["b", "a"]
    values = json.loads(json.dumps(found.to_dict(per_query=True)))
    assert [query["id"] for query in values["per_query"]] == ["b", "a"]
    assert values["documents"] == 4
    assert "per_query" not in found.to_dict()


def test_an_index_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound):
        evaluate({"q": "coolant"}, {"q": {"d1": 1}}, index=tmp_path / ".byline")


@pytest.mark.parametrize("module", ["pytrec_eval", "scipy.stats"])
def test_without_its_packages_it_says_what_to_install(
    index: Path, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UsageError, match="pip install pytrec-eval-terrier scipy"):
        evaluate({"q": "coolant"}, {"q": {"d1": 1}}, index=index)


# Comparing


def test_two_evaluations_are_compared_query_by_query(index: Path) -> None:
    queries, judgements = {"q1": "coolant", "q2": "rope"}, {"q1": {"d1": 1, "d2": 1}, "q2": {"3": 1}}
    shallow, deep = (evaluate(queries, judgements, index=index, depth=depth) for depth in (1, 10))
    found = compare(shallow, deep)
    assert found["recall@100"].mean == pytest.approx(1 / 4)
    assert (found["recall@100"].better, found["recall@100"].worse) == (1, 0)
    assert (found["MRR"].mean, found["MRR"].p) == (0, 1)
    with pytest.raises(UsageError, match="same queries"):
        compare(shallow, evaluate({"q1": "coolant"}, judgements, index=index))


def test_the_difference_of_paired_values_with_its_interval_and_p() -> None:
    # By hand: differences 1 … 5; mean 3, standard error √(2.5 / 5); t = 3 / √.5 = 4.2426, which with 4 degrees of
    # freedom has p = .01324; the 97.5 % quantile of t is 2.7764.
    found = difference([10.0, 20.0, 30.0, 40.0, 50.0], [11.0, 22.0, 33.0, 44.0, 55.0])
    assert found.mean == pytest.approx(3)
    assert found.p == pytest.approx(0.01324, abs=1e-5)
    assert found.low == pytest.approx(1.0368, abs=1e-4)
    assert found.high == pytest.approx(4.9632, abs=1e-4)
    assert (found.better, found.worse) == (5, 0)
    back = difference([11.0, 22.0, 33.0, 44.0, 55.0], [10.0, 20.0, 30.0, 40.0, 50.0])
    assert back.mean == pytest.approx(-3)
    assert back.p == pytest.approx(found.p)
    assert (back.better, back.worse) == (0, 5)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param([0.5, 0.25], [0.5, 0.25], (0.0, 0.0, 0.0, 1.0), id="none at all"),
        pytest.param([0.5, 0.25], [0.75, 0.5], (0.25, 0.25, 0.25, 0.0), id="the same everywhere"),
        pytest.param([0.5], [0.75], (0.25, None, None, None), id="one query"),
    ],
)
def test_differences_that_a_test_cannot_judge(
    first: list[float], second: list[float], expected: tuple[float | None, ...]
) -> None:
    found = difference(first, second)
    assert [found.mean, found.low, found.high, found.p] == list(expected)


# Options


def some_search(
    query: str,
    *,
    index: str | None = None,
    limit: int = 10,
    expand: bool = False,
    recency: str | None = None,
    weight: float = 1.0,
    most: int | None = None,
) -> None:
    """A search function with options of every kind."""


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("expand=true", {"expand": True}),
        ("expand=No", {"expand": False}),
        ("recency=30d", {"recency": "30d"}),
        ("recency=none", {"recency": "none"}),
        ("recency=a=b", {"recency": "a=b"}),
        ("weight=2", {"weight": 2.0}),
        ("most=7", {"most": 7}),
        ("most=none", {"most": None}),
    ],
)
def test_settings_become_values_of_the_options_type(setting: str, expected: dict[str, object]) -> None:
    options = read_options([setting], some_search)
    assert options == expected
    assert [type(value) for value in options.values()] == [type(value) for value in expected.values()]
    check_options(options, some_search)


def test_the_last_setting_of_an_option_counts() -> None:
    assert read_options(["expand=true", "expand=false"], some_search) == {"expand": False}


@pytest.mark.parametrize(
    ("setting", "what"),
    [
        ("expand", "sets no option"),
        ("expand=maybe", "cannot be “maybe”. It is true or false"),
        ("most=1.5", "cannot be “1.5”. It is a whole number"),
        ("weight=much", "cannot be “much”. It is a number"),
        ("limit=5", "no search option “limit”"),
        ("colour=red", "no search option “colour”. The options are: expand, most, recency, weight"),
    ],
)
def test_a_setting_that_makes_no_sense_says_why(setting: str, what: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_options([setting], some_search)
    assert what in str(caught.value)


@pytest.mark.parametrize("options", [{"expand": "true"}, {"most": True}, {"recency": 30}, {"index": "x"}])
def test_options_from_python_are_checked_too(options: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        check_options(options, some_search)


def test_every_option_of_search_is_known_and_no_other(index: Path) -> None:
    given = {name for name in (search.__kwdefaults__ or ()) if name not in PAGE}
    assert known_options() == given
    with pytest.raises(UsageError, match="no search option “limit”"):
        evaluate({"q": "coolant"}, {"q": {"d1": 1}}, index=index, options={"limit": 5})


def test_a_judged_copy_of_a_story_counts_as_found(tmp_path: Path) -> None:
    story = "The ferry left the harbour an hour late because nobody could find the key to the ramp on that wet Monday."
    records = [{"_id": name, "title": "Late ferry", "text": story} for name in ("first", "copy")]
    (tmp_path / "feed.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    build([tmp_path], tmp_path / ".byline")
    found = evaluate({"q": "ferry key"}, {"q": {"first": 1, "copy": 1}}, index=tmp_path / ".byline")
    assert found.measures["recall@100"] == 1.0
