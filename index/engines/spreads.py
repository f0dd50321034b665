"""The ways a sloppy phrase may be spread over positions: what slop means, once for all engines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations


def spreads(tokens: int, slop: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """Every way to place `tokens` in order with at most `slop` free positions between them.

    Gives the positions, from 0 on, and how many are free; the tightest way first. There are
    binomial(tokens - 1 + slop, slop) ways.
    """
    for free in range(slop + 1):
        last = tokens - 1 + free
        for inner in combinations(range(1, last), tokens - 2):
            yield (0, *inner, last), free


def spread_weight(free: int) -> float:
    """By what a match with this many free positions counts less than one without."""
    return 1 / (1 + free)
