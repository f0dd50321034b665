"""Small files of an index: the same bytes on every system."""

from __future__ import annotations

import builtins
import datetime as dt
import io
from pathlib import Path
from typing import IO, Any

import pytest

from index.build import build
from index.upkeep.verify import verify
from search import search
from search.exploring.saved import SavedSearch, read_search, write_search
from tests.build.articles import bytes_in, write_two

_open = io.open


def as_on_windows(
    file: Any,
    mode: str = "r",
    buffering: int = -1,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    **options: Any,
) -> IO[Any]:
    """`open`, where lines of text end as they do there unless they are told otherwise."""
    if newline is None and "b" not in mode and "r" not in mode:
        newline = "\r\n"
    return _open(file, mode, buffering, encoding, errors, newline, **options)


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_lines_end_alike_on_every_system(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builtins, "open", as_on_windows)
    monkeypatch.setattr(io, "open", as_on_windows)
    write_two(tmp_path / "corpus")
    index = tmp_path / ".byline"
    build([tmp_path / "corpus"], index, engine=engine)
    now = dt.datetime.now(dt.UTC)
    write_search(index, SavedSearch(name="all", query="*", saved=now, looked=now))
    (tmp_path / "corpus" / "one.md").unlink()

    assert build([], index).removed == 1

    assert (verify(index).severity, search("*", index=index).total) == (None, 1)
    assert read_search(index, "all").query == "*"
    written = [data for name, data in bytes_in(index).items() if name.endswith((".json", "lock"))]
    assert len(written) >= 5
    assert not any(b"\r" in data for data in written)
