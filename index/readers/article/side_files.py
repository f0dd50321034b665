"""Side files: what `post.meta` says of `post.md` beside it, as Nikola and others keep it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from index.errors import ReadError
from index.readers.article.frontmatter import split_front_matter
from index.readers.article.named_values import group_of
from index.readers.decoding.encoding import decode

_DOTTED = re.compile(r"[ \t]*\.\.[ \t]+([A-Za-z][\w -]{0,40}?):(?:[ \t]+(.*))?$")
_NAMED = re.compile(r"([A-Za-z][\w -]{0,40}?)[ \t]*:(?:[ \t]+(.*))?$")
MAX_LINES = 100
"""Of a head of lines such as ".. title: The harbour"."""


def side_values(data: bytes, source: str) -> tuple[Mapping[str, Any], str]:
    """What a side file says, by the names written there: lines such as ".. title: …" or "title: …", YAML, TOML, JSON.

    Returns:
        The values, none if it says nothing of this kind; and what is wrong with the file, if anything is.
    """
    try:
        text = decode(data, source).text
    except ReadError as error:
        return {}, error.what
    values, _ = split_dotted(text)
    if values:
        return values, ""
    front = split_front_matter(text)
    if front.values or front.problem:
        return front.values, front.problem
    named: dict[str, str] = {}
    for line in text.split("\n", MAX_LINES)[:MAX_LINES]:
        if match := _NAMED.match(line):
            named.setdefault(match[1], (match[2] or "").strip())
    if any(group_of(name) for name in named):
        return named, ""
    return {}, "it has no line such as title: …" if text.strip() else ""


def split_dotted(text: str) -> tuple[dict[str, str], str]:
    """Takes a head of Nikola's lines, ".. title: The harbour", off a text; in Markdown and HTML a comment holds them.

    Returns:
        The values by their names, none if there is no such head; and the rest of the text.
    """
    position = len(text) - len(text.lstrip(" \n\t"))
    comment = text.startswith("<!--", position)
    if comment:
        position += 4
    values: dict[str, str] = {}
    end = position
    for _ in range(MAX_LINES):
        newline = text.find("\n", position)
        stop = len(text) if newline < 0 else newline
        line = text[position:stop].rstrip()
        if match := _DOTTED.match(line):
            values.setdefault(match[1].strip(), (match[2] or "").strip())
            end = stop
        elif line.strip():
            break
        if newline < 0:
            break
        position = newline + 1
    if not any(group_of(name) for name in values):
        return {}, text
    rest = text[end:]
    if comment:
        _, closed, after = rest.partition("-->")
        rest = after if closed else rest
    return values, rest
