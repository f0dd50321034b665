"""EUC-TW, which Python has no codec for: what other programs write in it reads as they meant it."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.readers.decoding.encoding import decode

TEXT = (
    "老船夫說，今年的雨下得太多了，河水漲得很高，沒有人敢過河。"
    "他在這裡划了四十年的船，從來不曾等過這麼久。「龘」與「乂」也認得。"
)
DATA = bytes.fromhex(  # as iconv converts it
    "c8d2dcf3c5b3eba9a1a2c4f4c8a1cefbcfe4c4b6dab5c5b4c7e9c4a7a1a2cec8c5d5e9cddab5d0fed8eda1a2caf4c8b4c4a9dfd6e7b4cec8a1a4"
    "c5ecc7e3ddd5e6d3c7c6c4a7c6bec4b2c8a1cefbdcf3a1a2dab7cbf4c4e2dfe4e1abe7b4ddd5ebfbc4bca1a4a1d68ea2f2c4a1d7ead8a1d68ea2"
    "a1a1a1d7c4beeba5dab5a1a4"
)


def test_it_is_recognised_and_read() -> None:
    decoded = decode(DATA, "x")
    assert (decoded.text, decoded.encoding, decoded.rule) == (TEXT, "euc_tw", "detected")


@pytest.mark.parametrize("name", ["euc-tw", "x-euc-tw", "EUC-TW"])
def test_a_page_may_declare_it(name: str) -> None:
    page = f'<meta charset="{name}"><p>'.encode() + DATA
    assert decode(page, "x", declared=True).text.endswith(TEXT)


def test_the_sample_may_end_within_a_character() -> None:
    assert decode(b"a" + DATA * 600, "x").text == "a" + TEXT * 600


def test_what_it_cannot_be_is_refused_or_replaced() -> None:
    with pytest.raises(UnicodeDecodeError, match="no character of Big5"):
        b"\xa1\x20".decode("euc_tw")
    assert b"\xa1 \x8e\xa9\xa1\xa1!".decode("euc_tw", "replace") == "\ufffd \ufffd!"
    with pytest.raises(UnicodeEncodeError):
        TEXT.encode("euc_tw")


@given(st.binary(max_size=60), st.integers(0, 60))
def test_bytes_in_two_parts_are_read_as_in_one(data: bytes, cut: int) -> None:
    decoder = codecs.getincrementaldecoder("euc_tw")("replace")
    assert decoder.decode(data[:cut]) + decoder.decode(data[cut:], True) == data.decode("euc_tw", "replace")
