"""What is declared, what is pinned, and what is imported agree."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from index.version import VERSION

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PINS = [
    Requirement(line)
    for line in (ROOT / ".ci/constraints.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
DECLARED = [
    Requirement(text)
    for text in [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["test"],
        *PROJECT["build-system"]["requires"],
    ]
]


def test_every_pin_is_exact() -> None:
    assert [str(pin) for pin in PINS if not re.fullmatch(r"==[^*,]+", str(pin.specifier))] == []


@pytest.mark.parametrize("requirement", DECLARED, ids=lambda requirement: requirement.name)
def test_dependencies_are_bounded_and_pinned_within_the_bounds(requirement: Requirement) -> None:
    operators = {bound.operator for bound in requirement.specifier}
    assert {">=", "<"} <= operators, f"{requirement} needs a lower and an upper bound"
    pinned = {canonicalize_name(pin.name): next(iter(pin.specifier)).version for pin in PINS}
    assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)])


def imported(package: str) -> Iterator[tuple[str, str]]:
    """Every module of a package, with the top-level name of everything it imports."""
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            yield from ((path.relative_to(ROOT).as_posix(), name.partition(".")[0]) for name in names)


@pytest.mark.parametrize("package", ["index", "search"])
def test_what_is_imported_is_declared(package: str) -> None:
    needed = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["eval"]
    declared = {canonicalize_name(Requirement(text).name) for text in needed}
    providers = packages_distributions()
    undeclared = {
        (module, name)
        for module, name in imported(package)
        if name not in sys.stdlib_module_names
        and name not in ("index", "search", "_typeshed")  # the last is there for type checkers alone
        and declared.isdisjoint(map(canonicalize_name, providers.get(name, [])))
    }
    assert undeclared == set()


def test_the_index_side_never_imports_the_search_side() -> None:
    assert [module for module, name in imported("index") if name == "search"] == []


def test_the_version_has_a_changelog_entry() -> None:
    headings = re.findall(r"^## \[?([^\]\s]+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] in ("Unreleased", VERSION)
    assert VERSION in headings or headings == ["Unreleased"]


def test_the_wheel_holds_the_packages_the_command_and_the_licence_alone(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (wheel,) = tmp_path.glob(f"byline-{VERSION}-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (commands,) = (name for name in names if name.endswith("entry_points.txt"))
        assert "byline = search.cli:main" in archive.read(commands).decode()
    info = f"byline-{VERSION}.dist-info/"
    assert f"{info}licenses/LICENSE" in names
    assert {"index/py.typed", "search/py.typed", "index/cli.py", "search/cli.py"} <= set(names)
    assert [name for name in names if not name.startswith(("index/", "search/", info))] == []
    assert [
        name for name in names if name.startswith(("index/", "search/")) and not name.endswith((".py", ".typed"))
    ] == []
