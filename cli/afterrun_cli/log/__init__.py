"""`afterrun log`: what was written down, held against itself, and run again."""
