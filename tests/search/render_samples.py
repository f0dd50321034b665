"""What tests of rendering show: hits, a document, facets and a timeline, and hostile texts in all their places."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from html.parser import HTMLParser

from index.document import Document
from search.exploring.facets import Facet, FacetValue
from search.exploring.timeline import Timeline, timeline
from search.highlighting.highlight import DocumentMarks
from search.highlighting.occurrences import Mark
from search.results import Hit, Notice, SearchResults, Snippet

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


def timeline_of(counts: dict[str, int], undated: int = 0) -> Timeline:
    """A timeline of so many articles a day, and so many without a date."""
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
    RESULTS, hits=(), facets=(FACET,), timeline=timeline_of({"2022-12-20": 8, "2022-12-22": 1, "2022-12-23": 3}, 2)
)

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
