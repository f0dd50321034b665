"""Whole values: of an author, a section, a folder, or an extra that `byline.toml` declares as a facet.

Sections, folders and declared extras are asked for as whole values however they are written: `section:world`,
`tags:"moon landing"`, `folder:corpus/2023` (with all the folders in it). For other fields an equals sign before the
quotation marks demands it: `author:="AFP"` finds what AFP wrote, and not what "AFP Moscow" did. Values are compared as
words are: without regard to case, accents and punctuation. Whole values choose documents and add nothing to scores.
"""

from __future__ import annotations

import re

from index import query as algebra
from index.analysis.columns import raw_value
from index.analysis.tokens import analyzer, fold
from index.query import Query
from index.schema import SCHEMA, Form, facet_value, folder_value
from search.query_language import syntax
from search.query_language.syntax import Node

_PLAIN = frozenset(["lang", "source", "url"])  # whose values are kept as they stand
_AFTER_VALUES = ">"  # follows the "=" of facet_value in the order of characters


def is_value_field(name: str | None) -> bool:
    """Whether a field holds nothing but whole values: the folder, the section, a declared extra."""
    return name is not None and (name == "folder" or name not in SCHEMA.by_name)


def has_whole_values(name: str) -> bool:
    """Whether a field can be asked for a whole value."""
    return is_value_field(name) or any(c.field == name and c.form is Form.RAW and not c.is_day for c in SCHEMA.columns)


def whole_value(text: str) -> str:
    """What two ways to write a value have in common: its words; without any, the value itself."""
    return analyzer("").words(text) or raw_value(text)


def folder_term(path: str) -> algebra.Term:
    """Documents in a folder, at any depth."""
    path = raw_value(" ".join(path.split())).rstrip("/").removeprefix("./")
    return algebra.Term("folder", folder_value(len(path.strip("/").split("/")), path), Form.RAW)


def lowered(node: Node) -> Query | None:
    """What asks for the value or values that a leaf means; None for a node that means none."""
    match node:
        case syntax.Whole(text, name):
            return _whole(name, text)
        case syntax.Word(text, str() as name) | syntax.Quoted(text, str() as name) if is_value_field(name):
            return _whole(name, text)
        case syntax.Pattern(text, "folder"):
            return algebra.Wildcard("folder", f"*:{raw_value(text)}", Form.RAW)
        case syntax.Pattern(text, str() as name) if is_value_field(name):
            words = "".join(part if part in "*?" else _folded(part) for part in re.split(r"([*?])", text))
            return algebra.Wildcard("facet", facet_value(name, words), Form.RAW)
        case syntax.Similar(text, str() as name, distance, prefix_length) if is_value_field(name):
            token = facet_value(name, whole_value(text))
            return algebra.Fuzzy("facet", token, distance, len(facet_value(name, "")) + prefix_length, Form.RAW)
        case syntax.Expression(text, str() as name) if is_value_field(name):
            return algebra.Regex("facet", facet_value(name, f"(?:{text})"), Form.RAW)
        case syntax.Between(lower, upper, str() as name, above=above, below=below) if is_value_field(name):
            first = facet_value(name, whole_value(lower) if lower else "")
            last = facet_value(name, whole_value(upper)) if upper else f"{name}{_AFTER_VALUES}"
            return algebra.Range("facet", first, last, Form.RAW, above, below)
        case _:
            return None


def _whole(name: str, text: str) -> Query:
    if name == "folder":
        return folder_term(text)
    if name in _PLAIN:
        return algebra.Term(name, raw_value(text), Form.RAW)
    if name in SCHEMA.by_name:
        return algebra.Term(name, whole_value(text), Form.RAW)
    return algebra.Term("facet", facet_value(name, whole_value(text)), Form.RAW)


def _folded(text: str) -> str:
    return " ".join(filter(None, (fold(word) for word in text.split(" ")))) or (" " if text.isspace() else "")
