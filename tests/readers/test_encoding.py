"""Bytes become text by mark, declaration, UTF-8 or a guess."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import ReadError
from index.readers.decoding.encoding import decode

GERMAN = "Über den Flüssen schwebt müde Nebel; die Fähre fährt nicht, und der Fährmann schläft auf der Brücke. " * 4
RUSSIAN = "Паром не ходит, потому что туман лежит на реке, и паромщик спит у себя на мосту до самого утра. " * 4
JAPANESE = "霧が川の上に横たわっているので、渡し船は動かない。渡し守は橋の上で朝まで眠っている。" * 6


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides(mark: bytes, encoding: str) -> None:
    decoded = decode(mark + GERMAN.encode(encoding), "x")
    assert decoded.text == GERMAN
    assert decoded.rule == "byte order mark"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [GERMAN, RUSSIAN, JAPANESE])
def test_wide_encodings_are_told_without_a_mark(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "x").text == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(GERMAN, "cp1252"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (JAPANESE, "shift_jis"), (JAPANESE, "euc_jp")],
)
def test_older_encodings_are_guessed(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding), "x")
    assert decoded.text == text
    assert decoded.rule == "detected"


def test_a_declaration_is_believed_where_it_may_be_made() -> None:
    page = f"<html><head><meta charset='koi8-r'></head>{RUSSIAN}".encode("koi8-r")
    assert decode(page, "x", declared=True).rule == "declared"
    assert RUSSIAN.strip() in decode(page, "x", declared=True).text


def test_a_wrong_declaration_is_not() -> None:
    page = f"<meta charset='shift_jis'>{GERMAN}".encode()
    assert GERMAN.strip() in decode(page, "x", declared=True).text


def test_latin_1_means_windows_1252_as_in_browsers() -> None:
    page = "<meta charset='iso-8859-1'>“Quoted” – and 5 €".encode("cp1252")
    assert decode(page, "x", declared=True).text.endswith("“Quoted” – and 5 €")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("霧は３０〜５０メートル", "shift_jis"), ("霧は①②③", "cp932"), ("桥――渡口", "gb2312"), ("橋與鎔", "gb18030")],
)
def test_a_declared_encoding_is_tried_before_what_browsers_take_it_for(text: str, encoding: str) -> None:
    declared = "shift_jis" if encoding in ("shift_jis", "cp932") else "gb2312"
    decoded = decode(f"<meta charset='{declared}'>{text}".encode(encoding), "x", declared=True)
    assert decoded.text.endswith(text)
    assert decoded.encoding == encoding


def test_one_stray_byte_does_not_change_the_encoding() -> None:
    data = GERMAN.encode() + b"\xff" + GERMAN.encode()
    assert decode(data, "x").text.count("Fähre") == 8


def test_line_ends_and_invisible_characters_are_put_right() -> None:
    assert decode("a\r\nb\rc\u2028d co\u00adop\u200b e\x00".encode()[:-1], "x").text == "a\nb\nc\nd coop e"


@given(st.binary(min_size=1, max_size=300))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    try:
        text = decode(data, "x").text
    except ReadError as error:
        assert error.what in ("not text", "the file is empty")
    else:
        assert text.strip()
        assert "\x00" not in text and "\r" not in text


def test_a_few_zero_bytes_in_a_short_text_are_left_out() -> None:
    assert decode(b"title,text\nA,b\x00c\n", "a.csv").text == "title,text\nA,bc\n"
