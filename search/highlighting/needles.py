"""A quick way to the places where words may match: by letters that every such word holds.

Finding a few letters in a text is many times faster than cutting the text into words and looking each of them up. It
gives candidates, which are then analysed as always. Where it is not certain that nothing was missed, it gives up, and
the text is looked at word by word.
"""

from __future__ import annotations

from collections.abc import Iterable

from index.query import Near, Phrase, Prefix, Term
from index.schema import Form
from search.highlighting.matching import Leaf

_SHORTEST = 3  # letters; fewer stand in too many words
_MOST_PLACES = 32  # of some letters; with more, word by word is quicker
_MOST_OTHERS = 8  # characters beyond ASCII whose words are looked at; with more, word by word is quicker
# What else may stand in a text: no letters, nor anything that analysis would make letters of.
_HARMLESS = "’“”‘—–…\xa0•"
# Analysis joins what stands on both sides of these: U.S., 1,000, don't. The question mark stands for what is harmless.
_DROPPED = b"'.,?"


class Needles:
    """Looks for the words that some leaves may match in texts of one language."""

    def __init__(self, letters: Iterable[str]) -> None:
        self._needles = [needle.encode() for needle in dict.fromkeys(letters)]

    @classmethod
    def of(cls, leaves: Iterable[Leaf], language: str) -> Needles | None:
        """The needles for these leaves, or None if the words of one of them need hold no certain letters."""
        letters = [_letters(leaf, language) for leaf in leaves]
        return cls(letters) if letters and all(len(each) >= _SHORTEST for each in letters) else None

    def chunks(self, text: str) -> list[tuple[int, str]] | None:
        """What stands between white space where a leaf may match, with its offset, in order; None if not certain."""
        small = text.encode("ascii", "replace").lower()  # one byte for each character
        others = [] if text.isascii() or _is_harmless(text) else _others(text, small)
        if len(others) > _MOST_OTHERS:
            return None
        # As analysis sees it: every word that matches holds its needle in here.
        joined = small.translate(None, _DROPPED)
        places = others  # nothing is certain of what holds them
        for needle in self._needles:
            count = joined.count(needle)
            if count > _MOST_PLACES:
                return None
            place = -len(needle)
            for _ in range(count):
                place = small.find(needle, place + len(needle))
                if place < 0:  # in one of them something was dropped from its middle
                    return None
                places.append(place)
        places.sort()
        chunks: list[tuple[int, str]] = []
        after = -1
        for place in places:
            if place < after:
                continue
            start = text.rfind(" ", 0, place) + 1
            after = text.find(" ", place)
            chunk = text[start:after] if after >= 0 else text[start:]
            if len(chunk.split(None, 1)) > 1:  # there is other white space
                begun, ended = _run_around(chunk, place - start)
                start, chunk = start + begun, chunk[begun:ended]
            after = start + len(chunk)
            chunks.append((start, chunk))
        return chunks


def _run_around(text: str, place: int) -> tuple[int, int]:
    """Where what stands between white space around a place begins and ends."""
    before, after = text[:place], text[place:]
    begun = len(before.rsplit(None, 1)[-1]) if before and not before[-1].isspace() else 0
    return place - begun, place + len(after.split(None, 1)[0])


def _is_harmless(text: str) -> bool:
    """Whether what is beyond ASCII in a text is nothing that analysis makes letters of."""
    others = len(text) - len(text.encode("ascii", "ignore"))
    for character in _HARMLESS:
        others -= text.count(character)
        if not others:
            return True
    return False


def _others(text: str, small: bytes) -> list[int]:
    """Where what is beyond ASCII in a text may be more than harmless; no more places than one beyond the most."""
    found: list[int] = []
    place = small.find(b"?")
    while place >= 0 and len(found) <= _MOST_OTHERS:
        character = text[place]
        if character > "\x7f" and character not in _HARMLESS and not character.isspace():
            found.append(place)
        place = small.find(b"?", place + 1)
    return found


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
