"""Blocks: the parts of a text (headings, paragraphs, list items…) as plain text with what their markup told."""

from __future__ import annotations

import re

HEADING, PARAGRAPH, QUOTE, ITEM, CODE, TABLE, RULE = range(7)
"""Kinds of blocks."""


class Block:
    """One block.

    Attributes:
        kind: one of the kinds above.
        text: its plain text; "\\n" where the author broke the line.
        level: of a heading, 1 to 6; of an item, the number of its list.
        links: (text, address) of each link, in order.
        images: how many images stood in it.
        alts: the images' descriptions.
        strong: the parts set in bold, as (start, end) in `text`.
        emphasised: the parts set in italics, likewise.
    """

    __slots__ = ("alts", "emphasised", "images", "kind", "level", "links", "strong", "text")

    def __init__(self, kind: int, text: str = "", level: int = 0) -> None:
        self.kind = kind
        self.text = text
        self.level = level
        self.links: list[tuple[str, str]] = []
        self.images = 0
        self.alts: list[str] = []
        self.strong: list[tuple[int, int]] = []
        self.emphasised: list[tuple[int, int]] = []

    @property
    def only_links(self) -> bool:
        """Whether the block holds links and no letters or digits outside them."""
        if not self.links:
            return False
        rest = self.text
        for text, _ in self.links:
            rest = rest.replace(text, " ", 1)
        return not _LETTER.search(rest)

    @property
    def all_marked(self) -> bool:
        """Whether the whole text is set in bold or italics."""
        return any(
            end - start >= len(self.text) - 1 and self.text for start, end in (*self.strong, *self.emphasised)
        )  # fmt: skip


_LETTER = re.compile(r"[^\W_]")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?\?>|<!\w[^>]*>", re.DOTALL)
_UNSHOWN = re.compile(r"<(script|style|template|svg|noscript|iframe)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6]|/figcaption|/figure|/td|/th|hr)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>?")


def strip_tags(markup: str) -> str:
    """The text of a piece of HTML, with line breaks where elements end."""
    import html

    text = _COMMENT.sub("", markup)
    text = _UNSHOWN.sub("", text)
    text = _TAG.sub("", _BREAK.sub("\n", text))
    return html.unescape(text) if "&" in text else text
