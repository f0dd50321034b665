"""One written word to one leaf of the tree: a pattern, a fuzzy word, an exact word or a plain one."""

from __future__ import annotations

import re
from itertools import islice

from search.query_language import syntax
from search.query_language.syntax import Node
from search.results import Span

MAX_CHARACTERS = 2_000
"""How much of a single word, or an address, is read; the rest is left out, with a notice."""

MAX_DISTANCE = 2
MAX_PREFIX_LENGTH = 50

ESCAPED = re.compile(r"\\([^\w\s])")
"""A backslash takes the meaning from the punctuation after it."""

# Two characters or more: [s] and [1] are what editors put into quotations and footnotes.
_INSIDE = r'[^\[\]\s\\:^~"()]'
_CLASS = rf"(?<!\\)\[(?:[!^]{_INSIDE}{{1,64}}|{_INSIDE}{{2,64}})\]"
# By itself, as in "Watch: coolant leak [video]", it is a word in brackets.
_BEGINNING = rf"(?:{_CLASS})+(?=[^\W_]|[*?])|(?:{_CLASS}){{2,}}"
_PART_OF_WORD = rf"(?<=[^\W_])(?:{_CLASS})+|(?<=[*?])(?:{_CLASS})+|{_BEGINNING}"
# What a pattern begins and ends with; but paths may begin with a dot or a slash.
_FIRST_OF_PATTERN = rf"{_PART_OF_WORD}|[^\W_]|[*?/.]"
_PARTS_OF_PATTERN = rf"{_PART_OF_WORD}|[\w*?/]"
_LAST_QUESTION_MARKS = re.compile(r"\?(?=\W*$)")
_FUZZY = re.compile(r"(?<!\\)~(\d{1,3})?(?:/(\d{1,3}))?$")
_PUNCTUATION = re.compile(
    r"^[\W_]+|(?<=\w)[^\w+#]+$|(?<=[+#])[^\w+#]+$|^\W+$"
)  # around a word; C++ and C# end in theirs


def begins_class(text: str, at: int) -> bool:
    """Whether a class of characters begins here, with which a pattern begins."""
    return text.startswith("[", at) and re.compile(_BEGINNING).match(text, at) is not None


def leaf(raw: str, name: str | None, span: Span) -> tuple[Node | None, str]:
    """The leaf for one written word, or None when it holds nothing but punctuation; and what was changed, or "".

    Args:
        raw: the word as typed, without a boost.
        name: its field.
        span: where it stands in the query.
    """
    # Words and prefixes, as most are: what all that follows would make of them.
    if raw.isalnum() and len(raw) <= MAX_CHARACTERS and raw not in syntax.OPERATORS:
        return syntax.Word(raw, name, span=span), ""
    if raw.endswith("*") and raw[:-1].isalnum() and len(raw) <= MAX_CHARACTERS:
        return syntax.Pattern(raw, name, span), ""
    shorter = _cut(raw)
    if shorter != raw:
        return leaf(shorter, name, span)[0], f"Only the first {MAX_CHARACTERS:,} characters of this word were read"
    exact = raw.startswith("=")
    body = raw.lstrip("=")
    pattern = _pattern(body)
    if name is None and (raw == "*:*" or (pattern and not pattern.strip("*"))):
        return syntax.All(span), ""
    plain = ESCAPED.sub("", pattern)
    is_wild = "*" in plain or ("?" in plain and "://" not in plain)  # in an address, a question mark is a part of it
    if name is None and not plain.strip("?"):
        is_wild = False  # question marks and nothing else are punctuation
    if is_wild or re.search(_PART_OF_WORD, plain):
        return syntax.Pattern(re.sub(_PART_OF_WORD, _classes, pattern), name, span), ""
    if (found := _FUZZY.search(body)) and any(map(str.isalnum, body[: found.start()])):
        return _similar(body[: found.start()], found[1], found[2], name, span)
    word = _PUNCTUATION.sub("", ESCAPED.sub(r"\1", body))
    word = word.lower() if word in syntax.OPERATORS else word
    return (syntax.Word(word, name, exact, span) if word else None), ""


def without_question_mark(raw: str) -> str:
    """A word with blanks for the question marks at its end; the same if it has other wildcards or none there."""
    shorter = _LAST_QUESTION_MARKS.sub(" ", raw)
    return raw if isinstance(leaf(shorter, None, (0, 0))[0], syntax.Pattern) else shorter


def _cut(raw: str) -> str:
    """A word without what goes beyond MAX_CHARACTERS, of which those after a backslash count as one with it."""
    if len(raw) <= MAX_CHARACTERS:
        return raw
    beyond = next(islice(re.finditer(rf"{ESCAPED.pattern}|.", raw, re.DOTALL), MAX_CHARACTERS, None), None)
    return raw[: beyond.start()] if beyond else raw


def _pattern(body: str) -> str:
    """A word without the punctuation around it that no pattern begins or ends with."""
    first = re.search(_FIRST_OF_PATTERN, body)
    if first is None:
        return ""
    end = max((part.end() for part in re.finditer(_PARTS_OF_PATTERN, body)), default=first.end())
    return body[first.start() : max(end, first.start())].replace("\\:", ":").replace("\\^", "^")


def _classes(found: re.Match[str]) -> str:
    return re.sub(_CLASS, _class, found[0])


def _class(found: re.Match[str]) -> str:
    """A class as the algebra has it, negated by `!`."""
    return f"[!{found[0][2:]}" if found[0][1] == "^" else found[0]


def _similar(
    written: str, distance: str | None, prefix_length: str | None, name: str | None, span: Span
) -> tuple[Node, str]:
    asked = int(distance or 1)
    most = min(max(asked, 1), MAX_DISTANCE)
    word = _PUNCTUATION.sub("", ESCAPED.sub(r"\1", written))
    message = "" if asked == most else f"Words can be at most two edits apart; read as ~{MAX_DISTANCE}"
    if asked < 1:
        message = "Words are at least one edit apart; read as ~1 (for the word as written, put = before it)"
    return syntax.Similar(word, name, most, min(int(prefix_length or 0), MAX_PREFIX_LENGTH), span), message
