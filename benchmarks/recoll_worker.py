"""Recoll's searches, for an interpreter that has its module; nothing of the project is imported here.

The argument is Recoll's folder of settings. Every line of the input is a query as a JSON text; each answer is a line of
JSON: how many documents match, how many are shown, and how many of these have an abstract in which something is marked.
"""

from __future__ import annotations

import json
import sys

from recoll import recoll  # type: ignore[import-not-found]  # not in the project's own environment

HITS = 10


def main() -> None:
    """Answer until the input ends."""
    database = recoll.connect(confdir=sys.argv[1])
    for line in sys.stdin:
        query = database.query()
        total = query.execute(json.loads(line), stemming=1, stemlang="english")
        shown = marked = 0
        for document in query.fetchmany(HITS) if total else ():
            abstract = query.makedocabstract(document)
            _ = document.url, document.title, document.author, document.mtime
            shown += 1
            marked += "rclmatch" in abstract
        print(json.dumps([total, shown, marked]), flush=True)


if __name__ == "__main__":
    main()
