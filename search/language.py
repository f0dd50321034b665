"""The query language: text to a syntax tree, forgiving like a web search box.

Whoosh's language (the same operators, with the same precedence, on well-formed queries; the tests compare the two),
but by a parser of our own: it keeps positions for its notices, reads a broken query the way a person meant it where
Whoosh silently finds nothing, and costs no import of Whoosh at every search.

From tightest to loosest: NOT and -, AND and ANDNOT, OR, ANDMAYBE, and last plain juxtaposition, which means AND.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from dataclasses import dataclass

from index.errors import QueryError
from index.schema import SCHEMA
from search import syntax
from search.dates import in_order, parse_day, parse_interval
from search.precedence import Operator, reduce
from search.results import Notice, Span
from search.syntax import Node

MAX_QUERY_CHARACTERS = 10_000
MAX_NESTING = 200
MAX_WORDS = 500
MAX_WEIGHT = 1000.0
MAX_SLOP = 999_999  # what is more than an engine can do is narrowed, with a notice, in lowering

FIELDS = {name: name for name in SCHEMA.by_name if name != "text"} | {
    "authors": "author",
    "by": "author",
    "file": "source",
    "path": "source",
    "language": "lang",
    "headline": "title",
}
"""What may stand before a colon, and the field it means."""

_OPERATORS = {"AND": "AND", "&&": "AND", "OR": "OR", "||": "OR", "|": "OR", "NOT": "NOT"} | {
    name: name for name in ("ANDNOT", "ANDMAYBE")
}
_FIELD = re.compile(r"([^\W\d_]\w*):")
_CLOSING = {'"': '"', "“": '”"“', "„": '“”"', "«": '»"', "”": '”"'}
_ESCAPED = re.compile(r"\\([^\w\s])")
_RANGE = re.compile(r"""[\[{]\s*("[^"]*"|[^"\[\]{}]*?)\s*\bTO\b\s*("[^"]*"|[^"\[\]{}]*?)\s*[\]}]""")
_SUFFIX_WEIGHT = re.compile(r"(?<!\\)\^(\d{1,6}(?:\.\d{1,6})?|\.\d{1,6})")
_SUFFIX_SLOP = re.compile(r"~(\d*)")
_FUZZY = re.compile(r"(?<!\\)~(\d{1,3})?(?:/(\d{1,3}))?$")
_COMPARED = re.compile(r"(<=|>=|<|>)")
_PUNCTUATION = re.compile(
    r"^[\W_]+|(?<=\w)[^\w+#]+$|(?<=[+#])[^\w+#]+$|^\W+$"
)  # around a word; C++ and C# end in theirs
_AROUND_PATTERN = re.compile(r"^[^\w*?/.]+|[^\w*?/]+$")  # but paths may begin with a dot or a slash
_WORD_STARTS = "=*?/.\\|&"  # what else a word, a pattern or an operator may begin with
_WORD_END = re.compile(r"""[\s()"“”„«»]""")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query as understood: its tree, notices where that may surprise, and whether it joins words by operators."""

    tree: Node
    notices: tuple[Notice, ...]
    has_operators: bool = False


@dataclass(slots=True)
class _Group:
    """A bracket that is still open: what it holds so far, the field before it, and where it began."""

    field: str | None
    start: int
    items: list[Node | Operator] = dataclasses.field(default_factory=list)


def parse(text: str, *, today: dt.date | None = None) -> Parsed:
    """Read a query. Every text gives a tree; what was mended on the way is said in the notices.

    Args:
        text: the query as typed.
        today: the local day that relative dates count from; by default the machine's.

    Raises:
        QueryError: the query is longer than MAX_QUERY_CHARACTERS or nested deeper than MAX_NESTING.
    """
    if len(text) > MAX_QUERY_CHARACTERS:
        raise QueryError(
            f"The query is {len(text):,} characters long; at most {MAX_QUERY_CHARACTERS:,} are read",
            remedy="Shorten it",
        )
    return _Parser(text, today or dt.date.today()).parse()


class _Parser:
    def __init__(self, text: str, today: dt.date) -> None:
        self.text = text
        self.today = today
        self.at = 0
        self.notices: list[Notice] = []
        self.groups = [_Group(None, 0)]
        self.pending_field: tuple[str, Span] | None = None
        self.has_operators = False
        self.words = 0

    def parse(self) -> Parsed:
        while self.at < len(self.text):
            self._step()
        self._flush_field()
        if len(self.groups) > 1:
            start = self.groups[1].start
            self._notice("This bracket is never closed; read as if it closed at the end", start)
        while len(self.groups) > 1:
            self._close()
        items = self.groups[0].items
        if items and all(isinstance(item, Operator) for item in items):
            items = [self._as_word(item) for item in items if isinstance(item, Operator)]
        tree = self._reduce(items)
        if isinstance(tree, syntax.Empty):
            what = "There is no word in this query" if self.text.strip() else "The query is empty"
            self.notices.append(Notice(f"{what}; write words to look for, or * for every article"))
        if syntax.depth(tree) > MAX_NESTING + 2:
            raise QueryError(f"The query is nested more than {MAX_NESTING} deep", remedy="Write it with fewer brackets")
        return Parsed(tree, tuple(self.notices), self.has_operators)

    # Scanning: one step reads one thing and adds it to the innermost group.

    def _step(self) -> None:
        text, at = self.text, self.at
        character = text[at]
        if character.isspace() or (character in ")]}" and self._stray(character)):
            self.at += 1
        elif character == "(":
            self._open()
        elif character == ")":
            self.at += 1
            self._flush_field()
            self._close()
        elif character in _CLOSING:
            self._quoted()
        elif text.startswith('r"', at):
            self._regular_expression()
        elif character in "[{" and (found := _RANGE.match(text, at)):
            self._range(found)
        elif character in "-!" and self._starts_operand(at + 1) and not self._in_date() and self._after_gap():
            self._add(Operator("NOT", (at, at + 1)))
            self.at += 1
        elif character == "+" and self._starts_operand(at + 1):
            self.has_operators = True
            self.at += 1
        elif (found := _FIELD.match(text, at)) and self._field(found):
            self.at = found.end()
        elif character.isalnum() or character in _WORD_STARTS or self._in_date():
            self._word()
        else:
            self.at += 1  # punctuation before a word

    def _stray(self, character: str) -> bool:
        if character == ")":
            if len(self.groups) > 1:
                return False
            self._notice("This bracket closes nothing; it was left out", self.at)
        return True

    @staticmethod
    def _text_field(name: str | None) -> str | None:
        """The field to look for words in: days hold none."""
        return None if name == "date" else name

    def _in_date(self) -> bool:
        """Whether a date is due, where a leading dash means "ago"."""
        return (self.pending_field[0] if self.pending_field else self.groups[-1].field) == "date"

    def _after_gap(self) -> bool:
        """Whether this is the beginning of something: what follows a closing quotation mark is not."""
        return self.at == 0 or self.text[self.at - 1].isspace() or self.text[self.at - 1] in "(:+-!"

    def _starts_operand(self, at: int) -> bool:
        return at < len(self.text) and (self.text[at].isalnum() or self.text[at] in '("“„«=*[\\')

    def _field(self, found: re.Match[str]) -> bool:
        """Whether what stands before this colon is a field."""
        name = found[1].casefold()
        if name in FIELDS:
            self._flush_field()
            self.pending_field = FIELDS[name], found.span()
            return True
        follows = self.text[found.end() : found.end() + 1]
        if len(name) > 2 and follows and not follows.isspace() and follows != "/":
            near = _nearest(name, FIELDS)
            self._notice(
                f"There is no field “{found[1]}”, so this was read as words",
                *found.span(),
                suggestion=f"{self.text[: found.start()]}{near}:{self.text[found.end() :]}" if near else "",
            )
        return False

    def _open(self) -> None:
        if len(self.groups) > MAX_NESTING:
            raise QueryError(
                f"Brackets are nested more than {MAX_NESTING} deep",
                where=f"character {self.at + 1} of the query",
                remedy="Write the query with fewer brackets",
            )
        self.groups.append(_Group(self._take_field() or self.groups[-1].field, self.at))
        self.at += 1

    def _close(self) -> None:
        group = self.groups.pop()
        node = self._reduce(group.items)
        if isinstance(node, syntax.Empty):
            self._notice("There is nothing between these brackets; they were left out", group.start, self.at)
        else:
            self._add(self._weighted(node))

    def _quoted(self) -> None:
        start = self.at
        closing = _CLOSING[self.text[start]]
        if not any(mark in self.text[start + 1 :] for mark in closing):
            closing = "".join(_CLOSING.values())  # mixed marks
        end = start + 1
        while end < len(self.text) and self.text[end] not in closing:
            end += 2 if self.text[end] == "\\" else 1
        closed = end < len(self.text)
        if not closed:
            end = len(self.text)
            self._notice("This quotation mark is never closed; read as if it closed at the end", start)
        phrase = self.text[start + 1 : end]
        self.at = end + 1 if closed else end
        slop = 0
        if found := _SUFFIX_SLOP.match(self.text, self.at):
            slop = min(int(found[1][:9] or 1), MAX_SLOP)
            self.at = found.end()
        name = self._take_field() or self.groups[-1].field
        phrase = " ".join(_ESCAPED.sub(r"\1", phrase).split())
        span = (start, self.at)
        if any(map(str.isalnum, phrase)):
            node = self._date(phrase, span) if name == "date" else syntax.Quoted(phrase, name, slop, span)
            self._add(self._weighted(node))
        else:
            self._notice("There is nothing between these quotation marks; they were left out", start, self.at)

    def _regular_expression(self) -> None:
        start = self.at
        end = self.text.find('"', start + 2)
        if end < 0:
            self._notice("This regular expression is never closed; read as if it closed at the end", start)
        pattern = self.text[start + 2 : end if end >= 0 else len(self.text)]
        self.at = end + 1 if end >= 0 else len(self.text)
        name = self._text_field(self._take_field() or self.groups[-1].field)
        if pattern:
            self._add(self._weighted(syntax.Expression(pattern, name, (start, self.at))))

    def _range(self, found: re.Match[str]) -> None:
        self.at = found.end()
        lower, upper = (part.strip('"').strip() for part in found.groups())
        lower, upper = ("" if bound == "*" else bound for bound in (lower, upper))
        name = self._take_field() or self.groups[-1].field
        opening, closing = found[0][0], found[0][-1]
        start = parse_day(lower, self.today) if lower else None
        end = parse_day(upper, self.today) if upper else None
        dates = (not lower or start is not None) and (not upper or end is not None) and bool(start or end)
        if name == "date" or (name is None and dates):
            if not dates and (lower or upper):
                wrong = [bound for bound, day in ((lower, start), (upper, end)) if bound and not day]
                self._notice(f"“{'” and “'.join(wrong)}”: not a date, so left open; {_DATES}", *found.span())
            first = _shift(start[1], 1) if start and opening == "{" else start and start[0]
            last = _shift(end[0], -1) if end and closing == "}" else end and end[1]
            if opening == "[" and closing == "]":
                first, last = in_order(first, last, start, end)
            elif first and last and first > last:
                self._notice("There is no day between these; read with both ends included", *found.span())
                first, last = in_order(start and start[0], end and end[1], start, end)
            self._add(self._weighted(syntax.Days(first, last, found.span())))
        else:
            self._add(self._weighted(syntax.Between(lower or None, upper or None, name, found.span())))

    def _word(self) -> None:
        start = self.at
        at = start
        while at < len(self.text):
            if _ESCAPED.match(self.text, at):
                at += 2
            elif _WORD_END.match(self.text, at) and at > start:
                break
            else:
                at += 1
        raw, self.at = self.text[start:at], at
        if _COMPARED.fullmatch(raw) and self._in_date():
            self._compared(raw, start)
            return
        span = (start, at)
        if self.pending_field is None and raw in _OPERATORS:
            self._add(Operator(_OPERATORS[raw], span))
            return
        name = self._take_field() or self.groups[-1].field
        if found := re.search(rf"{_SUFFIX_WEIGHT.pattern}$", raw):
            raw, self.at = raw[: found.start()], start + found.start()
        if name == "date" and (any(map(str.isalnum, raw)) or raw.strip("*") == ""):
            node: Node | None = self._date(raw, span)
        else:
            node = self._leaf(raw, name, span)
        if node is not None:
            self._add(self._weighted(node))
        elif found:
            self.at = at

    def _compared(self, comparison: str, start: int) -> None:
        """A date that stands apart from its comparison, as in date:>= 2022."""
        follows = re.compile(r"\s*([\w./-]+)").match(self.text, self.at)
        if follows:
            self.at = follows.end()
            self._take_field()
            self._add(self._weighted(self._date(comparison + follows[1], (start, self.at))))

    def _leaf(self, raw: str, name: str | None, span: Span) -> Node | None:
        """The node for one written word, or None when it holds nothing but punctuation."""
        exact = raw.startswith("=")
        body = raw.lstrip("=")
        pattern = _AROUND_PATTERN.sub("", body).replace("\\:", ":").replace("\\^", "^")
        if name is None and (raw == "*:*" or (pattern and not pattern.strip("*"))):
            return syntax.All(span)
        literal = _ESCAPED.sub(r"\1", body)
        plain = _ESCAPED.sub("", pattern)
        if "*" in plain or "?" in plain.rstrip("?"):  # a question mark at the end is punctuation
            return syntax.Pattern(pattern, name, span)
        if (found := _FUZZY.search(body)) and any(map(str.isalnum, body[: found.start()])):
            distance = int(found[1] or 1)
            if not 1 <= distance <= 2:
                self._notice("Words can be at most two edits apart; read as ~2", *span)
            word = _PUNCTUATION.sub("", _ESCAPED.sub(r"\1", body[: found.start()]))
            return syntax.Similar(word, name, min(max(distance, 1), 2), min(int(found[2] or 0), 50), span)
        word = _PUNCTUATION.sub("", literal)
        word = word.lower() if word in syntax.OPERATORS else word
        return syntax.Word(word, name, exact, span) if word else None

    def _date(self, raw: str, span: Span) -> Node:
        if not raw.strip("*"):
            return syntax.Days(None, None, span)  # any date
        compared = _COMPARED.match(raw)
        interval = parse_interval(raw[compared.end() :] if compared else raw, self.today)
        if interval is None:
            self._notice(f"“{raw}” is not a date, so it was read as a word; {_DATES}", *span)
            word = None if " " in raw else self._leaf(raw, None, span)
            return word or syntax.Quoted(raw, None, 0, span)
        first, last = interval
        match compared and compared[1]:
            case ">=":
                last = None
            case "<=":
                first = None
            case ">":
                first, last = _shift(last, 1), None
            case "<":
                first, last = None, _shift(first, -1)
        return syntax.Days(first, last, span)

    # Helpers of the scanner.

    def _take_field(self) -> str | None:
        pending, self.pending_field = self.pending_field, None
        return pending[0] if pending else None

    def _flush_field(self) -> None:
        """A field with nothing after it is a word."""
        if self.pending_field:
            (_, span), self.pending_field = self.pending_field, None
            name = self.text[span[0] : span[1] - 1]
            self._notice(f"Nothing follows “{name}:”, so it was read as a word", *span)
            self._add(syntax.Word(name, self._text_field(self.groups[-1].field), False, span))

    def _weighted(self, node: Node) -> Node:
        found = _SUFFIX_WEIGHT.match(self.text, self.at)
        if found is None:
            return node
        self.at = found.end()
        weight = min(float(found[1]), MAX_WEIGHT)
        return node if weight == 1 else syntax.Boosted(node, weight)

    def _reduce(self, items: list[Node | Operator]) -> Node:
        node, idle = reduce(items)
        for operator in idle:
            self._notice(f"“{self.text[slice(*operator.span)]}” joins nothing here; it was left out", *operator.span)
        return node

    def _as_word(self, operator: Operator) -> Node:
        """An operator in a query of nothing else is a word."""
        written = self.text[slice(*operator.span)]
        return syntax.Word(written.lower(), None, False, operator.span) if written.isalpha() else syntax.Empty()

    def _add(self, item: Node | Operator) -> None:
        if isinstance(item, Operator) and item.name != "NOT":
            self.has_operators = True
        if not isinstance(item, Operator):
            self.words += 1
            if self.words > MAX_WORDS:
                raise QueryError(f"The query has more than {MAX_WORDS} words", remedy="Write the ones that matter most")
        self.groups[-1].items.append(item)

    def _notice(self, message: str, start: int, end: int | None = None, suggestion: str = "") -> None:
        self.notices.append(Notice(message, (start, start + 1 if end is None else end), suggestion))


_DATES = "dates are written 2022, 2022-12, 2022-12-20 or 2022..2023"


def _shift(day: dt.date | None, days: int) -> dt.date | None:
    if day is None:
        return None
    return dt.date.fromordinal(min(max(day.toordinal() + days, 1), dt.date.max.toordinal()))


def _nearest(name: str, known: dict[str, str]) -> str:
    """The known field spelled most like `name`, or "" when none is near."""
    import difflib  # only when a field is misspelled

    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.7)
    return near[0] if near else ""
