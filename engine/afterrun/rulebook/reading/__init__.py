"""Files in, what is written in them out, each file held against the shape of its kind."""
