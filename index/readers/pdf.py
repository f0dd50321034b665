"""PDF: the text layer as paragraphs; title, authors and date from its metadata where these are sensible."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.document import Document
from index.errors import ReadError
from index.readers import Problem, RawFile
from index.readers.article.findings import Findings
from index.readers.article.from_blocks import read_article
from index.readers.article.start import findings_for
from index.readers.blocks.block import HEADING, Block
from index.readers.blocks.plain import folded, one_line
from index.readers.bylines.dates import date_in_path
from index.readers.decoding.xml_parts import Element, all_text, parse_xml
from index.readers.parts.office import sensible_authors, sensible_title
from index.readers.parts.pdf_lines import MAX_CHARACTERS, MAX_PAGES, Line, Pdf
from index.readers.parts.pdf_text import pdf_blocks

MAX_XMP_BYTES = 2**20

_HEADER_WITHIN = 1024  # bytes; so late may a PDF begin
_XMP = re.compile(rb"<x:xmpmeta\b.{1,%d}?</x:xmpmeta\s*>" % MAX_XMP_BYTES, re.DOTALL)
_MAX_PACKETS = 20
_PDF_DATE = re.compile(r"D?:?\s*(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(?:\d\d)?)?(?:([+-])(\d\d)'?(\d\d)?|(Z))?")
_TOP_BLOCKS = 12


def read(file: RawFile) -> Iterator[Document | Problem]:
    """The one document of the file."""
    if b"%PDF-" not in file.data[:_HEADER_WITHIN]:
        raise ReadError("not a PDF", where=file.source)
    pdf = Pdf(file.data, file.source)
    try:
        lines, empty, problem = _lines(pdf)
        information, language = pdf.information(), pdf.language()
    finally:
        pdf.close()
    if not any(character.isalnum() for line in lines for character in line.text):
        raise ReadError("a scan without text: run OCR first (ocrmypdf, for example)", where=file.source)
    findings = findings_for(file)
    if language:
        findings.offer_language(language, "pdf language")
    blocks, largest = pdf_blocks(lines, pdf.pages)
    said = _described(file.data)
    body = _read(file, findings, blocks, largest, information, said)
    if empty and pdf.pages > 1:
        findings.warn(f"{empty} of {pdf.pages} pages have no text")
    yield findings.document(body, "text layer of the PDF")
    if problem:
        yield Problem(problem)


def _lines(pdf: Pdf) -> tuple[list[Line], int, str]:
    """The lines of the pages, how many pages have none, and what was left out."""
    lines: list[Line] = []
    empty = characters = 0
    for number in range(min(pdf.pages, MAX_PAGES)):
        found = pdf.page_lines(number)
        empty += not found
        lines += found
        characters += sum(len(line.text) for line in found)
        if characters > MAX_CHARACTERS:
            return lines, empty, f"only the first {number + 1:,} of {pdf.pages:,} pages are read: they are long"
    left_out = f"only the first {MAX_PAGES:,} of {pdf.pages:,} pages are read" if pdf.pages > MAX_PAGES else ""
    return lines, empty, left_out


def _read(
    file: RawFile,
    findings: Findings,
    blocks: list[Block],
    largest: str,
    information: dict[str, str],
    said: dict[str, tuple[str, ...]],
) -> str:
    """The body, after everything was offered: what a person filled in, what shows, and what programs fill in."""
    titles = [(text, "pdf xmp dc:title") for text in said.get("title", ())[:1]]
    titles.append((information.get("Title", ""), "pdf info Title"))
    sensible = [(title, rule) for text, rule in titles if (title := sensible_title(text))]
    start = folded(" ".join(block.text for block in blocks[:_TOP_BLOCKS]))
    for title, rule in sensible:
        # A title that stands nowhere on the first page is often a template's: then the largest text goes first.
        if folded(title) in start or not largest:
            findings.offer_title(title, rule)
    findings.offer_title(largest if sensible_title(largest) else "", "largest text of the first page")
    for names, rule in (
        (said.get("creator", ()), "pdf xmp dc:creator"),
        ((information.get("Author", ""),), "pdf info Author"),
    ):
        findings.offer_authors(sensible_authors(names), rule)
    for date in (*said.get("publicationDate", ()), *said.get("date", ())):
        findings.offer_date(date, "pdf xmp date")
    body = read_article(_with_one_headline(blocks, findings.title), findings)
    for title, rule in sensible:
        findings.offer_title(title, rule)
    if not findings.date and (found := date_in_path(file.name)):
        findings.offer_date(found, "file name")
    if created := pdf_date(information.get("CreationDate", "")):
        findings.offer_date(created, "pdf info CreationDate")
    summary = next(iter(said.get("description", ())), "") or information.get("Subject", "")
    if summary.casefold() not in ("unspecified", "none"):
        findings.offer_extra("summary", summary, "pdf subject")
    tags = [*said.get("subject", ()), *re.split(r"[,;]", information.get("Keywords", ""))]
    findings.offer_extra("tags", [tag for tag in map(one_line, tags) if tag], "pdf keywords")
    findings.offer_extra("publisher", next(iter(said.get("publisher", ())), ""), "pdf xmp dc:publisher")
    return body


def _with_one_headline(blocks: list[Block], title: str) -> list[Block]:
    """The blocks with headings one level down but the title's, so that none of them is taken for it."""
    known = folded(title)
    for block in blocks:
        if block.kind == HEADING:
            block.level = 1 if known and folded(block.text) == known else min(block.level + 1, 6)
    return blocks


def pdf_date(text: str) -> str:
    """A date such as D:20221220233000-08'00' in the form of ISO 8601; empty if it is none."""
    match = _PDF_DATE.match(text.strip())
    if not match:
        return ""
    year, month, day, hour, minute, sign, zone_hour, zone_minute, zulu = match.groups()
    zone = f"{sign}{zone_hour}{zone_minute or '00'}" if sign else zulu or ""
    return f"{year}-{month}-{day}T{hour}:{minute}{zone}" if hour else f"{year}-{month}-{day}"


def _described(data: bytes) -> dict[str, tuple[str, ...]]:
    """What the XMP packet of the document says, by the names of its elements.

    Packets lie bare in the file, so that they are found without a PDF library; pictures may have theirs too, and the
    one that names the PDF's producer or a title is the document's.
    """
    best: dict[str, tuple[str, ...]] = {}
    for number, match in enumerate(_XMP.finditer(data)):
        if number >= _MAX_PACKETS:
            break
        try:
            found = _properties(parse_xml(match.group(), "", "XMP"))
        except ReadError:
            continue
        if len(found) >= len(best):
            best = found
    return best


_NAMES = frozenset(("title", "creator", "date", "description", "subject", "publisher", "publicationDate"))
_SPACES = ("http://purl.org/dc/elements/1.1/", "http://prismstandard.org/namespaces/")


def _properties(root: Element) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        space, _, name = element.tag.lstrip("{").rpartition("}")
        if name in _NAMES and space.startswith(_SPACES) and name not in found:
            items = [all_text(item) for item in element.iter("{*}li")] or [all_text(element)]
            if texts := tuple(text for text in items if text)[:100]:
                found[name] = texts
    return found
