"""From bylines to names: a line here is a case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.readers.bylines import MAX_AUTHORS, is_unspaced_name, looks_like_name, split_authors


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
        ("Posted on", []),
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
        ("By JANE DOE and ANA PÉREZ for The Daily Tide", ["JANE DOE", "ANA PÉREZ"]),
        ("Centre for Tides", ["Centre for Tides"]),
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
