"""What was read of a query so far: the brackets that are open, what each holds, and the field that is due."""

from __future__ import annotations

import dataclasses
import unicodedata

from index.records import record
from search.query_language import syntax
from search.query_language.precedence import Operator, reduce
from search.query_language.syntax import Node
from search.results import Notice, Span

MAX_WORDS = 500
"""How many words, phrases and the like are read; the rest is left out, with a notice."""


@record(slots=True)
class _Group:
    """A bracket that is still open: what it holds so far, the field before it, and where it began."""

    field: str | None
    start: int
    items: list[Node | Operator] = dataclasses.field(default_factory=list)


class Groups:
    """Operands and operators, put where they belong as they are read.

    Attributes:
        notices: what was mended or left out.
        has_operators: whether words are joined by operators.
        words: how many words, phrases and the like there were.
        pending_field: a field with nothing after it yet, and where it stands.
    """

    def __init__(self, text: str) -> None:
        self.notices: list[Notice] = []
        self.has_operators = False
        self.words = 0
        self.pending_field: tuple[str, Span] | None = None
        self._text = text
        self._open = [_Group(None, 0)]

    @property
    def depth(self) -> int:
        """How many brackets are open."""
        return len(self._open) - 1

    def field_here(self) -> str | None:
        """The field that what stands here belongs to."""
        return self.pending_field[0] if self.pending_field else self._open[-1].field

    def take_field(self) -> str | None:
        """The same, for what is added next: it is due no longer."""
        name = self.field_here()
        self.pending_field = None
        return name

    def flush_field(self) -> None:
        """A field with nothing after it is a word."""
        if self.pending_field:
            (_, span), self.pending_field = self.pending_field, None
            name = self._text[span[0] : span[1] - 1]
            self.notice(f"Nothing follows “{name}:”, so it was read as a word", *span)
            self.add(syntax.Word(name, text_field(self._open[-1].field), False, span))

    def add(self, item: Node | Operator) -> None:
        """Add what was read to the innermost bracket."""
        if isinstance(item, Operator):
            self.has_operators |= item.name != "NOT"
        else:
            self.words += 1
            if self.words > MAX_WORDS:
                return
        self._open[-1].items.append(item)

    def open(self, start: int) -> None:
        """A bracket opens here."""
        self._open.append(_Group(self.take_field(), start))

    def close(self, end: int) -> Node | None:
        """The innermost bracket closes here: what it holds, to be put back by `put`; None if that is nothing."""
        group = self._open.pop()
        node = self._reduced(group.items)
        if isinstance(node, syntax.Empty):
            self.notice("There is nothing between these brackets; they were left out", group.start, end)
            return None
        return node

    def put(self, node: Node) -> None:
        """Add what a bracket held, whose words were counted."""
        self._open[-1].items.append(node)

    def tree(self) -> Node:
        """All of it: brackets that are open close at the end."""
        self.flush_field()
        if self.depth:
            start = self._open[1].start
            self.notice("This bracket is never closed; read as if it closed at the end", start)
        while self.depth:
            if node := self.close(len(self._text)):
                self.put(node)
        items = self._open[0].items
        if items and all(isinstance(item, Operator) for item in items):
            for item in items[:1]:
                if isinstance(item, Operator) and item.name == "NEAR" and "/" in self._text[slice(*item.span)]:
                    message = "stands between words, as in coolant NEAR/5 leak; alone it was read as words"
                    self.notice(f"“{self._text[slice(*item.span)]}” {message}", *item.span)
            items = [self._as_word(item) for item in items[:MAX_WORDS] if isinstance(item, Operator)]
        tree = self._reduced(items)
        if isinstance(tree, syntax.Empty):
            what = "There is no word in this query" if self._text.strip() else "The query is empty"
            signs = " (signs and emoji are not indexed)" if any(map(_is_sign, self._text)) else ""
            self.notices.append(Notice(f"{what}{signs}; write words to look for, or * for every article"))
        return tree

    def cut(self, start: int) -> None:
        """Leave out what follows, with the operators before it."""
        message = f"The query has more than {MAX_WORDS} words; only the first {MAX_WORDS} were read"
        self.notice(message, start, len(self._text))
        self.pending_field = None
        while True:
            items = self._open[-1].items
            while items and isinstance(items[-1], Operator):
                items.pop()
            if not self.depth:
                return
            self._open.pop()
            if items:
                self.put(self._reduced(items))

    def notice(self, message: str, start: int, end: int | None = None, suggestion: str = "") -> None:
        """Say something about a part of the query: one character, unless it says where it ends.

        The same is said once, of the first part.
        """
        if suggestion or all(notice.message != message for notice in self.notices):
            self.notices.append(Notice(message, (start, start + 1 if end is None else end), suggestion))

    def _reduced(self, items: list[Node | Operator]) -> Node:
        node, problems = reduce(items)
        for operator, problem in problems:
            self.notice(f"“{self._text[slice(*operator.span)]}” {problem}", *operator.span)
        return node

    def _as_word(self, operator: Operator) -> Node:
        """An operator in a query of nothing else is a word."""
        written = self._text[slice(*operator.span)]
        if not any(map(str.isalnum, written)):
            return syntax.Empty()
        return syntax.Word(written.lower() if written.isalpha() else written, None, False, operator.span)


def _is_sign(character: str) -> bool:
    """Whether it is a symbol, such as an emoji, rather than punctuation."""
    return unicodedata.category(character)[0] == "S"


def text_field(name: str | None) -> str | None:
    """The field to look for words in: days hold none."""
    return None if name == "date" else name
