"""The documents that the conformance suite asks about: generated ones, the same every time, and those in corpus/."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

from index.analysis.tokens import analyzer
from index.engines.contract import GAP, AnalysedDocument, ColumnValue
from index.engines.together import text_columns
from index.schema import SCHEMA

GENERATED = 320
FIRST_DAY, LAST_DAY = 737_000, 737_400
CORPUS = Path(__file__).parents[2] / "corpus"

# Words that share beginnings, differ by one edit, need more than one byte a character, or are found everywhere.
_VOCABULARY = """
    the of to be or not in a station stations stationary static space spacecraft spaceship pace leak leaks leaked leaky
    lake coolant coolants cool cooling moscow moskva nasa us usa uk b2b 2022 20 22 1,000 3.5 c++ c# zoo zo oz cafe
    caffe muller mueller café über müller straße ñandú ångström łódź москва вода война и мир δοκιμή 北京 京大 大学 学
    東京 도쿄 서울 नमस्ते ไทย العربية שלום 𝔘𝔫𝔦 😀 a1 aa aaa aaaa ab ba abc acb bac cab
"""
WORDS = _VOCABULARY.split()
_CHANCES = [1 / (rank + 2) for rank in range(len(WORDS))]
_AUTHORS = ["ada lovelace", "grace hopper", "the who", "jean d arc", "王 小 波", "ada"]
_LANGUAGES = ["en", "de", "zh", "ru", ""]


def generated_documents() -> list[AnalysedDocument]:
    """Deterministic documents over a small vocabulary, so that everything asked for is somewhere, and often."""
    chance = random.Random(20221220)
    return [_generated(number, chance) for number in range(GENERATED)]


def _generated(number: int, chance: random.Random) -> AnalysedDocument:
    def text(least: int, most: int) -> str:
        return " ".join(chance.choices(WORDS, _CHANCES, k=chance.randint(least, most)))

    title = text(0, 6)
    paragraphs = [text(0, 25) for _ in range(chance.randint(0, 3))]
    authors = chance.sample(_AUTHORS, chance.randint(0, 2))
    columns: dict[str, ColumnValue] = {
        "title_stem": [_stems(title)],
        "title_word": [title],
        "title_raw": [title],
        "author_word": authors,
        "author_raw": authors,
        "first_author_raw": authors[:1],
        "body_stem": [_stems(paragraph) for paragraph in paragraphs],
        "body_word": paragraphs,
        "source_word": [f"clippings {number % 7} {number}"],
        "source_raw": [f"clippings/{number % 7}/{number}.md"],
        "lang_raw": [language for language in [chance.choice(_LANGUAGES)] if language],
    }
    if number % 3:
        columns["url_word"] = ["https example org", str(number)]
        columns["url_raw"] = [f"https://example.org/{number}", "https://example.org/all"]
    if chance.random() < 0.8:
        columns["date_raw"] = chance.randint(FIRST_DAY, LAST_DAY)
    if number % 5 == 0:
        del columns["body_stem"], columns["body_word"]
    return analysed(f"g{number:04}", columns, title=_stems(title), authors=list(map(_stems, authors)))


def _stems(words: str) -> str:
    """Not real stems, but like them: a shorter form with a mark of its language."""
    return " ".join(f"{word[:5]}.en" if word.isascii() and word.isalpha() else word for word in words.split())


def corpus_documents() -> list[AnalysedDocument]:
    """Every file of corpus/ that is text, analysed as it stands, markup and all; two columns are enough."""
    found = []
    for number, path in enumerate(sorted(CORPUS.rglob("*")) if CORPUS.is_dir() else []):
        if path.is_file():
            words, stems = analyzer("en").forms(path.read_text(encoding="utf-8", errors="ignore"))
            found.append(analysed(f"c{number:04}", {"body_word": [words], "body_stem": [stems]}))
    return found


def analysed(
    id: str, columns: dict[str, ColumnValue], title: str = "", authors: Sequence[str] = ()
) -> AnalysedDocument:
    """A document that stores its id.

    Args:
        id: of the document.
        columns: of the schema. The stems of the body, which engines do not keep, are there for brute force.
        title, authors: the stems that the field `text` has beside those of the body; those of the title twice.
    """
    assert columns.keys() <= {column.name for column in SCHEMA.columns}
    body = columns.get("body_stem", [])
    assert isinstance(body, list)
    tokens = [token for segment in body for token in [*segment.split(), GAP]]
    together = text_columns(title, 2, authors, " ".join(tokens).rstrip(f"{GAP} ").split())
    return AnalysedDocument(id, columns | together, json.dumps({"id": id}))


def bodies(texts: Iterable[str]) -> list[AnalysedDocument]:
    """Documents d0, d1… with these bodies; a `|` parts segments."""
    return [
        analysed(f"d{number}", {"body_word": text.split("|"), "body_stem": text.split("|")})
        for number, text in enumerate(texts)
    ]
