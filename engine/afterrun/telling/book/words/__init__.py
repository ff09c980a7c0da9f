"""What is written in a rulebook, in plain words: conditions, claims, formulas, what files are asked for."""
