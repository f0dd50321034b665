"""Patterns for the files to read."""

from __future__ import annotations

import pytest

from index.files.name_patterns import Choice


@pytest.mark.parametrize(
    ("patterns", "named", "others"),
    [
        (["drafts/"], ["drafts/a.md", "x/drafts/y/a.md"], ["drafts", "draft/a.md", "adrafts/a.md"]),
        (["*.bak.md"], ["a.bak.md", "x/a.bak.md"], ["a.md", "a.bak.mdx"]),
        (["/notes.md"], ["notes.md"], ["x/notes.md"]),
        (["posts/2023"], ["posts/2023", "posts/2023/a.md"], ["x/posts/2023/a.md"]),
        (["posts/**/*.md"], ["posts/a.md", "posts/x/y/a.md"], ["posts/a.txt", "a.md"]),
        (["posts/**"], ["posts/a.md", "posts/x/y/a.md"], ["a.md", "posts"]),
        (["**/archive/"], ["archive/a", "x/archive/a"], ["archives/a"]),
        (["posts", "!posts/keep.md"], ["posts/a.md"], ["posts/keep.md"]),
        (["[ab]?.md", "[!x].txt"], ["a1.md", "b2.md", "y.txt"], ["c1.md", "x.txt"]),
        (["\\[a"], ["[a"], ["a"]),
        (
            ["[a", "x[", "k\\", "[[:alpha:", "[[:nonsense:]]", "b[[:alpha:]"],
            [],
            ["[a", "a", "x[", "k\\", "k", "b[a", "ba"],
        ),
        (["[a/b]"], ["a", "b", "a/x"], ["x/a", "[a/b]", "c"]),
        (["x/[!a/b].md"], ["x/c.md"], ["x/a.md", "x/b.md", "x/a/b.md"]),
        (["[[:alpha:]/x]y"], ["ay", "xy"], ["a/xy", "/y"]),
        (["[[:a]"], ["[", ":", "a"], ["b", "[:a"]),
        (["a\\/b"], ["a/b"], ["a", "b"]),
        (["?.md"], ["é.md"], ["ab.md"]),
        (["*a" * 200 + "c"], ["a" * 300 + "c"], ["a" * 300]),
    ],
)
def test_patterns(patterns: list[str], named: list[str], others: list[str]) -> None:
    include, exclude = Choice(patterns, []), Choice([], patterns)
    assert [source for source in (*named, *others) if source in include] == named
    assert [source for source in (*named, *others) if source not in exclude] == named


def test_what_is_excluded_is_not_included() -> None:
    choice = Choice(["posts/"], ["*.draft.md"])
    assert [source for source in ("posts/a.md", "posts/a.draft.md", "b.md") if source in choice] == ["posts/a.md"]
