"""Web pages: which part of one is the article, and who wrote it, when, under which headline."""
