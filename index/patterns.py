"""Which files to read: patterns as in `.gitignore`, from `include` and `exclude` in `byline.toml`.

    drafts/         a folder of this name anywhere, with everything in it
    *.bak.md        a file or a folder whose name fits, anywhere
    /notes.md       only beside the settings; so does any pattern with a slash inside, such as posts/2023
    posts/**/*.md   ** stands for any number of folders
    !posts/keep.md  takes back what a pattern before it said; the last pattern that fits decides

See https://git-scm.com/docs/gitignore#_pattern_format. Here, what is said of a folder can be taken back for a file in
it, and there is no backslash: [*] stands for the sign itself.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence

_ANY = None  # in place of a part: any number of folders


class Choice:
    """Files by their sources: those that `include` names, all if it is empty, without those that `exclude` names."""

    def __init__(self, include: Sequence[str], exclude: Sequence[str]) -> None:
        self._include = [_Pattern(text) for text in include]
        self._exclude = [_Pattern(text) for text in exclude]

    def __contains__(self, source: str) -> bool:
        parts = source.split("/")
        if self._exclude and _named(parts, self._exclude):
            return False
        return not self._include or _named(parts, self._include)


class _Pattern:
    """One pattern; the parts of its path are matched one by one, so that none takes long."""

    def __init__(self, text: str) -> None:
        self.takes_back = text.startswith("!")
        text = text[self.takes_back :].strip().removeprefix("./")
        self.folder = text.endswith("/")
        text = text.rstrip("/")
        parts = [part for part in text.split("/") if part]
        if "/" not in text:
            parts.insert(0, "**")
        if parts and parts[-1] == "**":  # what lies in a folder, not itself
            parts[-1] = "*"
        self._parts = [
            _ANY if part == "**" else re.compile(fnmatch.translate(part)) for part in parts
        ]  # fnmatch makes regular expressions that do not go back

    def fits(self, path: list[str]) -> bool:
        """Whether the pattern names this path or a folder above it."""
        open_at = {0}  # how many parts of the path the pattern's parts so far can stand for
        for part in self._parts:
            if part is _ANY:
                open_at = set(range(min(open_at), len(path) + 1)) if open_at else open_at
            else:
                open_at = {at + 1 for at in open_at if at < len(path) and part.match(path[at])}
        return bool(open_at) and (not self.folder or min(open_at) < len(path))


def _named(path: list[str], patterns: Sequence[_Pattern]) -> bool:
    last = next((pattern for pattern in reversed(patterns) if pattern.fits(path)), None)
    return last is not None and not last.takes_back
