"""PDF: paragraphs out of lines, what is left out, metadata that counts, and what has no text or no key."""

# ruff: noqa: E501  (cases read better on one line)
from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from index.build import build
from index.commands.summary import build_summary
from index.document import Document
from index.errors import ReadError
from index.readers import read_file
from index.readers.decoding import libraries
from index.readers.parts import pdf_lines
from index.readers.parts.pdf_lines import BROKEN_WORD, Line
from index.readers.parts.pdf_text import pdf_blocks
from index.readers.pdf import pdf_date
from tests.readers import builders
from tests.readers.builders import TALE, Placed, set_text

HEAD: list[Placed] = [(72, 720, 20, "Two Clocks in One Office"), (72, 690, 11, "By Maren Voss")]


def read(tmp_path: Path, data: bytes, name: str = "a.pdf") -> Document:
    path = tmp_path / name
    path.write_bytes(data)
    return read_file(path, name).documents[0]


def refused(tmp_path: Path, data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read(tmp_path, data)
    assert "failed" not in caught.value.what
    return caught.value.what


def page(lines: list[Placed], number: int) -> list[Placed]:
    return [(72, 770, 9, f"THE GAZETTE {number}"), *lines, (300, 30, 9, f"- {number} -")]


def test_paragraphs_are_put_together(tmp_path: Path) -> None:
    found = read(tmp_path, builders.pdf([[*HEAD, *set_text(TALE)]]))
    assert (found.title, found.authors) == ("Two Clocks in One Office", ("Maren Voss",))
    assert found.body == TALE


def test_running_heads_feet_and_page_numbers_go(tmp_path: Path) -> None:
    paragraphs = TALE.split("\n\n")
    pages = [page(set_text(text, y=700), number) for number, text in enumerate(paragraphs, 7)]
    assert read(tmp_path, builders.pdf(pages)).body == TALE


def test_a_paragraph_goes_on_over_the_page(tmp_path: Path) -> None:
    rows = set_text(TALE.split("\n\n")[1], y=700)
    found = read(
        tmp_path, builders.pdf([page(rows[:2], 1), page([(x, y + 28, size, text) for x, y, size, text in rows[2:]], 2)])
    )
    assert found.body == TALE.split("\n\n")[1]


def test_two_columns_in_the_order_of_the_file(tmp_path: Path) -> None:
    left = set_text(TALE.split("\n\n")[0], width=38)
    right = set_text(TALE.split("\n\n")[1], x=320, width=38)
    assert read(tmp_path, builders.pdf([[*HEAD, *left, *right]])).body == "\n\n".join(TALE.split("\n\n")[:2])


def line(text: str, y: float = 700) -> Line:
    left, size = 72, 10
    return Line(text, 0, left, left + 0.5 * size * len(text), y, y + size, size)


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        (
            f"every even harbour mas{BROKEN_WORD}",
            "ter had two clocks on her wall",
            "every even harbour master had two clocks on her wall",
        ),
        (
            "every even harbour mas-",
            "ter had two clocks on her wall",
            "every even harbour master had two clocks on her wall",
        ),
        (f"a well{BROKEN_WORD}", "known clock; well-known it was", "a well-known clock; well-known it was"),
        (
            f"the coast of East{BROKEN_WORD}",
            "Dunmarra has one clock, no more",
            "the coast of East-Dunmarra has one clock, no more",
        ),
        (
            "the ﬁrst oﬃce of all harbours",
            "was the ﬂoor of a ship",
            "the first office of all harbours was the floor of a ship",
        ),
        ("海の時計は町の時計よりも", "一時間おくれている。", "海の時計は町の時計よりも一時間おくれている。"),
        (f"from 1998{BROKEN_WORD}", "2004 it stood still all the time", "from 1998-2004 it stood still all the time"),
    ],
)
def test_lines_are_joined(first: str, second: str, text: str) -> None:
    blocks, _ = pdf_blocks([line(first), line(second, 688)], 1)
    assert [block.text for block in blocks] == [text]


INFO = {
    "Title": "Two Clocks in One Office",
    "Author": "Maren Voss and Ivo Lindt",
    "CreationDate": "D:20190314233000-08'00'",
    "Keywords": "sea; time",
}


def test_the_information_dictionary(tmp_path: Path) -> None:
    found = read(tmp_path, builders.pdf([set_text(TALE)], INFO))
    assert (found.title, found.authors, str(found.date)) == (
        "Two Clocks in One Office",
        ("Maren Voss", "Ivo Lindt"),
        "2019-03-14",
    )
    assert found.extra["tags"] == ("sea", "time")


XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">The Sea's Clock</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>Maren Voss</rdf:li><rdf:li>Ivo Lindt</rdf:li></rdf:Seq></dc:creator><dc:date><rdf:Seq><rdf:li>2018-07-01</rdf:li></rdf:Seq></dc:date>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def test_xmp_wins_over_the_information_dictionary(tmp_path: Path) -> None:
    found = read(tmp_path, builders.pdf([set_text(TALE)], INFO, xmp=XMP))
    assert (found.title, found.authors, str(found.date)) == (
        "The Sea's Clock",
        ("Maren Voss", "Ivo Lindt"),
        "2018-07-01",
    )


@pytest.mark.parametrize(
    "info",
    [
        {"Title": "Microsoft Word - clocks.doc", "Author": "mvoss"},
        {"Title": "Template for Reports of the Council"},  # stands nowhere on the page
        {"Title": "untitled", "Author": "anonymous"},
        {},
    ],
)
def test_the_largest_text_is_the_title_where_metadata_makes_no_sense(tmp_path: Path, info: Mapping[str, str]) -> None:
    found = read(tmp_path, builders.pdf([[*HEAD, *set_text(TALE)]], info))
    assert found.title == "Two Clocks in One Office"
    assert found.authors == ("Maren Voss",)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("D:20190314233000-08'00'", "2019-03-14T23:30-0800"), ("D:20190314", "2019-03-14"), ("D:20190314101500Z", "2019-03-14T10:15Z"),
        ("20190314101500+01", "2019-03-14T10:15+0100"), ("Thu Mar 14", ""), ("", ""),
    ],
)  # fmt: skip
def test_dates_of_the_information_dictionary(text: str, date: str) -> None:
    assert pdf_date(text) == date


def test_a_scan_says_what_to_do(tmp_path: Path) -> None:
    assert refused(tmp_path, builders.pdf([[], []])) == "a scan without text: run OCR first (ocrmypdf, for example)"


def test_pages_without_text_are_counted(tmp_path: Path) -> None:
    assert read(tmp_path, builders.pdf([set_text(TALE), [], []])).warnings == ("2 of 3 pages have no text",)


def test_encrypted_files(tmp_path: Path) -> None:
    assert read(tmp_path, builders.pdf([set_text(TALE)], INFO, password="")).body == TALE
    assert (
        refused(tmp_path, builders.pdf([set_text(TALE)], INFO, password="sea"))
        == "encrypted: it opens only with a password"
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"plain text", "not a PDF"),
        (b"%PDF-1.7\nand no more", "not a PDF, or too damaged to be read"),
        (b"%PDF-1.4\n" + bytes(5000), "damaged"),
    ],
)
def test_what_is_no_pdf(tmp_path: Path, data: bytes, reason: str) -> None:
    assert reason in refused(tmp_path, data)


def test_a_damaged_table_of_objects_is_mended(tmp_path: Path) -> None:
    data = builders.pdf([set_text(TALE)])
    assert read(tmp_path, data.replace(b"startxref\n", b"startxref\n9")).body == TALE
    assert read(tmp_path, data.replace(b"%PDF-1.4\n", b"%PDF-1.4\n% a line more\n")).body == TALE


def test_pages_and_characters_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = builders.pdf([set_text(f"Page {number} says this and no more.") for number in range(6)])
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    monkeypatch.setattr("index.readers.pdf.MAX_PAGES", 2)
    documents, problems = read_file(path, "a.pdf")
    assert "Page 1" in documents[0].body
    assert "Page 2" not in documents[0].body
    assert problems == ("only the first 2 of 6 pages are read",)
    monkeypatch.setattr("index.readers.pdf.MAX_CHARACTERS", 10)
    assert read_file(path, "a.pdf").problems[0].startswith("only the first 1 of 6 pages")
    monkeypatch.setattr(pdf_lines, "MAX_PAGE_CHARACTERS", 6)
    assert read_file(path, "a.pdf").documents[0].body == "Page 0\n\nPage 1"


@contextlib.contextmanager
def without_pdfium(folder: Path) -> Iterator[None]:
    """Takes the library away from this process and those that it starts."""
    folder.mkdir()
    (folder / "pypdfium2.py").write_text("raise ImportError('on purpose')\n")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("pypdfium2", "pypdfium2.raw"):
            patch.setitem(sys.modules, name, None)
        patch.syspath_prepend(folder)
        yield


def test_without_the_library_it_names_the_command(tmp_path: Path) -> None:
    with without_pdfium(tmp_path / "path"):
        reason = refused(tmp_path, builders.pdf([set_text(TALE)]))
    assert reason == "reading PDF needs pypdfium2: pip install 'byline[pdf]'"
    assert libraries.is_missing(reason)


def test_files_wait_for_their_library(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    for number in range(3):
        (articles / f"{number}.pdf").write_bytes(builders.pdf([set_text(TALE)]))
    (articles / "a.md").write_text("# Title\n\nText.")
    with without_pdfium(tmp_path / "path"):
        for _ in range(2):  # and again, as nothing has changed
            report = build([articles], tmp_path / ".byline", jobs=1)
            assert report.skipped_files == 3
            summary = build_summary(report, tmp_path / ".byline")
            assert summary.count("pip install") == 1
            assert "Skipped 3 files: reading PDF needs pypdfium2: pip install 'byline[pdf]'" in summary
    report = build([articles], tmp_path / ".byline", jobs=1)
    assert (report.indexed, report.skipped_files) == (3, 0)
