"""Tables, templates, runs and links: what they print of hits, and what they refuse."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UsageError
from search.commands.output import output_of
from search.render import table, terminal
from search.render.fields import FIELD_NAMES, HitFields, read_fields
from search.render.links import file_address, passage_link, place_of
from search.render.template import Template
from search.results import Hit, SearchResults, Snippet

HOME = Path("/nowhere")


def a_hit(**changes: object) -> Hit:
    values: dict[str, object] = {
        "rank": 1,
        "id": "abc123",
        "score": 2.5,
        "title": "Fog on the Quay",
        "authors": ("Ana Ruiz", "Bo Ek"),
        "date": dt.date(2022, 12, 20),
        "url": "https://news.example/fog",
        "source": "articles/fog.md",
        "language": "en",
        "snippets": (Snippet("Fog lies on the water.", ((0, 3),)),),
    }
    return Hit(**{**values, **changes})  # type: ignore[arg-type]


def results_of(*hits: Hit) -> SearchResults:
    return SearchResults("fog", "fog", len(hits), 0, 10, 0.0, len(hits), (), hits)


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_a_table_has_a_header_and_a_row_for_each_hit() -> None:
    text = table.comma_separated(
        results_of(a_hit(), a_hit(rank=2, date=None)), ("title", "authors", "date"), HitFields(HOME)
    )
    assert rows(text) == [
        ["title", "authors", "date"],
        ["Fog on the Quay", "Ana Ruiz; Bo Ek", "2022-12-20"],
        ["Fog on the Quay", "Ana Ruiz; Bo Ek", ""],
    ]


@given(st.text(max_size=30))
def test_no_cell_is_a_formula_or_drives_a_terminal(title: str) -> None:
    text = table.comma_separated(results_of(a_hit(title=title)), ("title",), HitFields(HOME))
    cell = rows(text)[1][0] if len(rows(text)) > 1 else ""
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text.replace("\r", "\\r") if "\r" in title else text)


def test_a_formula_is_shown_as_text_and_a_number_stays_one() -> None:
    text = table.comma_separated(results_of(a_hit(title="=1+1", score=-1.0)), ("title", "score"), HitFields(HOME))
    assert rows(text)[1] == ["'=1+1", "-1.0000"]


def test_tabs_and_line_ends_of_a_field_do_not_break_its_line() -> None:
    text = table.tab_separated(results_of(a_hit(title="a\tb\nc")), ("rank", "title"), HitFields(HOME))
    assert text == "1\ta b c\n"


def test_a_run_has_the_six_columns_of_trec_eval() -> None:
    assert table.trec_run(results_of(a_hit()), "q7") == "q7 Q0 abc123 1 2.500000 byline\n"


def test_a_link_to_a_passage_names_whole_words() -> None:
    words = ["Bundesverfassungsgericht", "Donaudampfschifffahrt", "Rindfleischetikettierung", "Eisenbahnverkehr"]
    text = " ".join([*words, "und", "dann", *words])
    hit = a_hit(snippets=(Snippet(text, ((0, 5),)),))
    assert passage_link(hit).partition(":~:text=")[2] == "Bundesverfassungsgericht,Eisenbahnverkehr"


def test_the_scores_of_a_run_fall_so_that_trec_eval_keeps_its_order() -> None:
    hits = results_of(*(a_hit(rank=rank, score=score) for rank, score in enumerate((1.0, 2.5, 2.5, 0.5), 1)))
    scores = [line.split()[4] for line in table.trec_run(hits, "q7").splitlines()]
    assert scores == ["1.000000", "0.999999", "0.999998", "0.500000"]


def test_a_path_that_is_no_utf_8_can_be_opened_by_what_is_printed() -> None:
    hit = a_hit(source="h\udcff\x1b.md")
    assert table.tab_separated(results_of(hit), ("source",), HitFields(HOME)) == "h\udcff␛.md\n"
    assert Template("{source}").results(results_of(hit), HitFields(HOME)) == "h\udcff␛.md\n"
    assert table.comma_separated(results_of(hit), ("source",), HitFields(HOME)) == "source\nh\ufffd␛.md\n"


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("{date} {title}", "2022-12-20 Fog on the Quay"),
        (
            "{title:.6}|{title:17}|{title:>17}|{title:^17}|",
            "Fog o…|Fog on the Quay  |  Fog on the Quay| Fog on the Quay |",
        ),
        ("{score:.1} {score:8.2}|{rank:3}", "2.5     2.50|  1"),
        ("{date:%d.%m.%Y} {year}", "20.12.2022 2022"),
        (r"{authors}\t{{x}}\n-", "Ana Ruiz; Bo Ek\t{x}\n-"),
        ("{missing}{path}", ""),
    ],
)
def test_templates(template: str, line: str) -> None:
    assert Template(template).results(results_of(a_hit()), HitFields(HOME)) == f"{line}\n"


def test_a_template_pads_by_columns_not_characters() -> None:
    assert Template("{title:6}|").results(results_of(a_hit(title="東京")), HitFields(HOME)) == "東京  |\n"


@pytest.mark.parametrize(
    "template",
    ["{nothing}", "{title.__class__}", "{title[0]}", "{title!r}", "{title:9999}", "{", "{title:{rank}}", "{}"],
)
def test_a_template_reaches_nothing_but_fields(template: str) -> None:
    with pytest.raises(UsageError):
        Template(template)


def test_a_missing_date_is_empty_in_any_shape() -> None:
    assert Template("[{date:%Y}]").results(results_of(a_hit(date=None)), HitFields(HOME)) == "[]\n"


def test_control_characters_of_a_file_do_not_reach_the_terminal() -> None:
    evil = a_hit(title="\x1b]0;owned\x07", authors=("\x1b[2J",))
    for text in (
        Template("{title} {authors:40}").results(results_of(evil), HitFields(HOME)),
        table.tab_separated(results_of(evil), ("title", "authors"), HitFields(HOME)),
        terminal.results(results_of(evil)),
    ):
        assert "\x1b" not in text
        assert "\x07" not in text


def test_fields_are_named_in_any_case_and_unknown_ones_are_told() -> None:
    assert read_fields("Title, date,title") == ("title", "date")
    with pytest.raises(UsageError, match="colour"):
        read_fields("title,colour")
    with pytest.raises(UsageError):
        read_fields(" , ")


def test_every_field_has_a_value_for_json() -> None:
    values = HitFields(HOME).to_dict(a_hit(), FIELD_NAMES)
    assert values["date"] == "2022-12-20"
    assert values["path"] is None
    assert values["snippets"] == ["Fog lies on the water."]


def test_a_link_leads_to_the_passage() -> None:
    assert passage_link(a_hit()) == "https://news.example/fog#:~:text=Fog%20lies%20on%20the%20water."
    long = " ".join(f"word-{number}," for number in range(40))
    link = passage_link(a_hit(snippets=(Snippet(long, ((0, 4),)),), url="https://news.example/fog#top"))
    start, end = link.partition("#top:~:text=")[2].split(",")
    assert unquote(start) == "word-0, word-1, word-2, word-3,"
    assert unquote(end) == "word-36, word-37, word-38, word-39,"
    assert "-" not in start


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "file:///etc/passwd"])
def test_only_web_addresses_become_links(url: str) -> None:
    assert passage_link(a_hit(url=url)) == ""


def test_without_a_marked_passage_the_link_is_the_address() -> None:
    assert passage_link(a_hit(snippets=())) == "https://news.example/fog"


def test_a_passage_is_found_in_its_file_through_markup(tmp_path: Path) -> None:
    path = tmp_path / "articles" / "fog.md"
    path.parent.mkdir()
    path.write_text(
        "---\ntitle: Fog\n---\n\nFirst things.\n\n**Fog** [lies](http://x.example/)\non the _water_.\n", "utf-8"
    )
    place = place_of(a_hit(), tmp_path)
    assert place is not None
    assert (place.path, place.line) == (path, 7)
    feed = place_of(a_hit(source="articles/fog.md#3"), tmp_path)
    assert feed is not None
    assert feed.path == path


def test_a_file_that_is_gone_has_no_place(tmp_path: Path) -> None:
    assert place_of(a_hit(), tmp_path) is None


def test_titles_and_paths_can_be_clicked_where_the_terminal_can(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "fog.md").write_text("Fog lies on the water.\n", "utf-8")
    text = terminal.results(results_of(a_hit()), places=lambda hit: place_of(hit, tmp_path), clickable=True)
    links = re.findall(r"\x1b]8;;([^\x1b]+)\x1b\\(.*?)\x1b]8;;\x1b\\", text)
    assert ("https://news.example/fog#:~:text=Fog%20lies%20on%20the%20water.", "Fog on the Quay") in links
    assert (file_address(tmp_path / "articles" / "fog.md"), "articles/fog.md:1") in links
    assert "\x1b]8" not in terminal.results(results_of(a_hit()))


def test_a_file_address_is_plain_ascii() -> None:
    assert re.fullmatch(r"file://[\w.%-]*/tmp/a%20b/%C3%A9%1B.md", file_address(Path("/tmp/a b/é\x1b.md")))


def test_forms_that_exclude_each_other_are_refused() -> None:
    assert output_of(None, as_json=True).form == "json"
    assert output_of("json", as_json=True).form == "json"
    assert output_of("{title}").form == "{title}"
    for arguments in ({"as_json": True, "as_csv": True}, {"as_jsonl": True, "form": "html"}, {"form": "pdf"}):
        with pytest.raises(UsageError):
            output_of(**{"form": None, **arguments})  # type: ignore[arg-type]
    with pytest.raises(UsageError):
        output_of("html", fields="title")
    with pytest.raises(UsageError):
        output_of("trec", query_id="two words")
