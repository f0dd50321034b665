"""Where a text may be cut or marked without splitting what a reader sees as one character.

A working subset of the grapheme clusters of Unicode Standard Annex #29: combining marks, joiners, emoji modifiers,
Hangul syllables in parts, and conjuncts of Indic and South-East Asian scripts. When in doubt characters stay together.
"""

from __future__ import annotations

import unicodedata

_MOST_MARKS = 32  # on one character that are looked through
_ZERO_WIDTH_JOINER = "\u200d"
# Besides the marks (categories Mn, Mc, Me): letters and symbols that belong to what comes before them.
_TRAILING = frozenset("\u0e33\u0eb3\uff9e\uff9f\u200c\u200d")
# Signs that kill a vowel and so join the consonants on either side.
_VIRAMAS = frozenset(
    "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2\u1a60\u1b44\ua8c4\ua9c0\uaaf6\uabed"
)
# Signs that belong to what comes after them, such as the Arabic number sign.
_PREPENDED = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd")


def snap(text: str, start: int, end: int) -> tuple[int, int]:
    """The smallest span around [start, end) that begins and ends between grapheme clusters."""
    while 0 < start < len(text) and joined(text, start):
        start -= 1
    while 0 < end < len(text) and joined(text, end):
        end += 1
    return start, end


def joined(text: str, at: int) -> bool:
    """Whether the characters before and after an offset (not an end of the text) belong together."""
    after = text[at]
    before = text[at - 1]
    if after < "\u0300" and before < "\u0300":
        return before == "\r" and after == "\n"
    return (
        _trails(after)
        or _leads(before, after)
        or (_is_hangul(before) and _is_hangul_part(after))
        or (_is_leading_hangul(before) and _is_hangul(after))
        or (_trails(before) and after.isalpha() and _follows_virama(text, at))
    )


def _trails(character: str) -> bool:
    """Whether a character belongs to what comes before it."""
    if character < "\u0300":
        return False
    return (
        character in _TRAILING
        or unicodedata.category(character) in ("Mn", "Mc", "Me")
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # tags, as in the flag of Scotland
    )


def _leads(before: str, after: str) -> bool:
    """Whether a character belongs to what comes after it."""
    if before in _PREPENDED:
        return True
    if before == _ZERO_WIDTH_JOINER:
        return not after.isspace()
    # A pair of regional indicators is a flag. Every two of them are kept together, so a row of flags is not cut.
    return "\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff"


def _follows_virama(text: str, at: int) -> bool:
    """Whether one of the marks just before an offset joins the consonants on either side of them."""
    for place in range(at - 1, max(-1, at - _MOST_MARKS), -1):
        if text[place] in _VIRAMAS:
            return True
        if not _trails(text[place]):
            return False
    return False


def _is_leading_hangul(character: str) -> bool:
    return "\u1100" <= character <= "\u115f" or "\ua960" <= character <= "\ua97c"


def _is_hangul(character: str) -> bool:
    return "\u1100" <= character <= "\u11ff" or "\ua960" <= character <= "\ua97c" or "\uac00" <= character <= "\ud7fb"


def _is_hangul_part(character: str) -> bool:
    """Whether it is a conjoining letter that may continue a syllable."""
    return "\u1100" <= character <= "\u11ff" or "\ua960" <= character <= "\ua97c" or "\ud7b0" <= character <= "\ud7fb"
