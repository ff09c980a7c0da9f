"""What an intake keeps of a person's own files: the runs behind an answer, and what they add up to."""
