"""From bytes to text: byte order mark, declared encoding, UTF-8, and only then a guess."""

from __future__ import annotations

import codecs
import contextlib
import re
import unicodedata
from typing import NamedTuple

from index.errors import ReadError
from index.readers.blocks.plain import SHOWN, printable, printable_lines, shows
from index.readers.decoding import euc_tw

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ANY_MARK = tuple(mark for mark, _ in _MARKS)
_DECLARED = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]{2,30})"
    rb"|<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,30})"
    rb"|-\*-.{0,60}?coding[:=]\s*([\w.-]{2,30})",
    re.IGNORECASE | re.DOTALL,
)
# What browsers take these names to mean (the WHATWG Encoding Standard): supersets that decode the same texts and more.
_SUPERSETS = {
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252",
    "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030",
    "x-gbk": "gb18030", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "shift_jis": "cp932", "shift-jis": "cp932",
    "x-sjis": "cp932", "sjis": "cp932", "big5": "big5hkscs", "unicode": "utf-8", "utf8": "utf-8", "utf-8": "utf-8",
    "windows-31j": "cp932", "x-mac-cyrillic": "mac_cyrillic", "iso-8859-8-i": "iso-8859-8",
}  # fmt: skip
# Names whose own encoding is tried before what browsers take them to mean: it differs in a few signs, such as the dash.
_AS_NAMED = frozenset(("gb2312", "shift_jis", "shift-jis"))
_SAMPLE = 64 * 1024

codecs.register(euc_tw.codec)

BY_GUESS = "by guess"
"""The end of the warning that documents carry whose encoding nothing told."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_BINARY_SIGNS = (
    b"\x89PNG", b"\xff\xd8\xff", b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\x7fELF", b"\xfd7zXZ\x00", b"7z\xbc\xaf",
    b"SQLite format 3\x00", b"\xca\xfe\xba\xbe",
)  # fmt: skip


class Decoded(NamedTuple):
    """A text and how it was decoded.

    Attributes:
        text: with "\\n" as its line end and without invisible characters.
        encoding: Python's name of the encoding.
        rule: "byte order mark", "declared", "utf-8" or "detected".
    """

    text: str
    encoding: str
    rule: str


def guess_warning(decoded: Decoded) -> str:
    """What a document should say of its encoding; empty where it was not guessed."""
    return f"read as {decoded.encoding}, {BY_GUESS}" if decoded.rule == "detected" else ""


def decode(data: bytes, source: str, *, declared: bool = False, records: bool = False) -> Decoded:
    """The text in `data`.

    Args:
        data: a whole file.
        source: its name, for the message.
        declared: whether to believe an encoding that the text itself names, as HTML and XML do.
        records: whether its lines are records, within which line ends of other kinds stay what they are.

    Raises:
        ReadError: if it is no text in any encoding.
    """
    if not declared and (plain := _plain(data)):
        return Decoded(plain, "utf-8", "utf-8")
    found = _decode(data, source, declared)
    text = found.text
    if not shows(text):
        odd = len(_CONTROL.findall(text, 0, _SAMPLE))
        if odd * 50 > min(len(text), _SAMPLE) + 50:
            raise ReadError("not text", where=source, remedy="It holds control characters.")
        text = printable_lines(text) if records else printable(text)
    if not text or text.isspace():
        raise ReadError("the file is empty", where=source)
    return found if text is found.text else found._replace(text=text)


def _plain(data: bytes) -> str:
    """The text of bytes of ASCII that all show something, as most are in English; else empty. Only a short cut."""
    if not data.isascii() or data.translate(None, SHOWN) or data.startswith(_BINARY_SIGNS) or data.isspace():
        return ""
    return data.decode("ascii")


def _decode(data: bytes, source: str, declared: bool) -> Decoded:
    for mark, encoding in _MARKS if data.startswith(_ANY_MARK) else ():
        if data.startswith(mark):
            return _checked(data[len(mark) :], encoding, "byte order mark", source)
    if data.startswith(_BINARY_SIGNS):
        raise ReadError("not text", where=source, remedy="Its first bytes are those of another kind of file.")
    if b"\x00" in data[:_SAMPLE]:
        if data.count(0, 0, _SAMPLE) * 200 > min(len(data), _SAMPLE) and not _is_sprinkled(data[:_SAMPLE]):
            return _wide(data, source)
        data = data.replace(b"\x00", b"")  # a stray few
    names = _declared(data[:2048]) if declared else []
    name = names[-1] if names else ""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        for each in names if name != "utf-8" else ():
            with contextlib.suppress(UnicodeDecodeError):  # a wrong declaration is common; whatever fits is better
                return Decoded(data.decode(each), each, "declared")
        if name in ("", "utf-8") and _mostly_utf8(data):
            return _checked(data, "utf-8", "declared" if name else "utf-8", source)
        return _detect(data, source, name)
    # Text that is UTF-8 by chance is so rare that no other declaration is believed, but for those of ASCII bytes alone.
    if name.startswith(("iso2022", "iso-2022", "hz")) and text.isascii():
        return _checked(data, name, "declared", source)
    if b"\x1b$" in data[:_SAMPLE] or b"\x1b(" in data[:_SAMPLE]:
        return _detect(data, source, name)  # ISO 2022, whose bytes are all ASCII
    return Decoded(text, "utf-8", "utf-8")


def _is_sprinkled(sample: bytes) -> bool:
    """Whether a short text in ASCII holds a few zero bytes, rather than being UTF-16 or no text."""
    rest = sample.replace(b"\x00", b"")
    return 10 * len(sample) <= 11 * len(rest) and rest.isascii() and not _CONTROL.search(rest.decode("ascii"))


def _declared(head: bytes) -> list[str]:
    """Python's names of the encodings that a text's declaration may mean, the best last; usually one or none."""
    match = _DECLARED.search(head)
    if not match:
        return []
    declared = next(group for group in match.groups() if group).decode("ascii").lower()
    meant = _SUPERSETS.get(declared, declared)
    return [
        name
        for each in dict.fromkeys((declared, meant) if declared in _AS_NAMED else (meant,))
        if (name := _codec(each))
    ]


def _codec(name: str) -> str:
    """Python's name of an encoding of texts; empty for others."""
    try:
        codec = codecs.lookup(name)
    except LookupError:
        return ""
    # Bytes that could be read so far are no UTF-16, whatever they say; codecs such as "hex" are not for texts.
    is_text = getattr(codec, "_is_text_encoding", True)
    return "" if codec.name.startswith(("utf-16", "utf-32", "utf-7", "idna", "punycode")) or not is_text else codec.name


def _wide(data: bytes, source: str) -> Decoded:
    """UTF-16 or UTF-32 without a mark, told by where its zero bytes stand."""
    sample = data[: _SAMPLE - _SAMPLE % 4]
    quarter = max(len(sample) // 4, 1)
    zeros = [sample[place::4].count(0) / quarter for place in range(4)]
    if zeros[1] > 0.9 and zeros[2] > 0.9 and zeros[3] > 0.9:
        encoding = "utf-32-le"
    elif zeros[0] > 0.9 and zeros[1] > 0.9 and zeros[2] > 0.9:
        encoding = "utf-32-be"
    elif zeros[3] > 0.9 and zeros[2] > 0.6 > zeros[0]:
        encoding = "utf-32-le"
    elif zeros[0] > 0.9 and zeros[1] > 0.6 > zeros[3]:
        encoding = "utf-32-be"
    else:
        even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
        if max(even, odd) < 0.02 or abs(even - odd) < 0.02:
            raise ReadError("not text", where=source, remedy="It holds zero bytes.")
        encoding = "utf-16-le" if odd > even else "utf-16-be"
    found = _checked(data[: len(data) - len(data) % (4 if "32" in encoding else 2)], encoding, "detected", source)
    start = found.text[:2000]
    if sum(map(_is_odd, start)) * 10 > len(start):
        raise ReadError("not text", where=source, remedy="It holds zero bytes.")
    return found


def _is_odd(character: str) -> bool:
    """Whether a character hardly occurs in texts: without a meaning, invisible, or a mark that changes another."""
    if character in "\t\n\r":
        return False
    return character == "\ufffd" or "\ufe00" <= character <= "\ufe0f" or unicodedata.category(character)[0] == "C"


# The commonest characters of the languages whose encodings take each other's bytes for text. Kana stand for Japanese.
_COMMON = {
    "cp932": "のにをはがでとたるてしないっれらすもさりまこうきくあ、。ーンスルトイ",
    "euc_jp": "のにをはがでとたるてしないっれらすもさりまこうきくあ、。ーンスルトイ",
    "gb18030": "的一是了不在有人这上大来和我个中地为子时年得就那要下以生会自，。",
    "big5hkscs": "的一是了不在有人這上大來和我個中地為子時年得就那要下以生會自，。",
    "euc_tw": "的一是了不在有人這上大來和我個中地為子時年得就那要下以生會自，。",
    "cp949": "이다의는에을가한하고로를은지도기사어들자리있시인정대나해아그서",
}


def _east_asian(data: bytes) -> str:
    """The encoding among those of Chinese, Japanese and Korean in which a text has their commonest characters."""
    best, score = "", 0.12  # a tenth of foreign bytes falls on common characters by chance
    for encoding, common in _COMMON.items():
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(data[:_SAMPLE])
        except UnicodeDecodeError:
            continue
        foreign = sum(character > "\x7f" for character in text)
        share = sum(text.count(character) for character in common) / foreign if foreign else 0.0
        if share > score:
            best, score = encoding, share
    return best


def _detect(data: bytes, source: str, declared: str) -> Decoded:
    if encoding := _east_asian(data):
        return _checked(data, encoding, "detected", source)
    from index.readers.decoding import legacy

    one_byte = legacy.guess(data)
    if one_byte and one_byte.convincing:
        return _checked(data, one_byte.encoding, "detected", source)
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE], threshold=0.3).best()
    encoding = best.encoding if best else ""
    if not encoding and declared and declared != "utf-8":
        encoding = declared
    if not encoding:
        raise ReadError("not text", where=source, remedy="No known encoding fits its bytes.")
    return _checked(data, encoding, "detected", source)


def _mostly_utf8(data: bytes) -> bool:
    """Whether only a few bytes are no UTF-8, as in a text with one stray or cut character."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(1 for character in text[:200_000] if character > "\x7f" and character != "\ufffd")
    return bad <= 2 + len(text) // 5000 and (good > 3 * bad or (bad == 1 and text.rstrip().endswith("\ufffd")))


def _checked(data: bytes, encoding: str, rule: str, source: str) -> Decoded:
    text = data.decode(encoding, "replace")
    if text.count("\ufffd") * 20 > len(text) + 40:
        raise ReadError("not text", where=source, remedy=f"Its bytes are no {encoding.upper()}, which it seemed to be.")
    return Decoded(text, encoding, rule)
