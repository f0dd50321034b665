"""Golden test: what every file of `corpus/` gives when it is read.

To add a file: put it in `corpus/`, and what it must give under its path in `corpus.toml`.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from index import read
from index.document import Document

CORPUS = Path(__file__).parent.parent / "corpus"
SEED = "russian-space-chief-praises-us.md"
GOLDENS: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("corpus.toml").read_text("utf-8"))
FILES = list(dict.fromkeys(source.partition("#")[0] for source in GOLDENS))


@cache
def documents(name: str) -> tuple[Document, ...]:
    """The documents of one corpus file."""
    return tuple(read(CORPUS / name))


def document(source: str) -> Document:
    """The document of a file with one article, or of a line (FILE#NUMBER) of one with several."""
    name, _, number = source.partition("#")
    found = documents(name)
    assert number or len(found) == 1
    return found[int(number or 1) - 1]


@pytest.mark.parametrize("source", GOLDENS)
def test_every_article_gives_its_values_and_its_body(source: str) -> None:
    golden, found = GOLDENS[source], document(source)
    assert {
        "title": found.title,
        "authors": list(found.authors),
        "date": found.date,
        "url": found.url,
        "language": found.language,
        "first": found.body[: len(golden["first"])],
        "last": found.body[-len(golden["last"]) :],
    } == {"date": None, "url": ""} | {name: golden[name] for name in golden if not name.endswith("in_body")}
    assert found.source == Path(source).name


def test_every_article_of_the_corpus_is_in_the_table() -> None:
    paths = [path.relative_to(CORPUS) for path in CORPUS.rglob("*") if path.is_file()]
    files = {path.as_posix() for path in paths if not any(part.startswith(".") for part in path.parts)}
    assert files == set(FILES)
    assert sum(len(documents(name)) for name in FILES) == len(GOLDENS)


def test_the_folder_gives_what_its_files_give() -> None:
    skipped: list[tuple[str, str]] = []
    found = read(CORPUS, on_skip=lambda source, reason: skipped.append((source, reason)))
    assert skipped == []
    assert {each.source: each.body for each in found} == {source: document(source).body for source in GOLDENS}
    assert len(found) == len({each.id for each in found}) == len(GOLDENS)


def test_the_seed_keeps_caption_credit_and_related_link_out_of_its_body() -> None:
    seed = document(SEED)
    for name, text in (
        ("caption", "Roscosmos State Corporation General Director Yuri Borisov"),
        ("credit", "Dmitry Dukhanin / Kommersant"),
        ("related", "Tiny Meteorite May Have Caused Leak from Soyuz Capsule"),
    ):
        value = seed.extra[name]
        assert text in (value if isinstance(value, str) else "\n".join(value))
        assert text not in seed.body
    for line in ("By AFP", "December 20, 2022", "Related article", "Original url", "themoscowtimes"):
        assert line not in seed.body
    assert seed.body.split("\n\n")[1].startswith('"Say hello to the entire American team.')
    assert len(seed.body.split("\n\n")) == 15


@pytest.mark.parametrize("source", [source for source in GOLDENS if "not_in_body" in GOLDENS[source]])
def test_page_furniture_is_not_in_the_body(source: str) -> None:
    file, body = (CORPUS / source).read_text(encoding="utf-8"), document(source).body
    pieces = GOLDENS[source]["not_in_body"]
    assert [piece for piece in pieces if piece not in file] == []
    assert [piece for piece in pieces if piece in body] == []


@pytest.mark.parametrize("source", [source for source in GOLDENS if "in_body" in GOLDENS[source]])
def test_the_middle_of_the_article_is_in_the_body(source: str) -> None:
    body = document(source).body
    assert [piece for piece in GOLDENS[source]["in_body"] if piece not in body] == []


def test_front_matter_beside_the_core_fields_is_kept() -> None:
    station = document("2023/2023-03-02-what-a-space-station-does-with-its-heat.md")
    assert station.extra["tags"] == ("space", "engineering", "NASA")
    pump = document("2024-05-21-the-pump-nobody-thanks.md")
    assert pump.extra["tags"] == ("energy", "nuclear power", "maintenance")


@pytest.mark.parametrize("name", FILES)
def test_every_value_found_says_which_rule_found_it(name: str) -> None:
    for each in documents(name):
        values = {
            "title": each.title,
            "authors": each.authors,
            "date": each.date,
            "url": each.url,
            "language": each.language,
            "body": each.body,
        } | {f"extra.{name}": value for name, value in each.extra.items()}
        assert {name for name, value in values.items() if value} == set(each.provenance)
