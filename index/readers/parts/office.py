"""What DOCX, ODT and PDF have in common: properties that programs fill in, and which of them mean anything."""

# ruff: noqa: E501  (word lists read better in long lines)
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from index.document import Document
from index.readers import RawFile
from index.readers.article.findings import Findings
from index.readers.article.from_blocks import read_article
from index.readers.blocks.block import Block
from index.readers.blocks.plain import folded, one_line
from index.readers.bylines.dates import date_in_path

_FILE_NAME = re.compile(
    r"\S[^/\\]*\.(?:docx?|odt|rtf|pdf|p65|qxd|indd|tex|dvi|ps|eps|txt|html?|xlsx?|pptx?|pub|wpd|pages|fm|md|tmp)",
    re.IGNORECASE,
)
_PROGRAM_BEFORE = re.compile(
    r"^(?:microsoft (?:office )?(?:word|powerpoint|excel|publisher)|powerpoint presentation|adobe \w+)\s*[-–—:]\s*",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(
    r"(?:untitled|unnamed|no title|document|doc|dokument|documento?|title|titel|titre|titulo|layout|slide|presentation|powerpoint[- ]presentation|microsoft word(?: document)?"
    r"|new document|neues dokument|sans titre|unbenannt|sin título|senza titolo|print|scan|scanned document|image|full page(?: photo)?|template|article|default|word document"
    r"|contents|table of contents|inhalt|inhaltsverzeichnis|sommaire|table des matières|índice|indice|inhoud|содержание|目次|目录|abstract|summary|introduction|unspecified|none|null|n/a|test|tmp|output|file|pdf|letter|microsoft photo editor.*)[\s_-]*\(?\d*\)?\d*",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"(?:unknown|anonymous|author|authors?|user|users?|admin|administrator|owner|guest|default|unspecified|none|null|n/a|root|benutzer|utilisateur|usuario|utente|gebruiker"
    r"|windows user|microsoft office user|office user|microsoft office|microsoft|adobe|apple|hp|dell|lenovo|acer|pc|scanner|canon|xerox|preferred customer|valued customer|customer|registered user"
    r"|python-docx|openpyxl|docx4j|apache poi|libreoffice|openoffice(?:\.org)?|latex|tex|calibre|google docs|word|pdf|(?:.*\.(?:com|org|net))|.*(?:software|pdf library|converter).*)",
    re.IGNORECASE,
)
_LIBRARY = re.compile(r"python-docx|docx4j|apache poi|phpword|docxtemplater", re.IGNORECASE)
_TOP_BLOCKS = 12


class Properties(NamedTuple):
    """What a document's properties say; empty where they say nothing.

    Attributes:
        title, subject, language, created: texts as they stand there.
        authors: each a name, or several in one text.
        keywords: in one text or several.
        description: a comment or a summary.
        program: what wrote the file.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    created: str = ""
    subject: str = ""
    description: str = ""
    keywords: str | tuple[str, ...] = ()
    language: str = ""
    program: str = ""


def sensible_title(text: str) -> str:
    """A title of properties without a program's name before it; empty if no person can have meant it as a title."""
    text = _PROGRAM_BEFORE.sub("", one_line(text[:2000])).strip(" -_")
    if len(text) < 3 or _FILE_NAME.fullmatch(text) or _NO_TITLE.fullmatch(text):
        return ""
    letters = sum(character.isalpha() for character in text)
    if letters * 2 < len(text.replace(" ", "")) or "\\" in text or "://" in text:
        return ""
    return "" if " " not in text and (any(c.isdigit() for c in text) or "_" in text) else text


def sensible_authors(texts: Sequence[str]) -> list[str]:
    """The authors of properties without programs, "user" and the names that people log in by."""
    kept = []
    for text in texts:
        text = one_line(text[:2000]).strip(" ;,")
        login = " " not in text and (text.islower() or any(c.isdigit() for c in text)) and text.isascii()
        if len(text) > 1 and not login and not _NO_AUTHOR.fullmatch(text) and any(map(str.isalpha, text)):
            kept.append(text)
    return kept


def office_document(
    file: RawFile, findings: Findings, blocks: list[Block], properties: Properties, rule: str
) -> Document:
    """The document of blocks and properties; what stands visibly at the top wins.

    Args:
        file: what the reader was given.
        findings: of the document.
        blocks: its text.
        properties: what the program that wrote it, or a person in a dialogue, has filled in.
        rule: what to call the properties: "docx properties".
    """
    if _LIBRARY.search(f"{properties.program} {properties.description} {' '.join(properties.authors)}"):
        # A program's template: its properties are those of whoever wrote the template.
        properties = properties._replace(authors=(), created="", description="")
    if properties.language:
        findings.offer_language(properties.language, f"{rule} language")
    title = sensible_title(properties.title)
    if title and any(folded(title) == folded(block.text) for block in blocks[:_TOP_BLOCKS]):
        findings.offer_title(title, f"{rule} title")
    body = read_article(blocks, findings)
    findings.offer_title(title, f"{rule} title")
    if not title:
        findings.refuse("title", properties.title, f"{rule} title", "is what programs fill in")
    authors = sensible_authors(properties.authors)
    findings.offer_authors(authors, f"{rule} author")
    if not authors:
        findings.refuse("authors", properties.authors, f"{rule} author", "is a program or a name to log in by")
    if not findings.date and (found := date_in_path(file.name)):
        findings.offer_date(found, "file name")
    if properties.created and not findings.offer_date(properties.created, f"{rule} created"):
        findings.offer_extra("created", properties.created, f"{rule} created")
    findings.offer_extra("summary", properties.subject or properties.description, f"{rule} subject")
    keywords = properties.keywords
    if keywords:
        tags = re.split(r"[,;]", keywords) if isinstance(keywords, str) else keywords
        findings.offer_extra("tags", [tag for tag in map(one_line, tags) if tag], f"{rule} keywords")
    return findings.document(body, "text of the document")
