"""Hits whose file changed since it was indexed: marked, and nothing else is."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import index.sources
from index.build import build
from index.storage.manifest import read_manifest
from search import SearchResults, open_indexes, search
from search.cli import byline
from search.render import html, markdown, terminal
from tests.build.articles import rewrite_manifest, write, write_lines


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a corpus and its index, which is built so much later that the times of the files tell it."""
    write(tmp_path / "corpus" / "a.md", "A harbour.")
    write(tmp_path / "corpus" / "b.md", "A river.")
    write(tmp_path / "corpus" / "with-side.md", "A lake.")
    (tmp_path / "corpus" / "with-side.meta").write_text("title: The Lake\n")
    write_lines(tmp_path / "corpus" / "many.jsonl", ["one sea", "two seas"])
    time.sleep(0.1)
    build([tmp_path / "corpus"], tmp_path / ".byline")
    return tmp_path


def stale(home: Path) -> dict[str, str]:
    found = search("*", index=home / ".byline", collapse=False)
    assert found.total == 5
    return {hit.source: hit.stale for hit in found if hit.stale}


def test_nothing_is_stale_after_a_build_and_the_catalog_is_not_asked(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise AssertionError("a search opened the catalog")

    monkeypatch.setattr(sqlite3, "connect", refuse)
    assert stale(home) == {}


def test_a_file_that_changed_is_marked_until_the_next_update(home: Path) -> None:
    file = home / "corpus" / "a.md"
    file.write_text(file.read_text().replace("harbour", "wharves"))
    assert stale(home) == {"corpus/a.md": "changed"}
    build([], home / ".byline")
    assert stale(home) == {}


def test_a_change_that_leaves_size_and_time_of_writing(home: Path) -> None:
    file = home / "corpus" / "a.md"
    before = file.stat()
    file.write_text(file.read_text().replace("harbour", "horbour"))
    assert stale(home) == {"corpus/a.md": "changed"}
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert stale(home) == {"corpus/a.md": "changed"}, "the time of the change of times shows it"
    assert build([], home / ".byline").changed == 1
    assert stale(home) == {}


def test_a_file_that_is_put_in_place_of_another_with_its_size_and_time(home: Path) -> None:
    a, b = home / "corpus" / "a.md", home / "corpus" / "b.md"
    b.write_text(a.read_text().replace("harbour", "horbour"))
    os.utime(b, ns=(a.stat().st_atime_ns, a.stat().st_mtime_ns))
    build([], home / ".byline")
    for old, new in ((a, "other"), (b, "a.md"), (a.with_name("other"), "b.md")):
        old.rename(old.with_name(new))
    assert stale(home) == {"corpus/a.md": "changed", "corpus/b.md": "changed"}
    build([], home / ".byline")
    assert stale(home) == {}


def test_a_change_within_a_tick_of_the_clock_after_the_build_is_marked(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = home / "corpus" / "a.md"
    file.write_text(file.read_text().replace("harbour", "horbour"))
    os.utime(file, ns=(10**18 + 1, 10**18 + 1))
    seen_ns = file.stat().st_ctime_ns + 10**6  # the clock of the files is behind by a tick
    rewrite_manifest(home / ".byline", seen_ns=seen_ns)
    time.sleep(0.005)
    monkeypatch.setattr(index.sources, "FINE_NS", 0)
    assert stale(home) == {}
    monkeypatch.setattr(index.sources, "FINE_NS", 2 * 10**6)
    assert stale(home) == {"corpus/a.md": "changed"}


def test_a_file_that_is_gone_or_moved(home: Path) -> None:
    (home / "corpus" / "a.md").unlink()
    (home / "corpus" / "many.jsonl").rename(home / "corpus" / "few.jsonl")
    gone = dict.fromkeys(("corpus/a.md", "corpus/many.jsonl#1", "corpus/many.jsonl#2"), "gone")
    assert stale(home) == gone


def test_articles_of_one_file_and_of_side_files(home: Path) -> None:
    with (home / "corpus" / "many.jsonl").open("a") as file:
        file.write('{"title": "Entry three seas", "body": "More."}\n')
    (home / "corpus" / "with-side.meta").write_text("title: The Pond\n")
    expected = dict.fromkeys(("corpus/many.jsonl#1", "corpus/many.jsonl#2", "corpus/with-side.md"), "changed")
    assert stale(home) == expected
    (home / "corpus" / "with-side.meta").write_text("title: The Lake\n")
    del expected["corpus/with-side.md"]
    assert stale(home) == expected, "the same content as before"
    (home / "corpus" / "b.meta").write_text("title: The Brook\n")
    assert stale(home) == expected | {"corpus/b.md": "changed"}


def test_touching_a_file_or_writing_the_same_again_does_not_make_it_stale(home: Path) -> None:
    (home / "corpus" / "a.md").touch()
    (home / "corpus" / "b.md").write_text((home / "corpus" / "b.md").read_text())
    assert stale(home) == {}


@pytest.mark.parametrize("keeps_times", [True, False])
def test_a_corpus_that_moved_with_its_index_is_not_stale_and_needs_no_reading_again(
    home: Path, tmp_path_factory: pytest.TempPathFactory, keeps_times: bool
) -> None:
    other = tmp_path_factory.mktemp("another") / "machine"
    shutil.copytree(home, other, copy_function=shutil.copy2 if keeps_times else shutil.copyfile)
    shutil.rmtree(home / "corpus")
    before = read_manifest(other / ".byline")
    assert stale(other) == {}
    report = build([], other / ".byline")
    assert (report.indexed, report.unchanged, report.removed, report.documents) == (0, 4, 0, 5)
    assert read_manifest(other / ".byline").generation == before.generation
    (other / "corpus" / "a.md").write_text("# Another\n\nText.\n")
    assert stale(other) == {"corpus/a.md": "changed"}


def test_what_was_updated_alone_is_not_stale(home: Path) -> None:
    for name in ("a.md", "b.md"):
        (home / "corpus" / name).write_text("# Another Title\n\nAnother text.\n")
    time.sleep(0.1)
    build([], home / ".byline", changed=[home / "corpus" / "a.md"])
    assert stale(home) == {"corpus/b.md": "changed"}


def test_files_that_nobody_may_look_at_are_not_called_stale(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "corpus" / "a.md").write_text("Another text.\n")
    (home / ".byline" / "catalog.sqlite").unlink()
    assert stale(home) == {}


def test_of_what_is_too_much_to_read_only_another_size_tells(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = home / "corpus" / "a.md", home / "corpus" / "b.md"
    monkeypatch.setattr("search.stale.MAX_DIGESTED", a.stat().st_size)
    a.write_text(f"{a.read_text()}More than before.\n")
    with_side = home / "corpus" / "with-side.md"
    with_side.write_text(with_side.read_text() * 1_000)
    build([], home / ".byline")
    with_side.touch()  # too long to be read, and counts for nothing
    b.write_text(b.read_text().replace("river", "rover"))
    assert stale(home) == {"corpus/b.md": "changed"}
    a.write_text("Shorter.\n")
    assert stale(home) == dict.fromkeys(("corpus/a.md", "corpus/b.md"), "changed")


def test_a_folder_whose_name_looks_like_that_of_an_archive(tmp_path: Path) -> None:
    folder = tmp_path / "corpus" / "Ahoy!"
    write(folder / "a.md", "A harbour.")
    write(folder / "issue#3", "A quay.")
    write_lines(folder / "many.jsonl", ["one sea"])
    time.sleep(0.1)
    build([tmp_path / "corpus"], tmp_path / ".byline")

    def marks() -> dict[str, str]:
        return {hit.source: hit.stale for hit in search("*", index=tmp_path / ".byline") if hit.stale}

    assert marks() == {}
    write_lines(folder / "many.jsonl", ["one sea more"])
    assert marks() == {"corpus/Ahoy!/many.jsonl#1": "changed"}
    (folder / "a.md").unlink()
    (folder / "many.jsonl").unlink()
    assert marks() == dict.fromkeys(("corpus/Ahoy!/a.md", "corpus/Ahoy!/many.jsonl#1"), "gone")


def test_nothing_outside_is_opened_because_an_index_says_so(
    home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (home / "corpus").rename(elsewhere / "corpus")
    (home / "corpus").symlink_to(elsewhere / "corpus")
    (elsewhere / "corpus" / "a.md").touch()
    opened: list[str] = []

    def digest_of(data: bytes, side: bytes) -> bytes:
        opened.append("something")
        return b""

    monkeypatch.setattr("search.stale.digest_of", digest_of)
    stale(home)
    assert opened == []


def test_a_corpus_elsewhere_is_looked_at_if_this_person_indexed_it(
    home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path_factory.mktemp("elsewhere") / ".byline"
    build([home / "corpus"], index)
    (home / "corpus" / "a.md").write_text("Another text.\n")
    (hit,) = search("harbour", index=index)
    assert (hit.source, hit.stale) == ((home / "corpus" / "a.md").as_posix(), "changed")
    monkeypatch.setenv("XDG_STATE_HOME", str(index.parent / "of-somebody-else"))
    open_indexes._open_stores.clear()  # who has a process of their own
    (hit,) = search("harbour", index=index)
    assert hit.stale == ""


def test_it_is_said_in_every_form(home: Path) -> None:
    (home / "corpus" / "a.md").write_text("Another harbour.\n")
    (home / "corpus" / "b.md").unlink()
    results = search("harbour OR river", index=home / ".byline")
    by_source = {hit["source"]: hit.get("stale") for hit in json.loads(json.dumps(results.to_dict()))["hits"]}
    assert by_source == {"corpus/a.md": "changed", "corpus/b.md": "gone"}
    for render in (terminal.results, html.results, markdown.results):
        text = render(results)
        assert text.count("changed since it was indexed") == 1
        assert text.count("its file is gone") == 1


def test_it_is_said_of_near_duplicates_too(tmp_path: Path) -> None:
    story = " ".join(f"harbour{number}" for number in range(80))
    for name, ending in (("a", "More of it in another week, and the next."), ("b", ""), ("c", "")):
        write(tmp_path / "corpus" / f"{name}.md", f"{story} {ending}")
    time.sleep(0.1)
    build([tmp_path / "corpus"], tmp_path / ".byline")

    def folded() -> SearchResults:
        results = search("harbour0 -another", index=tmp_path / ".byline")
        assert len(results) == 1
        return results

    before = folded()
    ((similar,),) = [hit.similar for hit in before]
    assert "stale" not in similar.to_dict()
    (tmp_path / similar.source).unlink()
    results = folded()
    assert [each.get("stale") for each in results.to_dict()["hits"][0]["similar"]] == ["gone"]
    assert results[0].stale == ""
    assert f"+1 similar: {similar.source} (its file is gone)" in " ".join(terminal.results(results).split())
    for render in (html.results, markdown.results):
        assert render(results).count("its file is gone") == 1
        assert "its file is gone" not in render(before)


def test_show_says_it_too(home: Path) -> None:
    def run(*words: str) -> Result:
        return CliRunner().invoke(byline, [*words, "--index", str(home / ".byline")])

    before = run("show", "corpus/b.md")
    assert "since it was indexed" not in before.stdout
    assert "stale" not in json.loads(run("show", "corpus/b.md", "--json").stdout)
    (home / "corpus" / "b.md").write_text("Another river.\n")
    (home / "corpus" / "many.jsonl").unlink()
    for name, stale, words in (
        ("corpus/b.md", "changed", "changed since it was indexed"),
        ("corpus/many.jsonl#2", "gone", "its file is gone"),
    ):
        shown = run("show", name)
        assert (shown.exit_code, shown.stdout.count(words)) == (0, 1)
        assert json.loads(run("show", name, "--json").stdout)["stale"] == stale
    assert "A river." in run("show", "corpus/b.md").stdout, "what was indexed"


def test_a_clock_that_was_ahead_hides_no_change(home: Path) -> None:
    index = home / ".byline"
    ahead = time.time_ns() + 3_600 * 10**9
    rewrite_manifest(index, seen_ns=ahead)
    file = home / "corpus" / "a.md"
    file.write_text(file.read_text().replace("harbour", "wharves"))
    assert stale(home) == {"corpus/a.md": "changed"}

    build([home / "corpus" / "b.md"], index)
    assert read_manifest(index).seen_ns == 0
    build([], index)
    rewrite_manifest(index, seen_ns=ahead)
    build([], index)
    assert 0 < read_manifest(index).seen_ns < ahead
    assert stale(home) == {}
