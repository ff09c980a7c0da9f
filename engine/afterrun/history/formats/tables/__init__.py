"""What tables have in common, whoever wrote them: rows, names of columns, numbers, dates and units."""
