"""Heads of "Key: value" lines, such as "Title: …", "URL Source: …", "Published Time: …", before a text."""

from __future__ import annotations

import re

from index.readers.article.named_values import group_of, plain_key

MAX_LINES = 60

_LINE = re.compile(
    r"[>\-*\s]{0,6}(?:\*\*|__)?([^\W\d_][^\n:：*]{0,40}?)(?:\*\*|__)?\s*[:：](?:\*\*|__)?(?:[ \t]+|(?<=：)|$)(.*)$"
)
_START_OF_BODY = frozenset(("markdowncontent", "content", "body", "text", "article", "fulltext"))
_FIRST = frozenset(("title", "authors", "published", "url", "section", "language", "created"))
_GLUE = frozenset(("title", "url", "published", "authors"))


def split_head(text: str) -> tuple[dict[str, str], str]:
    """Takes a head off a text: its values by the names written there, and the rest of the text.

    A head begins the text, names a title, author, address or date in its first line and at least two values of
    known names in all; empty lines may stand between its lines. It ends at a line such as "Markdown Content:" or at
    the first line that is no "Key: value".
    """
    position = 0
    values: dict[str, str] = {}
    known = 0
    last = ""
    after_empty = True
    end = 0
    for _ in range(MAX_LINES):
        newline = text.find("\n", position)
        stop = len(text) if newline < 0 else newline
        line = text[position:stop]
        following = stop + 1
        if not line.strip():
            if newline < 0:
                break
            position, after_empty = following, True
            continue
        match = _LINE.match(line)
        if match and line[0] not in " \t":
            key, value = match[1].strip(), match[2].strip()
            group = group_of(key)
            if not values and group not in _FIRST:
                break
            if plain_key(key) in _START_OF_BODY and not value:
                known += 1
                end = following
                break
            if group is None and (after_empty or len(key.split()) > 3):
                break
            if group is None and not value:
                break
            known += group is not None
            if key not in values:
                values[key] = value
            last = key
        elif last and line[0] in " \t" and not after_empty:
            values[last] = f"{values[last]} {line.strip()}"
        else:
            break
        end = following
        after_empty = False
        position = following
        if newline < 0:
            break
    groups = {group_of(key) for key in values}
    if known < 2 or not groups & _GLUE:
        return {}, text
    return values, text[end:]
