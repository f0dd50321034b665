"""Front matter: the record of YAML, TOML or JSON that begins a Markdown or text file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from index.readers.article.named_values import group_of
from index.readers.parts.json_values import first_json_value, json_value

MAX_CHARACTERS = 256 * 1024
"""Longer records are not read as such."""

MAX_DEPTH = 100
"""Of values within values in a record, and of the parts of one dotted key."""

_BRACKET = re.compile(r"[\[\]{}]")
_DEEP_LINE = re.compile(rf"^[ \t?:-]{{{2 * MAX_DEPTH},}}[^ \t?:\n-]", re.MULTILINE)
_DOTTED_KEY = re.compile(rf"(?:\.[ \t]*+(?:[\w-]++|\"(?:[^\"\\\n]|\\[^\n])*+\"|'[^'\n]*+')[ \t]*+){{{MAX_DEPTH}}}")
_FENCE = re.compile(r"(---|\+\+\+|;;;)[ \t]*(yaml|toml|json)?[ \t]*\n", re.IGNORECASE)
_END = {  # with the end of the line before it
    "---": re.compile(r"\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)"),
    "+++": re.compile(r"\n\+\+\+[ \t]*(?:\n|\Z)"),
    ";;;": re.compile(r"\n;;;[ \t]*(?:\n|\Z)"),
}
# Texts of YAML whose meaning is plain: in quotes without escapes, or words in which no sign has a second meaning.
_TEXT = (
    r"(?:\"(?P<double>[^\"\\\n]*)\"|'(?P<single>[^'\n]*)'"
    r"|(?P<plain>[^\W_](?:[^\s:#\"'\\\[\]{},&*!|>%@`]|:(?=\S))*(?:[ ](?:[^\s:#\\]|:(?=\S))(?:[^\s:#\\]|:(?=\S))*)*))"
)
_SIMPLE = re.compile(rf"(?P<key>[A-Za-z][\w-]*):(?:[ ]+{_TEXT})?[ ]*\Z")
_SIMPLE_ITEM = re.compile(rf"[ ]*-[ ]+{_TEXT}[ ]*\Z")
_FLOW_TEXT = r"(?:\"[^\"\\\n]*\"|'[^'\n]*'|[^\W_][\w.+-]*(?:[ ]\w[\w.+-]*)*)"
_FLOW_LIST = re.compile(rf"[A-Za-z][\w-]*:[ ]+\[[ ]*{_FLOW_TEXT}(?:[ ]*,[ ]*{_FLOW_TEXT})*[ ]*\][ ]*\Z")
_FLOW_ITEM = re.compile(_FLOW_TEXT)
_KEY = re.compile(r"^[^\s#][^\n]*:(?:\s|$)", re.MULTILINE)
_ENTRY = re.compile(r"[^\W\d_][\w .-]{0,40}[ \t]*(?::(?:\s.*)?|=\s.*)|[ \t]+\S.*|-\s.*")  # or more of the one above
_PARAGRAPH_END = re.compile(r"\n(?=[ \t]*(?:\n|\Z)|#)")
_SURE = frozenset(("title", "authors", "published", "url"))


class FrontMatter(NamedTuple):
    """What precedes the text.

    Attributes:
        values: the record; empty when there is none. YAML values are texts as written ("2022-12-20", "no").
        kind: "yaml", "toml", "json", or empty when there is none.
        text: the rest of the file.
        problem: what is wrong with the record, if it could only be read in part.
    """

    values: Mapping[str, Any]
    kind: str
    text: str
    problem: str = ""


def split_front_matter(text: str) -> FrontMatter:
    """Takes the front matter off a text that has "\\n" as its line end and no byte order mark."""
    begin = len(text) - len(text.lstrip(" \n\t"))
    if text.startswith("{", begin):
        return _json(text, begin)
    fence = _FENCE.match(text, begin)
    if not fence:
        return FrontMatter({}, "", text)
    kind = (fence[2] or {"---": "yaml", "+++": "toml", ";;;": "json"}[fence[1]]).lower()
    end = _END[fence[1]].search(text, fence.end() - 1, fence.end() + MAX_CHARACTERS)
    if not end:
        return _never_closed(text, fence, kind) or FrontMatter({}, "", text)
    record, rest = text[fence.end() : end.start() + 1], text[end.end() :]
    if kind == "yaml" and not _KEY.search(record):
        return FrontMatter({}, "", text)  # two rules with text between them
    values, problem = _values(record, kind)
    if problem and (cut_short := _never_closed(text, fence, kind)):
        return cut_short  # the line that seemed to close it is a rule in the text
    if not isinstance(values, Mapping):
        return FrontMatter({}, "", text)
    return FrontMatter(values, kind, rest, problem)


def _never_closed(text: str, fence: re.Match[str], kind: str) -> FrontMatter | None:
    """The front matter that its first empty line ends, if it consists of values with known names and text follows."""
    if kind == "json":
        return None
    end = _PARAGRAPH_END.search(text, fence.end(), fence.end() + MAX_CHARACTERS)
    record = text[fence.end() : end.start() if end else fence.end() + MAX_CHARACTERS]
    rest = text[fence.end() + len(record) :].lstrip(" \t\n")
    lines = record.split("\n")
    if not all(map(_ENTRY.fullmatch, lines)) or _LINE.match(rest):
        return None
    values, _ = _values(record, kind)
    groups = [group for group in map(group_of, values) if group] if isinstance(values, Mapping) else []
    if "title" not in values and (len(groups) < 2 or _SURE.isdisjoint(groups)):
        return None
    problem = f"front matter is not closed by a line {fence[1]}; it is taken to end with its paragraph"
    return FrontMatter(values, kind, rest, problem)


def _values(record: str, kind: str) -> tuple[Any, str]:
    """What a record says, line by line if it is not valid; and then what is wrong with it."""
    try:
        if kind == "toml":
            return _toml(record), ""
        if kind == "json":
            return json_value(record), ""
        values = simple_yaml(record)
        return _yaml(record) if values is None else values, ""
    except (ValueError, RecursionError) as error:
        return _line_by_line(record), f"front matter is not valid {kind.upper()} ({_first_line(error)})"


def simple_yaml(record: str) -> dict[str, Any] | None:
    """What `yaml` would make of a record of plain keys, texts and lists of texts; None if it holds anything else."""
    values: dict[str, Any] = {}
    items: list[str] | None = None
    open_key = ""
    for line in record.split("\n"):
        if not line.strip():
            continue
        if found := _plainest(line):
            key, value = found
            if key in values:
                return None
            values[key] = value
            items = None
            open_key = ""
        elif match := _SIMPLE.match(line):
            key, double, single, plain = match.group("key", "double", "single", "plain")
            if key in values:
                return None
            text = double if double is not None else single if single is not None else plain
            values[key] = text or ""
            items = None
            open_key = key if text is None else ""
        elif open_key and (item := _SIMPLE_ITEM.match(line)):
            double, single, plain = item.group("double", "single", "plain")
            text = double if double is not None else single if single is not None else plain
            if items is None:
                indent = line.index("-")
                items = values[open_key] = []
            elif line.index("-") != indent:
                return None
            items.append(text)
        elif _FLOW_LIST.match(line):  # "tags: [boats, the sea]"
            key, _, listed = line.partition(":")
            if key in values:
                return None
            values[key] = [text if text[0] not in "\"'" else text[1:-1] for text in _FLOW_ITEM.findall(listed)]
            items = None
            open_key = ""
        else:
            return None
    return values


def _plainest(line: str) -> tuple[str, str | list[str]] | None:
    """The key and the value of a line of nothing but words; only a short cut, the regular expressions give the same."""
    key, colon, value = line.partition(": ")
    if not colon or not key.isalpha() or not key.isascii():
        return None
    if value[:1].isalnum():
        if value[-1] != " " and "  " not in value and value.replace(" ", "").replace("-", "").isalnum():
            return key, value
    elif value[:1] == "[" and value[-1] == "]":
        items = value[1:-1].split(", ")
        if all(map(str.isalnum, items)):
            return key, items
    return None


def _toml(record: str) -> dict[str, Any]:
    import tomllib

    if _DOTTED_KEY.search(record):  # the parser's time grows with the square of the parts of a key
        raise ValueError(f"nested more than {MAX_DEPTH} deep")
    try:
        return tomllib.loads(record)
    except ValueError as error:
        if isinstance(error, tomllib.TOMLDecodeError):
            raise
        raise ValueError("a number has too many digits") from error  # in place of words on Python's settings


def _yaml(record: str) -> Any:
    """The record with every scalar as text: no booleans, no numbers, no dates moved to another zone."""
    import yaml

    if _nests_too_deep(record):  # the C loader would overflow its stack
        raise ValueError(f"nested more than {MAX_DEPTH} deep")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return yaml.load(record, Loader=loader)  # makes texts, lists and mappings only
    except yaml.YAMLError as error:
        raise ValueError(str(getattr(error, "problem", None) or error)) from error


def _nests_too_deep(record: str) -> bool:
    """Whether brackets, or dashes and spaces before a line's text, may nest deeper than `MAX_DEPTH`."""
    depth = 0
    for bracket in _BRACKET.findall(record):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH:
            return True
    return _DEEP_LINE.search(record) is not None


def _json(text: str, begin: int) -> FrontMatter:
    try:
        values, end = first_json_value(text[: begin + MAX_CHARACTERS], begin)
    except (ValueError, RecursionError):
        return FrontMatter({}, "", text)
    if not isinstance(values, dict) or text[end : end + 1] not in ("\n", ""):
        return FrontMatter({}, "", text)
    return FrontMatter(values, "json", text[end:].lstrip("\n"))


_LINE = re.compile(r"([A-Za-z][\w .-]{0,40}?)\s*[:=]\s+(.*)")


def _line_by_line(record: str) -> dict[str, str]:
    """The values that can still be told in a record that is not valid: one line, one value."""
    values: dict[str, str] = {}
    for line in record.split("\n"):
        if match := _LINE.match(line):
            values.setdefault(match[1], match[2].strip().strip("\"'"))
    return values


def _first_line(error: Exception) -> str:
    return str(error).split("\n")[0][:200]
