"""Markdown: web clippings of every clipper's habits, and posts with front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pyromark

from index.document import Document
from index.readers import Problem, RawFile
from index.readers.article import read_article
from index.readers.blocks import CODE, HEADING, ITEM, PARAGRAPH, QUOTE, RULE, TABLE, Block, strip_tags
from index.readers.dates import date_in_path
from index.readers.fields import read_fields
from index.readers.frontmatter import split_front_matter
from index.readers.heads import split_head
from index.readers.side import split_dotted
from index.readers.start import begun

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
_CALLOUT = re.compile(r"\[!\w+\][+-]?[ \t]*")
# As https://mdxjs.com/docs/what-is-mdx/#esm has it: at the start of a line.
_MODULE = re.compile(
    r"import\s*(?:[\"'{*]|[\w$]+\s*(?:,\s*[{*]|\sfrom\s)).*|export\s+(?:const|let|var|default|function|async|class|[{*]).*"
)
MAX_LINES = 300_000
"""What follows them is kept as plain text: the parser's memory grows with their number."""


def read(file: RawFile) -> Iterator[Document | Problem | None]:
    """The one document of a Markdown file."""
    text, findings = begun(file)
    front = split_front_matter(text)
    rule = f"{front.kind} front matter"
    text = _without_modules(front.text) if file.suffix == ".mdx" else front.text
    if front.problem:
        findings.warn(front.problem)
        yield Problem(front.problem)
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
    blocks: list[Block] = []
    block = Block(PARAGRAPH)
    pieces: list[str] = []
    length = 0  # of the pieces so far
    starts: list[int] = []  # of open strong and emphasised parts, in characters, and of links, in pieces
    targets: list[str] = []
    quotes = items = lists = 0
    image = 0  # depth of open images, whose text is a description
    count_from: int | None = None  # the first number of the innermost list
    number: list[int | None] = []  # the next number of each open list, None for bullets
    unsaid = ""  # raw HTML waiting to be stripped as a whole

    def close() -> None:
        nonlocal block, pieces, length
        if pieces or block.images:
            block.text = "".join(pieces).strip()
            if block.text or block.images:
                blocks.append(block)
        block = Block(ITEM if items else QUOTE if quotes else PARAGRAPH)
        pieces = []
        length = 0

    event: Any  # a name alone, or a mapping of one name to what belongs to it
    for event in pyromark.events(text, options=_OPTIONS):
        if isinstance(event, str):
            if event == "SoftBreak":
                ends_callout = quotes and len(pieces) == 1 and pieces[0].startswith("[!")
                pieces.append("\n" if ends_callout else " ")
                length += 1
            elif event == "HardBreak":
                pieces.append("\n")
                length += 1
            else:  # a rule
                close()
                blocks.append(Block(RULE))
            continue
        ((kind, value),) = event.items()
        if kind == "Text":
            if image:
                block.alts.append(value)
            else:
                pieces.append(value)
                length += len(value)
        elif kind == "Start":
            if isinstance(value, str):
                tag = value
                if tag == "Paragraph":
                    if pieces or block.images:
                        close()
                elif tag in ("Strong", "Emphasis"):
                    starts.append(length)
                elif tag == "Item":
                    close()
                    items += 1
                    block.kind, block.level = ITEM, lists
                    if number and number[-1] is not None:
                        if count_from not in (0, 1):  # "1984. A year…" and "20. Dezember 2022" are no lists
                            pieces.append(f"{number[-1]}. ")
                            length = len(pieces[0])
                        number[-1] += 1
                elif tag in ("TableHead", "TableRow"):
                    close()
                    block.kind = TABLE
                elif tag == "TableCell":
                    if pieces:
                        pieces.append(" ")
                        length += 1
                elif tag in ("DefinitionListTitle", "DefinitionListDefinition"):
                    close()
                elif tag == "HtmlBlock":
                    close()
                    unsaid = ""
                continue
            ((tag, data),) = value.items()
            if tag == "Heading":
                close()
                block = Block(HEADING, level=int(data["level"][1]))
            elif tag == "Link":
                starts.append(len(pieces))
                targets.append(data["dest_url"])
            elif tag == "Image":
                image += 1
                block.images += 1
                if data["title"]:
                    block.alts.append(data["title"])
            elif tag == "List":
                close()
                number.append(data)
                count_from = data
                lists += not items
            elif tag == "BlockQuote":
                close()
                quotes += 1
                block.kind = QUOTE
            elif tag == "CodeBlock":
                close()
                block.kind = CODE
            elif tag == "FootnoteDefinition":
                close()
        elif kind == "End":
            tag = value if isinstance(value, str) else next(iter(value))
            if tag in ("Paragraph", "Heading", "CodeBlock", "TableHead", "TableRow", "DefinitionListTitle"):
                close()
            elif tag == "Strong":
                block.strong.append((starts.pop(), length))
            elif tag == "Emphasis":
                block.emphasised.append((starts.pop(), length))
            elif tag == "Link":
                start = starts.pop()
                block.links.append(("".join(pieces[start:]), targets.pop()))
            elif tag == "Image":
                image -= 1
            elif tag == "Item":
                close()
                items -= 1
                block.kind = ITEM if items else QUOTE if quotes else PARAGRAPH
            elif tag == "List":
                close()
                number.pop()
            elif tag == "BlockQuote":
                close()
                quotes -= 1
                block.kind = ITEM if items else QUOTE if quotes else PARAGRAPH
            elif tag == "HtmlBlock":
                block.images += len(re.findall(r"<img\b", unsaid, re.IGNORECASE))
                pieces.append(strip_tags(unsaid))
                unsaid = ""
                close()
            elif tag in ("DefinitionListDefinition", "FootnoteDefinition", "Table"):
                close()
        elif kind in ("Code", "InlineMath", "DisplayMath"):
            pieces.append(value)
            length += len(value)
        elif kind == "Html":
            unsaid += value
        elif kind == "InlineHtml":
            lower = value[:5].lower()
            if lower.startswith("<br"):
                pieces.append("\n")
                length += 1
            elif lower.startswith("<img"):
                block.images += 1
    close()
    if rest.strip():
        blocks.append(Block(PARAGRAPH, rest.strip()))
    for each in blocks:
        if each.kind == QUOTE and each.text.startswith("[!"):
            each.text = _CALLOUT.sub("", each.text, count=1)
    return blocks
