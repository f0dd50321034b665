"""Feeds beyond the golden cases: what else occurs in them, what is broken, and what is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.document import Document
from index.errors import ReadError
from index.readers import ReadResult, read_file

ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Feed</title>{}</feed>'
XHTML = '<x:div xmlns:x="http://www.w3.org/1999/xhtml"><x:p>one</x:p>two</x:div>'
RSS = '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Feed</title>{}</channel></rss>'


def result(tmp_path: Path, text: str | bytes, name: str = "feed.xml") -> ReadResult:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_file(path, name)


def entry(tmp_path: Path, inner: str, feed: str = RSS) -> Document:
    tag = "entry" if feed is ATOM else "item"
    (document,) = result(tmp_path, feed.format(f"<{tag}><title>T</title>{inner}</{tag}>")).documents
    return document


@pytest.mark.parametrize(
    ("inner", "authors"),
    [
        ("<author>ann@x.example (Ann Author)</author>", ("Ann Author",)),
        ("<author>Ann Author &lt;ann@x.example&gt;</author>", ("Ann Author",)),
        ("<author>ann@x.example</author>", ()),
        ("<dc:creator>By Ann Author and Lee Oh</dc:creator>", ("Ann Author", "Lee Oh")),
        ("<undeclared:x/><dc:creator><![CDATA[Ann Author]]></dc:creator>", ("Ann Author",)),
    ],
)
def test_authors(tmp_path: Path, inner: str, authors: tuple[str, ...]) -> None:
    assert entry(tmp_path, inner).authors == authors


def test_an_editor_is_no_author(tmp_path: Path) -> None:
    text = RSS.format("<managingEditor>ed@x.example (Ed Itor)</managingEditor><item><title>T</title></item>")
    assert result(tmp_path, text).documents[0].authors == ()


@pytest.mark.parametrize(
    ("inner", "date"),
    [
        ("<pubDate>Sat, 07 Sep 02 00:00:01 GMT</pubDate>", "2002-09-07"),
        ("<dc:date>2003-12-31T23:30:00-08:00</dc:date>", "2003-12-31"),
        ("<updated>2005-01-02T00:00:00Z</updated><pubDate>1 Jan 2005</pubDate>", "2005-01-01"),
        ("<updated>2005-01-02T00:00:00Z</updated>", "2005-01-02"),
    ],
)
def test_dates(tmp_path: Path, inner: str, date: str) -> None:
    assert str(entry(tmp_path, inner).date) == date


@pytest.mark.parametrize(
    ("inner", "url"),
    [
        ("<link>https://x.example/a</link>", "https://x.example/a"),
        ('<guid isPermaLink="false">https://x.example/no</guid>', ""),
        ("<guid>https://x.example/guid</guid>", "https://x.example/guid"),
        ("<link>https://x.example/a</link><feedburner:origLink xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'>"
         "https://y.example/b</feedburner:origLink>", "https://y.example/b"),
    ],
)  # fmt: skip
def test_addresses(tmp_path: Path, inner: str, url: str) -> None:
    assert entry(tmp_path, inner).url == url


@pytest.mark.parametrize(
    ("inner", "body"),
    [
        ('<content type="text">plain &lt;b&gt; text</content>', "plain <b> text"),
        ('<content type="html">&lt;p&gt;one&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;</content>', "one\n\ntwo"),
        (f"<content type=\"xhtml\">{XHTML}</content>", "one\n\ntwo"),
        ('<content type="application/octet-stream">b25lPGJyPnR3bw==</content>', "one\ntwo"),
        ('<content src="https://x.example/elsewhere"/><summary>short</summary>', "short"),
    ],
)  # fmt: skip
def test_atom_contents(tmp_path: Path, inner: str, body: str) -> None:
    assert entry(tmp_path, inner, ATOM).body == body


def test_an_entry_alone_has_the_name_of_the_file(tmp_path: Path) -> None:
    (document,) = result(tmp_path, '<entry xmlns="http://www.w3.org/2005/Atom"><title>T</title></entry>').documents
    assert document.source == "feed.xml"


def test_a_source_overrules_the_feed(tmp_path: Path) -> None:
    inner = "<source><title>Elsewhere</title><author><name>Ann Author</name></author></source>"
    found = entry(tmp_path, inner, ATOM)
    assert (found.authors, found.extra["site"]) == (("Ann Author",), "Elsewhere")


def test_broken_xml_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    text = RSS.format("<item><title>One</title></item><item><title>Two <b>bold</title></item>").replace("</rss>", "")
    found = result(tmp_path, text)
    assert found.documents[0].title == "One"
    assert "broken XML at line 1" in found.problems[0]


def test_html_entities_bare_ampersands_and_no_encoding(tmp_path: Path) -> None:
    found = result(tmp_path, RSS.format("<item><title>AT&T &eacute;t&#233; &copy;</title></item>"))
    assert (found.documents[0].title, found.problems) == ("AT&T été ©", ())
    text = RSS.format("<item><title>été à Nîmes</title></item>")
    latin = b'<?xml version="1.0" encoding="ISO-8859-1"?>' + text.encode("latin-1")
    assert result(tmp_path, latin).documents[0].title == "été à Nîmes"


def test_numbers_of_signs_that_there_are_not(tmp_path: Path) -> None:
    found = result(tmp_path, RSS.format("<item><title>&#0;a&#xD800;b&#55357;&#56832;c&#x41;&#9999999;</title></item>"))
    assert found.documents[0].title == "ab😀cA"


def test_entity_bombs_and_outside_files_stay_out(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    bomb = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    outside = f'<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">'
    head = f'<!DOCTYPE rss [<!ENTITY e0 "ha">{bomb}{outside}]>'
    found = result(tmp_path, head + RSS.format("<item><title>T</title><description>&e12; &x; end</description></item>"))
    assert len(found.documents[0].body) < 100
    assert "secret" not in found.documents[0].body


def test_nesting_without_end(tmp_path: Path) -> None:
    found = result(tmp_path, RSS.format("<item><title>T</title></item>" + "<a>" * 100_000))
    assert found.documents[0].title == "T"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<svg/>", "XML, but no feed (it begins with <svg>)"),
        ("no XML at all", "not XML"),
        (RSS.format(""), "a feed without entries"),
        (RSS.format("<item/>"), "entry 1 has neither a title nor a text"),
    ],
)
def test_what_is_no_feed_says_so(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ReadError) as raised:
        result(tmp_path, text)
    assert raised.value.what == reason


def test_xhtml_is_a_page(tmp_path: Path) -> None:
    head = "<head><title>A Page</title></head>"
    page = f'<html xmlns="http://www.w3.org/1999/xhtml">{head}<body><p>Its text.</p></body></html>'
    assert result(tmp_path, page).documents[0].title == "A Page"


def test_an_empty_entry_is_named_and_keeps_its_number(tmp_path: Path) -> None:
    found = result(tmp_path, RSS.format("<item/><item><title>Two</title></item>"))
    assert [document.source for document in found.documents] == ["feed.xml#2"]
    assert found.problems == ("entry 1 has neither a title nor a text",)


def test_json_that_is_no_feed_stays_a_record(tmp_path: Path) -> None:
    text = json.dumps({"version": "1", "items": [{"title": "One", "text": "Text."}]})
    assert result(tmp_path, text, "a.json").documents[0].title == "One"


def test_a_date_that_is_none_is_kept_as_text(tmp_path: Path) -> None:
    found = entry(tmp_path, "<pubDate>yesterday</pubDate>")
    assert found.date is None
    assert found.extra["date"] == "yesterday"
    assert found.warnings == ("date yesterday is not understood; kept as text",)
