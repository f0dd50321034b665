"""An index to do harm to, the harm, and what searches find in it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.build import build
from search import open_indexes, search
from search.exploring.saved import new_search, write_search
from tests.build.articles import write_many

ENGINES = ["whoosh", "tantivy"]


def small_index(folder: Path, engine: str) -> Path:
    """An index of several segments, with deleted documents and a saved search."""
    corpus, index = folder / "corpus", folder / ".byline"
    write_many(corpus, 9)
    build([corpus], index, engine=engine)
    (corpus / "0003.md").unlink()
    write_many(corpus / "more", 2, "lighthouse")
    build([], index)
    write_search(index, new_search("ships", "ships"))
    return index


def files_of(index: Path) -> list[Path]:
    """All files of an index in which there is anything, but for the note of who holds it."""
    return sorted(path for path in index.rglob("*") if path.is_file() and path.stat().st_size and path.name != "lock")


def harms(content: bytes) -> Iterator[bytes]:
    """The content of a file, truncated or with a bit flipped, in various places."""
    yield b""
    yield content[: len(content) // 2]
    yield content[:-1]
    yield content + b"\0"
    places = random.Random(len(content))
    for at in (0, len(content) - 1, *(places.randrange(len(content)) for _ in range(6))):
        flipped = bytearray(content)
        flipped[at] ^= 1 << places.randrange(8)
        yield bytes(flipped)


def put(path: Path, content: bytes | bytearray) -> None:
    """Have a file hold something else. It is another file then, as after a copy: one that shrinks while a thread of the
    engine still has it mapped would end this process."""
    other = path.with_name(f"{path.name}.other")
    other.write_bytes(content)
    if path.exists():
        shutil.copymode(path, other)
    other.replace(path)


def answers(index: Path) -> list[list[Any]]:
    """What searches find, asked anew."""
    open_indexes._open_stores.clear()
    found = [
        [(hit.id, hit.score, hit.snippets) for hit in search(query, index=index).hits]
        for query in ("ships", '"the harbour number"', "lighthouse*", "ships date:2020")
    ]
    open_indexes._open_stores.clear()
    return found
