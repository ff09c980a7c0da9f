"""Where a diary lies: its address, its tables, and whether file or server hold what was written."""
