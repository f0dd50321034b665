"""Spelling: the words of an index that a misspelled word may stand for. No dictionary, only what people wrote.

The noisy channel (Kernighan, Church and Gale, "A spelling correction program based on a noisy channel model",
COLING 1990): of all words c, the best for a written w is

    argmax over c of  P(c) * P(w | c)

P(c) is taken from how many documents hold c; where other words of the query are known, from how many of these hold c,
too (Church and Gale, "Probability scoring for spelling correction", 1991, use neighbouring words so):

    P(c) ~ joint(c) + CONTEXT_FREE * documents(c)

P(w | c) falls by a factor of 10**SHARPNESS with every edit that makes w of c: a character inserted, left out or
replaced, or two neighbours swapped (Damerau, "A technique for computer detection and correction of spelling errors",
CACM 1964). Edits that people make often cost less than one, whatever their keyboard: a letter doubled or not, two
letters swapped, one vowel for another. The first letter is rarely wrong (Yannakoudakis and Fawthrop, "The rules of
spelling errors", 1983), so it costs more, and counts as the only error.

Words of scripts written without spaces are pairs of characters here, not words, and are left alone.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable

from index import query as algebra
from index.analysis.tokens import is_unsegmented
from index.engines.contract import Searcher
from index.engines.deadline import checked
from index.engines.patterns import within_edits
from index.query import Query
from index.records import record
from index.schema import SCHEMA, Form
from search.lowering.clause import WRITTEN_FIELDS

SHARPNESS = 2.0
"""How many times rarer, as a power of ten, a word with one edit more is."""

CONTEXT_FREE = 0.02
"""How much a document that holds a word counts if it holds none of the others."""

DOUBLED, SWAPPED, VOWEL = 0.7, 0.8, 0.8
FIRST_LETTER = 0.6  # on top

LEAST_LETTERS = 4
"""Shorter words are near to too many others to be told what they stand for."""

TWO_EDITS_FROM = 7
"""Letters that a word must have for two edits. Shorter ones are allowed one."""

LEAST_SCORE = -3.0
"""The least score without context. Two full edits thus need a word of ten documents, a wrong first letter one of two;
otherwise a rare word is as likely to be another word that just looks like it."""

MAX_LETTERS = 40
"""Longer words are left alone."""

MAX_WORDS = 50_000
"""Of how many words with one first letter, the commonest, neighbours are looked for."""

_RANKED = 300  # neighbours whose edits are weighed, the commonest
_SPLITS = 6  # ways to part a word that are looked up as phrases
_VOWELS = frozenset("aeiouyаеиоуыэюяієїαειουηω")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@record(frozen=True, slots=True)
class Correction:
    """What a misspelled word may stand for.

    Attributes:
        text: a word of the index (or two, parted by a space), in lower case and without accents.
        documents: how many documents hold it, about.
        edits: what the edits cost, about 1 each.
        score: the decimal logarithm of how likely it is, compared with others for the same word.
    """

    text: str
    documents: int
    edits: float
    score: float


class Speller:
    """Spelling by the words of one index, in some of its fields."""

    def __init__(self, searcher: Searcher, field: str | None = None) -> None:
        """
        Args:
            searcher: the index.
            field: whose words to go by; None for those of titles, authors and bodies.
        """
        self._searcher = searcher
        fields = WRITTEN_FIELDS if field in (None, "text") else (field or "",)
        self._fields = [name for name in fields if Form.WORD in SCHEMA.by_name[name].indexed_forms()]
        self._beginning: dict[str, dict[str, int]] = {}
        self._found: dict[str, list[Correction]] = {}

    def documents(self, word: str) -> int:
        """How many documents hold a word, in the field that most hold it in."""
        return max((self._searcher.doc_freq(field, Form.WORD, word) for field in self._fields), default=0)

    def corrections(self, word: str, context: Query | None = None, most: int = 5) -> list[Correction]:
        """What a word may stand for, the likeliest first: words like it, and two words that it runs together.

        Args:
            word: folded, as the index holds words.
            context: what documents with the right word are likely to match.
            most: how many to give.
        """
        if not can_be_misspelled(word):
            return []
        if word not in self._found:
            alike = (*self._alike(word), *self._parted(word))
            self._found[word] = [each for each in alike if each.score >= LEAST_SCORE]
        found = self._found[word]
        best = heapq.nlargest(2 * most, found, key=lambda each: (each.score, each.text))
        if context is not None:
            best = [self._in_context(each, context) for each in best]
        return sorted(best, key=lambda each: (-each.score, each.text))[:most]

    def query(self, text: str) -> Query:
        """Documents that hold a word, or two side by side."""
        words = tuple(text.split())
        clauses: list[Query] = []
        for field in self._fields:
            if len(words) == 1:
                clauses.append(algebra.Term(field, words[0], Form.WORD))
            else:
                clauses.append(algebra.Phrase(field, words, 0, Form.WORD))
        return clauses[0] if len(clauses) == 1 else algebra.Or(tuple(clauses))

    def _in_context(self, each: Correction, context: Query) -> Correction:
        joint = self._count(algebra.And((self.query(each.text), context)))
        score = math.log10(joint + CONTEXT_FREE * each.documents) - SHARPNESS * each.edits
        return Correction(each.text, each.documents, each.edits, score)

    def _count(self, query: Query) -> int:
        return self._searcher.search(query, limit=0).total

    def _alike(self, word: str) -> Iterable[Correction]:
        counts = dict(self._near(word, self._words(word[0])))
        counts |= self._first_letter_wrong(word)
        commonest = heapq.nlargest(_RANKED, counts.items(), key=lambda item: (item[1], item[0]))
        for text, documents in commonest:
            yield _correction(text, documents, edit_cost(word, text))

    def _near(self, word: str, words: dict[str, int]) -> Iterable[tuple[str, int]]:
        distance = 2 if len(word) >= TWO_EDITS_FROM else 1
        letters = frozenset(word)
        shortest, longest = len(word) - distance, len(word) + distance
        as_long = [item for item in words.items() if shortest <= len(item[0]) <= longest]
        return (
            (text, documents)
            for text, documents in checked(as_long)
            if len(letters.difference(text)) <= distance  # quick: an edit changes one letter for another at most
            and len(set(text).difference(letters)) <= distance
            and text != word
            and text.isalpha()
            and within_edits(word, text, distance)
        )

    def _words(self, first: str) -> dict[str, int]:
        """The words that begin with a letter, and how many documents hold each."""
        known = self._beginning.get(first)
        if known is None:
            known = self._beginning[first] = {}
            for field in self._fields:
                for word, documents in self._searcher.commonest(field, Form.WORD, first, limit=MAX_WORDS):
                    if documents > known.get(word, 0):
                        known[word] = documents
        return known

    def _first_letter_wrong(self, word: str) -> dict[str, int]:
        """Words that differ in the first letter alone, by one edit, looked up one by one."""
        rest = word[1:]
        letters = set(_LETTERS if word.isascii() else "").union(word, *list(self._words(word[0]))[:500])
        guesses = {rest, word[1] + word[0] + word[2:]}
        for letter in letters:
            guesses |= {letter + rest, letter + word}
        guesses = {guess for guess in guesses if guess[0] != word[0] and guess.isalpha()}
        return {guess: count for guess in guesses if (count := self.documents(guess))}

    def _parted(self, word: str) -> Iterable[Correction]:
        """The word as two, if they stand side by side somewhere."""
        ways = []
        for at in range(2, len(word) - 1):
            if (before := self.documents(word[:at])) and (after := self.documents(word[at:])):
                ways.append((min(before, after), f"{word[:at]} {word[at:]}"))
        for _, text in heapq.nlargest(_SPLITS, ways):
            if documents := self._count(self.query(text)):
                yield _correction(text, documents, 1.0)


def can_be_misspelled(word: str) -> bool:
    """Whether a folded word is one of letters, neither too short nor too long, in a script that has words."""
    return LEAST_LETTERS <= len(word) <= MAX_LETTERS and word.isalpha() and not is_unsegmented(word)


def edit_cost(written: str, meant: str) -> float:
    """What it costs to write `written` for `meant`: about 1 an edit, less for likely ones, more for the first letter.

    The optimal string alignment distance with weights.
    """
    before: list[float] = []
    above = [0.0]
    for column, letter in enumerate(meant):
        above.append(above[-1] + _missing(meant, column) + FIRST_LETTER * (column == 0) * (letter != written[:1]))
    for row, letter in enumerate(written):
        extra = FIRST_LETTER if row == 0 else 0.0
        line = [above[0] + _missing(written, row) + extra]
        for column, wanted in enumerate(meant):
            first = FIRST_LETTER if row == 0 and column == 0 else 0.0
            cost = min(
                above[column] + (0.0 if letter == wanted else _replaced(letter, wanted) + first),
                above[column + 1] + _missing(written, row),
                line[column] + _missing(meant, column),
            )
            if row and column and letter == meant[column - 1] and written[row - 1] == wanted and letter != wanted:
                cost = min(cost, before[column - 1] + SWAPPED + (FIRST_LETTER if row == 1 and column == 1 else 0.0))
            line.append(cost)
        before, above = above, line
    return above[-1]


def _missing(text: str, at: int) -> float:
    """What it costs to leave out the letter at `at`, or to have put it in."""
    return DOUBLED if at and text[at] == text[at - 1] else 1.0


def _replaced(letter: str, wanted: str) -> float:
    return VOWEL if letter in _VOWELS and wanted in _VOWELS else 1.0


def _correction(text: str, documents: int, edits: float) -> Correction:
    return Correction(text, documents, edits, math.log10(documents) - SHARPNESS * edits)
