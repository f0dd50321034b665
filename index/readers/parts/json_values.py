"""JSON as values: Python's own parser, which would refuse a file for one number of very many digits."""

from __future__ import annotations

import json
from typing import Any

MAX_DIGITS = 300
"""Longer integers are kept as the texts that they are."""


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= MAX_DIGITS else digits


_DECODER = json.JSONDecoder(parse_int=_integer)


def json_value(text: str) -> Any:
    """The value that a whole text is. Raises ValueError if it is none, RecursionError if it is nested too deep."""
    return _DECODER.decode(text)


def first_json_value(text: str, begin: int) -> tuple[Any, int]:
    """The value at a place in a text, and the place of its end; raises as `json_value` does."""
    return _DECODER.raw_decode(text, begin)
