"""From parsed HTML or XHTML that is all text (a chapter, a mail) to blocks; web pages with menus are `page.body`'s."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, NamedTuple

from index.readers.blocks.block import CODE, HEADING, ITEM, PARAGRAPH, QUOTE, RULE, TABLE, Block
from index.readers.blocks.plain import printable

Element = Any
"""An lxml element."""

MAX_BLOCKS = 200_000
"""What follows them is one more block."""

_UNSHOWN = frozenset(
    """script style head title template noscript svg math button select textarea rt rp audio video object iframe
    canvas""".split()
)
_BREAKING = frozenset(
    """p div section article header footer main aside nav figure figcaption address dl dt dd ul ol table caption thead
    tbody tfoot form fieldset center details summary hgroup body html blockquote pre li tr td th hr h1 h2 h3 h4 h5
    h6""".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_STRONG = frozenset(("b", "strong"))
_EMPHASISED = frozenset(("i", "em", "cite"))
_NOT_IN_CELLS = tuple(f"{{*}}{tag}" for tag in ("table", "ul", "ol", "blockquote", "pre", *sorted(_HEADINGS)))
_SPACE = re.compile(r"[^\S\u3000]+")


class MarkupBlocks(NamedTuple):
    """The blocks of a piece of HTML.

    Attributes:
        blocks: in order.
        anchors: for each id that was asked for and is there, the number of the block in or before which it stands.
    """

    blocks: list[Block]
    anchors: dict[str, int]


def markup_blocks(root: Element, anchors: Collection[str] = ()) -> MarkupBlocks:
    """The blocks of an element, without scripts, styles, forms and the readings beside Chinese characters.

    Args:
        root: of an lxml tree; namespaces do not matter.
        anchors: ids whose places are wanted.
    """
    maker = _Maker(frozenset(anchors))
    # Not recursive: some files nest deeper than Python calls may. An element whose end is to come is on the stack
    # with False, which also stands for the text after it.
    stack: list[tuple[Element, bool]] = [(root, True)]
    while stack:
        element, begins = stack.pop()
        tag = local_name(element)
        if begins:
            if tag in _UNSHOWN or (tag and _is_page_number(element)):
                if element is not root and element.tail:
                    maker.text(element.tail)
                continue
            stack.append((element, False))
            if tag:
                maker.start(element, tag)
                if element.text:
                    maker.text(element.text)
                stack += [(child, True) for child in reversed(element)]
        else:
            if tag:
                maker.end(element, tag)
            if element is not root and element.tail:
                maker.text(element.tail)
    maker.close()
    return MarkupBlocks(maker.blocks, maker.found)


def local_name(element: Element) -> str:
    """The tag without its namespace, in lower case; empty for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _is_layout(row: Element) -> bool:
    """Whether a row of a table only places things on the page: it has one cell, or headings, lists or tables in it."""
    return len(row) <= 1 or next(row.iter(*_NOT_IN_CELLS), None) is not None


def _is_page_number(element: Element) -> bool:
    """Whether an element of a book says where a page of the printed one begins."""
    return (
        element.get("role") == "doc-pagebreak"
        or (element.get("class") or "").lower() in ("pagenum", "pageno", "pagebreak", "page-number")
        or "pagebreak" in (element.get("{http://www.idpf.org/2007/ops}type") or element.get("epub:type") or "")
    )


class _Maker:
    """The blocks so far, and the one that is being filled."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self.blocks: list[Block] = []
        self.found: dict[str, int] = {}
        self._wanted = wanted
        self._block = Block(PARAGRAPH)
        self._pieces: list[str] = []
        self._length = 0
        self._ends_in_space = True
        self._marks: list[int] = []  # where open bold and italic parts begin, in characters
        self._links: list[tuple[int, str]] = []  # where open links begin, in pieces, and their addresses
        self._heading = self._quotes = self._items = self._lists = self._preformatted = self._cells = 0

    def start(self, element: Element, tag: str) -> None:
        if self._wanted:
            for name in (element.get("id"), element.get("name")):
                if name in self._wanted:
                    self.found.setdefault(name, len(self.blocks))
        if tag in _BREAKING:
            self._start_block("div" if tag == "tr" and _is_layout(element) else tag)
        elif tag == "br":
            self._add("\n")
        elif tag in ("img", "image"):
            self._block.images += 1
            if alt := element.get("alt"):
                self._block.alts.append(" ".join(alt.split())[:1000])
        elif tag in _STRONG or tag in _EMPHASISED:
            self._marks.append(self._length)
        elif tag == "a":
            self._links.append((len(self._pieces), element.get("href") or ""))

    def end(self, element: Element, tag: str) -> None:
        if tag in _BREAKING:
            self._end_block("div" if tag == "tr" and _is_layout(element) else tag)
        elif tag in _STRONG or tag in _EMPHASISED:
            marked = self._block.strong if tag in _STRONG else self._block.emphasised
            marked.append((min(self._marks.pop(), self._length), self._length))
        elif tag == "a":
            begin, address = self._links.pop()
            text = "".join(self._pieces[begin:]).strip()
            if text and address:
                self._block.links.append((text, address))

    def text(self, text: str) -> None:
        if not self._preformatted:
            text = _SPACE.sub(" ", text)
            if self._ends_in_space:
                text = text.lstrip(" ")
        if text:
            self._add(text)

    def close(self) -> None:
        """Ends the block that is being filled."""
        if self._pieces or self._block.images:
            block = self._block
            text = printable("".join(self._pieces))
            block.text = text.strip("\n") if block.kind == CODE else text.strip()
            if len(self.blocks) > MAX_BLOCKS and block.text:
                self.blocks[-1].text += f"\n{block.text}"
            elif block.text or block.images:
                self.blocks.append(block)
        if self._heading:
            self._block = Block(HEADING, level=self._heading)
        elif self._preformatted:
            self._block = Block(CODE)
        elif self._items:
            self._block = Block(ITEM, level=self._lists)
        else:
            self._block = Block(QUOTE if self._quotes else PARAGRAPH)
        self._pieces = []
        self._length = 0
        self._ends_in_space = True
        self._marks = [0] * len(self._marks)
        self._links = [(0, address) for _, address in self._links]

    def _start_block(self, tag: str) -> None:
        if self._cells and tag in ("p", "div", "td", "th"):
            self._separate(" " if tag in ("td", "th") or not self._pieces else "\n")
            return
        if tag in _HEADINGS:
            self._heading = int(tag[1])
        elif tag == "blockquote":
            self._quotes += 1
        elif tag == "pre":
            self._preformatted += 1
        elif tag == "li":
            self._items += 1
        elif tag in ("ul", "ol"):
            self._lists += 1
        self.close()
        if tag == "tr":
            self._cells += 1
            self._block = Block(TABLE)
        elif tag == "hr":
            self.blocks.append(Block(RULE))

    def _end_block(self, tag: str) -> None:
        if self._cells and tag in ("p", "div", "td", "th"):
            self._separate(" ")
            return
        if tag in _HEADINGS:
            self._heading = 0
        elif tag == "blockquote":
            self._quotes -= 1
        elif tag == "pre":
            self._preformatted -= 1
        elif tag == "li":
            self._items -= 1
        elif tag == "tr":
            self._cells -= 1
        self.close()

    def _separate(self, space: str) -> None:
        if self._pieces and not self._ends_in_space:
            self._add(space)

    def _add(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)
        self._ends_in_space = text[-1] in " \n"
