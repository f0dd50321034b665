"""What a byline says beside the names that were taken from it: news agencies, places, jobs, addresses."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from index.readers.bylines.roles import is_generic, is_role
from index.readers.bylines.words import AGENCIES, AND, AND_BETWEEN_NAMES, BY, PARTICLES

_LINKED = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]|\[([^\[\]]*)\]\([^()]*\)|(?:https?://|www\.)\S+")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+")
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(
    r"[,;|/&()\[\]<>•·、，／\n]|\s(?:" + "|".join(map(re.escape, (*AND, *AND_BETWEEN_NAMES))) + r"|for|für|pour)\s",
    re.IGNORECASE,
)
_BETWEEN_ROLES = re.compile(r"[,;|()\n]")
_SMALL = PARTICLES | {word for phrase in (*BY, *AND, *AND_BETWEEN_NAMES) for word in _WORD.findall(phrase)}


class Rest(NamedTuple):
    """What is left.

    Attributes:
        agencies: the news agencies among it, as written.
        more: whether there are other words that mean something.
        role: whether some of them are a job with its place or paper: "special to The Lamp", "correspondent in Rome".
    """

    agencies: tuple[str, ...]
    more: bool
    role: bool


@lru_cache(maxsize=1024)
def beside_names(text: str, names: tuple[str, ...]) -> Rest:
    """What a text that holds `names` says beside them; addresses do not count, unless there are no names."""
    text = _LINKED.sub(r" \1\2 ", text[:5000])
    if names and "@" in text:
        text = _MAIL.sub(" ", text)
    taken = {word for name in names for word in _WORD.findall(name.casefold())} | _SMALL
    agencies: list[str] = []
    more = False
    for part in _BETWEEN.split(text):
        part = part.strip(" \t.:-–—*_\"'")
        if taken.issuperset(_WORD.findall(part.casefold())):
            continue
        if part.casefold() in AGENCIES:
            agencies.append(part)
        else:
            more = True
    role = more and any(is_role(part) and not is_generic(part) for part in _BETWEEN_ROLES.split(text))
    return Rest(tuple(agencies), more, role)
