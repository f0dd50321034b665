"""Cutting a text into chunks, made as simple as they can be without changing their tokens.

The fewer different chunks there are, the more of them are known (see `index.analysis.tokens`): "The", "(the" and "the"
are one chunk here.
"""

from __future__ import annotations

SURROUNDING = '.,;:!?()[]"“”'
"""Signs that are never part of a word at the ends of a chunk."""

_INNER = b"_.,'+#"  # may be part of a word, at its end or between its parts
# Capitals become small, since folding makes them so, and what is never part of a word becomes a space. Bytes of
# characters beyond ASCII stay.
_SIMPLER = bytes(
    byte if byte >= 0x80 or chr(byte).isalnum() or byte in _INNER else ord(" ") for byte in range(256)
).lower()
# Beyond ASCII, the commonest signs that are never part of a word, and the apostrophe that is typed as another one.
_SIGNS = [(sign.encode(), b" ") for sign in "“”„«»–—…"] + [("’".encode(), b"'")]


def chunks_of(text: str) -> list[str]:
    """Pieces of a text without white space, in order, whose tokens one after the other are those of the text."""
    data = text.encode("utf-8", "surrogatepass")
    if len(data) != len(text):
        for sign, simpler in _SIGNS:
            data = data.replace(sign, simpler)
    return data.translate(_SIMPLER).decode("utf-8", "surrogatepass").split()
