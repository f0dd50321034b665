"""`python -m search QUERY`: the command `byline search`."""

from __future__ import annotations

import sys

from search.cli import byline

if __name__ == "__main__":
    byline.main(["search", *sys.argv[1:]])
