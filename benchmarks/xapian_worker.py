"""Xapian's snippets, for an interpreter that has its bindings; nothing of the project is imported here.

The first line of the input is a JSON list of texts; every further one asks for the snippets of some of them. Answers
are lines of JSON: seconds, and how many snippets have a mark. The first line of the output is Xapian's version.
"""

from __future__ import annotations

import json
import sys
import time

import xapian  # type: ignore[import-not-found]  # not in the project's own environment


def main() -> None:
    """Answer until the input ends."""
    print(xapian.version_string(), flush=True)
    stemmer = xapian.Stem("en")
    texts: list[str] = json.loads(sys.stdin.readline())
    database = xapian.WritableDatabase("", xapian.DB_BACKEND_INMEMORY)
    generator = xapian.TermGenerator()
    generator.set_stemmer(stemmer)
    for text in texts:
        document = xapian.Document()
        generator.set_document(document)
        generator.index_text(text)
        database.add_document(document)
    print("[0, 0]", flush=True)
    parser = xapian.QueryParser()
    parser.set_stemmer(stemmer)
    parser.set_database(database)
    flags = xapian.QueryParser.FLAG_DEFAULT | xapian.QueryParser.FLAG_WILDCARD
    for line in sys.stdin:
        asked = json.loads(line)
        enquire = xapian.Enquire(database)
        enquire.set_query(parser.parse_query(asked["query"], flags))
        found = enquire.get_mset(0, 10)
        marked = 0
        start = time.thread_time()
        for number in asked["hits"]:
            snippet = found.snippet(texts[number], asked["length"], stemmer)
            marked += b"<b>" in snippet
        print(json.dumps([time.thread_time() - start, marked]), flush=True)


if __name__ == "__main__":
    main()
