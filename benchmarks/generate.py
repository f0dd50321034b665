"""Generate a corpus of made-up articles, the same on every machine.

    python -m benchmarks.generate DIR --documents N --seed S

writes Markdown files with YAML front matter to `DIR/articles/000/0000000.md` and so on, a thousand in each folder, and
the queries for it, with the number of documents each must find, to `DIR/queries.json`. A larger corpus of the same
seed starts with the same documents.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
from dataclasses import dataclass
from pathlib import Path

from benchmarks.queries import Truth, choose
from benchmarks.words import Vocabulary, zipf

VERSION = 1
"""Raised whenever the same seed gives another corpus or other queries."""

DAYS = (dt.date(2014, 1, 1), dt.date(2023, 12, 31))
"""The first and the last day that articles are dated."""

FILES_PER_FOLDER = 1000
_BODY_WORDS = (290, 90, 40, 900)  # mean, standard deviation, least and most
_SENTENCE_WORDS = (8, 24)
_PARAGRAPH_SENTENCES = (2, 5)


@dataclass(frozen=True)
class Article:
    """A generated article as a file's text, and what is true of it.

    Attributes:
        text: the Markdown file.
        title: its title.
        authors: one name or two.
        date: its day.
        body_words: the words of its body in lower case, without punctuation and mark-up.
    """

    text: str
    title: str
    authors: tuple[str, ...]
    date: dt.date
    body_words: list[str]

    def fields(self) -> list[list[str]]:
        """The lower-case words of each field that a bare word asks."""
        return [self.title.lower().split(), " ".join(self.authors).lower().split(), self.body_words]


def article(vocabulary: Vocabulary, seed: int, number: int) -> Article:
    """The article of a number (from 0). It depends on nothing but the seed and the number."""
    rng = random.Random(f"article {seed} {number}")
    headline = rng.choices(vocabulary.headline_units, cum_weights=vocabulary.headline_cumulative, k=rng.randint(4, 8))
    title = " ".join(headline).title()
    weights = [zipf(rank) for rank in range(len(vocabulary.authors))]
    authors = tuple(dict.fromkeys(rng.choices(vocabulary.authors, weights, k=2 if rng.random() < 0.1 else 1)))
    date = DAYS[0] + dt.timedelta(days=rng.randint(0, (DAYS[1] - DAYS[0]).days))
    tags = dict.fromkeys(rng.choice(vocabulary.lemmas[:500]) for _ in range(rng.randint(1, 4)))
    words, body = _body(vocabulary, rng)
    author = authors[0] if len(authors) == 1 else f"[{', '.join(authors)}]"
    front_matter = f"title: {title}\nauthor: {author}\ndate: {date}\ntags: [{', '.join(tags)}]\n"
    return Article(f"---\n{front_matter}---\n\n{body}\n", title, authors, date, words)


def _body(vocabulary: Vocabulary, rng: random.Random) -> tuple[list[str], str]:
    """The words of a body, and the body as Markdown: paragraphs, a heading here and there, some emphasis."""
    mean, deviation, least, most = _BODY_WORDS
    length = min(most, max(least, round(rng.gauss(mean, deviation))))
    drawn = rng.choices(vocabulary.units, cum_weights=vocabulary.cumulative, k=length)
    running = " ".join(drawn).split()  # a unit may be several words
    words: list[str] = []
    blocks: list[str] = []
    at = 0
    while at < len(running):
        if blocks and rng.random() < 0.08:
            heading = rng.choices(vocabulary.headline_units, cum_weights=vocabulary.headline_cumulative, k=3)
            blocks.append("## " + " ".join(heading).capitalize())
            words += " ".join(heading).split()
        sentences = []
        for _ in range(rng.randint(*_PARAGRAPH_SENTENCES)):
            sentence = running[at : at + rng.randint(*_SENTENCE_WORDS)]
            at += len(sentence)
            if sentence:
                words += sentence
                sentences.append(_sentence(sentence, rng))
        blocks.append(" ".join(sentences))
    return words, "\n\n".join(blocks)


def _sentence(words: list[str], rng: random.Random) -> str:
    """Words as a sentence: a capital, a comma perhaps, sometimes a word in emphasis, a full stop."""
    written = [words[0].capitalize(), *words[1:]]
    if len(written) > 10:
        written[rng.randint(3, 7)] += ","
    elif rng.random() < 0.1:
        written[-1] = f"*{written[-1]}*"
    return " ".join(written) + rng.choice("........?!")


def generate(directory: Path, documents: int, seed: int) -> Path:
    """Write a corpus, or find that it is there already. Returns the folder of articles.

    Raises:
        FileExistsError: the folder holds something else.
    """
    settings = {"version": VERSION, "documents": documents, "seed": seed}
    articles, listing = directory / "articles", directory / "queries.json"
    if listing.exists() and json.loads(listing.read_text("utf-8")).items() >= settings.items():
        return articles
    if directory.exists() and any(directory.iterdir()):
        raise FileExistsError(f"{directory} holds something else: choose an empty folder or one that does not exist")
    vocabulary = Vocabulary.of(seed)
    truth = Truth(choose(vocabulary, documents, seed, DAYS), vocabulary)
    for number in range(documents):
        path = articles / f"{number // FILES_PER_FOLDER:03d}" / f"{number:07d}.md"
        if number % FILES_PER_FOLDER == 0:
            path.parent.mkdir(parents=True)
        made = article(vocabulary, seed, number)
        path.write_text(made.text, "utf-8", newline="\n")
        truth.add(made.date, made.fields())
    queries = [query.to_dict() for query in truth.queries()]
    listing.write_text(json.dumps(settings | {"queries": queries}, indent=1) + "\n", "utf-8")
    return articles


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description="Generate a corpus.")
    parser.add_argument("directory", type=Path, help="where to write it: a new or an empty folder")
    parser.add_argument("--documents", type=int, default=1000, help="how many articles (default 1000)")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives another corpus (default 1)")
    arguments = parser.parse_args()
    try:
        generate(arguments.directory, arguments.documents, arguments.seed)
    except FileExistsError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
