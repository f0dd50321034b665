"""Whether confidence means what it says: how often values are right, by how sure Byline is of them.

    python -m benchmarks.confidence DIR [--set NAME]… [--limit N]

DIR is as for `extraction.py`, and so is what counts as right (authors and bodies by their F1). Prints for each field a
reliability table as Markdown: confidence from … to …, how many values, their mean confidence, and the share of them
that is right; and the expected calibration error (Naeini, Cooper and Hauskrecht 2015): the mean difference between the
two, weighted by the number of values.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import statistics
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks.extraction import SETS, Read, Scores, truths
from index.errors import ReadError
from index.readers import read_file, reader_name

FIELDS = {"title": "title", "author": "authors", "date": "date", "body": "body"}
"""The columns of `extraction.py`, and the fields they measure."""

EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


def found_and_right(folder: Path, limit: int | None) -> Iterator[tuple[str, float, float]]:
    """For each value of each file that has a known answer: its column, its confidence and how right it is."""
    for number, (path, truth) in enumerate(truths(folder)):
        if limit is not None and number >= limit:
            return
        data = path.read_bytes()
        if path.suffix == ".gz":
            data, path = gzip.decompress(data), path.with_suffix("")
        if reader_name(path) is None:
            continue
        try:
            document = read_file(path, path.name, data).documents[0]
        except ReadError:
            continue
        day = document.date.isoformat() if document.date else ""
        scores = Scores().add(Read(document.title, document.authors, day, document.body), truth)
        for column, score in scores.items():
            if FIELDS[column] in document.confidence:
                yield column, document.confidence[FIELDS[column]], score


def table(values: list[tuple[float, float]]) -> tuple[list[str], float]:
    """The rows of one field's reliability table, and its expected calibration error."""
    rows, error = [], 0.0
    for low, high in itertools.pairwise(EDGES):
        inside = [pair for pair in values if low <= pair[0] < high or pair[0] == high == EDGES[-1]]
        if inside:
            sure = statistics.fmean(pair[0] for pair in inside)
            right = statistics.fmean(pair[1] for pair in inside)
            rows.append(f"{low:.2f}–{high:.2f} | {len(inside)} | {sure:.3f} | {right:.3f} |")
            error += abs(sure - right) * len(inside) / len(values)
    return rows, error


def main() -> None:
    """Reads the arguments, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--set", action="append", choices=SETS, dest="sets")
    parser.add_argument("--limit", type=int, help="no more than this many files of each set")
    options = parser.parse_args()
    by_column: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for name in options.sets or SETS:
        for folder in (options.folder / name, options.folder / "extraction" / name):
            if folder.is_dir():
                for column, sure, right in found_and_right(folder, options.limit):
                    by_column[column].append((sure, right))
                break
    print("| field | confidence | values | mean confidence | right |\n|---|---|---:|---:|---:|")
    for column in FIELDS:
        if values := by_column[column]:
            rows, error = table(values)
            sure, right = (statistics.fmean(pair[number] for pair in values) for number in (0, 1))
            rows.append(f"all, expected calibration error {error:.3f} | {len(values)} | {sure:.3f} | {right:.3f} |")
            print("\n".join(f"| {column} | {row}" for row in rows))


if __name__ == "__main__":
    main()
