"""All intakes, whole and partial, in terms of the solver, and what a rulebook makes of them."""
