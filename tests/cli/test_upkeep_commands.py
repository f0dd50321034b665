"""The commands `verify`, `compact`, `export` and `rebuild`, as a person meets them."""

from __future__ import annotations

import gzip
import json
import random
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from index.storage.manifest import read_manifest, write_manifest
from tests.cli.conftest import ARTICLES, Run


def test_verify_says_what_to_do_and_exits_accordingly(run: Run, indexed: Path) -> None:
    clean = run("verify")
    assert (clean.exit_code, clean.stdout) == (0, "Compared 4 documents and 4 files\nNothing is wrong\n")

    (indexed / "articles" / "leak.md").unlink()
    differs = run("verify")
    assert differs.exit_code == 1
    assert "1 file is gone:\n  articles/leak.md\n  Bring the index up to date: byline index" in differs.stdout
    as_json = json.loads(run("verify", "--json").stdout)
    assert as_json["result"] == "difference"
    assert [(each["kind"], each["count"], each["listed"]) for each in as_json["findings"]] == [
        ("gone", 1, [{"where": "articles/leak.md", "what": ""}])
    ]

    largest = max((indexed / ".byline" / "generations").rglob("*.*"), key=lambda path: path.stat().st_size)
    largest.write_bytes(largest.read_bytes()[:-1])
    damaged = run("verify")
    assert damaged.exit_code == 2
    assert largest.name in damaged.stdout
    assert "byline rebuild" in damaged.stdout
    assert run("verify", "-q").stdout == ""


def test_verify_lists_the_first_and_with_verbose_all(run: Run, indexed: Path) -> None:
    for number in range(25):
        (indexed / "articles" / f"new{number:02d}.md").write_text("# New\n\nText.", "utf-8")

    assert "25 files are new:" in run("verify").stdout
    assert "  and 5 more, listed with --verbose" in run("verify").stdout
    assert "new24.md" in run("verify", "--verbose").stdout
    assert "by size and time alone" in run("verify", "--quick").stdout


def test_compact(run: Run, indexed: Path) -> None:
    assert "is compact: " in run("compact").stdout
    (indexed / "articles" / "leak.md").unlink()
    run("index")

    shutil.copytree(indexed / ".byline", indexed / "other" / ".byline")
    told = run("compact", "--index", "other/.byline").stdout
    assert re.search(r"\nRemoved for good: 1 deleted document\nSegments: \d, now 1\n", told)
    as_json = run("compact", "--json")

    assert as_json.exit_code == 0
    assert json.loads(as_json.stdout)["segments_after"] == 1
    assert run("compact", "-q").output == ""
    assert run("search", "rope").exit_code == 0
    assert run("verify").exit_code == 0


def test_export_to_stdout_to_a_file_and_to_a_folder(run: Run, indexed: Path) -> None:
    out = run("export").stdout
    assert [json.loads(line)["title"] for line in out.splitlines()].count("Notes on Rope") == 1
    assert len(out.splitlines()) == len(ARTICLES)

    assert run("export", "-o", "all.jsonl").stdout == "Exported 4 documents to all.jsonl\n"
    assert Path("all.jsonl").read_text("utf-8") == out
    assert run("export", "-o", "parts/").stdout == "Exported 4 documents to parts\n"
    again = run("export", "-o", "parts/")
    assert (again.exit_code, "not empty" in again.stderr) == (2, True)

    Path("all.jsonl.gz").write_bytes(gzip.compress(out.encode()))
    assert run("index", "all.jsonl.gz", "--index", "new/.byline").exit_code == 0
    assert run("export", "--index", "new/.byline").stdout == out


def test_an_export_whose_name_ends_so_is_compressed(run: Run, indexed: Path) -> None:
    out = run("export").stdout

    assert run("export", "-o", "all.jsonl.gz").stdout == "Exported 4 documents to all.jsonl.gz\n"

    assert gzip.decompress(Path("all.jsonl.gz").read_bytes()).decode() == out
    assert run("index", "all.jsonl.gz", "--index", "new/.byline").exit_code == 0
    assert run("export", "--index", "new/.byline").stdout == out


@pytest.mark.parametrize("target", ["nowhere/all.jsonl", "articles/leak.md/", "articles/leak.md/all.jsonl"])
def test_an_export_that_cannot_be_written_says_so_of_the_name_that_was_given(
    run: Run, indexed: Path, target: str
) -> None:
    refused = run("export", "-o", target)

    assert (refused.exit_code, refused.stdout) == (2, "")
    assert f"byline: {target}: " in refused.stderr
    assert ".part" not in refused.stderr
    assert "Name a" in refused.stderr


def flip_a_byte_of_what_is_stored(index: Path) -> str:
    """Do harm to the file that holds the documents; returns its name in the index."""
    (path,) = [path for path in (index / "generations").rglob("*") if path.suffix in (".store", ".seg")]
    data = bytearray(path.read_bytes())
    at = 16 if path.suffix == ".seg" else len(data) // 3
    data[at] ^= 0xFF
    path.write_bytes(data)
    return path.relative_to(index).as_posix()


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_what_is_left_of_a_damaged_index_is_exported_and_kept(run: Run, indexed: Path, engine: str) -> None:
    for number in range(200):
        text = "".join(random.Random(number).choices("abcdefghijk ", k=1500))
        (indexed / "articles" / f"{number:03d}.txt").write_text(f"Number {number}\n\n{text}", "utf-8")
    run("index", "--engine", engine)
    (indexed / "articles").rename(indexed / "elsewhere")
    run("compact")
    run("rebuild", "--stored")  # one segment
    damaged = flip_a_byte_of_what_is_stored(indexed / ".byline")

    verified = run("verify").stdout
    assert damaged in verified
    assert "byline rebuild --stored" in verified
    assert "from the files" not in verified

    export = run("export", "-o", "all.jsonl")
    left = [json.loads(line)["source"] for line in Path("all.jsonl").read_text("utf-8").splitlines()]
    assert export.exit_code == 2
    assert damaged in export.stderr
    assert f"{204 - len(left)} document" in export.stderr
    assert "byline rebuild --stored" in export.stderr
    assert 150 < len(left) < 204

    rebuilt = run("rebuild", "--stored")
    assert rebuilt.exit_code == 0
    assert damaged in rebuilt.stdout
    assert f"{len(left)} documents were kept as stored" in rebuilt.stdout
    assert f"Lost: {204 - len(left)} document" in rebuilt.stdout
    assert sorted(json.loads(line)["source"] for line in run("export").stdout.splitlines()) == sorted(left)


def test_verify_without_the_engines_files_and_with_an_empty_folder(run: Run, indexed: Path) -> None:
    for path in sorted((indexed / "articles").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()

    empty = run("verify")
    assert empty.exit_code == 1
    assert "1 folder that is indexed is empty now:\n  articles\n" in empty.stdout
    assert "byline index --forget PATH" in empty.stdout
    assert "are gone:" not in empty.stdout

    shutil.rmtree(indexed / ".byline" / "generations")
    lost = run("verify")
    assert lost.exit_code == 2
    assert "the index's files are missing" in lost.stdout


def test_a_lost_catalog_has_the_same_remedy_everywhere(run: Run, indexed: Path) -> None:
    (indexed / ".byline" / "catalog.sqlite").unlink()

    assert "read again: byline index\n" in run("verify").stdout
    assert "read again: byline index\n" in run("info").stderr
    assert "catalog.sqlite: the catalog is missing\n" in run("verify").stdout


def test_an_export_too_large_to_be_indexed_says_so(run: Run, indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.upkeep.export.MAX_FILE_BYTES", 1000)

    assert "byline export -o DIR/" in run("export").stderr
    assert run("export", "-q").stderr == ""
    assert run("export", "-o", "parts/").stderr == ""


def test_rebuild(run: Run, indexed: Path) -> None:
    done = run("rebuild")
    assert done.exit_code == 0
    assert "Everything was read again\n" in done.stdout
    (indexed / "articles").rename(indexed / "elsewhere")

    refused = run("rebuild")
    assert (refused.exit_code, "byline rebuild --stored" in refused.stderr) == (2, True)

    kept = run("rebuild", "--stored")
    assert kept.exit_code == 0
    assert "4 documents were kept as stored" in kept.stdout
    assert json.loads(run("rebuild", "--stored", "--json").stdout)["kept"] == 4
    assert run("search", "coolant").exit_code == 0


def test_an_index_of_an_older_version_and_of_a_later_one(run: Run, indexed: Path) -> None:
    now = read_manifest(indexed / ".byline")
    write_manifest(indexed / ".byline", replace(now, analysis=now.analysis - 1))
    for command in (("search", "rope"), ("verify",), ("compact",)):
        older = run(*command)
        assert (older.exit_code, older.stderr.rstrip().endswith("Make it anew: byline rebuild")) == (2, True), command
    assert run("export", "-q").exit_code == 0
    assert run("rebuild", "-q").exit_code == 0
    assert run("search", "rope").exit_code == 0

    write_manifest(indexed / ".byline", replace(now, format=now.format + 1))
    for command in (("search", "rope"), ("verify",), ("compact",), ("export",), ("rebuild",), ("index",)):
        later = run(*command)
        assert (later.exit_code, "later version of Byline" in later.stderr) == (2, True), command


@pytest.mark.parametrize("command", ["verify", "compact", "export", "rebuild"])
def test_without_an_index(run: Run, command: str, tmp_path: Path) -> None:
    result = run(command)

    assert result.exit_code == 2
    assert "byline index" in result.stderr
    assert list(tmp_path.iterdir()) == []
