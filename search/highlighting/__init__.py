"""What a query matched in a text, exactly, and the passages that show it."""
