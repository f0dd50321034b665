"""Corrections of a query: its misspelled words as people write them, from the words of the index.

A word that no article holds is taken for misspelled if there are words like it. One that a few hold is, too, if a
common word is like it and all that is known of it looks like a slip (see `is_slip`). Only the index is asked.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeGuard

from index import query as algebra
from index.analysis.tokens import Token, analyzer
from index.document import Document
from index.engines.contract import Searcher
from index.query import Query
from search.advice.relax import REWORD, Respell, Variant, leaves, variants
from search.advice.spelling import Correction, Speller, can_be_misspelled
from search.lowering.whole_query import matching_query
from search.query_language import syntax
from search.query_language.syntax import Node

if TYPE_CHECKING:
    from search.advice.doctor import Asked

MAX_CORRECTED = 4
"""How many words of a query are corrected at most."""

PLAUSIBLE = 2.5
"""A correction so many powers of ten less likely than the best is none."""

RARE = 2
"""In so many articles or fewer, a word may be a slip of the pen."""

COMMON = 10
"""In so many articles at least there must be the word that a slip is taken for,"""

RATIO = 25
"""and in so many times more than the slip."""

LEAST_LETTERS_OF_A_SLIP = 5
"""Shorter words have too many neighbours."""

MOST_EDITS_OF_A_SLIP = 1.0

_SHOWN = 3  # corrections of a word
_CONTEXT_WORDS = 6
_ENDING = 2  # letters in which inflections differ
_LOOKED_AT = 3  # articles in which to see how a word is written
_CHARACTERS = 50_000  # of each


def respell(asked: Asked) -> Respell:
    """Other spellings for the leaves of a query that match nothing, and for two words that are one."""
    corrector = _Corrector(asked)

    def spellings(node: Node) -> Sequence[Variant]:
        if isinstance(node, syntax.Conjunction):
            return list(corrector.joined(node))
        return corrector.spellings(node)

    return spellings


def common_neighbours(asked: Asked, complete: int) -> Iterator[Variant]:
    """The query with its likeliest slip corrected, if that finds far more than the `complete` hits it has."""
    corrector = _Corrector(asked)
    found: list[tuple[float, Variant]] = []
    for leaf in leaves(asked.tree):
        if not _is_word(leaf) or leaf.exact or asked.count(leaf) > RARE:
            continue
        tokens = analyzer("").tokens(leaf.text, query=True)
        if len(tokens) != 1 or len(tokens[0].word) < LEAST_LETTERS_OF_A_SLIP:
            continue
        for correction in corrector.slips(leaf, tokens[0].word):
            for variant in variants(asked.tree, corrector.only(leaf, tokens[0], correction)):
                if variant.corrects and asked.count(variant.tree) >= max(COMMON, RATIO * complete):
                    found.append((correction.score, variant))
    yield from (variant for _, variant in sorted(found, key=lambda pair: -pair[0])[:1])


def is_slip(word: str, documents: int, meant: Correction, languages: Sequence[str]) -> bool:
    """Whether a word of `documents` articles looks like a slip for a common one.

    It must be far rarer, one likely edit away, not in the first letter, and no inflection: not of the same stem, and
    different before its last letters.
    """
    text = meant.text
    return (
        meant.edits <= MOST_EDITS_OF_A_SLIP
        and meant.documents >= max(COMMON, RATIO * documents)
        and " " not in text
        and word[0] == text[0]
        and word[:-_ENDING] != text[: len(word) - _ENDING]
        and not any(analyzer(each).stem(word) == analyzer(each).stem(text) for each in languages)
    )


class _Corrector:
    """The corrections of one query."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._known: dict[Node, list[Variant]] = {}

    def spellings(self, leaf: Node) -> list[Variant]:
        """The leaf in other spellings, if nothing matches it."""
        if not (_is_word(leaf) or isinstance(leaf, syntax.Quoted)) or not _has_words(leaf.field):
            return []
        known = self._known.get(leaf)
        if known is None:
            if len(self._known) >= MAX_CORRECTED:
                return []
            known = self._known[leaf] = [] if self._asked.count(leaf) else list(self._spellings(leaf))
        return known

    def _spellings(self, leaf: syntax.Word | syntax.Quoted) -> Iterator[Variant]:
        speller = self._speller(leaf.field)
        context = self._context(leaf)
        for token in analyzer("").tokens(leaf.text, query=True):
            if speller.documents(token.word):
                continue
            found = speller.corrections(token.word, context)
            for rank, correction in enumerate(found[:_SHOWN]):
                if correction.score >= found[0].score - PLAUSIBLE:
                    yield self._variant(leaf, token, correction, rank)

    def slips(self, leaf: syntax.Word, word: str) -> Iterator[Correction]:
        """What a rare word may be a slip for: the likeliest, if it is not written like a word of its own."""
        if not _has_words(leaf.field) or not can_be_misspelled(word):
            return
        speller = self._speller(leaf.field)
        documents = self._asked.count(leaf)
        found = speller.corrections(word, None, most=8)
        likely = [each for each in found if is_slip(word, documents, each, self._asked.languages)]
        if likely and not _is_established(self._asked.searcher, speller.query(word), word):
            yield likely[0]

    def only(self, leaf: Node, token: Token, correction: Correction) -> Respell:
        """A respelling of one leaf and no other."""

        def spellings(node: Node) -> Sequence[Variant]:
            if node is leaf and isinstance(node, syntax.Word):
                return [self._variant(node, token, correction, 0)]
            return []

        return spellings

    def joined(self, node: syntax.Conjunction) -> Iterator[Variant]:
        """The conjunction with two neighbouring words as one."""
        for at, (one, other) in enumerate(itertools.pairwise(node.children)):
            if not (_is_word(one) and _is_word(other)) or one.field != other.field or not _has_words(one.field):
                continue
            folded = analyzer("").words(one.text + other.text)
            if not can_be_misspelled(folded) or not self._speller(one.field).documents(folded):
                continue
            text = self._written(one.field, folded)
            span = one.span[0], other.span[1]
            word = syntax.Word(text, one.field, False, span)
            rest = [*node.children[:at], word, *node.children[at + 2 :]]
            change = _change(text, f"{one.text} {other.text}")
            yield Variant(syntax.conjunction(rest), REWORD, change, corrects=True, position=span)

    def _variant(self, leaf: syntax.Word | syntax.Quoted, token: Token, correction: Correction, rank: int) -> Variant:
        written = " ".join(self._written(leaf.field, word) for word in correction.text.split())
        text = leaf.text[: token.start] + written + leaf.text[token.end :]
        node: Node = replace(leaf, text=text)
        if isinstance(leaf, syntax.Word) and " " in text:
            node = syntax.conjunction([replace(leaf, text=word) for word in text.split()])
        return Variant(node, REWORD * 0.9 + rank / 20, _change(text, leaf.text), True, leaf.span)

    def _speller(self, name: str | None) -> Speller:
        spellers = self._asked.spellers  # which take long to learn the words of a large index
        if name not in spellers:
            spellers[name] = Speller(self._asked.searcher, name)
        return spellers[name]

    def _context(self, leaf: Node) -> Query | None:
        """What articles with the right word are likely to match: the other words, all of them or any."""
        others = [each for each in leaves(self._asked.tree) if each != leaf and _is_word(each)]
        clauses = [matching_query(each, self._asked.languages) for each in others if self._asked.count(each)]
        if not clauses:
            return None
        every = algebra.And(tuple(clauses[:_CONTEXT_WORDS]))
        return every if self._asked.total(every) else algebra.Or(every.clauses)

    def _written(self, name: str | None, word: str) -> str:
        """A word of the index as articles mostly write it."""
        page = self._asked.searcher.search(self._speller(name).query(word), limit=_LOOKED_AT).page
        forms = Counter(form for match in page for form in _forms(match.stored, word))
        # One in lower case, if there is any: another may only begin a sentence or stand in a title.
        best = max(forms, key=lambda form: (form == form.lower(), forms[form], form), default=word)
        return best if syntax.canonical(syntax.Word(best)) == best and best not in syntax.OPERATORS else word


def _change(text: str, instead_of: str) -> str:
    return f"“{text}” instead of “{instead_of}”"


def _is_word(node: Node) -> TypeGuard[syntax.Word]:
    return isinstance(node, syntax.Word)


def _has_words(name: str | None) -> bool:
    """Whether a field holds words that people write."""
    return name in (None, "text", "title", "author", "body", "extra")


def _is_established(searcher: Searcher, query: Query, word: str) -> bool:
    """Whether a rare word stands more than once in an article, in a title, or with a capital: no slip does."""
    for match in searcher.search(query, limit=RARE).page:
        forms = list(_forms(match.stored, word))
        in_title = word in analyzer("").words(Document.from_stored(match.stored).title).split()
        if len(forms) > 1 or in_title or any(form != form.lower() for form in forms):
            return True
    return False


def _forms(stored: str, word: str) -> Iterator[str]:
    """A folded word as a document writes it, each time it does."""
    document = Document.from_stored(stored)
    for text in (document.title, *document.authors, document.body[:_CHARACTERS]):
        for token in analyzer("").tokens(text):
            if token.word == word and (form := text[token.start : token.end]):
                yield form
