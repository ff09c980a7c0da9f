"""Text as programs and countries write it in; UTF-8, one line a row and plain cells out."""
