"""Streams, exit codes and shapes: what every command shares."""
