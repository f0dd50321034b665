"""Plain text hygiene: what every reader does to a text before it becomes part of a document."""

from __future__ import annotations

import re

# Characters that show nothing and only get in the way of search: soft hyphen, zero-width space, word joiner, byte
# order mark, directional marks; and control characters other than tab and the line ends.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_NO_LETTERS = re.compile(r"[\W_]+")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


_RECORD_LINE_ENDS = re.compile(r"\r\n?")
SHOWN = bytes(range(0x20, 0x7F)) + b"\n"
"""The characters of ASCII that show something, and spaces and line feeds."""

_LONG = 100  # characters


def shows(text: str) -> bool:
    """Whether all characters of a text show something or are spaces or line feeds."""
    if len(text) >= _LONG and text.isascii():
        return not text.encode().translate(None, SHOWN)  # in less than half the time of the other way
    return text.replace("\n", " ").isprintable()


def printable_lines(text: str) -> str:
    """A text whose lines are records: as `printable`, but signs that end lines within a record stay what they are."""
    if not shows(text):
        text = _CONTROL.sub("", _RECORD_LINE_ENDS.sub("\n", text)).replace("\x0b", " ").replace("\x0c", " ")
    return text


def printable(text: str) -> str:
    """The text with "\\n" as its only line end and without characters that show nothing."""
    if not shows(text):
        text = _CONTROL.sub("", _LINE_ENDS.sub("\n", text))
        if not text.isascii():
            text = _INVISIBLE.sub("", text)
    return text


def one_line(text: str) -> str:
    """The text on one line: white space of any kind becomes single spaces."""
    if text.isprintable() and "  " not in text:  # as most are; then spaces are its only white space
        return text.strip()
    return " ".join(printable(text).split())


def tidy(paragraphs: list[str]) -> str:
    """Paragraphs joined by one empty line; a paragraph keeps its line breaks, and single spaces within a line."""
    text = "\n\n".join(paragraphs)
    if text.count("\n") == 2 * len(paragraphs) - 2 and shows(text) and "  " not in text:  # most are: nothing to do
        return "\n\n".join(filter(None, map(str.strip, paragraphs)))
    kept = []
    for paragraph in paragraphs:
        if "\n" not in paragraph:
            whole = shows(paragraph) and "  " not in paragraph
            line = paragraph.strip() if whole else " ".join(paragraph.split())
            if line:
                kept.append(line)
            continue
        lines = [" ".join(line.split()) for line in paragraph.split("\n")]
        text = "\n".join(line for line in lines if line)
        if text:
            kept.append(text)
    return "\n\n".join(kept)


def shorten(text: str, most: int) -> str:
    """The text, cut to `most` characters at a space where possible, with an ellipsis."""
    if len(text) <= most:
        return text
    head, _, _ = text[: most - 1].rpartition(" ")
    return (head or text[: most - 1]) + "…"


def folded(text: str) -> str:
    """Letters and digits alone in lower case: for telling whether two titles say the same."""
    return _NO_LETTERS.sub("", text.casefold())
