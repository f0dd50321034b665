"""From the lines on the pages of a PDF to its paragraphs: heads, feet and page numbers go, broken words are mended."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from index.readers.blocks.block import HEADING, ITEM, PARAGRAPH, Block
from index.readers.blocks.plain import printable
from index.readers.parts.pdf_lines import BROKEN_WORD, Line

EDGE_LINES = 3
"""So many lines at the top and at the bottom of a page may be its head and foot."""

_PAGE_NUMBER = re.compile(
    r"\W*(?:page|seite|p|pg|página|pagina|strona|sida|side|страница|стр|с|第|trang|sayfa)?[\W_]*(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\W*(?:of|von|de|di|sur|van|av|af|из|z|/)?\W*\d{1,4})?\W*(?:页|頁|ページ)?\W*",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_BULLET = re.compile(r"\s*(?:[•‣◦▪▫■□●○➢➤✓–—*·\uf0b7]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+\S")
_ENDS = re.compile(r"[.!?:;。！？…][\"'”’»)\]]*\s*$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_MAX_HEADING = 300  # characters
_LARGER = 1.15  # times the size of the text: then a line is a heading


def pdf_blocks(lines: Sequence[Line], pages: int) -> tuple[list[Block], str]:
    """The paragraphs and headings of a document, and the largest text on its first page if it can be a title.

    Args:
        lines: in order.
        pages: how many the document has.
    """
    lines = _without_heads_and_feet(lines, pages)
    if not lines:
        return [], ""
    body = body_size(lines)
    groups = _groups(lines)
    words = Counter(word.casefold() for line in lines for word in _WORD.findall(line.text))
    sizes = sorted({round(group[0].size, 1) for group in groups if group[0].size >= _LARGER * body}, reverse=True)
    blocks = []
    for group in groups:
        text = _tidy(joined(group, words))
        if not text:
            continue
        if group[0].size >= _LARGER * body and len(text) <= _MAX_HEADING:
            level = min(sizes.index(round(group[0].size, 1)) + 1, 6)
            blocks.append(Block(HEADING, text, level=level))
        else:
            blocks.append(Block(ITEM if _BULLET.match(text) else PARAGRAPH, text))
    return blocks, _largest(groups, body, words)


def body_size(lines: Iterable[Line]) -> float:
    """The size of most of the text."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size)) or 1.0


def _largest(groups: list[list[Line]], body: float, words: Counter[str]) -> str:
    """The largest text in the upper part of the first page, if it is larger than the rest and reads like a title."""
    first = [group for group in groups if group[0].page == groups[0][0].page]
    best = max((group[0].size for group in first if _letters(group) >= 4), default=0.0)
    if best < _LARGER * body:
        return ""
    for group in first:
        if group[0].size >= 0.98 * best and _letters(group) >= 4:
            text = _tidy(joined(group, words))
            return text if 4 <= len(text) <= _MAX_HEADING else ""
    return ""


def _letters(group: list[Line]) -> int:
    return sum(character.isalpha() for line in group for character in line.text)


def _without_heads_and_feet(lines: Sequence[Line], pages: int) -> list[Line]:
    """The lines without those that stand in the same place on several pages, but for numbers, and page numbers."""
    by_page: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_page[line.page].append(line)
    edges: dict[int, list[Line]] = {}
    for page, found in by_page.items():
        upright = sorted(found, key=lambda line: -line.top)
        edges[page] = upright[:EDGE_LINES] + upright[-EDGE_LINES:][max(0, 2 * EDGE_LINES - len(upright)) :]
    seen: dict[tuple[str, int], set[int]] = defaultdict(set)
    for page, found in edges.items():
        for line in found:
            for place in _places(line):
                seen[_said(line), place].add(page)
    enough = 2 if pages < 4 else 3
    body = body_size(lines)
    dropped: set[int] = set()
    for page, found in edges.items():
        extremes = (min(found, key=lambda line: line.bottom), max(found, key=lambda line: line.top))
        for line in found:
            repeated = any(len(seen[_said(line), place]) >= enough for place in _places(line))
            title = page == lines[0].page and line.size >= _LARGER * body
            if (repeated and not title) or (line in extremes and _PAGE_NUMBER.fullmatch(line.text)):
                dropped.add(id(line))
    kept = [line for line in lines if id(line) not in dropped]
    return kept or list(lines)


def _said(line: Line) -> str:
    return _DIGITS.sub("#", " ".join(line.text.split()).casefold())


def _places(line: Line) -> tuple[int, int]:
    """Two overlapping strips of the page that the line lies in, so that lines a point apart share one."""
    return int(line.bottom // 8) * 2, int((line.bottom + 4) // 8) * 2 + 1


def _groups(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of each paragraph."""
    rights: dict[tuple[int, int], float] = {}
    for line in lines:
        key = line.page, int(line.left // 40)
        rights[key] = max(rights.get(key, 0.0), line.right)
    leadings = defaultdict(list)
    for one, other in pairwise(lines):
        if one.page == other.page and 0 < one.bottom - other.bottom < 3 * one.size:
            leadings[round(one.size)].append(one.bottom - other.bottom)
    leading = {size: median(found) for size, found in leadings.items()}
    groups: list[list[Line]] = [[lines[0]]]
    for number in range(1, len(lines)):
        following = lines[number + 1] if number + 1 < len(lines) else None
        if _breaks(groups[-1], lines[number], following, rights, leading):
            groups.append([lines[number]])
        else:
            groups[-1].append(lines[number])
    return groups


def _breaks(
    group: list[Line],
    line: Line,
    following: Line | None,
    rights: dict[tuple[int, int], float],
    leading: dict[int, float],
) -> bool:
    """Whether a line begins another paragraph than the one that the lines before it make up."""
    before = group[-1]
    if before.text.rstrip().endswith(BROKEN_WORD):
        return False
    if abs(line.size - before.size) > 0.08 * before.size or _BULLET.match(line.text):
        return True
    ended = _ENDS.search(before.text) is not None
    step = before.bottom - line.bottom
    if before.page != line.page or step < -before.size:  # the next page or column
        return ended or not line.text.lstrip()[:1].islower()
    if abs(step) < 0.4 * before.size:  # further to the right on the same line
        return line.left - before.right > 4 * before.size
    if step > 1.35 * leading.get(round(before.size), 1.2 * before.size) + 0.5:
        return True
    right = max(rights.get((before.page, int(before.left // 40)), before.right), max(each.right for each in group))
    width = max(right - min(each.left for each in group), 1.0)
    room = (right - before.right) / width
    if room > 0.4 or (ended and room > 0.12):
        return True
    indented = line.left - before.left > 0.8 * line.size
    if indented and not (len(group) == 1 and following is not None and abs(following.left - line.left) < 1):
        return len(group) > 1 or ended or room > 0.1
    return False


def joined(group: Sequence[Line], words: Counter[str]) -> str:
    """The lines of a paragraph as one text.

    A word broken at the end of a line is mended: without its hyphen if the whole word occurs elsewhere or nothing is
    known of it, and with it where the text elsewhere writes it with one.
    """
    text = ""
    for line in group:
        part = line.text.strip()
        if not text:
            text = part
            continue
        last = text[-1]
        if last in (BROKEN_WORD, "-", "\u00ad", "\u2010"):
            head, tail = _LAST_WORD.search(text[:-1]), _FIRST_WORD.match(part)
            if head and tail:
                one, both = f"{head.group()}{tail.group()}".casefold(), f"{head.group()}-{tail.group()}".casefold()
                keeps = words[one] == 0 and (words[both] > 0 or not tail.group()[0].islower())
                text = text[:-1] + ("-" if keeps else "") + part
            else:
                text = text[:-1] + "-" + part
        elif _unspaced(last) and _unspaced(part[:1]):
            text += part
        else:
            text = f"{text} {part}"
    return text.replace(BROKEN_WORD, "-")


def _unspaced(character: str) -> bool:
    """Whether words in its script stand without spaces: Chinese and Japanese."""
    return "\u3000" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef"


def _tidy(text: str) -> str:
    return " ".join(printable(_LIGATURE.sub(lambda match: _LIGATURES[match.group()], text)).split())
