"""Where a diary lies: its address, its tables, its rows, and whether file or server hold what was written."""
