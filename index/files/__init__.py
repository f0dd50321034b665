"""The files that an index is made of: the roots it covers, what a walk finds there, and what rules leave out."""
