"""Every command with its options and its help, by family; the work itself is in the modules around.

Only typer is imported here, and all else inside the commands: `--help` must not wait for a rulebook or
for the engine. Annotations are not deferred: typer would compile the text of each again at every start.
"""
