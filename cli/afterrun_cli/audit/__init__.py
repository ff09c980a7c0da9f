"""What a clinician asks of one intake: why and what if on screen, all of it in a file."""
