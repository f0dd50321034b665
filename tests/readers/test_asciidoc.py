"""AsciiDoc beyond the golden case."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.document import Document
from index.readers import read_file


def read(tmp_path: Path, text: str) -> Document:
    path = tmp_path / "a.adoc"
    path.write_text(text, encoding="utf-8")
    return read_file(path, "a.adoc").documents[0]


@pytest.mark.parametrize(
    ("head", "authors", "date"),
    [
        ("Ann Author <ann@x.example>\nv1.0, 2020-02-03", ("Ann Author",), "2020-02-03"),
        ("Ann Author; Lee Oh\n2020-02-03", ("Ann Author", "Lee Oh"), "2020-02-03"),
        ("Ann Author\nv2,3 February 2020: reviewed", ("Ann Author",), "2020-02-03"),
        (":author: Ann Author\n:revdate: 2020-02-03", ("Ann Author",), "2020-02-03"),
        (":page-author: Ann Author\n:page-date: 2020-02-03", ("Ann Author",), "2020-02-03"),
        ("", (), "None"),
    ],
)
def test_heads(tmp_path: Path, head: str, authors: tuple[str, ...], date: str) -> None:
    found = read(tmp_path, f"= The Title\n{head}\n\nThe text.\n")
    assert (found.title, found.authors, str(found.date), found.body) == ("The Title", authors, date, "The text.")


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("a *b* _c_ `d` +e+ #f# [.x]#g#", "a b c d e f g"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("https://x.example[here] link:y.html[there] https://z.example.", "here there https://z.example."),
        ("{x} and {unknown}", "ten and {unknown}"),
        ("////\nunsaid\n////\n// unsaid\nsaid", "said"),
        ("include::secret.txt[]\nifdef::a[]\nsaid\nendif::[]", "said"),
        ("....\n*as is*\n....", "*as is*"),
        ("====\nInside.\n====", "Inside."),
        ("Part\n----\n\nText.", "Part\n\nText."),
        ("----\nnever closed", "never closed"),
        ("image::a.png[alt]\n\nText.", "Text."),
    ],
)
def test_blocks_and_markup(tmp_path: Path, text: str, body: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    assert read(tmp_path, f"= Title\n:x: ten\n\nFirst.\n\n{text}\n").body == f"First.\n\n{body}"


@pytest.mark.parametrize(
    "piece", ["*a ", "{a", "<<a", "link:", "footnote:[", "[[", "((a", "* a\n", "____\n", "|===\n|a "]
)
def test_texts_made_to_be_slow_are_read(tmp_path: Path, piece: str) -> None:
    assert read(tmp_path, f"= Title\n\nText.\n\n{piece * 20_000}\n\nThe end.").title == "Title"
