"""Reading and analysing files, in this process or in several."""
