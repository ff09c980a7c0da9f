"""Proofs in words: as a tree, in short, and what they hold beside answers."""
