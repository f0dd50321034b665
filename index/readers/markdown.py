"""Markdown: web clippings of every clipper's habits, and posts with front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyromark

from index.document import Document
from index.readers import Problem, RawFile
from index.readers.article.from_blocks import read_article
from index.readers.article.heads import split_head
from index.readers.article.named_values import read_fields
from index.readers.article.side_files import split_dotted
from index.readers.article.start import begun, front_matter_of
from index.readers.blocks.block import HEADING, PARAGRAPH, Block
from index.readers.blocks.markdown_events import blocks_of
from index.readers.bylines.dates import date_in_path
from index.readers.parts.misnamed import is_page, read_page_of

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_HEADING_ATTRIBUTES
    | pyromark.Options.ENABLE_DEFINITION_LIST
    | pyromark.Options.ENABLE_WIKILINKS
)
# What site generators put between the words: shortcodes, template tags and attribute lists.
_TEMPLATE = re.compile(
    r"\{\{[<%][^}]{0,500}\}\}|\{%[^%]{0,500}%\}|^[ \t]*\{:[^}\n]{0,500}\}[ \t]*$|(?<=[)\]*_`])\{:[^}\n]{0,500}\}",
    re.MULTILINE,
)
_OPENS_CODE = re.compile(r"^[ \t]*(?:```|~~~)|`", re.MULTILINE)
_EMPTY_LINES = re.compile(r"\n[^\S\n]*+\n(?:\s*+\n)?+")
# Signs without a meaning in Markdown within a line that begins with a letter. All of UTF-8 beyond ASCII is among them.
_PLAIN = bytes(byte for byte in range(256) if byte >= 0x80 or chr(byte).isalnum() or chr(byte) in " \n.,;:?!'\"()-/%$#")
_HEADINGS = ("#", "##", "###", "####", "#####", "######")
# As https://mdxjs.com/docs/what-is-mdx/#esm has it: at the start of a line.
_MODULE = re.compile(
    r"import\s*(?:[\"'{*]|[\w$]+\s*(?:,\s*[{*]|\sfrom\s)).*|export\s+(?:const|let|var|default|function|async|class|[{*]).*"
)
MAX_LINES = 300_000
"""What follows them is kept as plain text: the parser's memory grows with their number."""


def read(file: RawFile) -> Iterator[Document | Problem | None]:
    """The one document of a Markdown file."""
    text, findings = begun(file)
    if is_page(text):
        yield from read_page_of(file)
        return
    front = yield from front_matter_of(text, findings)
    rule = f"{front.kind} front matter"
    text = _without_modules(front.text) if file.suffix == ".mdx" else front.text
    values = front.values
    if not values:
        values, text = split_dotted(text)
        rule = "comment"
    if not values:
        values, text = split_head(text)
        rule = "head"
    if values:
        read_fields(values, findings, rule)
    yield None
    body = read_article(markdown_blocks(text), findings)
    yield None
    if not findings.date:
        for name in ("path", "url", "slug", "permalink"):
            place = findings.extra.get(name, "")
            found = date_in_path(place) if isinstance(place, str) and place else None
            if found and findings.offer_date(found, f"{rule} {name}"):
                break
        else:
            if found := date_in_path(findings.url) if findings.url else None:
                findings.offer_date(found, "address")
            elif found := date_in_path(file.name):
                findings.offer_date(found, "file name")
    yield findings.document(body)


def _without_modules(text: str) -> str:
    """A text of MDX without its imports and exports, each of which ends with its paragraph."""
    kept: list[str] = []
    code = dropping = False
    for line in text.split("\n"):
        code ^= line.lstrip().startswith(("```", "~~~"))
        dropping = not code and bool(line.strip()) and (dropping or _MODULE.match(line) is not None)
        if not dropping:
            kept.append(line)
    return "\n".join(kept)


def plain_blocks(text: str) -> list[Block] | None:
    """The blocks of a text of plain paragraphs and headings; None if there may be any other markup.

    Only a short cut past the parser.
    """
    if text.encode().translate(None, _PLAIN):
        return None
    blocks: list[Block] = []
    lines: list[str] = []
    for line in (*text.split("\n"), ""):
        if line[:1].isalpha() and not line[-1].isspace():
            lines.append(line)
            continue
        if lines:
            blocks.append(Block(PARAGRAPH, " ".join(lines)))
            lines = []
        if line:
            marks, _, said = line.partition(" ")
            if marks not in _HEADINGS or not said[:1].isalpha() or said[-1].isspace() or "#" in said:
                return None
            blocks.append(Block(HEADING, said, level=len(marks)))
    return blocks


def markdown_blocks(text: str) -> list[Block]:
    """The blocks of a Markdown text, without markup."""
    if "{" in text and ("{{" in text or "{%" in text or "{:" in text) and not _OPENS_CODE.search(text):
        text = _TEMPLATE.sub("", text)
    rest = ""
    if text.count("\n") > MAX_LINES:
        *kept, rest = _EMPTY_LINES.sub("\n\n", text).split("\n", MAX_LINES)
        text = "\n".join(kept) + "\n"
    if not rest and (plain := plain_blocks(text)) is not None:
        return plain
    blocks = blocks_of(pyromark.events(text, options=_OPTIONS))
    if rest.strip():
        blocks.append(Block(PARAGRAPH, rest.strip()))
    return blocks
