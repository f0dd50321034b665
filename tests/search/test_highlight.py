"""Marks: exactly what matched, whatever the query, the field and the script."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis.columns import analyse
from index.analysis.tokens import Token, analyzer
from index.document import Document
from index.query import (
    And,
    AndMaybe,
    Boost,
    Everything,
    Fuzzy,
    Near,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Query,
    Range,
    Regex,
    Term,
    Wildcard,
)
from index.schema import SCHEMA, Form
from search.highlighting import long_texts
from search.highlighting.highlight import DocumentMarks, Highlighter
from search.highlighting.occurrences import Mark
from tests.brute_force import matches
from tests.search.plain_matching import covers, matched_tokens, positive


def marked(query: Query, text: str, language: str = "en") -> list[str]:
    """What is marked in a body."""
    return [text[start:end] for start, end in Highlighter(query).spans("body", text, language)]


def stem(word: str, language: str = "en") -> Term:
    return Term("text", analyzer(language).stem(word), Form.STEM)


CASES = [
    pytest.param(stem("leak"), "Leaks, leaking: a LEAK leaked.", ["Leaks", "leaking", "LEAK", "leaked"], id="stems"),
    pytest.param(stem("leak"), "bleak leak's oleak", ["leak"], id="no part of a word"),
    pytest.param(Term("body", "leaks", Form.WORD), "leak leaks", ["leaks"], id="exact word"),
    pytest.param(Term("title", "leak", Form.WORD), "leak", [], id="another field"),
    pytest.param(stem("us"), "the U.S. and us, U.S.", ["U.S.", "us", "U.S."], id="acronym"),
    pytest.param(Term("body", "3.5", Form.WORD), "3.5. us.", ["3.5"], id="no full stop after a number"),
    pytest.param(stem("crew"), "the crew's rest", ["crew"], id="possessive"),
    pytest.param(stem("cafe"), "Un Café, CAFE\u0301!", ["Café", "CAFE\u0301"], id="accents, composed or not"),
    pytest.param(stem("term"), "long-term plan", ["term"], id="part of a hyphenated word"),
    pytest.param(stem("1000"), "1,000 metres", ["1,000"], id="thousands"),
    pytest.param(Phrase("body", ("coolant", "leak")), "a coolant leak; leak of coolant", ["coolant leak"], id="phrase"),
    pytest.param(Phrase("body", ("coolant", "leak")), "coolant — leak", ["coolant — leak"], id="phrase over a dash"),
    pytest.param(Phrase("body", ("coolant", "leak")), "coolant\n\nleak", ["coolant", "leak"], id="phrase over lines"),
    pytest.param(Phrase("body", ("long", "term")), "long-term and long", ["long-term"], id="phrase in one chunk"),
    pytest.param(Phrase("body", ("a", "b"), 1), "a x b. a x x b. b a", ["a", "b"], id="slop"),
    pytest.param(Phrase("body", ("a", "a")), "a b a a", ["a a"], id="the same word twice"),
    pytest.param(
        Phrase("text", ("coolant.en", "leak.en"), 0, Form.STEM),
        "Coolants leaking",
        ["Coolants leaking"],
        id="stem phrase",
    ),
    pytest.param(
        Near("body", ((("a",), ("d",)), (("b",),)), 1, Form.WORD),
        "a x b. a x x x b. b x d. d b a a",
        ["a", "b", "a", "b", "d", "d", "b", "a", "a"],
        id="near",
    ),
    pytest.param(
        Near("body", ((("to", "be"),), (("not",),)), 1, Form.WORD),
        "to be or not to be, to x be not, not a to be",
        ["to be", "not", "to be", "not", "to be"],
        id="near a phrase",
    ),
    pytest.param(Near("body", ((("a",),), (("a",),)), 0, Form.WORD), "a b a a", ["a", "a"], id="near itself"),
    pytest.param(
        Range("body", "b", "d", above=True, below=True), "b bb d da c", ["bb", "c"], id="range without its ends"
    ),
    pytest.param(Wildcard("body", "l[ea]*[!s]"), "leak leaks lake lick", ["leak", "lake"], id="classes"),
    pytest.param(Prefix("body", "cool"), "cool coolant uncool", ["cool", "coolant"], id="prefix"),
    pytest.param(Wildcard("body", "l*k?"), "leaks leak lks", ["leaks", "lks"], id="wildcard"),
    pytest.param(Regex("body", "le[ae](k|f)s?"), "leaks leek leafy", ["leaks", "leek"], id="regex"),
    pytest.param(Fuzzy("body", "leak"), "laek lean peaks leaks", ["laek", "lean", "leaks"], id="fuzzy"),
    pytest.param(Fuzzy("body", "leak", 1, 1), "peak lean", ["lean"], id="fuzzy with a fixed beginning"),
    pytest.param(Range("body", "b", "d"), "a b cc d da", ["b", "cc", "d"], id="range of words"),
    pytest.param(And((stem("a"), Not(stem("b")))), "a b", ["a"], id="nothing below Not"),
    pytest.param(AndMaybe(stem("a"), Boost(stem("b"), 2.0)), "a b c", ["a", "b"], id="what only ranks"),
    pytest.param(Or((stem("a"), Term("lang", "en", Form.RAW))), "a en", ["a"], id="no filter on whole values"),
    pytest.param(And((Everything(), Range("date", 1, 2, Form.RAW))), "date 1 2", [], id="only filters"),
    pytest.param(Nothing(), "nothing", [], id="nothing"),
]


@pytest.mark.parametrize(("query", "text", "expected"), CASES)
def test_marks_what_matched(query: Query, text: str, expected: list[str]) -> None:
    assert marked(query, text) == expected


@pytest.mark.parametrize(
    ("language", "query", "text", "expected"),
    [
        ("zh", And((Term("text", "冷却"), Term("text", "却剂"))), "飞船冷却剂泄漏，冷却系统", ["冷却剂", "冷却"]),
        ("zh", Phrase("body", ("北京", "京大", "大学")), "北京大学。在北京的大学", ["北京大学"]),
        ("zh", Prefix("body", "学"), "大学生，学", ["学", "学"]),
        ("ja", Term("text", "ガス"), "天然ガスの使用", ["ガス"]),
        ("de", stem("Häuser", "de"), "Das Haus, die Häuser, der Häusermann", ["Haus", "Häuser"]),
        ("ru", stem("утечка", "ru"), "Утечки газа; утечкой", ["Утечки", "утечкой"]),
        ("fr", stem("avion", "fr"), "l'avion et d’avions", ["avion", "avions"]),
    ],
)
def test_marks_in_other_languages(language: str, query: Query, text: str, expected: list[str]) -> None:
    assert marked(query, text, language=language) == expected


def test_stems_of_another_language_never_match() -> None:
    assert marked(stem("leak", "de"), "leak leaks") == []


@pytest.mark.parametrize("text", ["ก็อป นี้ ว่า", "한\u11a8국 어", "ｶﾞｽ管", "กำลัง", "က္ကမ္ဘာ", "e\u0301\u0302x"])
def test_no_mark_begins_or_ends_inside_what_reads_as_one_character(text: str) -> None:
    joining = "\u0e33\u0e47\u0e48\u0e49\u11a8\uff9e\u0301\u0302\u102c\u1039\u103b"
    for token in analyzer("").tokens(text):
        for start, end in Highlighter(Term("body", token.word, Form.WORD)).spans("body", text, ""):
            assert text[start] not in joining
            assert end == len(text) or text[end] not in joining


def test_a_document_is_marked_field_by_field() -> None:
    document = Document(
        source="a.md",
        title="A Leak in Space",
        authors=("Ann Leak", "Bo Hansen"),
        body="The leak grew. Hansen saw it.",
        language="en",
        url="https://example.org/leaks/2022",
    )
    query = Or((stem("leak"), Term("author", "hansen", Form.WORD), Term("url", "leaks", Form.WORD), stem("tank")))
    highlighter = Highlighter(query)
    marks = highlighter.mark(document)
    assert marks.title == ((2, 6),)
    assert marks.authors == (((4, 8),), ((3, 9),))
    assert marks.body == (Mark(4, 8, 0),)
    assert marks.body_spans == ((4, 8),)
    assert marks.matched == {0, 1, 2}
    assert highlighter.lacks(marks) == (3,)


def test_lacking_clauses_are_those_of_the_outermost_conjunction() -> None:
    first, second, third = stem("alpha"), Phrase("body", ("beta", "gamma")), stem("delta")
    query = Boost(And((Or((first, third), 2), second, Not(third), Range("date", 1, 2, Form.RAW))), 2.0)
    highlighter = Highlighter(query)
    assert highlighter.clauses == query.clause.clauses  # type: ignore[union-attr]
    document = Document(source="a", body="alpha, gamma beta", language="en")
    assert highlighter.lacks(highlighter.mark(document)) == (0, 1)


def test_rare_words_weigh_more_than_common_ones() -> None:
    frequencies = {"the.en": 90, "leak.en": 3, "coolant": 2}
    query = Or((Term("text", "the.en"), Term("text", "leak.en"), Phrase("body", ("coolant", "leak.en")), stem("none")))
    weights = Highlighter(query).weights(lambda field, form, token: frequencies.get(token, 0), 100)
    assert list(weights) == sorted(weights)
    assert all(weight > 0 for weight in weights)


def test_no_index_and_no_query_gives_no_marks() -> None:
    assert Highlighter(And(())).mark(Document(source="a", title="t", body="b")) == DocumentMarks(
        (), (), (), frozenset()
    )


WORDS = st.sampled_from(
    ["leak", "leaks", "leaking", "Leak's", "coolant", "the", "The", "of", "to", "be", "U.S.", "café", "cafes", "3.5",
     "long-term", "a_b", "—", "don't", "C++", "北京大学", "大学，北京2024年", "人", "ガス管", "l'avion"]
)  # fmt: skip
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from([" ", "  ", "\n\n", ", ", ". "])), max_size=30).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
VOCABULARY = sorted(
    {token for word in ["leaks leaking coolant the of to be us café 3.5 long term a b dont c++ 北京大学 2024年 人 ガス"]
     for token in [each.word for each in analyzer("en").tokens(word)]}
)  # fmt: skip
FIELDS = st.sampled_from(["body", "title", "author"])
TOKENS = st.sampled_from(VOCABULARY)
GROUPS = st.lists(st.lists(TOKENS, min_size=1, max_size=2).map(tuple), min_size=1, max_size=2).map(tuple)
LEAVES: st.SearchStrategy[Query] = st.one_of(
    TOKENS.map(lambda token: Term("text", analyzer("en").tokens(token)[0].stem)),
    st.builds(Term, FIELDS, TOKENS, st.just(Form.WORD)),
    st.builds(Phrase, FIELDS, st.lists(TOKENS, min_size=2, max_size=3).map(tuple), st.integers(0, 3)),
    st.builds(
        Near,
        FIELDS,
        st.tuples(GROUPS, GROUPS),
        st.integers(0, 5),
        st.just(Form.WORD),
    ),
    st.builds(Prefix, FIELDS, TOKENS.map(lambda token: token[:2])),
    st.builds(Wildcard, FIELDS, st.sampled_from(["l*k", "?a*", "*", "c*t", "t?", "北*", "*a*s*"])),
    st.builds(Regex, FIELDS, st.sampled_from(["l.*g", "(of|to)+", "[a-c].*", "大?学?"])),
    st.builds(Fuzzy, FIELDS, TOKENS, st.integers(1, 2), st.integers(0, 2)),
    st.builds(Range, FIELDS, TOKENS, st.none() | TOKENS),
)
QUERIES: st.SearchStrategy[Query] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda clauses: And(tuple(clauses))),
        st.lists(inner, min_size=1, max_size=3).map(lambda clauses: Or(tuple(clauses))),
        st.builds(AndMaybe, inner, inner),
        st.builds(Boost, inner, st.just(2.0)),
        st.builds(Not, inner),
    ),
    max_leaves=5,
)


def has_not(query: Query) -> bool:
    match query:
        case Not():
            return True
        case And(clauses) | Or(clauses):
            return any(map(has_not, clauses))
        case AndMaybe(required, optional):
            return has_not(required) or has_not(optional)
        case Boost(clause, _):
            return has_not(clause)
        case _:
            return False


@settings(max_examples=300)
@given(QUERIES, TEXTS, TEXTS, st.sampled_from(["leak", "Ann Leak"]))
def test_marks_agree_with_the_plain_definition(query: Query, title: str, body: str, author: str) -> None:
    document = Document("a", title=title, authors=(author,), body=body, language="en")
    highlighter = Highlighter(query)
    for field, text in {"title": title, "author": author, "body": body}.items():
        check_spans(highlighter, query, field, text, "en")
    found = highlighter.mark(document)
    columns = analyse(document, SCHEMA)
    assert {highlighter.leaves[number] for number in found.matched} == {
        leaf for leaf in positive(query) if matches(leaf, columns)
    }
    if matches(query, columns) and not has_not(query):
        assert found.title or found.body or any(found.authors)
        assert not isinstance(query, And) or highlighter.lacks(found) == ()


def check_spans(highlighter: Highlighter, query: Query, field: str, text: str, language: str) -> None:
    expected = {
        token for leaf in positive(query) if covers(leaf, field) for token in matched_tokens(leaf, text, language)
    }
    spans = highlighter.spans(field, text, language)
    previous = -1
    for start, end in spans:
        assert previous < start < end <= len(text)
        previous = end
        assert start in {token.start for token in expected}
        assert end in {token.end for token in expected}
        for token in analyzer(language).tokens(text):
            assert token in expected or token.end <= start or token.start >= end or is_beside(token, expected)
    for token in expected:
        assert any(start <= token.start and token.end <= end for start, end in spans)


def is_beside(token: Token, expected: set[Token]) -> bool:
    """Whether it is a pair of characters that shares one with a marked pair."""
    return any(other.start < token.end and token.start < other.end for other in expected)


@settings(max_examples=60)
@given(QUERIES, TEXTS, st.integers(40, 120))
def test_windows_find_the_same_as_one_look(query: Query, body: str, window: int) -> None:
    whole = Highlighter(query).spans("body", body, "en")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(long_texts, "WINDOW", window)
        assert Highlighter(query).spans("body", body, "en") == whole


def test_a_match_far_into_a_very_long_text_is_found_without_reading_all_of_it() -> None:
    filler = "Nothing happens in this sentence at all. " * 60_000
    body = filler + "Then the coolants leaked. " + filler
    document = Document("a", body=body, language="en")
    highlighter = Highlighter(And((stem("coolant"), stem("leak"), stem("sentence"))))
    marks = highlighter.mark(document)
    assert marks.matched == {0, 1, 2}
    assert {body[mark.start : mark.end] for mark in marks.body if mark.leaf < 2} == {"coolants", "leaked"}
    assert len(marks.body) < 60_000
    assert len(highlighter.mark(document, whole=True).body) == 120_002


def test_a_match_that_no_letters_lead_to_is_found_far_into_a_long_text() -> None:
    body = "Nothing happens in this sentence at all. " * 40_000 + "The valve 2345 broke."
    marks = Highlighter(Regex("body", "(1|2)3[4-6]+")).mark(Document("a", body=body, language="en"))
    assert [body[mark.start : mark.end] for mark in marks.body] == ["2345"]


@pytest.mark.parametrize("unit", ["a", "…", "北", "\u0301", "a\u0301", "a b ", "x.", "\n", "a" * 70 + " "])
def test_long_monotonous_texts_take_linear_time(unit: str) -> None:
    text = unit * (70_000 // len(unit))
    query = Or((Prefix("body", "zz"), Phrase("body", ("a", "b", "a")), Term("text", "北北"), Fuzzy("body", "abc", 2)))
    spans = Highlighter(query).spans("body", text, "en")
    assert all(start < end <= len(text) for start, end in spans)
