"""From results and documents to text for people: `terminal` (plain and ANSI), `html` and `markdown`.

Each of the three modules has `results` and `document`. Escaping and marking happen here and nowhere else; what comes
from files is never trusted. For programs there is `SearchResults.to_dict`.
"""
