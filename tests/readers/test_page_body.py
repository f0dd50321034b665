"""The body of web pages: on pages of many kinds, what it has to hold and what not, and how it is laid out."""

# ruff: noqa: E501
from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.document import Document
from index.readers import read_file
from index.readers.html import parse
from index.readers.page.body import page_body
from index.readers.page.element_names import ASIDE, AUTHOR, BODY, CAPTION, COMMENTS, MINOR, NONE, sign_of

PAGES = sorted((Path(__file__).parent / "bodies").glob("*.html"))

SENTENCES = (
    "The bell had been silent since the fire, and the people of the lower town had learned to tell the time by the ferry.",
    "When it rang on Sunday, an hour early, most of them thought of the ferry first and looked at the river.",
    "The sexton says that nobody touched it. The rope, he says, was in his kitchen, where it has hung for forty years.",
    "An engineer who came to look at it found nothing wrong, and said so in a report of two pages and a half.",
)
TEXT = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


def read(page: str) -> Document:
    return read_file(Path("page.html"), "page.html", page.encode()).documents[0]


def body(page: str, title: str = "", stated: str = "") -> list[str]:
    return page_body(parse(page, "page.html"), title, stated).text.split("\n\n")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_pages_of_many_kinds(page: Path) -> None:
    expected = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    document = read_file(page, page.name).documents[0]
    assert [text for text in expected["with"] if text not in document.body] == []
    assert [text for text in expected["without"] if text in document.body] == []
    assert document.extra.get("caption", "") == expected.get("caption", "")
    assert "\n\n\n" not in document.body
    assert document.body == document.body.strip()


@pytest.mark.parametrize(
    ("around", "inner"),
    [
        ("<div class='article-body'>{}</div>", "<div class='sidebar'><p>{}</p></div>"),
        ("<div>{}</div>", "<aside><p>{}</p></aside>"),
        ("<div>{}</div>", "<div role='complementary'><p>{}</p></div>"),
        ("<div>{}</div>", "<div id='relatedArticles'><p>{}</p></div>"),
        ("<div>{}</div>", "<section class='newsletter-signup'><p>{}</p></section>"),
        ("<div>{}</div>", "<div style='display: none'><p>{}</p></div>"),
        ("<div>{}</div>", "<div aria-hidden='true'><p>{}</p></div>"),
        ("<div>{}</div>", "<form><p>{}</p></form>"),
        ("<div>{}</div>", "<p><a href='/other'>{}</a></p>"),
        ("<div>{}</div>", "<div class='commentList'><p>{}</p></div>"),
        ("<main>{}</main>", "<footer><p>{}</p></footer>"),
    ],
)
def test_what_is_no_part_of_the_text(around: str, inner: str) -> None:
    other = "The paper of the upper town says that it has known all of this for years and never told."
    assert body(around.format(TEXT + inner.format(other))) == list(SENTENCES)
    assert body(around.format(inner.format(other) + TEXT)) == list(SENTENCES)


@pytest.mark.parametrize(
    "name", ["has-sidebar", "no-sidebar", "category-newsletter", "post tag-cookies", "comments-closed"]
)
def test_names_of_the_whole_do_not_count_against_it(name: str) -> None:
    assert body(
        f"<div class='{name}'><h1>The Bell</h1>{TEXT}</div><div class='sidebar'><p>Short.</p></div>", "The Bell"
    ) == list(SENTENCES)


@pytest.mark.parametrize("name", ["sidebar", "related", "promo", "comments", "caption"])
def test_a_page_that_holds_nothing_else_keeps_it(name: str) -> None:
    assert body(f"<div class='{name}'>{TEXT}</div>") == list(SENTENCES)


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "Anzeige: Die besten Boote des Jahres",
        "Share this on Facebook, WhatsApp or Twitter",
        "Published: 12 March 2014, 10:20",
        "Photo: Jane Doe / Agency",
        "Figure 3: The bell, seen from the river",
        "This post contains affiliate links, from which we earn a little.",
        "<em>Sign up to our newsletter</em>",
        "Read more: <a href='/x'>The history of the bell</a>",
        "Lire aussi : <a href='/x'>Histoire de la cloche</a>",
    ],
)
def test_lines_that_their_words_tell_from_text(line: str) -> None:
    page = "".join(f"<p>{sentence}</p>" for sentence in (*SENTENCES[:2], line, *SENTENCES[2:]))
    assert body(page) == list(SENTENCES)


@pytest.mark.parametrize(
    "line",
    [
        "“No.”",
        "She read more about <a href='/x'>bells</a> than anyone else in the town.",
        "The newsletter of the parish reported it.",
        "He shared it.",
        "Published in 1914, the book of the bells has been out of print for a hundred years, and nobody has asked for another printing.",
    ],
)
def test_short_lines_of_text_stay(line: str) -> None:
    page = "".join(f"<p>{sentence}</p>" for sentence in (*SENTENCES[:2], line, *SENTENCES[2:]))
    assert len(body(page)) == 5


def test_headings_whose_section_is_gone_go_too() -> None:
    links = "<ul><li><a href='/1'>The ferry</a></li><li><a href='/2'>The sexton</a></li></ul>"
    found = body(
        f"<h1>The Bell</h1>{TEXT}<h2>Why it rang</h2><p>{SENTENCES[0]} Again.</p><h2>More bells</h2>{links}<h2>Still more</h2>{links}",
        "The Bell",
    )
    assert found == [*SENTENCES, "Why it rang", f"{SENTENCES[0]} Again."]


def test_lines_that_are_said_again_and_again() -> None:
    page = "".join(
        f"<p>{sentence} {number}</p>" + ("<p>Prices may vary.</p>" if number > 4 else "")
        for number, sentence in enumerate(SENTENCES * 2)
    )
    assert body(page) == [f"{sentence} {number}" for number, sentence in enumerate(SENTENCES * 2)]


def test_lists_and_tables_are_paragraphs_of_lines() -> None:
    found = body(
        f"{TEXT}<ul><li>rope</li><li>a <b>clapper</b> of iron</li></ul><ol><li><p>Ring it.</p></li><li><p>Wait.</p></li></ol>"
        "<table><tr><th>Bell</th><th>Weight</th></tr><tr><td>Old</td><td>2 t</td></tr></table><p>That is all that is known of it at this time.</p>"
    )
    assert found[4:] == [
        "rope\na clapper of iron",
        "Ring it.\nWait.",
        "Bell Weight\nOld 2 t",
        "That is all that is known of it at this time.",
    ]


def test_line_breaks_and_empty_lines() -> None:
    found = body(f"<div>{SENTENCES[0]}<br>{SENTENCES[1]}<br><br>{SENTENCES[2]}<br> <br>{SENTENCES[3]}</div>")
    assert found == [f"{SENTENCES[0]}\n{SENTENCES[1]}", SENTENCES[2], SENTENCES[3]]


def test_code_keeps_its_lines() -> None:
    document = read(f"<title>Bell</title>{TEXT}<pre>def ring():\n    pull(rope)\n</pre><p>{SENTENCES[0]} Again.</p>")
    assert "ring():" in document.body
    assert "\n" in document.body.split("\n\n")[4]


def test_elements_within_a_line_do_not_break_it() -> None:
    page = f"<p>It is <em>very</em> <a href='/x'>old</a>, <span class='x'>and</span> <code>heavy</code>, as all of them know by now.</p>{TEXT}"
    assert body(page)[0] == "It is very old, and heavy, as all of them know by now."


def test_a_standfirst_above_the_text_and_nothing_else_from_there() -> None:
    page = (
        "<article><header><p>World news</p><h1>The Bell</h1><h2>After a hundred years of silence it rang an hour early on Sunday, and nobody had touched it.</h2>"
        f"<p>By Jane Doe</p><p>5 min read</p></header><div class='entry-content'>{TEXT}</div></article>"
    )
    assert body(page, "The Bell") == [
        "After a hundred years of silence it rang an hour early on Sunday, and nobody had touched it.",
        *SENTENCES,
    ]


def test_text_in_several_parts_of_the_same_name() -> None:
    part = "<section class='article-content'><p>{}</p></section><div class='ad'>Advertisement</div>"
    assert body("<main>" + "".join(map(part.format, SENTENCES)) + "</main>") == list(SENTENCES)


def test_hidden_copies_for_programs_are_not_read_twice() -> None:
    copy = f"<div style='display:none' itemscope><span>2014-03-12</span><div itemprop='articleBody'>{' '.join(SENTENCES)} {' '.join(SENTENCES)}</div></div>"
    assert body(f"<div>{TEXT}</div>{copy}") == list(SENTENCES)


def test_pages_for_browsers_with_scripts() -> None:
    found = page_body(parse(f"<div id='app'>Loading</div><noscript>{TEXT}</noscript>", "x"))
    assert (found.text.split("\n\n"), found.rule) == (list(SENTENCES), "noscript element")
    stated = page_body(parse("<div id='app'>Loading</div>", "x"), stated="\n".join(SENTENCES))
    assert (stated.text.split("\n\n"), stated.rule) == (list(SENTENCES), "json-ld articleBody")
    assert body(TEXT, stated="Something else. " * 200) == list(SENTENCES)


def test_captions_stand_apart() -> None:
    document = read(
        f"<h1>The Bell</h1>{TEXT}<figure><img src='b.jpg'><figcaption>The bell in its tower</figcaption></figure><p>{SENTENCES[0]} Again.</p>"
    )
    assert document.extra["caption"] == "The bell in its tower"
    assert "tower" not in document.body


def test_where_the_body_was_found_is_told() -> None:
    assert read(f"<h1>The Bell</h1>{TEXT}").provenance["body"] == "main part of the page"


@pytest.mark.parametrize(
    ("names", "sign"),
    [
        ("article-body", BODY),
        ("articleBody wide", BODY),
        ("js-entry_content", BODY),
        ("commentList", COMMENTS),
        ("wp-caption-text", CAPTION),
        ("imageDescription", CAPTION),
        ("social-media-links", ASIDE),
        ("SideBar", ASIDE),
        ("recommendedStories_x7", ASIDE),
        ("author-name", AUTHOR),
        ("teaser teaser--small", MINOR),
        ("has-sidebar", NONE),
        ("social-media-embed", NONE),
        ("shadow download upload", NONE),
        ("", NONE),
    ],
)
def test_names(names: str, sign: int) -> None:
    assert sign_of(names) == sign


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<p>",
        "<html></html>",
        "<body><div></div></body>",
        "<ul>" + "<li><a href='/x'>Link to something</a></li>" * 50 + "</ul>",
        "<div class='sidebar comments'>" * 200 + TEXT,
        "<table>" * 100 + TEXT,
        "<div class='" + "ad-" * 5000 + "'>" + TEXT + "</div>",
        "<p>" + "<br>" * 5000 + SENTENCES[0] + "<br> " * 5000,
        f"<h2>{SENTENCES[0]}</h2>" * 500,
        "<div hidden><h1>x</h1>" * 100 + SENTENCES[0],
    ],
)
def test_odd_pages_do_no_harm(page: str) -> None:
    tree = parse(page or "<p></p>", "page.html")
    before = sum(1 for _ in tree.iter())
    found = page_body(tree, "The Bell")
    assert found.text == found.text.strip()
    assert sum(1 for _ in tree.iter()) == before
