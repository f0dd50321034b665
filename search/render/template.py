"""Hits by a template such as `{date} {title}`: a small part of Python's format language, over a hit's fields only."""

from __future__ import annotations

import datetime as dt
import re
import string
from collections.abc import Sequence

from index.errors import UsageError
from index.records import record
from search.render.escape import neutralise
from search.render.fields import FIELD_NAMES, FieldValue, HitFields, one_line
from search.render.width import display_width
from search.results import Hit, SearchResults

MAX_TEMPLATE_CHARACTERS = 2_000

_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\"}
_ESCAPE = re.compile(r"\\([nt\\])")
_SHAPE = re.compile(r"(?P<align>[<>^])?(?P<width>\d{1,3})?(?:\.(?P<precision>\d{1,3}))?")
_DATE = re.compile(r"(?:%[YymdjBbAaeuUVG]|[^%{}])+")


@record(frozen=True, slots=True)
class _Part:
    """A piece of plain text, then a field and its shape; no field at the end."""

    text: str
    name: str
    shape: str


class Template:
    """A template, checked.

    `{title}` is a field, `{title:30}` pads it to 30 columns, `{title:.30}` cuts it to 30 characters, `{score:>8.2}`
    puts a number to the right with two decimals, `{date:%d.%m.%Y}` writes a date its own way. `{{` is a brace, `\\n` a
    new line and `\\t` a tab.

    Raises:
        UsageError: it is too long, or not of this kind.
    """

    def __init__(self, text: str) -> None:
        if len(text) > MAX_TEMPLATE_CHARACTERS:
            raise UsageError(f"the template is longer than {MAX_TEMPLATE_CHARACTERS:,} characters")
        self._parts: Sequence[_Part] = tuple(_parts(text))

    def results(self, results: SearchResults, fields: HitFields) -> str:
        """One line a hit."""
        return "".join(f"{self._hit(hit, fields)}\n" for hit in results)

    def _hit(self, hit: Hit, fields: HitFields) -> str:
        return "".join(
            part.text + (_shaped(fields.value(hit, part.name), part) if part.name else "") for part in self._parts
        )


def _parts(text: str) -> Sequence[_Part]:
    parts = []
    try:
        for literal, name, shape, conversion in string.Formatter().parse(text):
            plain = _ESCAPE.sub(lambda found: _ESCAPES[found[1]], literal)
            if name is None:
                parts.append(_Part(plain, "", ""))
                continue
            if name not in FIELD_NAMES:
                raise UsageError(
                    f"there is no field “{name}”", where=text, remedy=f"There are: {', '.join(FIELD_NAMES)}"
                )
            is_fit = (_DATE if name == "date" and "%" in (shape or "") else _SHAPE).fullmatch(shape or "")
            if conversion or not is_fit:
                raise UsageError(f"“:{shape}” is no shape for {name}", where=text, remedy=_REMEDY)
            parts.append(_Part(plain, name, shape or ""))
    except ValueError as error:
        raise UsageError(f"the template is not well formed: {error}", where=text, remedy=_REMEDY) from None
    return parts


_REMEDY = (
    "Write {field}; {field:30} for 30 columns, with < > or ^ before the number for the side; {field:.30} for at most "
    "30 characters; {score:.1} for one decimal; {date:%d.%m.%Y}; {{ and }} for braces"
)


def _shaped(value: FieldValue, part: _Part) -> str:
    if isinstance(value, dt.date) and "%" in part.shape:
        return neutralise(value.strftime(part.shape))
    found = _SHAPE.fullmatch(part.shape)  # None for a missing date
    width, precision = (int(found[name] or 0) if found else 0 for name in ("width", "precision"))
    if isinstance(value, float) and found and found["precision"]:
        text = f"{value:.{min(precision, 20)}f}"
    else:
        text = one_line(value, part.name)
        if precision and len(text) > precision:
            text = f"{text[: precision - 1]}…"
    missing = max(width - display_width(text), 0)
    align = (found["align"] if found else None) or (">" if isinstance(value, int | float) else "<")
    before = {"<": 0, ">": missing, "^": missing // 2}[align]
    return f"{' ' * before}{text}{' ' * (missing - before)}"
