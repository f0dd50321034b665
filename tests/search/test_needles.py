"""The quick way to marks gives exactly what looking at every word gives."""

from __future__ import annotations

import pytest
import Stemmer
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.tokens import analyzer
from index.query import Fuzzy, Near, Phrase, Prefix, Term
from index.schema import Form
from search.highlighting.matching import Leaf
from search.highlighting.needles import Needles
from search.highlighting.occurrences import Occurrences


def stem(word: str) -> Term:
    return Term("text", analyzer("en").stem(word), Form.STEM)


def found(text: str, *leaves: Leaf) -> list[str] | None:
    needles = Needles.of(leaves, "en")
    assert needles is not None
    chunks = needles.chunks(text)
    return None if chunks is None else [chunk for _, chunk in chunks]


def test_words_that_may_match_are_found_with_what_stands_around_them() -> None:
    text = 'The "leak", bleak; LEAKING\nleaked—so: coolants.'
    assert found(text, stem("leak")) == ['"leak",', "bleak;", "LEAKING", "leaked—so:"]
    assert found(text, stem("leak"), Prefix("body", "cool")) == [
        '"leak",', "bleak;", "LEAKING", "leaked—so:", "coolants.",
    ]  # fmt: skip
    assert found(text, stem("zebra")) == []
    assert found("nasA, N.A.S.A.: no", Term("body", "nasa", Form.WORD)) is None
    assert found("nasA, nonasa: no", Term("body", "nasa", Form.WORD)) == ["nasA,", "nonasa:"]
    assert found("éclair at\u2003nasa\u2003or n\u00e1sa no", Term("body", "nasa", Form.WORD)) == [
        "éclair", "nasa", "n\u00e1sa",
    ]  # fmt: skip
    assert found("“nasA”?\tno\n\nNASA\xa0NAsa… no", Term("body", "nasa", Form.WORD)) == ["“nasA”?", "NASA", "NAsa…"]
    assert found(text, Phrase("body", ("so", "coolants"))) == ["coolants."]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("NA.SA and N'asa", id="letters with something between them"),
        pytest.param("éclair " * 70 + "nasa", id="many letters with accents"),
        pytest.param("nasa " * 50, id="too many"),
    ],
)
def test_what_is_not_certain_is_left_to_a_look_at_every_word(text: str) -> None:
    assert found(text, Term("body", "nasa", Form.WORD)) is None


@pytest.mark.parametrize(
    "leaf",
    [
        stem("die"),
        Term("body", "c++", Form.WORD),
        Term("body", "café", Form.WORD),
        Term("body", "leck.de", Form.STEM),
        Prefix("body", "le"),
        Fuzzy("body", "leaks"),
        Phrase("body", ("to", "be")),
    ],
)
def test_some_leaves_need_a_look_at_every_word(leaf: Leaf) -> None:
    assert Needles.of([stem("coolant"), leaf], "en") is None


ENDINGS = st.sampled_from(
    "s es ed ing ingly edly ly er y ies ied ying ational ator ancy ence ably ibility ization alism ality fulness "
    "ousness iveness ivity ology ically fully less icity ness ement ment ion ee".split()
)
LETTERS = st.text("abcdefghilmnoprstuvyz", min_size=1, max_size=7)


@given(st.lists(st.tuples(LETTERS, ENDINGS, ENDINGS), max_size=20))
def test_every_english_word_holds_the_letters_of_its_stem(parts: list[tuple[str, str, str]]) -> None:
    stemmer = Stemmer.Stemmer("english")
    for begun, *ends in parts:
        for word in (begun, begun + ends[0], begun + ends[0] + ends[1]):
            leaf = Term("text", f"{stemmer.stemWord(word)}.en", Form.STEM)
            if needles := Needles.of([leaf], "en"):
                assert needles.chunks(word) == [(0, word)]


WORDS = st.sampled_from(
    ["leak", "leaks", "Leaking", "LEAKED", "lEak", "bleak", "coolant", "le'ak", "U.S.", "l.e.a.k", "leak’s", "1,000",
     "leak—coolant", "Zoë", "coolant", "— — —", "coolant leak", "coolant a leak",
     "\tleak", "leak\xa0coolant", "hoping", "hopes", "long-leak", "a_leak", "leak.coolant",
     "léak", "coolânt", "u.ś.", "leak\u2003coolant", "冷却剂leak", "ﬁlm", "1\u202f000", "who? leak?coolant", "€1,000"]
)  # fmt: skip
LEAVES = st.sampled_from(
    [stem("leak"), stem("coolant"), stem("hope"), Term("body", "leaks", Form.WORD), Prefix("body", "leak"),
     Term("body", "1000", Form.WORD), Term("text", "us.en", Form.STEM), Phrase("body", ("coolant", "leak")),
     Phrase("text", ("coolant.en", "leak.en"), 2, Form.STEM), Phrase("body", ("leaks", "hoping", "us"), 1),
     Near("body", ((("coolant",),), (("leak",), ("hopes",))), 3, Form.WORD),
     Near("body", ((("leak.en",),), (("hope.en",), ("coolant.en",))), 2)]
)  # fmt: skip


@given(st.lists(WORDS, min_size=25, max_size=60), st.lists(LEAVES, min_size=1, max_size=3))
def test_the_marks_are_those_of_a_look_at_every_word(words: list[str], leaves: list[Leaf]) -> None:
    quick, slow = (Occurrences(enumerate(dict.fromkeys(leaves)), analyzer("en")) for _ in range(2))
    slow._needles = None
    text = " ".join([*words, *["filler"] * 20])
    matched: tuple[set[int], set[int]] = (set(), set())
    assert quick.scan(text, matched[0]) == slow.scan(text, matched[1])
    assert matched[0] == matched[1]
