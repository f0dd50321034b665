"""Files made to be slow to read still give what they say, or are refused with the reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import index.readers
from index.document import Document
from index.errors import ReadError
from index.readers import read_file
from index.readers.article.frontmatter import split_front_matter


def document(path: Path, content: str) -> Document:
    path.write_text(content, "utf-8")
    return read_file(path, path.name).documents[0]


@pytest.mark.parametrize("part", ["a", '"a b"', "'a=b'", '"\\""'])
def test_a_toml_key_of_very_many_parts_is_refused(tmp_path: Path, part: str) -> None:
    found = document(tmp_path / "a.md", f"+++\n{'.'.join([part] * 5_000)} = 1\ntitle = 'Known'\n+++\n\nThe text.\n")
    assert found.title == "Known"
    assert found.warnings == ("front matter is not valid TOML (nested more than 100 deep)",)
    assert found.body == "The text."


def test_toml_with_many_dots_in_its_texts_is_read() -> None:
    text = "One. Two. Three… " * 100 + "." * 300
    front = split_front_matter(f'+++\na.b.c = 1\nsummary = "{text}"\n+++\nThe text.')
    assert (front.values, front.problem) == ({"a": {"b": {"c": 1}}, "summary": text}, "")


@pytest.mark.parametrize("gap", ["\n" * 100_000, " \n" * 100_000, "\n" + "\t" * 100_000 + "\n"])
@pytest.mark.parametrize("suffix", ["txt", "md"])
def test_a_long_gap_is_an_empty_line(tmp_path: Path, gap: str, suffix: str) -> None:
    found = document(tmp_path / f"a.{suffix}", f"# The harbour\n\nA first sentence, whole.\n{gap}\nThe second one.\n")
    assert found.body == "A first sentence, whole.\n\nThe second one."


def test_spaces_in_a_row_are_one(tmp_path: Path) -> None:
    found = document(tmp_path / "a.txt", f"The harbour\n\nA first{' ' * 500_000}sentence, whole.\n")
    assert found.body == "A first sentence, whole."


def test_paragraphs_beyond_the_bound_stay_in_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.text.MAX_PARAGRAPHS", 10)
    lines = [f"Sentence number {number} of the text." for number in range(40)]
    found = document(tmp_path / "a.txt", "The harbour\n\n" + "\n\n".join(lines))
    assert found.body.split() == " ".join(lines).split()


def test_markdown_lines_beyond_the_bound_stay_in_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.markdown.MAX_LINES", 10)
    lines = [f"Sentence number {number} of the text." for number in range(40)]
    found = document(tmp_path / "a.md", "# The harbour\n\n" + "\n\n".join(lines))
    assert found.title == "The harbour"
    assert found.body.split() == " ".join(lines).split()


def test_values_of_one_meta_name_are_bounded(tmp_path: Path) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [f"J{one}{two} Doe" for one in letters for two in letters]
    tags = "".join(f'<meta name="author" content="{name}">' for name in names)
    found = document(
        tmp_path / "a.html", f"<title>The harbour</title>{tags}<p>A text that is long enough to be one.</p>"
    )
    assert found.authors == tuple(names[:200])


def test_all_paragraphs_of_a_page_of_very_many(tmp_path: Path) -> None:
    paragraphs = [f"Paragraph number {number} says what it has to say." for number in range(6_000)]
    page = "<title>The harbour</title><h1>The harbour</h1>" + "".join(f"<p>{text}</p>" for text in paragraphs)
    found = document(tmp_path / "a.html", page)
    assert found.body.split("\n\n") == paragraphs


def test_a_file_of_many_articles_may_be_larger_than_one_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.readers, "MAX_ARTICLE_BYTES", 2**20)
    record = '{"title": "The harbour", "text": "A text."}\n' * 30_000
    (tmp_path / "a.jsonl").write_text(record)
    (tmp_path / "a.txt").write_text(record)
    assert len(read_file(tmp_path / "a.jsonl", "a.jsonl").documents) == 30_000
    with pytest.raises(ReadError, match="larger than 1 MB"):
        read_file(tmp_path / "a.txt", "a.txt")


def test_a_mailbox_may_be_larger_than_any_other_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert index.readers.most_bytes("mbox") == 256 * 2**20
    monkeypatch.setattr(index.readers, "MAX_FILE_BYTES", 100)
    path = tmp_path / "a.mbox"
    path.write_text(f"From ann@example.org Sat Jan  3 01:05:34 2015\nSubject: The harbour\n\n{'A text. ' * 20}\n")
    assert read_file(path, path.name).documents[0].title == "The harbour"


@pytest.mark.parametrize("mark", [">", "> ", "| ", " &gt;", "\t>"])
def test_a_line_of_very_many_marks_of_quotation(tmp_path: Path, mark: str) -> None:
    found = document(tmp_path / "a.eml", f"Subject: The harbour\n\nThe ferry sails.\n\n{mark * 3_000_000}Does it?\n")
    assert (found.body, found.extra["quoted"]) == ("The ferry sails.", "Does it?")


def test_very_many_empty_lines_before_very_many_quotations(tmp_path: Path) -> None:
    lines = "\n" * 45_000 + "> Does it?\n\n" * 25_000
    found = document(tmp_path / "a.eml", f"Subject: The harbour\n\nThe ferry sails.\n{lines}At noon.\n")
    assert found.body == "The ferry sails.\n\nAt noon."


@pytest.mark.parametrize("parameter", [";", "; ", ";\n a=b", "&nbsp;"])
@pytest.mark.parametrize("header", ["Content-Type: text/plain", "Content-Disposition: inline"])
def test_a_header_of_very_many_parameters(tmp_path: Path, header: str, parameter: str) -> None:
    mail = f"Subject: The harbour\n{header}; {parameter * 1_000_000}\n\nThe ferry sails.\n"
    assert document(tmp_path / "a.eml", mail).body == "The ferry sails."


def test_a_page_behind_a_header_of_very_many_parameters(tmp_path: Path) -> None:
    head = f"Subject: The harbour\nContent-Type: text/html; {';' * 1_000_000}"
    found = document(tmp_path / "a.mhtml", f"{head}\n\n<title>The harbour</title><p>The ferry sails at noon.</p>\n")
    assert found.body == "The ferry sails at noon."


@pytest.mark.parametrize("part", ["- ", ", ", " ", "\t", "| "])
def test_authors_of_very_many_marks(tmp_path: Path, part: str) -> None:
    names = [f"Jane Doe{number} 1{part * 2_500} " for number in range(20)] + ["Ana Lee"]
    found = document(tmp_path / "a.jsonl", json.dumps({"title": "Tides", "author": names, "text": "The sea came in."}))
    assert found.authors[-1] == "Ana Lee"
