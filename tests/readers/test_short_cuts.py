"""Short cuts of readers past parsers and regular expressions: each gives what the long way gives."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import language_detection
from index.analysis.language_detection import detect
from index.errors import ReadError
from index.readers import markdown
from index.readers.article import frontmatter
from index.readers.article.frontmatter import simple_yaml
from index.readers.blocks.block import Block
from index.readers.blocks.plain import one_line, printable, shows, tidy
from index.readers.bylines.dates import find_dates, parse_date
from index.readers.decoding import encoding
from index.readers.markdown import markdown_blocks

PIECES = (
    "Harbour été x 1 1. # ## ####### - -- = === : (c) [a] *b* _ ! &amp; http://a.b/c C# \" 's $5 % | ~~~ > <b> \\ ` +"
)
LINE = st.lists(st.sampled_from([*PIECES.split(), "\t", "\u00a0", "{{", "\u2028", "北"]), max_size=5).flatmap(
    lambda words: st.sampled_from([" ".join(words), "".join(words), " ".join(words) + " ", " " + " ".join(words)])
)
PLAIN_LINE = st.lists(st.sampled_from(["Harbour", "ice", "a.", "(b),", "été", "3", "#", "c:"]), max_size=4).map(
    " ".join
)


def values(blocks: list[Block]) -> list[list[Any]]:
    return [[getattr(block, name) for name in Block.__slots__] for block in blocks]


@given(st.lists(LINE | PLAIN_LINE | st.just(""), max_size=8).map("\n".join))
def test_plain_paragraphs_and_headings_are_what_the_parser_makes_of_them(text: str) -> None:
    short = values(markdown_blocks(text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markdown, "plain_blocks", lambda text: None)
        assert short == values(markdown_blocks(text))


def test_a_plain_text_takes_the_short_cut() -> None:
    text = "# The harbour\n\nThe first line,\nthe second (of 3): “why?”\n## Ice\nIt melts."
    assert markdown.plain_blocks(text) is not None
    assert [block.text for block in markdown_blocks(text)] == [
        "The harbour", "The first line, the second (of 3): “why?”", "Ice", "It melts."
    ]  # fmt: skip


YAML_VALUES = '|a|a b|a  b| a|2022-12-20|- b|a - b|-a|[a, b]|[a]|[]|[a,b]|é|_|a_b|[a, ]|[|null|12:30|"a"|a #b|x-|a:|²'
YAML_VALUE = st.sampled_from(YAML_VALUES.split("|"))
YAML_KEY = st.sampled_from(["title", "date", "a1", "1a", "é", "a é", "a-b", "", "tags", "TITLE"])
YAML_LINE = st.tuples(YAML_KEY, st.sampled_from([": ", ":", ":  "]), YAML_VALUE, st.sampled_from(["", " "])).map(
    "".join
)


@given(st.lists(YAML_LINE | st.sampled_from(["- a", "  - b", ""]), max_size=4).map("\n".join))
def test_lines_of_words_are_read_as_all_front_matter_is(record: str) -> None:
    short = simple_yaml(record)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frontmatter, "_plainest", lambda line: None)
        assert short == simple_yaml(record)


@pytest.mark.parametrize(
    "text",
    [
        "2022-12-20",
        "2022-02-30",
        "2999-01-01",
        "0000-00-00",
        "1449-01-01",
        "2022-20-12",
        "२०२२-१२-२०",
        "2022-1220-",
        "12-12-2022",
    ],
)
def test_an_iso_date_is_what_it_is_in_a_text(text: str) -> None:
    today = dt.date(2024, 1, 1)
    assert parse_date(text, "en", today) == next(find_dates(text, "en", today), None)


@given(st.text(st.sampled_from("a\n\t\x00\x1f \x7f~é\u00a0\u200b"), max_size=5))
def test_long_texts_show_as_short_ones_do(text: str) -> None:
    assert shows(text) == shows(text + "x" * 200) == shows("x" * 200 + text) == text.replace("\n", " ").isprintable()


SPACED = st.text(st.sampled_from("ab  \n\n\t\r\x00\u00a0\u00ade\u2028"), max_size=8)


@given(SPACED)
def test_a_line_of_single_spaces_is_what_any_line_becomes(text: str) -> None:
    assert one_line(text) == " ".join(printable(text).split())


@given(st.lists(SPACED | st.sampled_from(["a b", "a", " a", "a ", ""]), max_size=4))
def test_tidy_paragraphs_are_those_whose_lines_are_tidy(paragraphs: list[str]) -> None:
    lines = [[" ".join(line.split()) for line in paragraph.split("\n")] for paragraph in paragraphs]
    tidied = ["\n".join(filter(None, each)) for each in lines]
    assert tidy(paragraphs) == "\n\n".join(filter(None, tidied))


def text_or_error(data: bytes, *, records: bool) -> str:
    try:
        return repr(encoding.decode(data, "a.txt", records=records))
    except ReadError as error:
        return str(error)


@given(
    st.lists(
        st.sampled_from([b"ice", b"%PDF-", b"PK", b" ", b"\n", b"\r", b"\x00", b"\x1b$B", b"\xc3\xa9", b"\xe9"]),
        max_size=5,
    ),
    st.booleans(),
)
def test_plain_ascii_is_decoded_as_any_text_is(pieces: list[bytes], records: bool) -> None:
    data = b"".join(pieces)
    short = text_or_error(data, records=records)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "_plain", lambda data: "")
        assert short == text_or_error(data, records=records)


COMMON = "the of and was ice in is de der und le les que los и в не на что и у од са".split()


@given(st.lists(st.sampled_from([*COMMON, "(the", "of,", "l'ice", "\u201eund"]), max_size=30).map(" ".join))
def test_a_language_whose_own_words_prevail_has_the_most_votes(text: str) -> None:
    short = detect(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language_detection, "_outweighing", lambda groups, enough: "")
        assert short == detect(text)
