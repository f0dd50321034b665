"""What commands say of an index with a damaged file: one line that names it and says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from search.open_indexes import _open_stores
from tests.build.damaged import ENGINES, files_of
from tests.cli.conftest import Run

COMMANDS = (("search", "leak"), ("show", "articles/leak.md"), ("info",), ("index",))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_flipped_bit_in_any_file_is_named_or_makes_no_difference(run: Run, indexed: Path, engine: str) -> None:
    run("index", "--rebuild", "--engine", engine)
    own = indexed / ".byline"
    right = {command: run(*command).stdout for command in COMMANDS[:2]}
    for path in sorted(files_of(own), key=lambda path: path.parent == own):  # those at the top are mended by rebuilding
        content = path.read_bytes()
        flipped = bytearray(content)
        flipped[len(content) // 3] ^= 16
        path.write_bytes(flipped)
        told = 0
        for command in COMMANDS:
            _open_stores.clear()
            result = run(*command)
            if result.exit_code:
                assert (result.exit_code, result.stdout) == (2, "")
                assert result.stderr.count("\n") == 1
                assert str(path.relative_to(indexed)) in result.stderr or path.name == "checksums.json"
                assert "byline index" in result.stderr
                told += 1
            elif command == ("index",):
                assert "lost or damaged" in result.stdout
                told += 1
            elif command in right:
                assert result.stdout == right[command]
        assert told, path
        if path.exists() and path.parent != own:
            path.write_bytes(content)
        else:
            run("index", "articles", "--rebuild", "--engine", engine)
    assert run("search", "leak").stdout == right["search", "leak"]
