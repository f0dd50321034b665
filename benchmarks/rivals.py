"""Plain scripts over the same libraries: what a person would write who needs no more than a search.

They read the files in one process, split the front matter by hand, which is the fastest way, and hand the texts to the
library with its own analysis. Nothing is checked, extracted or recorded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.contenders import HITS, Answer, Search
from benchmarks.queries import BenchQuery, QueryClass

if TYPE_CHECKING:
    import tantivy


def read_articles(articles: Path) -> Iterator[tuple[str, dict[str, str], str]]:
    """Path, front matter and body of every Markdown file."""
    for path in sorted(articles.rglob("*.md")):
        _, front_matter, body = path.read_text("utf-8").split("---\n", 2)
        values = {}
        for line in front_matter.splitlines():
            name, _, value = line.partition(": ")
            values[name] = value
        yield str(path), values, body.strip()


class PlainTantivy:
    """tantivy through its bindings, with its English stemmer.

    With both forms of each text field, words and booleans ask the stems, phrases and prefixes the plain words, as
    Byline does. With stems alone, phrases and prefixes ask the stems.
    """

    library = "tantivy"
    program = ""

    def __init__(self, *, stems_alone: bool = False) -> None:
        self.name = "plain-tantivy-stems" if stems_alone else "plain-tantivy"
        self.reads_otherwise = frozenset([QueryClass.PHRASE, QueryClass.PREFIX] if stems_alone else [])
        self._two_forms = not stems_alone
        self._stems = ["title", "author", "body"]  # names are not stemmed in either
        self._words = self._stems if stems_alone else ["title_words", "author", "body_words"]

    def _schema(self) -> tantivy.Schema:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("path", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("title", stored=True, tokenizer_name="en_stem")
        builder.add_text_field("author", stored=True)
        builder.add_date_field("date", stored=True, indexed=True, fast=True)
        builder.add_text_field("body", stored=True, tokenizer_name="en_stem")
        if self._two_forms:
            builder.add_text_field("title_words")
            builder.add_text_field("body_words")
        return builder.build()

    def build(self, articles: Path, location: Path) -> None:
        """One writer with its default memory and threads, one commit."""
        import tantivy

        index = tantivy.Index(self._schema(), path=str(location))
        writer = index.writer()
        for path, values, body in read_articles(articles):
            document = tantivy.Document()
            document.add_text("path", path)
            document.add_text("title", values["title"])
            document.add_text("author", values["author"])
            document.add_date("date", dt.datetime.fromisoformat(values["date"]).replace(tzinfo=dt.UTC))
            document.add_text("body", body)
            if self._two_forms:
                document.add_text("title_words", values["title"])
                document.add_text("body_words", body)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def open(self, location: Path) -> Search:
        """Its search with its snippet generator."""
        import tantivy

        index = tantivy.Index.open(str(location))
        searcher, schema = index.searcher(), index.schema

        def answer(query: BenchQuery) -> Answer:
            compiled = self._compile(index, query)
            # The generator looks for the terms of the stored field, which has stems: so a phrase is marked word by
            # word. It marks nothing for a prefix, in any field.
            marking = compiled
            if query.kind is QueryClass.PHRASE and self._two_forms:
                marking = index.parse_query(" ".join(query.words), ["body"])
            found = searcher.search(compiled, HITS)
            snippets = tantivy.SnippetGenerator.create(searcher, marking, schema, "body")
            shown, marked = [], 0
            for score, address in found.hits:
                document = searcher.doc(address)
                html = snippets.snippet_from_doc(document).to_html()
                marked += "<b>" in html
                values = [document.get_first(name) for name in ("path", "title", "author", "date")]
                shown.append((score, values, html))
            return Answer(found.count, len(shown), marked)  # type: ignore[attr-defined]  # the stubs lack count

        return answer

    def _compile(self, index: tantivy.Index, query: BenchQuery) -> tantivy.Query:
        """The query by tantivy's own parser; a prefix, which that cannot read, as a regular expression."""
        import tantivy

        dates = f"date:[{query.first}T00:00:00Z TO {query.last}T00:00:00Z]"
        match query.kind:
            case QueryClass.PREFIX:
                pattern = query.words[0] + ".*"
                fields = [tantivy.Query.regex_query(index.schema, field, pattern) for field in self._words]
                return tantivy.Query.boolean_query([(tantivy.Occur.Should, field) for field in fields])
            case QueryClass.PHRASE:
                return index.parse_query(f'"{" ".join(query.words)}"', self._words)
            case QueryClass.NEGATION:
                text = f"+{query.words[0]} -{query.excluded}"
            case QueryClass.DATES:
                text = dates
            case QueryClass.WORD_IN_DATES:
                text = f"+{query.words[0]} +{dates}"
            case _:
                text = query.typed()
        return index.parse_query(text, self._stems)


class PlainWhoosh:
    """whoosh as its documentation shows it, with StemmingAnalyzer, which drops stop words.

    It keeps stems alone, so phrases and prefixes ask stems.
    """

    name = "plain-whoosh"
    library = "whoosh"
    program = ""
    reads_otherwise = frozenset([QueryClass.PHRASE, QueryClass.PREFIX])

    def build(self, articles: Path, location: Path) -> None:
        """One writer with its default settings, one commit."""
        from whoosh.analysis import StemmingAnalyzer
        from whoosh.fields import DATETIME, ID, TEXT, Schema
        from whoosh.index import create_in

        schema = Schema(
            path=ID(stored=True, unique=True),
            title=TEXT(stored=True, analyzer=StemmingAnalyzer()),
            author=TEXT(stored=True),
            date=DATETIME(stored=True),
            body=TEXT(stored=True, analyzer=StemmingAnalyzer()),
        )
        writer = create_in(str(location), schema).writer()
        for path, values, body in read_articles(articles):
            writer.add_document(
                path=path,
                title=values["title"],
                author=values["author"],
                date=dt.datetime.fromisoformat(values["date"]),
                body=body,
            )
        writer.commit()

    def open(self, location: Path) -> Search:
        """Its search with its highlights."""
        from whoosh.index import open_dir
        from whoosh.qparser import MultifieldParser

        index = open_dir(str(location))
        searcher = index.searcher()
        parser = MultifieldParser(["title", "author", "body"], index.schema)

        def answer(query: BenchQuery) -> Answer:
            results = searcher.search(parser.parse(query.typed()), limit=HITS)
            shown, marked = [], 0
            for hit in results:
                html = hit.highlights("body")
                marked += "<b" in html
                shown.append((hit.score, [hit[name] for name in ("path", "title", "author", "date")], html))
            return Answer(len(results), len(shown), marked)

        return answer
