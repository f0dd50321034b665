"""Whole pages of our own, in many languages and dialects of markup: title, authors and date must all be right.

A page says in its first comment what is true of it; one more page is one more case.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from index.readers import read_file

PAGES = sorted((Path(__file__).parent / "page_heads").glob("*.html"))


def truth(page: str) -> dict[str, str]:
    comment = re.match(r"<!--\n(.*?)\n-->", page, re.DOTALL)
    assert comment, "the page does not begin with what is true of it"
    return dict(line.split(": ", 1) for line in comment[1].splitlines())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_title_authors_and_date_of_a_page(path: Path) -> None:
    true = truth(path.read_text(encoding="utf-8"))
    document = read_file(path, path.name).documents[0]
    found = {
        "title": document.title,
        "authors": "; ".join(document.authors),
        "date": document.date.isoformat() if document.date else "",
    }
    assert found == true


def test_the_pages_cover_many_languages_and_conventions() -> None:
    languages = {path.stem.split("-")[0] for path in PAGES}
    assert len(PAGES) >= 30 and len(languages) >= 20
