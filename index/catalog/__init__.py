"""The catalog, an SQLite database: what an index knows of every source file, so that a build reads only changes."""
