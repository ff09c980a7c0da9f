"""Empty forms to begin with, whose columns and codes are those that a batch reads."""
