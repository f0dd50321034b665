"""How queries are read: a table of examples, Whoosh's parser beside ours, and properties of any text."""

from __future__ import annotations

import datetime as dt
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import QueryError
from search.language import MAX_NESTING, MAX_QUERY_CHARACTERS, parse
from search.syntax import canonical

TODAY = dt.date(2024, 5, 17)


def read(text: str) -> str:
    return canonical(parse(text, today=TODAY).tree)


# One line is one case: what is typed, and how it is read.
CASES = [
    ("coolant", "coolant"),
    ("coolant leak", "coolant AND leak"),
    ("coolant AND leak", "coolant AND leak"),
    ("coolant && leak", "coolant AND leak"),
    ("coolant or leak", "coolant AND or AND leak"),
    ("coolant OR leak", "coolant OR leak"),
    ("coolant | leak", "coolant OR leak"),
    ("coolant NOT leak", "coolant AND NOT leak"),
    ("coolant ANDNOT leak", "coolant AND NOT leak"),
    ("coolant -leak", "coolant AND NOT leak"),
    ("+coolant leak", "coolant AND leak"),
    ("-coolant", "NOT coolant"),
    ("NOT NOT coolant", "coolant"),
    ("a - b", "a AND b"),
    ("coolant ANDMAYBE leak", "coolant ANDMAYBE leak"),
    # precedence: NOT, AND, OR, ANDMAYBE, juxtaposition
    ("a b OR c d", "a AND (b OR c) AND d"),
    ("a AND b OR c", "(a AND b) OR c"),
    ("a OR b AND c", "a OR (b AND c)"),
    ("NOT a b", "NOT a AND b"),
    ("-(a OR b) c", "NOT (a OR b) AND c"),
    ("((a))", "a"),
    ("a (b (c d))", "a AND b AND c AND d"),
    # phrases
    ('"coolant leak"', '"coolant leak"'),
    ("“coolant leak”", '"coolant leak"'),
    ("„coolant leak“", '"coolant leak"'),
    ("«coolant leak»", '"coolant leak"'),
    ('"coolant leak"~3', '"coolant leak"~3'),
    ('-"coolant leak"', 'NOT "coolant leak"'),
    # fields
    ("title:coolant", "title:coolant"),
    ("Title: coolant", "title:coolant"),
    ("headline:coolant by:afp", "title:coolant AND author:afp"),
    ('author:"Anna Kikina"', 'author:"Anna Kikina"'),
    ("author:(afp OR reuters)", "author:afp OR author:reuters"),
    ("title:(a body:b)", "title:a AND body:b"),
    ("source:2022/**", "source:2022/**"),
    ("re: coolant", "re AND coolant"),
    # words with wildcards, fuzzy words, exact words, boosts, regular expressions
    ("cool*", "cool*"),
    ("c?ol", "c?ol"),
    ("who is borisov?", "who AND is AND borisov"),
    ("*", "*"),
    ("coolant~ leek~2/1", "coolant~1 AND leek~2/1"),
    ("=Leaks", "=Leaks"),
    ('a^2 "b c"^.5 (d e)^3', 'a^2 AND "b c"^0.5 AND (d AND e)^3'),
    ('r"lea[kn]s?"', 'r"lea[kn]s?"'),
    (r"2\*3", r"2\*3"),
    # dates
    ("date:2022", "date:[2022-01-01 TO 2022-12-31]"),
    ("date:2022-12", "date:[2022-12-01 TO 2022-12-31]"),
    ("date:2022-12-20", "date:2022-12-20"),
    ("date:20221220", "date:2022-12-20"),
    ("date:2022/12/20", "date:2022-12-20"),
    ("date:2020..2022", "date:[2020-01-01 TO 2022-12-31]"),
    ("date:2022..2020", "date:[2020-01-01 TO 2022-12-31]"),
    ("date:2022..", "date:[2022-01-01 TO ]"),
    ("date:..2022", "date:[TO 2022-12-31]"),
    ("date:>2022", "date:[2023-01-01 TO ]"),
    ("date:>=2022", "date:[2022-01-01 TO ]"),
    ("date:<2022", "date:[TO 2021-12-31]"),
    ("date:<=2022", "date:[TO 2022-12-31]"),
    ("date:[2022-01 TO 2022-03]", "date:[2022-01-01 TO 2022-03-31]"),
    ("date:{2021 TO 2023}", "date:[2022-01-01 TO 2022-12-31]"),
    ("date:[2022 TO *]", "date:[2022-01-01 TO ]"),
    ("date:>= 2022", "date:[2022-01-01 TO ]"),
    ("date: < 2022 leak", "date:[TO 2021-12-31] AND leak"),
    ("-date:*", "NOT date:[TO ]"),
    ("!leak coolant", "NOT leak AND coolant"),
    ('"coolant leak"~1000', '"coolant leak"~1000'),
    ("date:[TO 2022]", "date:[TO 2022-12-31]"),
    ("date:today", "date:2024-05-17"),
    ("date:yesterday", "date:2024-05-16"),
    ("date:-30d..", "date:[2024-04-17 TO ]"),
    ("[2021 TO 2022]", "date:[2021-01-01 TO 2022-12-31]"),
    # words
    ("title:[alpha TO omega]", 'title:["alpha" TO "omega"]'),
    # never errors: apostrophes, dots, dashes, addresses, operators as words
    ("don't l'été O'Brien", "don't AND l'été AND O'Brien"),
    ("U.S. state-of-the-art", "U.S AND state-of-the-art"),
    ("john@example.org", "john@example.org"),
    ("AT&T", r"AT\&T"),
    ("C++ C#", "C++ AND C#"),
    ("NOT", "not"),
    ("AND OR", "and AND or"),
    ("Kikina, Anna!", "Kikina AND Anna"),
    ("北京大学 leak", "北京大学 AND leak"),
]


@pytest.mark.parametrize(("typed", "understood"), CASES)
def test_reads(typed: str, understood: str) -> None:
    assert read(typed) == understood


@pytest.mark.parametrize("understood", sorted({understood for _, understood in CASES}))
def test_canonical_form_is_read_as_itself(understood: str) -> None:
    assert read(understood) == understood


# A broken query is read as it was meant, and the notice says so and where.
BROKEN = [
    ('coolant "leak of', 'coolant AND "leak of"', "never closed", (8, 9)),
    ("(coolant leak", "coolant AND leak", "never closed", (0, 1)),
    ("coolant) leak", "coolant AND leak", "closes nothing", (7, 8)),
    ("coolant AND", "coolant", "joins nothing", (8, 11)),
    ("OR coolant", "coolant", "joins nothing", (0, 2)),
    ("a AND OR b", "a AND b", "joins nothing", (6, 8)),
    ("coolant ()", "coolant", "nothing between", (8, 10)),
    ('coolant ""', "coolant", "nothing between", (8, 10)),
    ("coolant title:", "coolant AND title", "Nothing follows", (8, 14)),
    ("titel:coolant", r"titel\:coolant", "no field “titel”", (0, 6)),
    ("date:someday", "someday", "is not a date", (5, 12)),
    ("date:2022-13", "2022-13", "is not a date", (5, 12)),
    ("leek~7", "leek~2", "two edits", (0, 6)),
    ("((leak", "leak", "never closed", (0, 1)),
    ("date:[x TO y]", "date:[TO ]", "“x” and “y”", (5, 13)),
    ('r"lea', 'r"lea"', "never closed", (0, 1)),
]


@pytest.mark.parametrize(("typed", "understood", "said", "position"), BROKEN)
def test_mends_and_says_so(typed: str, understood: str, said: str, position: tuple[int, int]) -> None:
    parsed = parse(typed, today=TODAY)
    assert canonical(parsed.tree) == understood
    assert [notice.position for notice in parsed.notices if said in notice.message] == [position]


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "()", '""', "- -", "\\"])
def test_a_query_without_words_says_so(typed: str) -> None:
    assert any("write words to look for" in notice.message for notice in parse(typed).notices)


def test_a_misspelled_field_is_suggested() -> None:
    (notice,) = parse("leak titel:coolant").notices
    assert notice.suggestion == "leak title:coolant"


def test_a_long_query_is_refused() -> None:
    with pytest.raises(QueryError, match="characters long"):
        parse("x" * (MAX_QUERY_CHARACTERS + 1))


def test_nesting_has_a_bound() -> None:
    fits = "".join(f"(a{n} {'OR' if n % 2 else 'AND'} " for n in range(MAX_NESTING)) + "z" + ")" * MAX_NESTING
    assert read(fits).endswith("z" + ")" * (MAX_NESTING - 1))
    with pytest.raises(QueryError, match="nested more than"):
        parse("(" * (MAX_NESTING + 1) + "a")


# Well-formed queries mean what they mean in Whoosh.
WHOOSH = [
    "alpha beta", "alpha OR beta", "alpha AND beta OR gamma", "alpha OR beta AND gamma", "alpha beta OR gamma delta",
    "NOT alpha beta", "alpha NOT beta", "alpha AND NOT beta OR gamma", "alpha OR NOT beta", "(alpha beta) OR gamma",
    "alpha ANDNOT beta", "alpha ANDMAYBE beta gamma", "alpha ANDMAYBE beta OR gamma", "title:alpha beta",
    "title:(alpha OR beta) gamma", 'title:"alpha beta" gamma', '"alpha beta"~2 gamma', "alp* b?ta", "alpha^2 beta",
    "NOT (alpha OR beta)", "((alpha) beta)", "alpha OR (beta ANDMAYBE gamma)",
]  # fmt: skip


@pytest.mark.parametrize("text", WHOOSH)
def test_agrees_with_whoosh(text: str) -> None:
    assert _our_shape(parse(text, today=TODAY).tree) == _whoosh_shape(text)


def _whoosh_shape(text: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from whoosh import fields, query
        from whoosh.qparser import QueryParser

        schema = fields.Schema(text=fields.TEXT(analyzer=None), title=fields.TEXT(analyzer=None))
        tree = QueryParser("text", schema).parse(text)

    def shape(node: Any) -> Any:
        match node:
            case query.Term() | query.Prefix() | query.Wildcard():
                return _leaf(node.fieldname, str(node.text), node.boost)
            case query.Phrase():
                return _leaf(node.fieldname, " ".join(node.words), node.boost)
            case query.Not():
                return ("not", shape(node.query))
            case query.AndNot():
                return ("and", shape(node.a), ("not", shape(node.b)))
            case query.AndMaybe():
                return ("maybe", shape(node.a), shape(node.b))
            case query.And() | query.Or():
                return (type(node).__name__.lower(), *map(shape, node.subqueries))
            case _:
                raise AssertionError(f"unexpected {node!r}")

    return shape(tree)


def _leaf(field: str, text: str, boost: float) -> Any:
    leaf = (field, text.rstrip("*"))
    return leaf if boost == 1 else ("boost", leaf, boost)


def _our_shape(node: Any) -> Any:
    from search import syntax

    match node:
        case syntax.Word() | syntax.Pattern() | syntax.Quoted():
            return _leaf(node.field or "text", node.text, 1)
        case syntax.Boosted(child, weight):
            return ("boost", _our_shape(child), weight)
        case syntax.Negation(child):
            return ("not", _our_shape(child))
        case syntax.Conjunction(children):
            return ("and", *map(_our_shape, children))
        case syntax.Disjunction(children):
            return ("or", *map(_our_shape, children))
        case syntax.Preference(required, optional):
            return ("maybe", _our_shape(required), _our_shape(optional))
        case _:
            raise AssertionError(f"unexpected {node!r}")


# Pieces that mean something, so that random queries reach the odd corners.
PIECES = st.sampled_from(
    ["a", "leak", "AND", "OR", "NOT", "ANDNOT", "ANDMAYBE", "(", ")", '"', "“", "”", "-", "+", "title:", "date:",
     "2022", "..", "[", "]", "{", "}", " TO ", "*", "?", "~", "~2", "^2", "^", "=", "\\", 'r"', "x:", ":", ".", "'",
     "&&", "|", "北京", "é", "://", "<", ">=", "C++", "U.S.", "-1d", "\x00", "\u202e", "😀"]
)  # fmt: skip
QUERIES = st.one_of(
    st.text(max_size=40),
    st.lists(PIECES, max_size=14).map(" ".join),
    st.lists(PIECES, max_size=14).map("".join),
)


@given(QUERIES)
def test_every_text_is_read_and_its_reading_is_stable(text: str) -> None:
    parsed = parse(text, today=TODAY)
    again = parse(canonical(parsed.tree), today=TODAY)
    assert again.tree == parsed.tree
    for notice in parsed.notices:
        if notice.position is not None:
            start, end = notice.position
            assert 0 <= start < end <= len(text)


def test_a_minus_after_a_field_negates_the_field() -> None:
    assert read("title:-leak coolant") == "NOT title:leak AND coolant"


def test_a_dash_after_a_quotation_mark_negates_nothing() -> None:
    assert read("„Model C“-Schulen") == '"Model C" AND Schulen'


def test_mixed_quotation_marks_close_each_other() -> None:
    assert read('the "Doctor Who» series') == 'the AND "Doctor Who" AND series'


def test_the_number_of_words_has_a_bound() -> None:
    assert len(parse("a " * 500).tree.children) == 500  # type: ignore[union-attr]
    with pytest.raises(QueryError, match="more than 500 words"):
        parse("a " * 501)


def test_a_long_chain_of_preferences_is_flat() -> None:
    assert read(" ANDMAYBE ".join("abcd")) == "a ANDMAYBE (b OR c OR d)"
    assert read(" ANDMAYBE ".join(["leak"] * 499)).endswith("leak)")


def test_nothing_between_two_days_is_read_with_its_ends() -> None:
    parsed = parse("date:{2020 TO 2021}", today=TODAY)
    assert canonical(parsed.tree) == "date:[2020-01-01 TO 2021-12-31]"
    assert "no day between" in parsed.notices[0].message
