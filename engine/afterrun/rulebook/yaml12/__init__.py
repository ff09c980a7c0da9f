"""YAML 1.2 text in, plain values with their lines out; what is no YAML is told in plain words."""
