"""An index that this process may read but not write: searches work, and what writes says why it cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index.build import build
from tests.build.articles import write, write_many
from tests.torture.disk import NoDiskError, mounted

pytestmark = pytest.mark.skipif(os.name != "posix", reason="this system has other permissions")

ROOT = Path(__file__).parents[2]
NOBODY = 65_534
READING = [["search", "harbour", "--limit", "1"], ["info"], ["verify"], ["export", "--quiet"], ["index", "--dry-run"]]
WRITING = [["index"], ["rebuild"], ["compact"], ["index", "--engine", "auto"]]
CODE = "import sys; from search.cli import main; main(sys.argv[1:])"
AS_SOMEBODY_ELSE = """
import contextlib, difflib, errno, io, os, shlex, shutil, sys, tempfile, traceback
from search.cli import main
user, practice, *arguments = sys.argv[1:]
real, os.environ["BYLINE_INDEX"] = os.environ["BYLINE_INDEX"], practice
with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())), contextlib.suppress(SystemExit):
    main(arguments)  # which imports all that it needs: somebody else may not be allowed to read the libraries
os.environ["BYLINE_INDEX"] = real
os.setgroups([])
os.setgid(int(user))
os.setuid(int(user))
main(arguments)
"""


@pytest.fixture(params=["whoosh", "tantivy"])
def folder(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder with a corpus and its index that everybody may read, and only its owner write."""
    base = next(name for name in (tempfile.gettempdir(), "/tmp", "/var/tmp") if _is_open_to_all(Path(name)))
    with tempfile.TemporaryDirectory(dir=base) as name:
        folder = Path(name)
        folder.chmod(0o755)
        write_many(folder / "corpus", 5)
        build([folder / "corpus"], folder / ".byline", engine=request.param)
        write(folder / "corpus" / "0001.md", "Another text about the harbour.")
        build([], folder / ".byline")
        for path in [*folder.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        yield folder


def _is_open_to_all(folder: Path) -> bool:
    return all(path.stat().st_mode & 0o005 == 0o005 for path in [folder, *folder.parents])


def environment(folder: Path) -> dict[str, str]:
    return os.environ | {"BYLINE_INDEX": str(folder / ".byline"), "PYTHONPATH": str(ROOT)}


def snapshot(folder: Path) -> dict[Path, tuple[int, int]]:
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in folder.rglob("*")}


def check(done: subprocess.CompletedProcess[str], arguments: Sequence[str]) -> None:
    told = f"{arguments}: {done.returncode} {done.stdout} {done.stderr}"
    assert "Traceback" not in done.stderr and "bug in" not in done.stderr, told
    if arguments in READING:
        assert done.returncode == 0, told
    else:
        assert done.returncode == 2, told
        assert done.stderr.count("\n") == 1, told
        assert "cannot be written to" in done.stderr, told


def test_another_person(folder: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The owner is another one: the superuser reads and writes everything, so a child becomes somebody else."""
    if os.geteuid():
        pytest.skip("only the superuser can become somebody else")
    before = snapshot(folder)
    temporary = folder.parent / f"{folder.name}-temporary"
    temporary.mkdir(mode=0o777)
    temporary.chmod(0o777)
    request.addfinalizer(lambda: shutil.rmtree(temporary))
    for number, arguments in enumerate((*READING, *WRITING)):
        practice = shutil.copytree(folder, tmp_path / str(number)) / ".byline"
        done = subprocess.run(
            [sys.executable, "-c", AS_SOMEBODY_ELSE, str(NOBODY), str(practice), *arguments],
            env=environment(folder) | {"TMPDIR": str(temporary)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        check(done, arguments)
        assert not [*temporary.iterdir()], arguments
    assert snapshot(folder) == before


def test_a_folder_without_the_right_to_write(folder: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("the superuser may write everywhere")
    index = folder / ".byline"
    places = [index, *index.rglob("*")]
    before = snapshot(folder)
    for path in places:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        for arguments in (*READING, *WRITING):
            check(
                subprocess.run(
                    [sys.executable, "-c", CODE, *arguments],
                    env=environment(folder),
                    capture_output=True,
                    text=True,
                    timeout=120,
                    check=False,
                ),
                arguments,
            )
    finally:
        for path in places:
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert snapshot(folder) == before


def test_a_read_only_medium(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    for name, value in environment(folder).items():
        monkeypatch.setenv(name, value)
    before = snapshot(folder)
    for arguments in (*READING, *WRITING):
        try:
            done = mounted('mount --bind -o ro "$1" "$1"', folder, [sys.executable, "-c", CODE, *arguments])
        except NoDiskError as error:
            pytest.skip(str(error))
        check(done, arguments)
        assert not [*tmp_path.iterdir()], arguments
    assert snapshot(folder) == before
