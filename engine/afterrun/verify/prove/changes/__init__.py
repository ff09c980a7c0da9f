"""Where two rulebooks say something else: in regions of answers, each with an intake that shows it."""
