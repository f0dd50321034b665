"""How likely a found value is right: what its rule is worth, and what the finds of other rules say for or against it.

`byline read` shows the result, so it is meant as a probability: of the values with a confidence of 0.9, nine in ten
should be right. `benchmarks/confidence.py` measures whether they are, on any data with known answers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from index.document import Candidate, ExtraValue
from index.readers.blocks.plain import folded

LEAST, MOST = 0.02, 0.99
"""No find is certainly wrong, and none certainly right."""

# Fitted by logistic regression to web pages with known titles, authors and dates, and rounded; as is the table.
_AGREEMENT = 1.4
_CONFLICT = 0.5
_AMBIGUOUS = 1.5  # against a date of which day and month may be the other way round

_PART = 12  # characters; a title that is part of another one of at least this length says neither yes nor no
_SHORT_BODY = 600  # characters; what is found of a page and is shorter than this is often not its article

_NAMED = {"": 0.97}
_SHOWN = {"title": 0.7, "authors": 0.85, "date": 0.92, "": 0.8}
# By the beginnings of the names of rules, the longest first: the source, and what its rules are worth for each field
# where nothing else is known, "" for all other fields. Rules of one source repeat each other; two sources are taken to
# know independently. What is not listed is a value that a person or a program has written under its name, which is
# hardly ever wrong: front matter, heads, records, feeds.
_TABLE: dict[str, tuple[str, dict[str, float]]] = {
    "json-ld articleBody": ("page", {"body": 0.9, "": 0.85}),
    "json-ld": ("json-ld", {"title": 0.6, "authors": 0.7, "date": 0.7, "": 0.85}),
    "meta": ("meta", {"title": 0.6, "authors": 0.7, "date": 0.87, "": 0.85}),
    "microdata": ("microdata", {"title": 0.6, "authors": 0.8, "date": 0.8, "": 0.85}),
    "canonical": ("address", {"": 0.93}),
    "declared": ("meta", {"": 0.93}),
    "detected": ("shown", {"": 0.9}),
    "assumed": ("shown", {"": 0.5}),
    "title element": ("window", {"title": 0.55, "": 0.5}),
    "heading that": ("shown", {"title": 0.8, "": 0.8}),
    "only heading": ("shown", {"title": 0.88, "": 0.8}),
    "first heading": ("shown", {"title": 0.5, "": 0.5}),
    "heading": ("shown", {"title": 0.95, "": 0.9}),
    "title line": ("shown", {"title": 0.85, "": 0.8}),
    "title link": ("shown", {"url": 0.9, "": 0.8}),
    "byline": ("shown", {"authors": 0.95, "": 0.8}),
    "line of names": ("shown", {"authors": 0.93, "": 0.8}),
    "dateline": ("shown", {"date": 0.95, "": 0.8}),
    "dateline of the update": ("shown", {"date": 0.5, "": 0.5}),
    "line at the end": ("shown", {"url": 0.93, "": 0.8}),
    "line ": ("shown", {"": 0.93}),
    "element": ("shown", _SHOWN),
    "visible": ("shown", {"authors": 0.77, "date": 0.92, "": 0.85}),
    "rel or itemprop": ("shown", {"authors": 0.9, "": 0.85}),
    "time element": ("shown", {"date": 0.88, "": 0.8}),
    "caption": ("shown", {"": 0.85}),
    "hashtags": ("shown", {"": 0.9}),
    "related": ("shown", {"": 0.85}),
    "address": ("address", {"": 0.9}),
    "file name": ("address", {"": 0.9}),
    "pdf": ("named", {"title": 0.6, "authors": 0.6, "date": 0.6, "": 0.8}),
    "pdf info CreationDate": ("named", {"date": 0.45, "": 0.8}),
    "largest text": ("shown", {"title": 0.8, "": 0.8}),
    "docx properties": ("named", {"title": 0.75, "authors": 0.75, "": 0.8}),
    "docx properties created": ("named", {"date": 0.45, "": 0.8}),
    "odt properties": ("named", {"title": 0.75, "authors": 0.75, "": 0.8}),
    "odt properties created": ("named", {"date": 0.45, "": 0.8}),
    "mail Received": ("named", {"date": 0.85, "": 0.8}),
    "mhtml": ("address", {"title": 0.6, "": 0.9}),
    "page data": ("meta", {"date": 0.8, "": 0.8}),
    "main part of the page": ("page", {"body": 0.95, "": 0.8}),
    "noscript element": ("page", {"body": 0.9, "": 0.8}),
    "all paragraphs": ("page", {"body": 0.6, "": 0.6}),
}
_OF_CHANGE = re.compile("modified|updated", re.IGNORECASE)
_BEGINNING = re.compile("|".join(map(re.escape, sorted(_TABLE, key=len, reverse=True))))


class _Source(NamedTuple):
    """Where a value comes from, and how far that is trusted.

    Attributes:
        name: rules of one name repeat each other.
        trust: the probability that the value is right where nothing else is known.
    """

    name: str
    trust: float


@lru_cache(maxsize=4096)
def _source(field: str, rule: str) -> _Source:
    match = _BEGINNING.match(rule)
    name, trusts = _TABLE[match[0]] if match else ("named", _NAMED)
    return _Source(name, trusts.get(field, trusts[""]))


@lru_cache(maxsize=4096)
def trust(field: str, rule: str) -> float:
    """The confidence in a value of which nothing but its rule is known."""
    return round(min(MOST, max(LEAST, _source(field, rule).trust)), 2)


@lru_cache(maxsize=4096)
def _rounded(log_odds: float) -> float:
    return round(min(MOST, max(LEAST, 1 / (1 + math.exp(-log_odds)))), 2)


def confidence(
    field: str, value: ExtraValue, rule: str, others: Sequence[Candidate] = (), *, sure: bool = True
) -> float:
    """The probability that a value is right, between `LEAST` and `MOST`, to two digits.

    In log-odds, with t the trust in the rule, a the sources that say the same and c those that say something else:

        logit(t) + 1.4 * g(a) - 0.5 * g(c),   g(n) = 1 + 1/2 + … + 1/2**(n-1)

    A naive Bayes of sources, in which each further one counts half of the one before, since they are not independent:
    most of what a page says of itself comes from one program. Offers that were refused count for nothing, nor does a
    title that is part of another one, nor names of which some are the same.

    Args:
        field: such as "title" or "extra.caption".
        value: what stands; a date as YYYY-MM-DD.
        rule: the rule that found it.
        others: what other rules found.
        sure: whether it can be read in one way only.
    """
    source = _source(field, rule)
    log_odds = math.log(source.trust / (1 - source.trust))
    if others:
        agreeing, conflicting = _verdicts(field, value, source.name, others)
        log_odds += _AGREEMENT * _diminishing(agreeing) - _CONFLICT * _diminishing(conflicting)
    if not sure:
        log_odds -= _AMBIGUOUS
    found = _rounded(log_odds)
    if field == "body" and source.name == "page" and len(value) < _SHORT_BODY:
        found = round(found * (0.25 + 0.75 * len(value) / _SHORT_BODY), 2)
    return found


def _verdicts(field: str, value: ExtraValue, source: str, others: Sequence[Candidate]) -> tuple[int, int]:
    """How many other sources say the same, and how many sources say nothing but something else."""
    own = _comparable(field, value)
    best: dict[str, int] = {}
    for other in others:
        if not other.refused:
            verdict = _agreement(field, own, _comparable(field, other.value))
            if verdict < 0 and field == "date" and _OF_CHANGE.search(other.rule):
                continue  # an article may be changed on another day
            name = _source(field, other.rule).name
            best[name] = max(best.get(name, -1), verdict)
    agreeing = sum(verdict == 1 and name != source for name, verdict in best.items())
    return agreeing, sum(verdict == -1 for verdict in best.values())


def _diminishing(number: int) -> float:
    return 2 - 2 ** (1 - number) if number else 0.0


_SCHEME = re.compile(r"^https?://(?:www\.)?|/+$", re.IGNORECASE)


def _comparable(field: str, value: ExtraValue) -> str | frozenset[str]:
    """What of a value must be the same for two to say the same."""
    if not isinstance(value, str):
        return frozenset(map(folded, value))
    if field == "url":
        return _SCHEME.sub("", value)
    return value if field in ("date", "language") else folded(value)


def _agreement(field: str, one: str | frozenset[str], other: str | frozenset[str]) -> int:
    """1 if two values say the same, -1 if they say different things, 0 if one cannot tell."""
    if one == other:
        return 1
    if isinstance(one, frozenset) or isinstance(other, frozenset):
        both = isinstance(one, frozenset) and isinstance(other, frozenset)
        return 0 if both and set(one) & set(other) else -1
    short, long = sorted((one, other), key=len)
    partly = field != "date" and len(short) >= _PART and short in long
    return 0 if partly else -1
