"""JSON lines in, checked columns out."""
