"""Plain text: with a head of "Key: value" lines, with a headline, byline and date on lines of their own, or bare."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.document import Document
from index.readers import Problem, RawFile
from index.readers.article.from_blocks import read_article
from index.readers.article.heads import split_head
from index.readers.article.named_values import read_fields
from index.readers.article.start import begun, front_matter_of
from index.readers.blocks.block import HEADING, PARAGRAPH, RULE, Block
from index.readers.bylines.dates import date_in_path
from index.readers.parts.misnamed import is_page, read_page_of

MAX_PARAGRAPHS = 200_000
"""What follows them is kept as one paragraph of many lines."""

_RULE = re.compile(r"\s*([-=_*~#])(?:\s*\1){2,}\s*")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_WRAPPED_LINE = 45  # characters; where lines are shorter than this, they were broken by the author
_UNWRAPPED_LINE = 110  # where most lines are longer, each is a paragraph
_EMPTY_LINES = re.compile(r"\n[^\S\n]*+\n\s*+")  # no group is repeated: that takes memory for each repetition


def read(file: RawFile) -> Iterator[Document | Problem | None]:
    """The one document of a text file."""
    text, findings = begun(file)
    if is_page(text):
        yield from read_page_of(file)
        return
    front = yield from front_matter_of(text, findings)
    values, text, rule = front.values, front.text, f"{front.kind} front matter"
    if not values:
        values, text = split_head(text)
        rule = "head"
    if values:
        read_fields(values, findings, rule)
    yield None
    body = read_article(text_blocks(text), findings)
    yield None
    if not findings.date and (found := date_in_path(findings.url or file.name)):
        findings.offer_date(found, "address" if findings.url else "file name")
    yield findings.document(body)


def text_blocks(text: str, *, has_head: bool = True) -> list[Block]:
    """The paragraphs of a plain text: broken at empty lines, or at every line where there are none.

    Args:
        text: with "\\n" as its line end.
        has_head: whether its first lines may each say something of their own: headline, byline, date.
    """
    parts = [part.strip("\n") for part in _EMPTY_LINES.split(text.expandtabs(4), MAX_PARAGRAPHS)]
    rest = parts.pop() if len(parts) > MAX_PARAGRAPHS else ""
    parts = [part for part in parts if part.strip()]
    lines = [line for part in parts for line in part.split("\n")]
    long = sum(len(line) > _UNWRAPPED_LINE for line in lines)
    one_a_line = long * 3 >= len(lines)
    blocks: list[Block] = []
    for part in parts:
        blocks += _split(part, one_a_line, in_head=has_head and len(blocks) < 8)
    if rest:
        blocks.append(Block(PARAGRAPH, rest))
    return blocks


def _split(part: str, one_a_line: bool, in_head: bool) -> Iterator[Block]:
    lines = [line.strip() for line in part.split("\n") if line.strip()]
    if len(lines) == 2 and _RULE.fullmatch(lines[1]):
        yield _block(lines[0], HEADING)
        return
    if len(lines) == 3 and _RULE.fullmatch(lines[0]) and _RULE.fullmatch(lines[2]):
        yield _block(lines[1], HEADING)
        return
    short = max(map(len, lines[:-1]), default=0) < _WRAPPED_LINE
    if one_a_line or (in_head and _is_head(lines)):
        for line in lines:
            yield _block(line)
    else:
        kept = [line for line in lines if not _RULE.fullmatch(line)]
        if len(kept) < len(lines) and not kept:
            yield Block(RULE)
            return
        yield _block(("\n" if short else " ").join(_dehyphenated(kept)))


def _is_head(lines: list[str]) -> bool:
    """Whether a paragraph's lines each say something of their own: headline, byline, date."""
    return len(lines) <= 6 and all(len(line) < 140 for line in lines) and not lines[-1].endswith((".", "!", "?", ","))


def _dehyphenated(lines: list[str]) -> list[str]:
    """Joins words that were broken at the end of a line with a soft hyphen's visible form ("coop-" "eration")."""
    kept: list[str] = []
    for line in lines:
        if kept and re.search(r"[^\W\d_]{2}[‐¬]$", kept[-1]):
            kept[-1] = kept[-1][:-1] + line
        else:
            kept.append(line)
    return kept


def _block(text: str, kind: int = PARAGRAPH) -> Block:
    block = Block(RULE if _RULE.fullmatch(text) else kind, text, level=1 if kind == HEADING else 0)
    if block.kind == RULE:
        block.text = ""
    elif "://" in text and len(text) < 500:
        block.links = [(address, address) for address in _ADDRESS.findall(text)]
    return block
