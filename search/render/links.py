"""Links to the very passage that matched: in the article on the web, and in the file on disk."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path
from urllib.parse import quote

from index.records import record
from index.sources import file_part
from index.storage.confines import may_open
from search.render.escape import web_address
from search.results import Hit, Snippet

MAX_SCANNED_BYTES = 4 * 2**20
"""In larger files passages are not looked for."""

_EDGE_WORDS = 4  # at either end of a passage that a link names
_EDGE_CHARACTERS = 40  # of them, for text without spaces
_FEW_WORDS = 2 * _EDGE_WORDS
_SOUGHT = (8, 5, 3)  # words of a passage by which it is found in its file: many where its markup allows
_BETWEEN = r"[\W_]{1,40}?"  # what markup may put between two words
_MARKUP = re.compile(r"\]\([^()\s]{0,1000}\)|<[^<>]{0,1000}>")  # the targets of links, and tags
_WORD = re.compile(r"\w+")


@record(frozen=True, slots=True)
class Place:
    """Where a passage stands on disk.

    Attributes:
        path: the file.
        line: the line that the passage begins in, from 1; 0 where it is not known.
    """

    path: Path
    line: int = 0


def passage_link(hit: Hit) -> str:
    """The address of a hit's article with its first marked passage as a text fragment, which browsers scroll to.

    Without such a passage the plain address, without a web address "". The form is that of the URL Fragment Text
    Directives of the Web Incubator Community Group: `#:~:text=start,end`, percent-encoded.
    """
    address = web_address(hit.url)
    marked = next((snippet for snippet in hit.snippets if snippet.spans and snippet.field == "body"), None)
    if not address or marked is None:
        return address
    return f"{address}{'' if '#' in address else '#'}:~:text={_directive(marked)}"


def _directive(snippet: Snippet) -> str:
    words = snippet.text.split()
    if len(words) <= _FEW_WORDS and len(snippet.text) <= 2 * _EDGE_CHARACTERS:
        return _encoded(" ".join(words))
    start, end = words[:_EDGE_WORDS], words[-_EDGE_WORDS:]
    while len(start) > 1 and len(" ".join(start)) > _EDGE_CHARACTERS:  # browsers find whole words only
        start.pop()
    while len(end) > 1 and len(" ".join(end)) > _EDGE_CHARACTERS:
        end.pop(0)
    return f"{_encoded(' '.join(start)[:_EDGE_CHARACTERS])},{_encoded(' '.join(end)[-_EDGE_CHARACTERS:])}"


def _encoded(text: str) -> str:
    """Text for a directive, where a dash, a comma and an ampersand have meanings of their own."""
    return quote(text, safe="", errors="replace").replace("-", "%2D")


def file_of(source: str, home: Path) -> Path | None:
    """The file that a document of this source comes from; `home` is the folder that sources are relative to.

    None where nothing is opened because an index says so, see `index.storage.confines`.
    """
    whole, outer = home / source, home / file_part(source)
    if not may_open(outer, home):
        return None
    return whole if whole != outer and may_open(whole, home) and whole.exists() else outer


def file_address(path: Path) -> str:
    """The `file:` address of a file, which only printable ASCII characters make up (RFC 8089)."""
    host = "" if os.name == "nt" else quote(socket.gethostname())
    name = Path(os.path.abspath(path)).as_posix()  # noqa: PTH100  (links stay as they are)
    return f"file://{host}{'' if name.startswith('/') else '/'}{quote(os.fsencode(name))}"


def place_of(hit: Hit, home: Path) -> Place | None:
    """The file of a hit and the line of its first passage; None when the file is not there (any more), or when it lies
    where nothing is opened because an index says so (see `index.storage.confines`).

    Args:
        hit: with its snippets.
        home: the folder that sources are relative to.
    """
    path = file_of(hit.source, home)
    try:
        if path is None or not path.is_file():
            return None
        if not hit.snippets or "!/" in hit.source or path.stat().st_size > MAX_SCANNED_BYTES:
            return Place(path)
        data = path.read_bytes()
    except (OSError, ValueError):
        return None
    return Place(path, _line_of(hit.snippets[0].text, data))


def _line_of(passage: str, data: bytes) -> int:
    """The line, from 1, in which the words of a passage stand in a file; 0 if they are not found."""
    if b"\0" in data[:1024]:
        return 0  # no plain text, or none of one byte a character
    text = _MARKUP.sub(lambda found: "\n" * found[0].count("\n") or " ", data.decode("utf-8", "replace"))
    words = _WORD.findall(passage)
    for most in _SOUGHT:
        if len(words) < most and most != _SOUGHT[-1]:
            continue
        found = re.search(_BETWEEN.join(map(re.escape, words[:most])), text) if words else None
        if found:
            return text.count("\n", 0, found.start()) + 1
    return 0
