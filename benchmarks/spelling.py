"""Measure spelling: how many misspellings are corrected, and how often words that are right are called in question.

    python -m benchmarks.spelling COLLECTION...

Each COLLECTION is a folder with `corpus.jsonl` and `queries.jsonl`, as in BEIR. See README.md in this folder.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.report import machine
from index.analysis.tokens import analyzer
from index.build import build
from search import search
from search.query_language.importance import importance

_LEAST_LETTERS = 4
_COMMON = 5  # articles that must hold a word for it to be misspelled here
_PLANTED_FROM = 40  # articles that must hold a word for a slip of it to be planted


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many queries had the right word proposed first, among all that were proposed, another one, or none."""

    queries: int
    first: int
    among: int
    wrong: int

    def row(self) -> str:
        """Shares, as cells of a table."""
        proposed = self.among + self.wrong
        precision = f"{self.first / proposed:.3f}" if proposed else "–"
        each = (self.first, self.among, self.wrong)
        shares = " | ".join(f"{count / max(self.queries, 1):.3f}" for count in each)
        return f"{self.queries} | {shares} | {precision}"


def misspelled(word: str, rng: random.Random, alphabet: str, edits: int = 1) -> str:
    """A word with an edit or more: a letter left out, put in or replaced, or two swapped; one in ten of the first."""
    while True:
        at = 0 if rng.random() < 0.1 else rng.randrange(1, len(word))
        letter = rng.choice(alphabet)
        match rng.randrange(4):
            case 0:
                edited = word[:at] + word[at + 1 :]
            case 1:
                edited = word[:at] + letter + word[at:]
            case 2:
                edited = word[:at] + letter + word[at + 1 :]
            case _:
                edited = word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]
        if edited != word:
            return edited if edits == 1 else misspelled(edited, rng, alphabet, edits - 1)


class Collection:
    """A collection indexed twice: as it is, and with slips planted in it.

    Attributes:
        queries: the words of each query.
        documents: in how many documents each word stands.
        planted: for each slip, the word it stands for; each is in one document.
    """

    def __init__(self, folder: Path, work: Path, seed: int) -> None:
        self.name = folder.name
        self.rng = random.Random(f"{seed} {folder.name}")
        texts = [_text(record) for record in _records(folder / "corpus.jsonl")]
        self.documents = Counter(word for text in texts for word in set(_words(text)))
        self.queries = [_words(record["text"]) for record in _records(folder / "queries.jsonl")]
        letters = Counter(letter for word in self.documents for letter in word if letter.isalpha())
        self.alphabet = "".join(letter for letter, count in letters.most_common(40) if count > len(self.documents) / 99)
        self.planted: dict[str, str] = {}
        self.index = _index(texts, work / "plain")
        self.index_with_slips = _index(list(self._with_slips(texts)), work / "slips")

    def _with_slips(self, texts: Sequence[str]) -> Iterator[str]:
        """The texts; in every third, one word that many hold is misspelled in one place."""
        for number, text in enumerate(texts):
            words = text.split()
            able = [at for at, word in enumerate(words) if self._is_plain(word, _PLANTED_FROM) and len(word) > 4]
            if number % 3 == 0 and able and len(self.planted) < 400:
                at = self.rng.choice(able)
                slip = misspelled(words[at], self.rng, self.alphabet)
                if slip not in self.documents and slip not in self.planted and slip.isalpha():
                    self.planted[slip] = words[at]
                    words[at] = slip
            yield " ".join(words)

    def _is_plain(self, word: str, least: int) -> bool:
        return len(word) >= _LEAST_LETTERS and word.isalpha() and self.documents[word] >= least

    def misspellings(self, most: int, edits: int = 1) -> Iterator[tuple[str, str, str]]:
        """A misspelled word of a query, the word, and another word of the query ("" where there is none).

        With two edits, words are of seven letters or more.
        """
        asked = [
            (words, word)
            for words in self.queries
            for word in words
            if self._is_plain(word, _COMMON)
            and len(word) >= 7 * (edits - 1)
            and importance(word, ["en", "de", "es", "ru"]) == 1
        ]
        for words, word in self.rng.sample(asked, min(most, len(asked))):
            slip = misspelled(word, self.rng, self.alphabet, edits)
            if slip not in self.documents and slip.isalpha() and slip != word:
                others = [other for other in words if other != word and self._is_plain(other, _COMMON)]
                yield slip, word, self.rng.choice(others) if others else ""

    def rare(self, most: int) -> list[str]:
        """Words of one document or two."""
        words = sorted(word for word in self.documents if self._is_plain(word, 1) and self.documents[word] <= 2)
        return self.rng.sample(words, min(most, len(words)))


def _index(texts: Sequence[str], work: Path) -> Path:
    work.mkdir(parents=True)
    lines = (json.dumps({"title": f"Document {number}", "text": text}) for number, text in enumerate(texts))
    (work / "corpus.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    build([work / "corpus.jsonl"], work / ".byline", engine="tantivy")
    return work / ".byline"


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _text(record: dict[str, Any]) -> str:
    return f"{record.get('title', '')} {record.get('text', '')}"


def _words(text: str) -> list[str]:
    return analyzer("").words(text).split()


def proposals(query: str, index: Path) -> list[str]:
    """Queries that are proposed for another spelling, the best first."""
    diagnosis = search(query, index=index, limit=0).diagnosis
    return [reading.query for reading in diagnosis.readings if reading.corrects] if diagnosis else []


def corrected(pairs: Iterable[tuple[str, str]], index: Path) -> Outcome:
    """What comes of misspelled queries; each pair is one and the query that was meant."""
    queries = first = among = wrong = 0
    for asked, meant in pairs:
        queries += 1
        proposed = [" ".join(_words(each)) for each in proposals(asked, index)]
        first += proposed[:1] == [meant]
        among += meant in proposed
        wrong += bool(proposed) and meant not in proposed
    return Outcome(queries, first, among, wrong)


def called_in_question(queries: Iterable[str], index: Path, say: Callable[[str], None]) -> tuple[int, int]:
    """How many queries there are, and for how many of them another spelling is proposed."""
    total = called = 0
    for query in queries:
        total += 1
        if proposed := proposals(query, index):
            called += 1
            say(f"{query} -> {proposed[0]}")
    return total, called


def measure(collection: Collection, foreign: Sequence[str], most: int, say: Callable[[str], None]) -> Iterator[str]:
    """The rows of both tables for a collection; `foreign` are words of others, of which those count that it lacks."""
    slips = list(collection.misspellings(most))
    pairs = [(f"{other} {slip}", f"{other} {word}") for slip, word, other in slips if other]
    rows = {
        "a word that no document holds": [(slip, word) for slip, word, _ in slips],
        "the same beside another word": [pair for pair in pairs if search(pair[1], index=collection.index).complete],
        "two edits": [(slip, word) for slip, word, _ in collection.misspellings(most, edits=2)],
        "a slip that one document holds": list(collection.planted.items())[:most],
    }
    for kind, asked in rows.items():
        index = collection.index_with_slips if kind.startswith("a slip") else collection.index
        yield f"| {collection.name} | {kind} | {corrected(asked, index).row()} |"
    known = [" ".join(words) for words in collection.queries if all(collection.documents[word] for word in words)]
    absent = [word for word in dict.fromkeys(foreign) if not collection.documents[word]]
    right = {
        "queries whose words all occur": collection.rng.sample(known, min(most, len(known))),
        "rare words (1 or 2 documents)": collection.rare(most),
        "right words that no document holds": collection.rng.sample(absent, min(most, len(absent))),
    }
    for kind, queries in right.items():
        total, called = called_in_question(queries, collection.index, say)
        yield f"> | {collection.name} | {kind} | {total} | {called} | {called / max(total, 1):.3f} |"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spelling", description="Measure spelling.")
    parser.add_argument("collections", type=Path, nargs="+", metavar="COLLECTION")
    parser.add_argument("--most", type=int, default=200, help="queries of each kind (default 200)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="print what is called in question")
    arguments = parser.parse_args()
    say = print if arguments.verbose else lambda _: None
    rows: list[str] = []
    with tempfile.TemporaryDirectory() as work:
        made = [Collection(each, Path(work) / each.name, arguments.seed) for each in arguments.collections]
        for one in made:
            foreign = [word for other in made if other is not one and _alike(one, other) for word in other.rare(500)]
            rows += measure(one, foreign, arguments.most, say)
    print(f"{machine()}\n")
    print("| collection | misspelled | queries | right first | among those proposed | only others | precision |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    print("\n".join(row for row in rows if not row.startswith("> ")))
    print("\n| collection | right | queries | another spelling proposed | share |\n| --- | --- | ---: | ---: | ---: |")
    print("\n".join(row.removeprefix("> ") for row in rows if row.startswith("> ")))


def _alike(one: Collection, other: Collection) -> bool:
    """Whether two collections are of one language, going by their commonest words."""
    commonest = [{word for word, _ in each.documents.most_common(50)} for each in (one, other)]
    return len(commonest[0] & commonest[1]) > 20


if __name__ == "__main__":
    main()
