"""Completing what a person begins to type: words, titles, and words after other words."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.analysis.tokens import analyzer
from index.build import build
from index.engines import ENGINE_NAMES
from index.engines.contract import Searcher
from index.errors import IndexNotFound, QueryError, UsageError
from index.storage.store import Store
from search import Suggestions, search, suggest
from search.exploring.completion import Completer

ARTICLES = [
    (
        "Coolant Leak on the Station",
        "Ana Ruiz",
        "The station lost coolant. The crew saw the leak; it leaked for hours.",
    ),
    ("Coolant, and What It Is For", "Bo Ek", "A pump moves coolant through cool walls. Nobody leaves."),
    ("Über die Brücke", "Jörg Müller", "Die Brücke führt über den Fluss, überall Nebel. Café au lait."),
    ("Über die Brücke", "Jörg Müller", "Noch einmal über die Brücke."),
    ("Мост через реку", "Иван Петров", "Правительство построило мост. Мосты стоят долго."),
    ("東京の朝", "山田花子", "東京大学の近くで、朝の鐘が鳴る。NHKが伝えた。"),
    ("Rope\x1b[31m red", "Carla Diaz", "Rope is patient. Ropes are O'Brien's, not the well-known U.S. navy's."),
    ("No body", "Nobody", ""),
]


@pytest.fixture(scope="module", params=ENGINE_NAMES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    _write(home, ARTICLES, request.param)
    return home / ".byline"


def _write(home: Path, articles: list[tuple[str, str, str]], engine: str) -> None:
    lines = [json.dumps({"title": title, "author": name, "text": text}) for title, name, text in articles]
    (home / "articles.jsonl").write_text("\n".join(lines), "utf-8")
    build([home / "articles.jsonl"], home / ".byline", engine=engine)


def words(prefix: str, index: Path, limit: int = 10) -> list[str]:
    return [suggestion.text for suggestion in suggest(prefix, index=index, limit=limit).words]


def titles(prefix: str, index: Path) -> list[str]:
    return [suggestion.text for suggestion in suggest(prefix, index=index).titles]


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        pytest.param("cool", ["coolant", "cool"], id="the commoner first"),
        pytest.param("COOL", ["coolant", "cool"], id="capitals"),
        pytest.param("leak", ["leak", "leaked"], id="every form, never a stem"),
        pytest.param("uber", ["uber", "uberall"], id="without accents"),
        pytest.param("Über", ["uber", "uberall"], id="with accents"),
        pytest.param("мос", ["мост", "мосты"], id="Cyrillic"),
        pytest.param("mul", ["muller"], id="names of authors"),
        pytest.param("o'b", ["obrien"], id="an apostrophe"),
        pytest.param("ob'", ["obrien"], id="an apostrophe at the end"),
        pytest.param("zz", [], id="nothing begins so"),
        pytest.param("東", [], id="no half words of scripts without spaces"),
        pytest.param("nh", ["nhk"], id="Latin letters between them"),
        pytest.param("coolant ", [], id="a word that has ended"),
        pytest.param("coolant le", ["coolant leak", "coolant leaked", "coolant leaves"], id="after another word"),
        pytest.param('"coolant le', ['"coolant leak'], id="in an open phrase"),
        pytest.param('pump "moves c', ['pump "moves coolant'], id="in an open phrase after a word"),
        pytest.param("-“cool w", ["-“cool walls"], id="in an open phrase that is left out"),
        pytest.param('title:"coolant l', ['title:"coolant leak'], id="in an open phrase of a field"),
        pytest.param('"coolant leak" cr', ['"coolant leak" crew'], id="after a phrase"),
        pytest.param('"le', ['"leak', '"leaked', '"leaves'], id="at the beginning of a phrase"),
        pytest.param("leak co", ["leak coolant"], id="only what shares an article"),
        pytest.param("mosque le", [], id="after a word that is nowhere"),
        pytest.param("leaking co", ["leaking coolant"], id="after a word in another form"),
        pytest.param("-leak co", ["-leak coolant", "-leak cool"], id="after what is excluded"),
        pytest.param("leak OR cool", ["leak OR coolant", "leak OR cool"], id="alternatives need share nothing"),
        pytest.param("leak -cool", ["leak -coolant", "leak -cool"], id="what is excluded need share nothing"),
        pytest.param("author:mu", ["author:muller"], id="in a field"),
        pytest.param("by:a", ["by:ana"], id="a field's other name"),
        pytest.param("title:lea", ["title:leak"], id="not in other fields"),
        pytest.param("brucke author:j", ["brucke author:jorg"], id="in a field after a word"),
        pytest.param("lang:e", ["lang:en"], id="a field of whole values"),
        pytest.param("date:2", [], id="dates are no words"),
        pytest.param("well-kn", ["well-known"], id="after a hyphen"),
    ],
)
def test_the_last_word_is_completed(prefix: str, expected: list[str], index: Path) -> None:
    assert sorted(words(prefix, index)) == sorted(expected)


def test_commoner_words_come_first_and_equals_in_order(index: Path) -> None:
    assert words("co", index) == ["coolant", "cool"]
    assert words("le", index) == ["leak", "leaked", "leaves"]
    assert words("c", index, limit=1) == ["coolant"]
    counts = [suggestion.count for suggestion in suggest("", index=index).words]
    assert counts == sorted(counts, reverse=True)
    assert [suggestion.count for suggestion in suggest("cool", index=index).words] == [2, 1]
    assert [suggestion.count for suggestion in suggest("station coola", index=index).words] == [1]


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("cool", ["Coolant, and What It Is For", "Coolant Leak on the Station"]),
        ("coolant, AND w", ["Coolant, and What It Is For"]),
        ("coolant ", ["Coolant, and What It Is For", "Coolant Leak on the Station"]),
        ("uber DIE bru", ["Über die Brücke"]),
        ("мост ч", ["Мост через реку"]),
        ("東", ["東京の朝"]),
        ("東京", ["東京の朝"]),
        ("東京の朝", ["東京の朝"]),
        ("京", []),
        ("leak", []),
        ("co", []),
    ],
)
def test_titles_that_begin_so_are_given_as_they_are_written(prefix: str, expected: list[str], index: Path) -> None:
    assert titles(prefix, index) == expected


def test_a_title_of_several_articles_comes_once_with_their_number(index: Path) -> None:
    assert [(each.text, each.count) for each in suggest("über", index=index).titles] == [("Über die Brücke", 2)]


def test_everything_as_json_types(index: Path) -> None:
    given = suggest("rope", index=index).to_dict()
    assert json.loads(json.dumps(given)) == given
    assert given["prefix"] == "rope"
    assert given["words"] == [{"text": "rope", "count": 1}, {"text": "ropes", "count": 1}]
    assert len(given["titles"]) == 1


@pytest.mark.parametrize("prefix", ["", " ", "...", "\x00", "(", '"', "*", "author:"])
def test_without_a_word_there_is_nothing_to_suggest(prefix: str, index: Path) -> None:
    assert not suggest(prefix, index=index).words


def test_limits_and_errors(index: Path, tmp_path: Path) -> None:
    assert suggest("c", index=index, limit=0) == Suggestions("c")
    for limit in (-1, 1_001):
        with pytest.raises(UsageError):
            suggest("c", index=index, limit=limit)
    with pytest.raises(QueryError):
        suggest("a" * 10_001, index=index)
    with pytest.raises(IndexNotFound):
        suggest("c", index=tmp_path / "nowhere")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text("coleabrü 東京のмос'\"-:()*~\u0301\x1b\ud800", max_size=12)
    | st.builds(" ".join, st.lists(st.sampled_from(["coolant", "le", "c", "author:m", "-x", "OR", "東"]), max_size=4))
)
def test_whatever_is_typed_what_is_suggested_begins_so_and_is_found(index: Path, prefix: str) -> None:
    found = suggest(prefix, index=index)
    for suggestion in found.words:
        assert suggestion.count > 0
        typed, last = (analyzer("").tokens(text, query=True)[-1].word for text in (prefix, suggestion.text))
        assert last.startswith(typed)
        assert "." not in last, "a stem has its language after a dot"
        assert search(f"={last}", index=index, limit=0).complete > 0
    for title in found.titles:
        assert title.text in {" ".join(written.split()) for written, _, _ in ARTICLES}


def test_what_is_suggested_after_other_words_is_found_with_them(index: Path) -> None:
    for prefix in ("coolant l", "station c", "the lea", "uber d", "rope i"):
        found = suggest(prefix, index=index).words
        assert found
        for suggestion in found:
            assert search(suggestion.text.replace(" ", " AND "), index=index, limit=0).complete > 0


def test_both_engines_suggest_the_same(tmp_path: Path) -> None:
    given = []
    for name in ENGINE_NAMES:
        (tmp_path / name).mkdir()
        _write(tmp_path / name, ARTICLES, name)
        prefixes = ("c", "co", "the c", "coolant l", "author:m", "über", "東", "м", "coolant, a", "is r")
        given.append([suggest(prefix, index=tmp_path / name / ".byline", limit=4) for prefix in prefixes])
    assert given[0] == given[1]


def test_articles_that_are_gone_are_suggested_no_more(tmp_path: Path) -> None:
    _write(tmp_path, [*ARTICLES, ("Zeppelin over the bay", "Zeno", "A zeppelin.")], "tantivy")
    home = tmp_path / ".byline"
    assert words("zep", home) == ["zeppelin"]
    _write(tmp_path, ARTICLES, "tantivy")
    for prefix in ("z", "ze", "zep", "zeppelin ov", "author:z"):
        assert not suggest(prefix, index=home)


@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_what_is_kept_gives_the_same_answers(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.exploring.completion._TABLE_WORDS", 5)
    _write(tmp_path, ARTICLES, engine)
    with Store.open(tmp_path / ".byline") as store:
        searcher: Searcher = store.searcher()
        once, kept = Completer(searcher, ["en"]), Completer(searcher, ["en"], keep=True)
        for prefix in ("c", "t", "th", "coolant l", "the s", "author:m", "über", "d"):
            for limit in (1, 3, 10):
                expected = once.complete(prefix, limit)
                assert kept.complete(prefix, limit) == kept.complete(prefix, limit) == expected


def test_words_are_folded_as_the_index_holds_them(index: Path) -> None:
    for prefix in ("ü", "é", "c", "j"):
        found = words(prefix, index)
        assert found or prefix == "é"
        for suggestion in found:
            assert suggestion == suggestion.lower()
            assert unicodedata.normalize("NFD", suggestion) == suggestion
