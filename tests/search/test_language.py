"""How queries are read: a table of examples, Whoosh's parser beside ours, and properties of any text."""

from __future__ import annotations

import datetime as dt
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query_language.groups import MAX_WORDS
from search.query_language.leaves import MAX_CHARACTERS
from search.query_language.parser import MAX_CANONICAL_CHARACTERS, MAX_NESTING, MAX_QUERY_CHARACTERS, parse
from search.query_language.syntax import Empty, canonical, depth

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
    ('~"coolant leaks"', '~"coolant leaks"'),
    ('title:~"coolant leaks"~3 soyuz', 'title:~"coolant leaks"~3 AND soyuz'),
    ('-~"coolant leaks"', 'NOT ~"coolant leaks"'),
    ('coolant~"leaks"', 'coolant~1 AND "leaks"'),
    # near
    ("coolant NEAR/5 leak", "coolant NEAR/5 leak"),
    ("coolant NEAR leak", "coolant NEAR/10 leak"),
    ("coolant near/5 leak", "coolant NEAR/5 leak"),
    ("coolant near leak", "coolant AND near AND leak"),
    ("(coolant OR ammonia) NEAR/5 (leak OR spill)", "(coolant OR ammonia) NEAR/5 (leak OR spill)"),
    ('"coolant leak" NEAR/5 =Soyuz', '"coolant leak" NEAR/5 =Soyuz'),
    ("a NEAR/2 b NEAR/3 c", "a NEAR/2 b NEAR/3 c"),
    ("a NEAR/2 b AND b NEAR/3 c", "a NEAR/2 b NEAR/3 c"),
    ("a NEAR/2 b AND c NEAR/3 d", "a NEAR/2 b AND c NEAR/3 d"),
    ("a NEAR/2 b NEAR/3 c OR d", "(a NEAR/2 b NEAR/3 c) OR d"),
    ("a AND b NEAR/2 c OR d", "(a AND b NEAR/2 c) OR d"),
    ("-(a NEAR/2 b) c", "NOT (a NEAR/2 b) AND c"),
    ("(a NEAR/2 b)^3", "(a NEAR/2 b)^3"),
    ("title:(a NEAR/2 b)", "title:a NEAR/2 title:b"),
    ("title:NEAR/2", r"title:NEAR\/2"),
    ("NEAR", "near"),
    ("NEAR/ coolant", "near AND coolant"),
    (r"NEAR\/x", r"NEAR\/x"),
    # fields
    ("title:coolant", "title:coolant"),
    ("Title: coolant", "title:coolant"),
    ("headline:coolant by:afp", "title:coolant AND author:afp"),
    ('author:"Anna Kikina"', 'author:"Anna Kikina"'),
    ("author:(afp OR reuters)", "author:afp OR author:reuters"),
    ("title:(a body:b)", "title:a AND body:b"),
    ("source:2022/**", "source:2022/**"),
    ("source:*.md file:/2022/x?.md", "source:*.md AND source:/2022/x?.md"),
    ("has:author -has:date", "has:author AND NOT has:date"),
    ("lang:de language:german", "lang:de AND lang:german"),
    ('author:="AFP" by:=“AFP”', 'author:="AFP"'),
    ("re: coolant", "re AND coolant"),
    ("Re:coolant 12:30 std::map 3:1", r"Re\:coolant AND 12\:30 AND std\:\:map AND 3\:1"),
    ("https://example.org/a?b=c#d", r"https\://example.org/a\?b\=c#d"),
    ("mailto:john@example.org", r"mailto\:john@example.org"),
    (r"C:\\temp\\x.txt", r"C\:\\temp\\x.txt"),
    # words with wildcards, fuzzy words, exact words, boosts, regular expressions
    ("cool*", "cool*"),
    ("c?ol", "c?ol"),
    # question marks: one that ends a sentence of several words is none of a pattern
    ("borisov?", "borisov?"),
    ("title:borisov? soyuz", "title:borisov? AND soyuz"),
    ("soyuz title:borisov?", "soyuz AND title:borisov?"),
    ("NOT borisov?", "NOT borisov?"),
    ("soyuz NOT borisov?", "soyuz AND NOT borisov?"),
    ("soyuz (borisov?)", "soyuz AND borisov?"),
    ("(soyuz borisov?)", "soyuz AND borisov?"),
    ("soyuz OR borisov?", "soyuz OR borisov?"),
    ("soyuz AND borisov?", "soyuz AND borisov?"),
    ("borisov? soyuz", "borisov? AND soyuz"),
    ("borisov? NOT soyuz", "borisov? AND NOT soyuz"),
    ("date:2022 borisov?", "date:[2022-01-01 TO 2022-12-31] AND borisov?"),
    ("soyuz bo?isov?", "soyuz AND bo?isov?"),
    ("soyuz lea??", "soyuz AND lea"),
    ("title:??", "title:??"),
    ("soyuz leak?!", "soyuz AND leak"),
    ("Is it C++?", "Is AND it AND C++"),
    ("What's next? Experts weigh in", "What's AND next AND Experts AND weigh AND in"),
    ("date:2022 who is borisov?", "date:[2022-01-01 TO 2022-12-31] AND who AND is AND borisov"),
    ("où est la rivière ?", "où AND est AND la AND rivière"),
    ("coolant ??", "coolant"),
    ("gr[ae]y", "gr[ae]y"),
    ("[a-c]*", "[a-c]*"),
    ("[!a]*", "[!a]*"),
    ("[^a]*", "[!a]*"),
    ("title:gr[ae]y^2", "title:gr[ae]y^2"),
    ("coolant leak [video]", "coolant AND leak AND video"),
    ("[sic] leak[1]", r"sic AND leak\[1"),
    ("leak[ coolant] [x", "leak AND coolant AND x"),
    (r"gr\[ae]y", r"gr\[ae\]y"),
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
    ('date:"last month"', "date:[2024-04-01 TO 2024-04-30]"),
    ("date:last month leak", "date:[2024-04-01 TO 2024-04-30] AND leak"),
    ("date:20 December 2022 leak", "date:2022-12-20 AND leak"),
    ("date:December 20, 2022", "date:2022-12-20"),
    ("date:(2020 OR last year)", "date:[2020-01-01 TO 2020-12-31] OR date:[2023-01-01 TO 2023-12-31]"),
    ("date:since March OR leak", "date:[2024-03-01 TO ] OR leak"),
    ("date:2022 march", "date:[2022-01-01 TO 2022-12-31] AND march"),
    ("date:2022 TO oslo", "date:[2022-01-01 TO 2022-12-31] AND TO AND oslo"),
    ("date:>2022 TO 2023", "date:[2023-01-01 TO ] AND TO AND 2023"),
    ("date:May to July 2022", "date:[2022-05-01 TO 2022-07-31]"),
    ("date:>last month", "date:[2024-05-01 TO ]"),
    ('date:<="March 2022"', "date:[TO 2022-03-31]"),
    ("date:{last month TO today]", "date:[2024-05-01 TO 2024-05-17]"),
    ("date:{2022-01-01 TO 2022-01-03]", "date:[2022-01-02 TO 2022-01-03]"),
    ("date:[2022-01-01 TO 2022-01-03}", "date:[2022-01-01 TO 2022-01-02]"),
    ("date:[2022-01-01 TO 2022-01-01}", "date:[2022-01-01 TO 2022-01-01}"),
    ("date:{2022 TO 2022]", "date:[2023-01-01 TO 2023-01-01}"),
    ("date:{2022-01-01 TO 2022-01-02}", "date:[2022-01-02 TO 2022-01-02}"),
    ("date:[2022 TO 2020}", "date:[2021-01-01 TO 2022-12-31]"),
    ("[march TO may]", '["march" TO "may"]'),
    # words
    ("title:{alpha TO omega}", 'title:{"alpha" TO "omega"}'),
    ("title:{alpha TO omega]", 'title:{"alpha" TO "omega"]'),
    ("title:[alpha TO *}", 'title:["alpha" TO ]'),
    ("title:>m author:<=b", 'title:{"m" TO ] AND author:[ TO "b"]'),
    ('title:>= m title:<"n o"', 'title:["m" TO ] AND title:[ TO "n o"}'),
    ("title:(>a <c)", 'title:{"a" TO ] AND title:[ TO "c"}'),
    ("a > b <c", "a AND b AND c"),
    ("title:[alpha TO omega]", 'title:["alpha" TO "omega"]'),
    # never errors: apostrophes, dots, dashes, addresses, operators as words
    ("don't l'été O'Brien", "don't AND l'été AND O'Brien"),
    ("U.S. state-of-the-art", "U.S AND state-of-the-art"),
    ("john@example.org", "john@example.org"),
    ("and/or 24/7 -5°C ...and #1 a--b", "and/or AND 24/7 AND NOT 5°C AND and AND 1 AND a--b"),
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
    ("date:[2020 TO 2021 leak", "date:[2020-01-01 TO 2021-12-31] AND leak", "range is never closed", (5, 6)),
    ("a title:{b TO c", 'a AND title:{"b" TO "c"]', "range is never closed", (8, 9)),
    ("coolant) leak", "coolant AND leak", "closes nothing", (7, 8)),
    ("coolant AND", "coolant", "joins nothing", (8, 11)),
    ("OR coolant", "coolant", "joins nothing", (0, 2)),
    ("a AND OR b", "a AND b", "joins nothing", (6, 8)),
    ("coolant ()", "coolant", "nothing between", (8, 10)),
    ('coolant ""', "coolant", "nothing between", (8, 10)),
    ("coolant title:", "coolant AND title", "Nothing follows", (8, 14)),
    ("titel:coolant", r"titel\:coolant", "no field “titel”", (0, 6)),
    ("date:someday", "someday", "is not a date", (5, 12)),
    ("date:summer leak", "summer AND leak", "is not a date", (5, 11)),
    ("leak date:03/04/2022", "leak AND =03/04/2022", "write 2022-04-03 or 2022-03-04", (10, 20)),
    ("date:yesterday", "date:2024-05-16", "“yesterday” was read as 2024-05-16", (5, 14)),
    ('date:"last month"', "date:[2024-04-01 TO 2024-04-30]", "read as 2024-04-01 to 2024-04-30", (5, 17)),
    ("date:-30d..", "date:[2024-04-17 TO ]", "read as 2024-04-17 or later", (5, 11)),
    ("date:<last week", "date:[TO 2024-05-05]", "read as 2024-05-05 or earlier", (5, 15)),
    ("a date:[* TO today]", "a AND date:[TO 2024-05-17]", "read as 2024-05-17 or earlier", (7, 19)),
    ("autor:afp", r"autor\:afp", "no field “autor”", (0, 6)),
    ("title:a NEAR b", "title:a AND b", "read as AND", (8, 12)),
    ("a NEAR/2 cool*", "a AND cool*", "read as AND", (2, 8)),
    ("lang:de NEAR lang:en", "lang:de AND lang:en", "read as AND", (8, 12)),
    ("(a NEAR/2 b) NEAR/5 c", "a NEAR/2 b AND c", "read as AND", (13, 19)),
    ("a* NEAR/2 b NEAR/5 c", "a* AND b NEAR/5 c", "read as AND", (3, 9)),
    ("a NEAR/999 b", "a NEAR/100 b", "read as NEAR/100", (2, 10)),
    ("a NEAR/12345678901 b", "a NEAR/100 b", "read as NEAR/100", (2, 18)),
    ("a NEAR/x b", "a NEAR/10 b", "NEAR takes the number of words", (2, 8)),
    ("near/5", r"near\/5", "stands between words", (0, 6)),
    ("date:2020 TO 2021 a", "date:[2020-01-01 TO 2021-12-31] AND a", "read as 2020-01-01 to 2021-12-31", (5, 17)),
    ("date:2020 TO date:2021", "date:[2020-01-01 TO 2021-12-31]", "“2020 TO 2021” was read as", (5, 22)),
    ("date:(2020-05 to 2021)", "date:[2020-05-01 TO 2021-12-31]", "was read as 2020-05-01 to 2021-12-31", (6, 21)),
    ("🍊", "", "signs and emoji are not indexed", None),
    ("a NEAR", "a", "joins nothing", (2, 6)),
    ("leek~0", "leek~1", "at least one edit", (0, 6)),
    ("date:2022-13", "=2022-13", "is not a date", (5, 12)),
    ("leek~7", "leek~2", "two edits", (0, 6)),
    ("((leak", "leak", "never closed", (0, 1)),
    ("date:[x TO y]", "date:[TO ]", "“x” and “y”", (5, 13)),
    ("a date:{2022 TO 2022}", "a AND date:[2022-01-01 TO 2022-01-01}", "No day is left", (7, 21)),
    ('r"lea', 'r"lea"', "never closed", (0, 1)),
]


@pytest.mark.parametrize(("typed", "understood", "said", "position"), BROKEN)
def test_mends_and_says_so(typed: str, understood: str, said: str, position: tuple[int, int] | None) -> None:
    parsed = parse(typed, today=TODAY)
    assert canonical(parsed.tree) == understood
    assert [notice.position for notice in parsed.notices if said in notice.message] == [position]


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "🍊", "()", '""', "- -", "\\"])
def test_a_query_without_words_says_so(typed: str) -> None:
    assert any("write words to look for" in notice.message for notice in parse(typed).notices)


@pytest.mark.parametrize(
    "word",
    ["coolant", "Œuvre", "北京大学", "٣", "x_y", "AND", "NEAR", "x" * MAX_CHARACTERS, "x" * (MAX_CHARACTERS + 1)],
    ids=lambda word: word[:10],
)
def test_a_word_alone_is_read_as_before_white_space(word: str) -> None:
    alone, before_space = parse(word), parse(f"{word} ")
    assert (alone, getattr(alone.tree, "span", None)) == (before_space, getattr(before_space.tree, "span", None))


def test_a_misspelled_field_is_suggested() -> None:
    (notice,) = parse("leak titel:coolant").notices
    assert notice.suggestion == "leak title:coolant"


@pytest.mark.parametrize(
    "typed",
    ["leak", "in 2022: x", "re: leak", "date:2022", "date:2022-12..2023", "date:>=2022", "date:*", "date:[2020 TO *]",
     "it's a U.S. state-of-the-art thing, isn't it?", "john@example.org", "http://example.org/x?y=1&z=2", "AT&T 24/7",
     "leak [video]", "gr[ae]y", "a NEAR/3 b", "title:>m", "-has:date", "source:2022/**"],
)  # fmt: skip
def test_what_is_plain_needs_no_notice(typed: str) -> None:
    assert parse(typed, today=TODAY).notices == ()


def test_a_long_query_is_cut_between_words() -> None:
    text = "x " * (MAX_QUERY_CHARACTERS // 100) + "leak" * MAX_QUERY_CHARACTERS
    parsed = parse(text)
    assert {word.text for word in parsed.tree.children} == {"x"}  # type: ignore[union-attr]
    assert "40,200 characters long; only the first 199 were read" in parsed.notices[0].message
    assert parsed.notices[0].position == (199, len(text))
    parsed = parse("x" * (MAX_CANONICAL_CHARACTERS + 1))
    assert canonical(parsed.tree) == "x" * MAX_CHARACTERS
    assert [notice.message.partition(";")[0] for notice in parsed.notices] == [
        "The query is 100,001 characters long",
        "Only the first 2,000 characters of this word were read",
    ]


def test_nesting_has_a_bound() -> None:
    fits = "".join(f"(a{n} {'OR' if n % 2 else 'AND'} " for n in range(MAX_NESTING)) + "z" + ")" * MAX_NESTING
    assert read(fits).endswith("z" + ")" * (MAX_NESTING - 1))
    assert parse(fits).notices == ()
    parsed = parse("(" * (MAX_NESTING + 50) + "a" + ")" * (MAX_NESTING + 50) + " b")
    assert canonical(parsed.tree) == "a AND b"
    (notice,) = parsed.notices
    assert notice.position == (MAX_NESTING, MAX_NESTING + 1)
    assert "nested more than 200 deep" in notice.message


def test_brackets_with_every_operator_in_turn_are_cut_to_fewer() -> None:
    """Each bracket adds four nodes one in another, which would be too many for an engine."""
    parsed = parse("".join(f"a{n} OR b{n} AND NOT (" for n in range(MAX_NESTING)) + "z" + ")^2" * MAX_NESTING)
    assert "nested more than 48 deep" in parsed.notices[0].message
    assert depth(parsed.tree) <= MAX_NESTING + 1
    assert parse(canonical(parsed.tree)).notices == ()


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
    from search.query_language import syntax

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
    ["a", "leak", "AND", "OR", "NOT", "ANDNOT", "ANDMAYBE", "NEAR", "NEAR/3", "near/2", "NEAR/", "(", ")", '"', "“",
     "”", '~"', '="', "-", "+", "title:", "date:", "author:", "has:", "source:", "lang:", "section:", "x:", ":", ":=",
     "2022", "..", "last", "month", "since", "March", "20", "yesterday", "Q3", "-1d", "[", "]", "{", "}", " TO ",
     "[a-c]", "[!x", "[b", "*", "**", "?", "/", "~", "~2", "^2", "^", "=", "<", "<=", ">=", "\\", 'r"', ".", "'", "&&",
     "|", "_", "北京", "é", "://", "C++", "U.S.", "\x00", "\u202e", "😀"]
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
    assert again.notices == () or isinstance(again.tree, Empty)
    assert canonical(again.tree) == canonical(parsed.tree)
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
    assert len(parse("a " * MAX_WORDS).tree.children) == MAX_WORDS  # type: ignore[union-attr]
    assert parse("a " * MAX_WORDS).notices == ()
    parsed = parse("a " * MAX_WORDS + "OR (b c) d")
    assert canonical(parsed.tree) == " AND ".join("a" * MAX_WORDS)
    (notice,) = parsed.notices
    assert "more than 500 words" in notice.message
    assert notice.position == (1004, 1010)


# What grows most when it is written out.
@pytest.mark.parametrize(
    "typed",
    ["date:(" + "1999 " * MAX_WORDS + ")", "source:(" + "a " * MAX_WORDS + ")", "*" * 9_000 + "a", "“" + '\\"' * 4_999,
     "a:" * 5_000, "a|b " * 200, "(a OR b) " * 160, "a NEAR/9 " * 400 + "a", '"' + "\\" * 9_000, "[" * 10_000,
     "a^2 " * MAX_WORDS, "date:>" * 1_600, "~" * 9_000 + "a", "x[ab" * 2_500, "." * 9_990 + "a*", "=:^" * 3_000,
     "NOT " * 2_500, "\\:" * 5_000, "a*\\:" * 2_500],
)  # fmt: skip
def test_the_canonical_form_of_the_longest_queries_is_read_too(typed: str) -> None:
    parsed = parse(typed[:MAX_QUERY_CHARACTERS], today=TODAY)
    understood = canonical(parsed.tree)
    assert len(understood) <= MAX_CANONICAL_CHARACTERS
    again = parse(understood, today=TODAY)
    assert again.tree == parsed.tree
    assert again.notices == () or isinstance(again.tree, Empty)


def test_the_rest_of_a_phrase_too_long_is_left_out() -> None:
    parsed = parse('"' + "a " * 300 + '" b')
    assert canonical(parsed.tree) == '"' + " ".join("a" * 256) + '" AND b'
    assert "first 256 words" in parsed.notices[0].message


def test_a_long_chain_of_preferences_is_flat() -> None:
    assert read(" ANDMAYBE ".join("abcd")) == "a ANDMAYBE (b OR c OR d)"
    assert read(" ANDMAYBE ".join(["leak"] * 499)).endswith("leak)")


@pytest.mark.parametrize("typed", ["{2020 TO 2021}", "{2021 TO 2020}", "[2020-05-01 TO 2020-05-01}", "{2020 TO 2020"])
def test_with_no_day_between_two_both_ends_are_proposed(typed: str) -> None:
    (notice,) = [each for each in parse(f"a date:{typed}", today=TODAY).notices if "No day is left" in each.message]
    proposed = parse(notice.suggestion, today=TODAY)
    assert notice.suggestion.endswith("]")
    assert "TO" in canonical(proposed.tree) or "2020-05-01" in canonical(proposed.tree)
    assert not any("No day is left" in each.message for each in proposed.notices)
