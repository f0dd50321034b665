"""Wildcards as people type them, to patterns of words as an index keeps these."""

from __future__ import annotations

import re

from index.analysis.tokens import WORD_CHARACTERS, fold

_CLASS = r"\[[^\[\]\s]+\]"
_WILDCARD = re.compile(rf"[*?]|{_CLASS}")
_PATTERN_WORD = rf"(?:{_CLASS}|[{WORD_CHARACTERS}*?])+"
_UNMATCHED = re.compile(r"['’ʼ]|\\\W")  # apostrophes join; an escaped character is none that a word could hold


def word_patterns(text: str) -> list[str]:
    """The patterns of the words that a text with wildcards is made of, folded as words are."""
    if text.isascii() and text.endswith("*") and text[:-1].isalnum():
        return [text.lower()]  # as most are, and what all that follows would make of it
    text = text.replace(".*", "*")  # as in a regular expression
    bare = _UNMATCHED.sub(lambda found: " " if found[0][0] == "\\" else "", text).replace("_", " ")
    parts = [part for part in map(_folded, re.findall(_PATTERN_WORD, bare)) if part]
    return [part for part in parts if part.strip("*")] or parts[:1]  # a star by itself says nothing


def has_wildcard(pattern: str) -> bool:
    """Whether a pattern matches more than itself."""
    return _WILDCARD.search(pattern) is not None


def _folded(text: str) -> str:
    return "".join(
        fold(piece) if not _WILDCARD.fullmatch(piece) else _folded_class(piece) if piece[0] == "[" else piece
        for piece in re.split(f"({_WILDCARD.pattern})", text)
        if piece
    )


def _folded_class(text: str) -> str:
    """A class of characters as they are kept: those that fold to several or to nothing stay as they are."""
    inside = text[1:-1]
    return "[" + "".join(folded if len(folded := fold(c)) == 1 else c for c in inside) + "]"
