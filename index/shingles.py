"""Sketches of texts, by which near-duplicates find each other: agency copies, updated versions, reprints.

A text is seen as the set of its shingles, runs of SHINGLE_WORDS words (Broder 1997, "On the resemblance and containment
of documents"). Only those that begin with an anchor word are looked at, one word in ANCHOR_EVERY, chosen by its hash,
so that the same passages are looked at in every text. The sketch holds the SKETCH_SIZE of them with the smallest
hashes (bottom-k sketching, Cohen and Kaplan 2007): texts that share most shingles share most of their sketches.

An index holds each hash of the sketch as a token, so that the texts that share some are found as documents are found by
words; `resemblance` then compares what was found as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress
from zlib import crc32

SHINGLE_WORDS = 4
"""Words in a shingle: fewer are shared by chance, of more an edited word breaks too many."""

SKETCH_SIZE = 8
"""Hashes that a sketch holds at most."""

SHARED = 2
"""How many hashes two sketches must share for their texts to be compared at all."""

ANCHOR_EVERY = 8
"""Of how many words one is an anchor, in texts of SHORT_WORDS words or more."""

SHORT_WORDS = 48
"""In shorter texts every word is an anchor."""

MAX_WORDS = 20_000
"""Words of a text that are looked at, from its beginning."""

TOKEN_CHARACTERS = 8
"""Length of a token of a sketch: a hash of 32 bits in hexadecimal digits."""


_MARK = ',"sketch":"'  # no text in JSON holds it, since quotation marks are escaped there


def with_sketch(json: str, tokens: Sequence[str]) -> str:
    """A document's JSON with its sketch as the last key, where `stored_sketch` finds it without parsing."""
    return f'{json[:-1]}{_MARK}{"".join(tokens)}"}}'


def stored_sketch(stored: str) -> frozenset[str]:
    """The tokens of the sketch in what an index stores for a document; none where it has none."""
    start = stored.rfind(_MARK, -(SKETCH_SIZE * TOKEN_CHARACTERS + len(_MARK) + 2))
    if start < 0:
        return frozenset()
    digits = stored[start + len(_MARK) : -2]
    return frozenset([digits[at : at + TOKEN_CHARACTERS] for at in range(0, len(digits), TOKEN_CHARACTERS)])


class _Anchors(dict[str, bool]):
    """Whether words are anchors, as far as has been asked."""

    _MOST = 400_000

    def __missing__(self, word: str) -> bool:
        is_anchor = crc32(word.encode("utf-8", "surrogatepass")) % ANCHOR_EVERY == 0
        if len(self) >= self._MOST:
            self.clear()
        self[word] = is_anchor
        return is_anchor


_anchors = _Anchors()


def sketch(words: str | list[str]) -> list[str]:
    """The sketch of a text: tokens in rising order; none for a text with fewer words than a shingle has.

    Args:
        words: the text's folded words, joined by single spaces or one by one.
    """
    listed = words.split(" ", MAX_WORDS) if isinstance(words, str) else words
    hashes = {crc32(shingle.encode("utf-8", "surrogatepass")) for shingle in _shingles(listed, sampled=True)}
    return [f"{value:08x}" for value in sorted(hashes)[:SKETCH_SIZE]]


def resemblance(first: str, second: str) -> float:
    """How much of one text is in the other, 0 to 1: the shingles that both hold, as a share of the smaller set's.

    Broder's containment of the text with fewer shingles in the other, so that a story resembles its longer version.
    """
    one, other = (frozenset(_shingles(text.split(" ", MAX_WORDS), sampled=False)) for text in (first, second))
    fewer = min(len(one), len(other))
    return len(one & other) / fewer if fewer else 0.0


def _shingles(words: list[str], *, sampled: bool) -> list[str]:
    words = words[:MAX_WORDS]
    last = len(words) - SHINGLE_WORDS
    starts: Iterable[int] = range(last + 1)
    if sampled and len(words) >= SHORT_WORDS:
        starts = compress(starts, map(_anchors.__getitem__, words))
    return [" ".join(words[at : at + SHINGLE_WORDS]) for at in starts]
