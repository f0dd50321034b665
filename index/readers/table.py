"""Tables: CSV with commas, semicolons, tabs or bars; a row that names the columns, then one document a row."""

from __future__ import annotations

import csv
import io
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from index.document import Document
from index.errors import ReadError
from index.readers import MAX_ARTICLE_BYTES, MAX_ENTRIES, Problem, RawFile
from index.readers.article.named_values import group_of
from index.readers.bylines.dates import parse_date
from index.readers.decoding.encoding import decode, guess_warning
from index.readers.parts.field_records import read_record

MAX_COLUMNS = 1000
"""What follows them in a row is left out."""

_LONGEST_NAME = 60  # of a column, in characters
_SAMPLE_ROWS = 50
_SAMPLE_CHARACTERS = 200_000
_DELIMITERS = {".tsv": "\t,;|", ".tab": "\t,;|"}
_END = "\x1f"  # stands in no text, as `decode` leaves it; a line of its own unless a quotation mark is still open
_limit = threading.Lock()


def read(file: RawFile) -> Iterator[Document | Problem]:
    """The documents of a table, and a problem for each row that holds none."""
    decoded = decode(file.data, file.source, records=True)
    guessed = guess_warning(decoded)
    if guessed:
        yield Problem(guessed)
    text = decoded.text.lstrip("\n")
    text, told = _told_delimiter(text)
    rows = _rows(text, told or _delimiter(text, file.suffix))
    head = next(rows, [])
    names = _each_once([name.strip() for name in head[:MAX_COLUMNS]])
    _check(names, file)
    if len(head) > MAX_COLUMNS:
        yield Problem(f"only the first {MAX_COLUMNS:,} of {len(head):,} columns are read")
    number = 0
    try:
        for row in rows:
            if not any(map(str.strip, row)):
                continue
            if row[-1].endswith(_END):
                row[-1] = row[-1].removesuffix(_END)
                yield Problem(f"a quotation mark in row {number + 1} is never closed: all that follows is its text")
            number += 1
            if number > MAX_ENTRIES:
                yield Problem(f"only the first {MAX_ENTRIES} rows are read")
                break
            if any(map(str.strip, row[len(head) :])):
                yield Problem(f"row {number} has more values than there are columns; the last are left out")
            values = {name: value for name, value in zip(names, row, strict=False) if name and value.strip()}
            document = read_record(values, file, f"{file.source}#{number}", "column")
            if document.title or document.body:
                yield document
            else:
                yield Problem(f"row {number} has neither a title nor a text")
    except csv.Error as error:
        yield Problem(f"row {number + 1} cannot be read ({error}); the rest of the file is left out")


def _each_once(names: list[str]) -> list[str]:
    """The names with a number behind those that stood before: "text", "text 2"."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name.casefold()] += 1
        times = seen[name.casefold()]
        found.append(f"{name} {times}" if name and times > 1 else name)
    return found


def _check(names: Sequence[str], file: RawFile) -> None:
    """Raise ReadError unless the columns have a title or a text."""
    mapped = {name.casefold() for field in ("title", "body") for name in file.settings.map.get(field, ())}
    known = {group_of(name) for name in names} & {"title", "body", "summary"}
    if known or mapped & {name.casefold() for name in names}:
        return
    if any(len(name) > _LONGEST_NAME or not name or parse_date(name) or name[:4] == "http" for name in names):
        raise ReadError(
            "the first row seems to be no header; put one before it that names the columns, such as title,date,body",
            where=file.source,
        )
    shown = ", ".join(name for name in names[:20] if name)[:300]
    raise ReadError(
        f"no column is known to hold a title or a text (columns: {shown}); say which does: --map title=COLUMN",
        where=file.source,
    )


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    lines = chain(io.StringIO(text, newline=""), (_END,))
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    while True:
        with _limit:  # the limit is one for the whole process
            before = csv.field_size_limit(MAX_ARTICLE_BYTES)
            try:
                row = next(reader, None)
            finally:
                csv.field_size_limit(before)
        if row is None:
            return
        yield row


def _told_delimiter(text: str) -> tuple[str, str]:
    """The text without a first line "sep=;", as Excel has it, and the sign it names."""
    first, _, rest = text.partition("\n")
    if first[:4].lower() == "sep=" and len(first.strip()) == 5:
        return rest, first[4]
    return text, ""


def _delimiter(text: str, suffix: str) -> str:
    """The sign that parts the first rows into the most columns of the same number; rows with fewer count less."""
    sample = text[:_SAMPLE_CHARACTERS]
    best, most = ",", 0.0
    for delimiter in _DELIMITERS.get(suffix, ",;\t|"):
        try:
            rows = [row for row in islice(_rows(sample, delimiter), _SAMPLE_ROWS) if row and row[0] != _END]
        except csv.Error:
            continue
        if not rows or len(rows[0]) < 2:
            continue
        width = len(rows[0])
        fitting = sum(len(row) == width for row in rows) / len(rows)
        known = sum(group_of(name) is not None for name in rows[0])
        score = known + fitting + min(width, 100) / 1000
        if score > most:
            best, most = delimiter, score
    return best
