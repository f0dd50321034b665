"""Patterns over single tokens: what wildcards, regular expressions and ranges of text become, and edit distance.

One meaning on every engine: a pattern is written out in the plainest terms for a library (`to_rust`) or matched by
`index.engines.automaton`.
"""

from __future__ import annotations

from functools import lru_cache

from index.errors import QueryError
from index.records import record

MAX_PATTERN_CHARACTERS = 256
"""How long a pattern may be."""

LAST = 0x10FFFF
"""The last Unicode code point."""

_SURROGATES = (0xD800, 0xDFFF)
_BEFORE_SURROGATES, _AFTER_SURROGATES = 0xD7FF, 0xE000

Ranges = tuple[tuple[int, int], ...]
"""A set of characters: sorted, disjoint ranges of code points, both ends included."""


@record(frozen=True, slots=True)
class Chars:
    """One character of a set."""

    ranges: Ranges


@record(frozen=True, slots=True)
class Sequence:
    """Parts one after the other; none for the empty text."""

    parts: tuple[Pattern, ...]


@record(frozen=True, slots=True)
class Choice:
    """Any one of the options."""

    options: tuple[Pattern, ...]


@record(frozen=True, slots=True)
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

NOTHING = Choice(())
"""No text at all."""


def literal(text: str) -> Sequence:
    """The pattern that matches this text alone."""
    return Sequence(tuple(Chars(((ord(c), ord(c)),)) for c in text))


@lru_cache(maxsize=256)
def parse_wildcard(pattern: str) -> Pattern:
    """The pattern for a wildcard (see `index.query.Wildcard`). Raises `QueryError` when it is too long."""
    check_length(pattern, "wildcard")
    parts: list[Pattern] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if character == "*":
            if not parts or parts[-1] is not ANYTHING:
                parts.append(ANYTHING)
        elif character == "?":
            parts.append(ANY)
        elif character == "[" and (end := class_end(pattern, at)):
            if not (ranges := class_ranges(pattern[at : end - 1])):
                return NOTHING
            parts.append(Chars(ranges))
            at = end
        else:
            parts.append(Chars(((ord(character), ord(character)),)))
    return Sequence(tuple(parts))


def class_end(pattern: str, start: int) -> int:
    """Where the class ends whose `[` stands before `start`: the offset after its `]`; 0 when it has none."""
    first = start + pattern.startswith("!", start)
    return pattern.find("]", first + pattern.startswith("]", first)) + 1


def class_ranges(inside: str) -> Ranges:
    """The characters of a class of a wildcard; a range the wrong way round holds none."""
    negated = inside.startswith("!")
    members = class_members(inside[negated:])
    return complement(members) if negated else members


def class_members(rest: str) -> Ranges:
    """The characters that a class names, be it negated or not."""
    found: list[tuple[int, int]] = []
    while rest:
        is_range = len(rest) > 2 and rest[1] == "-"
        low, high = ord(rest[0]), ord(rest[2 if is_range else 0])
        found += [(low, high)] if low <= high else []
        rest = rest[3 if is_range else 1 :]
    return union(*found)


def union(*ranges: tuple[int, int]) -> Ranges:
    """All of these characters."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def complement(ranges: Ranges) -> Ranges:
    """All other characters."""
    found, start = [], 0
    for low, high in ranges:
        if low > start:
            found.append((start, low - 1))
        start = high + 1
    if start <= LAST:
        found.append((start, LAST))
    return tuple(found)


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


def text_range(lower: str | None, upper: str | None, *, below: bool = False) -> Pattern:
    """The pattern of all texts between two bounds, by code point; None leaves a side open.

    Both are included, unless `below` leaves the upper one out.
    """
    if lower is None and upper is None:
        return ANYTHING
    if lower is None or upper is None:
        return _at_least(lower) if lower is not None else _at_most(upper or "", below)
    shared = len(shared_prefix(lower, upper))
    first, rest_low, rest_high = literal(lower[:shared]), lower[shared:], upper[shared:]
    if not rest_low:
        rest = _at_most(rest_high, below)
        return NOTHING if rest == NOTHING else Sequence((first, rest))
    if not rest_high or rest_low[0] > rest_high[0]:
        return NOTHING  # the bounds are the wrong way round
    low, high = ord(rest_low[0]), ord(rest_high[0])
    options: list[Pattern] = [Sequence((literal(rest_low[0]), _at_least(rest_low[1:])))]
    if (rest := _at_most(rest_high[1:], below)) != NOTHING:
        options.append(Sequence((literal(rest_high[0]), rest)))
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


def _at_most(upper: str, below: bool) -> Pattern:
    """All texts up to `upper`; without itself if `below`."""
    options: list[Pattern] = []
    for at, character in enumerate(upper):
        options.append(literal(upper[:at]))
        if ord(character):
            options.append(Sequence((literal(upper[:at]), Chars(((0, ord(character) - 1),)), ANYTHING)))
    if not below:
        options.append(literal(upper))
    return Choice(tuple(options))


def _rust_range(low: int, high: int) -> str:
    # Rust has no surrogates, and no token holds one.
    low = _AFTER_SURROGATES if _SURROGATES[0] <= low <= _SURROGATES[1] else low
    high = _BEFORE_SURROGATES if _SURROGATES[0] <= high <= _SURROGATES[1] else high
    if low > high:
        return ""
    return f"\\x{{{low:x}}}" if low == high else f"\\x{{{low:x}}}-\\x{{{high:x}}}"
