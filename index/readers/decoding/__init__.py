"""From bytes to text, to XML and to the parts of a container, in bounded memory."""
