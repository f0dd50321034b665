r"""Patterns for names of files, as in `.gitignore`; and the choice by `include` and `exclude` in `byline.toml`.

    drafts/         a folder of this name anywhere, with everything in it
    *.bak.md        a file or a folder whose name fits, anywhere
    /notes.md       only beside the settings; so does any pattern with a slash inside, such as posts/2023
    posts/**/*.md   ** stands for any number of folders
    !posts/keep.md  takes back what a pattern before it said; the last pattern that fits decides
    \*.md           a backslash makes the next sign stand for itself

See https://git-scm.com/docs/gitignore#_pattern_format. A class in brackets may hold a slash, which it never stands for;
one that is never closed, or whose name (as in [[:alpha:]]) does not exist, makes the pattern stand for nothing, as does
a backslash at the end. Signs are characters here, where git has bytes: ? is any one letter, accents included. In
`byline.toml`, what is said of a folder can be taken back for a file in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_ANY = None  # in place of a part: any number of folders

_POSIX = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "blank": r" \t", "cntrl": r"\x00-\x1f\x7f", "digit": "0-9",
    "graph": "!-~", "lower": "a-z", "print": " -~", "punct": r"!-/:-@\[-`{-~", "space": r" \t-\r", "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}  # fmt: skip
_MAGIC = re.compile(r"[*?\[\\]")
_NEVER = "(?!)"
_SLASHES = re.compile(r"\\?/")


class Choice:
    """Files by their sources: those that `include` names, all if it is empty, without those that `exclude` names."""

    def __init__(self, include: Sequence[str], exclude: Sequence[str]) -> None:
        self._include = [Pattern(text.strip()) for text in include]
        self._exclude = [Pattern(text.strip()) for text in exclude]

    def __contains__(self, source: str) -> bool:
        parts = source.split("/")
        if self._exclude and _named(parts, self._exclude):
            return False
        return not self._include or _named(parts, self._include)


class Pattern:
    """One pattern; the parts of its path are matched one by one, so that none takes long.

    Attributes:
        takes_back: whether it begins with `!`.
        folder: whether it names folders only.
        literal: the path or, if `anywhere`, the name that it stands for; None if it has wildcards.
        ending: what comes after the star, if it is one star and then no wildcards; else empty.
        anywhere: whether it is for a name in whatever folder.
    """

    __slots__ = ("_parts", "anywhere", "ending", "folder", "literal", "takes_back")

    def __init__(self, text: str) -> None:
        self.takes_back = text.startswith("!")
        text = text[self.takes_back :].removeprefix("./")
        self.folder = text.endswith("/")
        text = text.rstrip("/")
        parts = [part for part in _split(text) if part]
        self.anywhere = "/" not in text
        self.literal = None if _MAGIC.search(text) else "/".join(parts)
        self.ending = text[1:] if text.startswith("*") and not _MAGIC.search(text[1:]) else ""
        self._parts = [_ANY if part == "**" else re.compile(_expression(part)) for part in parts]
        if self.anywhere:
            self._parts.insert(0, _ANY)
        self._parts = [
            part for at, part in enumerate(self._parts) if at == 0 or part or self._parts[at - 1]
        ]  # of several _ANY in a row, one says all
        if self._parts and self._parts[-1] is _ANY:  # what lies in a folder, not itself
            self._parts.insert(-1, re.compile(_expression("*")))

    @property
    def name(self) -> str:
        """A regular expression for the names that a pattern fits in whatever folder; empty for one of another kind."""
        last = self._parts[-1] if self.anywhere else _ANY
        return last.pattern if last else ""

    def fits(self, path: Sequence[str]) -> bool:
        """Whether the pattern names this path or a folder above it."""
        ends = self._ends(path)
        return bool(ends) and (not self.folder or min(ends) < len(path))

    def is_for(self, path: str, name: str, *, is_folder: bool) -> bool:
        """Whether the pattern names just this file or folder, the last part of whose path is `name`."""
        last = self._parts[-1]
        if (self.folder and not is_folder) or (last and not last.fullmatch(name)):
            return False
        parts = path.split("/")
        return len(parts) in self._ends(parts)

    def _ends(self, path: Sequence[str]) -> set[int]:
        """How many parts of the path the pattern can stand for."""
        open_at = {0}
        for part in self._parts:
            if not open_at:
                break
            if part is _ANY:
                open_at = set(range(min(open_at), len(path) + 1))
            else:
                open_at = {at + 1 for at in open_at if at < len(path) and part.fullmatch(path[at])}
        return open_at


def _named(path: list[str], patterns: Sequence[Pattern]) -> bool:
    last = next((pattern for pattern in reversed(patterns) if pattern.fits(path)), None)
    return last is not None and not last.takes_back


def _split(glob: str) -> list[str]:
    """The parts of a path, split at slashes but for those in classes."""
    parts = [""]
    at = 0
    while at < len(glob):
        end = at + 1
        if slash := _SLASHES.match(glob, at):
            parts.append("")
            at = slash.end()
            continue
        if glob[at] == "\\":
            end = at + 2
        elif glob[at] == "[":
            found = _class(glob, end)
            end = found[1] if found else len(glob)  # what is never closed goes on to the end
        parts[-1] += glob[at:end]
        at = end
    return parts


def _expression(glob: str) -> str:
    """A regular expression for one name; of all ways that stars could share a name, it tries but one."""
    pieces = [""]  # what stands between stars
    at = 0
    while at < len(glob):
        sign = glob[at]
        at += 1
        if sign == "*":
            if len(pieces) == 1 or pieces[-1]:
                pieces.append("")
        elif sign == "?":
            pieces[-1] += "."
        elif sign == "[":
            found = _class(glob, at)
            if found is None:
                return _NEVER
            text, at = found
            pieces[-1] += text
        else:
            if sign == "\\":
                if at == len(glob):
                    return _NEVER
                sign = glob[at]
                at += 1
            pieces[-1] += re.escape(sign)
    first, *others = pieces
    if not others:
        return f"(?s:{first})"
    return f"(?s:{first}{''.join(f'(?>.*?{piece})' for piece in others[:-1])}.*{others[-1]})"


def _class(glob: str, at: int) -> tuple[str, int] | None:
    """A class of characters that begins after the bracket at `at - 1`, and where it ends; None if it never does, or
    names a class that does not exist."""
    negated = glob[at : at + 1] in ("!", "^")
    at += negated
    members: list[str] = []
    first = True
    while at < len(glob):
        if glob[at] == "]" and not first:
            inside = "".join(members)
            if not inside:  # nothing but ranges that end before they begin
                return ("." if negated else _NEVER), at + 1
            return f"[{'^' * negated}{inside}]", at + 1
        first = False
        if glob.startswith("[:", at):
            name, closed, _ = glob[at + 2 :].partition("]")
            if not closed or (name.endswith(":") and name[:-1] not in _POSIX):
                return None
            if name.endswith(":"):
                members.append(_POSIX[name[:-1]])
                at += len("[:") + len(name) + len("]")
                continue
        low, at = _member(glob, at)
        high = low
        if glob[at : at + 1] == "-" and glob[at + 1 : at + 2] not in ("]", ""):
            high, at = _member(glob, at + 1)
        if low <= high:
            members.append(f"{re.escape(low)}-{re.escape(high)}")
    return None


def _member(glob: str, at: int) -> tuple[str, int]:
    escaped = glob[at] == "\\" and at + 1 < len(glob)
    return glob[at + escaped], at + escaped + 1
