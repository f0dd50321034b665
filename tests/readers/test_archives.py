"""ZIP archives and files packed with gzip, honest and otherwise."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from index.errors import ReadError
from index.readers import ReadResult, read_file

TEXT = b"# The Quay\n\nBy Ann Author\n\nIt was built of stone.\n"


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def result(tmp_path: Path, data: bytes, name: str = "a.zip") -> ReadResult:
    path = tmp_path / name
    path.write_bytes(data)
    return read_file(path, name)


def refused(tmp_path: Path, data: bytes, name: str = "a.zip") -> str:
    with pytest.raises(ReadError) as raised:
        result(tmp_path, data, name)
    return raised.value.what


def test_every_article_in_an_archive(tmp_path: Path) -> None:
    found = result(
        tmp_path,
        zipped(
            {
                "posts/b.md": TEXT,
                "posts/a.jsonl": b'{"title": "One"}\n{"title": "Two"}\nbroken\n',
                "page.html": b"<p>The page says enough to be one.</p>",
                "page.meta": b".. title: Its Title\n",
                "photo.jpg": b"\xff\xd8",
                ".git/x.md": TEXT,
                "__MACOSX/posts/._b.md": TEXT,
            }
        ),
    )
    assert {document.source: document.title for document in found.documents} == {
        "a.zip!/page.html": "Its Title",
        "a.zip!/posts/a.jsonl#1": "One",
        "a.zip!/posts/a.jsonl#2": "Two",
        "a.zip!/posts/b.md": "The Quay",
    }
    assert found.problems[0].startswith("posts/a.jsonl: line 3 is not JSON")
    assert found.problems[1:] == ("1 file in it is no article (.jpg)",)


@pytest.mark.parametrize("name", ["../../up.md", "/elsewhere/up.md", "C:\\elsewhere\\up.md", "./x/../up.md"])
def test_no_name_leads_out_of_the_archive(tmp_path: Path, name: str) -> None:
    (document,) = result(tmp_path, zipped({name: TEXT})).documents
    inner = document.source.removeprefix("a.zip!/").split("/")
    assert inner[-1] == "up.md"
    assert not {"", ".."} & set(inner)
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_names_of_old_archives(tmp_path: Path) -> None:
    data = zipped({"f\u00e4hre.md": TEXT})
    without_mark = data.replace(b"\x14\x00\x00\x08", b"\x14\x00\x00\x00")
    assert without_mark != data
    assert result(tmp_path, without_mark).documents[0].source == "a.zip!/fähre.md"


def test_a_file_that_grows_too_much_is_left_out(tmp_path: Path) -> None:
    found = result(tmp_path, zipped({"a.md": TEXT, "bomb.md": b"a" * 2_000_000}))
    assert len(found.documents) == 1
    assert found.problems == ("bomb.md: unpacks to more than 250 times its size",)


def test_what_exceeds_the_bound_of_an_archive_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.archive.MAX_UNPACKED_BYTES", 2 * len(TEXT))
    found = result(tmp_path, zipped({f"{n}.md": TEXT for n in range(3)}))
    assert [document.source for document in found.documents] == ["a.zip!/0.md", "a.zip!/1.md"]
    assert found.problems == ("2.md: the archive holds more than 0 MB",)


def test_too_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.archive.MAX_MEMBERS", 2)
    assert refused(tmp_path, zipped({f"{n}.md": TEXT for n in range(3)})) == "more than 2 files in it"


def test_archives_within_archives(tmp_path: Path) -> None:
    inner = zipped({"a.md": TEXT})
    found = result(tmp_path, zipped({"a.md": TEXT, "inner.zip": inner, "b.md.gz": gzip.compress(TEXT)}))
    assert [document.source for document in found.documents] == ["a.zip!/a.md"]
    assert found.problems == ("2 files in it are no article (.gz, .zip); archives within archives are not read",)
    assert refused(tmp_path, gzip.compress(inner), "a.zip.gz") == "not an article format"


def test_encrypted_and_unusual(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.md": TEXT}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    assert refused(tmp_path, bytes(data)) == "a.md: encrypted with a password"
    assert refused(tmp_path, zipped({"a.md": TEXT}, zipfile.ZIP_BZIP2)) == "a.md: packed in a way that is not read"


def test_damaged_archives(tmp_path: Path) -> None:
    data = zipped({"a.md": TEXT * 20, "b.md": TEXT})
    assert refused(tmp_path, data[: len(data) // 2]) == "cut off or damaged"
    assert refused(tmp_path, b"no archive at all") == "no ZIP archive"
    flipped = bytearray(data)
    flipped[45] ^= 0xFF
    found = result(tmp_path, bytes(flipped))
    assert [document.source for document in found.documents] == ["a.zip!/b.md"]
    assert found.problems[0].startswith("a.md: cut off or damaged")
    assert refused(tmp_path, zipped({})) == "no article in it"


def test_gzip(tmp_path: Path) -> None:
    (document,) = result(tmp_path, gzip.compress(TEXT), "a.md.gz").documents
    assert (document.source, document.title) == ("a.md.gz", "The Quay")
    lines = gzip.compress(b'{"title": "One"}\n{"title": "Two"}\n')
    assert [found.source for found in result(tmp_path, lines, "b.jsonl.gz").documents] == [
        "b.jsonl.gz#1",
        "b.jsonl.gz#2",
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (gzip.compress(b"a" * 2_000_000), "unpacks to more than 250 times its size"),
        (gzip.compress(TEXT)[:-12], "damaged, or not packed with gzip"),
        (b"plain text", "damaged, or not packed with gzip"),
        (gzip.compress(b" \n"), "the file is empty"),
    ],
)
def test_gzip_that_is_not_read(tmp_path: Path, data: bytes, reason: str) -> None:
    assert refused(tmp_path, data, "a.md.gz").startswith(reason)


def test_gzip_beyond_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.MAX_ARTICLE_BYTES", 2**20)
    assert refused(tmp_path, gzip.compress(b"a" * 2_000_000), "a.md.gz") == "unpacks to more than 1 MB"


def test_of_files_with_one_name_the_last_is_read_and_that_is_said(tmp_path: Path) -> None:
    documents, problems = result(tmp_path, zipped({"../post.md": TEXT.replace(b"Quay", b"Old"), "post.md": TEXT}))
    assert [document.title for document in documents] == ["The Quay"]
    assert problems == ("post.md: stands there several times; the last is read",)


def test_all_that_is_wrong_is_told_where_nothing_can_be_read(tmp_path: Path) -> None:
    assert refused(tmp_path, zipped({"a.md": b"", "b.jpg": b"x"})) == (
        "a.md: the file is empty; 1 file in it is no article (.jpg)"
    )
