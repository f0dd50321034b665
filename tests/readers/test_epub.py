"""Books: chapters or the whole, contents of either kind, metadata, what is encrypted, broken or too large."""

# ruff: noqa: E501  (cases read better on one line)
from __future__ import annotations

from pathlib import Path

import pytest

from index.document import Document
from index.errors import ReadError, UsageError
from index.readers import epub, read_file
from index.readers.decoding import container
from index.reading_settings import ReadingSettings
from index.settings import read_settings
from tests.readers import builders
from tests.readers.builders import chapter

LONG = "The sea said nothing for a long time, and then it said it again. "


def read(tmp_path: Path, data: bytes, form: str = "") -> list[Document]:
    path = tmp_path / "book.epub"
    path.write_bytes(data)
    return read_file(path, "book.epub", settings=ReadingSettings(epub=form)).documents


def refused(tmp_path: Path, data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read(tmp_path, data)
    assert "failed" not in caught.value.what
    return caught.value.what


PAGES = {"one.xhtml": chapter("I", "First text."), "two.xhtml": chapter("II", "Second text.")}
NAV = '<li><a href="one.xhtml">The Ferry</a></li><li><a href="two.xhtml">The Fog</a></li>'


def test_a_document_a_chapter(tmp_path: Path) -> None:
    found = read(tmp_path, builders.epub(PAGES, NAV))
    assert [(each.source, each.title) for each in found] == [("book.epub#1", "The Ferry"), ("book.epub#2", "The Fog")]
    assert {each.authors for each in found} == {("Maren Voss",)}
    assert found[1].extra["book"] == "The Harbour Master's Year"
    assert found[1].extra["chapter"] == "2"
    assert found[1].body == "II\n\nSecond text."


def test_the_whole_book_where_that_is_set(tmp_path: Path) -> None:
    (found,) = read(tmp_path, builders.epub(PAGES, NAV), "book")
    assert found.source == "book.epub"
    assert found.title == "The Harbour Master's Year"
    assert found.extra["chapters"] == ("The Ferry", "The Fog")
    assert found.body == "The Ferry\n\nI\n\nFirst text.\n\nThe Fog\n\nII\n\nSecond text."


def test_the_setting(tmp_path: Path) -> None:
    (tmp_path / "byline.toml").write_text('[reading]\nepub = "book"\n')
    settings = read_settings(tmp_path / ".byline").reading
    (tmp_path / "book.epub").write_bytes(builders.epub(PAGES, NAV))
    assert len(read_file(tmp_path / "book.epub", "book.epub", settings=settings).documents) == 1
    (tmp_path / "byline.toml").write_text('[reading]\nepub = "pages"\n')
    with pytest.raises(UsageError, match='"chapters" or "book"'):
        read_settings(tmp_path / ".byline")


def test_contents_of_epub_2(tmp_path: Path) -> None:
    ncx = """<navPoint><navLabel><text>Part One</text></navLabel><content src="one.xhtml"/>
      <navPoint><navLabel><text>The Fog</text></navLabel><content src="two.xhtml#top"/></navPoint></navPoint>"""
    found = read(tmp_path, builders.epub(PAGES, ncx=ncx))
    assert [each.title for each in found] == ["Part One", "The Fog"]
    assert found[1].extra["part"] == ("Part One",)


def test_without_contents_headings_are_titles(tmp_path: Path) -> None:
    found = read(tmp_path, builders.epub({"a.xhtml": chapter("The Ferry", LONG), "b.xhtml": chapter("The Fog", LONG)}))
    assert [each.title for each in found] == ["The Ferry", "The Fog"]
    assert found[0].body == LONG.strip()


def test_chapters_that_share_a_file_are_told_apart(tmp_path: Path) -> None:
    page = '<html><body><h2 id="a">A</h2><p>One.</p><div id="b"><h2>B</h2><p>Two.</p><h3 id="b1">B1</h3><p>Three.</p></div></body></html>'
    nav = '<li><a href="all.xhtml#a">A</a></li><li><a href="all.xhtml#b">B</a><ol><li><a href="all.xhtml#b1">B1</a></li></ol></li>'
    found = read(tmp_path, builders.epub({"all.xhtml": page}, nav))
    assert [(each.title, each.body) for each in found] == [("A", "One."), ("B", "Two.\n\nB1\n\nThree.")]


def test_a_file_that_no_line_of_the_contents_names_goes_on_with_the_chapter(tmp_path: Path) -> None:
    pages = {**PAGES, "two_split.xhtml": f"<html><body><p>{LONG}</p></body></html>"}
    found = read(tmp_path, builders.epub(pages, NAV))
    assert len(found) == 2
    assert found[1].body.endswith(LONG.strip())


def test_covers_and_printed_contents_are_no_chapters(tmp_path: Path) -> None:
    pages = {
        "cover.xhtml": '<html><body><img src="a.jpg"/></body></html>',
        "title.xhtml": "<html><body><p>Tidewater</p></body></html>",
        "toc.xhtml": "<html><body><p>The Ferry</p><p>The Fog</p><p>The Ferry</p><p>The Fog</p></body></html>",
        **PAGES,
    }
    found = read(tmp_path, builders.epub(pages, NAV))
    assert [each.title for each in found] == ["The Ferry", "The Fog"]
    assert found[0].warnings == ("one page holds no text (covers, pictures)",)


@pytest.mark.parametrize(
    ("metadata", "authors", "date"),
    [
        ('<dc:creator opf:role="aut" opf:file-as="Voss, Maren">Maren Voss</dc:creator><dc:creator opf:role="trl">Ivo Lindt</dc:creator>'
         '<dc:date opf:event="modification">2021-05-01</dc:date><dc:date opf:event="publication">2019-03-14</dc:date>', ("Maren Voss",), "2019-03-14"),
        ("<dc:creator>Maren Voss</dc:creator><dc:creator>Ivo Lindt</dc:creator><dc:date>2019-03-14T00:00:00+00:00</dc:date>", ("Maren Voss", "Ivo Lindt"), "2019-03-14"),
        ('<dc:creator opf:role="edt">Ivo Lindt</dc:creator><dc:date>1922</dc:date>', ("Ivo Lindt",), "None"),
        ('<meta property="dcterms:modified">2021-01-01T00:00:00Z</meta>', (), "None"),
    ],
)  # fmt: skip
def test_metadata(tmp_path: Path, metadata: str, authors: tuple[str, ...], date: str) -> None:
    found = read(tmp_path, builders.epub(PAGES, NAV, metadata=f"<dc:title>T</dc:title>{metadata}"))[0]
    assert found.authors == authors
    assert str(found.date) == date


def test_page_numbers_and_readings_of_characters_are_no_text(tmp_path: Path) -> None:
    page = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body><p>山路<ruby>登<rt>のぼ</rt></ruby>る'
        '<span epub:type="pagebreak" id="p3">3</span>。</p><script>x()</script></body></html>'
    )
    assert read(tmp_path, builders.epub({"a.xhtml": page}))[0].body == "山路登る。"


def test_files_that_are_no_xml_are_read_as_html(tmp_path: Path) -> None:
    page = "<html><body><h1>Fog</h1><p>One &amp; two<br>three<p>four &copy; five</body>"
    assert read(tmp_path, builders.epub({"a.xhtml": page}))[0].body == "One & two\nthree\n\nfour © five"


def test_a_broken_chapter_does_not_cost_the_others(tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    path.write_bytes(builders.epub({**PAGES, "gone.xhtml": ""}, NAV, more={"OPS/gone.xhtml": b""}))
    documents, problems = read_file(path, "book.epub")
    assert len(documents) == 2
    assert len(problems) == 1


ENCRYPTED = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">
<enc:EncryptedData><enc:EncryptionMethod Algorithm="{}"/><enc:CipherData><enc:CipherReference URI="OPS/one.xhtml"/></enc:CipherData>
</enc:EncryptedData></encryption>"""


def test_books_under_copy_protection_say_so(tmp_path: Path) -> None:
    more = {"META-INF/encryption.xml": ENCRYPTED.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")}
    assert "protected against copying (DRM)" in refused(tmp_path, builders.epub(PAGES, NAV, more=more))
    fonts = {"META-INF/encryption.xml": ENCRYPTED.format("http://www.idpf.org/2008/embedding")}
    assert len(read(tmp_path, builders.epub(PAGES, NAV, more=fonts))) == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 and no more", "cut off or damaged"),
        (b"nothing of the kind", "not an EPUB: no ZIP file"),
        (builders.zip_file({"a.txt": "x"}), "not an EPUB"),
        (builders.epub({}), "without pages"),
        (builders.epub({"a.xhtml": '<html><body><img src="a.jpg"/></body></html>'}), "no text in it"),
        (builders.zip_file({"META-INF/container.xml": "<a><rootfile full-path='../../etc/passwd'/></a>"}), "missing"),
    ],
)
def test_what_is_no_book(tmp_path: Path, data: bytes, reason: str) -> None:
    assert reason in refused(tmp_path, data)


def test_addresses_lead_nowhere_outside_the_book(tmp_path: Path) -> None:
    (tmp_path / "secret.xhtml").write_text(chapter("Secret", "A secret."))
    found = read_file_of(tmp_path, builders.epub({**PAGES, "../../secret.xhtml": ""}, NAV))
    assert all("secret" not in each.body for each in found)


def read_file_of(tmp_path: Path, data: bytes) -> list[Document]:
    path = tmp_path / "b.epub"
    path.write_bytes(data)
    return read_file(path, "b.epub").documents


def test_bombs_are_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MAX_PART_BYTES", 2**20)
    bomb = builders.epub({"a.xhtml": "<html><body><p>" + "x" * 3 * 2**20 + "</p></body></html>"})
    assert len(bomb) < 2**16
    assert "larger than 1 MB unpacked" in refused(tmp_path, bomb)
    monkeypatch.setattr(container, "MAX_TOTAL_BYTES", 2**21)
    pages = {f"{n}.xhtml": chapter(str(n), "y" * (2**20 - 1000)) for n in range(5)}
    path = tmp_path / "many.epub"
    path.write_bytes(builders.epub(pages))
    documents, problems = read_file(path, "many.epub")
    assert len(documents) < 3
    assert problems


def test_too_many_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MAX_PARTS", 10)
    assert "more than 10 parts" in refused(
        tmp_path, builders.epub({f"{n}.xhtml": chapter("T", "x") for n in range(20)})
    )


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    page = f'<!DOCTYPE html [<!ENTITY e0 "lol">{levels}<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>Text &e9; &x; here.</p></body></html>'
    assert read(tmp_path, builders.epub({"a.xhtml": page}))[0].body == "Text here."


def test_chapters_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epub, "MAX_CHAPTERS", 1)
    path = tmp_path / "b.epub"
    path.write_bytes(builders.epub(PAGES, NAV))
    documents, problems = read_file(path, "b.epub")
    assert len(documents) == 1
    assert problems == ("only the first 1 of 2 chapters are read",)
