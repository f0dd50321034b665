"""From the tree to what an engine is asked: defaults, names of languages and of what a document has, and bounds."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engines.automaton import Automaton
from index.engines.bounds import check_query
from index.engines.regex_syntax import parse_regex
from index.query import And, Boost, Near, Not, Or, Phrase, Query, Range, Term
from index.schema import SCHEMA, Form
from search.lowering.language_names import language_code
from search.lowering.paths import path_expression
from search.lowering.whole_query import Lowered, lower
from search.query_language.parser import parse


def lowered(text: str, *languages: str) -> Lowered:
    found = lower(parse(text).tree, languages or ["en"])
    check_query(found.query, SCHEMA)
    return found


def matching(text: str, *languages: str) -> Query:
    query = lowered(text, *languages).matching
    return query.clause if isinstance(query, Boost) else query


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("has:author", "author"),
        ("has:Byline", "author"),
        ("has:lang", "language"),
        ('has:"pull quote"', "pull quote"),
        ("has:tag", "tags"),
    ],
)
def test_asks_for_what_a_document_has(text: str, name: str) -> None:
    assert matching(text) == Term("has", name, Form.RAW)
    assert matching(f"-{text}") == Not(Term("has", name, Form.RAW))


@pytest.mark.parametrize(
    ("name", "code"),
    [("de", "de"), ("German", "de"), ("Deutsch", "de"), ("de-AT", "de"), ("pt_BR", "pt"), ("中文", "zh"),
     ("haw", "haw"), ("klingon", None), ("germam", None), ("1", None)],
)  # fmt: skip
def test_languages_have_names(name: str, code: str | None) -> None:
    assert language_code(name) == code
    if code:
        assert matching(f"lang:{name}") == Term("lang", code, Form.RAW)
        assert matching(f'lang:"{name}"') == Term("lang", code, Form.RAW)
        assert lowered(f"lang:{name}").notices == ()


def test_an_unknown_language_is_told_and_the_nearest_named() -> None:
    (notice,) = lowered("leak lang:germam").notices
    assert "did you mean german?" in notice.message
    assert notice.position == (10, 16)


def test_of_a_long_query_the_first_words_rank_as_written_and_the_first_pairs_side_by_side() -> None:
    words = [f"w{letter}k" for letter in "abcdefghijklmnopqrst"]
    for languages in (["en"], ["en", "de"]):
        ranking = [extra.clause for extra in lowered(" ".join(words), *languages).extras if isinstance(extra, Boost)]
        written = [word for word in words if Term("body", word, Form.WORD) in ranking]
        assert written == [word for word in words if Term("title", word, Form.WORD) in ranking] == words[:16]
        for language in languages:
            stems = [f"{word}.{language}" for word in words]
            pairs = [pair for pair in itertools.pairwise(stems) if Phrase("text", pair, 0, Form.STEM) in ranking]
            assert pairs == list(itertools.pairwise(stems[:9]))


def test_near_looks_in_title_and_body_for_words_in_any_form() -> None:
    groups = ((("coolant.en",), ("ammonia.en",)), (("leak.en",),))
    assert matching("(coolant OR ammonia) NEAR/5 leaks") == Or((Near("title", groups, 5), Near("body", groups, 5)))
    assert matching("title:(coolants NEAR/2 leaks)") == Near("title", ((("coolant.en",),), (("leak.en",),)), 2)
    written = ((("anna",),), (("kikina",),))
    assert matching("author:(anna NEAR/2 kikina)") == Near("author", written, 2, Form.WORD)


def test_near_ranks_by_the_words_too() -> None:
    assert {Term("text", "coolant.en"), Term("text", "leak.en")} <= set(lowered("coolant NEAR/5 leaks").extras)


def test_near_an_exact_phrase_words_are_exact_and_a_notice_says_so() -> None:
    found = lowered('"coolant leak" NEAR/5 spills')
    assert Near("body", ((("coolant", "leak"),), (("spills",),)), 5, Form.WORD) in found.matching.clauses  # type: ignore[union-attr]
    (notice,) = found.notices
    assert "“spills” was taken as written, too; for any form, put ~ before each quotation" in notice.message
    (notice,) = lowered("=coolant NEAR/5 spills").notices
    assert notice.message.endswith("for any form, take the = away")
    assert lowered('~"coolant leak" NEAR/5 spills').notices == ()
    assert lowered('"coolant leak" NEAR/5 =spills').notices == ()


def test_a_phrase_in_any_form_asks_for_stems_of_each_language() -> None:
    assert matching('title:~"coolant leaks"') == Phrase("title", ("coolant.en", "leak.en"), 0, Form.STEM)
    assert matching('author:~"anna kikina"~2') == Phrase("author", ("anna", "kikina"), 2, Form.WORD)
    both = matching('title:~"coolant leaks"', "en", "de")
    assert isinstance(both, Or)
    assert Phrase("title", ("coolant.de", "leak.de"), 0, Form.STEM) in both.clauses
    assert matching('title:~"leaks"') == matching("title:leaks")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title:>m", Range("title", "m", None, Form.WORD, above=True)),
        ("title:<=M", Range("title", None, "m", Form.WORD)),
        ("title:{É TO z]", Range("title", "e", "z", Form.WORD, above=True)),
        ("title:{z TO É]", Range("title", "e", "z", Form.WORD, below=True)),
    ],
)
def test_ranges_of_words(text: str, expected: Range) -> None:
    assert matching(text) == expected


def test_the_bounds_of_a_range_are_single_words() -> None:
    found = lowered('title:["space station" TO z]')
    assert found.matching == Range("title", "space", "z", Form.WORD)
    assert "read as space" in found.notices[0].message


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("2022/**", ["2022/a.md", "news/2022/a/b.md", "2022/feed.jsonl#3"], ["2022.md", "a2022/b.md", "2022"]),
        ("2022/*", ["2022/a.md", "news/2022/a.md", "2022/a.jsonl#12"], ["2022/a/b.md"]),
        ("/2022/*", ["2022/a.md"], ["news/2022/a.md", "2022/a/b.md"]),
        ("**/2022/**", ["2022/a.md", "x/y/2022/z/a.md"], ["x2022/a.md"]),
        ("news/**/a.md", ["news/a.md", "news/x/y/a.md", "old/news/a.md"], ["news/ba.md"]),
        ("*.md", ["a.md", "x/y/a.md"], ["a.mdx", "a.txt"]),
        ("*.jsonl", ["feed.jsonl#1", "x/feed.jsonl#10"], ["feed.json"]),
        ("*.zip", ["a.zip!/b/c.md"], ["a.md"]),
        ("2022*", ["2022-12.md", "x/2022-a/b/c.md"], ["x/a-2022.md"]),
        ("20[12]?/*.md", ["2019/a.md", "2022/a.md"], ["2032/a.md"]),
        ("[!a]*/x.md", ["b/x.md"], ["a/x.md", "b/y/xx.md"]),
        ("2022*/", ["2022-a/b.md", "2022-a/b/c.md"], ["2022-a.md"]),
        ("a(b)+c.?d", ["a(b)+c.xd"], ["ab+c.xd"]),
        ("[!!]b.md", ["ab.md", "x/-b.md"], ["!b.md", "b.md"]),
        ("[!-a]b.md", ["bb.md"], ["ab.md", "-b.md"]),
        ("[!\0-\U0010ffff]b.md", [], ["ab.md"]),
        ("feed.jsonl#*", ["feed.jsonl#1", "x/feed.jsonl#22"], ["feed.jsonl"]),
    ],
)
def test_paths_are_matched_as_in_gitignore(pattern: str, yes: list[str], no: list[str]) -> None:
    automaton = Automaton(parse_regex(path_expression(pattern)))
    assert [path for path in [*yes, *no] if automaton.matches(path)] == yes


@given(st.text("ab/*?[]!^-\\.#", max_size=12))
def test_every_path_pattern_is_an_expression_of_the_dialect(pattern: str) -> None:
    parse_regex(path_expression(pattern))


def test_too_many_patterns_are_left_out_with_one_notice_that_counts_them() -> None:
    found = lowered(" OR ".join(f"a*{n}" for n in range(50)))
    assert isinstance(found.matching, Or)
    assert len(found.matching.clauses) == 40
    (notice,) = found.notices
    assert notice.message.endswith("(at most 120 in one field each, or 40 in no field); 9 more likewise")
    found = lowered("leak " + " ".join(f"-title:a*{n}" for n in range(130)))
    assert isinstance(found.matching, And)
    assert len(found.matching.clauses) == 121


def test_loose_phrases_and_nears_share_a_bound() -> None:
    found = lowered(" ".join(f'"a b c d{n}"~9' for n in range(20)))
    assert "read as ~" in found.notices[-1].message
    found = lowered(" ".join('"a b" NEAR/100 "c d' + f'{n}"' for n in range(9)))
    assert any("read as NEAR/" in notice.message for notice in found.notices)
    many = "(" + " OR ".join(f"w{n}" for n in range(60)) + ")"
    found = lowered(f"{many} NEAR/5 {many}")
    assert "read as AND" in found.notices[0].message
