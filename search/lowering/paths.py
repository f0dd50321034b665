"""Paths with wildcards, as in .gitignore: what `source:2022/**` finds.

`*` and `?` and classes stay within one name; `**` goes across folders. A pattern with a slash is a path from any
folder down (from the index's home if it begins with a slash); one without a slash is the name of a file, or of a folder
with all that is in it. What stands in a file that holds several articles (feed.jsonl#3, a.zip!/b.md) is found by the
file's name.
"""

from __future__ import annotations

import re

from index.analysis.columns import raw_value
from index.engines.patterns import class_end, class_members, complement, union

_WITHIN = "[^/]*"
_NOWHERE = "\uffff"  # no character, and so in no path
_INSIDE_FILE = "(?:[#!][^/]*)?"
_SPECIAL = re.compile(r"[^\w\s]")


def path_expression(pattern: str) -> str:
    """A regular expression (see `index.engines.regex_syntax`) for the RAW values of `source` that a pattern means."""
    pattern = raw_value(pattern).removeprefix("./")
    rooted = pattern.startswith("/")
    pattern = pattern.lstrip("/")
    if pattern.endswith("/"):
        pattern += "**"
    anywhere = "" if rooted or pattern.startswith("**") else "(?:.*/)?"
    inside = "" if "#" in pattern else _INSIDE_FILE
    below = "" if "/" in pattern or rooted else "(?:/.*)?"
    return f"{anywhere}{_names(pattern)}{inside}{below}"


def _names(pattern: str) -> str:
    found = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        stars = len(pattern) - at - len(pattern[at:].lstrip("*"))
        if stars > 1:
            at += stars
            if pattern.startswith("/", at):  # any folders, also none
                found.append("(?:.*/)?")
                at += 1
            else:
                found.append(".+" if found and found[-1] == r"\/" else ".*")
            continue
        at += 1
        if character == "*":
            found.append(_WITHIN)
        elif character == "?":
            found.append("[^/]")
        elif character == "[" and (end := class_end(pattern, at)):
            found.append(_class(pattern[at : end - 1]))
            at = end
        else:
            found.append(_SPECIAL.sub(r"\\\g<0>", character))
    return "".join(found)


def _class(inside: str) -> str:
    negated = inside.startswith("!")
    ranges = class_members(inside[negated:])
    if negated:
        ranges = complement(union(*ranges, (ord("/"), ord("/"))))
    members = "".join("-".join(_SPECIAL.sub(r"\\\g<0>", chr(end)) for end in ends) for ends in ranges)
    return f"[{members}]" if members else _NOWHERE
