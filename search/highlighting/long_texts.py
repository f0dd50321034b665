"""Marks in texts too long to be looked at in one go: window by window, in bounded time and memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from index.analysis.tokens import is_unsegmented
from index.query import Fuzzy, Near, Phrase, Prefix, Range, Regex, Term, Wildcard
from search.highlighting.graphemes import joined
from search.highlighting.matching import Leaf
from search.highlighting.occurrences import WORD_PIECES, Mark, Occurrences

WINDOW = 65_536
"""Characters looked at in one go; few articles are longer."""

SAMPLE_CHARACTERS = 500_000
"""How much of a very long body is looked at for snippets, from its beginning (some 50 ms)."""

MAX_PLACES = 300
"""At how many places beyond that a word is tried, found by its first letters."""

_MOST_LOOKS = 50_000  # places where the letters stand, also inside words
_ENOUGH = 2_000  # marks; a snippet needs no more to choose from
_AROUND = 400  # characters on either side of a place
_CHUNK = re.compile(r"\S+")
_TAIL = 4_096  # characters at the end of a window in which a phrase may begin that ends in the next


def scan(occurrences: Occurrences, text: str, matched: set[int]) -> list[Mark]:
    """Every occurrence in a text of any length. A phrase spread over more than 4,096 characters may be missed."""
    marks: list[Mark] = []
    for start, end in _windows(occurrences, text):
        marks += _window_marks(occurrences, text, start, end, matched)
    return sorted(set(marks))


def sample(occurrences: Occurrences, text: str, matched: set[int], bound: int) -> list[Mark]:
    """Some occurrences in a very long text, in bounded time.

    First those in the first `bound` characters, until all leaves or very many occurrences are found. Then, for each
    leaf not found, the first place further on where its first letters stand and it matches. If nothing has matched by
    then, and nothing in another field either (as `matched` tells), the first window out of ten times as many
    characters in which anything does.
    """
    marks: set[Mark] = set()
    found: set[int] = set()
    end = 0
    windows = _windows(occurrences, text)
    for start, end in windows:
        marks.update(_window_marks(occurrences, text, start, end, found))
        if len(found) == len(occurrences.numbers) or len(marks) >= _ENOUGH or end >= bound:
            break
    for number, leaf in occurrences.leaves:
        if number not in found:
            marks.update(_far_marks(occurrences, leaf, number, text, end, found))
    if occurrences.leaves and not found and not matched:
        for start, end in windows:
            marks.update(_window_marks(occurrences, text, start, end, found))
            if found or end >= 10 * bound:
                break
    matched |= found
    return sorted(marks)


def _windows(occurrences: Occurrences, text: str) -> Iterator[tuple[int, int]]:
    """Spans that cover the text and overlap so far that a phrase lies in one of them."""
    start = 0
    while start + WINDOW < len(text):
        end = _cut(text, start + WINDOW // 2, start + WINDOW)
        yield start, end
        start = _back(occurrences, text, start, end) if occurrences.reach else end
    yield start, len(text)


def _cut(text: str, least: int, most: int) -> int:
    """The best place to cut between two offsets: at white space, else between words, else anywhere."""
    cut = max(text.rfind(" ", least, most), text.rfind("\n", least, most))
    if cut < 0:
        borders = _border().finditer(text, max(least, most - _TAIL), most)
        cut = max((border.start() for border in borders), default=most)
    while cut > least and joined(text, cut):
        cut -= 1
    return cut


@cache
def _border() -> re.Pattern[str]:
    """A character that no word goes across."""
    return re.compile(f"[^{WORD_PIECES}]")


def _back(occurrences: Occurrences, text: str, start: int, end: int) -> int:
    """Where the window after [start, end) must begin for no phrase to be lost in between."""
    beginning = max(start + 1, end - _TAIL)
    reach = occurrences.reach
    for chunk in reversed(list(_CHUNK.finditer(text, beginning, end))):
        if chunk.start() == beginning:  # perhaps the end of a longer one
            break
        reach -= len(occurrences.analysis.chunk_tokens(chunk.group()))
        if reach <= 0:
            return chunk.start()
    return _cut(text, beginning - 1, beginning + _TAIL // 2) if beginning > start + 1 else end


def _window_marks(occurrences: Occurrences, text: str, start: int, end: int, matched: set[int]) -> list[Mark]:
    marks = occurrences.scan(text[start:end], matched)
    return [Mark(first + start, last + start, leaf) for first, last, leaf in marks] if start else marks


def _far_marks(
    occurrences: Occurrences, leaf: Leaf, number: int, text: str, beginning: int, found: set[int]
) -> list[Mark]:
    """Marks around the first place from `beginning` on where a leaf matches, looked for by its first letters."""
    letters = _first_letters(leaf)
    if len(letters) < 2:
        return []
    tries = MAX_PLACES
    unspaced = is_unsegmented(letters)
    for spelling in dict.fromkeys([letters, letters.capitalize(), letters.upper()]):
        looks = _MOST_LOOKS
        place = text.find(spelling, beginning)
        while place >= 0 and tries and looks:
            looks -= 1
            following = place + len(spelling)
            if unspaced or not text[place - 1].isalnum():  # where a word begins
                tries -= 1
                start = _cut(text, max(0, place - _AROUND), place) if place > _AROUND else 0
                end = min(len(text), place + _AROUND)
                end = _cut(text, following, end) if end < len(text) else end
                marks = _window_marks(occurrences, text, start, end, found)
                if number in found:
                    return marks
                following = max(following, end)
            place = text.find(spelling, following)
    return []


def _first_letters(leaf: Leaf) -> str:
    """Letters with which most words begin that the leaf matches; "" when nothing is known of them."""
    match leaf:
        case Term(_, token):
            return _stable(token)
        case Fuzzy(_, token, distance):
            return token[: max(2, len(token) - 2 * distance)]
        case Phrase(_, tokens):
            return max(map(_stable, tokens), key=len)
        case Near(_, groups):
            return max((_stable(token) for tokens in groups[0] for token in tokens), key=len, default="")
        case Prefix(_, prefix):
            return prefix
        case Wildcard(_, pattern):
            return re.split("[*?[]", pattern, maxsplit=1)[0]
        case Regex() | Range():
            return ""


def _stable(token: str) -> str:
    """A stem or word without its end, which inflection changes most."""
    stem = token.rpartition(".")[0] or token
    return stem[:-1] if len(stem) > 3 and stem.endswith(("i", "y", "e")) else stem
