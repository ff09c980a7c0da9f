"""What a rule writer asks of a rulebook: to check, prove, cover and change it, and to read it as a book."""
