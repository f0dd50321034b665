"""A quick way to the places where words may match: by letters that every such word holds.

Finding a few letters in a text is many times faster than cutting the text into words and looking each of them up. It
gives candidates, which are then analysed as always. Where it is not certain that nothing was missed, it gives up, and
the text is looked at word by word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.query import Near, Phrase, Prefix, Term
from index.schema import Form
from search.matching import Leaf

_SHORTEST = 3  # letters; fewer stand in too many words
_MOST_PLACES = 32  # of some letters; with more, word by word is quicker
_DROPPED = b"'.,"  # analysis joins what stands on both sides: U.S., 1,000, don't
# What else may stand in a text: no letters, nor anything that analysis would make letters of.
_HARMLESS = "’“”‘—–…\xa0•"
_SMALL = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz")


class Needles:
    """Looks for the words that some leaves may match in texts of one language."""

    def __init__(self, letters: Iterable[str]) -> None:
        self._needles = [
            (needle.encode(), tuple(dict.fromkeys([needle, needle.capitalize(), needle.upper()])))
            for needle in dict.fromkeys(letters)
        ]

    @classmethod
    def of(cls, leaves: Iterable[Leaf], language: str) -> Needles | None:
        """The needles for these leaves, or None if the words of one of them need hold no certain letters."""
        letters = [_letters(leaf, language) for leaf in leaves]
        return cls(letters) if letters and all(len(each) >= _SHORTEST for each in letters) else None

    def chunks(self, text: str) -> list[tuple[int, str]] | None:
        """What stands between white space where a leaf may match, with its offset, in order; None if not certain."""
        plain = text.encode("ascii", "ignore")
        if len(plain) != len(text) and not _is_harmless(text, len(text) - len(plain)):
            return None
        # As analysis sees it: every word that matches holds its needle in here.
        joined = plain.translate(_SMALL, _DROPPED)
        places: list[int] = []
        for needle, spellings in self._needles:
            standing = _places(joined, needle)
            if not standing:
                continue
            if len(standing) > _MOST_PLACES:
                return None
            found = _moved(standing, plain.lower(), needle) if len(plain) == len(text) else _spelled(text, spellings)
            if len(found) != len(standing):
                return None
            places += found
        if not places:
            return []
        if len(self._needles) > 1:
            places.sort()
        chunks: list[tuple[int, str]] = []
        after = -1
        for place in places:
            if place < after:
                continue
            start = text.rfind(" ", 0, place) + 1
            start = text.rfind("\n", start, place) + 1 or start
            after = text.find(" ", place)
            after = len(text) if after < 0 else after
            line = text.find("\n", place, after)
            after = after if line < 0 else line
            chunk = text[start:after]
            if len(chunk.split()) != 1:  # there is other white space
                return None
            chunks.append((start, chunk))
        return chunks


def _is_harmless(text: str, others: int) -> bool:
    """Whether so many characters beyond ASCII, which are all there are, are none that analysis makes letters of."""
    for character in _HARMLESS:
        others -= text.count(character)
        if not others:
            return True
    return False


def _places(text: bytes, needle: bytes) -> list[int]:
    """Where the needle stands, without overlap; no more than a few beyond the most."""
    found: list[int] = []
    place = text.find(needle)
    while place >= 0 and len(found) <= _MOST_PLACES:
        found.append(place)
        place = text.find(needle, place + len(needle))
    return found


def _moved(places: Sequence[int], text: bytes, needle: bytes) -> list[int]:
    """Where the needle stands in a text, given its places without the characters dropped from it; fewer if in one of
    them something was dropped from its middle."""
    found: list[int] = []
    end = 0
    for place in places:
        place = text.find(needle, max(place, end))
        if place < 0:
            break
        found.append(place)
        end = place + len(needle)
    return found


def _spelled(text: str, spellings: tuple[str, ...]) -> list[int]:
    """Where one of the spellings stands, without overlap."""
    found = []
    for spelling in spellings:
        place = text.find(spelling)
        while place >= 0:
            found.append(place)
            place = text.find(spelling, place + len(spelling))
    found.sort()
    apart: list[int] = []
    for place in found:
        if not apart or place >= apart[-1] + len(spellings[0]):
            apart.append(place)
    return apart


def _letters(leaf: Leaf, language: str) -> str:
    """Letters in a row that stand, in either case, in every word (of a phrase, in one of its words) that a leaf
    matches; "" if none are certain."""
    match leaf:
        case Term(_, token, form):
            return _stable(token, form, language)
        case Phrase(_, tokens, _, form):
            return max((_stable(token, form, language) for token in tokens), key=len)
        case Near(_, groups, _, form):  # what stands in one place for certain
            certain = [token for group in groups if len(group) == 1 for token in group[0]]
            return max((_stable(token, form, language) for token in certain), key=len, default="")
        case Prefix(_, prefix, form):
            return _stable(prefix, form, language)
        case _:
            return ""


def _stable(token: str, form: Form, language: str) -> str:
    letters = token
    if form is Form.STEM:
        if language != "en" or not token.endswith(".en"):
            return ""
        # English stems are words without their end, of which the last letter may have changed: hope from hoping,
        # happi from happy, sensibl from sensibility; or the last two: die from dying.
        letters = token[:-5] if token.endswith("ie.en") else token[:-4]
    return letters if letters.isascii() and letters.isalnum() else ""
