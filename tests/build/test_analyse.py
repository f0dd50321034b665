"""What of a document goes into which column."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.columns import MAX_BODY_CHARACTERS, MAX_OTHER_CHARACTERS, analyse
from index.analysis.shingles import sketch
from index.analysis.tokens import analyzer
from index.document import Document, ExtraValue
from index.engines.contract import GAP
from index.engines.together import GAP_WIDTH
from index.schema import Field, Kind, Schema
from index.settings import TITLE_WEIGHT, IndexSettings

WIDE = f"{GAP} " * GAP_WIDTH
ARTICLE = Document(
    source="corpus/Coolant-Leaks.md",
    title="Coolant leaks",
    authors=("Ann O'Hara", "AFP"),
    date=dt.date(2022, 12, 20),
    body="The spacecrafts were leaking.\n\nNobody was hurt.",
    url="https://example.org/Leaks?page=2",
    language="en",
    extra={"caption": "A capsule", "tags": ("space", "Soyuz craft")},
)


def test_columns_of_an_article() -> None:
    columns = analyse(ARTICLE).columns
    assert columns == {
        "text_stem": ["coolant.en leak.en"]
        + [f"{WIDE}coolant.en leak.en"] * (TITLE_WEIGHT - 1)
        + ["ann.en ohara.en", "afp.en", f"{WIDE}the.en spacecraft.en were.en leak.en nobodi.en was.en hurt.en"],
        "outside_body_stem": ["coolant.en leak.en", "ann.en ohara.en", "afp.en"],
        "again_in_body_stem": ["_ _ _ leak.en"],
        "title_stem": ["coolant.en leak.en"],
        "title_word": ["coolant leaks"],
        "title_raw": ["coolant leaks"],
        "author_word": ["ann ohara", "afp"],
        "author_raw": ["ann ohara", "afp"],
        "first_author_raw": ["ann ohara"],
        "body_word": ["the spacecrafts were leaking nobody was hurt"],
        "extra_stem": ["a.en capsul.en", "space.en", "soyuz.en craft.en"],
        "extra_word": ["a capsule", "space", "soyuz craft"],
        "source_word": ["corpus coolant leaks md"],
        "source_raw": ["corpus/coolant-leaks.md"],
        "folder_raw": ["1:corpus"],
        "has_raw": ["title", "author", "date", "body", "url", "language", "extra", "caption", "tags"],
        "shingle_raw": sketch("the spacecrafts were leaking nobody was hurt"),
        "url_word": ["https example org leaks page 2"],
        "url_raw": ["https://example.org/leaks?page=2"],
        "lang_raw": ["en"],
        "date_raw": dt.date(2022, 12, 20).toordinal(),
    }


def test_stored_is_the_document() -> None:
    analysed = analyse(ARTICLE)
    assert Document.from_stored(analysed.stored) == ARTICLE
    assert analysed.id == ARTICLE.id


def test_columns_without_a_value_are_left_out() -> None:
    analysed = analyse(Document(source="x", title="…", body="", authors=("—",), extra={"note": "!"}))
    assert analysed.columns == {
        "source_word": ["x"],
        "source_raw": ["x"],
        "has_raw": ["title", "author", "extra", "note"],
    }


def test_extras_with_the_name_of_a_field_are_not_what_the_document_has() -> None:
    extra: dict[str, ExtraValue] = {
        "date": "2022-12",
        "url": "nowhere",
        "Language": "?",
        "doubt": "none",
        "Mood": "calm",
    }
    assert analyse(Document(source="x", title="A leak", extra=extra)).columns["has_raw"] == ["title", "extra", "mood"]


def test_values_of_sections_and_declared_extras_are_counted() -> None:
    extra: dict[str, ExtraValue] = {
        "Section": "World / Europe",
        "tags": ("Space", "space", "C++", "…"),
        "summary": "x",
        "Mood": "calm " * 100,
    }
    document = Document(source="x", extra=extra)
    assert analyse(document).columns["facet_raw"] == ["section=world europe"]
    settings = IndexSettings(facets=("Tags", "mood", "nothing"))
    assert analyse(document, settings=settings).columns["facet_raw"] == [
        "section=world europe",
        "tags=space",
        "tags=c++",
        "mood=" + " ".join(["calm"] * 40),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a.md", []),
        ("A/b/c.jsonl#3", ["1:a", "2:a/b"]),
        ("/data/x/a.md", ["1:/data", "2:/data/x"]),
        ("two  words/a.md", ["1:two words"]),
        ("/a.md", []),
    ],
)
def test_folders_above_a_file(source: str, expected: list[str]) -> None:
    assert analyse(Document(source=source)).columns.get("folder_raw", []) == expected


def test_only_the_columns_of_the_schema() -> None:
    schema = Schema((Field("title", Kind.TEXT), Field("date", Kind.DAY)))
    assert set(analyse(ARTICLE, schema).columns) == {"title_stem", "title_word", "date_raw"}
    assert set(analyse(ARTICLE, Schema((Field("title", Kind.TEXT),))).columns) == {"title_stem", "title_word"}


def test_body_beyond_the_bound_is_stored_but_not_indexed() -> None:
    body = "word " * (MAX_BODY_CHARACTERS // 5) + "beyond"
    analysed = analyse(Document(source="x", title="Long", body=body))

    words = analysed.columns["body_word"]
    assert isinstance(words, list)
    assert "beyond" not in words[0]
    assert len(words[0]) > MAX_BODY_CHARACTERS - 10
    stored = Document.from_stored(analysed.stored)
    assert stored.body == body
    assert stored.warnings == ("only the first 5,000,000 characters of the body are searched",)


@pytest.mark.parametrize(
    ("document", "named"),
    [
        (Document(source="x", title="t" * (MAX_OTHER_CHARACTERS + 1)), "title"),
        (Document(source="x", authors=("Ann Author",) * 20_000), "authors"),
        (Document(source="x", extra={"tags": ("tag",) * 50_000}), "extras"),
    ],
)
def test_bounds_of_other_fields(document: Document, named: str) -> None:
    analysed = analyse(document)

    assert [named in warning for warning in Document.from_stored(analysed.stored).warnings] == [True]
    for value in analysed.columns.values():
        assert isinstance(value, list)
        assert sum(map(len, value)) <= MAX_OTHER_CHARACTERS * (TITLE_WEIGHT + 2)


def test_names_that_are_not_utf8_can_be_stored() -> None:
    document = Document(source="caf\udce9.md", body="Lone \ud800 surrogate, \U0001f600 and é.")
    analysed = analyse(document)

    analysed.stored.encode()
    assert Document.from_stored(analysed.stored) == document
    for value in analysed.columns.values():
        assert isinstance(value, list)
        for segment in value:
            segment.encode()


@given(st.text(), st.sampled_from(["en", "fr", "de", ""]))
def test_positions_of_words_and_stems_agree(text: str, language: str) -> None:
    """Both forms, which go through a cache, are those of the tokens that the highlighter sees."""
    words, stems = analyzer(language).forms(text)
    tokens = analyzer(language).tokens(text)
    assert words == " ".join(token.word for token in tokens)
    assert stems == " ".join(token.stem for token in tokens)
