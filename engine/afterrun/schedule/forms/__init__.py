"""A schedule in other forms: events of a calendar, rows of a table, a picture."""
