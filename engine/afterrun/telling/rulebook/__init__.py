"""What is told of a rulebook to whoever answers for it: hazards, coverage, shapes of files, how it reads."""
