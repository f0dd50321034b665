"""Ignore rules as git has them: files named `.gitignore` and `.bylineignore` in the folders that are walked.

A rule counts for the folder of its file and all below. Of several that fit, the last one decides, and those of a deeper
folder come after those above; `.bylineignore`, wherever it lies, comes after every `.gitignore`. In a folder that is
ignored nothing is looked at, so that a file in it cannot be taken back by itself.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

from index.files.name_patterns import Pattern

OWN_NAME = ".bylineignore"
GIT_NAME = ".gitignore"

MAX_BYTES = 1_000_000
MAX_RULES = 5_000
"""What follows in a longer file does not count, which is reported."""

MAX_LINE = 4_096
"""Of how many characters a rule may be, which is as long as a path can be; a longer one does not count."""

MAX_WILD = 30_000
"""How many characters the rules with wildcards may have that count in one folder, those from above included, without
such as `*.bak`: every name is held against each of them. The rest does not count, which is reported."""

IGNORED = "ignored by "


class _Rule(NamedTuple):
    pattern: Pattern
    line: int  # the first is 1
    weight: int  # how much it counts towards MAX_WILD


class _RuleFile:
    """The rules of one file, ready to be asked about very many names."""

    def __init__(self, source: str, rules: Iterable[_Rule]) -> None:
        self.source = source
        self._rules = list(rules)
        self.wild = sum(rule.weight for rule in self._rules)
        self._names: dict[str, list[int]] = {}  # numbers of rules, by what they say literally
        self._paths: dict[str, list[int]] = {}
        self._globs: list[tuple[int, re.Pattern[str]]] = []  # for names
        self._others: list[int] = []
        for number, (pattern, *_) in enumerate(self._rules):
            if pattern.literal is not None:
                (self._names if pattern.anywhere else self._paths).setdefault(pattern.literal, []).append(number)
            elif pattern.name:
                self._globs.append((number, re.compile(pattern.name)))
            else:
                self._others.append(number)
        # Most names fit no pattern, which is told in one go: most patterns are a star and an ending.
        self._endings = tuple(pattern.ending for pattern, *_ in self._rules if pattern.name and pattern.ending)
        wild = [p.name for p, *_ in self._rules if p.name and p.literal is None and not p.ending]
        self._wild = re.compile("|".join(wild)) if wild else None

    def deciding(self, relative: str, name: str, is_folder: bool) -> _Rule | None:
        """The last rule for a path relative to this file's folder; None if there is none."""
        found = -1
        for number in (*self._names.get(name, ()), *self._paths.get(relative, ())):
            if number > found and (is_folder or not self._rules[number].pattern.folder):
                found = number
        if name.endswith(self._endings) or (self._wild and self._wild.fullmatch(name)):
            for number, glob in reversed(self._globs):
                if number < found:
                    break
                if (is_folder or not self._rules[number].pattern.folder) and glob.fullmatch(name):
                    found = number
                    break
        for number in reversed(self._others):
            if number < found:
                break
            if self._rules[number].pattern.is_for(relative, name, is_folder=is_folder):
                found = number
                break
        return self._rules[found] if found >= 0 else None


class _Level(NamedTuple):
    file: _RuleFile
    prefix: str  # of the folder now looked at, relative to the file's: "" or "a/b/"


class Rules:
    """The rules that count in one folder."""

    __slots__ = ("_levels", "_own")

    def __init__(self, own: tuple[_Level, ...] = (), git: tuple[_Level, ...] = ()) -> None:
        self._own = own  # the deepest first
        self._levels = own + git

    def __bool__(self) -> bool:
        return bool(self._levels)

    def why(self, name: str, *, is_folder: bool) -> str:
        """Why something in this folder is ignored, as a phrase; empty if it is not."""
        for file, prefix in self._levels:
            if rule := file.deciding(prefix + name, name, is_folder):
                return "" if rule.pattern.takes_back else f"{IGNORED}{file.source}, line {rule.line}"
        return ""

    def below(self, name: str) -> Rules:
        """The same rules for a folder in this one, without what its own files say."""
        if not self._levels:
            return self
        levels = [_Level(file, f"{prefix}{name}/") for file, prefix in self._levels]
        return Rules(tuple(levels[: len(self._own)]), tuple(levels[len(self._own) :]))

    def of_folder(
        self, path: str, source: str, names: Container[str], *, git: bool = True
    ) -> tuple[Rules, list[tuple[str, str]]]:
        """These rules and those in files of this folder.

        Args:
            path: the folder.
            source: its name in the index.
            names: what is in it.
            git: whether `.gitignore` counts.

        Returns:
            The rules, and what is wrong with the files: name and phrase.
        """
        own, every = self._own, self._levels
        others = every[len(own) :]
        problems: list[tuple[str, str]] = []
        left = MAX_WILD - sum(level.file.wild for level in every)
        if OWN_NAME in names and (file := _read(path, source, OWN_NAME, problems, left)):
            own = (_Level(file, ""), *own)
            left -= file.wild
        if git and GIT_NAME in names and (file := _read(path, source, GIT_NAME, problems, left)):
            others = (_Level(file, ""), *others)
        return (self if len(own) + len(others) == len(every) else Rules(own, others)), problems


class Everything:
    """A container of all names, for folders that are not listed."""

    def __contains__(self, name: object) -> bool:
        return True


def _read(folder: str, source: str, name: str, problems: list[tuple[str, str]], wild: int) -> _RuleFile | None:
    """The rules of a file, whose wildcards may have the weight `wild`; None if it is not there or holds none."""
    path = os.path.join(folder, name)  # noqa: PTH118  (asked of every folder)
    source = name if source in ("", ".") else f"{source.rstrip('/')}/{name}"
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):  # as git does, follow no link
            return None
        with open(path, "rb") as file:  # noqa: PTH123
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        problems.append((name, f"cannot be opened: {error.strerror or error}; its rules do not count"))
        return None
    text = data[:MAX_BYTES].decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    rules: list[_Rule] = []
    too_long = ""
    for rule in _parse(text):
        if isinstance(rule, int):
            too_long = too_long or f"its line {rule} does not count: it has more than {MAX_LINE:,} characters"
            continue
        if len(rules) == MAX_RULES:
            problems.append((name, f"only its first {MAX_RULES:,} rules count"))
            break
        wild -= rule.weight
        if wild < 0:
            problems.append((name, f"its rules from line {rule.line} on do not count: too many have wildcards"))
            break
        rules.append(rule)
    else:
        if len(data) > MAX_BYTES:
            problems.append((name, f"only its first {MAX_BYTES:,} bytes count"))
    if too_long:
        problems.append((name, too_long))
    return _RuleFile(source, rules) if rules else None


def _parse(text: str) -> Iterator[_Rule | int]:
    """The rules; of a line that is too long for one, its number."""
    for number, line in enumerate(text.split("\n"), start=1):
        line = _without_trailing_spaces(line.removesuffix("\r"))
        if line.strip("/!") and not line.startswith("#"):
            if len(line) > MAX_LINE:
                yield number
                continue
            pattern = Pattern(line)
            is_easy = pattern.literal is not None or pattern.ending
            yield _Rule(pattern, number, 0 if is_easy else len(line))


def _without_trailing_spaces(line: str) -> str:
    """The line without spaces at its end, but for one that a backslash keeps."""
    stripped = line.rstrip(" ")
    backslashes = len(stripped) - len(stripped.rstrip("\\"))
    return f"{stripped} " if backslashes % 2 and stripped != line else stripped
