"""A plan as it is asked for: what is wished of its weeks, in which shape, from which day."""
