"""Folders of people's own files in, a table of a row for each out, to be joined to intakes by `record_id`."""
