"""From what pyromark says of a Markdown text, event by event, to its blocks without markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from index.readers.blocks.block import CODE, HEADING, ITEM, PARAGRAPH, QUOTE, RULE, TABLE, Block, strip_tags

_CALLOUT = re.compile(r"\[!\w+\][+-]?[ \t]*")
_IMAGE = re.compile(r"<img\b", re.IGNORECASE)


def blocks_of(events: Iterable[Any]) -> list[Block]:
    """The blocks of a text.

    Args:
        events: as `pyromark.events` gives them: a name alone, or a mapping of one name to what belongs to it.
    """
    blocks = _Blocks()
    blocks.take(events)
    return blocks.all()


class _Blocks:
    """The blocks so far, and the one in the making."""

    def __init__(self) -> None:
        self._done: list[Block] = []
        self._block = Block(PARAGRAPH)
        self._pieces: list[str] = []  # of its text
        self._length = 0  # of these
        self._marked: list[int] = []  # where open strong and emphasised parts begin, in characters
        self._links: list[tuple[int, str]] = []  # where open links begin, in pieces, and their addresses
        self._images = self._quotes = self._items = 0  # that are open
        self._lists = 0  # that stood in no other
        self._numbers: list[int | None] = []  # the next one of each open list, None for bullets
        self._count_from: int | None = None  # the first number of the list that began last
        self._html = ""  # waiting to be stripped as a whole

    def take(self, events: Iterable[Any]) -> None:
        """Takes in the events of a text; what most of them are is dealt with here, to save calls."""
        begin, end = _BEGIN.get, _END.get
        for event in events:
            if isinstance(event, str):
                _ALONE.get(event, _Blocks.rule)(self)
                continue
            ((kind, value),) = event.items()
            if kind == "Text":
                if self._images:
                    self._block.alts.append(value)
                else:
                    self._pieces.append(value)
                    self._length += len(value)
            elif kind == "Start":
                if isinstance(value, str):
                    if act := begin(value):
                        act(self, None)
                else:
                    ((tag, data),) = value.items()
                    if act := begin(tag):
                        act(self, data)
            elif kind == "End":
                if done := end(value if isinstance(value, str) else next(iter(value))):
                    done(self)
            elif other := _OTHER.get(kind):
                other(self, value)

    def all(self) -> list[Block]:
        """All blocks, once there are no more events."""
        self.close()
        for block in self._done:
            if block.kind == QUOTE and block.text.startswith("[!"):
                block.text = _CALLOUT.sub("", block.text, count=1)
        return self._done

    def close(self) -> None:
        """Ends the block in the making, and begins the next."""
        block = self._block
        if self._pieces or block.images:
            block.text = "".join(self._pieces).strip()
            if block.text or block.images:
                self._done.append(block)
            self._pieces = []
        self._block = Block(ITEM if self._items else QUOTE if self._quotes else PARAGRAPH)
        self._length = 0

    def say(self, text: str) -> None:
        """Text, also within an image."""
        self._pieces.append(text)
        self._length += len(text)

    def soft_break(self) -> None:
        ends_callout = self._quotes and len(self._pieces) == 1 and self._pieces[0].startswith("[!")
        self._pieces.append("\n" if ends_callout else " ")
        self._length += 1

    def hard_break(self) -> None:
        self.say("\n")

    def rule(self) -> None:
        self.close()
        self._done.append(Block(RULE))

    def html(self, markup: str) -> None:
        self._html += markup

    def inline_html(self, markup: str) -> None:
        lower = markup[:5].lower()
        if lower.startswith("<br"):
            self.say("\n")
        elif lower.startswith("<img"):
            self._block.images += 1

    def begin_block(self, _: Any) -> None:
        self.close()

    def begin_paragraph(self, _: Any) -> None:
        if self._pieces or self._block.images:
            self.close()

    def begin_heading(self, data: Any) -> None:
        self.close()
        self._block = Block(HEADING, level=int(data["level"][1]))

    def begin_code(self, _: Any) -> None:
        self.close()
        self._block.kind = CODE

    def begin_quote(self, _: Any) -> None:
        self.close()
        self._quotes += 1
        self._block.kind = QUOTE

    def end_quote(self) -> None:
        self._quotes -= 1
        self.close()

    def begin_list(self, number: Any) -> None:
        self.close()
        self._numbers.append(number)
        self._count_from = number
        self._lists += not self._items

    def end_list(self) -> None:
        self.close()
        self._numbers.pop()

    def begin_item(self, _: Any) -> None:
        self.close()
        self._items += 1
        self._block.kind, self._block.level = ITEM, self._lists
        if self._numbers and (number := self._numbers[-1]) is not None:
            if self._count_from not in (0, 1):  # "1984. A year…" and "20. Dezember 2022" are no lists
                self.say(f"{number}. ")
            self._numbers[-1] = number + 1

    def end_item(self) -> None:
        self._items -= 1
        self.close()

    def begin_row(self, _: Any) -> None:
        self.close()
        self._block.kind = TABLE

    def begin_cell(self, _: Any) -> None:
        if self._pieces:
            self.say(" ")

    def begin_marked(self, _: Any) -> None:
        self._marked.append(self._length)

    def end_strong(self) -> None:
        self._block.strong.append((self._marked.pop(), self._length))

    def end_emphasis(self) -> None:
        self._block.emphasised.append((self._marked.pop(), self._length))

    def begin_link(self, data: Any) -> None:
        self._links.append((len(self._pieces), data["dest_url"]))

    def end_link(self) -> None:
        start, address = self._links.pop()
        self._block.links.append(("".join(self._pieces[start:]), address))

    def begin_image(self, data: Any) -> None:
        self._images += 1
        self._block.images += 1
        if data["title"]:
            self._block.alts.append(data["title"])

    def end_image(self) -> None:
        self._images -= 1

    def begin_html(self, _: Any) -> None:
        self.close()
        self._html = ""

    def end_html(self) -> None:
        self._block.images += len(_IMAGE.findall(self._html))
        self.say(strip_tags(self._html))
        self._html = ""
        self.close()


_ALONE: dict[str, Callable[[_Blocks], None]] = {
    "SoftBreak": _Blocks.soft_break,
    "HardBreak": _Blocks.hard_break,
    "Rule": _Blocks.rule,
}
_OTHER: dict[str, Callable[[_Blocks, str], None]] = {
    "Code": _Blocks.say,
    "InlineMath": _Blocks.say,
    "DisplayMath": _Blocks.say,
    "Html": _Blocks.html,
    "InlineHtml": _Blocks.inline_html,
}
_BEGIN: dict[str, Callable[[_Blocks, Any], None]] = {
    "Paragraph": _Blocks.begin_paragraph,
    "Heading": _Blocks.begin_heading,
    "BlockQuote": _Blocks.begin_quote,
    "CodeBlock": _Blocks.begin_code,
    "HtmlBlock": _Blocks.begin_html,
    "List": _Blocks.begin_list,
    "Item": _Blocks.begin_item,
    "TableHead": _Blocks.begin_row,
    "TableRow": _Blocks.begin_row,
    "TableCell": _Blocks.begin_cell,
    "DefinitionListTitle": _Blocks.begin_block,
    "DefinitionListDefinition": _Blocks.begin_block,
    "FootnoteDefinition": _Blocks.begin_block,
    "Strong": _Blocks.begin_marked,
    "Emphasis": _Blocks.begin_marked,
    "Link": _Blocks.begin_link,
    "Image": _Blocks.begin_image,
}
_END: dict[str, Callable[[_Blocks], None]] = {
    "Paragraph": _Blocks.close,
    "Heading": _Blocks.close,
    "BlockQuote": _Blocks.end_quote,
    "CodeBlock": _Blocks.close,
    "HtmlBlock": _Blocks.end_html,
    "List": _Blocks.end_list,
    "Item": _Blocks.end_item,
    "Table": _Blocks.close,
    "TableHead": _Blocks.close,
    "TableRow": _Blocks.close,
    "DefinitionListTitle": _Blocks.close,
    "DefinitionListDefinition": _Blocks.close,
    "FootnoteDefinition": _Blocks.close,
    "Strong": _Blocks.end_strong,
    "Emphasis": _Blocks.end_emphasis,
    "Link": _Blocks.end_link,
    "Image": _Blocks.end_image,
}
