"""What a form's columns mean: how exports name them, which words they hold, what was never asked."""
