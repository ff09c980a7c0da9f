"""Files in, checked columns and rejects out."""
