"""What is done to the program on purpose: malformed input, damage, kills, and a fuzzer.

generators (malformed, corrupt_files, corrupt_diaries, unseen) and what ends things (killed_writers,
killed_batches, cut_servers, full_disks, forks)  ->  what must hold (on_commands, corrupt_checks)

A short part is in `make test`, all of it at length in `make attack`.
"""
