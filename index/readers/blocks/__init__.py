"""Texts as blocks (paragraphs, headings, items), whatever markup they come in."""
