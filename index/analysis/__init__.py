"""From text to what an index holds of it: tokens, sketches, the language it is in, the columns of a document."""
