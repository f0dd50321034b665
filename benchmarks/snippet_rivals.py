"""The snippet generators that Byline's is compared with, each as its own documentation shows it.

Every one is asked for the same documents. What is timed is the making of snippets alone: finding and fetching the
documents is done beforehand, or its time taken off.
"""

from __future__ import annotations

import enum
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import tantivy

    from index.document import Document

_LENGTH = 240  # characters of a snippet
_WORDS = 40  # of a snippet, where words are counted


class MissingLibraryError(Exception):
    """A library is not installed; the message says how to install it."""


class Kind(enum.StrEnum):
    """What kind of question."""

    ONE_WORD = "one word"
    TWO_WORDS = "two words"
    COMMON = "common words"
    PHRASE = "phrase"
    PREFIX = "prefix"
    FUZZY = "fuzzy"
    REGEX = "regex"


@dataclass(frozen=True)
class Question:
    """One question; `words` are lower-case words, the beginning of one, or a regular expression."""

    kind: Kind
    words: tuple[str, ...]

    def typed(self) -> str:
        """The question in Byline's language."""
        text = " ".join(self.words)
        match self.kind:
            case Kind.ONE_WORD:
                return text
            case Kind.TWO_WORDS | Kind.COMMON:
                return " OR ".join(self.words)
            case Kind.PHRASE:
                return f'"{text}"'
            case Kind.PREFIX:
                return f"{text}*"
            case Kind.FUZZY:
                return f"{text}~"
            case Kind.REGEX:
                return f'r"{text}"'


class Generator(Protocol):
    """A way to make snippets of the documents it was given."""

    name: str
    versions: dict[str, str]

    def measure(self, question: Question, hits: Sequence[int]) -> tuple[float, int] | None:
        """Seconds for the snippets of these documents together, and how many of them got a mark; None for a kind of
        question that it does not know."""


class TantivySnippets:
    """tantivy's SnippetGenerator over a stemmed field, as HTML."""

    name = "tantivy"

    def __init__(self, documents: Sequence[Document]) -> None:
        import tantivy

        self.versions: dict[str, str] = {}
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("body", stored=True, tokenizer_name="en_stem")
        builder.add_text_field("words", stored=True)
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        writer = self._index.writer()
        for document in documents:
            writer.add_document(tantivy.Document(body=document.body, words=document.body))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._documents = [tantivy.Document(body=document.body, words=document.body) for document in documents]

    def measure(self, question: Question, hits: Sequence[int]) -> tuple[float, int] | None:
        """As `Generator.measure`. It marks nothing for prefixes, fuzzy words and regular expressions."""
        import tantivy

        query, name = self._query(question)
        documents = [self._documents[number] for number in hits]
        marked = 0
        start = time.thread_time()
        snippets = tantivy.SnippetGenerator.create(self._searcher, query, self._schema, name)
        snippets.set_max_num_chars(_LENGTH)
        for document in documents:
            marked += "<b>" in snippets.snippet_from_doc(document).to_html()
        return time.thread_time() - start, marked

    def _query(self, question: Question) -> tuple[tantivy.Query, str]:
        import tantivy

        text = " ".join(question.words)
        match question.kind:
            case Kind.PHRASE:
                return self._index.parse_query(f'"{text}"', ["words"]), "words"
            case Kind.PREFIX:
                return tantivy.Query.regex_query(self._schema, "words", f"{text}.*"), "words"
            case Kind.FUZZY:
                return tantivy.Query.fuzzy_term_query(self._schema, "words", text, 1), "words"
            case Kind.REGEX:
                return tantivy.Query.regex_query(self._schema, "words", text), "words"
            case _:
                return self._index.parse_query(text, ["body"]), "body"


class SqliteSnippets:
    """SQLite's FTS5 with its Porter stemmer: what snippet() adds to the same query without it."""

    name = "SQLite FTS5"

    def __init__(self, documents: Sequence[Document]) -> None:
        import sqlite3

        self.versions = {"SQLite": sqlite3.sqlite_version}
        self._connection = sqlite3.connect(":memory:")
        try:
            self._connection.execute("CREATE VIRTUAL TABLE articles USING fts5(body, tokenize = 'porter unicode61')")
        except sqlite3.OperationalError as error:
            raise MissingLibraryError(f"SQLite FTS5: this Python's SQLite has no FTS5 ({error}).") from error
        self._connection.executemany(
            "INSERT INTO articles(rowid, body) VALUES (?, ?)",
            [(number, document.body) for number, document in enumerate(documents)],
        )

    def measure(self, question: Question, hits: Sequence[int]) -> tuple[float, int] | None:
        """As `Generator.measure`. It knows neither fuzzy words nor regular expressions."""
        match question.kind:
            case Kind.FUZZY | Kind.REGEX:
                return None
            case Kind.PHRASE:
                asked = f'"{" ".join(question.words)}"'
            case Kind.PREFIX:
                asked = f'"{question.words[0]}"*'
            case _:
                asked = " OR ".join(f'"{word}"' for word in question.words)
        places = ",".join("?" * len(hits))
        shown = f"snippet(articles, 0, '<b>', '</b>', '…', {_WORDS})"
        statement = f"SELECT {{}} FROM articles WHERE articles MATCH ? AND rowid IN ({places})"
        start = time.thread_time()
        rows = self._connection.execute(statement.format(shown), [asked, *hits]).fetchall()
        middle = time.thread_time()
        self._connection.execute(statement.format("body"), [asked, *hits]).fetchall()
        taken = (middle - start) - (time.thread_time() - middle)
        marked = sum("<b>" in text for (text,) in rows)
        # Its Porter stemmer and its prefixes of stems match in fewer of the documents now and then: per row, then.
        return taken * len(hits) / max(1, len(rows)), marked


class WhooshSnippets:
    """whoosh's highlights with its default settings, of its own ten best hits."""

    name = "whoosh"

    def __init__(self, documents: Sequence[Document]) -> None:
        try:
            from whoosh.analysis import StemmingAnalyzer
            from whoosh.fields import TEXT, Schema
            from whoosh.filedb.filestore import RamStorage
        except ImportError as error:
            raise MissingLibraryError("whoosh: not installed; pip install whoosh3") from error
        import whoosh

        self.versions = {"whoosh": ".".join(map(str, whoosh.__version__))}
        schema = Schema(body=TEXT(stored=True, analyzer=StemmingAnalyzer()))
        index = RamStorage().create_index(schema)
        writer = index.writer()
        for document in documents:
            writer.add_document(body=document.body)
        writer.commit()
        self._schema, self._searcher = schema, index.searcher()

    def measure(self, question: Question, hits: Sequence[int]) -> tuple[float, int] | None:
        """As `Generator.measure`, for as many documents as there are in `hits`."""
        from whoosh.qparser import FuzzyTermPlugin, QueryParser, RegexPlugin

        parser = QueryParser("body", self._schema, plugins=None)
        parser.add_plugins([FuzzyTermPlugin(), RegexPlugin()])
        results = self._searcher.search(parser.parse(question.typed()), limit=len(hits))
        if not len(results):
            return None
        marked = 0
        start = time.thread_time()
        for hit in results:
            marked += "<b" in hit.highlights("body", top=2)
        taken = time.thread_time() - start
        shown = min(len(hits), len(results))
        return taken * len(hits) / shown, marked


class XapianSnippets:
    """Xapian's MSet.snippet(), in a process of its own, since its bindings belong to the system's Python."""

    name = "Xapian"

    def __init__(self, documents: Sequence[Document], program: str | None, stack: ExitStack) -> None:
        programs = [program] if program else [sys.executable, "/usr/bin/python3"]
        worker = Path(__file__).with_name("xapian_worker.py")
        for candidate in programs:
            if not Path(candidate).exists():
                continue
            process = subprocess.Popen(
                [candidate, str(worker)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
            )
            assert process.stdin and process.stdout
            if number := process.stdout.readline().strip():
                self.versions = {"Xapian": number}
                self._process = process
                stack.callback(process.wait)
                stack.callback(process.stdin.close)
                self._ask([document.body for document in documents])
                return
            process.communicate()
        raise MissingLibraryError(
            "Xapian: its Python bindings are not installed; on Debian and Ubuntu: apt install python3-xapian, "
            "elsewhere see https://xapian.org/docs/bindings/python3, and name the interpreter with --xapian-python."
        )

    def measure(self, question: Question, hits: Sequence[int]) -> tuple[float, int] | None:
        """As `Generator.measure`. It knows neither fuzzy words (before 1.5) nor regular expressions."""
        if question.kind in (Kind.FUZZY, Kind.REGEX):
            return None
        taken, marked = self._ask({"query": question.typed(), "hits": list(hits), "length": _LENGTH})
        return float(taken), int(marked)

    def _ask(self, message: object) -> list[float]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()
        answer: list[float] = json.loads(self._process.stdout.readline())
        return answer
