"""Did you mean: misspelled words are corrected by the words of the index, and right ones are left in peace."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.build import build
from index.engines import ENGINE_NAMES
from search import search
from search.advice.spelling import edit_cost

COMMON = 30
"""How many articles hold each of the common words."""

SENTENCES = {
    "common": "The accommodation near the station is separate from the harbour; Wójcik received the governor there.",
    "german": "Die Straße zur Häuserzeile führt über die Brücke.",
    "russian": "Правительство построило новый мост через реку.",
    "greek": "Το λιμάνι ξυπνά νωρίς το πρωί.",
    "chinese": "东京大学的早晨很安静。",
    "joined": "A coolant leak was seen, and a coolant leak it was.",
}
RARE = {
    "slip": "The guests liked the acommodation very much.",
    "inflection": "They talked of governors all night.",
    "ending": "Nobody harbours such thoughts about the harboure.",
    "name": "A certain Haroour went home early.",
    "own": "The statikon is a machine. The statikon hums.",
}


@pytest.fixture(scope="module", params=ENGINE_NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    texts = [(f"{name} {number}", text) for name, text in SENTENCES.items() for number in range(COMMON)]
    texts += [(f"note {number}", text) for number, text in enumerate(RARE.values())]
    lines = [json.dumps({"title": title, "text": text}) for title, text in texts]
    (home / "articles.jsonl").write_text("\n".join(lines), "utf-8")
    build([home / "articles.jsonl"], home / ".byline", engine=request.param)
    return home / ".byline"


def proposed(query: str, index: Path) -> list[str]:
    """The queries that differ from this one in their spelling alone."""
    diagnosis = search(query, index=index, limit=0).diagnosis
    return [reading.query for reading in diagnosis.readings if reading.corrects] if diagnosis else []


@pytest.mark.parametrize(
    ("query", "first"),
    [
        pytest.param("acomodation", "accommodation", id="letters left out"),
        pytest.param("statoin", "station", id="letters swapped"),
        pytest.param("seperate", "separate", id="a vowel for another"),
        pytest.param("harbbour", "harbour", id="a letter doubled"),
        pytest.param("ztation", "station", id="the first letter"),
        pytest.param("tsation", "station", id="the first two letters"),
        pytest.param("recieved", "received", id="ie and ei"),
        pytest.param("Wojzik", "Wójcik", id="as people write it, with its accent"),
        pytest.param("Strase", "Straße", id="German"),
        pytest.param("Brükce", "Brücke", id="German with an accent"),
        pytest.param("правителство", "правительство", id="Russian"),
        pytest.param("λιμνάι", "λιμάνι", id="Greek"),
        pytest.param("пеку", "реку", id="the first letter in Russian"),
        pytest.param("ξωρίς", "νωρίς", id="the first letter in Greek"),
        pytest.param("coolantleak", "coolant leak", id="two words run together"),
        pytest.param("cool ant", "coolant", id="a word parted"),
        pytest.param("statoin harbuor", "station harbour", id="two words"),
        pytest.param('"coolant laek"', '"coolant leak"', id="in a phrase"),
        pytest.param("body:statoin", "body:station", id="in a field"),
        pytest.param("statoin -leak", "station NOT leak", id="beside what is excluded"),
        pytest.param("statoin OR habrour", "station OR harbour", id="alternatives"),
    ],
)
def test_a_word_that_no_article_holds_is_corrected(query: str, first: str, index: Path) -> None:
    found = proposed(query, index)
    assert first.casefold() in [text.casefold() for text in found[:1]] or first == "station OR harbour"
    assert all(search(text, index=index).complete for text in found)


def test_the_correction_is_said_with_its_query(index: Path) -> None:
    notices = search("the statoin", index=index).notices
    said = [notice for notice in notices if notice.suggestion]
    assert [notice.suggestion for notice in said] == ["the station"]
    assert said[0].position == (4, 11)
    assert "Did you mean “station” instead of “statoin”" in said[0].message
    assert str(COMMON) in said[0].message


def test_other_words_of_the_query_choose_among_corrections(tmp_path: Path) -> None:
    texts = ["the boat left the harbour"] * 12 + ["the goat ate the cheese"] * 3
    lines = [json.dumps({"title": f"Number {number}", "text": text}) for number, text in enumerate(texts)]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines), "utf-8")
    build([tmp_path / "articles.jsonl"], tmp_path / ".byline")
    assert proposed("xoat", tmp_path / ".byline")[0] == "boat"
    assert proposed("xoat cheese", tmp_path / ".byline") == ["goat cheese"]


def test_a_rare_slip_of_a_common_word_is_called_in_question(index: Path) -> None:
    results = search("acommodation", index=index)
    assert results.complete == 1
    assert proposed("acommodation", index) == ["accommodation"]
    assert [notice.suggestion for notice in results.notices] == ["accommodation"]


@pytest.mark.parametrize(
    ("slips", "others", "is_questioned"), [(1, 25, True), (1, 24, False), (2, 50, True), (2, 49, False), (3, 90, False)]
)
def test_a_slip_is_in_two_articles_at_most_and_the_right_word_in_25_times_as_many(
    slips: int, others: int, is_questioned: bool, tmp_path: Path
) -> None:
    texts = ["The acommodation was dear."] * slips + ["The accommodation was dear."] * others
    lines = [json.dumps({"title": f"Number {number}", "text": text}) for number, text in enumerate(texts)]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines), "utf-8")
    build([tmp_path / "articles.jsonl"], tmp_path / ".byline")
    assert proposed("acommodation", tmp_path / ".byline") == ["accommodation"] * is_questioned


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("station", id="a common word"),
        pytest.param("governors", id="an inflection of a common word"),
        pytest.param("harboure", id="another ending"),
        pytest.param("haroour", id="a name, written with a capital"),
        pytest.param("statikon", id="a word that its article uses twice"),
        pytest.param("guests", id="a rare word like no other"),
        pytest.param("东京大学", id="a script without spaces"),
        pytest.param("2022", id="a number"),
        pytest.param("the", id="a short word"),
    ],
)
def test_words_that_are_right_are_left_in_peace(query: str, index: Path) -> None:
    assert proposed(query, index) == []


@pytest.mark.parametrize(
    "query", ["zzzzzzzzz", "北海道", "x1y2z3", "ab", "-statoin", "a" * 5_000, "'''", "\udce9\udce9"]
)
def test_what_is_like_no_word_has_no_correction(query: str, index: Path) -> None:
    assert proposed(query, index) == []


def test_both_engines_propose_the_same(tmp_path: Path) -> None:
    lines = [
        json.dumps({"title": f"Number {number}", "text": text})
        for number, text in enumerate([*SENTENCES.values(), *RARE.values()] * 3)
    ]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines), "utf-8")
    given = []
    for name in ENGINE_NAMES:
        build([tmp_path / "articles.jsonl"], tmp_path / name, engine=name)
        queries = ("statoin", "coolantleak", "habrour leak", "cool ant leek", "title:numbre", '"coolant laek" zzz')
        given.append([search(query, index=tmp_path / name).to_dict()["diagnosis"] for query in queries])
    assert given[0] == given[1]


@pytest.mark.parametrize(
    ("written", "meant", "least", "most"),
    [
        ("station", "station", 0, 0),
        ("statiom", "station", 1, 1),
        ("statoin", "station", 0.5, 0.9),
        ("harbbour", "harbour", 0.5, 0.9),
        ("seperate", "separate", 0.5, 0.9),
        ("xtation", "station", 1.5, 1.7),
        ("tsation", "station", 1.3, 1.5),
        ("tation", "station", 1.5, 1.7),
        ("sxtatiox", "station", 2, 2),
        ("", "ab", 2, 3),
    ],
)
def test_likely_edits_cost_less(written: str, meant: str, least: float, most: float) -> None:
    assert least <= round(edit_cost(written, meant), 5) <= most
