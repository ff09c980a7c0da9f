"""Decided rows in, files out that are there whole or not at all."""
