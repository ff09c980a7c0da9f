"""The `afterrun rules` commands: to write a rulebook, to read it, to try it on cases, to tell its changes."""
