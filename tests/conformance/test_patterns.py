"""Patterns over tokens: parsed and matched as Python's `re` does where the two dialects meet, and bounded where not."""

from __future__ import annotations

import fnmatch
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.engines.automaton import Automaton
from index.engines.patterns import literal_prefix, parse_wildcard, text_range, within_edits
from index.engines.regex_syntax import parse_regex
from index.query import Regex
from index.schema import Form
from tests.brute_force import edits
from tests.conformance.conftest import Build
from tests.conformance.documents import bodies
from tests.conformance.test_property import patterns

few = st.text("ab.é北😀", max_size=6)


@settings(max_examples=200, derandomize=True)
@given(patterns, st.lists(few, min_size=5, max_size=5))
def test_regular_expressions_match_as_re_does(pattern: str, texts: list[str]) -> None:
    parsed = parse_regex(pattern)
    automaton = Automaton(parsed)
    for text in texts:
        assert automaton.matches(text) == bool(re.fullmatch(pattern, text, re.DOTALL | re.ASCII)), text
        if automaton.matches(text):
            assert text.startswith(literal_prefix(parsed))


@settings(max_examples=200, derandomize=True)
@given(st.text("ab", max_size=7), st.text("abc", max_size=7), st.integers(0, 3))
def test_edits_are_counted_as_by_brute_force(one: str, other: str, most: int) -> None:
    assert within_edits(one, other, most) == (edits(one, other) <= most)


@settings(max_examples=200, derandomize=True)
@given(few | st.none(), few | st.none(), few, st.booleans())
def test_ranges_of_text_hold_what_lies_between(lower: str | None, upper: str | None, text: str, below: bool) -> None:
    inside = (lower is None or lower <= text) and (upper is None or text < upper or (text == upper and not below))
    assert Automaton(text_range(lower, upper, below=below)).matches(text) == inside


@settings(max_examples=200, derandomize=True)
@given(st.text("[]!-ab*?^", max_size=8), st.lists(st.text("[]!-abc^", max_size=4), min_size=5, max_size=5))
def test_wildcards_match_as_in_the_shell(pattern: str, texts: list[str]) -> None:
    for text in texts:
        assert Automaton(parse_wildcard(pattern)).matches(text) == fnmatch.fnmatchcase(text, pattern), text


def test_a_star_may_stand_for_line_breaks_too() -> None:
    assert Automaton(parse_wildcard("a*?")).matches("a\n\n")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"\w+", ["a1", "é", "北京", "_é"]),
        (r"\W+", ["++", "."]),
        (r"\d+", ["42"]),
        (r"\D+", ["++", ".", "_é", "é", "北京", "٤٢"]),
        (r"[\W\d]+", ["++", ".", "42"]),
        (r"[^\w+]", ["."]),
        (r"\S+", ["++", ".", "42", "_é", "a1", "é", "٤٢", "北京"]),
    ],
)
def test_classes_mean_the_same_everywhere(pattern: str, found: list[str], build: Build) -> None:
    words = ["++", ".", "42", "_é", "a1", "é", "٤٢", "北京"]
    searcher = build(bodies(words))
    page = searcher.search(Regex("body", pattern, Form.WORD), limit=20).page
    expected = set(found) if r"\w" not in pattern or pattern.startswith("[^") else {*found, "42", "٤٢"}
    assert {words[int(match.id[1:])] for match in page} == expected


def test_tempting_patterns_take_no_time() -> None:
    """Backtracking would take some 2**40 steps here."""
    assert not Automaton(parse_regex("(a|a)*(a*)*b")).matches("a" * 80)
    assert Automaton(parse_regex("(a?){40}a{40}")).matches("a" * 40)
