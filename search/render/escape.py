"""Makes text from files harmless, whatever it is shown on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from search.results import Span

_CONTROLS = {code: 0x2400 + code for code in range(0x20)}  # control pictures: ESC is shown as ␛
_CONTROLS |= {0x7F: 0x2421} | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
_SPACES = dict.fromkeys([0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x1F, 0x85, 0x2028, 0x2029], 0x20)
# Overrides, embeddings and isolates of writing direction: text then stands in the order it is stored in. The byte
# order mark and the tag and annotation characters are invisible and mean nothing here.
_REMOVED: dict[int, None] = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xFFF9, 0xFFFC), 0xFEFF, *range(0xE0000, 0xE0080)]
)
_ONE_LINE: dict[int, int | None] = {**_CONTROLS, **_SPACES, **_REMOVED}
_LINES: dict[int, int | None] = {**_ONE_LINE, 0x0A: 0x0A}
# All of it is unprintable to Python, too, so that few texts are looked through for it.
_UNSAFE = (
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufeff\U000e0000-\U000e007f\ud800-\udfff]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_WEB = re.compile(r"https?://[^\s\"'<>\\^`{|}]+", re.IGNORECASE)


def neutralise(text: str, *, keep_newlines: bool = False, keep_surrogates: bool = False) -> str:
    """The text without anything that drives a terminal, reverses other text or breaks a line.

    Control characters become visible pictures (ESC: ␛), line breaks and tabs spaces; overrides of writing direction
    vanish. With `keep_newlines`, line feeds stay. Lone surrogates become U+FFFD; with `keep_surrogates` they stay, for
    paths whose names are not UTF-8 and which the console writes as the bytes they were.
    """
    if text.isprintable() or not re.search(_UNSAFE, text):
        return text
    text = text.translate(_LINES if keep_newlines else _ONE_LINE)
    return text if keep_surrogates else _SURROGATES.sub("\ufffd", text)


def web_address(url: str) -> str:
    """The address if it is one that is safe to link to (http or https), else ""."""
    return url if _WEB.fullmatch(url) and url.isprintable() else ""


def segments(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is marked. Spans are sorted and disjoint."""
    position = 0
    for start, end in spans:
        if start > position:
            yield text[position:start], False
        yield text[start:end], True
        position = end
    if position < len(text):
        yield text[position:], False


class Clip:
    """The parts of sorted, disjoint spans within consecutive stretches of a text, in linear time for all of them."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._next = 0

    def within(self, start: int, end: int) -> list[Span]:
        """The spans inside [start, end), counted from `start`, which must not lie before an earlier `end`."""
        spans = self._spans
        while self._next < len(spans) and spans[self._next][1] <= start:
            self._next += 1
        found = []
        number = self._next
        while number < len(spans) and spans[number][0] < end:
            found.append((max(spans[number][0], start) - start, min(spans[number][1], end) - start))
            number += 1
        return found
