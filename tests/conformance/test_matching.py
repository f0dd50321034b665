"""The same query finds the same documents on every engine: those that brute force finds."""

from __future__ import annotations

import pytest

from index.engines.contract import AnalysedDocument, Searcher
from index.query import (
    MAX_DEPTH,
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
from index.schema import Form
from tests.brute_force import matching
from tests.conformance.documents import FIRST_DAY

STATION = Term("body", "station", Form.WORD)
LEAK = Term("title", "leak", Form.WORD)
CAFE = Term("body", "café", Form.WORD)
NOWHERE = Term("body", "nowhere", Form.WORD)
MIDDLE = FIRST_DAY + 200


def deep(query: Query, wrap: int) -> Query:
    """A query nested as deep as it may be, in one of several ways."""
    for level in range(MAX_DEPTH - 2):  # the last of them adds two levels
        match wrap:
            case 0:
                query = Not(query)
            case 1:
                query = Or((query,)) if level % 2 else And((query,))
            case 2:
                query = Or((query, LEAK)) if level % 2 else And((query, Not(CAFE)))
            case 3:
                query = AndMaybe(query, CAFE)
            case 4:
                query = Boost(query, 1.0)
            case _:
                query = Or((query, Everything(), NOWHERE), minimum=2)
    return query


CASES: dict[str, Query] = {
    "term": STATION,
    "term in no document": NOWHERE,
    "term, stem": Term("body", "stati.en"),
    "term, empty": Term("body", "", Form.WORD),
    "term, everywhere": Term("text", "the.en"),
    "term in names": Term("author", "ada", Form.WORD),
    "term, accent": CAFE,
    "term, without its accent": Term("body", "cafe", Form.WORD),
    "term, Chinese": Term("body", "北京", Form.WORD),
    "term, Arabic": Term("body", "العربية", Form.WORD),
    "term, beyond the basic plane": Term("body", "😀", Form.WORD),
    "term, half a character": Term("body", "\udc80", Form.WORD),
    "term with signs": Term("body", "c++", Form.WORD),
    "term, whole value": Term("source", "clippings/3/10.md", Form.RAW),
    "term, part of a whole value": Term("source", "clippings", Form.RAW),
    "term, word of a path": Term("source", "clippings", Form.WORD),
    "term, second of two values": Term("url", "https://example.org/all", Form.RAW),
    "term, keyword": Term("lang", "zh", Form.RAW),
    "term in a field nobody has": Term("extra", "leak", Form.WORD),
    "phrase": Phrase("body", ("the", "of")),
    "phrase of stems": Phrase("body", ("the.en", "of.en"), form=Form.STEM),
    "phrase of stems with slop": Phrase("body", ("the.en", "of.en"), 2, Form.STEM),
    "phrase of stems with all slop": Phrase("body", ("leak.en", "lake.en"), 199, Form.STEM),
    "phrase of stems, a word twice": Phrase("body", ("the.en", "the.en"), 1, Form.STEM),
    "phrase in none of the parts of text": Phrase("text", ("ada", "the.en"), 199, Form.STEM),
    "term, stem, not in a title": And((Term("title", "the.en"), Not(Term("body", "the.en")))),
    "term, stem, in a title or in the body": Or((Term("title", "leak.en"), Boost(Term("body", "leak.en"), 2.0))),
    "phrase the other way round": Phrase("body", ("of", "the")),
    "phrase of three": Phrase("body", ("to", "be", "or")),
    "phrase of common words": Phrase("body", ("to", "be", "or", "not", "to", "be")),
    "phrase, a word twice": Phrase("body", ("the", "the")),
    "phrase, a word three times": Phrase("body", ("of", "of", "of")),
    "phrase with a word in no document": Phrase("body", ("the", "nowhere")),
    "phrase in the second segment": Phrase("author", ("grace", "hopper")),
    "phrase across segments": Phrase("author", ("lovelace", "grace")),
    "phrase across segments with slop": Phrase("author", ("lovelace", "grace"), 1),
    "phrase, Chinese": Phrase("body", ("北京", "京大")),
    "phrase, slop 1": Phrase("body", ("the", "of"), 1),
    "phrase, slop 2": Phrase("body", ("the", "of"), 2),
    "phrase, slop 5": Phrase("body", ("station", "leak"), 5),
    "phrase, slop, no swapping": Phrase("author", ("hopper", "grace"), 2),
    "phrase, slop, three words": Phrase("body", ("the", "of", "to"), 3),
    "phrase, slop, four words": Phrase("body", ("the", "of", "to", "the"), 4),
    "phrase, slop, a word twice": Phrase("body", ("the", "the"), 1),
    "phrase, slop, a word three times": Phrase("body", ("the", "the", "the"), 3),
    "phrase, much slop": Phrase("body", ("coolant", "leak"), 100),
    "near": Near("body", ((("leak",),), (("station",),)), 2, Form.WORD),
    "near, side by side": Near("body", ((("of",),), (("the",),)), 0, Form.WORD),
    "near, far": Near("body", ((("coolant",),), (("moscow",),)), 100, Form.WORD),
    "near, stems": Near("body", ((("leak.en",),), (("stati.en",),)), 5),
    "near, stems, across segments": Near("body", ((("the.en",),), (("leak.en",),)), 30),
    "near, stems, either": Near("body", ((("leak.en",), ("lake.en",)), (("the.en",), ("of.en",), ("to.en",))), 1),
    "near, stems, phrases": Near("body", ((("the.en", "of.en"),), (("stati.en",), ("in.en", "a.en"))), 4),
    "near, not stems": And((STATION, Not(Near("body", ((("the.en",),), (("stati.en",),)), 2)))),
    "near, either": Near("body", ((("leak",), ("lake",)), (("station",), ("space",), ("nowhere",))), 3, Form.WORD),
    "near, nothing of a group": Near("body", ((("leak",),), (("nowhere",),)), 9, Form.WORD),
    "near, an empty group": Near("body", ((("leak",),), ()), 9, Form.WORD),
    "near, phrases": Near("body", ((("the", "of"),), (("station",), ("in", "a"))), 4, Form.WORD),
    "near, phrases that share a word": Near("body", ((("the", "of"),), (("of", "the"),)), 0, Form.WORD),
    "near itself": Near("body", ((("station",),), (("station",),)), 3, Form.WORD),
    "near, one word in both groups": Near("body", ((("leak",), ("of",)), (("of",), ("in",))), 0, Form.WORD),
    "near, words and phrases": Near("body", ((("leak",), ("the", "of")), (("of", "to"), ("to",))), 4, Form.WORD),
    "near, across segments": Near("author", ((("lovelace",),), (("grace",),)), 1, Form.WORD),
    "near, not across segments": Near("author", ((("lovelace",),), (("grace",),)), 0, Form.WORD),
    "near, not": And((STATION, Not(Near("body", ((("the",),), (("station",),)), 2, Form.WORD)))),
    "near, half a character": Near("body", ((("\udc80",),), (("station",),)), 2, Form.WORD),
    "near in a field nobody has": Near("extra", ((("leak",),), (("of",),)), 2, Form.WORD),
    "prefix": Prefix("body", "spa"),
    "prefix that is a word": Prefix("body", "station"),
    "prefix, empty": Prefix("body", ""),
    "prefix of nothing": Prefix("body", "zzz"),
    "prefix of stems": Prefix("text", "spac", Form.STEM),
    "prefix, accent": Prefix("body", "mü"),
    "prefix, Chinese": Prefix("body", "北"),
    "prefix with a regular expression's signs": Prefix("body", "c+"),
    "prefix of a whole value": Prefix("source", "clippings/3/", Form.RAW),
    "prefix in a field nobody has": Prefix("extra", ""),
    "wildcard ?": Wildcard("body", "l?ke"),
    "wildcard *": Wildcard("body", "s*on"),
    "wildcard * alone": Wildcard("body", "*"),
    "wildcard * for nothing": Wildcard("body", "station*"),
    "wildcard first": Wildcard("body", "*ship"),
    "wildcard both": Wildcard("body", "*a?"),
    "wildcard, any two": Wildcard("body", "??"),
    "wildcard, empty": Wildcard("body", ""),
    "wildcard, none in it": Wildcard("body", "leak"),
    "wildcard, Chinese": Wildcard("body", "?京"),
    "wildcard, beyond the basic plane": Wildcard("body", "?𝔫?"),
    "wildcard with other signs": Wildcard("body", "c+?"),
    "wildcard in a path": Wildcard("source", "*/3/*", Form.RAW),
    "wildcard, many": Wildcard("body", "*a*a*a*"),
    "wildcard, class": Wildcard("body", "l[ae]*k"),
    "wildcard, range of characters": Wildcard("body", "[a-c]*"),
    "wildcard, any but": Wildcard("body", "[!a-l]?*"),
    "wildcard, class with its own brackets": Wildcard("body", "*[]+[]"),
    "wildcard, class that is not closed": Wildcard("body", "*[ae"),
    "wildcard, class of nothing": Wildcard("body", "[z-a]*"),
    "wildcard, class of everything": Wildcard("body", "[!z-a]"),
    "wildcard, classes of many scripts": Wildcard("body", "[м北😀é-ü]*"),
    "wildcard, class in a path": Wildcard("source", "*/[2-4]/*", Form.RAW),
    "wildcard too wide for an automaton": Wildcard("body", "*a?????????????"),
    "regex": Regex("body", "leak(s|ed)?"),
    "regex, class": Regex("body", "[a-c]{2,3}"),
    "regex, negated class": Regex("body", "[^a-z]+"),
    "regex, digits": Regex("body", r"\d+"),
    "regex, any": Regex("body", "..."),
    "regex, whole word only": Regex("body", "tation"),
    "regex, empty": Regex("body", ""),
    "regex, choice of nothing": Regex("body", "a||b"),
    "regex, escapes": Regex("body", r"\d[,.]\d+|c\+\+"),
    "regex, accents": Regex("body", "[à-ü].*|m.ller"),
    "regex, Chinese": Regex("body", "[北-大]."),
    "regex, nested": Regex("body", "((a|b)+c?){1,2}"),
    "regex, repeated much": Regex("body", "(a?){30}a{3}"),
    "regex too wide for an automaton": Regex("body", ".*a.{14}"),
    "regex of a whole value": Regex("source", r"clippings/\d/1\d\.md", Form.RAW),
    "fuzzy": Fuzzy("body", "lek"),
    "fuzzy, exactly": Fuzzy("body", "leak", 0),
    "fuzzy, swapped": Fuzzy("body", "laek"),
    "fuzzy, 2": Fuzzy("body", "stattion", 2),
    "fuzzy, swapped and more": Fuzzy("body", "ca", 2),
    "fuzzy, prefix": Fuzzy("body", "leka", 2, 2),
    "fuzzy, prefix is the word": Fuzzy("body", "leak", 2, 4),
    "fuzzy, prefix is longer than the word": Fuzzy("body", "leak", 2, 9),
    "fuzzy, prefix in no document": Fuzzy("body", "qleak", 2, 1),
    "fuzzy, accents": Fuzzy("body", "muller", 1, 1),
    "fuzzy, Chinese": Fuzzy("body", "北大"),
    "fuzzy, beyond the basic plane": Fuzzy("body", "😁"),
    "fuzzy, one character": Fuzzy("body", "a"),
    "fuzzy, empty": Fuzzy("body", "", 2),
    "days": Range("date", MIDDLE, MIDDLE + 50),
    "days from": Range("date", MIDDLE),
    "days to": Range("date", None, MIDDLE),
    "days, one": Range("date", MIDDLE, MIDDLE),
    "days, any": Range("date"),
    "days, the wrong way round": Range("date", MIDDLE + 1, MIDDLE),
    "days, beyond all": Range("date", -(2**70), 2**70),
    "days, beyond all after": Range("date", 2**70, None),
    "days, beyond all before": Range("date", None, -(2**70)),
    "days, none": Not(Range("date")),
    "words from to": Range("body", "lake", "leaks"),
    "words from": Range("body", "нечто"),
    "words to": Range("body", None, "20"),
    "words, one": Range("body", "leak", "leak"),
    "words, any": Range("body"),
    "words, any in a field nobody has": Range("extra"),
    "words, the wrong way round": Range("body", "b", "a"),
    "words, a bound before its own beginning": Range("body", "aab", "aa"),
    "words, a bound is the other's beginning": Range("body", "a", "aaaa"),
    "words, empty to": Range("body", "", ""),
    "words, beyond the basic plane": Range("body", "\ue000", "\U0010ffff"),
    "words, long bounds": Range("body", "s" * 300, "st" + "\U0010ffff" * 300),
    "days, above": Range("date", MIDDLE, MIDDLE + 50, above=True),
    "days, below": Range("date", MIDDLE, MIDDLE + 50, below=True),
    "days, one, above": Range("date", MIDDLE, MIDDLE, above=True),
    "words above": Range("body", "leak", "leaky", above=True),
    "words below": Range("body", "leak", "leaky", below=True),
    "words above and below": Range("body", "leak", "leaky", above=True, below=True),
    "words below a beginning of theirs": Range("body", None, "aa", below=True),
    "words above, with no end": Range("body", "страна", above=True),
    "words above and below the same": Range("body", "leak", "leak", above=True, below=True),
    "words below, long bounds": Range("body", "station", "station" + "s" * 300, above=True, below=True),
    "words of whole values": Range("source", "clippings/3/", "clippings/4", Form.RAW),
    "and": And((Term("body", "the", Form.WORD), Term("body", "of", Form.WORD))),
    "and of nothing": And(()),
    "and of one": And((STATION,)),
    "and with what is nowhere": And((STATION, NOWHERE)),
    "and with nothing": And((STATION, Nothing())),
    "and with everything": And((Everything(), STATION)),
    "and with itself": And((STATION, STATION)),
    "and not": And((Term("body", "the", Form.WORD), Not(STATION))),
    "and, only negatives": And((Not(STATION), Not(LEAK))),
    "and, one negative": And((Not(STATION),)),
    "and not everything": And((STATION, Not(Everything()))),
    "and not itself": And((STATION, Not(STATION))),
    "or": Or((STATION, LEAK, CAFE)),
    "or of nothing": Or(()),
    "or of one": Or((STATION,)),
    "or with what is nowhere": Or((STATION, NOWHERE)),
    "or with everything": Or((STATION, Everything())),
    "or with nothing": Or((Nothing(), STATION)),
    "or not": Or((STATION, Not(LEAK))),
    "or, only negatives": Or((Not(STATION), Not(LEAK))),
    "or, at least 2": Or((STATION, LEAK, CAFE, Range("date", MIDDLE)), 2),
    "or, at least 2 with a negative": Or((STATION, Not(LEAK), CAFE), 2),
    "or, at least all": Or((Term("body", "the", Form.WORD), Range("date")), 2),
    "or, at least more than there are": Or((STATION, LEAK), 3),
    "or, at least 2 of the same": Or((STATION, STATION, LEAK), 2),
    "or, at least 2 with everything and nothing": Or((STATION, Everything(), Nothing(), NOWHERE), 2),
    "or, at least 0": Or((STATION, LEAK), 0),
    "or, at least 0 of nothing": Or((), 0),
    "or, at least less than 0": Or((STATION,), -1),
    "or of nothing, at least 1, negated": Not(Or(())),
    "not": Not(STATION),
    "not not": Not(Not(STATION)),
    "not not not": Not(Not(Not(STATION))),
    "not everything": Not(Everything()),
    "not nothing": Not(Nothing()),
    "not and": Not(And((STATION, LEAK))),
    "not or not": Not(Or((STATION, Not(LEAK)))),
    "not, in a nested or": Or((And((STATION, Not(CAFE))), And((Not(STATION), Or((LEAK, Not(CAFE))))))),
    "not a phrase": Not(Phrase("body", ("the", "of"))),
    "not a prefix": And((Range("date"), Not(Prefix("title", "s")))),
    "and maybe": AndMaybe(STATION, LEAK),
    "and maybe nothing": AndMaybe(STATION, Nothing()),
    "and maybe not": AndMaybe(STATION, Not(LEAK)),
    "nothing and maybe": AndMaybe(Nothing(), STATION),
    "boost": Boost(STATION, 2.5),
    "boost 0": Boost(STATION, 0.0),
    "boost not": Boost(Not(STATION), 3.0),
    "boost of a boost": And((Boost(Boost(STATION, 2.0), 0.5), Not(Boost(LEAK, 2.0)))),
    "everything": Everything(),
    "nothing": Nothing(),
    "all kinds together": And(
        (
            Or((Prefix("body", "sta"), Phrase("body", ("the", "of"), 2), Fuzzy("title", "leek", 2))),
            Not(And((Term("lang", "en", Form.RAW), Range("date", None, MIDDLE)))),
            AndMaybe(Wildcard("text", "*.en", Form.STEM), Boost(Regex("body", "c.*"), 2.0)),
        )
    ),
    "many clauses": Or(tuple(Term("body", f"{word}", Form.WORD) for word in range(-200, 200))),
    **{f"nested to the bound, {wrap}": deep(STATION, wrap) for wrap in range(6)},
}


@pytest.fixture(scope="session")
def answers(documents: list[AnalysedDocument]) -> dict[str, set[str]]:
    """What brute force finds for each case."""
    return {name: matching(query, documents) for name, query in CASES.items()}


@pytest.mark.parametrize("name", CASES)
def test_finds_what_brute_force_finds(
    name: str, searcher: Searcher, documents: list[AnalysedDocument], answers: dict[str, set[str]]
) -> None:
    query, expected = CASES[name], answers[name]
    found = searcher.search(query, limit=len(documents))
    assert {match.id for match in found.page} == expected
    assert len(found.page) == len(expected)  # none twice
    assert found.total == len(expected)
    assert searcher.search(query, limit=0).total == len(expected)


def test_cases_are_worth_asking(documents: list[AnalysedDocument], answers: dict[str, set[str]]) -> None:
    """Most queries find some documents but not all: else agreeing on them would mean little."""
    assert sum(0 < len(found) < len(documents) for found in answers.values()) > len(CASES) * 0.6


def test_every_document_is_there(searcher: Searcher, documents: list[AnalysedDocument]) -> None:
    assert searcher.document_count == len(documents) >= 300
    for document in documents[::17]:
        assert searcher.document(document.id) == document.stored
    assert searcher.document("g9999") is None
    assert searcher.document("") is None


def test_ids_by_their_beginning(searcher: Searcher, documents: list[AnalysedDocument]) -> None:
    ids = sorted(document.id for document in documents)
    assert searcher.ids("g01", 1000) == [one for one in ids if one.startswith("g01")]
    assert searcher.ids("g01", 3) == ["g0100", "g0101", "g0102"]
    assert searcher.ids("", 5) == ids[:5]
    assert searcher.ids("g0007", 5) == ["g0007"]
    assert searcher.ids("x", 5) == []
    assert searcher.ids("", 0) == []
