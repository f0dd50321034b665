"""Ignore rules: the same files as git ignores, and what differs from git on purpose."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from index.build import build
from index.commands.summary import build_summary
from index.errors import UsageError
from index.files.ignore import GIT_NAME, MAX_RULES, OWN_NAME
from index.files.walk import SkippedFile, SourceFile, walk, walk_again, why_ignored
from index.updating.report import Change, Happened

TEXT = "# A Title\n\nA text.\n"


def write(path: Path, text: str = TEXT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def found(root: Path) -> set[str]:
    return {file.source for file in walk([root], root) if isinstance(file, SourceFile)}


def reasons(root: Path, home: Path | None = None) -> dict[str, str]:
    return {file.source: file.reason for file in walk([root], home or root) if isinstance(file, SkippedFile)}


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        ("", "a.md a.txt drafts/a.md posts/a.md posts/drafts/b.md posts/x/y/c.md"),
        ("# a.md\n\n   \n", "a.md a.txt drafts/a.md posts/a.md posts/drafts/b.md posts/x/y/c.md"),
        ("drafts/", "a.md a.txt posts/a.md posts/x/y/c.md"),
        ("/drafts", "a.md a.txt posts/a.md posts/drafts/b.md posts/x/y/c.md"),
        ("a.*", "posts/drafts/b.md posts/x/y/c.md"),
        ("a.md/", "a.md a.txt drafts/a.md posts/a.md posts/drafts/b.md posts/x/y/c.md"),
        ("*.md\n!posts/a.md", "a.txt posts/a.md"),
        ("posts/*\n!posts/x", "a.md a.txt drafts/a.md posts/x/y/c.md"),
        ("posts/\n!posts/a.md", "a.md a.txt drafts/a.md"),
        ("posts/**/c.md\r\n", "a.md a.txt drafts/a.md posts/a.md posts/drafts/b.md"),
        ("**/y", "a.md a.txt drafts/a.md posts/a.md posts/drafts/b.md"),
        ("posts/**", "a.md a.txt drafts/a.md"),
        ("\ufeffa.md   ", "a.txt posts/drafts/b.md posts/x/y/c.md"),
        ("[[:lower:]].[!t]*", "a.txt"),
        ("\\a.md\n\\!b.md\n\\#", "a.txt posts/drafts/b.md posts/x/y/c.md"),
        ("*", ""),
        ("*\n!*/\n!*.txt", "a.txt"),
    ],
)
def test_rules(tmp_path: Path, rules: str, left: str) -> None:
    for name in "a.md a.txt drafts/a.md posts/a.md posts/drafts/b.md posts/x/y/c.md".split():
        write(tmp_path / name)
    write(tmp_path / GIT_NAME, rules)
    assert found(tmp_path) == set(left.split())


NAMES = ["a", "ab", "b.md", "a.md", "ab.md", "c", "a b.md", "b "]
GLOBS = [*NAMES, "*", "a*", "*b", "?", "*.md", "[ab]*", "[!a]*", "[^b].md", "[a-c]", "**", "a\\*", "\\b.md", "*a*b*"]


def a_rule(choose: random.Random) -> str:
    parts = [choose.choice(GLOBS) for _ in range(choose.choice([1, 1, 1, 2, 2, 3]))]
    before = choose.choice(["", "", "", "!", "/", "!/"])
    return before + "/".join(parts) + choose.choice(["", "", "", "/", " ", "/**"])


@pytest.mark.skipif(not shutil.which("git"), reason="compared with git, which is not installed")
@pytest.mark.parametrize("seed", range(12))
def test_git_ignores_the_same_files(tmp_path: Path, seed: int) -> None:
    choose = random.Random(seed)
    folders = [tmp_path / "x"]
    for _ in range(12):
        folders.append(choose.choice(folders) / choose.choice(["a", "ab", "c", "b "]))
    for folder in folders:
        for name in choose.sample(["b.md", "a.md", "ab.md", "a b.md", "b.txt"], 3):
            write(folder / name)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "HOME": str(tmp_path)}
    git = ["git", "-C", str(tmp_path / "x"), "-c", "core.quotePath=false"]
    subprocess.run([*git, "init", "-q"], check=True, env=environment)
    for _ in range(8):
        for folder in folders:
            (folder / GIT_NAME).unlink(missing_ok=True)
        for folder in {folders[0], *choose.sample(folders, 2)}:
            write(folder / GIT_NAME, "\n".join(a_rule(choose) for _ in range(choose.randint(1, 6))) + "\n")
        listing = [*git, "ls-files", "--others", "--exclude-standard", "-z"]
        listed = subprocess.run(listing, check=True, env=environment, capture_output=True).stdout
        expected = {name for name in listed.decode().split("\0") if name.endswith((".md", ".txt"))}
        assert found(tmp_path / "x") == expected


def test_what_is_ignored_is_said_with_the_line_that_says_so(tmp_path: Path) -> None:
    write(tmp_path / "drafts" / "a.md")
    write(tmp_path / "posts" / "b.md")
    write(tmp_path / "posts" / "photo.jpg")
    write(tmp_path / GIT_NAME, "# not yet\ndrafts/\n")
    write(tmp_path / "posts" / OWN_NAME, "*\n")
    assert reasons(tmp_path) == {
        "drafts": "ignored by .gitignore, line 2",
        "posts/b.md": "ignored by posts/.bylineignore, line 1",
        "posts/photo.jpg": "not an article format (.jpg)",
    }


def test_our_own_rules_come_after_those_of_git(tmp_path: Path) -> None:
    write(tmp_path / "posts" / "a.md")
    write(tmp_path / "posts" / "b.md")
    write(tmp_path / "posts" / GIT_NAME, "*.md\n")
    write(tmp_path / OWN_NAME, "!a.md\n")
    assert found(tmp_path) == {"posts/a.md"}


def test_deeper_rules_come_after_those_above(tmp_path: Path) -> None:
    write(tmp_path / "posts" / "a.md")
    write(tmp_path / "a.md")
    write(tmp_path / GIT_NAME, "a.md\n")
    write(tmp_path / "posts" / GIT_NAME, "!a.md\n")
    assert found(tmp_path) == {"posts/a.md"}


def test_a_named_folder_is_read_and_above_it_only_our_own_rules_count(tmp_path: Path) -> None:
    write(tmp_path / "data" / "a.md")
    write(tmp_path / "data" / "b.md")
    write(tmp_path / GIT_NAME, "data/\ndata/*\n")
    write(tmp_path / OWN_NAME, "data/\n/data/b.md\n")
    sources = [file.source for file in walk([tmp_path / "data"], tmp_path) if isinstance(file, SourceFile)]
    assert sources == ["data/a.md"]
    named = [file.source for file in walk([tmp_path / "data" / "b.md"], tmp_path)]
    assert named == ["data/b.md"]


def test_rules_from_strangers_are_bounded(tmp_path: Path) -> None:
    write(tmp_path / ("a" * 200 + ".md"))
    write(tmp_path / GIT_NAME, "*a" * 60 + "b.md\n" + "nobody.md\n" * MAX_RULES)
    assert len(found(tmp_path)) == 1
    assert reasons(tmp_path) == {GIT_NAME: "only its first 5,000 rules count"}


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ("**/" * 330_000 + "*\n", "its line 1 does not count: it has more than 4,096 characters"),
        ("**/" * 1_300 + "nobody.md\n" + "*/**/" * 800 + "nobody.md\n", ""),
        (
            "".join(f"*{'?' * 190}x{number}*y\n" for number in range(4_900)),
            "its rules from line 153 on do not count: too many have wildcards",
        ),
    ],
)
def test_rules_that_would_take_long_do_not_count(tmp_path: Path, rules: str, reason: str) -> None:
    deep = tmp_path.joinpath(*["d"] * 60)
    deep.mkdir(parents=True)
    for number in range(30):
        write(deep / f"{number}{'a' * 200}.md")
    (tmp_path / GIT_NAME).write_text("**/**/1a*.md\n" * (not reason) + rules)
    assert len(found(tmp_path)) == (30 if reason else 29)
    assert reasons(tmp_path).get(GIT_NAME, "") == reason


def test_rules_with_wildcards_are_bounded_over_all_folders_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.files.ignore.MAX_WILD", 10)
    write(tmp_path / GIT_NAME, "a?.md\n")
    write(tmp_path / "in" / OWN_NAME, "b?.md\nc?.md\nd.md\n")
    for name in ("a1", "b1", "c1", "d"):
        write(tmp_path / "in" / f"{name}.md")
    assert found(tmp_path) == {"in/c1.md", "in/d.md"}
    assert reasons(tmp_path)[f"in/{OWN_NAME}"] == "its rules from line 2 on do not count: too many have wildcards"


def test_rules_are_not_read_through_links(tmp_path: Path) -> None:
    write(tmp_path / "rules", "*.md\n")
    write(tmp_path / "posts" / "a.md")
    (tmp_path / "posts" / GIT_NAME).symlink_to(tmp_path / "rules")
    assert found(tmp_path / "posts") == {"a.md"}


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    for name in (b"caf\xe9.md", b"the.md"):
        try:
            write(tmp_path / os.fsdecode(name))
        except OSError:
            pytest.skip("the file system takes only UTF-8")
    (tmp_path / GIT_NAME).write_bytes(b"caf\xe9.md\n")
    assert found(tmp_path) == {"the.md"}


def test_an_update_takes_out_what_is_ignored_now_and_brings_it_back(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        write(tmp_path / name)
    index = tmp_path / ".byline"
    assert build([tmp_path], index).documents == 2
    write(tmp_path / OWN_NAME, "b.md\n")
    report = build([], index)
    assert (report.documents, report.removed, report.passed_over) == (1, 1, 1)
    assert report.excluded == 1
    assert report.changes == (Change("b.md", Happened.EXCLUDED),)
    assert "1 removed (1 still there, but not to be indexed), 1 skipped" in build_summary(report, index)
    (tmp_path / OWN_NAME).unlink()
    assert build([], index).documents == 2


def test_to_name_what_is_ignored_in_a_folder_that_is_indexed_says_which_rule_it_is(tmp_path: Path) -> None:
    write(tmp_path / "a.md")
    write(tmp_path / "drafts" / "b.md")
    write(tmp_path / GIT_NAME, "drafts/\n")
    index = tmp_path / ".byline"
    build([tmp_path], index)
    for paths in ([tmp_path / "drafts"], [tmp_path / "drafts" / "b.md"], [tmp_path, tmp_path / "drafts"]):
        with pytest.raises(UsageError, match=r"ignored by \.gitignore, line 1") as error:
            build(paths, index)
        assert f"{tmp_path / OWN_NAME}: !/drafts/" in str(error.value)
    assert build([], index).documents == 1


@pytest.mark.parametrize("seed", range(8))
def test_a_look_at_every_path_again_finds_what_a_walk_finds(tmp_path: Path, seed: int) -> None:
    choose = random.Random(seed)
    folders = [tmp_path]
    for _ in range(8):
        folders.append(choose.choice(folders) / choose.choice(["a", "ab", ".h", "b "]))
    for folder in folders:
        for name in choose.sample(["b.md", "a.md", ".a.md", "~$a.docx", "photo.jpg", "b.meta"], 4):
            write(folder / name)
        if choose.random() < 0.4:
            write(folder / choose.choice([GIT_NAME, OWN_NAME]), f"{a_rule(choose)}\n{a_rule(choose)}\n")
    (folders[3] / "link.md").symlink_to(folders[1] / ".a.md")
    every = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")]
    walked = {file.source: file for file in walk([tmp_path], tmp_path) if isinstance(file, SourceFile)}
    for source in every:
        again = {file.source: file for file in walk_again([source], {"."}, tmp_path) if isinstance(file, SourceFile)}
        if not source.endswith(".meta"):
            inside = {name for name in walked if name == source or name.startswith(f"{source}/")}
            assert set(again) == inside
        assert all(walked[name] == file for name, file in again.items())
        assert not (why_ignored(source, {"."}, tmp_path) and source in walked)
    assert {file.source for file in walk_again(every, {"."}, tmp_path) if isinstance(file, SourceFile)} == set(walked)
