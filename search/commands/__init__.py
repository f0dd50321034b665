"""The commands that need a query or an article, what a shell completes of them, and the forms of their output."""
