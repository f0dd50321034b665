"""AsciiDoc: the document's head (title, authors, revision, attributes), and the text without its markup.

There is no well-kept parser of AsciiDoc in Python; the rules here are those of
https://docs.asciidoctor.org/asciidoc/latest/document/header/. Nothing is included, fetched or executed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from index.document import Document
from index.errors import ReadError
from index.readers import Problem, RawFile
from index.readers.article.findings import Findings
from index.readers.article.from_blocks import read_article
from index.readers.article.named_values import group_of, read_fields
from index.readers.article.start import begun, front_matter_of
from index.readers.blocks.asciidoc_blocks import asciidoc_blocks
from index.readers.bylines.dates import date_in_path

MAX_HEAD_LINES = 300

_START = 100  # bytes
_SEALED = re.compile(rb"\s*-----BEGIN PGP (SIGNATURE|MESSAGE|PUBLIC KEY BLOCK|PRIVATE KEY BLOCK|SIGNED MESSAGE)-----")
_SEALS = {
    b"SIGNATURE": "a PGP signature",
    b"MESSAGE": "an encrypted PGP message",
    b"PUBLIC KEY BLOCK": "a PGP key",
    b"PRIVATE KEY BLOCK": "a PGP key",
    b"SIGNED MESSAGE": "a signed PGP message",
}

_TITLE = re.compile(r"[=#][ ]+(\S.*)$")
_UNDERLINE = re.compile(r"=+$")
_ATTRIBUTE = re.compile(r":(!?[\w][\w-]{0,60}!?):(?:[ \t]+(.*))?$")
_AUTHOR = re.compile(r"\s*([^<>;:]{1,120}?)(?:\s+<([^<>]{1,300})>)?\s*$")
_REVISION = re.compile(
    r"(?:v(?P<number>\d[\w.-]{0,40})\s*(?:,\s*|(?=:)|$)|(?P<bare>\d[\w.-]{0,40}),\s*)?(?P<date>[^:,\s][^:]{0,80}?(?::\d\d(?::\d\d)?[^:]{0,20})?)?"
    r"(?::\s*(?P<remark>\S.*))?$"
)
# What attributes are called where other formats have other names.
_NAMES = {"revdate": "published", "docdate": "docdate", "revnumber": "version", "page-author": "author"}


class _Head(NamedTuple):
    """The head of a document: its values by name, and the text below it."""

    title: str
    authors: str
    revision: str
    attributes: dict[str, str]
    text: str


def read(file: RawFile) -> Iterator[Document | Problem]:
    """The one document of a file."""
    if match := _SEALED.match(file.data[:_START]):
        raise ReadError(f"{_SEALS[match[1]]}, not an article", where=file.source)
    text, findings = begun(file)
    front = yield from front_matter_of(text, findings)
    if front.values:
        read_fields(front.values, findings, f"{front.kind} front matter")
    head = _split_head(front.text)
    _offer(head, findings)
    body = read_article(asciidoc_blocks(head.text, head.attributes), findings)
    if not findings.date and (found := date_in_path(findings.url or file.name)):
        findings.offer_date(found, "address" if findings.url else "file name")
    yield findings.document(body)


def _offer(head: _Head, findings: Findings) -> None:
    if language := head.attributes.get("lang"):
        findings.offer_language(language, "attribute lang")
    if head.title:
        findings.offer_title(_resolved(head.title, head.attributes), "document title")
    if head.authors:
        findings.offer_authors(_names(head.authors), "author line")
    if head.revision and (match := _REVISION.match(head.revision)):
        if match["date"]:
            findings.offer_date(match["date"], "revision line")
        if number := match["number"] or match["bare"]:
            findings.offer_extra("version", number, "revision line")
    known = {
        _NAMES.get(name, name): _resolved(value, head.attributes)
        for name, value in head.attributes.items()
        if value and (name in _NAMES or name.startswith("page-") or group_of(name) or name == "email")
    }
    read_fields({name.removeprefix("page-"): value for name, value in known.items()}, findings, "attribute")


def _names(line: str) -> list[str]:
    """The names in "Jane Q. Doe <jane@example.org>; Juan_Carlos Roe"; an underscore stands for a space in a name."""
    found = [match for part in line.split(";") if (match := _AUTHOR.match(part))]
    return [match[1].replace("_", " ") for match in found]


def _split_head(text: str) -> _Head:
    """Takes the head off a text: it begins with attributes and comments, and an empty line below the title ends it."""
    lines = text.split("\n", MAX_HEAD_LINES)
    title = authors = revision = ""
    attributes: dict[str, str] = {}
    at = end = 0
    last = ""
    in_comment = False
    while at < min(len(lines), MAX_HEAD_LINES):
        line = lines[at].rstrip()
        following = lines[at + 1].rstrip() if at + 1 < len(lines) else ""
        if in_comment or line.startswith("////"):
            in_comment = not in_comment if line.startswith("////") else True
        elif last:
            attributes[last] = f"{attributes[last].removesuffix(chr(92)).rstrip()} {line.strip()}"
            last = last if line.endswith("\\") else ""
        elif match := _ATTRIBUTE.match(line):
            attributes.setdefault(match[1].strip("!"), "" if "!" in match[1] else (match[2] or "").strip())
            last = match[1] if line.endswith(" \\") and match[1] in attributes else ""
        elif not line:
            if title:
                break
        elif line.startswith("//"):
            pass
        elif not title and (match := _TITLE.match(line)):
            title = match[1]
        elif not title and following and _UNDERLINE.match(following) and abs(len(following) - len(line)) <= 3:
            title = line
            at += 1
        elif title and not authors and _is_author_line(line):
            authors = line
        elif title and authors and not revision and _REVISION.match(line):
            revision = line
        else:
            break
        at += 1
        end = at
    if in_comment:
        end = 0
    return _Head(title, authors, revision, attributes, "\n".join(lines[end:]))


def _is_author_line(line: str) -> bool:
    """Whether the line below the title names authors: a few words each, and no sentence."""
    parts = line.split(";")
    return all(
        (match := _AUTHOR.match(part)) is not None
        and match[1][:1].isalpha()
        and 1 <= len(match[1].split()) <= 4
        and not match[1].endswith((".", "!", "?"))
        for part in parts
    )


def _resolved(text: str, attributes: dict[str, str]) -> str:
    """The text with attributes such as {product} in place; once, so that they cannot grow."""
    return re.sub(r"\{([\w-]{1,60})\}", lambda match: attributes.get(match[1], match[0])[:200], text)
