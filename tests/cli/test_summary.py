"""What a person reads at the end of a build, and about one document."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from index.commands.summary import build_summary, document_text
from index.document import Candidate, Document
from index.files.walk import SkippedFile
from index.updating.report import ASKED_FOR, BuildReport

REPORT = BuildReport(
    indexed=1234,
    files_indexed=1,
    files_read=3,
    unchanged=7,
    removed=2,
    skipped=(),
    skipped_files=0,
    problems=(),
    documents=1300,
    without_title=0,
    without_author=30,
    without_date=1,
    doubtful=0,
    engine="tantivy",
    engine_changed_from="",
    generation=1,
    rebuilt_because="",
    seconds=2.5,
    documents_per_second=493.6,
    interrupted=False,
)


def pictures(number: int) -> tuple[SkippedFile, ...]:
    return tuple(SkippedFile(f"{n:02}.jpg", "not an article format (.jpg)") for n in range(number))


def test_counts_speed_engine_and_what_is_lacking() -> None:
    assert build_summary(REPORT, Path("ix")).splitlines() == [
        "Indexed 1,234 documents from 1 file in 2.50 s, 494 documents a second",
        "7 files unchanged, 2 removed, 0 skipped",
        "ix holds 1,300 documents (engine tantivy): 30 without an author, 1 without a date",
        "See which: byline search NOT has:author",
        "           byline search NOT has:date",
    ]


def test_of_a_rebuild_that_read_nothing_it_says_what_it_took_over() -> None:
    report = replace(REPORT, kept=3, files_read=0, files_indexed=0, indexed=0, rebuilt_because=ASKED_FOR)
    text = build_summary(report, Path("ix"))
    assert text.startswith("Everything was taken over as stored\n7 files unchanged")
    assert "Indexed 0" not in text


def test_an_interrupted_build_says_how_many_files_are_left() -> None:
    text = build_summary(replace(REPORT, interrupted=True, left=1), Path("ix"))
    assert text.startswith("Interrupted. What was read until now is in the index; 1 file is left; the same command")


def test_what_may_be_wrong_is_counted_and_can_be_listed() -> None:
    report = replace(REPORT, without_author=0, without_date=0, doubtful=2)
    assert build_summary(report, Path("ix")).splitlines()[-2:] == [
        "ix holds 1,300 documents (engine tantivy): 2 doubtful",
        "See which: byline search has:doubt",
    ]


def test_where_nothing_is_lacking_nothing_is_said() -> None:
    report = replace(REPORT, without_author=0, without_date=0)
    assert build_summary(report, Path("ix")).endswith("ix holds 1,300 documents (engine tantivy)")


def test_each_skipped_file_has_its_reason() -> None:
    skipped = (SkippedFile("a.jpg", "not an article format (.jpg)"), SkippedFile("b.md", "the file is empty"))
    text = build_summary(replace(REPORT, skipped=skipped, skipped_files=2), Path("ix"))
    assert "Skipped:\n  b.md: the file is empty\n1 file is no article: 1 .jpg (named with --verbose)\n" in text


def test_of_many_skipped_files_twenty_are_named_and_the_reasons_of_the_rest_counted() -> None:
    empty = tuple(SkippedFile(f"{n:02}.md", "the file is empty") for n in range(24))
    links = (SkippedFile("00.txt", "a link to nothing"),)
    report = replace(REPORT, skipped=(*pictures(9), *links, *empty), skipped_files=34, passed_over=10)
    lines = build_summary(report, Path("ix")).splitlines()
    assert "7 files unchanged, 2 removed, 34 skipped (10 passed over)" in lines
    assert "  19.md: the file is empty" in lines
    assert "  20.md: the file is empty" not in lines
    assert lines[lines.index("  and 5 more, listed with --verbose") :][1:4] == [
        "    4 of these: the file is empty",
        "    1 of these: a link to nothing",
        "9 files are not articles: 9 .jpg (named with --verbose)",
    ]


def test_when_interrupted_early_nothing_is_said_of_the_folder() -> None:
    text = build_summary(replace(REPORT, documents=0, indexed=0, interrupted=True), Path("ix"))
    assert "no article in it" not in text


def test_all_skipped_files_are_named_on_request() -> None:
    text = build_summary(replace(REPORT, skipped=pictures(25), skipped_files=25), Path("ix"), verbose=True)
    assert "  24.jpg: not" in text
    assert "more" not in text


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({"interrupted": True}, "Interrupted. ", id="Ctrl-C"),
        pytest.param(
            {"engine_changed_from": "whoosh"}, "(engine tantivy, no longer whoosh)", id="the engine has changed"
        ),
        pytest.param({"rebuilt_because": "it was old"}, "Everything was read again: it was old", id="rebuilt"),
        pytest.param(
            {"problems": (SkippedFile("f.jsonl", "line 3 is not JSON"),)},
            "Read only in part:\n  f.jsonl: line 3 is not JSON",
            id="parts of files",
        ),
        pytest.param({"indexed": 0, "files_indexed": 0}, "Indexed 0 documents from 0 files in 2.50 s\n", id="nothing"),
    ],
)
def test_what_else_may_happen_is_said(change: dict[str, object], expected: str) -> None:
    assert expected in build_summary(replace(REPORT, **change), Path("ix"))  # type: ignore[arg-type]


def test_a_hostile_file_name_cannot_drive_the_terminal() -> None:
    report = replace(REPORT, skipped=(SkippedFile("\x1b]0;x\x07.md", "bad\nnews"),), skipped_files=1)
    text = build_summary(report, Path("ix\x1b[2J"))
    assert "\x1b" not in text
    assert "  \\x1b]0;x\\x07.md: bad\\nnews" in text


DOCUMENT = Document(
    source="a.md",
    title="A Leak",
    authors=("Ann Lee", "Bo Ek"),
    date=dt.date(2022, 12, 20),
    body="One.\n\nTwo.",
    extra={"tags": ("ships", "ice"), "caption": "A ship"},
    provenance={"title": "heading", "extra.caption": "figure"},
    confidence={"title": 0.95, "extra.caption": 0.8},
    warnings=("no address",),
    candidates={
        "title": (
            Candidate("A Leak", "title element"),
            Candidate("A Leak - The News", "meta og:title"),
            Candidate("A Leak - The News", "json-ld headline"),
            *(Candidate(f"Ship {number}", "first heading") for number in range(4)),
        ),
        "date": (Candidate("2099-02-31", "dateline", "is not a day of the calendar"),),
    },
)


def test_a_document_shows_every_value_with_the_rule_that_found_it() -> None:
    assert document_text(DOCUMENT).splitlines() == [
        f"a.md  {DOCUMENT.id}",
        "  title          A Leak  (heading, 0.95)",
        "                 not A Leak - The News  (meta og:title)",
        "                 not Ship 0  (first heading)",
        "                 not Ship 1  (first heading)",
        "                 and 2 more, listed with --verbose",
        "  authors        Ann Lee; Bo Ek",
        "  date           2022-12-20",
        "                 not 2099-02-31  (dateline: is not a day of the calendar)",
        "  url            -",
        "  language       -",
        "  extra.tags     ships; ice",
        "  extra.caption  A ship  (figure, 0.80)",
        "  warning        no address",
        "  body           10 characters",
        "",
        "  One.",
        "",
        "  Two.",
    ]


def test_all_that_other_rules_found_is_shown_on_request() -> None:
    lines = document_text(DOCUMENT, verbose=True).splitlines()
    assert "                 also A Leak  (title element)" in lines
    assert "                 not Ship 3  (first heading)" in lines
    assert not any("more" in line for line in lines)


def test_what_stands_is_not_repeated_unless_asked() -> None:
    assert "also" not in document_text(DOCUMENT)


def test_a_hostile_candidate_cannot_drive_the_terminal() -> None:
    hostile = replace(DOCUMENT, candidates={"title": (Candidate("\x1b[2J", "meta \x1b[2J"),)})
    assert "\x1b" not in document_text(hostile, verbose=True)


def test_color_only_adds_to_the_text() -> None:
    coloured = document_text(DOCUMENT, color=True)
    assert "\x1b[1m" in coloured
    assert len(coloured) > len(document_text(DOCUMENT))


@pytest.mark.parametrize(("number", "expected"), [(0, False), (1, False), (9, False), (10, True)])
def test_a_rate_is_given_where_there_is_one(number: int, expected: bool) -> None:
    report = replace(REPORT, indexed=number, documents_per_second=number / 2.5)
    assert ("a second" in build_summary(report, Path("ix"))) is expected


def test_a_rebuild_that_was_asked_for_needs_no_reason() -> None:
    text = build_summary(replace(REPORT, rebuilt_because=ASKED_FOR), Path("ix"))
    assert text.startswith("Everything was read again\n")


def test_what_is_forgotten_is_named() -> None:
    text = build_summary(replace(REPORT, forgotten=("art", "\x1b[2J")), Path("ix"))
    assert "No longer indexed: art, \\x1b[2J\n" in text
