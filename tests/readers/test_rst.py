"""reStructuredText beyond the golden cases: heads, what is left out, and texts made to be slow."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.document import Document
from index.readers import read_file


def read(tmp_path: Path, text: str, name: str = "a.rst") -> Document:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_file(path, name).documents[0]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("*one* **two** ``th*ree``", "one two th*ree"),
        ("a * b and 2*3*4 and x_y_z", "a * b and 2*3*4 and x_y_z"),
        ("`link <https://x.example>`__ and `title`", "link and title"),
        (":ref:`the part <part>` of :pep:`8` by :func:`~a.b`", "the part of PEP 8 by a.b"),
        (r"not \*starred\* and no\ space", "not *starred* and nospace"),
        ("noted [1]_, and [CIT2002]_ cited", "noted, and [CIT2002] cited"),
        ("|dog| and a|b", "dog and a|b"),
        ("see site_ and other_", "see site and other_"),
        ("__init__ stays", "__init__ stays"),
    ],
)
def test_markup_within_a_line_is_taken_off(tmp_path: Path, line: str, shown: str) -> None:
    assert read(tmp_path, f"Title\n=====\n\n{line}\n\n.. _site: https://site.example\n").body == shown


@pytest.mark.parametrize(
    ("block", "body"),
    [
        (".. raw:: html\n\n   <b>raw</b>", ""),
        (".. include:: other.txt", ""),
        (".. csv-table:: Boats\n   :header: a,b\n\n   1,2", "1 2"),
        (".. code-block:: python\n   :linenos:\n\n   x = 1\n   y = 2", "x = 1\ny = 2"),
        (".. versionadded:: 3.4\n   Now it floats.", "3.4\n\nNow it floats."),
        (".. unknown-thing:: x\n\n   Its text stays.", "Its text stays."),
        (".. a comment\n   of two lines", ""),
        ("Code follows::\n\n  a = 1\n\n  b = 2\n\nDone.", "Code follows:\n\na = 1\nb = 2\n\nDone."),
        ("1. first\n2. second\n\n   more\n\n   - inner", "first\nsecond\nmore\ninner"),
        ("1984. A year.", "1984. A year."),
        (">>> 1 + 1\n2", ">>> 1 + 1\n2"),
        (":field: in the middle\n\nand text", "and text"),
    ],
)
def test_blocks(tmp_path: Path, block: str, body: str) -> None:
    (tmp_path / "other.txt").write_text("secret")
    assert read(tmp_path, f"Title\n=====\n\n{block}\n").body == body


def test_a_title_with_a_line_above_and_below(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "=========\nThe Title\n=========\n\n:Author: Ann Author\n:Date: 2020-02-03\n\nText.\n\nPart\n====\n\nMore.",
    )
    assert (found.title, found.authors, str(found.date)) == ("The Title", ("Ann Author",), "2020-02-03")
    assert found.body == "Text.\n\nPart\n\nMore."


def test_several_authors_in_a_list(tmp_path: Path) -> None:
    found = read(tmp_path, "Title\n=====\n\n:Authors:\n  - Ann Author\n  - Lee Oh\n\nText.")
    assert found.authors == ("Ann Author", "Lee Oh")


def test_a_head_needs_a_title_and_one_thing_more(tmp_path: Path) -> None:
    found = read(tmp_path, "Note: this is no head.\n\nText.")
    assert found.body.startswith("Note: this")


@pytest.mark.parametrize("name", ["a.md", "a.html", "a.rst"])
def test_a_head_of_dotted_lines_in_any_format(tmp_path: Path, name: str) -> None:
    head = ".. title: The Quay\n.. author: Ann Author\n.. date: 2020-02-03\n"
    text = "The quay was built of stone, and the sea has taken none of it."
    found = read(tmp_path, f"{head}\n{text}" if name == "a.rst" else f"<!--\n{head}-->\n\n{text}", name)
    assert (found.title, found.authors, str(found.date)) == ("The Quay", ("Ann Author",), "2020-02-03")
    assert found.body == text


@pytest.mark.parametrize(
    "text",
    [
        ("*a " * 20 + "\n") * 8_000,  # emphasis that never ends
        "`a " * 100_000,
        "+" + "-+" * 50_000 + "\n" + ("|a" * 100 + "\n") * 2_000,  # a table of many columns
        "\n".join(" " * depth + "a" for depth in range(800)),
        "\n\n".join("  " * depth + "- a" for depth in range(400)),
        "- " * 100_000,
        "a\n=\n\n" * 30_000,
    ],
    ids=["emphasis", "quotes", "columns", "indented", "nested", "bullets", "titles"],
)
def test_texts_made_to_be_slow_or_deep_are_read(tmp_path: Path, text: str) -> None:
    assert len(read(tmp_path, f"Title\n#####\n\n{text}").body) > 100
