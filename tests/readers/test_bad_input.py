"""What cannot be read says so in clear words; what can be read in part is."""

# ruff: noqa: E501  (cases read better on one line)
from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

import index.readers
from index import read
from index.errors import ReadError, UsageError
from index.readers import read_file


def refused(path: Path, data: bytes) -> str:
    """Writes the file, reads it, and gives the reason for which it was refused."""
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        read_file(path, path.name)
    assert path.name in str(caught.value)
    return caught.value.what


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.html", "a.jsonl", "a.json"])
@pytest.mark.parametrize("data", [b"", b"  \n\t\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file(tmp_path: Path, name: str, data: bytes) -> None:
    assert "empty" in refused(tmp_path / name, data)


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.html", "a.jsonl"])
@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200),
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        gzip.compress(b"A text" * 100),
        bytes(range(256)) * 8,
        bytes(1000),
        b"\x00\xff\xfe\x01" * 200,
    ],
    ids=["png", "pdf", "gzip", "all bytes", "zeros", "four bytes"],
)
def test_binary_junk_is_not_text(tmp_path: Path, name: str, data: bytes) -> None:
    assert refused(tmp_path / name, data) == "not text"


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="cannot be opened: No such file"):
        read_file(tmp_path / "gone.md", "gone.md")
    with pytest.raises(UsageError, match="no such file or folder"):
        read(tmp_path / "gone.md")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="this user may read everything")
def test_an_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "closed.md"
    path.write_text("# Closed")
    path.chmod(0)
    with pytest.raises(ReadError, match="cannot be opened: Permission denied"):
        read_file(path, "closed.md")


def test_a_folder_named_like_an_article(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(ReadError, match="cannot be opened: Is a directory"):
        read_file(tmp_path / "folder.md", "folder.md")


def test_a_file_beyond_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.readers, "MAX_FILE_BYTES", 2**20)
    assert refused(tmp_path / "long.txt", b"word " * 300_000) == "larger than 1 MB"


def test_another_format(tmp_path: Path) -> None:
    assert refused(tmp_path / "photo.jpg", b"\xff\xd8\xff\xe0") == "not an article format"


def test_a_broken_line_does_not_cost_the_others(tmp_path: Path) -> None:
    path = tmp_path / "mixed.jsonl"
    path.write_text('{"title": "One", "text": "a"}\n{"title": "Two", \n[1]\n\n{}\n{"title": "Five", "text": "b"}\n')
    documents, problems = read_file(path, path.name)
    assert [(document.source, document.title) for document in documents] == [
        ("mixed.jsonl#1", "One"),
        ("mixed.jsonl#5", "Five"),
    ]
    assert len(problems) == 3
    assert problems[0].startswith("line 2 is not JSON")
    assert problems[1] == "line 3 is no record"
    assert problems[2] == "line 5 has neither a title nor a text"


def test_lines_without_any_record(tmp_path: Path) -> None:
    assert refused(tmp_path / "no.jsonl", b"not json\nnot json either\n").startswith("line 1 is not JSON")


def test_json_that_is_no_record(tmp_path: Path) -> None:
    assert "neither a record" in refused(tmp_path / "number.json", b"42")
    assert refused(tmp_path / "broken.json", b"[1, 2").startswith("not JSON")


def test_deep_nesting_is_survived(tmp_path: Path) -> None:
    assert "nested too deep" in refused(tmp_path / "deep.json", b"[" * 100_000 + b"]" * 100_000)
    (tmp_path / "deep.md").write_text(
        ">" * 3000 + " Deep\n\n" + "- " * 3000 + "x\n\n" + "*" * 5000 + "\n\nThe end of it."
    )
    assert "The end of it." in read(tmp_path / "deep.md")[0].body
    (tmp_path / "deep.html").write_text(
        "<html><body><h1>Deep down</h1>"
        + "<div>" * 5000
        + "<p>"
        + "A word in the depth. " * 20
        + "</p>"
        + "</div>" * 5000
    )
    assert read(tmp_path / "deep.html")[0].title == "Deep down"


@pytest.mark.parametrize("value", ["[" * 50_000, "{a: " * 50_000, "- " * 50_000 + "x", "? " * 50_000 + "x"])
def test_front_matter_nested_without_end(tmp_path: Path, value: str) -> None:
    path = tmp_path / "deep.md"
    path.write_text(f"---\ntitle: Kept\ndeep: {value}\n---\nText.\n")
    document = read(path)[0]
    assert document.title == "Kept"
    assert document.body == "Text."
    assert any("nested" in warning or "not valid" in warning for warning in document.warnings)


@pytest.mark.parametrize("name", ["bad.md", "bad.txt", "bad.rst", "bad.adoc"])
def test_front_matter_that_is_not_valid_is_read_line_by_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text('---\ntitle: "Unclosed\nauthor: Ana Lee\ndate: 2020-01-02\n---\nThe text.\n')
    said: list[tuple[str, str]] = []
    document = read(path, on_skip=lambda source, reason: said.append((source, reason)))[0]
    assert [(source, "not valid YAML" in reason) for source, reason in said] == [(name, True)]
    assert document.authors == ("Ana Lee",)
    assert str(document.date) == "2020-01-02"
    assert document.body == "The text."
    assert any("not valid YAML" in warning for warning in document.warnings)


def test_a_yaml_bomb_stays_small(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    path = tmp_path / "bomb.md"
    path.write_text("---\n" + "\n".join(lines) + "\ntitle: Still here\n---\nText.\n")
    document = read(path)[0]
    assert document.title == "Still here"
    assert len(json.dumps(document.to_dict())) < 100_000


def test_metadata_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "long.md"
    extras = "\n".join(f"key{n}: value" for n in range(500))
    path.write_text(
        f"---\ntitle: {'word ' * 5000}\nauthor: [{', '.join(f'Name Nr{chr(65 + n % 26)}{n}' for n in range(3000))}]\n{extras}\n---\nText."
    )
    document = read(path)[0]
    assert len(document.title) <= 1000
    assert 900 < len(document.authors) <= 1000
    assert len(document.extra) <= 100


def test_a_reader_that_dies_gives_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("index.readers.markdown.read_article", die)
    assert refused(tmp_path / "a.md", b"# A\n\nB") == "the markdown reader failed (ZeroDivisionError: on purpose)"


def test_a_folder_reports_what_it_skips(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("# Good\n\nText.")
    (tmp_path / "empty.md").write_text("")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")
    (tmp_path / "mixed.jsonl").write_text('{"title": "One"}\nbroken\n')
    skipped: list[tuple[str, str]] = []
    documents = read(tmp_path, on_skip=lambda source, reason: skipped.append((source, reason)))
    assert [document.source for document in documents] == ["good.md", "mixed.jsonl#1"]
    assert [source for source, _ in skipped] == ["empty.md", "mixed.jsonl", "photo.jpg"]
    assert skipped[0][1] == "the file is empty"
    assert skipped[2][1] == "not an article format (.jpg)"


@pytest.mark.parametrize("isolated", [False, True])
def test_a_folder_reads_the_same_in_another_process(tmp_path: Path, isolated: bool) -> None:
    (tmp_path / "a.md").write_text("# The Harbour\n\nThe ferry.\n")
    (tmp_path / "b.jsonl").write_text('{"title": "One"}\nbroken\n{"title": "Two"}\n')
    (tmp_path / "c.html").write_bytes(b"\x00\x01")
    (tmp_path / "d.png").write_bytes(b"\x89PNG")
    skipped: list[str] = []
    documents = read(tmp_path, on_skip=lambda source, reason: skipped.append(source), isolated=isolated)
    assert [document.title for document in documents] == ["The Harbour", "One", "Two"]
    assert skipped == ["b.jsonl", "c.html", "d.png"]
    assert documents[0].confidence and documents[0].source == "a.md"


@pytest.mark.parametrize("isolated", [False, True])
def test_a_single_file_that_cannot_be_read_is_an_error(tmp_path: Path, isolated: bool) -> None:
    (tmp_path / "empty.html").write_text("")
    with pytest.raises(ReadError, match="the file is empty"):
        read(tmp_path / "empty.html", isolated=isolated)
    with pytest.raises(UsageError, match="no such file or folder"):
        read(tmp_path / "gone.html", isolated=isolated)


def test_aliases_that_multiply_cost_no_time(tmp_path: Path) -> None:
    lines = ["a0: &a0 [[], [], [], [], [], [], [], [], []]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    path = tmp_path / "bomb.md"
    path.write_text("---\n" + "\n".join(lines) + "\nauthor: *a39\ntitle: Still here\n---\nText.\n")
    assert read(path)[0].title == "Still here"
