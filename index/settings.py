"""`byline.toml`: what a person sets for one index. It lies in the index's home, the folder that holds the index.

    [search]                        # takes effect with the next search
    exact_weight = 0.2              # what a word as written adds, 0 to 10
    pair_weight = 0.2               # what two neighbouring words add, 0 to 10
    recency = "30d"                 # half-life by which newer articles come first
    synonyms = "synonyms.txt"       # a file, seen from this folder
    expand = true                   # look for related words, too
    budget = 10                     # seconds that a search may take, 0.01 to 3600

    [index]                         # takes effect when the index is built again, which `byline index` then does
    title_weight = 3                # how many times the title counts, 1 to 20
    analysis = "words"              # "stems" finds inflections, "words" only words as written
    language = "de"                 # of articles whose language is not known
    facets = ["tags"]               # extras whose values are counted and asked for by name

    [reading]                       # takes effect with the next `byline index`, which reads every file again
    author = "Staff"                # of articles that name none; likewise `site`
    language = "de"                 # of articles that declare none, instead of detecting it
    date_format = "%d.%m.%Y"        # or a list of several
    date_order = "day-first"        # or "month-first": what 03/04/2022 means
    epub = "chapters"               # or "book": what one document is
    include = ["posts/"]            # patterns as in .gitignore, seen from this folder
    exclude = ["drafts/", "*.bak.md"]

    [reading.map]                   # what records (JSON, CSV) call their fields: a name, a path or a list of these
    title = "headline"

A table is one dataclass and one entry of `_TABLES`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from index.errors import UsageError
from index.home import home_of
from index.reading_settings import (
    DATE_ORDERS,
    EPUB_FORMS,
    FIELDS,
    MAX_CHARACTERS,
    MAX_NAMES,
    SETTINGS_NAME,
    ReadingSettings,
    are_texts,
    is_map,
)
from index.records import record
from index.schema import SCHEMA, SECTION
from index.sealed import read_small_file

__all__ = ["SETTINGS_NAME", "IndexSettings", "ReadingSettings", "SearchSettings", "Settings", "read_settings"]

MAX_SETTINGS_BYTES = 1_000_000
MAX_FACETS = 20
"""How many extras may be declared to be counted."""

TITLE_WEIGHT = 3
"""How many times the title counts in `text`, the column that a plain word asks.

A title says what an article is about; repeating it is what BM25F does with a field weight (Robertson, Zaragoza and
Taylor 2004: "Simple BM25 extension to multiple weighted fields"), for engines that know only plain BM25.
"""

LEAST_BUDGET = 0.01
MOST_BUDGET = 3_600.0
"""Bounds of the seconds that a search may be given."""

DURATION = r"([1-9]\d{0,3})([dwmy])"
"""A number of days, weeks, months or years, as a regular expression."""


@record(frozen=True, slots=True, kw_only=True)
class SearchSettings:
    """The table `[search]`. None, "" and False leave it to the search.

    Attributes:
        exact_weight: what a word adds that stands in a title or body as written.
        pair_weight: what two neighbouring words add that stand side by side.
        recency: a half-life such as "30d".
        synonyms: a file, relative to the folder of the settings.
        expand: whether to look for related words.
        budget: how many seconds a search may take.
    """

    exact_weight: float | None = None
    pair_weight: float | None = None
    recency: str = ""
    synonyms: str = ""
    expand: bool = False
    budget: float | None = None


@record(frozen=True, slots=True, kw_only=True)
class IndexSettings:
    """The table `[index]`. The manifest records what an index was built with.

    Attributes:
        title_weight: how many times the title counts in the column that a plain word asks.
        analysis: "stems" if plain words find their inflections, "words" if only the words as written.
        language: ISO 639-1 code for documents whose language is not known; "" to leave them without.
        facets: names of extras, in small letters, whose values are counted and may be asked for as fields.
    """

    title_weight: int = TITLE_WEIGHT
    analysis: str = "stems"
    language: str = ""
    facets: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "facets", tuple(dict.fromkeys(map(str.casefold, self.facets))))  # a list, in TOML

    @property
    def stems(self) -> bool:
        """Whether plain words find their inflections."""
        return self.analysis == "stems"

    def changes_since(self, built: IndexSettings) -> str:
        """What differs from the settings an index was built with, as a phrase; empty if nothing does."""
        if self == built:
            return ""
        now, then = self.to_dict(), built.to_dict()
        return ", ".join(
            f"{name} is {_shown(value)}, no longer {_shown(then[name])}"
            for name, value in now.items()
            if value != then[name]
        )

    def to_dict(self) -> dict[str, Any]:
        """The settings as JSON types."""
        return {**asdict(self), "facets": list(self.facets)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> IndexSettings:
        """The inverse of `to_dict`; what is missing has its default. Raises ValueError on anything else."""
        for name, value in values.items():
            if name not in _INDEX or not _INDEX[name].accepts(value):
                raise ValueError(f"not a setting: {name} = {value!r}")
        return cls(**values)


@record(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything in a `byline.toml`; the defaults if there is none.

    Attributes:
        path: where it lies, or would.
        search, index, reading: its tables.
    """

    path: Path
    search: SearchSettings = SearchSettings()
    index: IndexSettings = IndexSettings()
    reading: ReadingSettings = field(default_factory=ReadingSettings)

    @property
    def files(self) -> tuple[Path, ...]:
        """The settings themselves and what they name: files that are no articles."""
        return (self.path, self.synonyms) if self.synonyms else (self.path,)

    @property
    def synonyms(self) -> Path | None:
        """The file of synonyms, if one is set."""
        return self.path.parent / Path(self.search.synonyms).expanduser() if self.search.synonyms else None


def read_settings(index_dir: Path) -> Settings:
    """The settings for an index. Without a file this costs one call of the operating system.

    Raises:
        UsageError: the file cannot be read, is no TOML, or holds a key or a value that means nothing.
    """
    path = _path(home_of(index_dir))
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return _defaults(path)
    except OSError as error:
        raise UsageError(f"it cannot be read: {error.strerror or error}", where=str(path)) from error
    stamp = status.st_mtime_ns, status.st_ino, status.st_size
    known = _known.get(path)
    if known is None or known[0] != stamp:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        known = _known[path] = stamp, _read(path)
    return known[1]


@lru_cache(maxsize=64)
def _path(home: Path) -> Path:
    return home / SETTINGS_NAME


@lru_cache(maxsize=64)
def _defaults(path: Path) -> Settings:
    return Settings(path=path)


_MOST_KNOWN = 100
_known: dict[Path, tuple[tuple[int, ...], Settings]] = {}


class _Key(NamedTuple):
    """A key of a table: what it may be, in words, and the test for that."""

    allowed: str
    accepts: Callable[[Any], bool]


def _number(least: float, most: float) -> _Key:
    return _Key(
        f"a number from {least:g} to {most:g}",
        lambda value: isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most,
    )


def _whole_number(least: int, most: int) -> _Key:
    return _Key(f"a whole number from {least} to {most}", lambda value: type(value) is int and least <= value <= most)


def _text(allowed: str, pattern: str) -> _Key:
    return _Key(allowed, lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None)


_SEARCH = {
    "exact_weight": _number(0, 10),
    "pair_weight": _number(0, 10),
    "recency": _text('a number and d, w, m or y, such as "30d", or "" for none', f"({DURATION})?"),
    "synonyms": _text('the name of a file, or "" for none', r"[^\0]{0,4000}"),
    "expand": _Key("true or false", lambda value: isinstance(value, bool)),
    "budget": _number(LEAST_BUDGET, MOST_BUDGET),
}
_INDEX = {
    "title_weight": _whole_number(1, 20),
    "analysis": _text('"stems" or "words"', "stems|words"),
    "language": _text('two letters, such as "en", or "" for none', "([a-z]{2})?"),
    "facets": _Key(
        f"a list of at most {MAX_FACETS} names of extras: letters, digits and _, and not the name of a field",
        lambda value: _are_facets(value),
    ),
}
_SHORT_TEXT = _text(f"a text of at most {MAX_CHARACTERS} characters", rf"[^\0]{{0,{MAX_CHARACTERS}}}")
_PATTERNS = _Key(f"a pattern or a list of at most {MAX_NAMES}, none of them empty", are_texts)
_READING = {
    "map": _Key(f"a table of names for any of {', '.join(FIELDS)}", is_map),
    "author": _SHORT_TEXT,
    "site": _SHORT_TEXT,
    "language": _text('two letters, such as "en", or "" to detect it', "([a-z]{2})?"),
    "date_format": _Key(
        'a form of a whole date, such as "%d.%m.%Y", or a list of these', lambda value: _are_forms(value)
    ),
    "date_order": _Key(
        f'"{DATE_ORDERS[0]}", "{DATE_ORDERS[1]}", or "" to go by the language',
        lambda value: value in ("", *DATE_ORDERS),
    ),
    "epub": _Key(f'"{EPUB_FORMS[0]}" or "{EPUB_FORMS[1]}"', lambda value: value in ("", *EPUB_FORMS)),
    "include": _PATTERNS,
    "exclude": _PATTERNS,
}
_TABLES = {"search": _SEARCH, "index": _INDEX, "reading": _READING}


def _are_facets(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MAX_FACETS
        and all(isinstance(name, str) and re.fullmatch(r"[^\W\d_]\w{0,63}", name) for name in value)
        and not {name.casefold() for name in value} & {*SCHEMA.by_name, SECTION}
    )


def _are_forms(value: Any) -> bool:
    """Whether a value is a form of dates, or a list of these, that tells the day, the month and the year."""
    if not are_texts(value):
        return False
    day = dt.datetime(2022, 12, 20)
    try:
        return all(
            dt.datetime.strptime(day.strftime(form), form).date() == day.date()
            for form in ([value] if isinstance(value, str) else value)
        )
    except ValueError:
        return False


def _read(path: Path) -> Settings:
    import tomllib  # only where there are settings

    try:
        data = read_small_file(path, MAX_SETTINGS_BYTES)
        if len(data) > MAX_SETTINGS_BYTES:
            raise UsageError(f"it is larger than {MAX_SETTINGS_BYTES:,} bytes", where=str(path))
        values = tomllib.loads(data.decode("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"it cannot be read: {error.strerror or error}", where=str(path)) from error
    except UnicodeDecodeError:
        raise UsageError("it is not UTF-8", where=str(path), remedy="Save it as UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"it is not TOML: {error}", where=str(path), remedy="See https://toml.io") from None
    for name, table in values.items():
        if name not in _TABLES or not isinstance(table, dict):
            what = f"[{name}] is no table" if isinstance(table, dict) else f"{name} stands in no table"
            among = ", ".join(f"[{table}]" for table in _TABLES)
            raise UsageError(f"{what} of the settings", where=str(path), remedy=f"The tables are {among}")
        for key, value in table.items():
            _check(path, name, key, value)
    return Settings(
        path=path,
        search=SearchSettings(**values.get("search", {})),
        index=IndexSettings(**values.get("index", {})),
        reading=ReadingSettings.from_toml(values.get("reading", {})),
    )


def _check(path: Path, table: str, key: str, value: object) -> None:
    keys = _TABLES[table]
    if key not in keys:
        raise UsageError(
            f"there is no setting “{key}” in [{table}]", where=str(path), remedy=f"There are: {', '.join(keys)}"
        )
    if not keys[key].accepts(value):
        raise UsageError(
            f"{key} in [{table}] cannot be {_shown(value)}", where=str(path), remedy=f"It must be {keys[key].allowed}"
        )


def _shown(value: object) -> str:
    """A value as it is written in TOML, shortened."""
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value[:10]))}{', …' if len(value) > 10 else ''}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name} = {_shown(inner)}' for name, inner in [*value.items()][:10])}}}"
    shown = {True: "true", False: "false"}.get(value) if isinstance(value, bool) else None
    text = shown or (f'"{value}"' if isinstance(value, str) else str(value))
    return text if len(text) <= 60 else f"{text[:59]}…"
