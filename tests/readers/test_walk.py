"""Which files of a folder are read, in which order, under which names."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from index import read
from index.errors import UsageError
from index.files.walk import SkippedFile, SourceFile, source_of, walk


def sources(*paths: Path, home: Path) -> list[str]:
    return [found.source for found in walk(paths, home) if isinstance(found, SourceFile)]


def skipped(*paths: Path, home: Path) -> dict[str, str]:
    return {found.source: found.reason for found in walk(paths, home) if isinstance(found, SkippedFile)}


def write(path: Path, text: str = "# A\n\nB") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_files_come_sorted_and_named_from_the_home_folder(tmp_path: Path) -> None:
    for name in ("b.md", "a.txt", "sub/z.html", "sub/a.MD", "sub/deep/x.jsonl"):
        write(tmp_path / "corpus" / name)
    expected = ["corpus/a.txt", "corpus/b.md", "corpus/sub/a.MD", "corpus/sub/deep/x.jsonl", "corpus/sub/z.html"]
    assert sources(tmp_path / "corpus", home=tmp_path) == expected
    assert sources(tmp_path, home=tmp_path) == expected


def test_a_file_says_its_size_and_time(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", "12345")
    os.utime(path, ns=(1, 1_600_000_000_000_000_007))
    (found,) = walk([tmp_path], tmp_path)
    assert found == SourceFile(str(path), "a.md", 5, 1_600_000_000_000_000_007, "", path.stat().st_ctime_ns)


def test_what_lies_outside_the_home_folder_has_its_whole_name(tmp_path: Path) -> None:
    path = write(tmp_path / "elsewhere" / "a.md")
    assert sources(path, home=tmp_path / "home") == [path.as_posix()]
    assert source_of(path, tmp_path / "home") == path.as_posix()


def test_relative_paths_and_dots_lead_to_the_same_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "corpus" / "a.md")
    monkeypatch.chdir(tmp_path)
    for path in ("corpus", "./corpus/", "corpus/../corpus", tmp_path / "corpus"):
        assert sources(Path(path), home=Path()) == ["corpus/a.md"]


def test_hidden_files_are_passed_over_unless_named(tmp_path: Path) -> None:
    hidden = write(tmp_path / ".drafts" / "a.md")
    write(tmp_path / ".byline" / "manifest.md")
    write(tmp_path / "shown.md")
    assert sources(tmp_path, home=tmp_path) == ["shown.md"]
    assert skipped(tmp_path, home=tmp_path) == {}
    assert sources(tmp_path, hidden, home=tmp_path) == ["shown.md", ".drafts/a.md"]
    assert sources(tmp_path / ".drafts", home=tmp_path) == [".drafts/a.md"]


def test_no_file_comes_twice(tmp_path: Path) -> None:
    path = write(tmp_path / "sub" / "a.md")
    assert sources(tmp_path, tmp_path / "sub", path, path, home=tmp_path) == ["sub/a.md"]


def test_other_formats_are_reported(tmp_path: Path) -> None:
    write(tmp_path / "photo.JPG")
    write(tmp_path / "README")
    write(tmp_path / "old.tar.gz")
    assert skipped(tmp_path, home=tmp_path) == {
        "old.tar.gz": "not an article format (.tar.gz)",
        "photo.JPG": "not an article format (.JPG)",
        "README": "not an article format (no suffix)",
    }


def test_a_missing_path_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file or folder"):
        walk([tmp_path / "gone"], tmp_path)


def test_an_index_elsewhere_is_not_read(tmp_path: Path) -> None:
    write(tmp_path / "my-index" / "manifest.json", "{}")
    write(tmp_path / "my-index" / "catalog.sqlite", "")
    write(tmp_path / "my-index" / "generations" / "a.md")
    assert sources(tmp_path, home=tmp_path) == []
    assert skipped(tmp_path, home=tmp_path) == {"my-index": "a Byline index, not articles"}


def test_links_neither_leave_the_folder_nor_go_round(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside" / "secret.md")
    corpus = tmp_path / "corpus"
    write(corpus / "real.md")
    write(corpus / "sub" / "inner.md")
    (corpus / "out.md").symlink_to(outside)
    (corpus / "out").symlink_to(outside.parent)
    (corpus / "sub" / "loop").symlink_to(corpus)
    (corpus / "sub" / "self.md").symlink_to(corpus / "sub" / "self.md")
    (corpus / "same.md").symlink_to(corpus / "real.md")
    (corpus / "broken.md").symlink_to(corpus / "gone.md")
    (corpus / "far.md").symlink_to(tmp_path / "gone.md")
    assert sources(corpus, home=tmp_path) == ["corpus/real.md", "corpus/sub/inner.md"]
    reasons = skipped(corpus, home=tmp_path)
    assert reasons["corpus/out.md"] == reasons["corpus/out"] == "a link that leaves the folder"
    assert reasons["corpus/sub/loop"] == "a link to a folder, which is read at its own place"
    assert reasons["corpus/same.md"] == "a link to a file, which is read at its own place"
    assert reasons["corpus/broken.md"] == reasons["corpus/far.md"] == "a link to nothing"
    assert "corpus/sub/self.md" in reasons


def test_a_link_to_a_hidden_file_inside_is_followed(tmp_path: Path) -> None:
    store = write(tmp_path / ".store" / "1f" / "object.md")
    (tmp_path / "a.md").symlink_to(store)
    assert sources(tmp_path, home=tmp_path) == ["a.md"]


def test_a_named_link_is_followed(tmp_path: Path) -> None:
    write(tmp_path / "real" / "a.md")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert sources(tmp_path / "link", home=tmp_path) == ["link/a.md"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_are_not_utf_8_survive(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9.md"
    with open(raw, "wb") as file:  # noqa: PTH123  (a Path cannot be made of bytes)
        file.write(b"# Caf\xc3\xa9")
    (found,) = walk([tmp_path], tmp_path)
    assert isinstance(found, SourceFile)
    assert os.fsencode(found.source) == b"caf\xe9.md"
    assert Path(found.path).read_bytes() == b"# Caf\xc3\xa9"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert skipped(tmp_path, home=tmp_path) == {"pipe.md": "not a regular file"}


def test_a_very_deep_folder_ends_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path
    for _ in range(105):
        path = path / "d"
    write(path / "a.md")
    assert sources(tmp_path, home=tmp_path) == []
    assert list(skipped(tmp_path, home=tmp_path).values()) == ["nested more than 100 folders deep"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="names here are always UTF-8")
@pytest.mark.parametrize("isolated", [False, True])
def test_a_name_that_is_no_utf_8_is_read_like_any_other(tmp_path: Path, isolated: bool) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.md")
    path.write_text("# The Harbour\n\nThe ferry.\n")
    (document,) = read(tmp_path, isolated=isolated)
    assert (document.title, os.fsencode(document.source)) == ("The Harbour", b"caf\xe9.md")
