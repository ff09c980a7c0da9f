"""Written files in, a rulebook out: every name looked up, every order found, all mistakes told."""
