"""The lines of a PDF as they stand on its pages: the one module that knows pdfium.

pdfium is asked for the text of a page and, for each line of it, where its first and last characters stand and how
large they are.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

from index.errors import ReadError
from index.readers.decoding.libraries import library

MAX_PAGES = 5_000
MAX_PAGE_CHARACTERS = 200_000
MAX_CHARACTERS = 8_000_000
"""Of the whole text. What follows is left out, with a problem that says so."""

BROKEN_WORD = "\ufffe"
"""What pdfium gives for a hyphen at the end of a line."""

_UPRIGHT = 0.2  # radians; text that leans more stands in the margin or across a picture


class Line(NamedTuple):
    """A line of text.

    Attributes:
        text: without its line end; a hyphen at its end is `BROKEN_WORD`.
        page: its number, from 0.
        left, right, bottom, top: where it stands, in points from the lower left corner of the page.
        size: of its letters, in points.
    """

    text: str
    page: int
    left: float
    right: float
    bottom: float
    top: float
    size: float


class Pdf:
    """An open PDF. Close it."""

    def __init__(self, data: bytes, source: str) -> None:
        """Opens it with no password.

        Raises:
            ReadError: if pdfium is not installed, or the file is encrypted or damaged beyond its repairs.
        """
        self._pdfium = library("pypdfium2", "pdf", "reading PDF", source)
        self._raw = library("pypdfium2.raw", "pdf", "reading PDF", source)
        self.source = source
        try:
            self._document = self._pdfium.PdfDocument(data)
            self.pages = len(self._document)
        except self._pdfium.PdfiumError as error:
            code = getattr(error, "err_code", None)
            if code == self._raw.FPDF_ERR_PASSWORD:
                raise ReadError("encrypted: it opens only with a password", where=source) from error
            if code == self._raw.FPDF_ERR_SECURITY:
                raise ReadError("encrypted in a way that only its own program can read", where=source) from error
            raise ReadError("not a PDF, or too damaged to be read", where=source) from error
        if not self.pages:
            self._document.close()
            raise ReadError("a PDF without pages", where=source)

    def close(self) -> None:
        """Lets go of the memory."""
        self._document.close()

    def information(self) -> dict[str, str]:
        """The entries of the information dictionary: Title, Author, CreationDate…"""
        found: dict[str, str] = {}
        for name in ("Title", "Author", "Subject", "Keywords", "CreationDate"):
            with contextlib.suppress(UnicodeError, self._pdfium.PdfiumError):  # one that is broken costs only itself
                found[name] = self._document.get_metadata_value(name).replace("\x00", "")
        return found

    def language(self) -> str:
        """The tag of the language that the file declares; empty if it declares none."""
        length = 64
        buffer = (ctypes.c_ushort * length)()
        try:
            written = self._raw.FPDFCatalog_GetLanguage(self._document, buffer, length)
        except AttributeError:  # a later pdfium may name it otherwise
            return ""
        return bytes(buffer)[: max(written - 2, 0)].decode("utf-16-le", "ignore") if written <= length else ""

    def page_lines(self, number: int) -> list[Line]:
        """The lines of one page in the file's own order; none if the page is damaged or has no text."""
        page = text_page = None
        try:
            page = self._document[number]
            text_page = page.get_textpage()
            count = min(text_page.count_chars(), MAX_PAGE_CHARACTERS)
            text: str = text_page.get_text_range(0, count, errors="replace") if count > 0 else ""
            return _without_leaning([self._line(text_page, number, *span) for span in _spans(text)])
        except self._pdfium.PdfiumError:
            return []
        finally:
            for each in (text_page, page):
                if each is not None:
                    each.close()

    def _line(self, text_page: Any, number: int, begin: int, text: str) -> tuple[Line, bool]:
        raw = self._raw
        first = len(text) - len(text.lstrip())
        last = len(text.rstrip()) - 1
        if text[last] == BROKEN_WORD and last > first:
            last -= 1
        boxes = []
        for place in (begin + first, begin + last):
            box = [ctypes.c_double() for _ in range(4)]  # left, right, bottom, top
            index = raw.FPDFText_GetCharIndexFromTextIndex(text_page, place)
            known = raw.FPDFText_GetCharBox(text_page, index, *map(ctypes.byref, box))
            boxes.append([value.value if known else 0.0 for value in box])
        middle = raw.FPDFText_GetCharIndexFromTextIndex(text_page, begin + (first + last) // 2)
        size = raw.FPDFText_GetFontSize(text_page, middle)
        # Fonts may be given in one size and drawn in another; the height of the line then says more.
        height = max(box[3] for box in boxes) - min(box[2] for box in boxes)
        if size <= 1.5 or size > 500:
            size = height * 1.2
        angle = raw.FPDFText_GetCharAngle(text_page, middle)
        leans = _UPRIGHT < angle < 2 * 3.14159 - _UPRIGHT
        left, right = min(boxes[0][0], boxes[1][0]), max(boxes[0][1], boxes[1][1])
        bottom, top = min(box[2] for box in boxes), max(box[3] for box in boxes)
        return Line(text, number, left, right, bottom, top, size), leans


def _spans(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a page's text that hold something, each with the place of its first character."""
    begin = 0
    for line in text.replace(BROKEN_WORD, f"{BROKEN_WORD}\n").split("\n"):
        shown = line.rstrip("\r")
        if shown.strip() and shown.strip() != BROKEN_WORD:
            yield begin, shown
        # The line end after a broken word is ours, and counts for nothing.
        begin += len(line) + (not line.endswith(BROKEN_WORD))


def _without_leaning(lines: list[tuple[Line, bool]]) -> list[Line]:
    """The upright lines, unless most of the page leans, as on pages printed across."""
    leaning = sum(len(line.text) for line, leans in lines if leans)
    if leaning * 2 > sum(len(line.text) for line, _ in lines):
        return [line for line, _ in lines]
    return [line for line, leans in lines if not leans]
