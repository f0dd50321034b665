"""How well near-duplicates are told from stories on the same subject, on pairs made here.

    python -m benchmarks.duplicates CORPUS.jsonl… [--articles N] [--seed N]

Each CORPUS holds one article a line with "title" and "text", as collections for measuring relevance do. From some of
them versions are made as newsrooms make them, which must be found, and pairs that must not be: with the passage quoted
in a story of its own, and with the other article of the corpus that shares most of its words. Prints a Markdown table:
the share of pairs taken for near-duplicates at several thresholds; in the column "sketch", before texts are compared.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

from index.analysis.shingles import SHARED, resemblance, sketch
from index.analysis.tokens import analyzer
from search.collapse import THRESHOLD

THRESHOLDS = (0.4, 0.5, 0.6, 0.7, 0.8)
LEAST_WORDS = 60

_SENTENCE = re.compile(r"(?<=[.!?])\s+")

Edit = Callable[[str, str, random.Random], str]


def copied(text: str, other: str, chance: random.Random) -> str:
    """The same text with a correction: one word in a hundred is another."""
    return _replaced(text, other, 0.01, chance)


def agency_copy(text: str, other: str, chance: random.Random) -> str:
    """An agency's text in house style: one word in twenty is another, the last sentence is cut."""
    return _replaced(" ".join(_SENTENCE.split(text)[:-1]) or text, other, 0.05, chance)


def trimmed(text: str, other: str, chance: random.Random) -> str:
    """The first half."""
    sentences = _SENTENCE.split(text)
    return " ".join(sentences[: max(len(sentences) // 2, 1)])


def updated(text: str, other: str, chance: random.Random) -> str:
    """A new lead and a new ending, half as long as the text together, and one word in fifty changed."""
    words = other.split()
    new = len(text.split()) // 4
    return " ".join([*words[:new], _replaced(text, other, 0.02, chance), *words[-new:]])


def reordered(text: str, other: str, chance: random.Random) -> str:
    """The same sentences in another order."""
    sentences = _SENTENCE.split(text)
    chance.shuffle(sentences)
    return " ".join(sentences)


def quoted(text: str, other: str, chance: random.Random) -> str:
    """Another story that quotes one sentence in five."""
    sentences = _SENTENCE.split(text)
    return " ".join([other, *sentences[: max(len(sentences) // 5, 1)]])


SAME: Sequence[Edit] = (copied, agency_copy, trimmed, updated, reordered)
OTHER: Sequence[Edit] = (quoted,)


def _replaced(text: str, other: str, share: float, chance: random.Random) -> str:
    others = other.split()
    return " ".join(chance.choice(others) if chance.random() < share else word for word in text.split())


def nearest(texts: Sequence[str], chosen: Sequence[int]) -> dict[int, int]:
    """For each chosen text the other that shares most of its rare words with it."""
    words = [frozenset(text.split()) for text in texts]
    holding = Counter(word for each in words for word in each)
    by_word: dict[str, list[int]] = {}
    for number, each in enumerate(words):
        for word in each:
            if holding[word] <= 200:
                by_word.setdefault(word, []).append(number)
    found = {}
    for number in chosen:
        shared: Counter[int] = Counter()
        for word in words[number]:
            for other in by_word.get(word, ()):
                shared[other] += 1 if other != number else 0
        if shared:
            found[number] = max(shared, key=lambda other: (shared[other], -other))
    return found


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", metavar="CORPUS", nargs="+", type=Path)
    parser.add_argument("--articles", type=int, default=400, help="articles of each corpus [default: 400]")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    pairs: dict[str, list[tuple[str, str]]] = {}
    words = analyzer("").words
    for corpus in options.corpora:
        lines = [json.loads(line) for line in corpus.read_text("utf-8").splitlines() if line.strip()]
        originals = [str(line.get("text") or "") for line in lines]
        texts = [words(text) for text in originals]
        long = [number for number, text in enumerate(texts) if len(text.split()) >= LEAST_WORDS]
        chosen = chance.sample(long, min(options.articles, len(long)))
        for number, other in pairwise([*chosen, chosen[0]]):
            for edit in (*SAME, *OTHER):
                made = words(edit(originals[number], originals[other], chance))
                pairs.setdefault(edit.__name__, []).append((texts[number], made))
        for number, other in nearest(texts, chosen).items():
            pairs.setdefault("nearest", []).append((texts[number], texts[other]))
    print(f"| pairs | number | must be found | sketch | {' | '.join(f'≥ {each}' for each in THRESHOLDS)} |")
    print(f"|---|---:|---|---:|{'---:|' * len(THRESHOLDS)}")
    for name, made_pairs in pairs.items():
        candidates = [pair for pair in made_pairs if len(set(sketch(pair[0])) & set(sketch(pair[1]))) >= SHARED]
        alike = [resemblance(*pair) for pair in candidates]
        shares = [f"{sum(value >= least for value in alike) / len(made_pairs):.3f}" for least in THRESHOLDS]
        wanted = "yes" if name in {edit.__name__ for edit in SAME} else "no"
        row = [
            name.replace("_", " "),
            str(len(made_pairs)),
            wanted,
            f"{len(candidates) / len(made_pairs):.3f}",
            *shares,
        ]
        print(f"| {' | '.join(row)} |")
    print(f"\nByline folds from {THRESHOLD} on.")


if __name__ == "__main__":
    main()
