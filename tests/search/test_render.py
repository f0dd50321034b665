"""What people see: plain text, ANSI, HTML and Markdown, harmless whatever the files hold."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import Document
from search.facets import Facet, FacetValue
from search.highlight import DocumentMarks
from search.occurrences import Mark
from search.render import html, markdown, overview, terminal
from search.render.escape import Clip, neutralise, web_address
from search.render.summary import summary
from search.render.width import display_width, lines
from search.results import Contribution, Hit, Notice, SearchResults, Snippet
from search.timeline import Timeline, timeline

HIT = Hit(
    rank=9,
    id="3k7c9q2m8x1z",
    score=12.345,
    title="A Coolant Leak in Orbit",
    authors=("Ann Okoro", "Bo Leak"),
    date=dt.date(2022, 12, 20),
    url="https://example.org/leak?a=1&b=2",
    source="space/leak.md",
    language="en",
    snippets=(
        Snippet("The coolant leaked for an hour, and nobody on the station slept that night.", ((4, 11), (12, 18))),
        Snippet("It was a leak of two tonnes.", ((9, 13),), start=200, before=True, after=True),
    ),
    title_spans=((2, 9), (10, 14)),
    author_spans=((), ((3, 7),)),
)
UNTITLED = replace(HIT, rank=10, title=" ", authors=(), date=None, url="", snippets=(), title_spans=(), author_spans=(),
                   source="notes.txt", missing=("coolant", "night"))  # fmt: skip
RESULTS = SearchResults(
    query="coolant leak",
    interpreted="coolant AND leak",
    total=57,
    complete=57,
    offset=8,
    limit=2,
    took=0.001,
    hits=(HIT, UNTITLED),
)
DOCUMENT = Document(
    source="space/leak.md",
    title="A Coolant Leak in Orbit",
    authors=("Ann Okoro",),
    date=dt.date(2022, 12, 20),
    body="The coolant leaked for an hour.\n\n\n\nNobody slept.\nNobody spoke.",
    url="https://example.org/leak",
    language="en",
    extra={"caption": "The hatch", "tags": ("space", "leaks")},
    warnings=("date 2099-01-01 lies in the future; kept as text",),
)
MARKS = DocumentMarks(title=((2, 9),), authors=((),), body=(Mark(4, 11, 0), Mark(12, 18, 1)))


def test_plain_results() -> None:
    assert terminal.results(RESULTS, width=72) == (
        "57 hits, showing 9–10\n"
        "\n"
        "9.  A *Coolant* *Leak* in Orbit\n"
        "    Ann Okoro, Bo *Leak* · 2022-12-20 · score 12.35 · 3k7c9q2m8x1z\n"
        "    space/leak.md\n"
        "    The *coolant* *leaked* for an hour, and nobody on the station slept\n"
        "    that night.\n"
        "    … It was a *leak* of two tonnes. …\n"
        "\n"
        "10. notes.txt\n"
        "    score 12.35 · 3k7c9q2m8x1z · notes.txt\n"
        "    without: coolant, night\n"
    )


def test_colour_says_the_same_without_asterisks() -> None:
    coloured = terminal.results(RESULTS, width=72, color=True)
    assert "\x1b[1;31mCoolant\x1b[0m" in coloured
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert bare.split() == terminal.results(RESULTS, width=72).replace("*", "").split()
    assert "\x1b" not in terminal.results(RESULTS)


@pytest.mark.parametrize("width", [1, 20, 33, 80, 300])
def test_lines_fit_the_width(width: int) -> None:
    text = terminal.results(RESULTS, width=width)
    longest = max(map(display_width, text.splitlines()))
    assert longest <= max(width, 20)


@pytest.mark.parametrize(
    ("total", "complete", "shown", "offset", "expected"),
    [
        (0, 0, 0, 0, "No hits"),
        (1, 1, 1, 0, "1 hit"),
        (2, 2, 2, 0, "2 hits"),
        (57, 57, 10, 10, "57 hits, showing 11–20"),
        (21, 21, 1, 20, "21 hits, showing 21"),
        (1234, 1234, 0, 0, "1,234 hits"),
        (3, 3, 0, 9, "3 hits, none of them after 9"),
        (1, 0, 1, 0, "1 hit with only some of the words"),
        (30, 0, 10, 0, "30 hits with only some of the words, showing 1–10"),
        (30, 2, 10, 0, "30 hits, 2 with all of the words, showing 1–10"),
    ],
)
def test_the_summary_counts_in_plain_words(total: int, complete: int, shown: int, offset: int, expected: str) -> None:
    limit = 0 if expected == "1,234 hits" else 10
    results = SearchResults("q", "q", total, offset, limit, 0.0, complete, (), (HIT,) * shown)
    assert summary(results) == expected


def test_notices_are_said_everywhere() -> None:
    notice = Notice("A quote was not closed", None, '"coolant <leak>"')
    results = SearchResults("q", "q", 0, 0, 10, 0.0, notices=(notice,))
    assert terminal.results(results) == 'No hits\nA quote was not closed\n  Try: "coolant <leak>"\n'
    assert "A quote was not closed" in html.results(results)
    assert "<kbd>&quot;coolant &lt;leak&gt;&quot;</kbd>" in html.results(results)
    assert 'A quote was not closed Try: "coolant \\<leak\\>"' in markdown.results(results)


def test_plain_document() -> None:
    assert terminal.document(DOCUMENT, MARKS, width=60) == (
        "A *Coolant* Leak in Orbit\n"
        "Ann Okoro · 2022-12-20 · en\n"
        "space/leak.md\n"
        "https://example.org/leak\n"
        f"{DOCUMENT.id}\n"
        "Note: date 2099-01-01 lies in the future; kept as text\n"
        "\n"
        "The *coolant* *leaked* for an hour.\n"
        "\n"
        "Nobody slept.\n"
        "Nobody spoke.\n"
        "\n"
        "  caption: The hatch\n"
        "  tags: space, leaks\n"
    )
    assert "*" not in terminal.document(DOCUMENT)


def test_html_marks_links_and_escapes() -> None:
    text = html.results(RESULTS)
    assert "A <mark>Coolant</mark> <mark>Leak</mark> in Orbit" in text
    passage = "#:~:text=The%20coolant%20leaked%20for,station%20slept%20that%20night."
    assert f'href="https://example.org/leak?a=1&amp;b=2{passage}"' in text
    assert '<li value="10" lang="en">' in text
    assert "without: coolant, night" in text
    shown = html.document(DOCUMENT, MARKS, page=True)
    assert "The <mark>coolant</mark> <mark>leaked</mark> for an hour.\n" in shown
    assert shown.startswith("<!DOCTYPE html>") and "Content-Security-Policy" in shown


def test_markdown_marks_links_and_escapes() -> None:
    text = markdown.results(RESULTS)
    passage = "#:~:text=The%20coolant%20leaked%20for,station%20slept%20that%20night."
    link = f"<https://example.org/leak?a=1&b=2{passage}>"
    assert f"9. [A **Coolant** **Leak** in Orbit]({link})\\\n   Ann Okoro" in text
    assert "> … It was a **leak** of two tonnes. …" in text
    shown = markdown.document(DOCUMENT, MARKS)
    assert "The **coolant** **leaked** for an hour.\n\nNobody slept." in shown


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style></p><svg/onload=alert(1)>",
    "&lt;script&gt; &#60;script&#62; &amp;",
    "[x](javascript:alert(1)) ![y](data:text/html,z) <javascript:alert(1)>",
    "`code` **bold** _it_ ~~gone~~ # head | cell \\ back",
    "javascript:alert(1)",
    "https://evil.example/\"onclick='x'<b>(\u202e)",
    "\x1b]0;owned\x07\x1b[2J\x9b31m\r\x08\x7f",
    "\u202egnp.exe\u2066 \u2028line\u2029 \ufeff\udc80\x00 \U000e0041",
    "- item\n1. item\n# head\n===\n---\n    code",
]


class Reader(HTMLParser):
    """Collects the tags, attributes and text that a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def hostile(text: str) -> tuple[SearchResults, Document, DocumentMarks]:
    """Results and a document in which everything that comes from files is `text`."""
    middle = len(text) // 2
    hit = Hit(1, "0" * 12, 0.0, text, (text, text), None, text, text, text, (Snippet(text, ((0, middle),)),),
              ((0, middle),), (((0, middle),), ()), (text,))  # fmt: skip
    document = Document(text, text, (text,), None, text, text, text, {text: text, "tags": (text,)}, warnings=(text,))
    marks = DocumentMarks(((0, middle),), (((0, middle),),), (Mark(0, middle, 0),)) if middle else DocumentMarks()
    return SearchResults(text, text, 1, 0, 10, 0.0, 0, (Notice(text, None, text),), (hit,)), document, marks


@pytest.mark.parametrize("text", HOSTILE)
def test_html_from_hostile_files_is_only_text(text: str) -> None:
    results, document, marks = hostile(text)
    for page in (html.results(results, page=True), html.document(document, marks, page=True)):
        reader = Reader(page)
        assert reader.tags <= {
            "html", "head", "meta", "title", "style", "body", "section", "article", "div", "p", "h1", "h2", "ol", "li",
            "bdi", "mark", "kbd", "a", "dl", "dt", "dd",
        }  # fmt: skip
        for name, value in reader.attributes:
            assert not name.startswith("on")
            assert name != "href" or (value or "").startswith("https://")
        assert neutralise(text).strip().split()[0] in reader.text
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_from_hostile_files_is_only_text(text: str) -> None:
    from pyromark import Options
    from pyromark import html as to_html

    results, document, marks = hostile(text)
    everything = Options.ENABLE_TABLES | Options.ENABLE_STRIKETHROUGH | Options.ENABLE_TASKLISTS
    for page in (markdown.results(results), markdown.document(document, marks)):
        reader = Reader(to_html(page, options=everything))
        assert reader.tags <= {"p", "ol", "li", "a", "strong", "em", "blockquote", "h1", "br", "ul"}
        assert all(name != "href" or (value or "").startswith("https://") for name, value in reader.attributes)
        words = neutralise(text).split()
        assert " ".join(words) in " ".join(reader.text.split())
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_file_drives_a_terminal(text: str, color: bool) -> None:
    results, document, marks = hostile(text)
    for page in (terminal.results(results, color=color), terminal.document(document, marks, color=color)):
        bare = re.sub(r"\x1b\[[0-9;]*m", "", page) if color else page
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", bare)
        assert set(re.findall(r"\x1b\[[0-9;]*m", page)) <= {
            "\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[33m", "\x1b[1;31m",
        }  # fmt: skip


@given(st.text(), st.integers(0, 5), st.integers(0, 5))
def test_any_text_at_all_stays_text(text: str, start: int, length: int) -> None:
    spans = Clip([(start, start + length)]).within(0, len(text)) if length else []
    hit = replace(HIT, title=text, title_spans=tuple(spans), snippets=(Snippet(text, tuple(spans), field=text),))
    results = replace(RESULTS, hits=(hit,))
    reader = Reader(html.results(results))
    assert reader.tags <= {"section", "p", "ol", "li", "h2", "a", "bdi", "mark"}
    shown = " ".join(terminal.results(results, width=200).replace("*", "").split())
    assert " ".join(neutralise(text).replace("*", "").split())[:150] in shown


def test_control_characters_become_visible_and_overrides_vanish() -> None:
    assert neutralise("a\x1b[31mb\x00c\x9bd\u202ee\tf\ng") == "a␛[31mb␀c\ufffddef g".replace("def", "de f")
    assert neutralise("a\nb\rc", keep_newlines=True) == "a\nb c"
    assert neutralise("caf\udce9") == "caf\ufffd"
    assert neutralise("caf\udce9\x07", keep_surrogates=True) == "caf\udce9␇"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org/a?b=c#d", True),
        ("HTTP://example.org", True),
        ("https://пример.рф/путь", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("ftp://example.org", False),
        ("//example.org", False),
        ("https://a b", False),
        ('https://a"b', False),
        ("https://a\u202eb", False),
        ("", False),
    ],
)
def test_only_web_addresses_are_links(url: str, safe: bool) -> None:
    assert web_address(url) == (url if safe else "")


@pytest.mark.parametrize(
    ("text", "columns"), [("leak", 4), ("冷却剂", 6), ("cafe\u0301", 4), ("ｶﾞ", 2), ("가", 2), ("🚀", 2), ("\u200d", 0)]
)
def test_columns(text: str, columns: int) -> None:
    assert display_width(text) == columns


def test_chinese_wraps_anywhere_but_before_a_full_stop() -> None:
    text = "飞船冷却剂泄漏。大家都睡了"
    assert [text[start:end] for start, end in lines(text, 14)] == ["飞船冷却剂泄", "漏。大家都睡了"]


@given(st.text(st.sampled_from("ab 冷却。é\u0301🚀"), max_size=60), st.integers(2, 12))
def test_wrapping_loses_nothing_and_fits(text: str, width: int) -> None:
    spans = list(lines(text, width))
    assert "".join(text[start:end] for start, end in spans).replace(" ", "") == text.replace(" ", "")
    for start, end in spans:
        assert display_width(text[start:end]) <= width
        assert text[start] != " " != text[end - 1]


def _timeline(counts: dict[str, int], undated: int = 0) -> Timeline:
    days = {dt.date.fromisoformat(day).toordinal(): count for day, count in counts.items()}
    return timeline(days, sum(counts.values()) + undated, lambda clause: f"leak {clause}")


FACET = Facet(
    "author",
    (FacetValue("A\x1bFP <b>", 1200, 'author:="A"', 'leak author:="A"'), FacetValue("Bo", 1, "x", "y")),
    more=True,
    missing=3,
    missing_query="leak -has:author",
)
OVERVIEW = replace(
    RESULTS, hits=(), facets=(FACET,), timeline=_timeline({"2022-12-20": 8, "2022-12-22": 1, "2022-12-23": 3}, 2)
)


def test_facets_and_a_timeline_in_a_terminal() -> None:
    assert terminal.results(OVERVIEW, width=60) == (
        "57 hits, the rest folded into the first 8\n"
        "\n"
        "  author: A␛FP <b> (1,200) · Bo (1) · and others · none (3)\n"
        '  To choose one, add it to the query: author:="A",\n'
        "  -has:author\n"
        "  timeline: a bar is 1 day, the highest 8; 2 without a date\n"
        "  ███\n"
        "  ███\n"
        "  ███\n"
        "  ███         ▂▂▂\n"
        "  ███         ███\n"
        "  ███     ▆▆▆ ███\n"
        "  2022-12-20 to 2022-12-23\n"
    )


def test_a_timeline_where_blocks_are_not_to_be_had() -> None:
    drawn = terminal.results(OVERVIEW, width=60, blocks=False)
    assert drawn.endswith(
        "  ###\n  ###\n  ###\n  ###         ###\n  ###         ###\n  ###     ### ###\n  2022-12-20 to 2022-12-23\n"
    )


@pytest.mark.parametrize("width", [20, 21, 30, 61, 80, 200])
def test_a_timeline_is_as_wide_as_there_is_room(width: int) -> None:
    counts = {f"{year}-03-01": 1 + year % 7 for year in range(1961, 2021)}
    drawn = overview.timeline_lines(_timeline(counts), width)
    assert max(map(display_width, drawn)) <= width
    assert drawn[0].strip("█ ") != drawn[0]
    assert len(drawn) == overview.ROWS + 1
    assert all(line == line.rstrip() for line in drawn)
    if width >= 60:
        assert len(drawn[-2]) >= 60  # every year has a bar at the foot
        assert "1961" in drawn[-1]
        assert drawn[-1].endswith("2020")


def test_a_timeline_in_little_room_says_how_much_its_bars_hold() -> None:
    decades = _timeline({f"{year}-03-01": 1 for year in range(1500, 2000, 10)})
    assert overview.timeline_title(decades) == "a bar is 10 years, the highest 1"
    assert overview.timeline_title(decades, 20) == "a bar is 30 years, the highest 3"
    days = _timeline({f"2020-01-{day:02}": day for day in range(1, 31)}, 2)
    assert overview.timeline_title(days, 30) == "a bar is 1 day, the highest 30; 2 without a date"
    narrow = terminal.results(replace(RESULTS, timeline=days), width=24)
    assert "timeline: a bar is 2 days, the highest 59; 2 without a date" in " ".join(narrow.split())


def test_the_smallest_bar_is_seen_and_an_empty_one_is_not() -> None:
    drawn = overview.timeline_lines(_timeline({"2020-01-01": 1000, "2020-01-02": 1, "2020-01-04": 1}), 12)
    assert drawn[-2] == "██ ▁▁    ▁▁"
    assert overview.timeline_lines(_timeline({"2020-01-01": 1}), 80) == ["███", "2020-01-01"]
    assert overview.timeline_lines(_timeline({}), 80) == []
    assert overview.timeline_title(_timeline({}, 3)) == "3 without a date"
    assert overview.timeline_title(_timeline({"2000-01-01": 1, "1000-01-01": 1})) == "a bar is 100 years, the highest 1"


def test_facets_and_timelines_elsewhere() -> None:
    page = html.results(OVERVIEW, page=True)
    assert "A␛FP &lt;b&gt;</bdi> (1,200)" in page
    assert "leak author:=&quot;A&quot;" in page
    assert page.count('<i title="2022-12-2') == 4
    assert "height: 37.5%" in page
    assert "2022-12-20 – 2022-12-23: a bar is 1 day, the highest 8; 2 without a date" in page
    text = markdown.results(OVERVIEW)
    assert "- author: A␛FP \\<b\\> (1,200)" in text
    assert "    2022-12-20 to 2022-12-23" in text


def test_explanations_stand_on_pages_too() -> None:
    explained = replace(HIT, explanation=(Contribution("“<leak>” in any form", 2.954), Contribution("the rest", 0.1)))
    page = html.results(replace(RESULTS, hits=(explained,)))
    assert "<td>2.95</td><td><bdi>“&lt;leak&gt;” in any form</bdi></td>" in page
    text = markdown.results(replace(RESULTS, hits=(explained,)))
    assert "   - 2.95 “\\<leak\\>” in any form\n" in text
