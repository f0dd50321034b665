"""`python -m search QUERY`: the command `byline search`."""

from __future__ import annotations

import sys

from search.cli import main

if __name__ == "__main__":
    main(["search", *sys.argv[1:]])
