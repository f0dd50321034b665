"""Days of publication in the data that a page carries for its own programs: states of frameworks, layers of analytics.

Nothing is run: the texts of the page's scripts are searched for names such as "datePublished", "publish_date" and
"firstPublishedAt" with a date as their value, and objects in JSON for one that has the page's headline as its title.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from index.readers.blocks.plain import folded
from index.readers.bylines.dates import WrittenDate, parse_date

MAX_SCRIPTS = 200
MAX_CHARACTERS = 3_000_000
"""Of all scripts together; the first count."""
MAX_NAMES = 400
"""Places that may be such a name, in one page."""
MAX_OBJECTS = 20_000
MAX_VALUES = 5
"""JSON values looked for in one script."""

_WINDOW = 30  # characters before what marks a name
_HINT = re.compile(r"[Pp]ubl(?:i[sc])|PUBLIS|[Pp]ub_?[Dd]at|[Pp]ub_?[Tt]ime")
_NAMED = re.compile(
    r"""([\w.$-]{0,60})(?:\\?["'])?\s{0,3}[:=,]\s{0,3}"""
    r"""(?:\\?(["'])((?:[^"'\\\n]|\\/){6,60})|(\d{10}|\d{13})(?![\d.]))"""
)
_NAME_END = re.compile(r"[\w.$-]*$")
_PUBLICATION = re.compile(r"date|time|_?(?:at|on|iso|ts)$|publish(?:ed)?$|published_?(?:at|on)")
_OTHER = re.compile(r"last|modif|updat|unpub|republ|publisher|expir|until|end|next|status|by$|build")
_VALUE = re.compile(r"(?:19|20)\d\d\W?\d\d?\W?\d\d?|\d\d?\W{1,2}\w{2,12}\W{1,2}(?:19|20)\d\d|1\d{9}(?:\d{3})?$")
_STARTS = re.compile(r"[=(]\s{0,5}(?=[\[{]\s{0,20}[\"{\[])|^\s{0,100}(?=[\[{])")
_TITLES = ("title", "headline", "name")
_RECORDED = re.compile(r"date|time|creat|post|publi|issued|releas|featured", re.IGNORECASE)


def published_in_scripts(scripts: Iterable[str], language: str = "") -> WrittenDate | None:
    """The day that names for the publication have in a page's scripts, if all name the same one.

    Pages with lists of articles name several, of which nothing says which is the page's own.
    """
    found: WrittenDate | None = None
    for text in _bounded(scripts):
        seen = 0
        for hint in _HINT.finditer(text):
            seen += 1
            if seen > MAX_NAMES:
                break
            before = _NAME_END.search(text, max(0, hint.start() - _WINDOW), hint.start())
            match = _NAMED.match(text, before.start() if before else hint.start())
            if not match or not _is_publication(match[1]):
                continue
            value = (match[3] or match[4]).replace("\\/", "/")
            date = parse_date(value, language) if _VALUE.search(value) else None
            if date is None or date.day is None:
                continue
            if found is not None and found.day != date.day:
                return None
            found = found or date
    return found


def _is_publication(name: str) -> bool:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().rpartition(".")[2]
    return _PUBLICATION.search(name) is not None and _OTHER.search(name) is None


def recorded_with_title(scripts: Iterable[str], title: str, language: str = "") -> WrittenDate | None:
    """The day in the JSON object of a page's scripts that has the page's headline as its title, if it has just one.

    Slow (it parses the scripts that hold the headline): for pages that tell their day in no other way.
    """
    wanted = folded(title)
    if len(wanted) < 8:
        return None
    escaped = json.dumps(title)[1:-1]
    for text in _bounded(scripts):
        if title not in text and escaped not in text:
            continue
        left = MAX_OBJECTS
        for value in _values(text):
            for node in _objects(value):
                left -= 1
                if left < 0:
                    return None
                if any(isinstance(node.get(key), str) and folded(node[key]) == wanted for key in _TITLES):
                    dates = list(_own_dates(node, language))
                    if dates and len({date.day for date in dates}) == 1:
                        return dates[0]
    return None


def _bounded(scripts: Iterable[str]) -> Iterator[str]:
    left = MAX_CHARACTERS
    for number, text in enumerate(scripts):
        if number >= MAX_SCRIPTS or len(text) > left:
            return
        left -= len(text)
        yield text


def _values(text: str) -> Iterator[Any]:
    """The JSON values in a script, outermost ones only."""
    decoder = json.JSONDecoder(strict=False)
    end = tries = 0
    for match in _STARTS.finditer(text):
        if match.end() < end:
            continue
        tries += 1
        if tries > MAX_VALUES:
            return
        try:
            value, end = decoder.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            continue
        yield value


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    todo = [value]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            yield value
            todo += [inner for inner in value.values() if isinstance(inner, dict | list)]
        elif isinstance(value, list):
            todo += [inner for inner in value if isinstance(inner, dict | list)]


def _own_dates(node: dict[str, Any], language: str) -> Iterator[WrittenDate]:
    for key, value in list(node.items())[:200]:
        if not _RECORDED.search(key) or _OTHER.search(key.lower()) or isinstance(value, bool):
            continue
        text = str(value) if isinstance(value, str | int | float) else ""
        date = parse_date(text[:60], language) if _VALUE.match(text) else None
        if date and date.day:
            yield date
