"""The body of a web page as plain paragraphs: its main part, or else the best of what it has besides."""

from __future__ import annotations

from typing import Any, NamedTuple

from index.readers.blocks.block import strip_tags
from index.readers.blocks.plain import printable, tidy
from index.readers.page.boxes import Box, PageBlocks, TextBlock
from index.readers.page.main_part import LITTLE, select_main
from index.readers.page.trim import trim

MAX_CAPTIONS = 50

MAIN = "main part of the page"


class PageBody(NamedTuple):
    """What was found.

    Attributes:
        text: paragraphs, separated by one empty line; items of a list and rows of a table are lines of one paragraph.
        rule: where it was found.
        captions: what stands below the pictures in it.
    """

    text: str
    rule: str
    captions: tuple[str, ...] = ()


def page_body(tree: Any, title: str = "", stated: str = "") -> PageBody:
    """The text of the article in a parsed page; empty if there is none. The tree is left as it is.

    Args:
        tree: the root element.
        title: the headline, which is no part of the body.
        stated: the text of the article as the page's linked data have it, for pages that show hardly any.
    """
    found = _main_part(PageBlocks(tree), title)
    if len(found.text) >= LITTLE:
        return found
    others = [PageBody(_plain(stated), "json-ld articleBody")]
    if next(tree.iter("noscript"), None) is not None:
        unscripted = _main_part(PageBlocks(tree, noscript=True), title)
        others.append(PageBody(unscripted.text, "noscript element", unscripted.captions))
    if not found.text:
        others.append(PageBody(_all_paragraphs(tree), "all paragraphs of the page"))
    best = max(others, key=lambda other: len(other.text))
    return best if len(best.text) > 2 * len(found.text) else found


def _main_part(page: PageBlocks, title: str) -> PageBody:
    selection = select_main(page, title)
    trim(selection, title)
    kept = [page.blocks[number] for number in selection.kept(selection.first, selection.main.end)]
    captions = [
        block.text
        for number, block in enumerate(page.blocks[selection.first : selection.main.end], selection.first)
        if selection.dropped[number] == "caption"
    ]
    return PageBody(tidy(_paragraphs(page, kept)), MAIN, tuple(dict.fromkeys(captions))[:MAX_CAPTIONS])


def _paragraphs(page: PageBlocks, blocks: list[TextBlock]) -> list[str]:
    """The blocks' texts; items of a list and rows of a table as lines of one paragraph, cells with spaces between."""
    boxes = page.boxes
    paragraphs: list[list[str]] = []
    before: tuple[int, int] | None = None  # the list or table, and in a table the row
    for block in blocks:
        item = boxes[block.item] if block.item else None
        place: tuple[int, int] | None = None
        if item is not None and item.end - item.start == 1:
            around = item.parent
            place = (_table(boxes, around), around) if item.tag in ("td", "th") else (around, 0)
        if place is not None and before is not None and place[0] == before[0]:
            paragraphs[-1] += (" " if place[1] and place[1] == before[1] else "\n", block.text)
        else:
            paragraphs.append([block.text])
        before = place
    return ["".join(pieces) for pieces in paragraphs]


def _table(boxes: list[Box], row: int) -> int:
    """The number of the table that a row is in."""
    around = boxes[row].parent
    return boxes[around].parent if boxes[around].tag in ("thead", "tbody", "tfoot") else around


def _plain(stated: str) -> str:
    text = printable(strip_tags(stated) if "<" in stated else stated)
    return tidy([line for line in text.split("\n") if line.strip()])


def _all_paragraphs(tree: Any) -> str:
    """The text of every paragraph: what is left to do with a page in which no article stands out."""
    paragraphs = [printable(element.text_content()) for element in tree.iter("p", "blockquote", "pre")]
    return tidy([text for text in paragraphs if any(character.isalpha() for character in text)])
