"""Small corpora for the tests of builds, and what an index says it holds."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

import pytest

from index.document import Document
from index.query import Everything
from index.sealed import sealed, unsealed
from index.storage.manifest import MANIFEST_NAME
from index.storage.store import Store

WHOLE = frozenset({"manifest.json", "catalog.sqlite", "checksums.json", "lock", "generations"})
"""What stands at the top of an index folder."""

LONG_AGO_NS = 1_600_000_000_000_000_001  # so that a file is not taken for one changed while it was read
_later = itertools.count()  # and every change is later than the one before


def write(path: Path, body: str = "A plain text.", title: str = "", mtime_ns: int = 0) -> Path:
    """Write a Markdown article, with folders as needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = f"---\ntitle: {title or path.stem}\nauthor: Ann Author\ndate: 2020-02-03\n---\n\n"
    path.write_text(f"{head}{body}\n", encoding="utf-8")
    set_time(path, mtime_ns)
    return path


def set_time(path: Path, mtime_ns: int = 0) -> None:
    """Set when a file was changed last: long ago, but later than any other, unless given."""
    mtime_ns = mtime_ns or LONG_AGO_NS + next(_later)
    os.utime(path, ns=(mtime_ns, mtime_ns))


def hide_ctimes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let updates see sizes and mtimes only, as where the system has no ctime, or a disk has changed bits by itself."""
    monkeypatch.setattr("index.files.walk.sure_ns", lambda status: status.st_mtime_ns)


BOTH = ["corpus/one.md", "corpus/two.md"]
"""The sources of `write_two`, in a folder `corpus` beside the index."""


def write_two(folder: Path) -> None:
    """Two articles."""
    write(folder / "one.md")
    write(folder / "two.md")


def write_three(folder: Path) -> None:
    """Write three articles, one of them in a folder of its own."""
    write(folder / "one.md", "The first article is about a leak.", title="One")
    write(folder / "two.md", "The second article is about a harbour.", title="Two")
    write(folder / "deep" / "three.md", "The third article is about bread.", title="Three")


def write_many(folder: Path, count: int, word: str = "harbour") -> None:
    """Write `count` different articles."""
    for number in range(count):
        write(
            folder / f"{number:04d}.md", f"The {word} number {number} was opened to ships in the year {1900 + number}."
        )


def write_lines(path: Path, bodies: list[str]) -> Path:
    """Write a JSON-lines file of several articles."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"title": f"Entry {body}", "body": f"The text of {body}."}) for body in bodies]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    set_time(path)
    return path


def stored(index_dir: Path) -> list[Document]:
    """Every document in the index, by source; a document held twice is there twice."""
    with Store.open(index_dir) as store:
        searcher = store.searcher()
        count = searcher.document_count
        matches = searcher.search(Everything(), limit=count + 10)
        assert matches.total == count == len(matches.page) == store.manifest.documents
        documents = [Document.from_stored(match.stored) for match in matches.page]
    return sorted(documents, key=lambda document: document.source)


def sources(index_dir: Path) -> list[str]:
    """The sources of every document in the index, sorted."""
    return [document.source for document in stored(index_dir)]


def rewrite_manifest(index_dir: Path, without: str = "", /, **values: object) -> str:
    """Give the manifest other values, as if they had been written so; returns what it was."""
    path = index_dir / MANIFEST_NAME
    before = path.read_text("utf-8")
    now = {**unsealed(before.encode()), **values}
    now.pop(without, None)
    path.write_text(sealed(now), "utf-8")
    return before


def files_in(index_dir: Path) -> set[str]:
    """The names of everything at the top of an index folder and in its generations folder."""
    return {path.relative_to(index_dir).as_posix() for path in [*index_dir.iterdir(), *index_dir.glob("generations/*")]}


def bytes_in(folder: Path) -> dict[str, bytes]:
    """The content of all files of a folder, by their paths."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
