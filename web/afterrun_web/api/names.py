"""What is spoken of on both sides of the wire."""

PREFIX = "/api"
