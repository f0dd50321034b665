"""The folder of an index on disk: its manifest, its lock, its checksums, and what is opened of it."""
