"""From bylines to names: a line here is a case."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.readers import read_file
from index.readers.bylines.names import MAX_AUTHORS, is_unspaced_name, looks_like_name, split_authors


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By [AFP](#)", ["AFP"]),
        ("By Jane Doe and Ana Pérez, Staff Writers | jane@example.org", ["Jane Doe", "Ana Pérez"]),
        ("By John Smith, Reuters", ["John Smith"]),
        ("By John Smith for The Evening Lamp", ["John Smith"]),
        ("Doe, Jane A.", ["Jane A. Doe"]),
        ("Michael Anders, PhD, Carla Dobrin, MD", ["Michael Anders", "Carla Dobrin"]),
        ("Markus Haefner, London", ["Markus Haefner"]),
        ("Perry Bacon Jr., Senior Writer", ["Perry Bacon Jr."]),
        ("John Smith Senior Political Correspondent", ["John Smith"]),
        ("Political Editor John Smith", ["John Smith"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Ana Pérez y Luis Gómez", ["Ana Pérez", "Luis Gómez"]),
        ("Von Christian Kahle am 03.11.2023 12:00 Uhr", ["Christian Kahle"]),
        ("Text: Anna Müller, Fotos: Max Maier", ["Anna Müller"]),
        ("Автор: Иван Петров", ["Иван Петров"]),
        ("Par Jeanne Corriveau", ["Jeanne Corriveau"]),
        ("Di Benedetto", ["Di Benedetto"]),
        ("记者 王小明", ["王小明"]),
        ("홍길동 기자", ["홍길동"]),
        ("[[Wesley Stein]]", ["Wesley Stein"]),
        ("[[people/wesley|Wesley Stein]]", ["Wesley Stein"]),
        ("Ana Lee <ana@example.org>, Bo Ek <bo@example.org>", ["Ana Lee", "Bo Ek"]),
        ("Todd Kule, for the release team", ["Todd Kule"]),
        ("Text von Anna Müller Illustration von Max Maier", ["Anna Müller"]),
        ("Eine Glosse von Anna Müller", ["Anna Müller"]),
        ("A guest column by Jane Doe", ["Jane Doe"]),
        ("Jane Doe/AB-C", ["Jane Doe"]),
        ("von mueller 3 Kommentare", ["mueller"]),
        ("Posted by mueller under Boats, Rivers", ["mueller"]),
        ("Redaktion: Anna Müller", ["Anna Müller"]),
        ("jane@example.org (Jane Doe)", ["Jane Doe"]),
        ("Jane Doe, Senior Editor at The Daily Tide", ["Jane Doe"]),
        ("Jane Doe, Chief Reporter, and Ana Pérez, Reuters", ["Jane Doe", "Ana Pérez"]),
        ("Иван Петров, корреспондент РБК", ["Иван Петров"]),
        ("Von unserem Korrespondenten Hans Müller", ["Hans Müller"]),
        ("dpa/Hans Müller", ["Hans Müller"]),
        ("Jane Doe/Ana Pérez", ["Jane Doe", "Ana Pérez"]),
        ("Jane Doe et al.", ["Jane Doe"]),
        ("Jane Doe and others", ["Jane Doe"]),
        ("Por Juan Ortega y Gasset y Ana Pérez", ["Juan Ortega y Gasset", "Ana Pérez"]),
        ("Ana y Juan Pérez", ["Ana y Juan Pérez"]),
        ("Redaktion", ["Redaktion"]),
        ("Redaktion Lower Town", ["Redaktion Lower Town"]),
        ("By France 24", ["France 24"]),
        ("By Jane Doe 3", ["Jane Doe"]),
        ("Von Radio am 3", ["Radio"]),
        ("Posted on", []),
        ("Jane van Doe Monday, February 29, 2016", ["Jane van Doe"]),
        ("Von Jan Weber am Samstag, 19. Oktober 2019 um 11:14 Uhr", ["Jan Weber"]),
        ("By Jane Sonntag, 19. Oktober 2019", ["Jane Sonntag"]),
        ("Donnerstag, 4. November 2021", []),
        ("Von Jan Weber Stand: 12. Mai 2020", ["Jan Weber"]),
        ("vor 5 Stunden", []),
        ("Interview: Jane Doe", ["Jane Doe"]),
        ("Ana Pérez im Gespräch mit Jan Weber", ["Ana Pérez", "Jan Weber"]),
        ("Ana Pérez Ana Pérez", ["Ana Pérez"]),
        ("Jane Doe, Software Engineer", ["Jane Doe"]),
        ("By John Smith, Special to The Evening Lamp", ["John Smith"]),
        ("By John Smith Special to The Evening Lamp", ["John Smith"]),
        ("By John, Special to The Lamp", ["John"]),
        ("By Jane Roe, Our Correspondent in Rome", ["Jane Roe"]),
        ("By Jane Roe, Middle East Correspondent in Cairo", ["Jane Roe"]),
        ("By Jane Roe, Director of Tides", ["Jane Roe"]),
        ("By Our Correspondent in Rome", ["Our Correspondent"]),
        ("Von Jan Weber, aus Rom", ["Jan Weber"]),
        ("Von Eva Weber, unsere Auslandskorrespondentin in Rom", ["Eva Weber"]),
        ("Par Jean-Luc Morel, envoyé spécial à Rome", ["Jean-Luc Morel"]),
        ("Par Jean-Luc Morel et Anne d'Arc, envoyée spéciale au Havre", ["Jean-Luc Morel", "Anne d'Arc"]),
        ("Par Anne d’Arc envoyée spéciale à l’ONU", ["Anne d’Arc"]),
        ("Por María Núñez, enviada especial", ["María Núñez"]),
        ("Por María Núñez y Juan Gómez, corresponsales de La Lámpara en Roma", ["María Núñez", "Juan Gómez"]),
        ("Di Anna Rossi, corrispondente dall'Egitto", ["Anna Rossi"]),
        ("Door Jan de Vries, correspondent in Parijs", ["Jan de Vries"]),
        ("Door Jan de Vries, redacteur van de Lamp", ["Jan de Vries"]),
        ("Por Ana Sousa, correspondente no Rio", ["Ana Sousa"]),
        ("Ana West, John North Reporter", ["Ana West", "John North"]),
        ("Ana Lee, Jan in 't Veld", ["Ana Lee", "Jan in 't Veld"]),
        ("By Jane Doe & Sons and Ana Lee", ["Jane Doe & Sons", "Ana Lee"]),
        ("", []),
    ],
)
def test_the_names_in_a_byline(text: str, names: list[str]) -> None:
    assert list(split_authors(text)) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("de la Cruz, María", ["María de la Cruz"]),
        ("von der Berg, Ursula; De Niro, Roberta", ["Ursula von der Berg", "Roberta De Niro"]),
        ("Berg, Jan van der", ["Jan van der Berg"]),
        ("O'Neil Jr., Sam", ["Sam O'Neil Jr."]),
        ("O'Neil, Sam, Jr.", ["Sam O'Neil Jr."]),
        ("de la Cruz III, Ana", ["Ana de la Cruz III"]),
        ("Perry Bacon, Jr., Jane Doe", ["Perry Bacon Jr.", "Jane Doe"]),
        ("Ludwig van Beethoven & Co", ["Ludwig van Beethoven & Co"]),
        ("Meyer und Partner", ["Meyer und Partner"]),
        ("Jane Doe and Ludwig & Co. and Ana Lee", ["Jane Doe", "Ludwig & Co.", "Ana Lee"]),
        ("Jane Roe - Special to The Evening Lamp", ["Jane Roe"]),
        ("Writers for Peace", ["Writers for Peace"]),
        ("Reporters Without Borders", ["Reporters Without Borders"]),
        ("By JANE DOE and ANA PÉREZ for The Daily Tide", ["JANE DOE", "ANA PÉREZ"]),
        ("Centre for Tides", ["Centre for Tides"]),
        ("Feed Writer 3", ["Feed Writer 3"]),
        ("Channel 4 News and Jane Doe", ["Channel 4 News", "Jane Doe"]),
        ("Studio B2", ["Studio B2"]),
        ("Jane Doe 2022", ["Jane Doe"]),
        ("Jane Doe May 12", ["Jane Doe"]),
        ("Jane Doe 3 min read", ["Jane Doe"]),
        ("Jane Doe 10:30", ["Jane Doe"]),
        ("Ministry of Health, Labour and Welfare", ["Ministry of Health, Labour and Welfare"]),
        ("Ministry of Labour and Welfare", ["Ministry of Labour and Welfare"]),
        ("Department for Tides, Food and Rural Affairs", ["Department for Tides, Food and Rural Affairs"]),
        ("Bill and Melinda Gates Foundation", ["Bill and Melinda Gates Foundation"]),
        ("Department of Energy and Jane Doe", ["Department of Energy", "Jane Doe"]),
        ("Department of Energy, Jane Doe and Ana Lee", ["Department of Energy", "Jane Doe", "Ana Lee"]),
    ],
)
def test_the_names_in_a_value_for_names(text: str, names: list[str]) -> None:
    assert list(split_authors(text, in_byline=False)) == names


@pytest.mark.parametrize(
    "text", ["Jane Doe", "Ursula von der Leyen", "J.R. Stone", "AFP", "Иван Петров", "王小明", "O'Brien"]
)
def test_what_may_be_a_name(text: str) -> None:
    assert looks_like_name(text)


@pytest.mark.parametrize(
    "text", ["", "the harbour", "It rained all day.", "20 December 2022", "Staff Writer", "Why? Because"]
)
def test_what_may_not_be_a_name(text: str) -> None:
    assert not looks_like_name(text)


@given(st.text(max_size=400))
def test_names_are_clean_and_bounded(text: str) -> None:
    names = split_authors(text)
    assert len(names) <= MAX_AUTHORS
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert name == name.strip() and "\n" not in name
        assert any(character.isalpha() for character in name)


@pytest.mark.parametrize("text", ["山田太郎", "佐々木次郎", "王小明", "王明", "홍길동", "김민수"])
def test_what_may_be_a_name_without_spaces(text: str) -> None:
    assert is_unspaced_name(text)


@pytest.mark.parametrize(
    "text", ["", "社会", "読売新聞", "人民日报", "新华社", "雪の京都", "スポーツ", "나룻배", "Jane"]
)
def test_what_may_not_be_a_name_without_spaces(text: str) -> None:
    assert not is_unspaced_name(text)


@pytest.mark.parametrize(
    ("author", "authors", "extra"),
    [
        ("AFP, Reuters and Jane Doe", ("Jane Doe",), {"agency": ("AFP", "Reuters")}),
        ("Jane Doe (AFP)", ("Jane Doe",), {"agency": "AFP"}),
        ("Tide Radio heute, Berlin", ("Tide Radio heute",), {"byline": "Tide Radio heute, Berlin"}),
        ("Jane Roe, our correspondent in Rome", ("Jane Roe",), {"byline": "Jane Roe, our correspondent in Rome"}),
        ("Jane Doe <jane@example.org>", ("Jane Doe",), {}),
        ("Jane Doe", ("Jane Doe",), {}),
        ("AFP", ("AFP",), {}),
        ("'@janedoe'", (), {"byline": "@janedoe"}),
        ("jane@example.org", (), {"byline": "jane@example.org"}),
    ],
)
def test_nothing_that_an_author_field_says_is_lost(
    tmp_path: Path, author: str, authors: tuple[str, ...], extra: dict[str, object]
) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"---\ntitle: Tides\nauthor: {author}\n---\nThe sea came in.\n")
    document = read_file(path, "a.md").documents[0]
    assert (document.authors, document.extra) == (authors, extra)


def test_an_author_field_without_a_name_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"title": "Tides", "author": "jane@example.org", "text": "The sea came in."}\n')
    (candidate,) = read_file(path, "a.jsonl").documents[0].candidates["authors"]
    assert (candidate.value, candidate.refused) == (("jane@example.org",), "is no name")


@pytest.mark.parametrize(
    ("line", "author", "agency"),
    [("By Jane Doe, Reuters", "Jane Doe", "Reuters"), ("By France 24", "France 24", "")],
)
def test_a_byline_in_a_text_keeps_numbers_and_agencies(tmp_path: Path, line: str, author: str, agency: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"The tide comes in\n\n{line}\n\nThe sea came in, and it went out again in the evening.\n")
    document = read_file(path, "a.txt").documents[0]
    assert document.authors == (author,)
    assert document.extra.get("agency", "") == agency
    assert document.body.startswith("The sea came in")


@pytest.mark.parametrize(
    ("line", "author", "kept"),
    [
        ("By John Smith, Special to The Evening Lamp", "John Smith", True),
        ("Por María Núñez, enviada especial a Roma", "María Núñez", True),
        ("Door Jan de Vries, correspondent in Parijs", "Jan de Vries", True),
        ("By Jane Roe, Staff Writer", "Jane Roe", False),
        ("By Jane Roe", "Jane Roe", False),
    ],
)
@pytest.mark.parametrize("title", ["Strike", "The tide comes in"])
def test_a_byline_in_a_text_keeps_a_job_with_its_place_or_paper(
    tmp_path: Path, title: str, line: str, author: str, kept: bool
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"{title}\n\n{line}\n5 March 2019\n\nThe sea came in, and it went out again in the evening.\n")
    document = read_file(path, "a.txt").documents[0]
    assert (document.title, document.authors, str(document.date)) == (title, (author,), "2019-03-05")
    assert document.extra.get("byline") == (line if kept else None)
    assert document.body == "The sea came in, and it went out again in the evening."


@pytest.mark.parametrize("head", ["By Jane Roe", "5 March 2019\nBy Jane Roe", "By Jane Roe | 5 March 2019"])
@pytest.mark.parametrize("title", ["Strike", "Nora Quill"])
def test_a_line_like_a_name_above_a_byline_is_the_headline(tmp_path: Path, title: str, head: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"{title}\n{head}\n\nThe sea came in, and it went out again in the evening.\n")
    document = read_file(path, "a.txt").documents[0]
    assert (document.title, document.authors) == (title, ("Jane Roe",))


def test_a_name_above_a_headline_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Jane Roe\n\nHarbour is closed\n\nThe sea came in, and it went out again in the evening.\n")
    assert read_file(path, "a.txt").documents[0].title != "Jane Roe"
