"""Hits as a table: comma-separated values for spreadsheets, tab-separated for the shell, and runs for trec_eval."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence

from search.render.escape import neutralise
from search.render.fields import FieldValue, HitFields, as_text, one_line
from search.results import SearchResults

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def comma_separated(results: SearchResults, names: Sequence[str], fields: HitFields) -> str:
    """A header and one row a hit, as in RFC 4180 but for the line ends, which are line feeds.

    A text that a spreadsheet would take for a formula gets an apostrophe before it, which shows it as text.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for hit in results:
        writer.writerow([_cell(fields.value(hit, name)) for name in names])
    return out.getvalue()


def tab_separated(results: SearchResults, names: Sequence[str], fields: HitFields) -> str:
    """One line a hit without a header, its fields separated by tabs, of which the fields themselves hold none."""
    rows = ("\t".join(one_line(fields.value(hit, name), name) for name in names) for hit in results)
    return "".join(f"{row}\n" for row in rows)


def trec_run(results: SearchResults, query_id: str, tag: str = "byline") -> str:
    """A run file for trec_eval: query, Q0, document, rank, score and the name of the run, one hit a line.

    trec_eval goes by the scores alone. So one that is not below the score before it, as of an article with only some of
    the words, or in an order by date, is written a millionth below that.
    """
    lines = []
    before = math.inf
    for hit in results:
        before = min(round(hit.score, 6), before - 1e-6)
        lines.append(f"{query_id} Q0 {hit.id} {hit.rank} {before:.6f} {tag}\n")
    return "".join(lines)


def _cell(value: FieldValue) -> str:
    text = neutralise(as_text(value))
    is_number = isinstance(value, int | float)
    return f"'{text}" if not is_number and text.lstrip().startswith(_FORMULA) else text
