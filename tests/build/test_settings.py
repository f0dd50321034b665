"""`byline.toml`: what it may hold, and what a build does when it changes."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from index.build import build
from index.errors import UsageError
from index.settings import IndexSettings, SearchSettings, read_settings
from index.storage.manifest import read_manifest
from tests.build.articles import rewrite_manifest, sources, stored, write, write_many


def settings_file(home: Path, text: str) -> Path:
    path = home / "byline.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    settings = read_settings(tmp_path / ".byline")
    assert (settings.search, settings.index, settings.synonyms) == (SearchSettings(), IndexSettings(), None)


def test_every_setting_is_read(tmp_path: Path) -> None:
    settings_file(
        tmp_path,
        '[search]\nexact_weight = 1\npair_weight = 0.5\nrecency = "30d"\nsynonyms = "words/same.txt"\nexpand = true\n'
        "budget = 2.5\n"
        '[index]\ntitle_weight = 5\nanalysis = "words"\nlanguage = "de"\nfacets = ["Tags", "mood", "tags"]\n',
    )
    settings = read_settings(tmp_path / ".byline")
    assert settings.search == SearchSettings(
        exact_weight=1, pair_weight=0.5, recency="30d", synonyms="words/same.txt", expand=True, budget=2.5
    )
    assert settings.index == IndexSettings(title_weight=5, analysis="words", language="de", facets=("tags", "mood"))
    assert settings.synonyms == tmp_path / "words/same.txt"
    for table in (SearchSettings, IndexSettings):  # or this test has forgotten one
        told = settings.search if table is SearchSettings else settings.index
        assert [name.name for name in dataclasses.fields(table) if getattr(told, name.name) == name.default] == []


def test_a_change_is_noticed(tmp_path: Path) -> None:
    settings_file(tmp_path, "[index]\ntitle_weight = 5\n")
    assert read_settings(tmp_path / ".byline").index.title_weight == 5
    settings_file(tmp_path, "[index]\ntitle_weight = 12\n")
    assert read_settings(tmp_path / ".byline").index.title_weight == 12


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[search]\nweight = 1\n", ["no setting “weight” in [search]", "exact_weight, pair_weight"]),
        ("[ranking]\n", ["[ranking] is no table", "[search], [index], [reading]"]),
        ("expand = true\n", ["expand stands in no table"]),
        ("[search]\nexact_weight = -1\n", ["exact_weight in [search] cannot be -1", "a number from 0 to 10"]),
        ("[search]\nexact_weight = nan\n", ["a number from 0 to 10"]),
        ("[search]\npair_weight = true\n", ["cannot be true", "a number from 0 to 10"]),
        ("[search]\npair_weight = '1'\n", ['cannot be "1"']),
        ("[search]\nrecency = 'soon'\n", ['cannot be "soon"', "30d"]),
        ("[search]\nrecency = 30\n", ["cannot be 30", "30d"]),
        ("[search]\nrecency = '0d'\n", ['cannot be "0d"']),
        ("[search]\nexpand = 1\n", ["true or false"]),
        ("[search]\nsynonyms = ['a']\n", ["the name of a file"]),
        ("[index]\ntitle_weight = 2.5\n", ["a whole number from 1 to 20"]),
        ("[index]\ntitle_weight = 0\n", ["a whole number from 1 to 20"]),
        ("[index]\nanalysis = 'stem'\n", ['"stems" or "words"']),
        ("[index]\nlanguage = 'German'\n", ["two letters"]),
        ("[index]\nfacets = 'tags'\n", ["a list of at most 20 names"]),
        ("[index]\nfacets = ['author']\n", ['cannot be ["author"]', "not the name of a field"]),
        ("[index]\nfacets = ['section']\n", ["not the name of a field"]),
        ("[index]\nfacets = ['a b']\n", ["letters, digits and _"]),
        ("[index]\nfacets = [1]\n", ["a list"]),
        ("[search\n", ["not TOML", "line 1"]),
        ("a = " + "[" * 5000, ["not TOML"]),
    ],
)
def test_what_means_nothing_is_refused_with_file_key_and_what_is_allowed(
    tmp_path: Path, text: str, said: list[str]
) -> None:
    path = settings_file(tmp_path, text)
    with pytest.raises(UsageError) as raised:
        read_settings(tmp_path / ".byline")
    assert str(raised.value).startswith(f"{path}: ")
    for each in said:
        assert each in str(raised.value)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "byline.toml").write_bytes(b"\xff[search]")
    with pytest.raises(UsageError, match="not UTF-8"):
        read_settings(tmp_path / ".byline")
    (tmp_path / "byline.toml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(UsageError, match="larger than"):
        read_settings(tmp_path / ".byline")


def test_a_build_refuses_settings_before_it_touches_anything(tmp_path: Path) -> None:
    write(tmp_path / "corpus" / "a.md")
    settings_file(tmp_path, "[index]\ntitle_weight = 99\n")
    with pytest.raises(UsageError, match="title_weight"):
        build([tmp_path / "corpus"], tmp_path / ".byline")
    assert not (tmp_path / ".byline").exists()


def test_a_change_that_needs_it_rebuilds_and_says_why(tmp_path: Path) -> None:
    write_many(tmp_path / "corpus", 3)
    index = tmp_path / ".byline"
    assert build([tmp_path / "corpus"], index).rebuilt_because == ""
    settings_file(tmp_path, "[index]\ntitle_weight = 7\n")

    report = build([], index)

    assert report.rebuilt_because == "byline.toml changed: title_weight is 7, no longer 3"
    assert (report.indexed, report.generation) == (3, 2)
    assert read_manifest(index).settings == IndexSettings(title_weight=7)
    again = build([], index)
    assert (again.rebuilt_because, again.files_read) == ("", 0)
    (tmp_path / "byline.toml").unlink()
    assert build([], index).rebuilt_because == "byline.toml changed: title_weight is 3, no longer 7"


def test_a_change_that_only_searches_notice_rebuilds_nothing(tmp_path: Path) -> None:
    write_many(tmp_path / "corpus", 3)
    build([tmp_path / "corpus"], tmp_path / ".byline")
    settings_file(tmp_path, '[search]\nrecency = "30d"\n')
    report = build([], tmp_path / ".byline")
    assert (report.rebuilt_because, report.files_read) == ("", 0)


def test_a_language_for_documents_that_have_none(tmp_path: Path) -> None:
    write(tmp_path / "corpus" / "short.md", "Ein.")
    write(
        tmp_path / "corpus" / "english.md", "The ferry waits for the pilot, and nobody on the quay knows why it does."
    )
    settings_file(tmp_path, '[index]\nlanguage = "de"\n')
    build([tmp_path / "corpus"], tmp_path / ".byline")
    languages = {document.source: document.language for document in stored(tmp_path / ".byline")}
    assert languages == {"corpus/english.md": "en", "corpus/short.md": "de"}
    (short,) = (document for document in stored(tmp_path / ".byline") if document.language == "de")
    assert short.provenance["language"] == "byline.toml"


def test_a_move_to_another_engine_keeps_the_settings(tmp_path: Path) -> None:
    write_many(tmp_path / "corpus", 3)
    settings_file(tmp_path, '[index]\nanalysis = "words"\n')
    index = tmp_path / ".byline"
    build([tmp_path / "corpus"], index, engine="whoosh")
    build([], index, engine="tantivy")
    assert read_manifest(index).settings.analysis == "words"

    from index.query import Term
    from index.storage.store import Store

    with Store.open(index) as store:
        assert store.searcher().search(Term("text", "ships"), limit=0).total == 3
        assert store.searcher().search(Term("text", "ship.en"), limit=0).total == 0


def test_the_settings_and_the_synonyms_are_no_articles(tmp_path: Path) -> None:
    write(tmp_path / "a.md")
    (tmp_path / "same.txt").write_text("car, automobile\n")
    settings_file(tmp_path, '[search]\nsynonyms = "same.txt"\n')
    report = build([tmp_path], tmp_path / ".byline")
    assert sources(tmp_path / ".byline") == ["a.md"]
    assert report.skipped == ()


def test_an_index_made_before_there_were_settings_has_the_defaults(tmp_path: Path) -> None:
    write_many(tmp_path / "corpus", 2)
    index = tmp_path / ".byline"
    build([tmp_path / "corpus"], index)
    rewrite_manifest(index, "settings")
    assert read_manifest(index).settings == IndexSettings()
    assert build([], index).rebuilt_because == ""
