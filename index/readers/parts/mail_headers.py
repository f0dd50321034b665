"""Headers of mails as their writers meant them: encoded words, bare bytes, names beside addresses, dates."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import Compat32
from email.utils import getaddresses, parsedate_tz

from index.errors import ReadError
from index.readers.blocks.plain import one_line
from index.readers.decoding.encoding import decode

MAX_HEADER_CHARACTERS = 20_000
MAX_CONTENT_CHARACTERS = 2_000
"""Of headers with parameters, such as Content-Type: the library's time grows with the square of their number."""

MAX_ADDRESSES = 100
MAX_HEADERS = 10
"""Of one name, that addresses are taken from."""

_WORD = re.compile(r"=\?([\w.:+-]{2,40})(?:\*[\w-]*)?\?([bBqQ])\?([^?\r\n]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(?==\?[\w.:+*-]{2,50}\?[bBqQ]\?)")
_QUOTED_BYTE = re.compile(rb"=([0-9A-Fa-f]{2})")
_VIA = re.compile(r"\s+(?:via|\(via)\s.*$", re.IGNORECASE)
_MAILBOX = re.compile(r"(?:\"([^\"]{0,500})\"|([^<>,;\"]{0,500}))\s{0,9}<([^<>\s]{1,500})>")
_SIGNS = re.compile(r"[@<,;:]")  # one is in every list of addresses
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")


class _Bounded(Compat32):
    """How the standard library reads messages otherwise, too, but for headers that are too long."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:MAX_CONTENT_CHARACTERS] if name.lower().startswith("content-") else value


_POLICY = _Bounded()


def message_of(data: bytes) -> Message:
    """The message that bytes are, whatever they hold. Raises RecursionError if its parts are nested too deep."""
    return message_from_bytes(data, policy=_POLICY)


def header(message: Message, name: str) -> str:
    """The first header of this name on one line; empty if there is none."""
    return next(headers(message, name), "")


def headers(message: Message, name: str) -> Iterator[str]:
    """All headers of this name (in lower case), each on one line."""
    for key, value in message.raw_items():
        if key.lower() == name and (text := decoded(value)):
            yield text


def decoded(raw: object) -> str:
    """A header's text: encoded words (RFC 2047) decoded, and bytes that are no ASCII in whatever encoding fits them."""
    text = str(raw)[:MAX_HEADER_CHARACTERS]
    if not text.isascii():
        data = text.encode("utf-8", "surrogateescape")
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = text_of(data, "")
    if "=?" in text:
        text = _joined_words(_BETWEEN.sub(r"\1", text))
    return one_line(text)


def _joined_words(text: str) -> str:
    """The text with its encoded words decoded; neighbours of one charset together, for some cut characters in two."""
    pieces: list[str] = []
    position = 0
    waiting: tuple[str, bytes] | None = None

    def flush() -> None:
        nonlocal waiting
        if waiting:
            pieces.append(text_of(waiting[1], waiting[0]))
        waiting = None

    for match in _WORD.finditer(text):
        data = _word_bytes(match[2], match[3])
        if data is None:
            continue
        if match.start() > position:
            flush()
            pieces.append(text[position : match.start()])
        charset = match[1].lower()
        if waiting and waiting[0] == charset:
            waiting = charset, waiting[1] + data
        else:
            flush()
            waiting = charset, data
        position = match.end()
    flush()
    return "".join(pieces) + text[position:]


def _word_bytes(form: str, text: str) -> bytes | None:
    raw = text.encode("utf-8", "surrogateescape")
    if form in "qQ":
        return _QUOTED_BYTE.sub(lambda match: bytes([int(match[1], 16)]), raw.replace(b"_", b" "))
    raw = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    if len(raw) % 4 == 1:
        raw = raw[:-1]  # cut off
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except (binascii.Error, ValueError):
        return None


def text_of(data: bytes, charset: str, *, markup: bool = False) -> str:
    """Bytes as text: as declared where that fits, else by what they look like; what fits nowhere becomes "\\ufffd".

    Args:
        data: of a part or a header.
        charset: as declared; empty if nothing was.
        markup: whether it is HTML, which may name its encoding itself.
    """
    try:
        name = codecs.lookup(charset.strip("\"' ")).name if charset else ""
    except (LookupError, ValueError):
        name = ""
    if name:
        try:
            return data.decode(name)
        except (UnicodeError, LookupError, ValueError):
            pass
    try:
        return decode(data, "", declared=markup).text
    except ReadError:
        pass
    try:
        return data.decode(name or "utf-8", "replace")
    except (LookupError, UnicodeError, ValueError):  # codecs that are not for texts
        return data.decode("latin-1")


def addresses(message: Message, name: str) -> Iterator[tuple[str, str]]:
    """(display name, address) of each person in the headers of this name; either may be empty."""
    # Encoded names may hold commas, so that addresses are taken apart before they are decoded.
    values = [str(value)[:MAX_HEADER_CHARACTERS] for key, value in message.raw_items() if key.lower() == name]
    bare = [(value, "") for value in values[:MAX_HEADERS] if not _SIGNS.search(value)]  # "From: Jane Doe"
    values = [value for value in values[:MAX_HEADERS] if _SIGNS.search(value)]
    found = getaddresses(values)
    if not any(person or place for person, place in found):  # it refuses what does not keep to the letter
        found = [(match[1] or match[2] or "", match[3]) for value in values for match in _MAILBOX.finditer(value)]
    found = bare + found
    for person, place in found[:MAX_ADDRESSES]:
        person, place = decoded(person).strip("\"' "), decoded(place)
        if person and _ADDRESS.fullmatch(person):
            person = ""  # a name that only repeats the address
        elif not person and " " in place and (match := _ADDRESS.search(place)):
            person, place = _ADDRESS.sub("", place), match.group()
        person = _VIA.sub("", person).strip("\"' ")
        if person or place:
            yield person, place


def written_date(value: str) -> str:
    """A date of a mail as its sender's clock showed it: "2022-12-20T23:30:00-0800"; the text itself if it is none."""
    try:
        parsed = parsedate_tz(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        parsed = None
    if parsed is None or not 1 <= parsed[0] <= 9999:
        return value
    year, month, day, hour, minute, second = parsed[:6]
    zone = ""
    if parsed[9] is not None and abs(parsed[9]) < 86_400:
        sign, minutes = "-" if parsed[9] < 0 else "+", abs(parsed[9]) // 60
        zone = f"{sign}{minutes // 60:02}{minutes % 60:02}"
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}"
