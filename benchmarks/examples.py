"""Write `snippet-examples.md`: what searches of the project's own articles show, to be judged by reading.

python -m benchmarks.examples
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from search.render.markdown import marked, passage
from search.results import SearchResults

ROOT = Path(__file__).resolve().parent.parent
PAGE = Path(__file__).with_name("snippet-examples.md")
_HITS = 3  # shown of each query

QUERIES = (
    "leak",
    '"coolant leak"',
    "coolant leak soyuz",
    "U.S. cooperation",
    "organ rain",
    "soup recipe",
    "night trains",
    "bahnhofsuhr",
    "été rivière",
    "豆腐",
    "pump AND seal",
    "engine~",
    "lantern*",
    'r"eels?"',
    "bridge -ferry",
    "author:O'Brien reactor",
    "title:ferry",
    "why did our builds get slow",
    "how does a space station get rid of heat",
    "date:2024-05",
)


def page() -> str:
    """The page as Markdown."""
    from index.build import build
    from search import search

    parts = [
        "# Snippets of twenty searches",
        "<!-- Made by: python -m benchmarks.examples -->",
        "What `byline search` shows of the articles in `corpus/`: up to three hits of each query, each with its one or "
        "two best passages. What matched is bold; an ellipsis stands where text was left out.",
    ]
    with tempfile.TemporaryDirectory() as work:
        shutil.copytree(ROOT / "corpus", Path(work) / "corpus")
        location = Path(work) / ".byline"
        build([Path(work) / "corpus"], location)
        for query in QUERIES:
            parts += _section(query, search(query, index=location, limit=_HITS))
    return "\n\n".join(parts) + "\n"


def _section(query: str, results: SearchResults) -> Iterator[str]:
    yield f"## `{query}`"
    for notice in results.notices:
        yield f"*{marked(notice.message, ())}*"
    if not results:
        yield "Nothing found."
    for hit in results:
        yield f"**{hit.rank}.** {marked(hit.title or hit.source, hit.title_spans)}"
        yield from (f"> {passage(snippet)}" for snippet in hit.snippets)


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
