"""JSON whose records are wrapped, and JSON that holds no article."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from index.errors import ReadError
from index.readers import ReadResult, read_file
from index.reading_settings import ReadingSettings, read_map

ONE, TWO = {"title": "One", "body": "The first text."}, {"title": "Two", "body": "The second text."}


def result(tmp_path: Path, value: Any, *maps: str) -> ReadResult:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(value), "utf-8")
    return read_file(path, "a.json", settings=ReadingSettings(map=read_map(maps)))


@pytest.mark.parametrize(
    "value",
    [
        {"data": {"articles": [ONE, TWO]}},
        {"status": "ok", "response": {"total": 2, "results": [ONE, TWO]}},
        {"responseHeader": {"params": {"q": "x"}}, "response": {"docs": [ONE, TWO]}},
        {"hits": {"total": 2, "hits": [{"_id": "1", "_source": ONE}, {"_id": "2", "_source": TWO}]}},
        {"title": "Answers", "response": {"tags": [{"title": "Boats"}], "docs": [ONE, TWO]}},
    ],
)
def test_records_in_wrappers(tmp_path: Path, value: Any) -> None:
    documents, problems = result(tmp_path, value)
    assert [(document.source, document.title, document.body) for document in documents] == [
        ("a.json#1", "One", "The first text."),
        ("a.json#2", "Two", "The second text."),
    ]
    assert not problems


@pytest.mark.parametrize("value", [{"data": {"article": ONE}}, {"article": ONE}, ONE | {"news": [{"id": 3}]}])
def test_one_record_in_a_wrapper(tmp_path: Path, value: Any) -> None:
    (document,), _ = result(tmp_path, value)
    assert (document.source, document.title, document.body) == ("a.json", "One", "The first text.")


def test_an_article_with_links_to_others_is_one_article(tmp_path: Path) -> None:
    (document,), _ = result(tmp_path, ONE | {"related": {"links": [{"title": "Another"}]}})
    assert document.title == "One"


@pytest.mark.parametrize(
    "names", [("title=hed", "body=words"), ("title=response.docs.hed", "body=response.docs.words")]
)
def test_map_reaches_into_wrappers(tmp_path: Path, names: tuple[str, ...]) -> None:
    documents, _ = result(tmp_path, {"response": {"docs": [{"hed": "One", "words": "Text."}]}}, *names)
    assert [(document.title, document.body) for document in documents] == [("One", "Text.")]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({}, "neither a title nor a text"),
        ({"name": "boats", "version": "1.0.0", "dependencies": {"oars": "2"}}, r"it has: name, version\); .*--map"),
        ({"data": {"rows": [{"hed": "One"}]}}, "neither a title nor a text"),
    ],
)
def test_json_that_holds_no_article_is_refused(tmp_path: Path, value: Any, why: str) -> None:
    with pytest.raises(ReadError, match=why):
        result(tmp_path, value)


def test_deep_and_wide_json_is_given_up(tmp_path: Path) -> None:
    deep: Any = [ONE]
    for _ in range(50):
        deep = {"data": deep}
    with pytest.raises(ReadError, match="neither"):
        result(tmp_path, deep)
    with pytest.raises(ReadError, match="neither"):
        result(tmp_path, {f"n{number}": {"x": {}} for number in range(5000)} | {"last": {"docs": [ONE]}})


@pytest.mark.parametrize("suffix", ["json", "jsonl", "md"])
def test_a_number_of_very_many_digits_is_a_text(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    digits = "9" * 5_000
    path.write_text(f'{{"title": "The harbour", "text": "The ferry sails.", "depth": {digits}, "tide": -{digits}}}\n')
    (found,), problems = read_file(path, path.name)
    assert (found.title, problems) == ("The harbour", ())
    assert found.extra["depth"] == digits
    assert found.extra["tide"] == f"-{digits}"


def test_a_number_of_very_many_digits_in_toml_costs_its_line_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(f'+++\ntitle = "The harbour"\ndepth = [1, {"9" * 5_000}]\n+++\n\nThe ferry sails.\n')
    (found,), _ = read_file(path, path.name)
    assert (found.title, found.body) == ("The harbour", "The ferry sails.")
    assert found.warnings == ("front matter is not valid TOML (a number has too many digits)",)
