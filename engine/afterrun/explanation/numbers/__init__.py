"""How each number came about: the arithmetic of measures, and the lines of the plan."""
