"""What the relevance benchmark compares: Byline on each engine, bm25s, and plain tantivy and whoosh.

The plain ones get the title and the text as they are; Byline reads the same JSON lines as anyone's, and has to find out
the rest, the language included.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from search.evaluation.judgements import Judgements, read_judgements, read_queries

Rank = Callable[[str, int], list[str]]
"""The ids of the best documents for a query's text, at most so many."""

SNOWBALL = {
    "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip


@dataclass(frozen=True)
class Collection:
    """A folder with `corpus.jsonl`, `queries.jsonl` and `qrels.tsv`, as BEIR has them."""

    folder: Path
    queries: dict[str, str] = field(repr=False)
    judgements: Judgements = field(repr=False)

    @classmethod
    def read(cls, folder: Path) -> Collection:
        """The collection in a folder, with the queries for which something relevant was judged."""
        judgements = read_judgements(folder / "qrels.tsv")
        queries = read_queries(folder / "queries.jsonl")
        judged = {name: text for name, text in queries.items() if any(judgements.get(name, {}).values())}
        return cls(folder, judged, judgements)

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def corpus(self) -> Path:
        """The file of documents."""
        return self.folder / "corpus.jsonl"

    @cached_property
    def documents(self) -> list[tuple[str, str, str]]:
        """Id, title and text of each document."""
        with self.corpus.open(encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines if line.strip()]
        return [(record["_id"], record.get("title") or "", record.get("text") or "") for record in records]

    @cached_property
    def language(self) -> str:
        """What most of it is written in: for the contenders that have to be told."""
        from index.analysis.language_detection import detect

        return detect("\n".join(text for _, _, text in self.documents[:100]))


def words_alone(text: str) -> str:
    """A query without anything that a query parser could take for an operator."""
    return " ".join(re.findall(r"\w+", text)).lower()


def bm25s(collection: Collection, location: Path) -> Rank:
    """bm25s with Lucene's formula over title and text together; English without stop words; Snowball stems."""
    import bm25s
    import Stemmer

    language = SNOWBALL.get(collection.language)
    settings: dict[str, Any] = {
        "stopwords": "en" if language == "english" else [],
        "stemmer": Stemmer.Stemmer(language) if language else None,
        "show_progress": False,
    }
    names = [name for name, _, _ in collection.documents]
    index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)  # as Lucene has them
    texts = [f"{title} {text}" for _, title, text in collection.documents]
    index.index(bm25s.tokenize(texts, **settings), show_progress=False)

    def rank(query: str, depth: int) -> list[str]:
        tokens = bm25s.tokenize([query], return_ids=False, **settings)
        found, scores = index.retrieve(tokens, k=min(depth, len(names)), show_progress=False)
        return [names[number] for number, score in zip(found[0], scores[0], strict=True) if score > 0]

    return rank


def plain_tantivy(collection: Collection, location: Path) -> Rank:
    """tantivy with two fields and its own parser; the stemmer of the language, or its default tokenizer."""
    import tantivy

    language = SNOWBALL.get(collection.language)
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("name", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("title", "text"):
        builder.add_text_field(name, tokenizer_name="stems" if language else "default")
    index = tantivy.Index(builder.build())
    if language:
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.remove_long(40))
        index.register_tokenizer(
            "stems", analyzer.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.stemmer(language)).build()
        )
    writer = index.writer(num_threads=1)
    for name, title, text in collection.documents:
        document = tantivy.Document()
        document.add_text("name", name)
        document.add_text("title", title)
        document.add_text("text", text)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def rank(query: str, depth: int) -> list[str]:
        try:
            parsed = index.parse_query(words_alone(query), ["title", "text"])
        except ValueError:  # no word is left: its default tokenizer drops long ones, such as a sentence in Chinese
            return []
        found = searcher.search(parsed, depth)
        return [str(searcher.doc(address).get_first("name")) for _, address in found.hits]

    return rank


def plain_whoosh(collection: Collection, location: Path) -> Rank:
    """whoosh with its StemmingAnalyzer, two fields, any of the words."""
    from whoosh.analysis import StemmingAnalyzer
    from whoosh.fields import STORED, TEXT, Schema
    from whoosh.index import create_in
    from whoosh.qparser import MultifieldParser, OrGroup

    location.mkdir()
    schema = Schema(name=STORED, title=TEXT(analyzer=StemmingAnalyzer()), text=TEXT(analyzer=StemmingAnalyzer()))
    index = create_in(str(location), schema)
    writer = index.writer()
    for name, title, text in collection.documents:
        writer.add_document(name=name, title=title, text=text)
    writer.commit()
    searcher = index.searcher()
    parser = MultifieldParser(["title", "text"], schema, group=OrGroup)

    def rank(query: str, depth: int) -> list[str]:
        return [hit["name"] for hit in searcher.search(parser.parse(words_alone(query)), limit=depth)]

    return rank


RIVALS: dict[str, Callable[[Collection, Path], Rank]] = {
    "bm25s": bm25s,
    "plain-tantivy": plain_tantivy,
    "plain-whoosh": plain_whoosh,
}
"""What makes a contender's index of a collection, in a folder that does not exist yet, and gives what ranks with it."""
