"""What is spoken of on both sides of the wire."""

PREFIX = "/api"
DIGEST = "Rulebook-Digest"
"""The header with the digest of the rulebook that answered."""
