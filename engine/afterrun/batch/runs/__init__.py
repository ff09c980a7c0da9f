"""A batch from its inputs to its end: into a folder, a file, a pipe, a table or a frame."""
