"""For every value the rule that found it, what other rules found, and how likely it is right."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from index.document import DOUBTFUL, Candidate, Document
from index.readers import read_file
from index.readers.article.findings import MAX_CANDIDATE_CHARACTERS, MAX_CANDIDATES, Findings
from index.readers.article.trust import LEAST, MOST, confidence
from tests.readers.mutate import cases

TEXT = "The old ferry crosses the river in the rain, and nobody waits for it on the other side. " * 8
TODAY = dt.date(2024, 5, 1)


def page(path: Path, head: str, body: str = "") -> Document:
    path = path / "a.html"
    path.write_text(f"<html><head>{head}</head><body>{body}<p>{TEXT}</p></body></html>")
    return read_file(path, path.name).documents[0]


@pytest.mark.parametrize("path", [path for paths in cases().values() for path in paths], ids=lambda path: path.name)
def test_every_value_has_its_rule_and_its_confidence(path: Path) -> None:
    for document in read_file(path, path.name).documents:
        values = document.to_dict()
        fields = {name for name in ("title", "authors", "date", "url", "language", "body") if values[name]}
        fields |= {f"extra.{name}" for name in document.extra}
        assert set(document.provenance) == set(document.confidence) == fields
        assert all(LEAST <= sure <= MOST for sure in document.confidence.values())


def test_what_loses_stays_as_a_candidate(tmp_path: Path) -> None:
    document = page(
        tmp_path,
        '<title>The Harbour - The Gazette</title><meta property="og:title" content="Boats!">'
        '<meta name="author" content="Ana Lee"><meta property="article:published_time" content="2019-03-02">',
        "<h1>The Harbour</h1><p class='byline'>By <a rel='author' href='/authors/jo'>Jo Ek</a></p>",
    )
    assert document.title == "The Harbour"
    assert "Boats!" in [candidate.value for candidate in document.candidates["title"]]
    names = {document.authors, *(candidate.value for candidate in document.candidates["authors"])}
    assert {("Ana Lee",), ("Jo Ek",)} <= names


def test_sources_that_agree_make_a_value_surer_and_others_less_so(tmp_path: Path) -> None:
    published = '<meta property="article:published_time" content="2019-03-02">'
    linked = '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "%s"}</script>'
    heading = "<h1>The Harbour</h1>"
    agreed = page(tmp_path, published + linked % "2019-03-02", heading)
    alone = page(tmp_path, published, heading)
    opposed = page(tmp_path, published + linked % "2011-07-08", heading)
    assert agreed.confidence["date"] > alone.confidence["date"] > opposed.confidence["date"]


@pytest.mark.parametrize("day", ["2099-01-01", "2019-02-31"])
def test_a_date_that_cannot_be_is_a_refused_candidate(tmp_path: Path, day: str) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"---\ntitle: The Harbour\ndate: {day}\n---\n{TEXT}")
    document = read_file(path, path.name).documents[0]
    assert document.date is None
    assert document.extra["date"] == day
    assert "date" not in document.confidence
    (candidate,) = document.candidates["date"]
    assert (candidate.value, candidate.rule) == (day, "yaml front matter date")
    assert candidate.refused in ("lies in the future", "is not a day of the calendar")
    assert document.warnings == (f"date {day} {candidate.refused}; kept as text",)


@pytest.mark.parametrize("written", ["32.01.2020", "1/1/3000", "2999", "99999999999", "0001-01-01", "May 2020"])
def test_a_date_that_says_no_day_is_kept_as_text_with_a_warning(tmp_path: Path, written: str) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"---\ntitle: The Harbour\ndate: '{written}'\npublished: true\n---\n{TEXT}")
    document = read_file(path, path.name).documents[0]
    assert document.date is None
    assert document.extra["date"] == written
    assert document.warnings == (f"date {written} is not understood; kept as text",)


def test_a_date_that_can_be_read_in_two_ways_is_doubted() -> None:
    plain, ambiguous = Findings("a", TODAY), Findings("b", TODAY)
    plain.offer_date("13/04/2022", "dateline")
    ambiguous.offer_date("03/04/2022", "dateline")
    assert ambiguous.document(TEXT).confidence["date"] < plain.document(TEXT).confidence["date"]


def test_a_doubtful_value_makes_a_doubtful_document() -> None:
    findings = Findings("a", TODAY)
    findings.offer_title("The Harbour", "first heading")
    for rule in ("json-ld headline", "meta og:title", "title element"):
        findings.offer_title("Another Story Altogether", rule)
    document = findings.document(TEXT)
    assert document.confidence["title"] < DOUBTFUL
    assert document.doubtful == ("title",)


def test_what_is_missing_is_not_doubtful() -> None:
    assert Findings("a").document(TEXT).doubtful == ()


def test_a_declared_language_that_the_text_does_not_have_is_told() -> None:
    findings = Findings("a")
    findings.offer_language("de-AT", "declared language")
    document = findings.document(TEXT)
    assert document.language == "de"
    assert document.candidates["language"] == (Candidate("en", "detected from the text"),)
    assert document.warnings == ("language de, by declared language, but the text reads as en",)
    assert document.confidence["language"] < confidence("language", "de", "declared language")


def test_candidates_are_bounded() -> None:
    findings = Findings("a")
    for number in range(1000):
        findings.offer_title(f"{number} {'word ' * 200}", f"rule {number}")
        findings.offer_authors([f"Ana{name} Lee" for name in range(100)], f"rule {number}", split=False)
    candidates = findings.document(TEXT).candidates
    assert all(len(found) == MAX_CANDIDATES for found in candidates.values())
    assert all(len(found.value) <= MAX_CANDIDATE_CHARACTERS for found in candidates["title"])
    assert len(str(candidates)) < 20_000


def test_a_rule_that_says_the_same_twice_is_heard_once() -> None:
    findings = Findings("a")
    for _ in range(3):
        findings.offer_title("The Harbour", "heading")
    assert "title" not in findings.document(TEXT).candidates


@pytest.mark.parametrize(
    ("field", "value", "others"),
    [
        ("title", "The Harbour", [Candidate("THE HARBOUR!", "meta og:title")]),
        ("authors", ("Ana Lee", "Jo Ek"), [Candidate(("Jo Ek", "Ana Lee"), "meta author")]),
        ("url", "https://a.example/x", [Candidate("http://www.a.example/x/", "meta og:url")]),
    ],
)
def test_the_same_in_other_words_is_agreement(field: str, value: str, others: list[Candidate]) -> None:
    alone = confidence(field, value, "json-ld x")
    assert confidence(field, value, "json-ld x", others) > alone
    assert confidence(field, value, "json-ld x", [others[0]._replace(refused="is none")]) == alone


@pytest.mark.parametrize(
    ("field", "value", "other"),
    [
        ("title", "Harbour Reopens", "Harbour Reopens – The Gazette"),
        ("authors", ("Ana Lee",), ("Ana Lee", "The Gazette")),
    ],
)
def test_a_part_of_a_value_says_neither_yes_nor_no(field: str, value: str, other: str) -> None:
    assert confidence(field, value, "json-ld x", [Candidate(other, "meta y")]) == confidence(field, value, "json-ld x")


def test_a_later_change_says_nothing_against_the_date_of_publication() -> None:
    changed = Candidate("2022-03-04", "json-ld dateModified")
    alone = confidence("date", "2022-03-01", "json-ld datePublished")
    assert confidence("date", "2022-03-01", "json-ld datePublished", [changed]) == alone
