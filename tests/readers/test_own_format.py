"""What `byline read --jsonl` prints, Byline reads as the same documents."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import Candidate, Document
from index.readers import read_file
from index.readers.blocks.plain import one_line, printable

TEXT = st.text(max_size=60).map(printable)
LINE = st.text(max_size=40).map(one_line)
WORD = LINE.filter(bool)
DOCUMENTS = st.builds(
    Document,
    source=WORD,
    title=WORD,
    authors=st.lists(WORD, max_size=3, unique=True).map(tuple),
    date=st.none() | st.dates(),
    body=TEXT,
    url=st.sampled_from(("", "https://a.example/2011/ferry", "http://a.example/?q=é")),
    language=st.sampled_from(("", "en", "ja")),
    extra=st.dictionaries(WORD, LINE | st.lists(LINE, max_size=3).map(tuple), max_size=3),
    provenance=st.dictionaries(WORD, LINE, max_size=3),
    confidence=st.dictionaries(WORD, st.floats(0, 1), max_size=3),
    warnings=st.lists(LINE, max_size=2).map(tuple),
    candidates=st.dictionaries(
        WORD,
        st.lists(st.builds(Candidate, LINE | st.lists(LINE).map(tuple), LINE, LINE), max_size=2).map(tuple),
        max_size=2,
    ),
)
OWN = Document("a.md", "The Ferry", ("Ana Lee",), dt.date(2011, 8, 3), "It rained.", extra={"tags": ("boats", "rain")})


def read(text: str, name: str = "x.jsonl") -> list[Document]:
    return read_file(Path(name), name, text.encode()).documents


@given(st.lists(DOCUMENTS, min_size=1, max_size=3))
def test_documents_survive_the_way_through_a_file(documents: list[Document]) -> None:
    found = read("".join(f"{json.dumps(document.to_dict(candidates=True))}\n" for document in documents))
    assert found == [
        document.with_source(f"x.jsonl#{number}") for number, document in enumerate(documents, 1)
    ]  # fmt: skip
    assert found[0].id != documents[0].id


def test_records_of_earlier_versions_have_no_confidence() -> None:
    values = {key: value for key, value in OWN.to_dict().items() if key != "confidence"}
    assert read(json.dumps(values)) == [OWN.with_source("x.jsonl#1")]


def test_a_list_of_them_is_read_alike() -> None:
    assert read(json.dumps([OWN.to_dict()], indent=1), "x.json") == [OWN.with_source("x.json#1")]


@pytest.mark.parametrize(
    "change",
    [
        {"title": 7},
        {"authors": "Ana Lee"},
        {"extra": {"tags": {"a": "b"}}},
        {"url": "javascript:alert(1)"},
        {"language": "English"},
        {"date": "some day"},
        {"title": "word " * 1000},
        {"more": "than there should be"},
    ],
    ids=str,
)
def test_a_record_that_only_looks_so_is_read_as_any_other(change: dict[str, Any]) -> None:
    document = read(json.dumps({**OWN.to_dict(), **change}))[0]
    assert document.body == "It rained."
    assert len(document.title) <= 1000
    assert not document.url
    assert document.language in ("", "en")


def test_invisible_characters_do_not_pass() -> None:
    values = {**OWN.to_dict(), "title": "The \u202eFerry\ud800", "extra": {"no\x00te": "a\x1bb"}}
    document = read(json.dumps(values))[0]
    assert document.title == "The Ferry"
    assert document.extra == {"note": "ab"}


@pytest.mark.parametrize("key", ["_id", "id"])
def test_the_id_of_another_collection_is_kept(key: str) -> None:
    assert read(json.dumps({key: "doc-7", "title": "The Ferry", "text": "It rained."}))[0].extra == {key: "doc-7"}


def test_other_line_ends_within_a_record_do_not_break_it() -> None:
    documents = read('{"title": "One", "text": "a\u2028b\u0085c"}\r\n{"title": "Two", "text": "d"}\r\n')
    assert [document.title for document in documents] == ["One", "Two"]
