"""A linked rulebook as one text, and where such texts are kept for the next process."""
