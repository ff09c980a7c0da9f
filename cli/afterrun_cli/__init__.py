"""The terminal: the `afterrun` command. It reads, calls the library, and prints."""
