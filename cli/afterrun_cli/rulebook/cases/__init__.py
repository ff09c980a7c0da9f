"""What whole cases show of a rulebook: what passes, what they exercise, which changes they notice."""
