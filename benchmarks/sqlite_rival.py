"""SQLite's FTS5 as a contender: the full-text search that comes with Python."""

from __future__ import annotations

import sqlite3
import weakref
from pathlib import Path

from benchmarks.contenders import HITS, Answer, Search
from benchmarks.queries import BenchQuery, QueryClass
from benchmarks.rivals import read_articles

_FIELDS = "title, author, body"
_SNIPPET_WORDS = 40


class PlainSqlite:
    """One table of articles and two indexes of it: Porter's stems and plain words.

    As with Byline, words and booleans ask the stems, phrases and prefixes the plain words. The total is a query of its
    own, which FTS5 needs for it.
    """

    name = "plain-sqlite"
    library = "sqlite3"
    program = ""
    reads_otherwise: frozenset[QueryClass] = frozenset()

    def build(self, articles: Path, location: Path) -> None:
        """One transaction."""
        connection = sqlite3.connect(location / "articles.sqlite")
        connection.executescript(
            f"""
            CREATE TABLE articles (id INTEGER PRIMARY KEY, path, title, author, date, body);
            CREATE INDEX dates ON articles (date);
            CREATE VIRTUAL TABLE stems USING fts5({_FIELDS}, content=articles, content_rowid=id,
                tokenize='porter unicode61');
            CREATE VIRTUAL TABLE words USING fts5({_FIELDS}, content=articles, content_rowid=id);
            """
        )
        with connection:
            for number, (path, values, body) in enumerate(read_articles(articles), start=1):
                title, author = values["title"], values["author"]
                row = (number, path, title, author, values["date"], body)
                connection.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?)", row)
                for table in ("stems", "words"):
                    statement = f"INSERT INTO {table} (rowid, {_FIELDS}) VALUES (?, ?, ?, ?)"
                    connection.execute(statement, (number, title, author, body))
        connection.close()

    def open(self, location: Path) -> Search:
        """Its ranking and its `snippet` function."""
        connection = sqlite3.connect(location / "articles.sqlite")

        def answer(query: BenchQuery) -> Answer:
            source, condition, values, snippet, order = _parts(query)
            total = connection.execute(f"SELECT count(*) FROM {source} WHERE {condition}", values).fetchone()[0]
            shown = connection.execute(
                f"SELECT path, articles.title, articles.author, date, {snippet} FROM {source} WHERE {condition} "
                f"ORDER BY {order} LIMIT {HITS}",
                values,
            ).fetchall()
            return Answer(total, len(shown), sum("<b>" in row[-1] for row in shown))

        weakref.finalize(answer, connection.close)
        return answer


def _parts(query: BenchQuery) -> tuple[str, str, list[str], str, str]:
    """The tables, the condition with its values, the snippet and the order of a query."""
    between, days = "date BETWEEN ? AND ?", [f"{query.first}", f"{query.last}"]
    if query.kind is QueryClass.DATES:
        return "articles", between, days, "substr(body, 1, 240)", "date DESC"
    table = "words" if query.kind in (QueryClass.PHRASE, QueryClass.PREFIX) else "stems"
    condition, values = f"{table} MATCH ?", [_match(query)]
    if query.kind is QueryClass.WORD_IN_DATES:
        condition, values = f"{condition} AND {between}", values + days
    snippet = f"snippet({table}, 2, '<b>', '</b>', '…', {_SNIPPET_WORDS})"
    return f"{table} JOIN articles ON articles.id = {table}.rowid", condition, values, snippet, "rank"


def _match(query: BenchQuery) -> str:
    match query.kind:
        case QueryClass.NEGATION:
            return f"{query.words[0]} NOT {query.excluded}"
        case QueryClass.WORD_IN_DATES:
            return query.words[0]
        case _:
            return query.typed()
