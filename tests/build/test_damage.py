"""Files of an index that are truncated, altered or gone: named, and never the ground for a wrong answer."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from index.build import build
from index.errors import IndexDamaged, UsageError
from index.sealed import sealed, unsealed
from index.storage import checksums
from index.storage.manifest import generation_path, read_manifest
from index.upkeep.damage import check_files
from index.upkeep.inventory import take_inventory
from search.exploring.saved import read_search
from tests.build.articles import sources, write
from tests.build.damaged import ENGINES, answers, files_of, harms, put, small_index

NOT_SEARCHED = {"catalog.sqlite", "checksums.json"}  # files at the top that a search does not need


@pytest.fixture(params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return small_index(tmp_path, request.param)


def test_whichever_file_is_harmed_searches_are_right_or_name_it(index: Path) -> None:
    right = answers(index)
    assert all(right)
    for path in files_of(index):
        content = path.read_bytes()
        for harmed in harms(content):
            put(path, harmed)
            if (path.parent == index and path.name in NOT_SEARCHED) or path.parent.name == "searches":
                assert answers(index) == right
                continue
            with pytest.raises(IndexDamaged) as raised:
                answers(index)
            assert raised.value.where == str(path)
            assert "byline index --rebuild" in str(raised.value)
        put(path, content)
    assert answers(index) == right


def test_whichever_file_is_harmed_a_check_of_all_names_it_alone(index: Path) -> None:
    manifest = read_manifest(index)
    assert check_files(index, manifest) == []
    for path in files_of(index):
        if path == index / "manifest.json":
            continue
        content = path.read_bytes()
        for harmed in harms(content):
            put(path, harmed)
            found = [problem.path for problem in check_files(index, manifest)]
            if path == index / "checksums.json":
                assert found == [index / "catalog.sqlite"]
            else:
                assert found == [path], len(harmed)
        put(path, content)
    assert check_files(index, manifest) == []


def test_whichever_file_is_harmed_the_next_build_says_so_or_mends_it(index: Path) -> None:
    right = sources(index)
    mended = 0
    for path in sorted(files_of(index), key=lambda path: path.parent == index):  # those at the top come last
        content = path.read_bytes()
        harmed = bytearray(content)
        harmed[len(content) // 2] ^= 4
        put(path, harmed)
        if path.parent == index and path.name in NOT_SEARCHED:
            assert "catalog of its files was lost or damaged" in build([], index, dry_run=True).rebuilt_because
            assert "catalog of its files was lost or damaged" in build([], index).rebuilt_because
        elif path.parent.name == "searches":
            assert build([], index).rebuilt_because == ""
            put(path, content)
        else:
            for dry_run in (True, False):
                with pytest.raises(IndexDamaged) as raised:
                    build([], index, dry_run=dry_run)
                assert raised.value.where == str(path)
            if path.parent == index:
                build([index.parent / "corpus"], index, rebuild=True)
                mended += 1
            else:
                put(path, content)
        assert build([], index).rebuilt_because == ""
        assert sources(index) == right
        assert check_files(index, read_manifest(index)) == []
    assert mended == 1


def test_a_rebuild_mends_an_index_of_which_every_file_is_damaged(index: Path) -> None:
    right = sources(index)
    for path in files_of(index):
        if path.parent.name != "searches":
            put(path, path.read_bytes()[:-1])
    build([index.parent / "corpus"], index, rebuild=True)
    assert sources(index) == right
    assert check_files(index, read_manifest(index)) == []
    assert build([], index).unchanged == 10


def test_damage_done_before_an_update_is_not_sealed_by_it(index: Path) -> None:
    """Else what the update writes about all files would make it look right."""
    write(index.parent / "corpus" / "new.md")
    for path in files_of(generation_path(index, 1)):
        content = path.read_bytes()
        put(path, content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(IndexDamaged) as raised:
            build([], index)
        assert raised.value.where == str(path)
        put(path, content)
    assert build([], index).indexed == 1


@pytest.mark.skipif(os.name != "posix", reason="this system does not tell when a file was touched last")
def test_damage_that_keeps_size_and_time_of_change(index: Path) -> None:
    for path in files_of(generation_path(index, 1)):
        status, content = path.stat(), path.read_bytes()
        put(path, content[:-1] + bytes([content[-1] ^ 1]))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        with pytest.raises(IndexDamaged):
            answers(index)
        put(path, content)


def test_missing_files_of_the_engine_are_named(index: Path) -> None:
    for path in files_of(generation_path(index, 1)):
        away = path.rename(index.parent / "away")
        with pytest.raises(IndexDamaged, match="missing") as raised:
            answers(index)
        assert raised.value.where == str(path)
        away.rename(path)
    answers(index)


def test_other_files_in_the_folder_do_no_harm(index: Path) -> None:
    (generation_path(index, 1) / ".DS_Store").write_text("x")
    right = answers(index)
    write(index.parent / "corpus" / "new.md", "New ships.")
    build([], index)
    assert answers(index) != right
    assert check_files(index, read_manifest(index)) == []


def count_readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are read for their checksums from now on."""
    readings: list[str] = []
    real = checksums.crc_of

    def crc_of(path: Path | str) -> int:
        readings.append(Path(path).name)
        return real(path)

    monkeypatch.setattr(checksums, "crc_of", crc_of)
    monkeypatch.setattr("index.catalog.opening.crc_of", crc_of)
    return readings


def test_a_copied_index_is_read_through_until_it_is_brought_up_to_date(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = count_readings(monkeypatch)
    right = answers(index)
    assert readings == []
    elsewhere = index.parent / "elsewhere"
    shutil.copytree(index, elsewhere / ".byline")
    shutil.copytree(index.parent / "corpus", elsewhere / "corpus")

    assert answers(elsewhere / ".byline") == right
    engine_files = {path.name for path in files_of(generation_path(index, 1)) if path.name != "checksums.json"}
    assert set(readings) - {"catalog.sqlite"} == engine_files

    report = build([], elsewhere / ".byline")
    assert (report.unchanged, report.rebuilt_because) == (10, "")
    assert "catalog.sqlite" in readings
    readings.clear()
    assert answers(elsewhere / ".byline") == right
    build([], elsewhere / ".byline")
    assert readings == []


def test_a_build_that_changes_nothing_writes_nothing(index: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in [*files_of(index), index, generation_path(index, 1)]}
    del before[index]  # of which the lock is opened
    build([], index)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_names_in_checksums_do_not_lead_out_of_the_folder(index: Path, tmp_path: Path) -> None:
    path = generation_path(index, 1) / "checksums.json"
    values = unsealed(path.read_bytes())
    for name in ("../../../secret", "..", "/etc/hostname", "a\\b", ""):
        path.write_text(sealed(values | {"files": values["files"] | {name: [1, 1, 1, 1]}}))
        with pytest.raises(IndexDamaged) as raised:
            answers(index)
        assert raised.value.where == str(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_place_of_a_file_is_not_waited_for(index: Path) -> None:
    path = files_of(generation_path(index, 1))[-1]
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(IndexDamaged) as raised:
        answers(index)
    assert raised.value.where == str(path)


def test_every_bit_of_a_sealed_file_counts() -> None:
    values = {"engine": "whoosh", "roots": ["a\udcff"], "documents": 3}
    data = sealed(values).encode()
    assert unsealed(data) == values
    assert json.loads(data)["documents"] == 3
    for at in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises(ValueError, match="not as it was written"):
            unsealed(bytes(flipped))
    for end in range(len(data)):
        with pytest.raises(ValueError, match="not as it was written"):
            unsealed(data[:end])


def test_a_damaged_saved_search_is_named(index: Path) -> None:
    path = index / "searches" / "ships.json"
    content = path.read_bytes()
    for harmed in harms(content):
        put(path, harmed)
        with pytest.raises(IndexDamaged, match="byline new --forget ships") as raised:
            read_search(index, "ships")
        assert raised.value.where == str(path)


def test_a_saved_search_of_an_earlier_version_is_read(index: Path) -> None:
    path = index / "searches" / "ships.json"
    path.write_text(json.dumps(unsealed(path.read_bytes()) | {"format": 1}))
    assert read_search(index, "ships").query == "ships"
    assert check_files(index, read_manifest(index)) == []


# The catalog


def test_a_harmed_catalog_has_everything_read_again(index: Path) -> None:
    path = index / "catalog.sqlite"
    right = sources(index)
    for number in range(len(list(harms(b"any")))):
        put(path, list(harms(path.read_bytes()))[number])
        with pytest.raises(IndexDamaged) as raised:
            take_inventory(index)
        assert raised.value.where == str(path)
        assert "byline index" in str(raised.value)
        assert build([], index).rebuilt_because == "the catalog of its files was lost or damaged"
        assert (build([], index).unchanged, sources(index)) == (10, right)
        assert take_inventory(index).documents == 10


def test_a_lost_catalog_has_everything_read_again(index: Path) -> None:
    right = sources(index)
    for lost in (["catalog.sqlite"], ["checksums.json"], ["catalog.sqlite", "checksums.json"]):
        for name in lost:
            (index / name).unlink()
        with pytest.raises(IndexDamaged):
            take_inventory(index)
        assert build([], index).rebuilt_because == "the catalog of its files was lost or damaged"
        assert (build([], index).unchanged, sources(index)) == (10, right)


def test_a_lost_catalog_does_not_take_an_empty_folder_for_one_without_articles(index: Path) -> None:
    """It may be a disk that is not mounted; the catalog would have known that there were files."""
    right = sources(index)
    (index.parent / "corpus").rename(index.parent / "unmounted")
    (index.parent / "corpus").mkdir()
    (index / "catalog.sqlite").unlink()
    for dry_run in (True, False):
        with pytest.raises(UsageError, match="empty now; nothing was changed"):
            build([], index, dry_run=dry_run)
    assert sources(index) == right


def test_an_older_catalog_put_back_is_not_believed(index: Path) -> None:
    """Else files that changed since would be taken for unchanged."""
    path = index / "catalog.sqlite"
    older = path.read_bytes()
    write(index.parent / "corpus" / "0001.md", "Rewritten ships.")
    build([], index)
    put(path, older)
    assert build([], index).rebuilt_because == "the catalog of its files was lost or damaged"
