"""Where sentences end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.highlighting.sentences import sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        pytest.param(["It leaked.", "Nobody slept!", "Why?", "Nobody knows."], id="stops"),
        pytest.param(["The U.S. space agency praised it.", "NASA agreed."], id="acronym before a lower-case word"),
        pytest.param(["He moved to the U.S. Marine base.", "It rained."], id="acronym before a name"),
        pytest.param(["He moved to the U.S.", "The base was closed."], id="acronym at the end"),
        pytest.param(["Mr. and Mrs. Okoro met Dr. Lind and Gen. Ray.", "They talked."], id="titles"),
        pytest.param(["It flew on Sept. 21 from pad No. 5.", "All went well."], id="months and numbers"),
        pytest.param(["J. R. R. Tolkien and A. A. Milne wrote it.", "I read it."], id="initials"),
        pytest.param(["It grew 3.5 percent, to $1.2 billion.", "Prices rose."], id="decimal points"),
        pytest.param(["Use tape, e.g. Kapton, i.e. Polyimide.", "It holds."], id="Latin abbreviations"),
        pytest.param(["“It leaked.”", "“How much?”", '"A lot," he said.', '"Stop!" she cried.'], id="quotes"),
        pytest.param(["(It leaked.)", "[The crew slept.]", "Good."], id="brackets"),
        pytest.param(["It was... odd.", "Then…", "Silence."], id="ellipses"),
        pytest.param(["Acme Inc. knew.", "Acme Inc. Chairman Li left.", "It was Acme Inc.", "They ran."], id="firms"),
        pytest.param(["Yahoo! was sold.", "Am 3. Oktober war es kalt.", "Das war z.B. Zufall."], id="shouts, ordinals"),
        pytest.param(["PORT ASH, Wash. -- They voted. — All of them, at once.", "It rained."], id="dashes"),
        pytest.param(["É tarde.", "Élan vital.", "¿Quién?", "¡Él!"], id="accented capitals"),
        pytest.param(["यह लीक हुआ।", "कोई नहीं सोया।"], id="danda"),
    ],
)  # fmt: skip
def test_sentences_end_at_stops_but_not_at_abbreviations(expected: list[str]) -> None:
    assert split(" ".join(expected)) == expected


def test_chinese_and_japanese_stops_need_no_space() -> None:
    assert split("冷却剂泄漏了。他说：“没事！”大家都睡了？") == ["冷却剂泄漏了。", "他说：“没事！”", "大家都睡了？"]


def test_an_empty_line_ends_a_sentence_and_a_line_break_does_not() -> None:
    assert split("A heading\n \n\nOne sentence\non two lines. Another, by Dr.\n\nThe end") == [
        "A heading", "One sentence\non two lines.", "Another, by Dr.", "The end",
    ]  # fmt: skip


def test_a_part_of_a_text_keeps_its_offsets() -> None:
    text = "One. Two is here. Three."
    assert [text[a:b] for a, b in sentences(text, 5, 20)] == ["Two is here.", "Th"]


@given(st.text(st.sampled_from("aB. \n!?…。\"'”)1U.S"), max_size=80))
def test_sentences_cover_all_but_white_space(text: str) -> None:
    spans = sentences(text)
    covered = 0
    for start, end in spans:
        assert text[covered:start].strip() == ""
        assert text[start:end].strip() == text[start:end] != ""
        covered = end
    assert text[covered:].strip() == ""


@pytest.mark.parametrize("unit", [".", "…", ". ", "\n", " ", '."', "A. ", ".\n", "a", "\u00a0"])
def test_long_monotonous_texts_take_linear_time(unit: str) -> None:
    text = unit * 200_000
    assert all(start < end for start, end in sentences(text))
