"""Pages of HTML: marks and links, and nothing but text from the files."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from search.render import html
from search.render.escape import neutralise
from search.results import Contribution
from tests.search.render_samples import DOCUMENT, HIT, HOSTILE, MARKS, OVERVIEW, RESULTS, Reader, hostile


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


def test_facets_and_a_timeline_in_html() -> None:
    page = html.results(OVERVIEW, page=True)
    assert "A␛FP &lt;b&gt;</bdi> (1,200)" in page
    assert "leak author:=&quot;A&quot;" in page
    assert page.count('<i title="2022-12-2') == 4
    assert "height: 37.5%" in page
    assert "2022-12-20 – 2022-12-23: a bar is 1 day, the highest 8; 2 without a date" in page


def test_explanations_in_html() -> None:
    explained = replace(HIT, explanation=(Contribution("“<leak>” in any form", 2.954), Contribution("the rest", 0.1)))
    page = html.results(replace(RESULTS, hits=(explained,)))
    assert "<td>2.95</td><td><bdi>“&lt;leak&gt;” in any form</bdi></td>" in page
