"""What every command shares: streams and exit codes, files in and out, the rulebook asked for, the clock.

Nothing here knows a command. The modules are imported one by one, so that `--help` waits for none.
"""
