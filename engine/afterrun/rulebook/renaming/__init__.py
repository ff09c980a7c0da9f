"""A name changed in every file that speaks of it; everything else stays as it is, to the byte."""
