"""What a clinic's own systems read and write: FHIR R4 in files."""
