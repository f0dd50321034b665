"""Half characters: what a file name that is not Unicode becomes in Python, and what no engine can store."""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """The text with U+FFFD for every half character, for tokens and ids."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def escape_surrogates(json_text: str) -> str:
    """The same JSON with every half character written as an escape, for stored documents."""
    if json_text.isascii():
        return json_text
    return _SURROGATE.sub(lambda found: f"\\u{ord(found.group()):04x}", json_text)
