"""One build from beginning to end: what has changed, what that makes of the documents, and what is committed."""
