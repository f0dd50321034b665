"""Passages: whole sentences that show why a document matched."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import Document
from search.highlighting.highlight import DocumentMarks, Highlighter
from search.highlighting.occurrences import Mark
from search.highlighting.snippets import best_passages, document_snippets
from search.lowering.whole_query import lower
from search.query_language.parser import parse
from search.results import Snippet

STORY = (
    "The tank was old. Engineers had warned of a leak for years. Nobody listened.\n\n"
    "In March the coolant began to drip. The crew noticed a coolant leak at night, and sealed the hatch. "
    "They waited for Mr. Ito. He came at dawn.\n\n"
    "A report followed. It named no one. The leak cost two million, the coolant a tenth of that."
)


def marks(text: str, *words: str) -> list[Mark]:
    """The places of some strings, which stand for the leaves 0, 1, 2…"""
    found = []
    for leaf, word in enumerate(words):
        at = text.find(word)
        while at >= 0:
            found.append(Mark(at, at + len(word), leaf))
            at = text.find(word, at + 1)
    return sorted(found)


def shown(snippet: Snippet) -> str:
    """A snippet with its marks in brackets and its ellipses."""
    text = snippet.text
    for start, end in reversed(snippet.spans):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return ("… " if snippet.before else "") + text + (" …" if snippet.after else "")


def passages(text: str, *words: str, count: int = 1, length: int = 120) -> list[str]:
    return [shown(snippet) for snippet in best_passages(text, marks(text, *words), count=count, length=length)]


def test_the_passage_with_all_words_together_wins_and_is_whole_sentences() -> None:
    assert passages(STORY, "leak", "coolant", length=110) == [
        "… In March the [coolant] began to drip. The crew noticed a [coolant] [leak] at night, and sealed the hatch. …"
    ]


def test_further_passages_follow_in_reading_order_without_overlap() -> None:
    assert passages(STORY, "leak", "coolant", "tank", count=3, length=80) == [
        "The [tank] was old. Engineers had warned of a [leak] for years. Nobody listened. …",
        "… The crew noticed a [coolant] [leak] at night, and sealed the hatch. …",
        "… It named no one. The [leak] cost two million, the [coolant] a tenth of that.",
    ]


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    text = "Leak and pump failed. " + "Filler stands here. " * 5 + "The zebra slept."
    found = marks(text, "Leak", "pump", "zebra")
    [by_number] = best_passages(text, found, count=1, length=25)
    assert shown(by_number) == "[Leak] and [pump] failed. …"
    [by_weight] = best_passages(text, found, count=1, length=25, weights=[0.5, 0.5, 6.0])
    assert shown(by_weight) == "… The [zebra] slept."


def test_words_near_each_other_win() -> None:
    text = "The leak, or so the very old and very tired keepers of it said, was coolant. Filler. A coolant leak it was."
    assert passages(text, "leak", "coolant", length=80) == ["… Filler. A [coolant] [leak] it was."]


def test_the_earlier_of_two_equal_passages_wins() -> None:
    text = "A leak here. " + "Nothing of note happened then. " * 20 + "A leak there."
    assert passages(text, "leak", length=13) == ["A [leak] here. …"]


def test_the_same_words_are_not_shown_twice() -> None:
    text = (
        "Read about the leak.\n\n" + "Filler of some length stands here. " * 3 + "\n\nRead about the leak.\n\nA leak."
    )
    assert passages(text, "leak", count=3, length=22) == ["Read about the [leak]. …", "… A [leak]."]


def test_a_long_sentence_is_cut_between_words_around_the_marks() -> None:
    text = "word " * 100 + "a coolant leak " + "word " * 100
    [snippet] = best_passages(text, marks(text, "coolant", "leak"), count=2, length=60)
    assert snippet.before and snippet.after
    assert set(snippet.text.split()) == {"word", "a", "coolant", "leak"}
    assert len(snippet.text) <= 60
    assert [snippet.text[start:end] for start, end in snippet.spans] == ["coolant", "leak"]


def test_a_long_sentence_keeps_its_beginning_where_the_marks_allow() -> None:
    text = "The coolant leak " + "went on and on " * 30
    assert passages(text, "coolant", length=40) == ["The [coolant] leak went on and on went on …"]


def test_marks_that_just_fit_into_a_passage_are_shown_together() -> None:
    text = "word " * 30 + "leak and then the tank " + "word " * 30
    whole = "leak and then the tank"
    assert passages(text, "leak", "tank", length=len(whole)) == ["… [leak] and then the [tank] …"]
    assert passages(text, "leak", "tank", length=len(whole) - 1) != passages(text, "leak", "tank", length=len(whole))


def test_a_further_passage_rather_shows_words_that_were_not_shown_yet() -> None:
    filler = "Nothing of note happened then. " * 5
    text = f"A coolant leak came. {filler}That coolant will leak on. {filler}The tank was old."
    assert passages(text, "coolant", "leak", "tank", count=2, length=30) == [
        "A [coolant] [leak] came. …",
        "… The [tank] was old.",
    ]


def test_chinese_is_cut_between_characters_and_sentences() -> None:
    text = "第一句话。" * 10 + "飞船的冷却剂泄漏了。" + "最后一句话。" * 10
    assert passages(text, "冷却剂", length=12) == ["… 飞船的[冷却剂]泄漏了。 …"]
    [snippet] = best_passages("长" * 200 + "冷却剂" + "句" * 200, [Mark(200, 203, 0)], length=40)
    assert snippet.text[slice(*snippet.spans[0])] == "冷却剂"
    assert len(snippet.text) == 40


def test_no_cut_divides_a_character_from_its_marks() -> None:
    text = "e\u0301" * 300 + "x" + "e\u0301" * 300
    [snippet] = best_passages(text, [Mark(600, 601, 0)], length=41)
    assert not snippet.text.startswith("\u0301")
    assert text[snippet.start + len(snippet.text)] != "\u0301"


def test_without_marks_the_first_sentences_are_given() -> None:
    assert passages("\n\n" + STORY, length=60) == ["The tank was old. Engineers had warned of a leak for years. …"]
    assert passages("word " * 100, length=24) == ["word word word word word …"]
    assert passages("All of it.", length=50) == ["All of it."]
    assert passages(" \n ") == passages("") == []


def test_a_heading_does_not_run_into_the_sentence_after_it() -> None:
    text = "Summary\n\nThe coolant froze.\n\nNext steps\n\nNobody knows the coolant."
    assert passages(text, "froze", length=60) == [
        "… The [coolant] froze. …".replace("[coolant] froze", "coolant [froze]")
    ]


def test_white_space_is_folded_and_marks_stay_on_their_words() -> None:
    text = "  The\n coolant\t\t leak \r\n was   bad.  "
    [snippet] = best_passages(text, marks(text, "coolant", "leak", "bad"))
    assert shown(snippet) == "The [coolant] [leak] was [bad]."
    assert snippet.start == 2


def test_a_mark_across_two_sentences_keeps_them_together() -> None:
    text = "First things. It was cool. Ant hills leak. Last things, at some length, so that not all fits in."
    [snippet] = best_passages(text, [Mark(21, 30, 0)], count=1, length=45)
    assert shown(snippet) == "First things. It was [cool. Ant] hills leak. …".replace(
        "First things. ", "First things. "
    )


def test_nothing_is_asked_for() -> None:
    assert best_passages(STORY, marks(STORY, "leak"), count=0) == ()
    assert best_passages(STORY, marks(STORY, "leak"), length=0) == ()


def test_a_mark_longer_than_a_passage_is_cut() -> None:
    [snippet] = best_passages("x" * 1000, [Mark(0, 1000, 0)], length=50)
    assert (len(snippet.text), snippet.spans) == (50, ((0, 50),))


def test_headings_are_not_glued_to_the_sentences_around_them() -> None:
    text = "The coolant froze.\n\nA leak\n\nThe leak was small.\n\nNo leak since then."
    assert passages(text, "coolant", "leak", length=200) == ["… The [leak] was small. No [leak] since then."]
    assert passages(text, "coolant", length=200) == ["The [coolant] froze. …"]


@pytest.mark.parametrize("heading", ["The tank", "Tank (old)", "What about the tank?", "“Tank”"])
def test_a_heading_is_shown_alone(heading: str) -> None:
    text = f"It froze.\n\n{heading}\n\nIt was small. It grew."
    assert passages(text, "ank", length=200) == [f"… {heading.replace('ank', '[ank]')} …"]
    assert passages(text, "froze", length=200) == ["It [froze]. …"]


def test_a_sentence_is_better_than_a_heading_that_says_the_same() -> None:
    text = "The leak\n\nThe leak was small. It grew."
    assert passages(text, "leak", length=60) == ["… The [leak] was small. It grew."]


def test_a_heading_with_nothing_new_is_not_shown_beside_a_sentence() -> None:
    text = "The leak\n\nThe leak was small.\n\nThe tank and the leak\n\nIt grew."
    assert passages(text, "leak", count=3, length=60) == ["… The [leak] was small. …"]
    assert passages(text, "leak", "tank", count=3, length=60) == [
        "… The [leak] was small.",
        "The [tank] and the [leak] …",
    ]


def test_what_fills_a_passage_up_cuts_no_quotation_in_two() -> None:
    text = "The leak grew. “It is bad. We sleep little,” she said. Then they sealed it, at last, with tape and tar."
    assert passages(text, "grew", length=35) == ["The leak [grew]. …"]
    assert passages(text, "grew", length=60) == ["The leak [grew]. “It is bad. We sleep little,” she said. …"]
    text = "Nobody cared. “It is bad. We sleep little.” The leak grew."
    assert passages(text, "grew", length=40) == ["… The leak [grew]."]
    assert passages(text, "grew", length=50) == ["… “It is bad. We sleep little.” The leak [grew]."]


def test_of_very_many_marks_the_best_place_is_found() -> None:
    text = "The leak is old. " * 200 + "The coolant is old. " * 200 + "A coolant leak came. " + "A leak. " * 200
    assert "A [coolant] [leak] came." in passages(text, "coolant", "leak", length=50)[0]


def test_words_in_one_sentence_win_also_where_others_stand_nearby() -> None:
    filler = "Nothing else was heard of it on that day or on the next one. " * 6
    text = (
        f"The leak. {filler}The leak. {filler}The leak. {filler}A coolant was there. {filler[:61]}"
        f"Of a leak, late and by night, a coolant came. {filler}The leak. {filler}"
    )
    assert "Of a [leak], late and by night, a [coolant] came." in passages(text, "leak", "coolant", length=130)[0]


def test_a_document_that_matched_elsewhere_shows_its_standfirst() -> None:
    document = Document(source="a", title="Leak", body="First words. More.", extra={"summary": "What broke. And why."})
    [snippet] = document_snippets(document, DocumentMarks(title=((0, 4),)))
    assert (snippet.text, snippet.field, snippet.spans) == ("What broke. And why.", "summary", ())
    [snippet] = document_snippets(document, DocumentMarks(body=(Mark(0, 5, 0),)))
    assert shown(snippet) == "[First] words. More."
    [snippet] = document_snippets(replace(document, extra={"tags": ("x",)}), DocumentMarks())
    assert (shown(snippet), snippet.field) == ("First words. More.", "body")
    assert document_snippets(document, DocumentMarks(), count=0) == ()


def test_an_article_that_matched_in_an_extra_alone_shows_what_matched_there() -> None:
    extra: Mapping[str, str | tuple[str, ...]] = {"summary": "What broke. And why.", "tags": ("night", "zebra dance")}
    document = Document(source="a", title="Leak", body="First words. More.", language="en", extra=extra)

    def snippets(query: str) -> list[tuple[str, str]]:
        matched = Highlighter(lower(parse(query).tree, ["en"]).matching).mark(document)
        return [(shown(snippet), snippet.field) for snippet in document_snippets(document, matched)]

    assert snippets("extra:zebra") == [("[zebra] dance", "tags")]
    assert snippets("extra:broke") == [("What [broke]. And why.", "summary")]
    assert snippets("extra:zebra words") == [("First [words]. More.", "body")]
    assert snippets("leak") == [("What broke. And why.", "summary")], "as no extra was asked for"


TEXTS = st.lists(
    st.sampled_from(
        ["leak", "coolant", "Mr.", "word", "Word.", "end!", "北京大学。", "e\u0301", "\n\n", "\t", "“So.”"]
    ),
    max_size=80,
).map(" ".join)


def end_of(snippet: Snippet, text: str) -> int:
    """Where the place of a snippet in its text ends."""
    ends = range(snippet.start, len(text) + 1)
    return next(end for end in ends if " ".join(text[snippet.start : end].split()) == snippet.text)


@given(TEXTS, st.integers(1, 4), st.integers(1, 120), st.booleans())
def test_passages_are_parts_of_the_text_with_their_marks(text: str, count: int, length: int, weighed: bool) -> None:
    found = marks(text, "leak", "coolant", "京大")
    snippets = best_passages(text, found, count=count, length=length, weights=[1.0, 0.0, 3.0] if weighed else None)
    assert len(snippets) <= count
    position = 0
    for number, snippet in enumerate(snippets):
        assert snippet.text == " ".join(snippet.text.split())
        assert len(snippet.text) <= 1.2 * length
        assert snippet.start >= position
        assert snippet.before == bool(text[position : snippet.start].strip())
        position = end_of(snippet, text)
        following = snippets[number + 1].start if number + 1 < len(snippets) else len(text)
        assert snippet.after == bool(text[position:following].strip())
        for start, end in snippet.spans:
            assert 0 <= start < end <= len(snippet.text)
            assert (
                any(word.startswith(snippet.text[start:end][:2]) for word in ("leak", "coolant", "京大")) or length < 8
            )
        assert all(a[1] < b[0] for a, b in itertools.pairwise(snippet.spans))
        assert snippet.spans or not found
    assert bool(snippets) == bool(text.strip())


LONG_TEXTS = st.lists(
    st.sampled_from(["leak", "Tank", "fuel.", "the", "old", "crew", "noticed", "it", "was", "The", "valve."])
    | st.text(max_size=4),
    min_size=30,
    max_size=90,
).map(" ".join)


@given(LONG_TEXTS, st.sampled_from([20, 40, 60, 80, 120]))
def test_passages_of_any_text_never_overlap_and_keep_to_their_length(text: str, length: int) -> None:
    end = 0
    for snippet in best_passages(text, marks(text, "leak", "Tank", "fuel"), count=3, length=length):
        assert snippet.start >= end
        end = end_of(snippet, text)
        assert len(snippet.text) <= 1.2 * length


def test_a_very_long_text_costs_no_more_than_its_marks() -> None:
    text = "Nothing happens here at all. " * 400_000 + "A leak! " + "x" * 1_000_000
    [snippet] = best_passages(text, [Mark(text.index("leak"), text.index("leak") + 4, 0)])
    assert "A [leak]!" in shown(snippet)
    text = "".join(f"Nothing happens on day {day}. " for day in range(400_000))
    many = [Mark(day.start(), day.end(), 0) for day in re.finditer("day", text)]
    assert len(best_passages(text, many, count=3)) == 3


@pytest.mark.parametrize("unit", [".", " ", "\n", "。", "a", "a ", "A. ", '"'])
def test_monotonous_texts_take_little_time(unit: str) -> None:
    text = unit * 100_000
    assert len(best_passages(text, [Mark(50_000, 50_001, 0)], count=2)) <= 1
