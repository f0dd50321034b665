"""A web page as a row of blocks (paragraphs, headings, items …) in nested boxes, the elements around them."""

from __future__ import annotations

import re
from typing import Any

from index.readers.blocks.plain import printable
from index.readers.page.element_names import ASIDE, CAPTION, COMMENTS, HIDDEN, NONE, sign_of_element

_UNSHOWN = frozenset(
    "script style template svg math iframe object embed audio video canvas map head title meta link select option "
    "button input textarea datalist progress meter dialog nav frame frameset noframes applet param source track "
    "img".split()
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp small "
    "span strike strong sub sup time tt u var wbr".split()
)
_ANCHORS = frozenset("¶ # § ↩ ↩︎ ↑ ⇧".split())
"""Texts of links to the place where they stand, which documentation puts beside its headings."""

HEADINGS = {f"h{level}": level for level in range(1, 7)}
_KINDS = frozenset(("p", "pre", "blockquote", "figcaption", "caption", "summary", *HEADINGS))
ITEMS = frozenset(("li", "td", "th", "dt", "dd"))
LEAVES = frozenset(("p", "pre", "blockquote", "tr", "span", *ITEMS, *HEADINGS))
"""Elements that are rather a block than a box of blocks."""

_FIRST_UNSPACED = "\u0e00"  # Thai; before it, all scripts in use have spaces between words
_UNSPACED = re.compile("[\u0e00-\u0e7f\u2e80-\u9fff\uac00-\ud7af]")
_SENTENCE_END = (".", "!", "?", "…", "。", "！", "？", '"', "”", "»", ":", ";", "؟", "।", "）", ")")

_PROSE = 40  # characters; shorter blocks are not prose, nor, if no sentence ends in them, those twice as long
_PROSE_IN_ITEMS = 0.6


class TextBlock:
    """A run of text between the edges of two elements.

    Attributes:
        text: with single spaces, and "\\n" for a line break; in `pre` as it stands.
        size: its length, in which a sign of a script without spaces counts three times.
        linked: how much of it stands in links.
        marked: how many of its characters are set in bold or italics.
        kind: the name of the element that makes it a block; "div" for any.
        box: the number of the innermost box around it.
        item: the number of the list item or table cell around it, 0 if there is none.
        prose: how much running text it is: its size less what is linked, or 0 if it does not look like running text.
    """

    __slots__ = ("box", "item", "kind", "linked", "marked", "prose", "size", "text")

    def __init__(self, text: str, linked: int, marked: int, kind: str, box: int, item: int) -> None:
        self.text = text
        size = len(text)
        if not text.isascii() and max(text) >= _FIRST_UNSPACED:
            size += 2 * len(_UNSPACED.findall(text))
            linked = linked * size // len(text)
        self.size = size
        self.linked = min(linked, size)
        self.marked = marked
        self.kind = kind
        self.box = box
        self.item = item
        self.prose = self._prose()

    def _prose(self) -> float:
        if self.size < _PROSE or self.kind in HEADINGS or self.kind == "figcaption" or self.linked * 2 > self.size:
            return 0.0
        if self.size < 2 * _PROSE and not self.text.endswith(_SENTENCE_END):
            return 0.0
        if self.text.count("ookie") > 1:  # a notice about cookies, as a rule
            return 1.0
        return (self.size - 2 * self.linked) * (_PROSE_IN_ITEMS if self.kind in ITEMS else 1.0)

    @property
    def only_links(self) -> bool:
        """Whether next to nothing of it stands outside links."""
        return 0 < self.linked >= 0.8 * self.size - 4


class Box:
    """An element that holds the blocks from `start` up to `end`, and the boxes after it up to `last`.

    Attributes:
        number: its place among the boxes, which are numbered as they begin.
        tag: the element's name.
        sign: what its names tell (see `element_names`).
        family: the first of its classes.
        parent: the number of the box around it; -1 for the outermost.
    """

    __slots__ = ("end", "family", "last", "number", "parent", "sign", "start", "tag")

    def __init__(self, number: int, tag: str, sign: int, family: str, parent: int, start: int) -> None:
        self.number = number
        self.tag = tag
        self.sign = sign
        self.family = family
        self.parent = parent
        self.start = self.end = start
        self.last = number + 1

    def holds(self, other: Box) -> bool:
        """Whether the other box is this one or in it."""
        return self.number <= other.number < self.last


class PageBlocks:
    """The blocks and boxes of a page, from one walk over its tree.

    Attributes:
        blocks: in the order of the page.
        boxes: likewise; the first is the whole page.
    """

    def __init__(self, tree: Any, *, noscript: bool = False) -> None:
        """
        Args:
            tree: the root element, which is left as it is.
            noscript: whether to read what is there for browsers without scripts.
        """
        self.blocks: list[TextBlock] = []
        self.boxes: list[Box] = []
        self._unshown = _UNSHOWN if noscript else _UNSHOWN | {"noscript"}
        self._pieces: list[str] = []
        self._linked = self._marked = 0
        self._in_link = self._in_mark = self._in_pre = 0
        self._kind = "div"
        self._box = self._item = 0
        body = tree.find("body")
        root = tree if body is None else body
        whole = Box(0, "body", NONE, "", -1, 0)
        self.boxes.append(whole)
        self._read(root)
        self._flush()
        whole.end, whole.last = len(self.blocks), len(self.boxes)

    def _read(self, element: Any) -> None:
        """Reads what is in an element; one call for every level of the tree."""
        if element.text:
            self._add(element.text)
        for child in element:
            tag = child.tag
            if tag.__class__ is not str or tag in self._unshown:
                pass
            elif tag == "br":
                self._break()
            elif tag not in _INLINE:
                self._read_box(child, tag, *sign_of_element(child, tag))
            elif tag == "a":
                link = child.get("href") is not None
                self._in_link += link
                if not (link and child.text in _ANCHORS):
                    self._read(child)
                self._in_link -= link
            elif tag in ("b", "strong", "em", "i"):
                self._in_mark += 1
                self._read(child)
                self._in_mark -= 1
            elif tag == "span" and child.attrib and (named := sign_of_element(child, tag))[0] in _CUT_OUT:
                self._read_box(child, tag, *named)
            else:
                self._read(child)
            if child.tail:
                self._add(child.tail)

    def _read_box(self, element: Any, tag: str, sign: int, family: str) -> None:
        self._flush()
        around = self._kind, self._box, self._item
        box = Box(len(self.boxes), tag, sign, family, self._box, len(self.blocks))
        self.boxes.append(box)
        self._box = box.number
        if tag in ITEMS:
            self._item, self._kind = box.number, tag
        elif tag in _KINDS:
            self._kind = tag
        elif self._kind not in ITEMS and self._kind != "blockquote":
            self._kind = "div"
        self._in_pre += tag == "pre"
        self._read(element)
        self._flush()
        self._in_pre -= tag == "pre"
        box.end, box.last = len(self.blocks), len(self.boxes)
        self._kind, self._box, self._item = around

    def _add(self, text: str) -> None:
        if text.isspace():
            if self._pieces:
                self._pieces.append(text if self._in_pre else " ")
            return
        self._pieces.append(text.replace("\n", " ") if "\n" in text and not self._in_pre else text)
        if self._in_link:
            self._linked += len(text.strip())
        if self._in_mark:
            self._marked += len(text.strip())

    def _break(self) -> None:
        """A line break; an empty line ends the block."""
        if not self._in_pre:
            for piece in reversed(self._pieces):
                if piece == "\n":
                    self._flush()
                    return
                if not piece.isspace():
                    break
        if self._pieces:
            self._pieces.append("\n")

    def _flush(self) -> None:
        if not self._pieces:
            return
        text = printable("".join(self._pieces))
        self._pieces.clear()
        if self._in_pre:
            text = text.strip("\n")
        elif "\n" in text:
            text = "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))
        else:
            text = " ".join(text.split())
        if text and not text.isspace():
            self.blocks.append(TextBlock(text, self._linked, self._marked, self._kind, self._box, self._item))
        self._linked = self._marked = 0


_CUT_OUT = frozenset((ASIDE, CAPTION, HIDDEN, COMMENTS))
