"""Sketches of texts, by which near-duplicates find each other: agency copies, updated versions, reprints.

A text is seen as the set of its shingles, runs of SHINGLE_WORDS words (Broder 1997, "On the resemblance and containment
of documents"). Only those that begin with an anchor word are looked at, one word in ANCHOR_EVERY, chosen by its hash,
so that the same passages are looked at in every text. The sketch holds the SKETCH_SIZE of them with the smallest
hashes (bottom-k sketching, Cohen and Kaplan 2007): texts that share most shingles share most of their sketches.

An index holds each hash of the sketch as a token, so that the texts that share some are found as documents are found by
words; `resemblance` then compares what was found as a whole.
"""

from __future__ import annotations

import re
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


_TOKEN = re.compile(f".{{{TOKEN_CHARACTERS}}}")
_MARK = ',"sketch":"'  # no text in JSON holds it, since quotation marks are escaped there


def with_sketch(json: str, tokens: Sequence[str]) -> str:
    """A document's JSON with its sketch as the last key, where `stored_sketch` finds it without parsing."""
    return f'{json[:-1]}{_MARK}{"".join(tokens)}"}}'


def stored_sketch(stored: str) -> list[str]:
    """The tokens of the sketch in what an index stores for a document, rising; none where it has none."""
    start = stored.rfind(_MARK, -(SKETCH_SIZE * TOKEN_CHARACTERS + len(_MARK) + 2))
    if start < 0:
        return []
    return _TOKEN.findall(stored, start + len(_MARK), len(stored) - 2)


def is_anchor(word: str) -> bool:
    """Whether shingles that begin with this word are looked at."""
    return crc32(word.encode("utf-8", "surrogatepass")) % ANCHOR_EVERY == 0


def sketch(words: str | Sequence[str], anchors: Iterable[object] | None = None) -> list[str]:
    """The sketch of a text: tokens in rising order; none for a text with fewer words than a shingle has.

    Args:
        words: the text's folded words, joined by single spaces or one by one.
        anchors: for each word whether it is an anchor, if that is known.
    """
    listed = words.split(" ", MAX_WORDS) if isinstance(words, str) else words
    if len(listed) < SHORT_WORDS:
        anchors = None
    elif anchors is None:
        anchors = map(is_anchor, listed)
    hashes = {crc32(shingle.encode("utf-8", "surrogatepass")) for shingle in _shingles(listed, anchors)}
    return [f"{value:08x}" for value in sorted(hashes)[:SKETCH_SIZE]]


def resemblance(first: str, second: str) -> float:
    """How much of one text is in the other, 0 to 1: the shingles that both hold, as a share of the smaller set's.

    Broder's containment of the text with fewer shingles in the other, so that a story resembles its longer version.
    """
    one, other = (frozenset(_shingles(text.split(" ", MAX_WORDS))) for text in (first, second))
    fewer = min(len(one), len(other))
    return len(one & other) / fewer if fewer else 0.0


def _shingles(words: Sequence[str], anchors: Iterable[object] | None = None) -> list[str]:
    """The shingles of a text in order: all, or those that begin with one of the anchors."""
    if len(words) > MAX_WORDS:
        words = words[:MAX_WORDS]
    starts: Iterable[int] = range(len(words) - SHINGLE_WORDS + 1)
    if anchors is not None:
        starts = compress(starts, anchors)
    return [" ".join(words[at : at + SHINGLE_WORDS]) for at in starts]
