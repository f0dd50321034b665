"""Patterns over single tokens: what wildcards, regular expressions and ranges of text become, and edit distance.

One meaning on every engine: a pattern is written out in the plainest terms for a library (`to_rust`) or matched by
`index.engines.automaton`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from index.errors import QueryError

MAX_PATTERN_CHARACTERS = 256
"""How long a pattern may be."""

LAST = 0x10FFFF
"""The last Unicode code point."""

_SURROGATES = (0xD800, 0xDFFF)
_BEFORE_SURROGATES, _AFTER_SURROGATES = 0xD7FF, 0xE000

Ranges = tuple[tuple[int, int], ...]
"""A set of characters: sorted, disjoint ranges of code points, both ends included."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of a set."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one after the other; none for the empty text."""

    parts: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Any one of the options."""

    options: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part at least `least` and at most `most` times (None: any number)."""

    part: Pattern
    least: int
    most: int | None


Pattern = Chars | Sequence | Choice | Repeat

ANY = Chars(((0, LAST),))
"""Any character."""

ANYTHING = Repeat(ANY, 0, None)
"""Any text, also none."""


def literal(text: str) -> Sequence:
    """The pattern that matches this text alone."""
    return Sequence(tuple(Chars(((ord(c), ord(c)),)) for c in text))


@lru_cache(maxsize=256)
def parse_wildcard(pattern: str) -> Pattern:
    """The pattern for a wildcard: `?` is one character, `*` any number. Raises `QueryError` when it is too long."""
    check_length(pattern, "wildcard")
    parts: list[Pattern] = []
    for character in pattern:
        if character == "*":
            if not parts or parts[-1] is not ANYTHING:
                parts.append(ANYTHING)
        else:
            parts.append(ANY if character == "?" else Chars(((ord(character), ord(character)),)))
    return Sequence(tuple(parts))


def literal_prefix(pattern: Pattern) -> str:
    """A text that everything `pattern` matches starts with; may be empty."""
    found = []
    for part in pattern.parts if isinstance(pattern, Sequence) else (pattern,):
        if not (isinstance(part, Chars) and len(part.ranges) == 1 and part.ranges[0][0] == part.ranges[0][1]):
            break
        found.append(chr(part.ranges[0][0]))
    return "".join(found)


def to_rust(pattern: Pattern) -> str:
    """The pattern for Rust's `regex`, with nothing but groups, repetition and classes of code points."""
    match pattern:
        case Chars(ranges):
            if ranges == ANY.ranges:
                return "(?s:.)"
            if not ranges:
                raise QueryError("a class in the regular expression holds no character")
            return f"[{''.join(_rust_range(*both) for both in ranges)}]"
        case Sequence(parts):
            return "".join(map(to_rust, parts))
        case Choice(options):
            return f"(?:{'|'.join(map(to_rust, options))})"
        case Repeat(part, least, most):
            signs = {(0, None): "*", (1, None): "+", (0, 1): "?"}
            counted = f"{{{least},{'' if most is None else most}}}"
            return f"(?:{to_rust(part)}){signs.get((least, most), counted)}"


def text_range(lower: str | None, upper: str | None) -> Pattern:
    """The pattern of all texts between two bounds, both included, by code point; None leaves a side open."""
    if lower is None and upper is None:
        return ANYTHING
    if lower is None or upper is None:
        return _at_least(lower) if lower is not None else _at_most(upper or "")
    shared = len(shared_prefix(lower, upper))
    first, rest_low, rest_high = literal(lower[:shared]), lower[shared:], upper[shared:]
    if not rest_low:
        return Sequence((first, _at_most(rest_high)))
    if not rest_high or rest_low[0] > rest_high[0]:
        return Choice(())  # the bounds are the wrong way round
    low, high = ord(rest_low[0]), ord(rest_high[0])
    options: list[Pattern] = [
        Sequence((literal(rest_low[0]), _at_least(rest_low[1:]))),
        Sequence((literal(rest_high[0]), _at_most(rest_high[1:]))),
    ]
    if high - low > 1:
        options.append(Sequence((Chars(((low + 1, high - 1),)), ANYTHING)))
    return Sequence((first, Choice(tuple(options))))


def shared_prefix(one: str, other: str) -> str:
    """What both texts start with."""
    for at, (first, second) in enumerate(zip(one, other, strict=False)):
        if first != second:
            return one[:at]
    return min(one, other, key=len)


def within_edits(one: str, other: str, most: int) -> bool:
    """Whether two texts are at most `most` edits apart: inserting, deleting or replacing a character, or swapping two
    neighbours, no character edited twice (the optimal string alignment distance)."""
    if abs(len(one) - len(other)) > most or len(set(one).difference(other)) > most:
        return False  # every character that the other lacks costs an edit
    start, end_one, end_other = 0, len(one), len(other)
    while start < end_one and start < end_other and one[start] == other[start]:
        start += 1
    while start < end_one and start < end_other and one[end_one - 1] == other[end_other - 1]:
        end_one -= 1
        end_other -= 1
    one, other = one[start:end_one], other[start:end_other]
    if not one or not other or not most:
        return len(one) + len(other) <= most
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, character in enumerate(one, 1):
        line = [row]
        for column, opposite in enumerate(other, 1):
            cost = min(above[column] + 1, line[-1] + 1, above[column - 1] + (character != opposite))
            if row > 1 and column > 1 and character == other[column - 2] and one[row - 2] == opposite:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > most and min(above) > most:
            return False
        before, above = above, line
    return above[-1] <= most


def check_length(pattern: str, kind: str) -> None:
    """Raise `QueryError` when a pattern of this kind is too long."""
    if len(pattern) > MAX_PATTERN_CHARACTERS:
        raise QueryError(f"a {kind} may have {MAX_PATTERN_CHARACTERS} characters, not {len(pattern)}")


def _at_least(lower: str) -> Pattern:
    """All texts from `lower` on."""
    options: list[Pattern] = [Sequence((literal(lower), ANYTHING))]
    for at, character in enumerate(lower):
        if ord(character) < LAST:
            options.append(Sequence((literal(lower[:at]), Chars(((ord(character) + 1, LAST),)), ANYTHING)))
    return Choice(tuple(options))


def _at_most(upper: str) -> Pattern:
    """All texts up to `upper`."""
    options: list[Pattern] = []
    for at, character in enumerate(upper):
        options.append(literal(upper[:at]))
        if ord(character):
            options.append(Sequence((literal(upper[:at]), Chars(((0, ord(character) - 1),)), ANYTHING)))
    options.append(literal(upper))
    return Choice(tuple(options))


def _rust_range(low: int, high: int) -> str:
    # Rust has no surrogates, and no token holds one.
    low = _AFTER_SURROGATES if _SURROGATES[0] <= low <= _SURROGATES[1] else low
    high = _BEFORE_SURROGATES if _SURROGATES[0] <= high <= _SURROGATES[1] else high
    if low > high:
        return ""
    return f"\\x{{{low:x}}}" if low == high else f"\\x{{{low:x}}}-\\x{{{high:x}}}"
