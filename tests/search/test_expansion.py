"""Expansion: what related words find and rank, what they leave alone, and what is said about them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from index.build import build
from index.engines import ENGINE_NAMES
from search import search
from search.commands.search_cli import search_command
from search.evaluation.evaluate import evaluate

ARTICLES = {
    "Coolant Leak": "The coolant escaped through a valve near the radiator, and ammonia drifted from the radiator.",
    "Coolant Again": "More coolant was lost: the radiator lost ammonia, and the valve was closed by the crew.",
    "Coolant in the Harbour": "A lorry spilled coolant in the harbour. The harbour master shrugged.",
    "Station Repair": "Two people went out to the radiator. They smelled of ammonia and turned the valve by hand.",
    "Harbour Music": "A brass band played in the harbour until the rain came. Everybody danced.",
    "Rye Bread": "Flour, water, salt and a day of waiting. The crust sings when it cools.",
    "A Radiator at Home": "The landlord promised a new one in spring.",
    "Tides": "The moon pulls at the sea twice a day, whether anybody looks or not.",
}


@pytest.fixture(scope="module", params=ENGINE_NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("home"), request.param)


def built(home: Path, engine: str) -> Path:
    (home / "articles").mkdir()
    for number, (title, body) in enumerate(ARTICLES.items()):
        (home / "articles" / f"{number}.md").write_text(f"---\ntitle: {title}\n---\n\n{body}\n", "utf-8")
    build([home / "articles"], home / ".byline", engine=engine)
    return home / ".byline"


def titles(query: str, index: Path, *, expand: bool | None) -> list[str]:
    return [hit.title for hit in search(query, index=index, expand=expand)]


def said(query: str, index: Path) -> str:
    return " ".join(notice.message for notice in search(query, index=index, expand=True).notices)


def test_an_article_about_the_same_is_found_without_the_word(index: Path) -> None:
    plain = search("coolant", index=index)
    expanded = search("coolant", index=index, expand=True)
    assert "Station Repair" not in [hit.title for hit in plain]
    assert {hit.title for hit in list(expanded)[:3]} == {hit.title for hit in plain}
    assert [hit.title for hit in list(expanded)[3:]] == ["Station Repair"]
    assert (expanded.complete, expanded.total) == (3, 4)
    assert expanded.interpreted == plain.interpreted == "coolant"


def test_an_evaluation_counts_no_query_as_partial_for_what_related_words_add(index: Path) -> None:
    hit = search("coolant", index=index)[0]
    queries = {"all": "coolant", "some": "coolant bread"}
    judged = {name: {hit.id: 1} for name in queries}
    evaluation = evaluate(queries, judged, index=index, options={"expand": True})
    assert {query.id: query.partial for query in evaluation.queries} == {"all": False, "some": True}


def test_one_related_word_alone_finds_nothing(index: Path) -> None:
    assert not {"A Radiator at Home", "Harbour Music"} & set(titles("coolant", index, expand=True))


def test_related_words_are_marked_only_where_no_word_asked_for_is(index: Path) -> None:
    hits = {hit.title: hit for hit in search("coolant", index=index, expand=True, snippets=5)}
    marked = {
        title: {snippet.text[start:end].casefold() for snippet in hit.snippets for start, end in snippet.spans}
        for title, hit in hits.items()
    }
    assert marked["Coolant Again"] == {"coolant"}
    assert {"radiator", "ammonia", "valve"} <= marked["Station Repair"]
    assert "coolant" not in marked["Station Repair"]
    assert hits["Station Repair"].missing == ("coolant",)
    assert hits["Coolant Again"].missing == ()


def test_the_notice_names_words_as_people_wrote_them(index: Path) -> None:
    assert "“ammonia”" in said("coolant", index)  # not its stem
    assert "“coolant”" not in said("coolant", index)
    assert "articles with several of them follow" in said("coolant", index)


def test_off_unless_asked_for(index: Path) -> None:
    assert titles("coolant", index, expand=None) == titles("coolant", index, expand=False)
    assert search("coolant", index=index).notices == ()


@pytest.mark.parametrize("query", ['"coolant"', "coolant OR zeppelin", "cool*", "=coolant", "coolant AND radiator"])
def test_operators_and_quotation_marks_are_taken_to_the_letter(query: str, index: Path) -> None:
    plain, expanded = search(query, index=index), search(query, index=index, expand=True)
    assert {hit.id for hit in plain} == {hit.id for hit in expanded}
    assert (plain.total, plain.complete) == (expanded.total, expanded.complete)
    assert "taken to the letter" in said(query, index)


def test_related_words_rank_what_a_query_taken_to_the_letter_finds(index: Path) -> None:
    assert titles("harbour OR radiator", index, expand=True) != titles("harbour OR radiator", index, expand=False)


@pytest.mark.parametrize("unwanted", ["-ammonia", "title:coolant", "date:2022"])
def test_filters_hold_for_what_related_words_find(unwanted: str, index: Path) -> None:
    assert "Station Repair" not in titles(f"coolant {unwanted}", index, expand=True)


def test_a_question_is_answered_by_related_words_too(index: Path) -> None:
    query = "where did the coolant of the capsule go?"
    assert "Station Repair" not in titles(query, index, expand=False)
    found = titles(query, index, expand=True)
    assert "Station Repair" in found
    assert found.index("Coolant Again") < found.index("Station Repair")


@pytest.mark.parametrize("query", ["zeppelin", "zeppelin dirigible", "", "date:2022", "-coolant", "the"])
def test_nothing_is_added_to_nothing(query: str, index: Path) -> None:
    plain, expanded = search(query, index=index), search(query, index=index, expand=True)
    assert plain.hits == expanded.hits
    assert plain.notices == expanded.notices


def test_pages_follow_each_other(index: Path) -> None:
    whole = titles("coolant harbour", index, expand=True)
    paged = [
        hit.title
        for at in range(len(whole) + 1)
        for hit in search("coolant harbour", index=index, expand=True, limit=1, offset=at)
    ]
    assert paged == whole
    assert search("coolant harbour", index=index, expand=True, limit=0).total == len(whole)


def test_scores_are_explained(index: Path) -> None:
    for hit in search("coolant", index=index, expand=True, explain=True):
        assert sum(part.value for part in hit.explanation) == pytest.approx(hit.score, rel=1e-3)
        assert any(part.label.startswith("related: ") for part in hit.explanation)
        # A word asked for that is a related word besides has a line for each.
        assert (
            sum("“coolant” in any form" in part.label for part in hit.explanation if "related" not in part.label) <= 1
        )


def test_related_words_are_explained_as_people_write_them(index: Path) -> None:
    (notice,) = search("coolant", index=index, expand=True).notices
    labels = [
        part.label for hit in search("coolant", index=index, expand=True, explain=True) for part in hit.explanation
    ]
    named = {label.split("“")[1].split("”")[0] for label in labels if label.startswith("related: ")}
    assert named
    assert all(f"“{word}”" in notice.message for word in named - {"coolant"})


def test_engines_agree(tmp_path: Path) -> None:
    answers = []
    for engine in ENGINE_NAMES:
        (tmp_path / engine).mkdir()
        index = built(tmp_path / engine, engine)
        results = [search(query, index=index, expand=True) for query in ("coolant", "harbour rain", "radiator OR sea")]
        answers.append(
            [([hit.title for hit in r], [round(hit.score, 3) for hit in r], r.total, r.notices) for r in results]
        )
    assert answers[0] == answers[1]


def test_a_long_article_is_looked_at_from_its_beginning(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    filler = "Nothing happened on the hill that day. " * 400
    for number in range(2):
        text = (
            f"# Zeppelin {number}\n\nThe zeppelin rose. {filler} Helium leaked from the gasbag over Friedrichshafen.\n"
        )
        (tmp_path / "articles" / f"{number}.md").write_text(text, "utf-8")
    (tmp_path / "articles" / "other.md").write_text("# Other\n\nHelium, gasbag, Friedrichshafen.\n", "utf-8")
    build([tmp_path / "articles"], tmp_path / ".byline")
    assert "Helium" not in said("zeppelin", tmp_path / ".byline")
    assert "hill" in said("zeppelin", tmp_path / ".byline")


def test_it_can_be_set_for_an_index(index: Path, tmp_path: Path) -> None:
    here = built(tmp_path, "whoosh")
    (tmp_path / "byline.toml").write_text("[search]\nexpand = true\n", "utf-8")
    assert "Station Repair" in titles("coolant", here, expand=None)
    assert "Station Repair" not in titles("coolant", here, expand=False)


def test_at_the_command_line(index: Path) -> None:
    def printed(*options: str) -> str:
        return CliRunner().invoke(search_command, ["coolant", "--index", str(index), *options]).output

    assert "Station Repair" not in printed()
    assert "Station Repair" not in printed("--no-expand")
    assert "Station Repair" in printed("--expand")
    assert "Related words, from the best articles: “" in printed("--expand")
