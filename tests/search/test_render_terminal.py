"""What people see in a terminal: plain text or ANSI, lines that fit, timelines of blocks."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.render import overview, terminal
from search.render.width import display_width, lines
from tests.search.render_samples import DOCUMENT, HOSTILE, MARKS, OVERVIEW, RESULTS, hostile, timeline_of


def test_plain_results() -> None:
    assert terminal.results(RESULTS, width=72) == (
        "57 hits, showing 9–10\n"
        "\n"
        "9.  A *Coolant* *Leak* in Orbit\n"
        "    Ann Okoro, Bo *Leak* · 2022-12-20 · score 12.35 · 3k7c9q2m8x1z\n"
        "    space/leak.md\n"
        "    The *coolant* *leaked* for an hour, and nobody on the station slept\n"
        "    that night.\n"
        "    … It was a *leak* of two tonnes. …\n"
        "\n"
        "10. notes.txt\n"
        "    score 12.35 · 3k7c9q2m8x1z · notes.txt\n"
        "    without: coolant, night\n"
    )


def test_colour_says_the_same_without_asterisks() -> None:
    coloured = terminal.results(RESULTS, width=72, color=True)
    assert "\x1b[1;31mCoolant\x1b[0m" in coloured
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert bare.split() == terminal.results(RESULTS, width=72).replace("*", "").split()
    assert "\x1b" not in terminal.results(RESULTS)


@pytest.mark.parametrize("width", [1, 20, 33, 80, 300])
def test_lines_fit_the_width(width: int) -> None:
    text = terminal.results(RESULTS, width=width)
    longest = max(map(display_width, text.splitlines()))
    assert longest <= max(width, 20)


def test_plain_document() -> None:
    assert terminal.document(DOCUMENT, MARKS, width=60) == (
        "A *Coolant* Leak in Orbit\n"
        "Ann Okoro · 2022-12-20 · en\n"
        "space/leak.md\n"
        "https://example.org/leak\n"
        f"{DOCUMENT.id}\n"
        "Note: date 2099-01-01 lies in the future; kept as text\n"
        "\n"
        "The *coolant* *leaked* for an hour.\n"
        "\n"
        "Nobody slept.\n"
        "Nobody spoke.\n"
        "\n"
        "  caption: The hatch\n"
        "  tags: space, leaks\n"
    )
    assert "*" not in terminal.document(DOCUMENT)


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_file_drives_a_terminal(text: str, color: bool) -> None:
    results, document, marks = hostile(text)
    for page in (terminal.results(results, color=color), terminal.document(document, marks, color=color)):
        bare = re.sub(r"\x1b\[[0-9;]*m", "", page) if color else page
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", bare)
        assert set(re.findall(r"\x1b\[[0-9;]*m", page)) <= {
            "\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[33m", "\x1b[1;31m",
        }  # fmt: skip


def test_facets_and_a_timeline_in_a_terminal() -> None:
    assert terminal.results(OVERVIEW, width=60) == (
        "57 hits, the rest folded into the first 8\n"
        "\n"
        "  author: A␛FP <b> (1,200) · Bo (1) · and others · none (3)\n"
        '  To choose one, add it to the query: author:="A",\n'
        "  -has:author\n"
        "  timeline: a bar is 1 day, the highest 8; 2 without a date\n"
        "  ███\n"
        "  ███\n"
        "  ███\n"
        "  ███         ▂▂▂\n"
        "  ███         ███\n"
        "  ███     ▆▆▆ ███\n"
        "  2022-12-20 to 2022-12-23\n"
    )


def test_a_timeline_where_blocks_are_not_to_be_had() -> None:
    drawn = terminal.results(OVERVIEW, width=60, blocks=False)
    assert drawn.endswith(
        "  ###\n  ###\n  ###\n  ###         ###\n  ###         ###\n  ###     ### ###\n  2022-12-20 to 2022-12-23\n"
    )


@pytest.mark.parametrize("width", [20, 21, 30, 61, 80, 200])
def test_a_timeline_is_as_wide_as_there_is_room(width: int) -> None:
    counts = {f"{year}-03-01": 1 + year % 7 for year in range(1961, 2021)}
    drawn = overview.timeline_lines(timeline_of(counts), width)
    assert max(map(display_width, drawn)) <= width
    assert drawn[0].strip("█ ") != drawn[0]
    assert len(drawn) == overview.ROWS + 1
    assert all(line == line.rstrip() for line in drawn)
    if width >= 60:
        assert len(drawn[-2]) >= 60  # every year has a bar at the foot
        assert "1961" in drawn[-1]
        assert drawn[-1].endswith("2020")


def test_a_timeline_in_little_room_says_how_much_its_bars_hold() -> None:
    decades = timeline_of({f"{year}-03-01": 1 for year in range(1500, 2000, 10)})
    assert overview.timeline_title(decades) == "a bar is 10 years, the highest 1"
    assert overview.timeline_title(decades, 20) == "a bar is 30 years, the highest 3"
    days = timeline_of({f"2020-01-{day:02}": day for day in range(1, 31)}, 2)
    assert overview.timeline_title(days, 30) == "a bar is 1 day, the highest 30; 2 without a date"
    narrow = terminal.results(replace(RESULTS, timeline=days), width=24)
    assert "timeline: a bar is 2 days, the highest 59; 2 without a date" in " ".join(narrow.split())


def test_the_smallest_bar_is_seen_and_an_empty_one_is_not() -> None:
    drawn = overview.timeline_lines(timeline_of({"2020-01-01": 1000, "2020-01-02": 1, "2020-01-04": 1}), 12)
    assert drawn[-2] == "██ ▁▁    ▁▁"
    assert overview.timeline_lines(timeline_of({"2020-01-01": 1}), 80) == ["███", "2020-01-01"]
    assert overview.timeline_lines(timeline_of({}), 80) == []
    assert overview.timeline_title(timeline_of({}, 3)) == "3 without a date"
    assert (
        overview.timeline_title(timeline_of({"2000-01-01": 1, "1000-01-01": 1})) == "a bar is 100 years, the highest 1"
    )


@pytest.mark.parametrize(
    ("text", "columns"), [("leak", 4), ("冷却剂", 6), ("cafe\u0301", 4), ("ｶﾞ", 2), ("가", 2), ("🚀", 2), ("\u200d", 0)]
)
def test_columns(text: str, columns: int) -> None:
    assert display_width(text) == columns


def test_chinese_wraps_anywhere_but_before_a_full_stop() -> None:
    text = "飞船冷却剂泄漏。大家都睡了"
    assert [text[start:end] for start, end in lines(text, 14)] == ["飞船冷却剂泄", "漏。大家都睡了"]


@given(st.text(st.sampled_from("ab 冷却。é\u0301🚀"), max_size=60), st.integers(2, 12))
def test_wrapping_loses_nothing_and_fits(text: str, width: int) -> None:
    spans = list(lines(text, width))
    assert "".join(text[start:end] for start, end in spans).replace(" ", "") == text.replace(" ", "")
    for start, end in spans:
        assert display_width(text[start:end]) <= width
        assert text[start] != " " != text[end - 1]
