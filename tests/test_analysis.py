"""Analysis: what tokens a text gives, and what holds for every text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.analysis.known_chunks import Cache
from index.analysis.shingles import sketch
from index.analysis.tokens import MAX_TOKEN_CHARACTERS, SNOWBALL, Analyzer, analyzer, fold, is_unsegmented

ENGLISH = analyzer("en")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Coolant LEAK", "coolant leak"),
        ("the U.S. and the U.S.A", "the us and the usa"),
        ("e.g. this", "eg this"),
        ("Borisov's crew's troops'", "borisov crew troops"),
        ("O'Brien don't", "obrien dont"),
        ("O’Neill’s", "oneill"),
        ("l'été d’Artagnan dell'arte", "l ete d artagnan dell arte"),
        ("Ångström café CAFÉ", "angstrom cafe cafe"),
        ("Straße STRASSE", "strasse strasse"),
        ("Łódź Øresund Đà", "lodz oresund da"),
        ("ёлка йод", "елка йод"),
        ("1,000,000 and 3.14 and 2.7.4", "1000000 and 3.14 and 2.7.4"),
        ("state-of-the-art", "state of the art"),
        ("john@example.org", "john example org"),
        ("snake_case __init__", "snake case init"),
        ("C++ and C# and F#", "c++ and c# and f#"),
        ("a+b wow++", "a b wow"),
        ("北京大学", "北京 京大 大学 学"),
        ("abc北京def", "abc 北京 京 def"),
        ("東京タワー", "東京 京タ タワ ワー ー"),
        ("हिन्दी में", "हिन्दी में"),
        ("ภาษา", "ภา าษ ษา า"),
        ("ﬁne ½", "fine 12"),
        ("— … !!", ""),
        ("to be or not to be", "to be or not to be"),
    ],
)
def test_words(text: str, words: str) -> None:
    assert ENGLISH.words(text) == unicodedata.normalize("NFC", words)


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", ["leak", "leaks", "leaked", "leaking", "Leaks'"]),
        ("de", ["Haus", "Häuser", "Häusern"]),
        ("fr", ["national", "nationale", "nationales"]),
        ("es", ["canción", "canciones", "cancion"]),
        ("ru", ["книга", "книги", "книгу"]),
    ],
)
def test_inflections_share_a_stem(language: str, forms: list[str]) -> None:
    stems = {analyzer(language).forms(form)[1] for form in forms}
    assert len(stems) == 1
    assert stems.pop().endswith(f".{language}")


def test_stems_of_different_languages_never_meet() -> None:
    assert analyzer("en").forms("news")[1] != analyzer("de").forms("new")[1]
    assert analyzer("en").forms("die")[1] != analyzer("de").forms("die")[1]


def test_numbers_and_unsegmented_text_have_no_language() -> None:
    for text in ("2022", "3.14", "北京"):
        assert analyzer("en").forms(text) == analyzer("ru").forms(text)


def test_a_language_without_a_stemmer_keeps_its_words() -> None:
    words, stems = analyzer("xx").forms("Sillä välin leaks")
    assert words == stems == "silla valin leaks"


def test_a_query_in_chinese_finds_longer_runs() -> None:
    asked = [token.word for token in ENGLISH.tokens("北京", query=True)]
    assert asked == ["北京"]
    assert " ".join(asked) in ENGLISH.words("在北京大学")


def test_offsets_point_at_the_word() -> None:
    text = "The U.S. crew's “l'été” — 北京大学, naïve."
    found = [text[token.start : token.end] for token in ENGLISH.tokens(text)]
    assert found == ["The", "U.S", "crew", "l", "été", "北京", "京大", "大学", "学", "naïve"]


TEXTS = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="aÅé's’.,-_ +#1北京ไทย\u0301\u200d\u0930\u093f İßﷺ\u00a0\n", max_size=60),
)
LANGUAGES = st.sampled_from(["", *SNOWBALL])


@given(TEXTS, LANGUAGES)
def test_all_views_of_a_text_agree(text: str, language: str) -> None:
    analysis: Analyzer = analyzer(language)
    words, stems = analysis.forms(text)
    tokens = analysis.tokens(text)
    assert [token.word for token in tokens] == words.split(" ") if words else not tokens
    assert [token.stem for token in tokens] == stems.split(" ") if stems else not tokens
    assert analysis.words(text) == words


@pytest.mark.parametrize("length", [63, 64, 65, 80, 81, 200])
def test_a_long_word_is_the_same_in_all_views(length: int) -> None:
    for language in ("en", ""):
        for word in ("Ab" * length, "a-" * length, "é" * length, "x" * length + "'s", f"({'y' * length},"):
            text = f"The {word[:length]} leaks, {word[:length]}."
            for _ in range(2):  # the second time some of it is known
                words, stems = analyzer(language).forms(text)
                tokens = analyzer(language).tokens(text)
                assert words == " ".join(token.word for token in tokens)
                assert stems == " ".join(token.stem for token in tokens)


def test_what_is_known_of_words_is_bounded_and_changes_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cache, "MOST", 5)
    texts = [f"Word{n}. The U.S. crew's {n}-day leaks, Leaking ({n})" for n in range(50)]
    small = Analyzer("en")
    assert [small.forms(text) for text in texts] == [ENGLISH.forms(text) for text in texts]
    assert len(small._stems) <= 5


LONG = [
    f"Crew {n} of the “well-known” U.S. ship’s {n},000.5 leaks, c++, 北京大学 - café {'x' * n}_{n}." for n in range(99)
]


def test_forms_and_sketch_are_those_of_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    for most in (Cache.MOST, 50):  # less than the texts have chunks
        monkeypatch.setattr(Cache, "MOST", most)
        for analysis in (Analyzer("en"), Analyzer("")):
            for text in (
                "",
                "-",
                "Coolant leaks",
                "a well-known U.S. crew - 北京大学",
                *LONG,
                " ".join(LONG),
                " ".join(LONG),
            ):
                words, stems, shingles = analysis.forms_and_sketch(text)
                assert (words, " ".join(stems)) == analysis.forms(text)
                assert shingles == sketch(words)


def test_a_text_of_many_words_is_analysed_like_its_parts() -> None:
    part = " ".join(LONG)
    words, stems, shingles = Analyzer("en").forms_and_sketch(" ".join([part] * 3))
    expected_words, expected_stems = ENGLISH.forms(part)
    assert words == " ".join([expected_words] * 3)
    assert " ".join(stems) == " ".join([expected_stems] * 3)
    assert shingles == sketch(words)


PATHS = st.builds(
    "".join,
    st.tuples(
        st.text(alphabet="aBcd1.,#/_-'+ é北s\u0301:?", max_size=20),
        st.sampled_from(["", ".md", ".MD", ".c", ".c#3", ".jsonl#012", ".x1", "/", "\n.md"]),
    ),
)


@given(PATHS, LANGUAGES)
@example("c#3.md", "en")
@example("1,000.md", "en")
@example("U.S.A.md", "en")
@example("news/c#3", "en")
def test_the_words_of_a_path_are_those_of_the_text(path: str, language: str) -> None:
    assert analyzer(language).path_words(path) == analyzer(language).words(path)


@given(TEXTS, LANGUAGES)
def test_the_forms_of_a_text_are_those_of_its_tokens(text: str, language: str) -> None:
    # Tokens are found in the text as written, forms in simpler chunks of it.
    tokens = Analyzer(language).tokens(text)
    words, stems = " ".join(token.word for token in tokens), " ".join(token.stem for token in tokens)
    assert Analyzer(language).forms(text) == (words, stems)
    found_words, found_stems, _ = Analyzer(language).forms_and_sketch(text)
    assert (found_words, list(found_stems)) == (words, stems.split())


def test_simpler_chunks_have_the_same_tokens() -> None:
    signs = [*map(chr, range(0x250)), *"‘’‚“”„†•…‰′″‹›⁄€™«»–—\u200d\u0301\u3000İΣςßŉǰΐΰﬁＡ＇KÅ北ไ"]
    for language in ("en", "fr", "tr", ""):
        analysis = Analyzer(language)
        for sign in signs:
            for text in (
                f"Ab{sign}Cd",
                f"L{sign}Été {sign}s",
                f"1{sign}000{sign}",
                f"{sign}{sign}x A{sign}B{sign}C++ Σ{sign}",
            ):
                tokens = analysis.tokens(text)
                assert analysis.forms(text)[0].split() == [token.word for token in tokens], text
                assert analysis.forms(text)[1].split() == [token.stem for token in tokens], text


@given(TEXTS, LANGUAGES)
def test_tokens_are_clean_and_in_order(text: str, language: str) -> None:
    start = 0
    for token in analyzer(language).tokens(text):
        assert start <= token.start < token.end <= len(text)
        assert 0 < len(token.word) <= MAX_TOKEN_CHARACTERS
        assert token.word == token.word.casefold()
        assert not any(character.isspace() for character in token.word + token.stem)
        start = token.start


@given(TEXTS)
def test_folding_is_stable_and_ignores_case(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    if text.isascii():
        assert fold(text.upper()) == fold(text.lower())


@given(TEXTS)
def test_a_word_of_the_text_finds_its_own_token(text: str) -> None:
    """Typed as it stands in the text, a word analyses to the token that was indexed for it."""
    for token in ENGLISH.tokens(text):
        if not is_unsegmented(token.word):
            assert token.word in [again.word for again in ENGLISH.tokens(text[token.start : token.end])]
