"""Files whose content is another with sizes and mtimes as they were: only the ctime tells, or the system."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import index.sources
from index.build import build
from index.storage.manifest import read_manifest
from index.updating.report import BuildReport, Change, Happened
from index.upkeep.verify import verify
from index.upkeep.verify_findings import Kind
from search import search
from tests.build.articles import LONG_AGO_NS, hide_ctimes, stored, write

needs_ctime = pytest.mark.skipif(sys.platform == "win32", reason="this system does not tell when a file was renamed")
pytestmark = needs_ctime


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Three articles of one size and one time, as from an archive, and an index of them."""
    for name in ("alpha", "gamma", "omega"):
        write(tmp_path / "corpus" / f"{name}.md", name, title="Title", mtime_ns=LONG_AGO_NS)
    build([tmp_path / "corpus"], tmp_path / ".byline")
    return tmp_path / "corpus"


def update(corpus: Path, *, changed: list[Path] | None = None) -> BuildReport:
    return build([], corpus.parent / ".byline", changed=changed)


def swap(corpus: Path) -> None:
    (corpus / "alpha.md").rename(corpus / "other")
    (corpus / "omega.md").rename(corpus / "alpha.md")
    (corpus / "other").rename(corpus / "omega.md")


def bodies(corpus: Path) -> list[str]:
    return [document.body.strip() for document in stored(corpus.parent / ".byline")]


def test_files_that_change_places(corpus: Path) -> None:
    swap(corpus)

    found = {hit.source: hit.stale for hit in search("title:title", index=corpus.parent / ".byline", collapse=False)}
    assert found == {"corpus/alpha.md": "changed", "corpus/gamma.md": "", "corpus/omega.md": "changed"}
    report = update(corpus)

    assert report.changes == (
        Change("corpus/alpha.md", Happened.CHANGED),
        Change("corpus/omega.md", Happened.CHANGED),
    )
    assert (report.files_read, report.unchanged, report.unnoticed) == (2, 1, 0)
    assert bodies(corpus) == ["omega", "gamma", "alpha"]
    assert update(corpus).files_read == 0


def test_a_file_that_is_put_in_place_of_another_as_by_programs_that_keep_times(corpus: Path) -> None:
    write(corpus / "new", "delta", title="Title", mtime_ns=LONG_AGO_NS)
    head = (corpus / "alpha.md").read_text("utf-8").removesuffix("alpha\n")
    (corpus / "new").write_text(f"{head}delta\n", "utf-8")
    os.utime(corpus / "new", ns=(LONG_AGO_NS, LONG_AGO_NS))
    (corpus / "new").rename(corpus / "alpha.md")

    assert update(corpus).changed == 1
    assert bodies(corpus)[0] == "delta"


def test_verify_calls_no_disk_failing_for_it(corpus: Path) -> None:
    swap(corpus)
    result = verify(corpus.parent / ".byline")
    assert {kind: [each.where for each in found] for kind, found in result.findings.items()} == {
        Kind.CHANGED: ["corpus/alpha.md", "corpus/omega.md"]
    }


@pytest.mark.parametrize("some", [True, False])
def test_files_that_were_only_touched_are_looked_into_once_and_not_read(corpus: Path, some: bool) -> None:
    for path in corpus.iterdir():
        path.chmod(0o600)
    before = read_manifest(corpus.parent / ".byline")

    first = update(corpus, changed=[*corpus.iterdir()]) if some else update(corpus)

    assert (first.files_read, first.indexed, first.unchanged, first.problems) == (3, 0, 3, ())
    assert update(corpus).files_read == 0
    assert read_manifest(corpus.parent / ".byline").generation == before.generation
    assert verify(corpus.parent / ".byline").severity is None


def test_they_are_looked_into_once_although_another_folder_cannot_be_listed(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: str) -> int:
        if folder.endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return Path(folder).stat().st_dev

    write(corpus / "shut" / "beta.md", "beta")
    update(corpus)
    monkeypatch.setattr("index.files.walk.device_of", refuse)
    for path in corpus.glob("*.md"):
        path.chmod(0o600)

    first, second = update(corpus), update(corpus)

    assert (first.files_read, second.files_read, second.documents) == (3, 0, 4)


def test_an_index_on_another_machine_needs_one_look(corpus: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(corpus.parent, elsewhere, ignore=shutil.ignore_patterns("elsewhere"))

    first, second = build([], elsewhere / ".byline"), build([], elsewhere / ".byline")

    assert (first.files_read, first.indexed, first.unchanged, first.skipped_files) == (3, 0, 3, 0)
    assert second.files_read == 0


def test_what_a_clock_that_was_wrong_took_down_is_looked_into_once(corpus: Path) -> None:
    with closing(sqlite3.connect(corpus.parent / ".byline" / "catalog.sqlite")) as catalog, catalog:
        catalog.execute("UPDATE files SET checked_ns = checked_ns + 1000000000000000")
    swap(corpus)

    assert (update(corpus).changed, update(corpus).files_read) == (2, 0)


def test_a_change_within_a_tick_of_the_clock_is_noticed(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert update(corpus).files_read == 0
    monkeypatch.setattr(index.sources, "FINE_NS", 10**15)
    assert update(corpus).files_read == 3, "their ctimes may be as coarse as that"


def test_a_time_to_come_says_nothing_yet() -> None:
    status: Any = SimpleNamespace(st_mtime_ns=LONG_AGO_NS, st_ctime_ns=time.time_ns() + 10**12)
    assert index.sources.sure_ns(status) == LONG_AGO_NS
    status.st_ctime_ns -= 10**13
    assert index.sources.sure_ns(status) == status.st_ctime_ns


def test_where_nothing_tells_but_the_system(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hide_ctimes(monkeypatch)
    swap(corpus)

    assert update(corpus).changed == 0
    report = update(corpus, changed=[corpus / "alpha.md"])

    assert report.changes == (Change("corpus/alpha.md", Happened.CHANGED),)
    assert update(corpus, changed=[corpus]).files_read == 0, "a folder is no reason to look into all that is in it"
