"""Checked columns in, decided rows out: the rulebook on whole columns."""
