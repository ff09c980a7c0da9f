"""What is told to who keeps a diary: what a check-in changed, the weeks so far, their picture."""
