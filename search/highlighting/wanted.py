"""Finding the tokens that a query asks for where a text's tokens are written out, one after the other."""

from __future__ import annotations

from collections.abc import Iterable

from index.engines.deadline import check
from index.query import Prefix
from search.highlighting.matching import Pattern, TokenTest, token_test

BORDER = " \n "
"""What stands between chunks whose tokens are written out: so there is a space on either side of each token."""

_MANY_TOKENS = 16  # from here on it is quicker to sort out first which of them occur


class Wanted:
    """What the leaves ask of one form."""

    _MOST_TRIED = 50_000  # tokens whose test is remembered

    def __init__(self) -> None:
        self.terms: dict[str, list[int]] = {}
        self.phrase_tokens: set[str] = set()
        self.tests: list[tuple[int, TokenTest]] = []
        self.tokens: frozenset[str] = frozenset()
        self._prefixes: list[str] = []  # to be looked for as they are
        self._other_tests: list[TokenTest] = []
        self._tried: set[str] = set()
        self._passed: set[str] = set()

    def add_test(self, number: int, leaf: Pattern) -> None:
        """Ask for the tokens that a pattern matches."""
        test = token_test(leaf)
        self.tests.append((number, test))
        if isinstance(leaf, Prefix) and leaf.prefix:
            self._prefixes.append(leaf.prefix)
        else:
            self._other_tests.append(test)

    def prepare(self) -> None:
        """Be ready for `lines`; nothing more is asked for."""
        self.tokens = frozenset(self.terms) | self.phrase_tokens

    def lines(self, written: str, before: dict[int, int]) -> list[int]:
        """The numbers of the chunks that hold a wanted token, in order.

        Args:
            written: tokens between spaces, chunks separated by `BORDER`.
            before: is told how many tokens stand before each of them, if phrases are asked for.
        """
        places: list[int] = []
        for token in self._present(written):
            _find_all(written, f" {token} ", places)
        for prefix in self._prefixes:
            _find_all(written, f" {prefix}", places)
        places.sort()
        found: list[int] = []
        line = at = 0
        start = tokens = 0  # of the line before
        for place in places:
            line += written.count("\n", at, place)
            at = place
            if not found or line > found[-1]:
                found.append(line)
                if self.phrase_tokens:
                    end = max(start, written.rfind("\n", start, place) + 1)
                    # A chunk has one space more than tokens; one without tokens is two spaces.
                    chunks, empty = written.count("\n", start, end), written.count("  ", start, end)
                    tokens += written.count(" ", start, end) - chunks - empty
                    before[line] = tokens
                    start = end
        return found

    def _present(self, written: str) -> Iterable[str]:
        """The tokens to look for; others than these are not wanted or do not occur."""
        if not self._other_tests and len(self.tokens) < _MANY_TOKENS:
            return self.tokens
        tokens = set(written.split())
        wanted = self.tokens & tokens
        if not self._other_tests:
            return wanted
        if len(self._tried) > self._MOST_TRIED:
            self._tried.clear()
            self._passed.clear()
        for token in tokens - self._tried:
            check()
            for test in self._other_tests:
                if test(token):
                    self._passed.add(token)
                    break
        self._tried |= tokens
        return wanted | (self._passed & tokens)


def _find_all(text: str, sought: str, places: list[int]) -> None:
    """Add the places where `sought` stands; two of them may share a character."""
    step = len(sought) - 1
    place = text.find(sought)
    while place >= 0:
        places.append(place)
        place = text.find(sought, place + step)
