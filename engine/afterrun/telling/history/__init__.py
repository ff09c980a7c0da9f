"""What a person's own files say, in words: offers, the runs behind an answer, and the weeks as a chart."""
