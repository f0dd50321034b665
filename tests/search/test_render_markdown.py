"""Markdown: marks and links, and nothing but text from the files, also as others make HTML of it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from search.render import markdown
from search.render.escape import neutralise
from search.results import Contribution
from tests.search.render_samples import DOCUMENT, HIT, HOSTILE, MARKS, OVERVIEW, RESULTS, Reader, hostile


def test_markdown_marks_links_and_escapes() -> None:
    text = markdown.results(RESULTS)
    passage = "#:~:text=The%20coolant%20leaked%20for,station%20slept%20that%20night."
    link = f"<https://example.org/leak?a=1&b=2{passage}>"
    assert f"9. [A **Coolant** **Leak** in Orbit]({link})\\\n   Ann Okoro" in text
    assert "> … It was a **leak** of two tonnes. …" in text
    shown = markdown.document(DOCUMENT, MARKS)
    assert "The **coolant** **leaked** for an hour.\n\nNobody slept." in shown


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


def test_facets_and_a_timeline_in_markdown() -> None:
    text = markdown.results(OVERVIEW)
    assert "- author: A␛FP \\<b\\> (1,200)" in text
    assert "    2022-12-20 to 2022-12-23" in text


def test_explanations_in_markdown() -> None:
    explained = replace(HIT, explanation=(Contribution("“<leak>” in any form", 2.954), Contribution("the rest", 0.1)))
    text = markdown.results(replace(RESULTS, hits=(explained,)))
    assert "   - 2.95 “\\<leak\\>” in any form\n" in text
