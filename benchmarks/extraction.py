"""How well title, authors, date and body are told, beside other readers in the same run.

    python benchmarks/extraction.py DIR [--set NAME]… [--limit N] [--errors FILE] [--alone]

DIR holds one folder per set, each with a `truth.jsonl` (at DIR/NAME or DIR/extraction/NAME). A line of it names a file
("file" or "html", possibly gzipped) and any of: title, authors, date, body, with (texts the body must hold) and
without (texts it must not). Prints a Markdown table of the measures, and one of the median time that a file takes, by
set and format, with the ratio of this project's time to the other reader's; the readers take turns at being first.
Readers get a file's bytes and its real path, beside which a side file ("post.meta") may lie; a file that a reader
cannot read counts as one of which it found nothing.

Measures: a title is right when the normalised texts are equal or 90 % similar; authors are scored as F1 of the set
of normalised names, averaged over the files that have any (a true value that is a whole byline counts as the names
in it); a date is right when it is the same calendar day, or, where the truth is a moment in universal time, when
that moment had this day somewhere on Earth; a body is scored as F1 of the bag of words; "with" is the share of texts
held, "without" the share of texts kept out.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import datetime as dt
import difflib
import gzip
import importlib
import importlib.util
import json
import re
import statistics
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

SETS = ("clippings", "formats", "pages-metadata", "pages-publishers", "pages-body")
COLUMNS = ("title", "author", "date", "body", "with", "without")


class Read(NamedTuple):
    """What a reader makes of one file, with the date as YYYY-MM-DD or empty."""

    title: str
    authors: Sequence[str]
    date: str
    body: str


Reader = Callable[[bytes, Path], Read]


def byline(data: bytes, path: Path) -> Read:
    """This project's own reader."""
    from index.readers import read_file

    document = read_file(path, path.name, data).documents[0]
    return Read(
        document.title, document.authors, document.date.isoformat() if document.date else "", document.body
    )  # fmt: skip


def trafilatura(data: bytes, path: Path) -> Read:
    """trafilatura with its defaults."""
    from trafilatura import bare_extraction

    found: Any = bare_extraction(data, with_metadata=True)
    if found is None:
        return Read("", (), "", "")
    authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
    return Read(found.title or "", authors, (found.date or "")[:10], found.text or "")


def newspaper4k(data: bytes, path: Path) -> Read:
    """newspaper4k on the page as it is, without fetching anything."""
    newspaper: Any = importlib.import_module("newspaper")
    article = newspaper.article("https://example.org/", input_html=data.decode("utf-8", "replace"), fetch_images=False)
    day = article.publish_date
    return Read(article.title or "", article.authors, day.strftime("%Y-%m-%d") if day else "", article.text or "")


def normalised(text: str) -> str:
    """Lower case, compatibility forms, letters and digits with single spaces between."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"[^\W_]+", text))


def title_right(found: str, truth: str) -> bool:
    """Whether two titles are the same or 90 % similar."""
    one, other = normalised(found), normalised(truth)
    return one == other or difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() >= 0.9


def f1_of_sets(found: Sequence[str], truth: Sequence[str]) -> float:
    """F1 of two sets of names."""
    one, other = {normalised(name) for name in found if name}, {normalised(name) for name in truth}
    common = len(one & other)
    return 2 * common / (len(one) + len(other)) if common else 0.0


def true_names(authors: Sequence[str]) -> list[str]:
    """The names in true authors, some of which are whole bylines: "Jane Doe, Ana Pérez and Lee Oh"."""
    return [name for author in authors for name in re.split(r"\s*[,;、]\s*|\s+and\s+|\s+&\s+", author) if name.strip()]


def f1_of_words(found: str, truth: str) -> float:
    """F1 of two bags of words."""
    one, other = collections.Counter(normalised(found).split()), collections.Counter(normalised(truth).split())
    common = sum((one & other).values())
    return 2 * common / (one.total() + other.total()) if common else float(not one and not other)


_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}


def truth_day(text: str) -> str:
    """The day in a true date as written: 2022-12-20…, 2022/12/20… or 20-Dec-2022; empty for none."""
    if match := re.search(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", text or ""):
        return f"{int(match[1]):04}-{int(match[2]):02}-{int(match[3]):02}"
    if match := re.search(r"(\d{1,2})[- ](\w{3})\w*[- ](\d{4})", text or ""):
        return f"{match[3]}-{_MONTHS[match[2].lower()]:02}-{int(match[1]):02}"
    return ""


def truth_days(text: str) -> set[str]:
    """The days that a true date allows: one, or those that a moment in universal time had between UTC-12 and UTC+14."""
    day = truth_day(text)
    moment = re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$", text or "")
    if not day or not moment:
        return {day} - {""}
    at = dt.datetime.fromisoformat(text)
    return {(at + dt.timedelta(hours=hours)).date().isoformat() for hours in range(-12, 15)}


@dataclass
class Scores:
    """Scores of one reader on one set, by column, and the seconds each file took, by format."""

    by_column: dict[str, list[float]] = field(default_factory=lambda: collections.defaultdict(list))
    seconds: dict[str, list[float]] = field(default_factory=lambda: collections.defaultdict(list))
    failed: int = 0

    def add(self, found: Read, truth: dict[str, Any]) -> dict[str, float]:
        """Scores one file; returns its scores."""
        scores: dict[str, float] = {}
        if truth.get("title"):
            scores["title"] = float(title_right(found.title, truth["title"]))
        if truth.get("authors"):
            scores["author"] = f1_of_sets(found.authors, true_names(truth["authors"]))
        if days := truth_days(truth.get("date") or ""):
            scores["date"] = float(found.date in days)
        if truth.get("body"):
            scores["body"] = f1_of_words(found.body, truth["body"])
        for name, value in scores.items():
            self.by_column[name].append(value)
        body = normalised(found.body)
        for name in ("with", "without"):
            for text in truth.get(name) or ():
                held = normalised(text) in body
                self.by_column[name].append(float(held == (name == "with")))
        return scores


def truths(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Each file of a set with what is true of it."""
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            truth = json.loads(line)
            yield folder / (truth.get("file") or truth["html"]), truth


def measure(folder: Path, readers: dict[str, Reader], limit: int | None, errors: list[str]) -> dict[str, Scores]:
    """Runs every reader over one set."""
    from index.readers import reader_name

    results = {name: Scores() for name in readers}
    for number, (path, truth) in enumerate(truths(folder)):
        if limit is not None and number >= limit:
            break
        data = path.read_bytes()
        if path.suffix == ".gz":
            data, path = gzip.decompress(data), path.with_suffix("")
        kind = reader_name(path) or "none"
        if not number:
            _warm_up(readers, data, path)
        for name, reader in list(readers.items())[:: -1 if number % 2 else 1]:
            if name != "byline" and kind != "html":
                continue
            began = time.perf_counter()
            try:
                found = reader(data, path)
            except Exception as error:
                results[name].failed += 1
                errors.append(f"{name} {path}: {type(error).__name__}: {error}")
                found = Read("", (), "", "")
            results[name].seconds[kind].append(time.perf_counter() - began)
            scores = results[name].add(found, truth)
            if name == "byline":
                wrong = [column for column, value in scores.items() if value < (0.95 if column == "body" else 1)]
                errors += [
                    f"{folder.name} {path.name} {column} {scores[column]:.2f}: "
                    f"{_shown(found, column)} | true: {_true(truth, column)}"
                    for column in wrong
                ]
    return results


def _warm_up(readers: dict[str, Reader], data: bytes, path: Path) -> None:
    """Lets every reader import what it needs before the clock runs."""
    for reader in readers.values():
        with contextlib.suppress(Exception):
            reader(data, path)


def _times(name: str, results: dict[str, Scores]) -> Iterator[str]:
    """Rows of the second table: the median milliseconds of each format of a set, and how they relate."""
    own = results["byline"].seconds
    for kind, seconds in own.items():
        median = statistics.median(seconds)
        rows = [
            (other, statistics.median(scores.seconds[kind]))
            for other, scores in results.items()
            if scores.seconds.get(kind)
        ]
        for other, theirs in rows:
            ratio = "" if other == "byline" else f"{median / theirs:.2f}"
            yield f"| {name} | {kind} | {len(seconds)} | {other} | {theirs * 1000:.2f} | {ratio} |"


def _shown(found: Read, column: str) -> str:
    if column == "body":
        return f"{len(found.body)} characters"
    return {"title": found.title, "author": str(list(found.authors)), "date": found.date}[column]


def _true(truth: dict[str, Any], column: str) -> str:
    return (
        f"{len(truth['body'])} characters"
        if column == "body"
        else str(truth[{"author": "authors"}.get(column, column)])
    )


def main() -> None:
    """Reads the arguments, measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--set", action="append", choices=SETS, dest="sets")
    parser.add_argument("--limit", type=int, help="no more than this many files of each set")
    parser.add_argument("--errors", type=Path, help="write every wrong value to this file")
    parser.add_argument("--alone", action="store_true", help="without the other readers")
    options = parser.parse_args()
    readers: dict[str, Reader] = {"byline": byline}
    if not options.alone:
        for other, module in ((trafilatura, "trafilatura"), (newspaper4k, "newspaper")):
            if importlib.util.find_spec(module):
                readers[other.__name__] = other
            else:
                print(f"{other.__name__} is not installed; left out\n")
    errors: list[str] = []
    print("| set | reader | files | " + " | ".join(COLUMNS) + " |")
    print("|---|---|---:|" + "---:|" * len(COLUMNS))
    times: list[str] = []
    for name in options.sets or SETS:
        folder = next((f for f in (options.folder / name, options.folder / "extraction" / name) if f.is_dir()), None)
        if folder is None:
            continue
        results = measure(folder, readers, options.limit, errors)
        times += _times(name, results)
        for reader, scores in results.items():
            files = sum(map(len, scores.seconds.values()))
            if not files:
                continue
            cells = [
                f"{statistics.fmean(scores.by_column[column]):.3f}" if scores.by_column[column] else "–"
                for column in COLUMNS
            ]
            print(f"| {name} | {reader} | {files} | {' | '.join(cells)} |", flush=True)
    print(
        "\n| set | format | files | reader | median ms | byline to it |\n|---|---|---:|---|---:|---:|", *times, sep="\n"
    )
    if options.errors:
        options.errors.write_text("\n".join(errors) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
