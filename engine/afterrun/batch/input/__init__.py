"""What there is to read: files and their columns, and what a cell means."""
