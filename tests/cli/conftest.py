"""A small folder of articles, its index, and a way to run `byline` on them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from search.cli import byline

ARTICLES = {
    "leak.md": "---\ntitle: Coolant Leak on the Station\nauthor: Ana Ruiz\ndate: 2022-12-20\n"
    "url: https://news.example/leak\n---\n\nThe station lost coolant. The crew saw the leak at night.\n",
    "pumps.md": "---\ntitle: How Pumps Move Coolant\nauthor: [Bo Ek, Ana Ruiz]\ndate: 2023-05-02\n---\n\n"
    "A pump moves coolant through the walls of the plant. Nobody thanks it.\n",
    "harbour.txt": "The Harbour at Dawn\n\nBy Carla Diaz\n\nMay 4, 2021\n\nFog lies on the water, and the ferry waits "
    "for its pilot.\n\nNobody on the quay speaks before the bell.\n",
    "undated/notes.md": "# Notes on Rope\n\nRope is patient. It remembers every knot that it was ever tied in.\n",
}

Run = Callable[..., Result]


def write_articles(folder: Path) -> None:
    for name, text in ARTICLES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `byline` in an empty folder (`tmp_path`)."""
    monkeypatch.chdir(tmp_path)
    for name in ("BYLINE_INDEX", "BYLINE_DEBUG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def run(*args: str | Path) -> Result:
        result = CliRunner().invoke(byline, [str(arg) for arg in args])
        assert "Traceback" not in result.output
        assert "bug in Byline" not in result.output
        return result

    return run


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    write_articles(folder / "articles")
    result = CliRunner().invoke(byline, ["index", str(folder / "articles"), "--index", str(folder / ".byline")])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def indexed(_made: Path, tmp_path: Path) -> Path:
    """The folder that `run` works in, with `articles/` and an index of them."""
    shutil.copytree(_made, tmp_path, dirs_exist_ok=True)
    return tmp_path
