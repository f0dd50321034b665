"""The commands that look after an index or follow its files, and what the index side says to a person."""
