"""Files of millions of intakes in, decided rows, rejects and a summary out. Wants the extra `batch`."""
