"""What a person reads at the end of a build, and about one document."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from index.document import Document
from index.report import ASKED_FOR, BuildReport
from index.summary import build_summary, document_text
from index.walk import SkippedFile

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
    ]


def test_each_skipped_file_has_its_reason() -> None:
    skipped = (SkippedFile("a.jpg", "not an article format (.jpg)"), SkippedFile("b.md", "the file is empty"))
    text = build_summary(replace(REPORT, skipped=skipped, skipped_files=2), Path("ix"))
    assert "Skipped:\n  a.jpg: not an article format (.jpg)\n  b.md: the file is empty\n" in text


def test_of_many_skipped_files_twenty_are_named_and_the_reasons_counted() -> None:
    report = replace(REPORT, skipped=(*pictures(24), SkippedFile("x.md", "the file is empty")), skipped_files=25)
    lines = build_summary(report, Path("ix")).splitlines()
    assert "  19.jpg: not an article format (.jpg)" in lines
    assert "  20.jpg: not an article format (.jpg)" not in lines
    assert "  and 5 more, listed with --verbose" in lines
    assert "    24 in all: not an article format (.jpg)" in lines
    assert "    1 in all: the file is empty" in lines


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
    warnings=("no address",),
)


def test_a_document_shows_every_value_with_the_rule_that_found_it() -> None:
    assert document_text(DOCUMENT).splitlines() == [
        f"a.md  {DOCUMENT.id}",
        "  title          A Leak  (heading)",
        "  authors        Ann Lee; Bo Ek",
        "  date           2022-12-20",
        "  url            -",
        "  language       -",
        "  extra.tags     ships; ice",
        "  extra.caption  A ship  (figure)",
        "  warning        no address",
        "  body           10 characters",
        "",
        "  One.",
        "",
        "  Two.",
    ]


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
