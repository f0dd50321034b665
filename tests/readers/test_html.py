"""Saved pages: which of the things a page says is believed."""

# ruff: noqa: E501
from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.document import Document
from index.errors import ReadError
from index.readers import read_file

TEXT = "".join(
    f"<p>{sentence}</p>"
    for sentence in (
        "The bell had been silent since the fire, and the people of the lower town had learned to tell the time by the ferry.",
        "When it rang on Sunday, an hour early, most of them thought of the ferry first and looked at the river.",
        "The sexton says that nobody touched it. The rope, he says, was in his kitchen, where it has hung for forty years.",
        "An engineer who came to look at it found nothing wrong, and said so in a report of two pages and a half.",
    )
)


def read(head: str = "", body: str = "", attributes: str = "") -> Document:
    page = f"<html {attributes}><head>{head}</head><body>{body}{TEXT}</body></html>"
    return read_file(Path("page.html"), "page.html", page.encode()).documents[0]


@pytest.mark.parametrize(
    "line",
    [
        "By <a href=/k>Kari Nordmann</a>, Chief Reporter, and Ana Pérez, Reuters",
        "By <a href=/k>Kari Nordmann</a> and <a>Ana Pérez</a>",
    ],
)
def test_a_linked_name_is_not_the_only_one(line: str) -> None:
    assert read(body=f"<h1>The Bell</h1><p>{line}</p>").authors == ("Kari Nordmann", "Ana Pérez")


@pytest.mark.parametrize("line", ["by Kari Nordmann, 2 May 2016", "Kari Nordmann | 2 May 2016", "By Kari Nordmann"])
def test_a_byline_that_was_understood_is_no_text(line: str) -> None:
    document = read(body=f"<h1>The Bell</h1><p>{line}</p>")
    assert document.authors == ("Kari Nordmann",)
    assert document.body.startswith("The bell had been silent")


def test_a_first_line_about_others_stays() -> None:
    head = "<meta name='citation_author' content='Ana Pérez'>"
    assert read(head, "<h1>The Bell</h1><p>By Kari Nordmann</p>").body.startswith("By Kari Nordmann")


def test_a_byline_beats_the_name_in_the_settings_of_a_site() -> None:
    document = read("<meta name='author' content='Ana Pérez'>", "<h1>The Bell</h1><p>By Kari Nordmann</p>")
    assert document.authors == ("Kari Nordmann",)


def test_a_labelled_update_is_never_the_day_of_publication() -> None:
    head = "<meta property='article:published_time' content='2014-03-12'>"
    body = "<h1>The Bell</h1><p class='date'>Last updated: 2 May 2016</p>"
    assert str(read(head, body).date) == "2014-03-12"


def test_dates_of_comments_are_not_the_article_s() -> None:
    body = "<h1>The Bell</h1><time datetime='2014-03-12'>12 March</time>"
    comments = "<div id='comments'><p>By Kari Nordmann, 2 May 2016</p></div>"
    document = read("", body + TEXT + comments)
    assert (str(document.date), document.authors) == ("2014-03-12", ())


@pytest.mark.parametrize("line", ["Share this article", "More from Lower Town", "Related Topics", "Read Next"])
def test_a_line_below_the_text_that_is_no_name_is_no_signature(line: str) -> None:
    assert read(body=f"<h1>The Bell</h1>{TEXT}<p><a href='/next'>{line}</a></p>").authors == ()


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>The Bell Rang | Lower Town News</title>", "<h1>The Bell Rang</h1>", "The Bell Rang"),
        ("<title>Lower Town News - The Bell Rang Early</title>", "<h1><a href='/'>Lower Town News</a></h1><h2>The Bell Rang Early</h2>", "The Bell Rang Early"),
        ("<title>The Bell Rang » Lower Town News</title>", "", "The Bell Rang"),
        (
            "<title>The Bell Rang Too Early - Lower Town News</title><meta property='og:site_name' content='Lower Town News'>",
            "",
            "The Bell Rang Too Early",
        ),
        ("<title>Bell</title><meta property='og:title' content='You Won’t Believe This Bell'>", "<h1>The Bell Rang an Hour Early</h1>", "The Bell Rang an Hour Early"),
        ('<script type="application/ld+json">{"@type": "Article", "headline": "The Bell Rang"}</script>', "", "The Bell Rang"),
        ("<title>Spider-Man - A Bell for Peter</title>", "<h1>Spider-Man - A Bell for Peter</h1>", "Spider-Man - A Bell for Peter"),
    ],
)  # fmt: skip
def test_the_headline_without_the_site(head: str, body: str, title: str) -> None:
    assert read(head, body).title == title


@pytest.mark.parametrize(
    ("head", "body", "authors"),
    [
        ("<meta name='author' content='Jane Doe'>", "", ("Jane Doe",)),
        ("<meta name='author' content='By Jane Doe, Ana Pérez and Lee Oh'>", "", ("Jane Doe", "Ana Pérez", "Lee Oh")),
        ("", "<h1>The Bell</h1><p class='byline'>By <a rel='author' href='/author/jane'>Jane Doe</a>, Staff Writer</p>", ("Jane Doe",)),
        ("", "<h1>The Bell</h1><div>Von Jane Doe | 12. März 2014</div>", ("Jane Doe",)),
        ("<meta name='author' content='admin'>", "<h1>The Bell</h1><div>By Jane Doe</div>", ("Jane Doe",)),
        ("<meta property='article:author' content='https://social.example/jane'>", "<h1>The Bell</h1><p>By Jane Doe</p>", ("Jane Doe",)),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "author": [{"@type": "Person", "name": "Jane Doe"}, {"name": "Ana Pérez"}]}</script>',
            "<p>By Someone Else</p>",
            ("Jane Doe", "Ana Pérez"),
        ),
        ("<meta name='citation_author' content='Doe, Jane'><meta name='citation_author' content='Pérez, Ana'>", "", ("Jane Doe", "Ana Pérez")),
    ],
)  # fmt: skip
def test_who_wrote_it(head: str, body: str, authors: tuple[str, ...]) -> None:
    assert read(head, body).authors == authors


@pytest.mark.parametrize(
    ("head", "body", "date"),
    [
        ("<meta property='article:published_time' content='2014-03-12T23:30:00-08:00'>", "", "2014-03-12"),
        (
            "<meta property='article:modified_time' content='2020-01-01'><meta property='article:published_time' content='2014-03-12'>",
            "",
            "2014-03-12",
        ),
        ("", "<h1>The Bell</h1><time datetime='2014-03-12'>March</time>", "2014-03-12"),
        ("", "<h1>The Bell</h1><div>Posted on March 12, 2014</div>", "2014-03-12"),
        ("", "<h1>The Bell</h1><div>Updated: May 1, 2019</div><div>Published: March 12, 2014</div>", "2014-03-12"),
        ("<link rel='canonical' href='https://a.example/2014/03/12/bell'>", "", "2014-03-12"),
        ("<meta property='article:published_time' content='2014-03-11T23:05:00Z'>", "<h1>The Bell</h1><div>12. März 2014</div>", "2014-03-12"),
        ("", "<div id='footer'>Copyright 12 May 2023</div>", "None"),
        ("<meta property='article:published_time' content='2014-02-30'>", "<h1>The Bell</h1><div>March 12, 2014</div>", "2014-03-12"),
    ],
)  # fmt: skip
def test_the_day_of_publication(head: str, body: str, date: str) -> None:
    assert str(read(head, body).date) == date


def test_a_date_in_the_future_is_kept_as_text() -> None:
    document = read("<meta property='article:published_time' content='2199-01-01'>")
    assert document.date is None
    assert document.extra["date"] == "2199-01-01"
    assert any("future" in warning for warning in document.warnings)


def test_the_rest_of_the_metadata() -> None:
    document = read(
        "<link rel='canonical' href='https://a.example/bell'><meta property='og:url' content='https://a.example/other'>"
        "<meta name='description' content='It rang an hour early.'><meta property='article:section' content='Local'>"
        "<meta name='keywords' content='bells, rivers'>",
        attributes="lang='en-GB'",
    )
    assert document.url == "https://a.example/bell"
    assert document.language == "en"
    assert document.extra["summary"] == "It rang an hour early."
    assert document.extra["section"] == "Local"
    assert document.extra["tags"] == ("bells", "rivers")


def test_the_body_is_plain_paragraphs() -> None:
    document = read(
        "<title>The Bell</title>",
        "<nav><a href='/'>Home</a></nav><h1>The Bell</h1><p>It is <b>very</b> old &amp; <a href='/x'>heavy</a>, and cast in a field by a man who came once and never again.</p>",
    )
    paragraphs = document.body.split("\n\n")
    assert len(paragraphs) == 5
    assert paragraphs[0].startswith("It is very old & heavy, and cast")
    assert "Home" not in document.body


def test_a_page_without_anything_is_refused() -> None:
    with pytest.raises(ReadError, match="no article"):
        read_file(Path("a.html"), "a.html", b"<html><body><script>1</script></body></html>")


MARKUP = st.sampled_from(
    ["<p>", "</p>", "<div class='byline'>", "</div>", "<h1>", "</h1>", "<title>", "<meta name='author' content='", "'>", "<time datetime='", "&#x0;",
     "<script type='application/ld+json'>", "</script>", '{"@type": "Article", "author": ', '["x"]', "}", "<!--", "-->", "<![CDATA[", "By Jane Doe", "2014-03-12", " word ", "\x01", "<svg><title>"]
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(MARKUP, min_size=1, max_size=30).map("".join).filter(str.strip))
def test_no_page_is_too_strange(page: str) -> None:
    try:
        document = read_file(Path("a.html"), "a.html", page.encode()).documents[0]
    except ReadError as error:
        assert "failed" not in error.what
    else:
        assert "\n\n\n" not in document.body


def test_the_address_in_linked_data_counts_where_no_other_is_given() -> None:
    data = '{"@type": "NewsArticle", "headline": "The Bell", "mainEntityOfPage": {"@id": "https://example.org/bell"}}'
    script = f"<script type='application/ld+json'>{data}</script>"
    assert read(script, "<h1>The Bell</h1>").url == "https://example.org/bell"
    other = "<link rel=canonical href='https://example.org/own'>"
    assert read(other + script, "<h1>The Bell</h1>").url == "https://example.org/own"


def test_nothing_is_lost_behind_a_very_long_text() -> None:
    long = "<p>" + "The ferry was late. " * 600_000
    assert read(body=f"<h1>The Bell</h1>{long}").body.endswith("two pages and a half.")


def test_a_page_without_a_text_says_so() -> None:
    page = "<html><head><title>The Bell</title></head><body><div id=root></div><script>draw('#root')</script></body></html>"
    (document,), problems = read_file(Path("page.html"), "page.html", page.encode())
    assert (document.title, document.body) == ("The Bell", "")
    assert (
        problems
        == document.warnings
        == ("it has a title and no text; some pages only show theirs once their programs run",)
    )
