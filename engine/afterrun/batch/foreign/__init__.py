"""Tables that are no text, turned once into a table of texts that the readers know: workbooks, databases."""
