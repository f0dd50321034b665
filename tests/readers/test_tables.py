"""CSV and its relatives, and the names that records have for their fields."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.errors import ReadError, UsageError
from index.readers import MAX_PROBLEMS, ReadResult, read_file
from index.reading_settings import ReadingSettings, read_map


def result(tmp_path: Path, text: str, name: str = "a.csv", *maps: str) -> ReadResult:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    return read_file(path, name, settings=ReadingSettings().with_map(read_map(maps)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "title,author,body\nOne,Ann Author,Text\n"),
        ("a.csv", "title;author;body\nOne;Ann Author;Text, with commas, and more\n"),
        ("a.csv", "title|author|body\r\nOne|Ann Author|Text\r\n"),
        ("a.tsv", "title\tauthor\tbody\nOne\tAnn Author\tText, with, commas\n"),
        ("a.csv", "sep=;\ntitle;author;body\nOne;Ann Author;Text\n"),
        ("a.csv", '\ufefftitle, author, body\n"One", "Ann Author", "Text"\n'),
    ],
)
def test_delimiters(tmp_path: Path, name: str, text: str) -> None:
    (document,) = result(tmp_path, text, name).documents
    assert (document.title, document.authors, document.body[:4]) == ("One", ("Ann Author",), "Text")


def test_rows_of_other_lengths_and_quotation_marks(tmp_path: Path) -> None:
    found = result(tmp_path, 'title,body\nOne\nTwo,"a ""b""\n\nc",too,many\n,\n"",\nThree,"never closed\n')
    assert [(d.source, d.title, d.body) for d in found.documents] == [
        ("a.csv#1", "One", ""), ("a.csv#2", "Two", 'a "b"\n\nc'), ("a.csv#3", "Three", "never closed"),
    ]  # fmt: skip


def test_a_table_without_known_columns_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as raised:
        result(tmp_path, "x,y\n1,2\n")
    assert "columns: x, y" in raised.value.what
    assert "--map title=COLUMN" in raised.value.what


def test_columns_by_the_names_that_are_told(tmp_path: Path) -> None:
    (document,) = result(
        tmp_path, "x,Y,z,title\nOne,Ann Author,Text,other\n", "a.csv", "title=x", "author=y", "body=z"
    ).documents
    assert (document.title, document.authors, document.body) == ("One", ("Ann Author",), "Text")
    assert document.provenance["title"] == "column x as title"


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_records_by_names_and_paths(tmp_path: Path, name: str) -> None:
    record = {
        "title": "Short", "meta": {"headline": "The Long Title", "when": "2020-02-03"},
        "people": [{"name": "Ann Author"}, {"name": "Lee Oh"}], "story": {"text": "The text."}, "a.b": "World",
    }  # fmt: skip
    (document,) = result(
        tmp_path, json.dumps(record), name, "title=missing", "title=meta.headline", "author=people.name",
        "date=meta.when", "body=story.text", "section=a.b",
    ).documents  # fmt: skip
    assert (document.title, document.authors, str(document.date)) == (
        "The Long Title",
        ("Ann Author", "Lee Oh"),
        "2020-02-03",
    )
    assert (document.body, document.extra["section"]) == ("The text.", "World")


def test_where_the_mapped_field_is_empty_the_usual_names_count(tmp_path: Path) -> None:
    (document,) = result(tmp_path, '{"headline": " ", "title": "Known"}', "a.jsonl", "title=headline").documents
    assert document.title == "Known"


@pytest.mark.parametrize("option", ["title", "colour=x", "=x", "title" * 200 + "=x"])
def test_an_option_that_maps_nothing_says_how(option: str) -> None:
    with pytest.raises(UsageError, match="--map"):
        read_map([option])


def test_a_field_beyond_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.table.MAX_ARTICLE_BYTES", 1000)
    found = result(tmp_path, f"title,body\nOne,Text\nTwo,{'word ' * 500}\nThree,Text\n")
    assert [document.title for document in found.documents] == ["One"]
    assert "row 2 cannot be read" in found.problems[0]


def test_nothing_of_a_table_is_lost_without_a_word(tmp_path: Path) -> None:
    documents, problems = result(tmp_path, "title,text,Text\nOne,first,second\nTwo,a, b, and c\n")
    assert documents[0].body == "first"
    assert documents[0].extra == {"text 2": "second"}
    assert problems == ("row 2 has more values than there are columns; the last are left out",)


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_quotation_mark_that_is_never_closed_is_named(tmp_path: Path, end: str) -> None:
    documents, problems = result(tmp_path, f'title,text\nOne,"a\nTwo,b{end}')
    assert [document.body for document in documents] == ["a\nTwo,b"]
    assert problems == ("a quotation mark in row 1 is never closed: all that follows is its text",)


def test_other_texts_of_a_record_are_kept(tmp_path: Path) -> None:
    record = {"title": "T", "text": "The ferry", "content": "The ferry is late again today.", "story": "Another text."}
    (document,) = result(tmp_path, json.dumps(record), "a.json").documents
    assert document.body == "The ferry is late again today."
    assert document.extra == {"story": "Another text."}


def test_lists_and_rows_of_html_in_a_record(tmp_path: Path) -> None:
    record = {"title": "T", "html": "<p>A &amp; B</p><ul><li>one<li>two</ul><script>x()</script>"}
    (document,) = result(tmp_path, json.dumps(record), "a.json").documents
    assert document.body == "A & B\n\none\ntwo"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "[" + ", ".join(["{}"] * 150) + ', {"title": "T"}]'),
        ("a.jsonl", "{}\n" * 150 + '{"title": "T"}\n'),
        ("a.csv", "title,date\n" + ",2022\n" * 150 + "T,\n"),
    ],
)
def test_many_problems_are_counted(tmp_path: Path, name: str, text: str) -> None:
    documents, problems = result(tmp_path, text, name)
    assert len(documents) == 1
    assert len(problems) == MAX_PROBLEMS + 2
    assert problems[-2].startswith("49 more")
    assert "150" in problems[-1]


def test_a_table_without_a_header_says_so_and_shows_none_of_it(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="seems to be no header") as caught:
        result(tmp_path, "a,2022-01-02,The ferry waits for its pilot and nobody on the quay knows why it is so late.\n")
    assert "ferry" not in str(caught.value)
