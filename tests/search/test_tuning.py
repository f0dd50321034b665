"""What `byline.toml` does to searches: at once, or with a notice that the index must be built again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build import build
from index.engines import ENGINE_NAMES
from index.errors import UsageError
from search import search

ROOT = Path(__file__).parents[2]
ARTICLES = {
    "title": ("Herons of the Marsh", "They stand all day in the shallows, and the reeds hide them from the road."),
    "body": (
        "Notes on Water",
        "A heron waits. The heron is grey; no other heron was seen, and the leaks were herons'.",
    ),
    "pair": ("On the Quay", "The grey heron flew over the harbour, and nobody looked up when it did."),
    "apart": ("At the Mill", "The heron flew over the harbour; grey was the sky, and the heron went on over it."),
}


@pytest.fixture(params=ENGINE_NAMES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    for name, (title, body) in ARTICLES.items():
        head = f"---\ntitle: {title}\nlang: en\n---\n\n"
        (tmp_path / "articles" / f"{name}.md").write_text(f"{head}{body}\n", "utf-8")
    build([tmp_path / "articles"], tmp_path / ".byline", engine=request.param)
    return tmp_path / ".byline"


@pytest.fixture(autouse=True)
def nothing_stays_open() -> Iterator[None]:
    yield
    from search import open_indexes

    open_indexes._open_stores.clear()


def settings(index: Path, text: str) -> None:
    (index.parent / "byline.toml").write_text(text, "utf-8")


def names(query: str, index: Path) -> list[str]:
    return [Path(hit.source).stem for hit in search(query, index=index)]


def score(query: str, name: str, index: Path) -> float:
    return next(hit.score for hit in search(query, index=index) if Path(hit.source).stem == name)


def test_weights_take_effect_at_once(index: Path) -> None:
    before = score("grey heron", "pair", index) - score("grey heron", "apart", index)
    settings(index, "[search]\npair_weight = 5\n")
    assert score("grey heron", "pair", index) - score("grey heron", "apart", index) > before + 1
    settings(index, "[search]\nexact_weight = 0\npair_weight = 0\n")
    results = search("grey heron", index=index, explain=True)
    assert {part.label for hit in results for part in hit.explanation} == {"“grey” in any form", "“heron” in any form"}
    assert results.notices == ()


def test_recency_takes_effect_at_once_and_can_be_switched_off(index: Path) -> None:
    plain = score("heron", "pair", index)
    settings(index, '[search]\nrecency = "30d"\n')
    assert score("heron", "pair", index) == pytest.approx(plain / 2)  # it has no date
    for off in ("", "none", "off"):
        assert search("heron", index=index, recency=off)[0].score == pytest.approx(max_score("heron", index) * 2)


def max_score(query: str, index: Path) -> float:
    return search(query, index=index)[0].score


def test_what_needs_a_rebuild_says_so_until_it_is_done(index: Path) -> None:
    before = score("heron", "title", index)
    settings(index, "[index]\ntitle_weight = 10\n")
    results = search("heron", index=index)
    (notice,) = results.notices
    assert "byline.toml changed: title_weight is 10, no longer 3" in notice.message
    assert notice.message.endswith("to apply it, run: byline index"), "which builds again, see below"
    assert score("heron", "title", index) == before

    report = build([], index)

    assert "title_weight" in report.rebuilt_because
    assert search("heron", index=index).notices == ()
    assert score("heron", "title", index) != before


def test_words_instead_of_stems(index: Path) -> None:
    assert set(names("heron", index)) == set(ARTICLES)
    settings(index, '[index]\nanalysis = "words"\n')
    assert set(names("heron", index)) == set(ARTICLES)  # the index still holds stems
    build([], index)
    assert set(names("heron", index)) == {"body", "pair", "apart"}
    assert names("herons", index)[0] == "title"
    (hit,) = search("waits", index=index)
    assert [snippet.text[slice(*span)] for snippet in hit.snippets for span in snippet.spans] == ["waits"]
    assert search("wait", index=index).total == 0
    results = search("where did the grey heron fly in the harbour", index=index)  # still a question in English
    assert "where" not in results.interpreted
    assert results[0].missing == ("fly",)


def test_settings_that_mean_nothing_stop_a_search(index: Path) -> None:
    settings(index, "[search]\nboost = 2\n")
    with pytest.raises(UsageError, match=r"byline\.toml: there is no setting “boost” in \[search\]"):
        search("heron", index=index)


def test_without_settings_nothing_is_imported_for_them(index: Path) -> None:
    code = """if True:
        import sys
        from search import search
        search("heron", index=sys.argv[1])
        print(*sys.modules)
    """
    done = subprocess.run(
        [sys.executable, "-c", code, str(index)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert {"index.settings", "search.tuning"} <= loaded
    assert loaded.isdisjoint(
        {"tomllib", "search.lowering.recency", "search.lowering.synonyms", "search.exploring.explain"}
    )
