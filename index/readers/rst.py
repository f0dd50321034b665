"""reStructuredText: posts and documents with field lists, the heads of Pelican, Nikola and PEPs, or just a title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.document import Document
from index.readers import Problem, RawFile
from index.readers.article.from_blocks import read_article
from index.readers.article.named_values import group_of, read_fields
from index.readers.article.side_files import split_dotted
from index.readers.article.start import begun, front_matter_of
from index.readers.blocks.rst_blocks import rst_blocks
from index.readers.bylines.dates import date_in_path

MAX_HEAD_LINES = 200
_HEAD_LINE = re.compile(r"([A-Z][A-Za-z-]{1,40}):(?:[ \t]+(.*))?$")


def read(file: RawFile) -> Iterator[Document | Problem]:
    """The one document of a file."""
    text, findings = begun(file)
    front = yield from front_matter_of(text, findings)
    values, text, rule = dict(front.values), front.text, f"{front.kind} front matter"
    for split, name in ((split_dotted, "comment"), (split_rfc_head, "head")):
        if not values:
            values, text = split(text)
            rule = name
    if values:
        read_fields(values, findings, rule)
    blocks, fields = rst_blocks(text)
    if fields:
        read_fields(fields, findings, "field list")
    body = read_article(blocks, findings)
    if not findings.date and (found := date_in_path(findings.url or file.name)):
        findings.offer_date(found, "address" if findings.url else "file name")
    yield findings.document(body)


def split_rfc_head(text: str) -> tuple[dict[str, str], str]:
    """Takes a head such as PEPs have, "Title: …" and "Author: …" on the first lines, off a text.

    Lines that begin with a space go on with the line before. The head ends at the first empty line.
    """
    position = len(text) - len(text.lstrip("\n"))
    values: dict[str, str] = {}
    last = ""
    for _ in range(MAX_HEAD_LINES):
        newline = text.find("\n", position)
        stop = len(text) if newline < 0 else newline
        line = text[position:stop]
        if not line.strip():
            break
        if match := _HEAD_LINE.match(line):
            last = match[1]
            values.setdefault(last, (match[2] or "").strip())
        elif last and line[0] in " \t":
            values[last] = f"{values[last]} {line.strip()}".strip()
        else:
            return {}, text
        position = stop + 1
    groups = {group_of(name) for name in values}
    return (values, text[position:]) if "title" in groups and len(groups - {None}) > 1 else ({}, text)
