"""What an author asks of a rulebook."""
