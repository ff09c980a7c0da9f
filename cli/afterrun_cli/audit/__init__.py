"""What a clinician asks of one intake."""
