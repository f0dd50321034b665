"""From the syntax tree of a query to the query algebra, with what only ranks."""
