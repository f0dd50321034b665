"""Markdown: what is left of it in the text, and the rules for heads, captions, related links and feet."""

# ruff: noqa: E501  (cases read better on one line)
from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from index.document import Document
from index.errors import ReadError
from index.readers import read_file
from index.readers.article.frontmatter import simple_yaml, split_front_matter
from index.readers.article.heads import split_head

CORPUS = Path(__file__).parents[2] / "corpus"
PROSE = (
    "The keeper rowed out at six and found that the lamp had been burning all night, which nobody could explain to him."
)


def read(text: str, name: str = "a.md") -> Document:
    return read_file(Path(name), name, text.encode()).documents[0]


def body_of(text: str) -> str:
    return read(f"# A Headline for the Test\n\n{PROSE}\n\n{text}").body.removeprefix(PROSE).lstrip("\n")


KANJI_PROSE = "今日は川に霧が出て、渡し船が動かない。渡し守は橋の上で朝まで眠っていた。" * 4


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("2020年3月4日 山田太郎", "山田太郎"), ("2020年3月4日\u3000山田太郎", "山田太郎"), ("山田太郎 2020年3月4日", "山田太郎"),
        ("2020年3月4日 王小明", "王小明"), ("2020년 3월 4일 홍길동", "홍길동"), ("2020年3月4日 社会", ""), ("2020年3月4日 読売新聞", ""),
    ],
)  # fmt: skip
def test_a_line_of_date_and_name_without_spaces(line: str, author: str) -> None:
    document = read(f"# 京都の雪\n\n{line}\n\n{KANJI_PROSE}\n")
    assert "".join(document.authors) == author
    assert str(document.date) == "2020-03-04"
    assert document.body == KANJI_PROSE


@pytest.mark.parametrize("head", ["雪の京都\n\n", "雪の京都\n", "雪の京都\n2020年3月4日 山田太郎\n\n"])
def test_a_short_headline_in_a_japanese_text(head: str) -> None:
    data = f"{head}{KANJI_PROSE}\n\n{KANJI_PROSE}\n".encode("shift_jis")
    assert read_file(Path("a.txt"), "a.txt", data).documents[0].title == "雪の京都"


@pytest.mark.parametrize("line", ["By Lang Writer", "By Lang Writer | 2 May 2016"])
def test_a_family_name_may_be_a_job(line: str) -> None:
    document = read(f"The Lamp Burned All Night\n\n{line}\n\n{PROSE}\n\n{PROSE}\n", "a.txt")
    assert document.authors == ("Lang Writer",)
    assert document.body.startswith("The keeper")


def test_the_first_article_reads_exactly() -> None:
    path = CORPUS / "russian-space-chief-praises-us.md"
    document = read_file(path, path.name).documents[0]
    assert document.title == "Russian Space Chief Praises U.S. After ISS Coolant Leak"
    assert document.authors == ("AFP",)
    assert str(document.date) == "2022-12-20"
    assert document.url.endswith("/2022/12/20/russian-space-chief-praises-us-after-iss-coolant-leak-a79752")
    assert document.language == "en"
    assert document.body.startswith("The head of Russian space agency")
    assert document.body.endswith("aboard a SpaceX spacecraft.")
    assert len(document.body.split("\n\n")) == 15
    assert document.extra == {
        "caption": "Roscosmos State Corporation General Director Yuri Borisov.",
        "credit": "Dmitry Dukhanin / Kommersant",
        "related": "Tiny Meteorite May Have Caused Leak from Soyuz Capsule",
    }
    assert {"title", "authors", "date", "url", "language", "extra.caption"} <= document.provenance.keys()
    assert document.warnings == ()


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("A *small* **bold** ~~struck~~ `code` text.", "A small bold struck code text."),
        ("See [the notes](https://a.example/n) and <https://a.example/>.", "See the notes and https://a.example/."),
        ("See [[Target|the target]] and [[Other]].", "See the target and Other."),
        ("One ![a chart](c.png) picture.", "One picture."),
        ("One line\nand the next.", "One line and the next."),
        ("One line  \nand the next.", "One line\nand the next."),
        ("A <span class='x'>word</span> &amp; a<br>break<!-- no -->.", "A word & a\nbreak."),
        ("<div>\n<p>A block</p>\n<script>x()</script>\n</div>", "A block"),
        ("- one\n- two\n  - three", "one\ntwo\nthree"),
        ("- [x] done\n- [ ] open", "done\nopen"),
        ("1. one\n2. two", "one\ntwo"),
        ("1986. A year", "1986. A year"),
        ("> A quotation\n> of two lines.", "A quotation of two lines."),
        ("> [!tip]- Advice\n> Row slowly.", "Advice\nRow slowly."),
        ("```python\nx = [1]\n```", "x = [1]"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a b\n1 2"),
        ("Words[^1].\n\n[^1]: A note.", "Words.\n\nA note."),
        ("### A part {#anchor}\n\nText.", "A part\n\nText."),
        ("A figure of 5 < 6 and 7 > 3.", "A figure of 5 < 6 and 7 > 3."),
        ("It is 5 \\* 6.", "It is 5 * 6."),
        ("Before {{< video id=1 >}} after.\n{: .wide}", "Before after."),
        ("Soft\u00adhyphen and zero\u200bwidth.", "Softhyphen and zerowidth."),
    ],
)
def test_no_markup_is_left(markdown: str, text: str) -> None:
    assert body_of(markdown) == text


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "[Skip to content](#main)",
        "Listen to this article · 4 min",
        "[Share on Facebook](#) [Tweet](#) [Email](#)",
        "*Sign up to our newsletter to get the day's top stories in your inbox.*",
        "Werbung",
        "Publicité",
        "![](https://a.example/pixel.gif)",
        "---",
        "Lesen Sie auch: [Ein anderer Artikel](#)",
        "**Related article:** [Another One](#)",
        "Читайте также: [Другая статья](#)",
    ],
)
def test_what_is_not_the_article_is_left_out(line: str) -> None:
    after = "And then he went home, and did not speak about it until the next morning, when everyone knew already."
    assert body_of(f"{line}\n\n{after}") == after


@pytest.mark.parametrize(
    "line",
    [
        "By the time the boat came back, it was dark.",
        "Advertisement is the trade of the village.",
        "Share prices fell by a third on Monday.",
        "More than a dozen people came to see it, and 5 May 2020 was the last day that they could.",
        "Related problems occur in [other harbours](#) too.",
        "Von Anfang an war klar, dass es nicht gut gehen würde.",
        "Sources said the lamp had been lit by hand.",
    ],
)
def test_prose_that_begins_like_something_else_stays(line: str) -> None:
    plain = line.replace("[", "").replace("](#)", "")
    document = read(f"# A Headline for the Test\n\n{line}\n\n{PROSE}")
    assert document.body == f"{plain}\n\n{PROSE}"
    assert document.authors == ()


@pytest.mark.parametrize(
    ("lines", "authors", "date"),
    [
        ("By [Jane Doe](/author/jane)\n\nDecember 20, 2022", ("Jane Doe",), "2022-12-20"),
        ("**By Jane Doe** | *Published 20 December 2022, 10:15 GMT* | *Updated January 2, 2023*", ("Jane Doe",), "2022-12-20"),
        ("> Jane Doe · 2022-12-20", ("Jane Doe",), "2022-12-20"),
        ("Jane Doe\n\n20 December 2022", ("Jane Doe",), "2022-12-20"),
        ("20 December 2022\n\nJane Doe", ("Jane Doe",), "2022-12-20"),
        ("Dec 20, 2022 · 4 min read · by Jane Doe", ("Jane Doe",), "2022-12-20"),
        ("Posted by Jane Doe on December 20, 2022", ("Jane Doe",), "2022-12-20"),
        ("**Author:** Jane Doe  \n**Date:** 2022-12-20", ("Jane Doe",), "2022-12-20"),
        ("*By Jane Doe and Ana Pérez*\n\n*December 20, 2022*", ("Jane Doe", "Ana Pérez"), "2022-12-20"),
        ("Von Jane Doe\n\n20. Dezember 2022", ("Jane Doe",), "2022-12-20"),
        ("Par Jane Doe, le 20 décembre 2022 à 10h15", ("Jane Doe",), "2022-12-20"),
        ("Por Jane Doe\n\n20 de diciembre de 2022", ("Jane Doe",), "2022-12-20"),
        ("Автор: Иван Петров\n\n20 декабря 2022", ("Иван Петров",), "2022-12-20"),
        ("文／王小明\n\n2022年12月20日", ("王小明",), "2022-12-20"),
        ("World news\n\nDecember 20, 2022", (), "2022-12-20"),
    ],
)  # fmt: skip
def test_heads_in_every_clippers_habit(lines: str, authors: tuple[str, ...], date: str) -> None:
    document = read(f"# The Lamp That Burned All Night\n\n{lines}\n\n{PROSE}")
    assert document.authors == authors
    assert str(document.date) == date
    assert document.body.endswith(PROSE)
    if authors:
        assert document.body == PROSE


@pytest.mark.parametrize(
    ("foot", "tags"),
    [
        ("Original url:\n\n<https://a.example/x>", ()),
        ("[Source](https://a.example/x)", ()),
        ("Source: https://a.example/x", ()),
        ("<https://a.example/x>", ()),
        ("Originally published at [a.example](https://a.example/x).", ()),
        ("---\n\nTags: #sea #lamps\n\n[Source](https://a.example/x)", ("sea", "lamps")),
    ],
)
def test_feet_in_every_clippers_habit(foot: str, tags: tuple[str, ...]) -> None:
    document = read(f"# The Lamp That Burned All Night\n\n{PROSE}\n\n{foot}\n")
    assert document.url == "https://a.example/x"
    assert document.body == PROSE
    assert document.extra.get("tags", ()) == tags


@pytest.mark.parametrize(
    "title", ["# The Lamp", "The Lamp\n========", "# [The Lamp](https://a.example/)", "**The Lamp**", "## The Lamp"]
)
def test_headlines_in_every_form(title: str) -> None:
    document = read(f"{title}\n\nBy Jane Doe\n\n{PROSE}")
    assert (document.title, document.body) == ("The Lamp", PROSE)


def test_captions_are_kept_apart() -> None:
    document = read(
        f"# The Lamp\n\n![](a.png)\n\nThe lamp at dawn. *Ana Pérez / Reuters*\n\n{PROSE}\n\n![](b.png)\n*The boat.*\n\nEnd of it."
    )
    assert document.body == f"{PROSE}\n\nEnd of it."
    assert document.extra["caption"] == ("The lamp at dawn.", "The boat.")
    assert document.extra["credit"] == "Ana Pérez / Reuters"


def test_a_clipping_date_is_not_the_date_of_publication() -> None:
    clipped = read("---\ntitle: A\nsource: https://a.example/x\ncreated: 2024-01-02\n---\nText.")
    assert clipped.date is None
    assert clipped.extra["created"] == "2024-01-02"
    assert str(read("---\ntitle: A\ncreated: 2024-01-02\n---\nText.").date) == "2024-01-02"


def test_the_file_name_dates_a_post_that_says_nothing() -> None:
    document = read("# A Post\n\nText.", "2009-02-02-a-post.md")
    assert str(document.date) == "2009-02-02"
    assert document.provenance["date"] == "file name"


def test_two_rules_are_no_front_matter() -> None:
    document = read("---\n\nJust a text between rules.\n\n---\n\nAnd another.")
    assert document.body == "Just a text between rules.\n\nAnd another."


WORDS = st.text("abcXYZ019 .,:-'\"#[]éß?!/", max_size=20)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z_-]{0,8}", fullmatch=True),
        WORDS | st.lists(WORDS, max_size=3) | st.tuples(WORDS, st.sampled_from([",", ", "]), WORDS),
        max_size=5,
    )
)
@example({"tags": ("boats", ", ", "the sea"), "title": "x"})
@example({"tags": ('"a, b"', " , ", "'it'")})
def test_the_quick_way_through_yaml_gives_what_the_library_gives(
    values: dict[str, str | list[str] | tuple[str, str, str]],
) -> None:
    lines = []
    for key, value in values.items():
        if isinstance(value, list):
            lines += [f"{key}:", *(f"  - {item}" for item in value)]
        else:
            lines.append(f"{key}: {value}" if isinstance(value, str) else f"{key}: [{''.join(value)}]")
    record = "\n".join(lines)
    quick = simple_yaml(record)
    if quick is not None:
        assert quick == (yaml.load(record, Loader=yaml.BaseLoader) or {})


PIECES = st.sampled_from(
    ["# ", "## ", "> ", "- ", "1. ", "**", "*", "_", "`", "```\n", "[", "](", ")", "![", "<div>", "</div>", "<br>", "&amp;", "| ", "---\n",
     "+++\n", "===\n", "\n", "\n\n", "  \n", "By Jane Doe", "2022-12-20", "word ", "title: x\n", "[[", "]]", "{{<", ">}}", "Source: https://a.example/\n", "\x00", "é"]
)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=40).map("".join).filter(str.strip))
def test_no_markdown_is_too_strange(text: str) -> None:
    try:
        document = read(text)
    except Exception as error:
        assert type(error).__name__ == "ReadError" and "failed" not in str(error)
        return
    assert "\n\n\n" not in document.body
    assert document.body == document.body.strip()
    assert "<div>" not in document.body or "`" in text
    assert Document.from_dict(document.to_dict(candidates=True)) == document


@given(st.text(max_size=200))
def test_splitting_off_a_head_loses_no_text(text: str) -> None:
    assert text.endswith(split_front_matter(text).text) or split_front_matter(text).kind == "json"
    assert text.endswith(split_head(text)[1])


def test_a_stressed_word_at_the_end_of_a_paragraph_is_no_credit(tmp_path: Path) -> None:
    path = tmp_path / "stress.md"
    path.write_text(
        "# On Rivers\n\nThe river is what we live *by*.\n\nIt is what moved us **by!**\n\nSo we said. *By*.\n", "utf-8"
    )
    (document,) = read_file(path, "stress.md").documents
    assert document.body == "The river is what we live by.\n\nIt is what moved us by!\n\nSo we said. By."
    assert not document.extra


@pytest.mark.parametrize(
    "line",
    ["LONDON, Dec. 20, 2022 (Reuters) - ", "TROMSO, Norway, 20 December 2022 -- ", "BERLIN (dpa), 20.12.2022 – ",
     "PARIS, le 20 décembre 2022 (AFP) — "],
)  # fmt: skip
def test_the_date_before_the_first_sentence(line: str) -> None:
    document = read(f"# A Headline for the Test\n\n{line}{PROSE}\n")
    assert str(document.date) == "2022-12-20"
    assert document.provenance["date"] == "dateline in the text"
    assert document.body.startswith(line.strip())


@pytest.mark.parametrize("line", ["WHO said on 20 December 2022 - and ", "On 20 December 2022 - a Tuesday - "])
def test_another_date_in_the_first_sentence_is_none_of_publication(line: str) -> None:
    assert read(f"# A Headline for the Test\n\n{line}{PROSE}\n").date is None


def test_values_of_the_head_that_no_text_came_from_are_kept() -> None:
    assert read(f"---\ntitle: T\ncontent: a note\n---\n{PROSE}").extra == {"content": "a note"}


@pytest.mark.parametrize(
    "heading", ["### Three Men In A Boat", "## Background", "## Berlin Wall", "## 14 March: Berlin Wall"]
)
@pytest.mark.parametrize("byline", ["By Ann Bee\n\n", ""])
def test_a_heading_below_the_date_belongs_to_the_text(heading: str, byline: str) -> None:
    document = read(f"# A Headline for the Test\n\n{byline}14 March 2022\n\n{heading}\n\n{PROSE}\n")
    assert document.body.startswith(f"{heading.strip('# ')}\n\n")
    assert document.authors == (("Ann Bee",) if byline else ())
    assert not document.candidates.get("authors")


@pytest.mark.parametrize("line", ["Three Men In A Boat", "Dunmarra, Ireland"])
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_a_line_below_byline_and_date_belongs_to_the_text(line: str, name: str) -> None:
    document = read(f"A headline for the test of lines\n\nBy A Bee\n\n14 March 2022\n\n{line}\n\n{PROSE}\n", name)
    assert document.authors == ("A Bee",)
    assert document.body.startswith(f"{line}\n\n")


def test_a_place_below_the_date_is_no_author() -> None:
    document = read(f"# A Headline for the Test\n\n14 March 2022\n\nDunmarra, Ireland\n\n{PROSE}\n")
    assert document.authors == ()
    assert document.body.startswith("Dunmarra, Ireland\n\n")


def test_another_headline_than_that_of_the_front_matter_is_no_author() -> None:
    document = read(f"---\ntitle: Boats\n---\n# Anna Schmidt\n\n14 March 2022\n\nBy Jane Doe\n\n{PROSE}\n")
    assert (document.title, document.authors) == ("Boats", ("Jane Doe",))
    assert document.body.startswith("Anna Schmidt\n\n")
    assert [candidate.value for candidate in document.candidates["title"]] == ["Anna Schmidt"]


def test_an_agency_in_the_dateline() -> None:
    document = read(f"# A Headline for the Test\n\nDUNMARRA, Ireland, Jan. 4, 2017 (AP) — {PROSE}\n")
    assert (str(document.date), document.extra["agency"]) == ("2017-01-04", "AP")


def test_a_label_with_a_middle_dot_is_no_part_of_the_name() -> None:
    assert read(f"# 川の霧と渡し船\n\n文・山田太郎\n\n2022年12月20日\n\n{KANJI_PROSE}\n").authors == ("山田太郎",)


def test_imports_and_exports_of_mdx_are_no_text() -> None:
    text = (
        f'import X from "./x"\nexport const meta = {{\n  a: 1\n}}\n\n# A Headline\n\nimport duties rose.\n\n{PROSE}\n'
    )
    assert read(text, "a.mdx").body == f"import duties rose.\n\n{PROSE}"
    code = f'# A Headline\n\n{PROSE}\n\n```js\nimport X from "./x"\n```\n'
    assert read(code, "a.mdx").body.endswith('import X from "./x"')


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("a.asc", "-----BEGIN PGP SIGNATURE-----\n\niQ\n", "PGP signature"),
        ("a.asc", "-----BEGIN PGP MESSAGE-----\n\niQ\n", "encrypted"),
        ("a.md", "---\ndate: 2022-01-02\n---\n", "neither a title nor a text"),
    ],
)
def test_files_without_an_article_are_refused(name: str, text: str, why: str) -> None:
    with pytest.raises(ReadError, match=why):
        read(text, name)


def test_front_matter_with_a_title_alone_is_an_article() -> None:
    assert read("---\ntitle: A title\n---\n").title == "A title"


NEVER_CLOSED = "front matter is not closed by a line ---; it is taken to end with its paragraph"


@pytest.mark.parametrize("more", ["", "tags:\n  - boats\n", "site: Boats: a journal\n"])
@pytest.mark.parametrize("rule", ["", "\n---\n\nMore of it.\n"])
@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.adoc"])
def test_front_matter_that_is_never_closed(name: str, rule: str, more: str) -> None:
    text = f"---\ntitle: Never Closed\nauthor: Bo Lee\n{more}\nThe ferry is late.\n{rule}"
    (document,), problems = read_file(Path(name), name, text.encode())
    assert (document.title, document.authors) == ("Never Closed", ("Bo Lee",))
    assert document.body.startswith("The ferry is late.")
    assert ("More of it." in document.body) == bool(rule)
    assert problems == document.warnings == (NEVER_CLOSED,)


@pytest.mark.parametrize(
    "text",
    [
        "---\nNote: this is only prose.\n\nIt goes on.",
        "---\nChapter: a part.\nVolume: a larger part.\n\nIt goes on.",
        "---\n\ntitle: A word, and what it means.\n\nIt goes on.",
        "---\ntitle: A word.\nWhat it means is another thing.\n\nIt goes on.",
    ],
)
def test_a_rule_above_prose_begins_no_front_matter(text: str) -> None:
    document = read(text)
    assert document.authors == () == document.warnings
    for line in text.removeprefix("---").split("\n"):
        assert line in f"{document.title}\n{document.body}"


@pytest.mark.parametrize(
    "begin", ["<!doctype html>\n<html>", "\n<HTML lang='en'>", "<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC 'x'>"]
)
@pytest.mark.parametrize("name", ["page.txt", "page.md"])
def test_a_page_under_the_name_of_a_text(name: str, begin: str) -> None:
    head = "<head><title>The Harbour</title><meta name='author' content='Ada Lee'></head>"
    document = read(f"{begin}{head}<body><h1>The Harbour</h1><p>{PROSE}</p></body></html>", name)
    assert (document.title, document.authors, document.body) == ("The Harbour", ("Ada Lee",), PROSE)
    assert document.warnings == ("it is a web page under another name, and read as one",)


@pytest.mark.parametrize("name", ["page.txt", "page.md"])
def test_a_text_about_pages_is_a_text(name: str) -> None:
    document = read(f"`<html>` begins a page, `</html>` ends it.\n\n<html> is the root.\n\n{PROSE}", name)
    assert document.warnings == ()
    assert read(f"<html> is the root of a page, and </html> ends it.\n\n{PROSE}", "a.txt").body.endswith(PROSE)


def test_front_matter_in_toml_that_is_never_closed_ends_above_a_heading() -> None:
    document = read(f'+++\ntitle = "Never Closed"\ndate = 2022-12-20\n# The Ferry\n\n{PROSE}')
    assert (document.title, str(document.date)) == ("Never Closed", "2022-12-20")
    assert document.body == f"The Ferry\n\n{PROSE}"
    assert document.warnings == (NEVER_CLOSED.replace("---", "+++"),)
