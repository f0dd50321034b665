"""What all renderings have in common: the summary, notices, and texts of files that are made harmless."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.render import html, markdown, terminal
from search.render.escape import Clip, neutralise, web_address
from search.render.summary import summary
from search.results import Notice, SearchResults, Snippet
from tests.search.render_samples import HIT, RESULTS, Reader


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
