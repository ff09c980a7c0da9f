"""What a runner asks for: the interview, results, plans."""
