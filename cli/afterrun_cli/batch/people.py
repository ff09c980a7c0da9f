"""`afterrun history … -o people.parquet`: the files of many people in, a row of each out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from afterrun import batch
from afterrun_cli.runner.history import HistoryOptions, checked
from afterrun_cli.runner.own_files import MOST_NAMED, left_out_lines
from afterrun_cli.terminal.exits import FOUND, leave, say
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.progress import progress_bar
from afterrun_cli.terminal.show import put

WORDS = ("{task.completed} of {task.total} people",)


def write_people(folders: Sequence[Path], output: Path, options: HistoryOptions, folder: Path | None) -> None:
    """Write a table of people, and leave with 1 where something of anyone could not be read."""
    rulebook = rulebook_from(folder)
    zone, today = checked(rulebook, options)
    miles = None if options.table_unit is None else options.table_unit == "mi"
    how = batch.HistoryReading(zone, today, miles, options.unit, options.now.date())
    not_whole: list[str] = []
    count = 0
    with progress_bar(*WORDS, total=0) as update:

        def watch(read: batch.PersonRead, done: int, whole: int) -> None:
            nonlocal count
            count = whole
            update(completed=done, total=whole)
            if lines := left_out_lines(read.history):
                not_whole.extend(lines[:MOST_NAMED])
                if len(lines) > MOST_NAMED:
                    not_whole.append(f"and {len(lines) - MOST_NAMED} more of {read.row['record_id']}")
            elif read.history.first is None:
                not_whole.append(f"{read.row['record_id']}: no file of theirs holds an activity")

        batch.history_of_people(rulebook, folders, output, how, watch)
    put(f"{output}: {count:,} {'person' if count == 1 else 'people'}, as of {today}")
    if zone is None:
        say("No time zone was given: runs count to the day of their file's clock, else of this machine's.")
    if not_whole:
        leave(FOUND, *not_whole)
