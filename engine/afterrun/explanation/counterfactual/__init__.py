"""The fewest answers that would have to be others for a conclusion to turn."""
