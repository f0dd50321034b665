"""Nearness: where two groups of words stand close together, once for all engines and for what marks their matches."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from index.query import Group, Tokens


class Place(NamedTuple):
    """Where a word or phrase stands: its first position, and the one after its last."""

    start: int
    end: int


def near_places(first: Iterable[Place], second: Iterable[Place], apart: int) -> Iterator[tuple[Place, Place]]:
    """Every two places, one of each group, that do not overlap and have at most `apart` other positions between."""
    one, other = sorted(set(first)), sorted(set(second))
    yield from _followed(one, other, apart)
    for later, earlier in _followed(other, one, apart):
        yield earlier, later


def _followed(before: Sequence[Place], after: Sequence[Place], apart: int) -> Iterator[tuple[Place, Place]]:
    starts = [place.start for place in after]
    for place in before:
        for at in range(bisect_left(starts, place.end), len(after)):
            if starts[at] > place.end + apart:
                break
            yield place, after[at]


def is_pair(first: Tokens, second: Tokens) -> bool:
    """Whether these are two different single words, for which a distance says everything."""
    return len(first) == len(second) == 1 and first != second


def arrangements(first: Tokens, second: Tokens, apart: int) -> Iterator[list[tuple[int, str]]]:
    """Every way to place these words or phrases in either order with at most `apart` free positions between them.

    Gives each token with its position, from 0 on; no way twice.
    """
    for before, after in ((first, second), (second, first))[: 1 if first == second else 2]:
        for free in range(apart + 1):
            yield list(enumerate(before)) + [(len(before) + free + at, token) for at, token in enumerate(after)]


def near_ways(first: Group, second: Group, apart: int) -> int:
    """In how many ways an engine that knows phrases alone has to ask: a bound on the cost."""
    return sum(1 if is_pair(*choice) else 2 * (apart + 1) for choice in product(first, second))
