"""Where the leaves of a query occur in the text of one field.

A text is cut at white space into chunks, as in `index.analysis.tokens`, whose cache knows the tokens of most chunks.
They are written out one after the other, and the wanted ones looked for in that, so that nothing is done chunk by
chunk; offsets in the text are worked out only for chunks that match. A text without white space, such as Chinese, is
cut into smaller pieces first, and pieces in which no wanted pair of characters stands are never analysed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import Generic, NamedTuple, TypeVar

from index.analysis.tokens import WORD_CHARACTERS, Analyzer, is_unsegmented
from index.engines.deadline import check
from index.query import Near, Phrase, Prefix, Term
from index.schema import Form
from search.highlighting.graphemes import snap
from search.highlighting.matching import Leaf
from search.highlighting.needles import Needles
from search.highlighting.phrases import PhraseToken, PhraseTokens, phrase_spans
from search.highlighting.wanted import BORDER, Wanted

# A superset of what words are made of, joiners included: analysis never looks beyond a piece of these.
WORD_PIECES = rf"{WORD_CHARACTERS}.,'’ʼ＇+#"
_LONG_CHUNKS = 20  # characters in the mean; beyond that a text is taken to be written without spaces
# Characters that folding leaves as they are, and that analysis pairs up or (digits) keeps together.
_PLAIN = "0-9\u4e00-\u9fff\u3041-\u3096\u30a1-\u30fa\u30fc\uac00-\ud7a3"
_NUMBER = re.compile("[0-9]+")
_MARGIN = 12  # characters for each word of a phrase that are looked at on either side of one of its words

_STEM = Form.STEM

Value = TypeVar("Value")


class Mark(NamedTuple):
    """One place where a leaf of the query matched.

    Attributes:
        start, end: the span, in characters of the text.
        leaf: which leaf of the query, as an index into `Highlighter.leaves`; the first of those that match here.
    """

    start: int
    end: int
    leaf: int


class Occurrences:
    """Finds the leaves of a query that may occur in a field. For one language; keep it to one thread."""

    def __init__(self, leaves: Iterable[tuple[int, Leaf]], analysis: Analyzer) -> None:
        self.analysis = analysis
        self.leaves = [(number, leaf) for number, leaf in leaves if _can_occur(leaf, analysis.language)]
        self.numbers = frozenset(number for number, _ in self.leaves)
        self.reach = 0  # how many tokens the longest phrase may span
        self._phrases: list[tuple[int, Phrase | Near]] = []
        self._wanted: dict[Form, Wanted] = {}
        self._characters: dict[int, str] = {}  # leaves that ask for one character of an unspaced script: not its pair
        for number, leaf in self.leaves:
            wanted = self._wanted.setdefault(leaf.form, Wanted())
            match leaf:
                case Term():
                    wanted.terms.setdefault(leaf.token, []).append(number)
                case Phrase():
                    wanted.phrase_tokens.update(leaf.tokens)
                    self._phrases.append((number, leaf))
                    self.reach = max(self.reach, len(leaf.tokens) + leaf.slop)
                case Near():
                    wanted.phrase_tokens.update(token for group in leaf.groups for tokens in group for token in tokens)
                    self._phrases.append((number, leaf))
                    longest = sum(max(map(len, group), default=0) for group in leaf.groups)
                    self.reach = max(self.reach, longest + leaf.apart)
                case _:
                    wanted.add_test(number, leaf)
                    if isinstance(leaf, Prefix) and len(leaf.prefix) == 1 and is_unsegmented(leaf.prefix):
                        self._characters[number] = leaf.prefix
        for wanted in self._wanted.values():
            wanted.prepare()
        self._has_tests = any(wanted.tests for wanted in self._wanted.values())
        self._has_others = bool(self._has_tests or self._phrases)
        self._words, self._stems = (
            self._wanted[form].tokens if form in self._wanted else frozenset() for form in (Form.WORD, Form.STEM)
        )
        self._needles = Needles.of([leaf for _, leaf in self.leaves], analysis.language)
        self._found = _Cache(self._in_chunk)

    def scan(self, text: str, matched: set[int]) -> list[Mark]:
        """Every occurrence in `text`, sorted by place; adds the numbers of all leaves that match to `matched`."""
        if not self._wanted or not text:
            return []
        if self._needles and (chunks := self._needles.chunks(text)) is not None:
            if not chunks:
                return []
            marks = self._around(text, chunks, matched) if self._phrases else self._in_chunks(text, chunks, matched)
            if marks is not None:
                return marks
        return self._word_by_word(text, matched)

    def _in_chunks(self, text: str, chunks: list[tuple[int, str]], matched: set[int]) -> list[Mark]:
        """The marks in these chunks, given with their offsets."""
        marks: list[Mark] = []
        found = self._found
        for start, chunk in chunks:
            for first, last, leaves in found[chunk][0]:
                marks.append(Mark(start + first, start + last, leaves[0]))
                matched.update(leaves)
        return marks if text.isascii() else [_snapped(text, mark) for mark in marks]

    def _around(self, text: str, chunks: list[tuple[int, str]], matched: set[int]) -> list[Mark] | None:
        """The marks of words in these chunks and of phrases of which at least one word is; None if not certain."""
        windows: list[tuple[int, int]] = []
        margin = _MARGIN * self.reach
        for start, chunk in chunks:
            end = start + len(chunk)
            least = text.rfind(" ", 0, start - margin) + 1 if start > margin else 0
            most = text.find(" ", end + margin)
            most = len(text) if most < 0 else most
            if (least and self._is_short(text[least:start])) or (most < len(text) and self._is_short(text[end:most])):
                return None
            if windows and least <= windows[-1][1]:
                windows[-1] = (windows[-1][0], most)
            else:
                windows.append((least, most))
        marks: list[Mark] = []
        for least, most in windows:
            for start, end, leaf in self._chunk_by_chunk(text[least:most], matched):
                marks.append(Mark(start + least, end + least, leaf))
        return marks

    def _is_short(self, text: str) -> bool:
        """Whether a phrase may span more words than these."""
        return sum(map(len, map(self.analysis.chunk_tokens, text.split()))) < self.reach

    def _chunk_by_chunk(self, text: str, matched: set[int]) -> list[Mark]:
        """The same as `_word_by_word`, quicker for a few words between white space."""
        words, stems, has_tests = self._words, self._stems, self._has_tests
        chunk_tokens = self.analysis.chunk_tokens
        marks: list[Mark] = []
        places: PhraseTokens = {}
        before: list[int] = []
        tokens = end = 0
        for number, chunk in enumerate(text.split()):
            start = text.index(chunk, end)
            end = start + len(chunk)
            before.append(tokens)
            analysed = chunk_tokens(chunk)
            tokens += len(analysed)
            for word, stem, _, _ in analysed:
                if word in words or stem in stems or has_tests:  # a leaf may ask for it
                    self._take(chunk, number, start, marks, matched, places)
                    break
        if places:
            marks += self._phrase_marks(text, before, places, matched)
            marks.sort()
        return marks if text.isascii() else [_snapped(text, mark) for mark in marks]

    def _take(
        self,
        chunk: str,
        number: int,
        start: int,
        marks: list[Mark],
        matched: set[int],
        places: PhraseTokens,
    ) -> None:
        """Add the marks and the places in phrases of a chunk that begins at `start`."""
        found, in_phrases = self._found[chunk]
        for first, last, leaves in found:
            marks.append(Mark(start + first, start + last, leaves[0]))
            matched.update(leaves)
        for key, local, first, last in in_phrases:
            places.setdefault(key, []).append(PhraseToken(number, local, start + first, start + last))

    def _word_by_word(self, text: str, matched: set[int]) -> list[Mark]:
        chunks = text.split()
        starts: Sequence[int] | None = None
        plain = False
        if not text.isascii() and (len(text) > _LONG_CHUNKS * len(chunks) or _is_unspaced(text)):
            pieces = list(_piece().finditer(text))
            chunks, starts = [piece.group() for piece in pieces], [piece.start() for piece in pieces]
            plain = all(not wanted.tests for wanted in self._wanted.values())
        before: dict[int, int] = {}
        candidates = self._candidates(chunks, plain, before)
        if not candidates:
            return []
        starts = _locate(text, chunks, candidates) if starts is None else [starts[number] for number in candidates]
        marks: list[Mark] = []
        places: PhraseTokens = {}
        for number, start in zip(candidates, starts, strict=True):
            self._take(chunks[number], number, start, marks, matched, places)
        if places:
            counts = list(itertools.accumulate(self._plain_counts(chunks), initial=0)) if plain else before
            marks += self._phrase_marks(text, counts, places, matched)
            marks.sort()
        return marks if text.isascii() else [_snapped(text, mark) for mark in marks]

    def _candidates(self, chunks: list[str], plain: bool, before: dict[int, int]) -> list[int]:
        """The numbers of the chunks that hold a token some leaf asks for, in order.

        For those that phrases may need, `before` is told how many tokens stand before them, unless `plain`.
        """
        numbers: Sequence[int] = range(len(chunks))
        some = chunks
        if plain:
            might = self._might_match.search
            numbers = [number for number, chunk in enumerate(chunks) if might(chunk)]
            some = list(map(chunks.__getitem__, numbers))
        found = [
            wanted.lines(f" {BORDER.join(self.analysis.chunk_forms(some, form))} ", before)
            for form, wanted in self._wanted.items()
        ]
        lines = found[0] if len(found) == 1 else sorted(set().union(*found))
        return [numbers[line] for line in lines] if plain else lines

    @cached_property
    def _might_match(self) -> re.Pattern[str]:
        """Finds something in every piece that holds a wanted token; only for leaves that name their tokens."""
        tokens = [
            token for wanted in self._wanted.values() for token in wanted.tokens if _plain_piece().fullmatch(token)
        ]
        return re.compile("|".join([f"[^{_PLAIN}]", *tokens]))

    def _in_chunk(self, chunk: str) -> _Found:
        """What one chunk holds: spans with the leaves that match there, and tokens that phrases ask for."""
        if not self._words and not self._has_others:  # nothing but stems, which is the usual case
            terms = self._wanted[_STEM].terms
            found = [
                (start, end + _full_stop(chunk, word, start, end), tuple(terms[stem]))
                for word, stem, start, end in self.analysis.chunk_tokens(chunk)
                if stem in terms
            ]
            return tuple(found), ()
        check()
        found, in_phrases = [], []
        for local, token in enumerate(self.analysis.chunk_tokens(chunk)):
            leaves: list[int] = []
            word, stem, start, end = token
            end += _full_stop(chunk, word, start, end)
            for form, wanted in self._wanted.items():
                text = stem if form is _STEM else word
                if text in wanted.terms:
                    leaves += wanted.terms[text]
                if wanted.tests:
                    leaves += [number for number, test in wanted.tests if test(text)]
                if text in wanted.phrase_tokens:
                    in_phrases.append(((form, text), local, start, end))
            if leaves:
                leaves.sort()
                if self._characters:
                    begun = self._characters.get(leaves[0], "")
                    if begun and chunk.startswith(begun, start) and self._characters.keys() >= set(leaves):
                        end = start + len(begun)
                found.append((start, end, tuple(leaves)))
        return tuple(found), tuple(in_phrases)

    def _phrase_marks(
        self,
        text: str,
        before: Sequence[int] | Mapping[int, int],
        places: PhraseTokens,
        matched: set[int],
    ) -> list[Mark]:
        """Marks of phrases; `before` says how many tokens stand before a chunk."""
        marks: list[Mark] = []
        for number, phrase in self._phrases:
            check()
            if spans := phrase_spans(text, phrase, places, before):
                matched.add(number)
                marks += [Mark(start, end, number) for start, end in spans]
        return marks

    def _plain_counts(self, chunks: list[str]) -> Iterable[int]:
        """How many tokens each piece of a text without spaces has."""
        tokens, is_plain = self.analysis.chunk_tokens, _plain_piece().fullmatch
        return [len(_NUMBER.sub("0", chunk)) if is_plain(chunk) else len(tokens(chunk)) for chunk in chunks]


_Found = tuple[
    tuple[tuple[int, int, tuple[int, ...]], ...],  # spans in the chunk, and all leaves that match each
    tuple[tuple[tuple[Form, str], int, int, int], ...],  # tokens of phrases, their numbers and spans in the chunk
]


class _Cache(dict[str, Value], Generic[Value]):
    """A dictionary that computes what it lacks, and starts anew when it has grown large."""

    _MOST = 50_000

    def __init__(self, compute: Callable[[str], Value]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, text: str) -> Value:
        if len(self) >= self._MOST:
            self.clear()
        value = self[text] = self._compute(text)
        return value


def _full_stop(chunk: str, word: str, start: int, end: int) -> bool:
    """Whether the full stop after a word is a part of it, as the last one of U.S. is."""
    return chunk.startswith(".", end) and "." in chunk[start:end] and word.isalpha()


def _can_occur(leaf: Leaf, language: str) -> bool:
    """Whether a leaf can match in a language: stems of others never do."""
    tokens = (leaf.token,) if isinstance(leaf, Term) else leaf.tokens if isinstance(leaf, Phrase) else ()
    if leaf.form is not Form.STEM:
        return leaf.form is Form.WORD
    if isinstance(leaf, Near):
        return all(any(_are_in(language, tokens) for tokens in group) for group in leaf.groups)
    return _are_in(language, tokens)


def _are_in(language: str, stems: Iterable[str]) -> bool:
    return all(_stem_language(stem) in ("", language) for stem in stems)


def _stem_language(stem: str) -> str:
    """The language code a stem ends with, or ""; numbers such as 3.5 have none."""
    code = stem.rpartition(".")[2] if "." in stem else ""
    return "" if code.isnumeric() else code


# Compiled when first needed: they take milliseconds that most searches need not pay.
@cache
def _piece() -> re.Pattern[str]:
    return re.compile(f"[{WORD_PIECES}]+")


@cache
def _plain_piece() -> re.Pattern[str]:
    return re.compile(f"[{_PLAIN}]+")


def _is_unspaced(text: str) -> bool:
    """Whether it seems to be written without spaces; a guess that only decides which way is faster."""
    return any("\u0e01" <= character < "\u2000" or "\u3041" <= character <= "\u9fff" for character in text[:200:7])


def _locate(text: str, chunks: list[str], candidates: list[int]) -> list[int]:
    """The offsets of some of a text's chunks.

    Between two candidates no other chunk equals the second, so the first place where it stands alone is its own.
    """
    starts = []
    position = 0
    for number in candidates:
        chunk = chunks[number]
        position = text.find(chunk, position)
        while not (
            (position == 0 or text[position - 1].isspace())
            and (position + len(chunk) == len(text) or text[position + len(chunk)].isspace())
        ):
            position = text.find(chunk, position + 1)
        starts.append(position)
        position += len(chunk)
    return starts


def _snapped(text: str, mark: Mark) -> Mark:
    start, end, leaf = mark
    if (
        text[start] < "\u0300"
        and (start == 0 or text[start - 1] < "\u0300")
        and text[end - 1] < "\u0300"
        and (end == len(text) or text[end] < "\u0300")
    ):
        return mark
    return Mark(*snap(text, start, end), leaf)
