"""EUC-TW, an encoding of Traditional Chinese that Python does not know: CNS 11643 by way of Big5.

The characters of the standard's first two planes, which are those of texts, stand in Big5's order but for some ranges.
Those of the other planes are left unreadable.
"""

from __future__ import annotations

import bisect
import codecs
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_COLUMNS = 94  # of a plane of CNS 11643
_BIG5_COLUMNS = 157

# Of each plane ranges of characters: the number of the first in the plane, its number in Big5, and how many there are.
# Made by comparing the conversion of every code in glibc's iconv with Python's of Big5.
_PLANES = {
    1: (
        (0, 0, 21), (21, 23, 2), (24, 22, 1), (29, 29, 44), (73, 74, 1), (74, 73, 1), (75, 75, 52), (127, 128, 1),
        (128, 127, 1), (129, 129, 19), (148, 149, 1), (149, 148, 1), (150, 150, 4), (155, 21, 1), (156, 158, 2),
        (160, 160, 74), (282, 234, 174), (470, 6101, 20), (3290, 471, 1412), (4702, 1884, 424), (5126, 1883, 1),
        (5127, 2308, 1876), (7003, 4571, 1), (7004, 4184, 387), (7391, 4572, 525), (7916, 5286, 1), (7917, 5097, 189),
        (8106, 5287, 84), (8190, 5517, 1), (8191, 5371, 54), (8245, 5426, 1), (8246, 5425, 1), (8247, 5427, 90),
        (8337, 5518, 354),
    ),
    2: (
        (0, 6280, 10), (10, 6291, 33), (43, 6372, 1), (44, 6324, 48), (92, 6373, 46), (138, 6586, 1), (139, 6419, 167),
        (306, 6587, 1840), (2146, 9074, 1), (2147, 8428, 108), (2255, 8537, 537), (2792, 8427, 1), (2793, 9075, 100),
        (2893, 8536, 1), (2894, 9175, 399), (3293, 9575, 1637), (4930, 11761, 1), (4931, 11212, 146), (5077, 11899, 1),
        (5078, 11358, 287), (5365, 12508, 1), (5366, 11645, 116), (5482, 11762, 137), (5619, 11900, 104),
        (5723, 12425, 1), (5724, 12004, 222), (5946, 12227, 198), (6144, 12426, 82), (6226, 12509, 86),
        (6312, 12226, 1), (6313, 12595, 8), (6321, 12604, 153), (6474, 12758, 56), (6530, 13114, 1), (6531, 12814, 113),
        (6644, 12603, 1), (6645, 12927, 142), (6787, 12757, 1), (6788, 13069, 45), (6833, 13115, 71), (6904, 13380, 1),
        (6905, 13186, 194), (7099, 13381, 490), (7589, 13914, 1), (7590, 13871, 43), (7633, 13915, 1),
        (7634, 13917, 11), (7645, 13916, 1), (7646, 13928, 4),
    ),
}  # fmt: skip
_CHARACTER = re.compile(rb"[\x00-\x7f]+|\x8e[\xa1-\xb0][\xa1-\xfe]{2}|[\xa1-\xfe]{2}")
_UNFINISHED = re.compile(rb"(?:\x8e(?:[\xa1-\xb0][\xa1-\xfe]?)?|[\xa1-\xfe])\Z")


def codec(name: str) -> codecs.CodecInfo | None:
    """The codec for `codecs.register`; it only decodes."""
    if name.replace("-", "_") not in ("euc_tw", "x_euc_tw", "euctw", "cns11643"):
        return None
    return codecs.CodecInfo(_encode, _decode_all, incrementaldecoder=_Decoder, name="euc_tw")


class _Decoder(codecs.BufferedIncrementalDecoder):
    def _buffer_decode(self, data: ReadableBuffer, errors: str, final: bool) -> tuple[str, int]:
        return _decode(bytes(data), errors, final)


def _encode(text: str, errors: str = "strict") -> tuple[bytes, int]:
    raise UnicodeEncodeError("euc_tw", text, 0, len(text), "this encoding is only read")


def _decode_all(data: ReadableBuffer, errors: str = "strict") -> tuple[str, int]:
    return _decode(bytes(data), errors, True)


def _decode(data: bytes, errors: str, final: bool) -> tuple[str, int]:
    """The text, and how many bytes were used up."""
    pieces: list[str] = []
    at = 0
    while at < len(data):
        match = _CHARACTER.match(data, at)
        character = None if match is None else match[0].decode("ascii") if data[at] < 0x80 else _character(match[0])
        if character is not None and match is not None:
            pieces.append(character)
            at = match.end()
            continue
        if match is None and not final and _UNFINISHED.match(data, at):
            break
        end = match.end() if match else at + 1
        error = UnicodeDecodeError("euc_tw", data, at, end, "no character of Big5")
        replacement, at = codecs.lookup_error(errors)(error)
        pieces.append(str(replacement))
    return "".join(pieces), at


@cache
def _character(code: bytes) -> str | None:
    """The character of two or four bytes; None if Big5 has none."""
    plane = code[1] - 0xA0 if len(code) == 4 else 1
    number = (code[-2] - 0xA1) * _COLUMNS + code[-1] - 0xA1
    ranges = _PLANES.get(plane, ())
    place = bisect.bisect_right(ranges, number, key=lambda entry: entry[0]) - 1
    if place < 0 or number >= ranges[place][0] + ranges[place][2]:
        return None
    row, column = divmod(ranges[place][1] + number - ranges[place][0], _BIG5_COLUMNS)
    low = 0x40 + column if column < 63 else 0xA1 + column - 63
    return bytes((0xA1 + row, low)).decode("big5", "replace")
