"""What most tests of builds begin with, unless they make their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import build
from tests.build.articles import write_two


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    write_two(folder)
    return folder


@pytest.fixture
def index(tmp_path: Path, corpus: Path) -> Path:
    """An index of the corpus."""
    folder = tmp_path / ".byline"
    build([corpus], folder)
    return folder
