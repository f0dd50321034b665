"""Test collections: queries and relevance judgements in the forms that TREC and BEIR use.

Queries are JSON lines with `_id` and `text` (BEIR), or lines of an id, a tab and the text (TREC topics as MS MARCO has
them). Judgements are TREC's qrels, `query iteration document grade`, or BEIR's, `query<TAB>document<TAB>grade` under
a header line. Reading is strict: a collection read wrong gives numbers that look right.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from index.errors import UsageError

MAX_LINE_BYTES = 1_000_000
MAX_QUERIES = 100_000
MAX_JUDGEMENTS = 10_000_000
MAX_GRADE = 1_000  # trec_eval keeps a table of all grades up to the highest

Judgements = dict[str, dict[str, int]]
"""For each query's id, the judged documents and the grade of each: 0 for not relevant, 1 and more for relevant."""

_BEIR_COLUMNS = 3  # query, document, grade
_TREC_COLUMNS = 4  # query, iteration, document, grade


def read_queries(path: Path) -> dict[str, str]:
    """The text of each query by its id, in the order of the file.

    Raises:
        UsageError: the file cannot be read, holds no query, or a line of it is none; `where` is the file and line.
    """
    queries: dict[str, str] = {}
    as_json: bool | None = None
    for number, line in _lines(path):
        where = f"{path}:{number}"
        if as_json is None:
            as_json = line.startswith("{")
        name, text = _json_query(line, where) if as_json else _tab_query(line, where)
        if name in queries:
            raise UsageError(f"a second query with the id “{name}”", where=where)
        if len(queries) >= MAX_QUERIES:
            raise UsageError(f"more than {MAX_QUERIES:,} queries", where=where, remedy="Split the file")
        queries[name] = text
    if not queries:
        raise UsageError("no queries in this file", where=str(path))
    return queries


def read_judgements(path: Path) -> Judgements:
    """The judged documents of each query. Grades below 0 (TREC's "junk") count as 0: not relevant.

    Raises:
        UsageError: the file cannot be read, holds no judgement, or a line of it is none; `where` is the file and line.
    """
    judgements: Judgements = {}
    columns = count = 0
    for number, line in _lines(path):
        where = f"{path}:{number}"
        values = _columns(line)
        if not columns:
            if len(values) not in (_BEIR_COLUMNS, _TREC_COLUMNS):
                raise UsageError(
                    f"this line has {_columns_of(len(values))}",
                    where=where,
                    remedy="Judgements are lines of query, iteration, document and grade (TREC), or of query, document "
                    "and grade with tabs between (BEIR).",
                )
            columns = len(values)
            if columns == _BEIR_COLUMNS and not any(letter.isdigit() for letter in line):
                continue  # BEIR's header
        if len(values) != columns:
            raise UsageError(f"this line has {_columns_of(len(values))}, those before it {columns}", where=where)
        if not _is_grade(values[-1]):
            raise UsageError(f"the grade “{values[-1][:40]}” is no whole number", where=where)
        query, document, grade = values[0], values[-2], max(0, int(values[-1]))
        if not query or not document:
            raise UsageError(f"the id of the {'document' if query else 'query'} is missing", where=where)
        if grade > MAX_GRADE:
            raise UsageError(f"the grade {values[-1]} is above {MAX_GRADE:,}", where=where)
        judged = judgements.setdefault(query, {})
        if judged.setdefault(document, grade) != grade:
            raise UsageError(
                f"document “{document}” was judged {judged[document]} for query “{query}” before, and {grade} here",
                where=where,
            )
        count += 1
        if count > MAX_JUDGEMENTS:
            raise UsageError(f"more than {MAX_JUDGEMENTS:,} judgements", where=where, remedy="Split the file")
    if not judgements:
        raise UsageError("no judgements in this file", where=str(path))
    return judgements


def _json_query(line: str, where: str) -> tuple[str, str]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        why = f"{error.msg} at character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else str(error)
        raise UsageError(f"this line is not JSON ({why})", where=where) from error
    if not isinstance(value, dict):
        raise UsageError('this line is no JSON object such as {"_id": "1", "text": "coolant leak"}', where=where)
    name, text = value.get("_id", value.get("id")), value.get("text")
    if isinstance(name, int) and not isinstance(name, bool):
        name = str(name)
    if not isinstance(name, str) or not name.strip():
        raise UsageError("this query has no “_id”", where=where)
    if not isinstance(text, str) or not text.strip():
        raise UsageError(f"query “{name}” has no “text”", where=where)
    return name.strip(), text.strip()


def _tab_query(line: str, where: str) -> tuple[str, str]:
    if "\t" not in line:
        raise UsageError(
            "this line has no tab",
            where=where,
            remedy="Queries are JSON lines with _id and text, or lines of an id, a tab and the text",
        )
    name, _, text = (part.strip() for part in line.partition("\t"))
    if not name or not text:
        raise UsageError("this query has no text" if name else "this query has no id", where=where)
    return name, text


def _columns(line: str) -> list[str]:
    """Between tabs, where ids may hold spaces; else between any white space."""
    by_tabs = [value.strip() for value in line.split("\t")]
    return by_tabs if len(by_tabs) in (_BEIR_COLUMNS, _TREC_COLUMNS) else line.split()


def _columns_of(number: int) -> str:
    return f"{number} column{'' if number == 1 else 's'}"


def _is_grade(text: str) -> bool:
    digits = text.removeprefix("-").removeprefix("+")
    return digits.isascii() and digits.isdecimal() and len(digits) < 19


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Every line that is not blank, with its number from 1."""
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(MAX_LINE_BYTES + 1):
                number += 1
                if len(line) > MAX_LINE_BYTES:
                    raise UsageError(f"this line is longer than {MAX_LINE_BYTES:,} bytes", where=f"{path}:{number}")
                try:
                    text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                except UnicodeDecodeError as error:
                    raise UsageError(
                        f"byte {error.start + 1} of this line is not UTF-8",
                        where=f"{path}:{number}",
                        remedy="Save the file as UTF-8",
                    ) from error
                if text.strip():
                    yield number, text.strip("\r\n ")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror or error}", where=str(path)) from error
