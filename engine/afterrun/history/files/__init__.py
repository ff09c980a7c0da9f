"""Paths in; each file below them out, unpacked, as a stream that is counted against what would be a trap."""
