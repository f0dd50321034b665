"""Cursors: where a page ended, as text that can stand in a command or an address.

A cursor is opaque: bytes in URL-safe Base64, which hold a checksum, a fingerprint of the search, and the position. It
holds no text of articles but the title or author that the last hit was ordered by.
"""

from __future__ import annotations

import binascii
import json
import zlib
from collections.abc import Sequence

from index.document import ID_ALPHABET, ID_LENGTH
from index.errors import UsageError
from search.paging import Position

MAX_CURSOR_CHARACTERS = 64_000
"""Longer texts are no cursors: the longest titles, and as many ids as a position may name, take less."""

_VERSION = 1
_FINGERPRINT_BYTES = 4
_CHECKSUM_BYTES = 4
_ID_BYTES = 8
_BASE = len(ID_ALPHABET)
_TO_PYTHON = str.maketrans(ID_ALPHABET, "0123456789abcdefghijklmnopqrstuv")  # digits as `int` knows them
_SHIFTS = range(5 * (ID_LENGTH - 1), -1, -5)
_TO_URL, _FROM_URL = bytes.maketrans(b"+/", b"-_"), str.maketrans("-_+/", "+/  ")
_MAX_COUNT = 10**12
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _fingerprint(parts: Sequence[object]) -> bytes:
    """What tells one search from another."""
    return zlib.crc32(json.dumps([str(part) for part in parts]).encode()).to_bytes(_FINGERPRINT_BYTES, "big")


def to_text(position: Position, search: Sequence[object]) -> str:
    """A position in a search as a cursor.

    Args:
        position: where a page ended.
        search: what tells the search from another: the query, its filters, the order and the like.
    """
    values = [position.count, position.stage, position.key, position.id, len(position.given)]
    head = _ENCODER.encode(values)
    payload = bytes([_VERSION]) + _fingerprint(search) + head.encode() + b"\n" + _packed(position.given)
    checksum = zlib.crc32(payload).to_bytes(_CHECKSUM_BYTES, "big")
    return binascii.b2a_base64(checksum + payload, newline=False).rstrip(b"=").translate(_TO_URL).decode()


def from_text(cursor: str, search: Sequence[object]) -> Position:
    """The position that a cursor names, in this search; the arguments are those of `to_text`.

    Raises:
        UsageError: it is none, it has been changed or cut, or it belongs to another search.
    """
    text = cursor.strip()
    try:
        if len(text) > MAX_CURSOR_CHARACTERS:
            raise ValueError("too long")
        data = binascii.a2b_base64(text.translate(_FROM_URL) + "=" * (-len(text) % 4), strict_mode=True)
        checksum, payload = data[:_CHECKSUM_BYTES], data[_CHECKSUM_BYTES:]
        if zlib.crc32(payload) != int.from_bytes(checksum, "big") or payload[0] != _VERSION:
            raise ValueError("changed")
        owner, rest = payload[1 : 1 + _FINGERPRINT_BYTES], payload[1 + _FINGERPRINT_BYTES :]
        head, _, packed = rest.partition(b"\n")
        position = _position(json.loads(head), packed)
    except (ValueError, TypeError, IndexError):
        raise UsageError(
            "the cursor is broken", remedy="Take it as the page before gave it, or begin at the first page: without it"
        ) from None
    if owner != _fingerprint(search):
        raise UsageError(
            "the cursor belongs to another search",
            remedy="Keep query, filters and order from page to page, or begin at the first page: without it",
        )
    return position


def _position(head: list[object], packed: bytes) -> Position:
    count, stage, key, last, given = head
    numbers = (count, stage, given)
    if not all(type(number) is int and 0 <= number < _MAX_COUNT for number in numbers) or not isinstance(last, str):
        raise ValueError("not a position")
    if not (key is None or type(key) is int or isinstance(key, str)):
        raise ValueError("not a key")
    return Position(int(str(count)), _unpacked(packed, int(str(given))), int(str(stage)), key, last)


def _packed(ids: Sequence[str]) -> bytes:
    """Ids as numbers: their letters are digits of five bits."""
    digits = " ".join(ids).translate(_TO_PYTHON).split()
    return b"".join([int(number, _BASE).to_bytes(_ID_BYTES, "big") for number in digits])


def _unpacked(packed: bytes, count: int) -> tuple[str, ...]:
    if len(packed) != count * _ID_BYTES:
        raise ValueError("not so many ids")
    found = []
    for at in range(0, len(packed), _ID_BYTES):
        number = int.from_bytes(packed[at : at + _ID_BYTES], "big")
        letters = [ID_ALPHABET[number >> shift & _BASE - 1] for shift in _SHIFTS]
        found.append("".join(letters))
    return tuple(found)
