"""The syntax of regular expressions: one small dialect, parsed and bounded here.

Libraries disagree about regular expressions (Rust's and Python's classes differ, and Python's matcher takes
exponential time on some patterns), so no library ever sees what a person typed.

A pattern always matches a whole token. Characters stand for themselves; `.` is any character; `[abc]`, `[a-z]`,
`[^…]`; `(…)` or `(?:…)`; `|`; `*`, `+`, `?`, `{m}`, `{m,}`, `{m,n}`; a backslash takes the meaning from punctuation.
`\\d` is 0-9, `\\s` ASCII white space, `\\w` an ASCII letter or digit, `_`, or any character beyond ASCII; `\\D`, `\\S`
and `\\W` are the rest. Anchors, look-around, back-references, flags and lazy repetition are refused.
"""

from __future__ import annotations

from functools import lru_cache

from index.engines.patterns import (
    ANY,
    LAST,
    Chars,
    Choice,
    Pattern,
    Ranges,
    Repeat,
    Sequence,
    check_length,
    complement,
    union,
)
from index.errors import QueryError

MAX_PATTERN_SIZE = 512
"""How many characters and classes a pattern may have when its counted repetitions are written out."""

MAX_PATTERN_NESTING = 20
"""How deep groups may be nested in a pattern."""

_MAX_REPEAT = 1000


@lru_cache(maxsize=256)
def parse_regex(pattern: str) -> Pattern:
    """The pattern for a regular expression of the dialect. Raises `QueryError` for anything else, or beyond a bound."""
    check_length(pattern, "regular expression")
    parsed = _Parser(pattern).parse()
    if _size(parsed) > MAX_PATTERN_SIZE:
        raise QueryError(
            f"the regular expression “{pattern}” repeats too much",
            remedy=f"Written out it may have {MAX_PATTERN_SIZE} characters",
        )
    return parsed


def _size(pattern: Pattern) -> int:
    match pattern:
        case Chars():
            return 1
        case Sequence(parts):
            return 1 + sum(map(_size, parts))
        case Choice(options):
            return 1 + sum(map(_size, options))
        case Repeat(part, least, most):
            return _size(part) * max(1, least + 1 if most is None else most)


_DIGITS: Ranges = ((48, 57),)
_SPACES: Ranges = ((9, 13), (32, 32))
_WORDS: Ranges = union((48, 57), (65, 90), (95, 95), (97, 122), (128, LAST))
_CLASSES = {
    "d": _DIGITS, "D": complement(_DIGITS), "s": _SPACES, "S": complement(_SPACES), "w": _WORDS,
    "W": complement(_WORDS),
}  # fmt: skip
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r"}


class _Parser:
    """A recursive-descent parser for the dialect."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._nesting = 0

    def parse(self) -> Pattern:
        parsed = self._choice()
        if self._at < len(self._pattern):
            raise self._error("has a “)” too many")
        return parsed

    def _error(self, what: str, remedy: str | None = None) -> QueryError:
        return QueryError(
            f"the regular expression “{self._pattern}” {what}, at character {self._at + 1}", remedy=remedy
        )

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _take(self, text: str) -> bool:
        if self._pattern.startswith(text, self._at):
            self._at += len(text)
            return True
        return False

    def _choice(self) -> Pattern:
        options = [self._sequence()]
        while self._take("|"):
            options.append(self._sequence())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self) -> Pattern:
        parts = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._repeated())
        return Sequence(tuple(parts))

    def _repeated(self) -> Pattern:
        part = self._atom()
        least, most = 0, None
        match self._peek():
            case "*":
                self._at += 1
            case "+":
                self._at += 1
                least = 1
            case "?":
                self._at += 1
                most = 1
            case "{":
                least, most = self._count()
            case _:
                return part
        if self._peek() in ("*", "+", "?", "{") and self._peek():
            raise self._error("repeats a repetition", remedy="Lazy and possessive repetition are not supported")
        return Repeat(part, least, most)

    def _count(self) -> tuple[int, int | None]:
        end = self._pattern.find("}", self._at)
        inside = self._pattern[self._at + 1 : end] if end > 0 else ""
        low, comma, high = inside.partition(",")
        if not (_is_number(low) and (not high or _is_number(high))):
            raise self._error("has a “{” that counts nothing", remedy="Write \\{ for the character itself")
        least = int(low)
        most = int(high) if high else None if comma else least
        if least > _MAX_REPEAT or (most is not None and not least <= most <= _MAX_REPEAT):
            raise self._error(f"counts wrongly or beyond {_MAX_REPEAT}")
        self._at = end + 1
        return least, most

    def _atom(self) -> Pattern:
        character = self._peek()
        if character in ("*", "+", "?", "{"):
            raise self._error(f"has nothing before “{character}”", remedy=f"Write \\{character} for itself")
        if character in ("^", "$"):
            raise self._error(
                f"has an anchor “{character}”", remedy="Leave it out: a pattern always matches a whole word"
            )
        if character == "(":
            return self._group()
        if character == "[":
            return Chars(self._class())
        self._at += 1
        if character == ".":
            return ANY
        if character == "\\":
            return Chars(self._escaped())
        return Chars(((ord(character), ord(character)),))

    def _group(self) -> Pattern:
        self._at += 1
        if self._peek() == "?" and not self._take("?:"):
            raise self._error("has a group starting with “?”", remedy="Only (…) and (?:…) are supported")
        self._nesting += 1
        if self._nesting > MAX_PATTERN_NESTING:
            raise self._error(f"nests groups more than {MAX_PATTERN_NESTING} deep")
        inner = self._choice()
        if not self._take(")"):
            raise self._error("lacks a “)”")
        self._nesting -= 1
        return inner

    def _escaped(self) -> Ranges:
        """What follows a backslash."""
        character = self._peek()
        self._at += 1
        if character in _CLASSES:
            return _CLASSES[character]
        character = _CONTROLS.get(character, character)
        if not character or character.isalnum():
            self._at -= 1
            raise self._error(f"has an escape “\\{character}” that is not supported")
        return ((ord(character), ord(character)),)

    def _class(self) -> Ranges:
        self._at += 1
        negated = self._take("^")
        found: list[tuple[int, int]] = []
        first = True
        while first or self._peek() != "]":
            first = False
            low = self._class_item()
            if len(low) == 1 and low[0][0] == low[0][1] and self._peek() == "-" and not self._at_closing_dash():
                self._at += 1
                high = self._class_item()
                if len(high) != 1 or high[0][0] != high[0][1] or high[0][0] < low[0][0]:
                    raise self._error("has a range the wrong way round")
                low = ((low[0][0], high[0][0]),)
            found += low
        self._at += 1
        ranges = union(*found)
        ranges = complement(ranges) if negated else ranges
        if not ranges:
            raise self._error("has a class without any character")
        return ranges

    def _at_closing_dash(self) -> bool:
        return self._pattern[self._at + 1 : self._at + 2] == "]"

    def _class_item(self) -> Ranges:
        character = self._peek()
        if not character:
            raise self._error("lacks a “]”")
        self._at += 1
        if character == "\\":
            return self._escaped()
        return ((ord(character), ord(character)),)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4
