"""Web pages saved in one file: which part is the page, and what the file around it knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.document import Document
from index.errors import ReadError
from index.readers import read_file

PROSE = "<p>The harbour master kept two clocks in her office, one for the town and one for the sea.</p>" * 4
HEAD = "From: <Saved>\nSubject: Saved subject\nDate: Fri, 15 Mar 2019 08:00:00 +0100\n"


def read(tmp_path: Path, data: str | bytes) -> Document:
    path = tmp_path / "a.mhtml"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_file(path, path.name).documents[0]


def saved(page: str, *, head: str = HEAD, location: str = "", kind: str = 'text/html; charset="utf-8"') -> str:
    place = f"Content-Location: {location}\n" if location else ""
    return (
        f'{head}Content-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: {kind}\n{place}\n{page}\n'
        "--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b--\n"
    )


def test_the_page_speaks_first(tmp_path: Path) -> None:
    page = (
        '<html><head><title>Fog</title><link rel="canonical" href="https://example.org/fog">'
        f'<meta property="article:published_time" content="2018-01-02"></head><body><h1>Fog</h1>{PROSE}</body></html>'
    )
    found = read(tmp_path, saved(page, location="https://example.org/fog?utm=1"))
    assert (found.title, found.url, str(found.date)) == ("Fog", "https://example.org/fog", "2018-01-02")
    assert found.extra["saved"] == "2019-03-15"


def test_the_file_around_it_fills_gaps_but_its_date_is_none_of_publication(tmp_path: Path) -> None:
    head = f"{HEAD}Snapshot-Content-Location: https://example.org/fog\n"
    found = read(tmp_path, saved(f"<html><body>{PROSE}</body></html>", head=head))
    assert (found.title, found.url, found.date) == ("Saved subject", "https://example.org/fog", None)


def test_the_day_in_the_address_counts(tmp_path: Path) -> None:
    found = read(tmp_path, saved(f"<html><body>{PROSE}</body></html>", location="https://example.org/2017/05/06/fog"))
    assert str(found.date) == "2017-05-06"


def test_encodings(tmp_path: Path) -> None:
    page = f"<html><body><h1>Fähre für alle</h1>{PROSE}</body></html>"
    latin = saved(page, kind="text/html; charset=iso-8859-1").encode("latin-1")
    assert read(tmp_path, latin).title == "Fähre für alle"
    undeclared = page.replace("<html>", '<html><head><meta charset="windows-1252"></head>')
    assert read(tmp_path, saved(undeclared, kind="text/html").encode("cp1252")).title == "Fähre für alle"


def test_the_part_that_is_named_as_the_page(tmp_path: Path) -> None:
    data = (
        f'{HEAD}Content-Type: multipart/related; boundary="b"; start="<two>"\n\n'
        "--b\nContent-Type: text/html\nContent-ID: <one>\n\n<html><body><h1>A frame</h1></body></html>\n"
        f"--b\nContent-Type: text/html\nContent-ID: <two>\n\n<html><body><h1>Fog</h1>{PROSE}</body></html>\n--b--\n"
    )
    assert read(tmp_path, data).title == "Fog"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (f"{HEAD}Content-Type: image/png\n\nx", "no web page in it"),
        (saved("", location="https://example.org/"), "the page in it is empty"),
        ("\x00\x01\x02", "no web page in it"),
    ],
)
def test_what_is_no_saved_page(tmp_path: Path, data: str, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        read(tmp_path, data)
