"""Golden files, damaged in every way that files are: cut off, bytes flipped, parts missing, doubled, nested or endless.

    python -m tests.readers.mutate [N] [FORMAT]…       # N mutations of each format (300), and what became of them

Formats come from the registry of readers, and their files from `cases/`. What is packed is also damaged inside, and
packed again. Everything is seeded: a number names the same mutation everywhere.
"""

# ruff: noqa: E501  (word lists read better in long lines)
from __future__ import annotations

import gzip
import io
import random
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from index.document import Document
from index.processes.reading import read_only
from index.processes.tasks import FileResult, Task
from index.processes.workers import read_in_processes
from index.readers import reader_name

CASES = Path(__file__).parent / "cases"

_NESTED = [b"<div>", b"<b>", b"<a:b>", b"[", b"{", b'{"a":', b"(", b">", b"> ", b"- ", b"* ", b"  ", b"<!--", b"<![CDATA[", b"`", b"*", b"_",
           b'"', b"|", b"\\", b"&amp;", b"&a;", b"=", b"# ", b".. ", b"::\n", b"<<", b"/Kids [", b"From \n", b"\x1b$B", b"%", b"\t", b"\n",
           b"--b\n", b"\xff", b"\x00", b"\xe2\x80\xae", b"{{", b"+++\n", b"---\n"]  # fmt: skip
_WORDS = [b"", b"-1", b"0", b"9" * 400, b"1e999", b"NaN", b"null", b"\x00", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\r", b"\x0b", b"%n%s",
          b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'><!ENTITY b '&a;&a;'>]>", b"<?xml version='1.0' encoding='utf-7'?>",
          b"charset=utf-16", b"&#0;", b"&#x10ffff;", b"&#xd800;", b"file:///etc/passwd", b"http://127.0.0.1:9/x", b"../../x",
          b"2099-02-31", b"0000-00-00", b".. include:: /etc/passwd\n", b"include::/etc/passwd[]\n", b"*a", b"&a [*a, *a]"]  # fmt: skip


class Mutation(NamedTuple):
    """A damaged file, and what was done to it."""

    format: str
    case: str
    what: str
    data: bytes


def cases() -> dict[str, list[Path]]:
    """The golden files of each format."""
    found: dict[str, list[Path]] = {}
    for path in sorted(CASES.iterdir()):
        if path.suffix != ".expected" and (name := reader_name(path)):
            found.setdefault(name, []).append(path)
    return found


def mutations(count: int, formats: set[str] | None = None) -> Iterator[Mutation]:
    """`count` mutations of each format."""
    for name, paths in cases().items():
        if formats and name not in formats:
            continue
        for number in range(count):
            path = paths[number % len(paths)]
            what, data = mutate(path.read_bytes(), random.Random(f"{name} {number}"))
            yield Mutation(name, path.name, f"{number}: {what}", data)


def mutate(data: bytes, chance: random.Random) -> tuple[str, bytes]:
    """One mutation of a file, in words and as bytes."""
    if data.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(data)) and chance.random() < 0.7:
        return _mutate_part(data, chance)
    if data.startswith(b"\x1f\x8b") and chance.random() < 0.7:
        what, inner = mutate(gzip.decompress(data), chance)
        return f"packed: {what}", gzip.compress(inner, 1, mtime=0)
    changes = [chance.choice(_CHANGES) for _ in range(chance.choice((1, 1, 1, 2, 3)))]
    for change in changes:
        data = change(data, chance)
    return " and ".join(change.__name__.strip("_") for change in changes), data


def _mutate_part(data: bytes, chance: random.Random) -> tuple[str, bytes]:
    """One part of a ZIP file damaged, or all of it the same part, many times over."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    chosen = chance.choice([name for name in parts if parts[name]])
    what, parts[chosen] = mutate(parts[chosen], chance)
    if chance.random() < 0.05:
        what, parts[chosen] = "full of zeros", bytes(40_000_000)
    if chance.random() < 0.05:
        what = "missing"
        del parts[chosen]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name, part in parts.items():
            new.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return f"{chosen}: {what}", packed.getvalue()


def _place(data: bytes, chance: random.Random) -> int:
    return chance.randrange(len(data) + 1)


def _cut_off(data: bytes, chance: random.Random) -> bytes:
    return data[: _place(data, chance)]


def _beheaded(data: bytes, chance: random.Random) -> bytes:
    return data[_place(data, chance) :]


def _flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 4, 64)) if changed else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _without_a_part(data: bytes, chance: random.Random) -> bytes:
    at, size = _place(data, chance), chance.randrange(1, 200)
    return data[:at] + data[at + size :]


def _with_a_part_moved(data: bytes, chance: random.Random) -> bytes:
    at, to, size = _place(data, chance), _place(data, chance), chance.randrange(1, 200)
    return data[:to] + data[at : at + size] + data[to:]


def _with_a_part_repeated(data: bytes, chance: random.Random) -> bytes:
    at, size, times = _place(data, chance), chance.randrange(1, 60), chance.choice((2, 100, 2000))
    return data[:at] + data[at : at + size] * times + data[at:]


def _nested(data: bytes, chance: random.Random) -> bytes:
    at, opening, times = _place(data, chance), chance.choice(_NESTED), chance.choice((10, 1000, 5000))
    return data[:at] + opening * times + data[at:]


def _with_odd_words(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 3, 10))):
        at, size = _place(data, chance), chance.choice((0, 0, 4))
        data = data[:at] + chance.choice(_WORDS) + data[at + size :]
    return data


def _with_a_long_line(data: bytes, chance: random.Random) -> bytes:
    at = _place(data, chance)
    return data[:at] + chance.choice((b"a", b"word ", b"\xc3\xa4", "雨".encode(), b"<a> ", b"1-")) * 50_000 + data[at:]


def _in_another_encoding(data: bytes, chance: random.Random) -> bytes:
    encoding = chance.choice(("utf-16", "utf-16-le", "utf-32", "utf-7", "cp037", "shift_jis", "cp1251", "iso2022_jp"))
    return data.decode("utf-8", "replace").encode(encoding, "replace")


_CHANGES: list[Callable[[bytes, random.Random], bytes]] = [
    _cut_off, _beheaded, _flipped, _flipped, _without_a_part, _with_a_part_moved, _with_a_part_repeated, _nested, _nested,
    _with_odd_words, _with_odd_words, _with_a_long_line, _in_another_encoding,
]  # fmt: skip


def read_all(folder: Path, mutants: list[Mutation], jobs: int) -> dict[str, FileResult]:
    """What the readers make of the mutants, each under the bounds of a build; by a name that tells what it is."""
    tasks = []
    for number, mutant in enumerate(mutants):
        path = folder / f"{number}-{mutant.case}"
        path.write_bytes(mutant.data)
        tasks.append(Task(str(path), f"{mutant.case} {mutant.what}", len(mutant.data)))
    return {result.source: result for result in read_in_processes(tasks, read_only, jobs, lambda: False)}


def what_is_wrong(result: FileResult) -> str:
    """Why this is no way to answer for a damaged file; empty if it is one."""
    if result.error:
        bad = next(
            (sign for sign in ("reader failed", "ended the process", "it could not be read") if sign in result.error),
            "",
        )
        bad = bad or ("took" in result.error and "seconds" in result.error and "too slow") or ""
        return result.error if bad else ""
    if not result.articles:
        return "neither documents nor an error"
    return next((why for document in result.articles if (why := _what_is_odd(document))), "")


def _what_is_odd(document: Document) -> str:
    texts = [document.title, *document.authors, document.body, document.url, document.language]
    for value in document.extra.values():
        texts += [value] if isinstance(value, str) else value
    if any(not text.replace("\n", " ").isprintable() and _has_controls(text) for text in texts):
        return "control characters"
    if any("root:" in text and "/bin/" in text for text in texts):
        return "another file's content"
    if len(document.title) > 1000 or len(document.authors) > 200 or len(document.extra) > 100:
        return "metadata without bounds"
    if not all(0 <= value <= 1 for value in document.confidence.values()):
        return "a confidence that is none"
    if Document.from_dict(document.to_dict(candidates=True)) != document:
        return "not the same after JSON"
    return ""


def _has_controls(text: str) -> bool:
    return any((character < " " and character not in "\n\t") or "\ud800" <= character <= "\udfff" for character in text)


def main() -> None:
    """Prints what became of all mutations, and the wrong ones by name."""
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    chosen = {argument for argument in sys.argv[1:] if not argument.isdigit()}
    mutants = list(mutations(numbers[0] if numbers else 300, chosen))
    by_source = {f"{mutant.case} {mutant.what}": mutant for mutant in mutants}
    outcomes: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for source, result in read_all(Path(folder), mutants, 2).items():
            wrong = what_is_wrong(result)
            outcomes[by_source[source].format, "WRONG" if wrong else "skipped" if result.error else "read"] += 1
            if wrong:
                print(f"{source}: {wrong}")
    for (name, outcome), count in sorted(outcomes.items()):
        print(f"{name:<10} {outcome:<8} {count}")


if __name__ == "__main__":
    main()
