"""What changed between two rulebooks, in words for whoever answers for it."""
